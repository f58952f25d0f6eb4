"""Life: illness and recovery, and the slow drift of what somebody is inclined to do."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .arithmetic import draws, normal, single

if TYPE_CHECKING:
    from .resident import Resident
    from .town import ReferenceTown

WEEKS_PER_YEAR = 52.18


def drift_sd(town: ReferenceTown) -> float:
    """Spread of the drifting part of the propensity between residents, logits."""
    p = town.parameters
    return p.propensity_sd * math.sqrt(p.drift_share)


def act(resident: Resident) -> None:
    """Fall ill or get well for next week; drift a little, so that the spread between residents stays."""
    town = resident.model
    p = town.parameters
    u, v, _, _ = draws(town.keys["life"], resident.id, week=town.clock)
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
