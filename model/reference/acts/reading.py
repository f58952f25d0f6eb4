"""Reading: levels at the end of the week, and the counts by which outcomes are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.population.columns import ATTRIBUTES, KINDS
from model.reference.arithmetic import single

if TYPE_CHECKING:
    from model.reference.resident import Resident
    from model.reference.town import ReferenceTown

FAIRLY, ACTIVE = 30.0, 150.0
"""Minutes a week at which the levels begin (Active Lives)."""


def act(resident: Resident) -> None:
    """The mean of the last four weeks, the level under the chosen definition, and what others see."""
    town = resident.model
    slot = town.clock % 4
    counted = 0.0
    for kind in range(5):
        counted += resident.minutes[kind]
    resident.recent[slot] = single(counted)
    resident.recent_garden[slot] = resident.minutes[5]
    a, b, c, d = resident.recent
    mean = 0.25 * (a + b + c + d)
    # Others see somebody as active or not whatever definition an analyst reads by.
    resident.moving = mean >= ACTIVE
    if town.definition == "ohid":
        a, b, c, d = resident.recent_garden
        mean += 0.25 * (a + b + c + d)
    resident.minutes_mean = single(mean)
    resident.level = 0 if mean < FAIRLY else (1 if mean < ACTIVE else 2)


def strata(resident: Resident) -> list[tuple[str, str]]:
    """The strata a resident belongs to: everybody, one level of each attribute, the home zone."""
    found = [("all", "all")]
    for name, levels in ATTRIBUTES.items():
        code = resident.cars if name == "car" else getattr(resident, name)
        found.append((name, levels[code - 1 if name.startswith("imd") else code]))
    return [*found, ("zone", resident.model.zone_codes[resident.zone])]


class Counts:
    """One week's counts: weighted residents by level, weighted minutes, by stratum; and minutes by kind."""

    def __init__(self, town: ReferenceTown) -> None:
        self.levels: dict[tuple[str, str], list[int]] = {}
        self.minutes: dict[tuple[str, str], int] = {}
        self.kind_minutes = [0] * len(KINDS)
        for resident in town.residents:
            weight = resident.counted
            if weight == 0:
                continue
            for stratum in resident.strata:
                self.levels.setdefault(stratum, [0, 0, 0])[resident.level] += weight
                self.minutes[stratum] = self.minutes.get(stratum, 0) + int(weight * resident.minutes_mean)
            for kind, minutes in enumerate(resident.minutes):
                self.kind_minutes[kind] += int(weight * minutes)
