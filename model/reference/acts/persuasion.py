"""Persuasion: active strong ties pull motivation, through each person's own threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.reference.arithmetic import draws, logistic, normal, power, single

if TYPE_CHECKING:
    from model.reference.resident import Resident
    from model.reference.town import ReferenceTown

UNIT = 2**20
"""Pressure is summed as whole numbers of 1/UNIT, so that the order of people cannot change the mean."""
MEMORY = 0.05
"""Weight of the newest week in the running mean of pressure, which the warm-up settles and then holds."""


def pressure(town: ReferenceTown, active: int, friends: int, threshold: float) -> float:
    """How hard the `active` among one's `friends` pull, 0 to 1, by the setting of the contagion switch."""
    p = town.parameters
    if p.contagion == "complex":
        # Reinforcement: one active friend is never enough.
        if active < 2:
            return 0.0
        return logistic((active / friends - threshold) / p.threshold_width)
    if p.contagion == "simple":
        return 1.0 - power(1.0 - p.simple_contact, active)
    if p.contagion == "linear" and friends:
        return active / friends
    return 0.0


def act(resident: Resident) -> None:
    """Motivation moves towards where friends pull it, back to its own mean, and by chance."""
    town = resident.model
    p = town.parameters
    pull = 0.0
    if p.contagion != "none":
        active = sum(friend.moving for friend in resident.friends)
        felt = pressure(town, active, len(resident.friends), resident.threshold)
        town.pressure_now += int(felt * UNIT)
        pull = p.peer_weight * (felt - max(town.mean_pressure, 0.0))
    u, _, _, _ = draws(town.keys["persuasion"], resident.id, week=town.clock)
    noise = p.motivation_noise * normal(u)
    resident.motivation = single(
        resident.motivation + p.motivation_return * (pull - resident.motivation) + noise
    )


def settle(town: ReferenceTown) -> None:
    """In the warm-up the town learns its long-run mean pressure; afterwards that mean stays as it is."""
    mean = town.pressure_now / UNIT / max(len(town.residents), 1)
    town.pressure_now = 0
    if town.warming:
        first = town.mean_pressure < 0
        town.mean_pressure = mean if first else town.mean_pressure + MEMORY * (mean - town.mean_pressure)
