"""Levels of activity by stratum, and windows of weeks: pure functions of a Record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from model.limits import WEEKS_A_YEAR
from model.outcomes import catalogue
from model.outcomes.record import Record

OUTCOMES = catalogue.names("level")
"""The outcomes known for every stratum, in the order of the last axis of `by_stratum`."""

CUMULATIVE = catalogue.names("flow", where=lambda one: one.adds_up)
"""Flows that add up from the first week of the scenario; every other flow is a stock, read as a mean."""

HORIZONS = (12, WEEKS_A_YEAR // 2, *(years * WEEKS_A_YEAR for years in range(1, 6)))
"""Weeks after the start at which effects are read, besides the last week."""

SHORT, LONG = 4, WEEKS_A_YEAR
"""Weeks averaged for a horizon on the way, and for the last one."""


@dataclass(frozen=True)
class Window:
    """Weeks averaged for one horizon: rows `first` to `last`, `last` not included."""

    horizon_weeks: int
    first: int
    last: int

    @property
    def weeks(self) -> int:
        """How many weeks are averaged."""
        return self.last - self.first


def windows(weeks: int) -> list[Window]:
    """The horizons of a run of so many weeks: the last four weeks up to each, the last 52 (or all) at the end."""
    before = [Window(h, max(0, h - SHORT), h) for h in HORIZONS if h < weeks]
    return [*before, Window(weeks, max(0, weeks - LONG), weeks)]


def by_stratum(record: Record) -> np.ndarray:
    """(W, S, 4) shares inactive, fairly active and active, and mean minutes a week; nan for an empty stratum."""
    return np.concatenate([record.shares(), record.minutes_mean()[:, :, None]], axis=2)


def people(record: Record, week: int = 0) -> np.ndarray:
    """(S,) real people each stratum stands for in one recorded week."""
    return record.people(week)


def add_up(record: Record) -> Record:
    """The same record with its cumulative flows summed from the first week."""
    flows = {name: np.cumsum(flow) if name in CUMULATIVE else flow for name, flow in record.flows.items()}
    return replace(record, flows=flows)


def pool(record: Record, window: Window) -> Record:
    """A record of one row: counts and minutes summed over the window, stocks and what is measured averaged, cumulative
    flows at its end. The people of the record's first week still fix the ranks of groups.

    `record` has been through `add_up`.
    """
    rows = slice(window.first, window.last)

    def total(values: np.ndarray) -> np.ndarray:
        return np.asarray(values[rows].sum(axis=0, keepdims=True))

    flows = {
        name: flow[rows][-1:] if name in CUMULATIVE else np.mean(flow[rows], keepdims=True)
        for name, flow in record.flows.items()
    }
    return replace(
        record, weeks=record.weeks[rows][-1:], counts=total(record.counts), minutes=total(record.minutes),
        kind_minutes=total(record.kind_minutes), flows=flows, standing=record.ranked(),
        measured={name: values[rows].mean(axis=0, keepdims=True) for name, values in record.measured.items()},
    )  # fmt: skip


def strata(record: Record, group: str) -> Iterator[tuple[int, str]]:
    """Row and level of each stratum of one group, in the record's order."""
    return ((row, level) for row, (name, level) in enumerate(record.strata) if name == group)
