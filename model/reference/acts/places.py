"""Places: of the places somebody knows and can reach, which one they use for each kind of activity."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from model.reference.acts.opportunity import as_met, money
from model.reference.arithmetic import draws, exp, single

if TYPE_CHECKING:
    from model.reference.asset import Asset
    from model.reference.resident import Resident

METRES_A_MINUTE = 1000.0 / 60.0
OUTSIDE = ("outside_walk", "outside_travel", "outside_cycle", "outside_gym", "outside_sport")
"""What the choice of no place is worth: walking around home, exercising in the living room."""
GUMBEL_OUTSIDE = 0xFFFFFFF0
"""Where an asset's key would stand in the counter, for the choice of no place."""

AT_PLACES = ("price", "upkeep", "step_free", "welcome", "opening", "means")
"""What a barrier can change of what somebody meets at places."""


def act(resident: Resident) -> None:
    """Choose again when it is their turn (64 residents at a time), or when a place within reach, or what they meet
    at places, changed."""
    town = resident.model
    turn = ((resident.id >> 6) + town.clock) % int(town.parameters.rethink_weeks) == 0
    if turn or resident.met_places_otherwise or town.candidates_changed(resident):
        choose(resident)


def choose(resident: Resident) -> None:
    """The best known place of each kind (`destination`), and what having them is worth (`access`, a logsum).

    Best is the largest sum of worth and a lasting Gumbel taste; that is the first to arrive of exponential clocks
    of rate e^worth, which is how it is worked out.
    """
    town = resident.model
    p = town.parameters
    ways = [0.0] * len(OUTSIDE)
    for kind, outside_name in enumerate(OUTSIDE):
        rate = exp(getattr(p, outside_name))
        total = rate
        soonest = patience(resident, GUMBEL_OUTSIDE + kind) / rate
        where = None
        for slot in town.slots_of(kind):
            asset, distance_m = resident.candidates[slot]
            if asset is None or not asset.is_open or slot not in resident.knows:
                continue
            minutes = travel_minutes(resident, kind, distance_m)
            if minutes > p.travel_limit:
                continue
            rate = exp(worth(resident, asset, minutes))
            total += rate
            arrival = patience(resident, asset.key) / rate
            if arrival < soonest:
                soonest, where = arrival, asset
            if asset.kind == "path":
                kept = as_met(resident, "upkeep", asset.now["upkeep"])
                ways[kind] = max(ways[kind], kept * exp(-distance_m / (1000.0 * p.route_reach)))
        resident.destination[kind] = where
        access = p.access_effect * math.log(total)
        if p.offer_rule == "going" and where is not None:
            access += felt_in_going(resident, where)
        if p.route_rule == "door":
            access += from_the_door(resident, kind, ways)
        resident.access[kind] = single(access)


def felt_in_going(resident: Resident, asset: Asset) -> float:
    """What the place that one uses takes from going at all by its price, and gives by being well kept, logits."""
    p = resident.model.parameters
    hardship = 2.0 - 2.0 * money(resident)
    price = max(asset.now["price"] + resident.barriers.get("price", 0.0), 0.0)
    kept = as_met(resident, "upkeep", asset.now["upkeep"])
    felt: float = p.upkeep_going * (kept - 0.5) - p.price_going * price * hardship
    return felt


def from_the_door(resident: Resident, kind: int, ways: list[float]) -> float:
    """What a path near home that one knows adds to walking and cycling, wherever that leads, logits."""
    p = resident.model.parameters
    if kind == 1:
        return p.route_effect * p.route_travel * ways[0]
    return p.route_effect * ways[kind] if kind in (0, 2) else 0.0


def patience(resident: Resident, key: int) -> float:
    """A lasting exponential draw of this person for this place: minus its log is their Gumbel taste for it."""
    u, _, _, _ = draws(resident.model.keys["places"], resident.id, key)
    return -math.log(u)


def travel_minutes(resident: Resident, kind: int, distance_m: float) -> float:
    """Minutes one way: on foot for walking, by bicycle for cycling, else the quickest way at hand."""
    p = resident.model.parameters
    path = distance_m * p.detour
    on_foot = path / walking_speed(resident)
    if kind < 2:
        return on_foot
    if kind == 2:
        return on_foot / 3.0
    if resident.cars > 0:
        return min(on_foot, p.drive_wait + path / (p.drive_speed * METRES_A_MINUTE))
    return min(on_foot, p.bus_wait + path / (p.bus_speed * METRES_A_MINUTE))


def walking_speed(resident: Resident) -> float:
    """Metres a minute on foot (or wheeling)."""
    p = resident.model.parameters
    speed = p.walk_speed * METRES_A_MINUTE
    if resident.disability == 2:
        speed *= p.slow_disabled
    elif resident.disability == 1:
        speed *= 0.5 * (1.0 + p.slow_disabled)
    if resident.age >= 75:
        speed *= p.slow_old
    return speed


def worth(resident: Resident, asset: Asset, minutes: float) -> float:
    """What a place offers this person: the journey, price against means, upkeep, steps, welcome, room, hours."""
    p = resident.model.parameters
    limits = 0.5 * resident.disability
    minority = 1.0 if resident.ethnicity > 0 else 0.0
    hardship = 2.0 - 2.0 * money(resident)
    offer = {name: as_met(resident, name, value) for name, value in asset.now.items() if name != "price"}
    price = max(asset.now["price"] + resident.barriers.get("price", 0.0), 0.0)
    appeal = (
        2.0
        + p.quality_effect * (offer["upkeep"] - 0.5)
        + p.opening_effect * (offer["opening"] - 0.5)
        - p.crowding_effect * max(0.0, asset.load - 0.8)
    )
    offered: float = (
        appeal
        - minutes / p.travel_scale
        - p.price_effect * price * hardship
        - p.step_free_effect * limits * (1.0 - offer["step_free"])
        - p.welcome_effect * minority * (1.0 - offer["welcome"])
    )
    return offered
