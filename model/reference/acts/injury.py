"""Injury: moving now and then stops somebody from a kind of activity for weeks, under the switch `setbacks: some`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.population.columns import KINDS
from model.reference.arithmetic import draws, exp

if TYPE_CHECKING:
    from model.reference.resident import Resident

SPORT = KINDS.index("sport")


def act(resident: Resident) -> None:
    """Mend by a week; or be injured with the risk of this week's hours, in a kind drawn by its part of it."""
    town = resident.model
    p = town.parameters
    if resident.injured:
        resident.injured -= 1
        return
    u, which, _, _ = draws(town.keys["injury"], resident.id, week=town.clock)
    risk = 0.0
    risks = []
    for kind, minutes in enumerate(resident.minutes):
        risk += p.injury_rate / 60000.0 * (p.injury_sport if kind == SPORT else 1.0) * minutes
        risks.append(risk)
    if u < 1.0 - exp(-risk):
        resident.injured = min(int(p.injury_weeks), 255)
        resident.injured_kind = sum(which * risk >= below for below in risks[:-1])
