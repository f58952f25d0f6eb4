"""Life: illness and recovery, and the slow drift of what somebody is inclined to do."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from model.population.columns import KINDS
from model.reference import couples
from model.reference.acts import injury, repertoire
from model.reference.arithmetic import draws, normal, single

if TYPE_CHECKING:
    from model.reference.resident import Resident
    from model.reference.town import ReferenceTown

WEEKS_PER_YEAR = 52.18


def drift_sd(town: ReferenceTown) -> float:
    """Spread of the drifting part of the propensity between residents, logits."""
    p = town.parameters
    return p.propensity_sd * math.sqrt(p.drift_share)


def taste_sd(town: ReferenceTown, kind: int) -> float:
    """Spread of tastes for a kind between residents, logits."""
    p = town.parameters
    if p.repertoire == "hurdle":
        return p.repertoire_taste_sd
    return p.taste_sd * (1.0 if KINDS[kind].startswith("walk") else p.taste_other)


def act(resident: Resident) -> None:
    """Fall ill or get well for next week; drift a little and, rarely, take to something or go off it, so that the spread stays."""
    town = resident.model
    p = town.parameters
    u, v, turn, which = draws(town.keys["life"], resident.id, week=town.clock)
    if resident.ill:
        resident.ill = not u < p.illness_end
    else:
        risk = p.illness_start
        if resident.condition:
            risk *= p.illness_disabled
        if resident.age >= 70:
            risk *= p.illness_old
        resident.ill = u < risk
    keep = 1.0 - 1.0 / (WEEKS_PER_YEAR * p.drift_years)
    step = drift_sd(town) * math.sqrt(1.0 - keep * keep)
    resident.drift = single(keep * resident.drift + step * normal(v))
    if p.couples == "alike" and resident.couple is not None:
        ours, _, _, _ = draws(town.keys["couple"], resident.couple, week=town.clock)
        # a part of one's own step gives way to one that is the couple's, so that the drift of each stays as wide
        common, lost = step * math.sqrt(p.couple_alike), step * (1.0 - math.sqrt(1.0 - p.couple_alike))
        resident.drift = single(resident.drift + (common * normal(ours) - lost * normal(v)))
    resident.new_taste = 0
    years = p.repertoire_years if p.repertoire == "hurdle" else p.taste_years
    if turn < len(KINDS) / (WEEKS_PER_YEAR * years):
        kind = int(len(KINDS) * which)
        resident.new_taste = 1 + kind
        draw = normal(draws(town.keys["taste"], resident.id, week=town.clock)[0])
        draw = couples.mixed(resident, draw, "taste", kind)
        resident.taste[kind] = single(taste_sd(town, kind) * draw)
        resident.weigh_opportunity()
        repertoire.live(resident, kind)
    if p.setbacks == "some":
        injury.act(resident)
