"""What a plan does over time: while it is delivered, one and two years after, and summed over the run.

A plan whose money ends half-way through a run looks small in the last year, however much it did; one that goes on for good
looks large. So effects are read at each of these times, side by side, and person-years add them up: one adult out of
inactivity for one year is one person-year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.limits import WEEKS_A_YEAR
from model.outcomes import catalogue
from model.outcomes.levels import SHORT, Window
from model.outcomes.summary import Key
from scenarios.runs.design import Arm

AFTER = (WEEKS_A_YEAR, 2 * WEEKS_A_YEAR)
"""Weeks after the last programme ends at which what lasts is read."""
AVERAGES = {one.of: one.name for one in catalogue.OUTCOMES if one.over == "so_far"}
"""Gaps between groups, averaged from the first week to a horizon."""
OUTCOMES = ("inactive", *AVERAGES)
"""What is read over such stretches of weeks."""


@dataclass(frozen=True)
class Times:
    """The stretches of weeks of one plan in a run; None where there is none within the run.

    during: its delivery, as far as it is run. after: by weeks after the end, the last SHORT weeks up to then.
    """

    during: Window | None
    after: Mapping[int, Window | None]

    @property
    def named(self) -> dict[str, Window]:
        """All there are, by name: during, after_52, after_104."""
        every = {"during": self.during, **{f"after_{gap}": window for gap, window in self.after.items()}}
        return {name: window for name, window in every.items() if window is not None}


def times(arm: Arm, weeks: int) -> Times:
    """The stretches of weeks of a plan; none of a plan that does nothing."""
    start, end = arm.start_week, arm.end_week
    if start is None or start >= weeks:
        return Times(None, dict.fromkeys(AFTER))
    last = weeks if end is None else min(end, weeks)
    after = {
        gap: Window(end + gap, end + gap - SHORT, end + gap)
        if end is not None and end + gap <= weeks
        else None
        for gap in AFTER
    }
    return Times(Window(last, start, last), after)


def so_far(weeks: int) -> Window:
    """From the first week to a horizon."""
    return Window(weeks, 0, weeks)


def kept(values: Mapping[Key, float]) -> dict[Key, float]:
    """Of every value of a window, those that are read over stretches of weeks; not by zone."""
    return {key: value for key, value in values.items() if key.outcome in OUTCOMES and key.group != "zone"}


def person_years(fall: np.ndarray, adults: float, window: Window) -> np.ndarray:
    """(R,) person-years out of inactivity: a mean fall of the share inactive (R,) over a window, of so many adults."""
    return fall * adults * window.weeks / WEEKS_A_YEAR
