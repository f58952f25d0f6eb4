"""Where and for whom: the zones and the people that a plan chooses, and how its places are spread over zones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from model.delivery.settings import INACTIVE_BY_FIFTH
from model.population.columns import ATTRIBUTES, DISABILITIES, ETHNICITIES, LEVELS, SEXES, WORK
from model.reference.arithmetic import total
from model.reference.asset import records

if TYPE_CHECKING:
    from model.reference.resident import Resident
    from model.reference.town import ReferenceTown


def zones_of(town: ReferenceTown) -> list[dict[str, Any]]:
    """The zones of the place, a dictionary each, with their national fifth of deprivation."""
    zones = records(town.place.zones)
    for zone in zones:
        zone["fifth"] = (int(zone["imd_decile"]) + 1) // 2
    return zones


def chosen_zones(where: Any, zones: list[dict[str, Any]]) -> list[bool]:
    """Which zones meet every key of `where`."""
    within = fifths_within(zones) if where.imd_within_place is not None else [0] * len(zones)
    return [meets(where, zone, fifth) for zone, fifth in zip(zones, within, strict=True)]


def meets(where: Any, zone: dict[str, Any], fifth_within: int) -> bool:
    """Whether one zone meets every key of `where`."""
    return (
        (where.zones is None or str(zone["code"]) in where.zones)
        and (where.imd_decile is None or int(zone["imd_decile"]) in where.imd_decile)
        and (where.imd_quintile is None or zone["fifth"] in where.imd_quintile)
        and (where.imd_within_place is None or fifth_within in where.imd_within_place)
        and (where.urban is None or bool(zone["urban"]) == where.urban)
        and all(zone[name] in values for name, values in where.columns.items())
    )


def fifths_within(zones: list[dict[str, Any]]) -> list[int]:
    """The place's residents in five equal parts by deprivation; a zone falls where its middle resident stands."""

    def standing(zone: dict[str, Any]) -> tuple[float, str]:
        if "imd_rank" in zone:
            rank = float(zone["imd_rank"])
        elif "imd_score" in zone:
            rank = -float(zone["imd_score"])
        else:
            rank = float(zone["imd_decile"])
        return rank, str(zone["code"])

    order = sorted(range(len(zones)), key=lambda number: standing(zones[number]))
    everybody = max(total([float(zones[number]["residents"]) for number in order]), 1e-9)
    fifths, below = [0] * len(zones), 0.0
    for number in order:
        residents = float(zones[number]["residents"])
        below += residents
        fifths[number] = min(max(math.floor(5 * (below - residents / 2) / everybody) + 1, 1), 5)
    return fifths


def zone_shares(settings: Any, zones: list[dict[str, Any]]) -> list[float]:
    """How a programme's places are spread over zones: by residents, by likely inactive residents
    (proportionate), or by residents of the most deprived fifth found (targeted)."""
    chosen = chosen_zones(settings.where, zones)
    if settings.need == "targeted":
        worst = min(zone["fifth"] for zone, taken in zip(zones, chosen, strict=True) if taken)
        chosen = [taken and zone["fifth"] == worst for zone, taken in zip(zones, chosen, strict=True)]
    weights = []
    for zone, taken in zip(zones, chosen, strict=True):
        weight = float(zone["residents"]) if taken else 0.0
        if settings.need == "proportionate":
            weight = weight * INACTIVE_BY_FIFTH[zone["fifth"] - 1]
        weights.append(weight)
    everything = total(weights)
    if everything > 0:
        return [weight / everything for weight in weights]
    return [taken / sum(chosen) for taken in chosen]


def is_for(who: Any, resident: Resident) -> bool:
    """Whether a plan is for this resident, by all that weeks do not change."""
    return (
        (who.age is None or who.age.min <= resident.age <= who.age.max)
        and (who.sex is None or SEXES[resident.sex] in who.sex)
        and (who.disability is None or DISABILITIES[resident.disability] in who.disability)
        and (who.ethnicity is None or ETHNICITIES[resident.ethnicity] in who.ethnicity)
        and (who.car is None or ATTRIBUTES["car"][resident.cars] in who.car)
        and (who.work is None or WORK[resident.work] in who.work)
        and (who.imd_quintile is None or resident.imd_quintile in who.imd_quintile)
        and (who.condition is None or bool(resident.condition) == who.condition)
        and (who.carer is None or bool(resident.carer) == who.carer)
    )


def asks(who: Any, resident: Resident) -> bool:
    """Whether a plan asks people of this resident's present level."""
    return who.level is None or LEVELS[resident.level] in who.level
