"""What a run leaves behind: weekly integer counts by stratum, and the flows of each programme.

A stratum is one level of one attribute (`imd_quintile`, `1`), one zone, or everybody (`all`, `all`). Counts are
weighted people in units of 1/256 of a person, summed as integers, so that no order of summing can change them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

UNIT = 256
"""One person in the integer unit of the counts."""


@dataclass
class Record:
    """Weekly outcomes of one run.

    weeks: (W,) week numbers, 0 = first week after the warm-up; a record may stop short of the horizon.
    strata: S pairs (group, level).
    counts: (W, S, 3) int64, weighted residents inactive / fairly active / active, in 1/256 person.
    minutes: (W, S) int64, weighted counted minutes a week, in 1/256 person-minute.
    kind_minutes: (W, 6) int64, weighted minutes of each kind, everybody, in 1/256 person-minute.
    flows: name -> (W,) float64: `joined`, `completed`, `waiting`, `members`, `cost` (pounds that week),
    and of people's own groups `groups_alive`, `group_members`, `organisers`, `ties_made` (friendships by meeting).
    reach: (group, level) -> share of that stratum that ever joined a programme, at the end of the run.
    asset_visits: (A,) float64 mean weekly visits (real people) over the last 52 weeks of the run;
    asset_capacity: (A,) float64 places a week (real people).
    in_groups: (group, level) -> share of that stratum in a group of their own, at the end of the run.
    served: columns of where programmes met people and how full they were, by year (outcomes/delivery.py).
    spent: columns of what they cost, by part and year (outcomes/delivery.py).
    simulated: (group, level) -> residents simulated in each stratum of a crossed group.
    events: columns of what happened to groups and programmes, in the order of weeks (outcomes/events.py).
    measured: name -> (W, S, 2) float64, of what is measured of residents: sums of value times weight, and of the weight
    of those who have one, in 1/256 person.
    standing: (S,) real people who fix the ranks of groups, where they are not those of the first week.
    """

    strata: list[tuple[str, str]]
    weeks: np.ndarray
    counts: np.ndarray
    minutes: np.ndarray
    kind_minutes: np.ndarray
    flows: dict[str, np.ndarray] = field(default_factory=dict)
    reach: dict[tuple[str, str], float] = field(default_factory=dict)
    asset_visits: np.ndarray = field(default_factory=lambda: np.zeros(0))
    asset_capacity: np.ndarray = field(default_factory=lambda: np.zeros(0))
    events: dict[str, np.ndarray] = field(default_factory=dict)
    in_groups: dict[tuple[str, str], float] = field(default_factory=dict)
    served: dict[str, np.ndarray] = field(default_factory=dict)
    spent: dict[str, np.ndarray] = field(default_factory=dict)
    simulated: dict[tuple[str, str], int] = field(default_factory=dict)
    measured: dict[str, np.ndarray] = field(default_factory=dict)
    standing: np.ndarray | None = None

    def index(self, group: str, level: str = "all") -> int:
        """Row of a stratum; KeyError names the group when it was not recorded."""
        try:
            return self.strata.index((group, level))
        except ValueError:
            raise KeyError(f"no stratum {group}={level}") from None

    def shares(self) -> np.ndarray:
        """(W, S, 3) shares of each stratum inactive / fairly active / active; nan for an empty stratum."""
        total = self.counts.sum(axis=2, keepdims=True)
        with np.errstate(invalid="ignore"):
            return np.where(total > 0, self.counts / np.maximum(total, 1), np.nan)

    def minutes_mean(self) -> np.ndarray:
        """(W, S) mean counted minutes a week; nan for an empty stratum."""
        total = self.counts.sum(axis=2)
        return np.where(total > 0, self.minutes / np.maximum(total, 1), np.nan)

    def people(self, week: int = 0) -> np.ndarray:
        """(S,) real people each stratum stands for in one recorded week."""
        return np.asarray(self.counts[week].sum(axis=1) / UNIT)

    def ranked(self) -> np.ndarray:
        """(S,) real people who fix the ranks of groups."""
        return self.people() if self.standing is None else self.standing

    def mean(self, name: str) -> np.ndarray:
        """(W, S) mean of what is measured of residents; nan where nobody has it."""
        total, weight = np.moveaxis(self.measured[name], 2, 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(weight > 0, total / weight, np.nan)

    def total(self, name: str) -> np.ndarray:
        """(W, S) sum of what is measured of residents over the whole place."""
        return self.measured[name][:, :, 0] / UNIT
