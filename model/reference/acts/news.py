"""News: knowing of a place passes along ties; people notice places themselves, and forget those they do not use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.reference.acts import repertoire
from model.reference.arithmetic import draws

if TYPE_CHECKING:
    from model.reference.resident import Resident


def one_tie(resident: Resident, u: float) -> Resident | None:
    """One tie picked by the number `u`, strong and weak alike; None for somebody without ties."""
    ties = resident.ties
    return ties[int(u * len(ties))] if ties else None


def act(resident: Resident) -> None:
    """Hear of at most one place, notice at most one, forget at most one."""
    town = resident.model
    p = town.parameters
    before = set(resident.knows)
    which, share, notice, forget = draws(town.keys["news"], resident.id, week=town.clock)

    if share < p.know_share:
        friend = one_tie(resident, which)
        if friend is not None:
            # The same number, stretched, says which kind of activity they talk about.
            kind = int(5.0 * share / p.know_share)
            place = friend.destination[kind]
            if place is not None:
                for slot in town.slots_of(kind):
                    if resident.candidates[slot][0] is place:
                        resident.knows.add(slot)

    if notice < p.know_notice:
        # The whole part says which place passes by, the rest whether it is near enough to be noticed.
        passed = town.slots * notice / p.know_notice
        slot = int(passed)
        asset, distance_m = resident.candidates[slot]
        if asset is not None and asset.is_open and passed - slot < nearness(distance_m, p.know_reach):
            resident.knows.add(slot)

    if forget < p.know_forget * town.slots:
        slot = int(forget / p.know_forget)
        if resident.candidates[slot][0] is not resident.destination[town.kind_of(slot)]:
            resident.knows.discard(slot)
    repertoire.learn(resident, before)


def nearness(distance_m: float, reach_km: float) -> float:
    """How easily a place is noticed in passing: 1 at the door, one in e at `reach_km`."""
    return float(np.exp(-distance_m / (1000.0 * reach_km)))
