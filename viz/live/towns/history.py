"""What the live view remembers of one arm: every stratum each week, and the weeks of a few hundred residents."""

from __future__ import annotations

import numpy as np

from model.outcomes import catalogue
from model.outcomes.record import UNIT
from model.outcomes.recorder import FLOWS
from model.population.columns import KINDS, MEMBERSHIP
from model.state import State

_K = len(KINDS)
WAITING, MEMBER = MEMBERSHIP.index("waiting"), MEMBERSHIP.index("member")


class History:
    """Weeks of one arm, in arrays that grow by doubling. `weeks` says how many rows are filled.

    shares: (weeks, strata, 3); minutes: (weeks, strata) mean counted minutes; flows, and what is measured of one's own:
    name -> (weeks,), of everybody.
    Of the watched residents `rows` (r,): level, ill, member (weeks, r) uint8; minute_sum (weeks, r) uint16;
    sessions (weeks, 6, r) uint8; place (weeks, r) int32.
    """

    def __init__(self, state: State, rows: np.ndarray) -> None:
        self.strata = state.recorder.strata.names
        self.rows = rows
        self.measured = tuple(state.recorder.measured)
        self.weeks = 0
        self._size = 64
        strata, r = len(self.strata), len(rows)
        self._columns: dict[str, np.ndarray] = {
            "shares": np.zeros((64, strata, 3), np.float32),
            "minutes": np.zeros((64, strata), np.float32),
            **{f"flow.{name}": np.zeros(64) for name in FLOWS},
            **{f"measured.{name}": np.zeros(64) for name in state.recorder.measured},
            "level": np.zeros((64, r), np.uint8),
            "ill": np.zeros((64, r), np.uint8),
            "member": np.zeros((64, r), np.uint8),
            "minute_sum": np.zeros((64, r), np.uint16),
            "sessions": np.zeros((64, _K, r), np.uint8),
            "place": np.zeros((64, r), np.int32),
        }

    def take(self, state: State) -> None:
        """Add the week that the recorder has just written."""
        if self.weeks == self._size:
            self._size *= 2
            self._columns = {
                name: np.concatenate([column, np.zeros_like(column)])
                for name, column in self._columns.items()
            }
        week, people, rows, columns = self.weeks, state.people, self.rows, self._columns
        counts, minutes = state.recorder.counts[-1], state.recorder.minutes[-1]
        total = counts.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            columns["shares"][week] = np.where(total[:, None] > 0, counts / total[:, None], np.nan)
            columns["minutes"][week] = np.where(total > 0, minutes / total, np.nan)
        for name in FLOWS:
            columns[f"flow.{name}"][week] = state.recorder.flows[name][-1]
        for name, weekly in state.recorder.measured.items():
            columns[f"measured.{name}"][week] = _of_everybody(name, weekly[-1])
        columns["level"][week] = people.level[rows]
        columns["ill"][week] = people.ill[rows]
        columns["member"][week] = membership(state)[rows]
        columns["minute_sum"][week] = np.minimum(people.minutes[:, rows].sum(axis=0), 65535)
        columns["sessions"][week] = people.sessions[:, rows]
        columns["place"][week] = people.place[rows]
        self.weeks += 1

    def of(self, name: str) -> np.ndarray:
        """A column over the weeks so far."""
        return self._columns[name][: self.weeks]

    def row_of(self, group: str, level: str = "all") -> int:
        """The row of a stratum."""
        return self.strata.index((group, level))

    def people(self, state: State) -> np.ndarray:
        """(strata,) real people in each stratum in the last week."""
        return (
            state.recorder.counts[-1].sum(axis=1) / UNIT
            if state.recorder.counts
            else np.zeros(len(self.strata))
        )


def _of_everybody(name: str, sums: np.ndarray) -> float:
    """What an outcome of one's own is of everybody, from (strata, 2) sums of values and of people: a mean, or a total."""
    total, people = sums[0]
    if catalogue.known(name).total:
        return float(total) / UNIT
    return float(total / people) if people > 0 else float("nan")


def membership(state: State) -> np.ndarray:
    """(n,) uint8: the furthest a resident has come in any programme, as an index into MEMBERSHIP."""
    found = np.zeros(state.people.n, np.uint8)
    # A member of one programme counts as a member whatever became of another.
    order = np.array([0, 3, 4, 1, 2], np.uint8)
    for programme in state.programmes:
        status = getattr(programme, "status", None)
        if status is not None:
            found = np.where(order[status] > order[found], status, found).astype(np.uint8)
    return found
