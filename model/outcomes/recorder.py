"""The recorder: turns each week into integer counts by stratum, and a run into a `Record`."""

from __future__ import annotations

from typing import Any

import numpy as np

from model import guard, kernels
from model.arguments import columns_of
from model.errors import Fault, InputError
from model.machine.parallel import Chunks, call
from model.outcomes import catalogue
from model.outcomes.delivery import Delivery
from model.outcomes.record import UNIT, Record
from model.outcomes.strata import Strata
from model.population.people import People

FLOWS = catalogue.names("flow")
"""What programmes and groups tell each week."""


def real_weight(people: People) -> np.ndarray:
    """(n,) int64 real people in 1/256 that each resident stands for."""
    return np.rint(people.weight.astype(np.float64) * UNIT).astype(np.int64)


def counted_weight(people: People, definition: str) -> np.ndarray:
    """(n,) int64 weight in 1/256 person; 0 for those whom a definition leaves out (under 19 for OHID)."""
    weight = real_weight(people)
    if definition == "ohid":
        weight[people.age < 19] = 0
    return weight


class Recorder:
    """Weekly counts of one run, growing by a row a week."""

    def __init__(self, strata: Strata) -> None:
        self.strata = strata
        self.weeks: list[int] = []
        self.counts: list[np.ndarray] = []
        self.minutes: list[np.ndarray] = []
        self.kind_minutes: list[np.ndarray] = []
        self.flows: dict[str, list[float]] = {name: [] for name in FLOWS}
        self.measured: dict[str, list[np.ndarray]] = {name: [] for name in catalogue.names("measured")}
        self.visits: list[np.ndarray] = []
        self.delivery = Delivery()

    def fresh(self) -> Recorder:
        """A recorder of the same strata with nothing in it."""
        return Recorder(self.strata)

    def more_places(self, more: int) -> None:
        """Make room for `more` places that nobody visited so far."""
        self.visits = [np.pad(visits, (0, more)) for visits in self.visits]
        self.delivery.more_places(more)

    def measure(self, state: Any) -> None:
        """Add what is measured of residents this week: outcomes that were known when the recorder was made."""
        for name, weeks in self.measured.items():
            values = _measured(name, state)
            has, weight = np.isfinite(values), state.counted.astype(np.float64)
            total = self.strata.sums(np.where(has, values, 0.0) * weight)
            weeks.append(np.stack([total, self.strata.sums(weight * has)], axis=1))

    def take(self, week: int, people: People, weight: np.ndarray, chunks: Chunks, flows: dict[str, float],
             visits: np.ndarray) -> None:  # fmt: skip
        """Add one week."""
        many, strata = len(chunks.bounds), self.strata
        counts = np.zeros((many, len(strata.names), 3), np.int64)
        minutes = np.zeros((many, len(strata.names)), np.int64)
        kinds = np.zeros((many, 6), np.int64)
        reading = kernels.reading
        counted = columns_of(reading.CountedPeople, people, weight=weight)
        cells = strata.cells, strata.of_cell

        def count(k: int, lo: int, hi: int) -> None:
            call(reading.count_levels, lo, hi, *cells, counted, reading.Sums(counts[k], minutes[k], kinds[k]))

        chunks.run_numbered(count)
        self.weeks.append(week)
        self.counts.append(counts.sum(axis=0))
        self.minutes.append(minutes.sum(axis=0))
        self.kind_minutes.append(kinds.sum(axis=0))
        for name in FLOWS:
            self.flows[name].append(flows[name])
        self.visits = [*self.visits[-51:], visits.copy()]

    def record(self, reach: dict[tuple[str, str], float], capacity: np.ndarray) -> Record:
        """The run so far as a Record."""
        strata = len(self.strata.names)
        return Record(
            strata=self.strata.names,
            weeks=np.array(self.weeks, dtype=np.int64),
            counts=np.stack(self.counts) if self.counts else np.zeros((0, strata, 3), np.int64),
            minutes=np.stack(self.minutes) if self.minutes else np.zeros((0, strata), np.int64),
            kind_minutes=np.stack(self.kind_minutes) if self.kind_minutes else np.zeros((0, 6), np.int64),
            flows={name: np.array(values) for name, values in self.flows.items()},
            reach=reach,
            asset_visits=np.mean(self.visits, axis=0) / UNIT if self.visits else np.zeros(len(capacity)),
            asset_capacity=capacity.copy(),
            measured={
                name: np.stack(weeks) if weeks else np.zeros((0, strata, 2))
                for name, weeks in self.measured.items()
            },
        )


def _measured(name: str, state: Any) -> np.ndarray:
    """(n,) float64 values of residents. Raises InputError where an outcome is not known here or gives something else."""
    outcome = catalogue.get(name)
    if outcome is None or outcome.measure is None:
        raise InputError(Fault("an outcome of this town's record is not known here", key=name,
                               hint="Register it before the town goes on."))  # fmt: skip
    with (
        guard.named("an outcome of somebody's own", name, outcome.measure, getattr(state, "week", 0)),
        guard.frozen(state.people),
    ):
        values = np.asarray(outcome.measure(state), dtype=np.float64)
    if values.shape != (state.people.n,):
        raise InputError(Fault("does not give one value a resident", key=f"{name}.measure", found=f"shape {values.shape}",
                               allowed=f"shape ({state.people.n},)"))  # fmt: skip
    if outcome.unit == "share" and ((values < 0.0) | (values > 1.0)).any():
        raise InputError(Fault("gives shares that cannot be", key=f"{name}.measure", allowed="0 to 1, or nan",
                               found=f"{np.nanmin(values):g} to {np.nanmax(values):g}"))  # fmt: skip
    return values
