"""How much of an effect so few residents could hide: the least half-widths of ranges.

A plan that changes nobody of a group in any run has differences of 0 and nothing else, which does not prove an effect of
exactly none. When none of n residents was changed, at most 3 in n are, with 95% confidence (the rule of three); n is
residents of the group in all runs together. So where fewer than four runs show any difference, or all show the same, no range
is narrower than three residents in all runs, once the plan differs from its baseline. What cannot fall below none (people who join) has that much above alone.
Source: Hanley and Lippman-Hand 1983, JAMA 249:1743-1745.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.limits import WEEKS_A_YEAR
from model.outcomes import catalogue
from model.outcomes.summary import Key
from scenarios.runs.design import Arm

THREE = 3.0
"""Residents in all runs together of whom nothing may be seen. -ln(0.05) = 2.996."""
FEW = 4
"""Runs with a difference below which chance has not shown its spread."""
RATIOS = {one.name: one.difference for one in catalogue.OUTCOMES if one.difference}
"""Ratios of shares, and the difference of the same two shares."""

People = Mapping[tuple[str, str], float]


def first_week(base: Arm, arm: Arm) -> int | None:
    """The first week in which a plan may differ from its baseline; None when it never does."""
    own = [one for one in arm.interventions_and_barriers if one not in base.interventions_and_barriers] + [
        one for one in base.interventions_and_barriers if one not in arm.interventions_and_barriers
    ]
    starts = [
        one.when.start_week if hasattr(one, "when") else 0 for one in own if not getattr(one, "inert", False)
    ]
    return min(starts, default=None)


def least(
    keys: list[Key], baseline: np.ndarray, scenario: np.ndarray, people: People, sample: float, weeks: int
) -> np.ndarray:
    """(2, K) least half-widths below and above. baseline, scenario: (R, K); people: adults by group and level; weeks: up to
    the horizon."""
    changes = scenario - baseline
    rare = ((changes != 0).sum(axis=0) < FEW) | (np.ptp(changes, axis=0) == 0)
    found, level = np.zeros(len(keys)), baseline.mean(axis=0)
    outcomes = {name: catalogue.known(name) for name in {key.outcome for key in keys}}
    for column in np.flatnonzero(rare).tolist():
        key = keys[column]
        unit = outcomes[key.outcome].unit
        if unit in ("people", "count"):
            found[column] = 1 / sample
        elif unit == "person_years":
            found[column] = weeks / WEEKS_A_YEAR / sample
        elif unit in ("share", "gap", "minutes"):
            behind = (
                min(people.get(pair, 0.0) for pair in outcomes[key.outcome].between or (key[1:],)) * sample
            )
            size = abs(level[column]) if unit == "minutes" else 1.0
            found[column] = size / behind if behind >= 1 else 0.0
    at = {key: column for column, key in enumerate(keys) if key.outcome in RATIOS.values()}
    for column, key in enumerate(keys):
        other = at.get(key._replace(outcome=RATIOS[key.outcome])) if key.outcome in RATIOS else None
        if other is not None and rare[column]:
            found[column] = found[other] * _each(float(level[column]), float(level[other]))
    found *= THREE / len(baseline)
    return np.stack([np.where(from_none(keys, baseline, scenario), 0.0, found), found])


def from_none(keys: list[Key], baseline: np.ndarray, scenario: np.ndarray) -> np.ndarray:
    """(K,) bool: what is counted or paid up from none, so that no less can be; baseline, scenario: (R, K)."""
    counted = np.array([catalogue.known(key.outcome).from_none for key in keys], dtype=bool)
    return counted & ~baseline.any(axis=0) & (scenario >= 0).all(axis=0)


def _each(ratio: float, difference: float) -> float:
    """By how much a ratio of shares one / two moves when either share moves by 1; 0 where it cannot be told."""
    two = difference / (ratio - 1) if ratio != 1 else 0.0
    return max(1.0, ratio) / two if two > 0 else 0.0
