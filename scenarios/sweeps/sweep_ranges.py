"""95% ranges of what a plan changes at each point of a sweep, as its effects have them, for any outcome and any weeks.

The same functions as in `scenarios/results/effects.py`: chance with its skewness, what so few residents could hide, and how far a
sample may stray. So what is said of a point agrees with the sweep's own `effects`; two plans may be held against each
other, and amounts weighed together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.outcomes.levels import Window
from model.outcomes.summary import Key
from scenarios.results.effects import Behind, Values, estimate
from scenarios.statistics import resolution, stray
from scenarios.sweeps.sweep_outcomes import EFFECTS, MOVED, PERSISTENCE, Asked, differences, times_of

if TYPE_CHECKING:
    from scenarios.sweeps.sweep import Sweep

Grids = tuple[np.ndarray, np.ndarray]
"""Values (N, R) of what a plan is held against, and of the plan."""


def ranges(
    done: Sweep, parts: list[tuple[Asked, float]], scenario: str, against: str | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """(N,) ends of the range of a plan's change against the baseline, or another plan; nan with one replicate.

    parts: an outcome with the weight 1; or several, each times its weight, added up. What an amount of money in a sum
    may be off is left out, as it is of prices.
    """
    grids = [_columns(done, what, scenario, against) for what, _ in parts]
    last = np.maximum.reduce([_last(done, what, [scenario, against]) for what, _ in parts])
    people, low, high = _people(done), [], []
    for point in range(len(done.plan.points)):
        job = done.plan.jobs(point)[0]
        arms = {arm.name: arm for arm in job.arms}
        week = int(last[point]) or job.town.weeks
        first = resolution.first_week(arms[against] if against else job.arms[0], arms[scenario])
        behind = Behind(people[point], job.town.sample, first)
        changes, least, off = 0.0, np.zeros((2, 1)), 0.0
        for (what, weight), columns in zip(parts, grids, strict=True):
            left, right = (np.column_stack([grid[side][point] for _, grid in columns]) for side in (0, 1))
            values = Values([key for key, _ in columns], left, right)
            own = (values.scenario - values.baseline)[:, :1]
            hidden = behind.least(values, Window(week, 0, week))[:, :1]
            changes = changes + weight * own
            least = least + abs(weight) * (hidden if weight > 0 else hidden[::-1])
            if np.ptp(own) > 0 and (len(parts) == 1 or what.outcome != "cost"):
                off += abs(weight * float(own.mean())) * stray.of_sample(job.town.sample)
        told = estimate(np.asarray(changes), least=least, stray=off)
        if len(parts) == 1:
            told = told.bounded(resolution.from_none(values.keys, values.baseline, values.scenario)[:1])
        low.append(float(told.range_low[0]))
        high.append(float(told.range_high[0]))
    return np.array(low), np.array(high)


def _columns(done: Sweep, what: Asked, scenario: str, against: str | None) -> list[tuple[Key, Grids]]:
    """The outcome in front; behind a ratio of shares the difference of the same two, which says what moves it."""
    wanted = [what]
    if what.outcome in resolution.RATIOS:
        wanted.append(Asked(resolution.RATIOS[what.outcome], what.group, what.level, what.window))
    found = []
    for one in wanted:
        name = "inactive" if one.outcome in (*EFFECTS, *PERSISTENCE) else one.outcome
        told = differences(done, one)
        other = (against, "scenario_value") if against else (scenario, "baseline_value")
        found.append(
            (Key(name, one.group, one.level), (_grid(told, *other), _grid(told, scenario, "scenario_value")))
        )
    return found


def _grid(told: pd.DataFrame, scenario: str, value: str) -> np.ndarray:
    """(N, R) in design order."""
    mine = told[told["scenario"] == scenario]
    return mine.pivot(index="point", columns="replicate", values=value).to_numpy(dtype=float)


def _last(done: Sweep, what: Asked, plans: list[str | None]) -> np.ndarray:
    """(N,) the week up to which the outcome is read; 0: the end of the run."""
    count = len(done.plan.points)
    time = {**EFFECTS, **PERSISTENCE, **MOVED}.get(what.outcome)
    if time is None:
        return np.full(count, what.window[1] if what.window else 0)
    told = times_of(done, time)
    ends = told[told["scenario"].isin(plans)].groupby("point")["horizon_weeks"].max()
    return ends.reindex(range(count), fill_value=0).to_numpy()


def _people(done: Sweep) -> list[dict[tuple[str, str], float]]:
    """Of each point the adults by group and level, in the baseline of its first run."""
    frame = done.runs("adults")
    frame = frame[(frame["replicate"] == 0) & (frame["scenario"].astype(str) == done.plan.baseline[0])]
    found: list[dict[tuple[str, str], float]] = [{} for _ in done.plan.points]
    for point, group, level, value in zip(
        frame["point"], frame["group"].astype(str), frame["level"].astype(str), frame["value"], strict=True
    ):
        found[point][group, level] = float(value)
    return found
