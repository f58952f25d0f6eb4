"""Measures of many points, run through the store of runs: each kept as it comes, taken up again after a stop."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from calibration import measures
from calibration.measures import place
from model.files.text import bytes_of
from model.parameters import Parameters
from scenarios.batches import supervise
from scenarios.batches.failures import Interrupted
from scenarios.batches.runstore import RunStore
from scenarios.batches.supervise import Progress, Where
from scenarios.batches.work import Limits, OtherCode, Work
from scenarios.files import store
from scenarios.provenance.program import MARK, version
from scenarios.runs import design, rows

DEADLINE_SECONDS = 600.0


@dataclass(frozen=True)
class Ask:
    """One measure of one point under one seed. `changes`: values that differ from the ledger's.

    place, where: of a measure of somebody's own place its digest, and the name or path it is read from.
    """

    measure: str
    seed: int
    sample: float
    changes: tuple[tuple[str, Any], ...] = ()
    place: str = ""
    where: str = ""

    @staticmethod
    def of(
        measure: str, seed: int, sample: float, changes: dict[str, Any], place: str = "", where: str = ""
    ) -> Ask:
        """The same from a mapping."""
        return Ask(measure, seed, sample, tuple(sorted(changes.items())), place, where)

    @property
    def id(self) -> str:
        """The run by all that shapes its result: rules, ledger, measures, and what is asked."""
        return design.digest(design.canonical([design.code_digest(), _measures(), self.measure, self.seed,
                                               self.sample, self.changes, *([self.place] if self.place else [])]))  # fmt: skip


@cache
def _measures() -> str:
    """A fingerprint of the measures themselves."""
    folder = design.ROOT / "calibration"
    files = [*sorted((folder / "measures").glob("*.py"))]
    return design.digest(b"\0".join(bytes_of(path) for path in files))


@dataclass(frozen=True)
class Measuring(Work):
    """The work of one ask."""

    def tables(self, ask: Ask) -> tuple[pa.Table, dict[str, pa.Table]]:
        """Names and numbers of a measure, nothing besides. Raises NotFinite."""
        parameters = Parameters.default().with_values(dict(ask.changes))
        found = _measure(ask)(parameters, ask.seed, ask.sample)
        bad = [name for name, value in found.items() if not math.isfinite(value)]
        if bad:
            raise rows.NotFinite(f"not a number: {', '.join(bad)}")
        names = pa.array(list(found), pa.string()).dictionary_encode()
        return pa.table({"name": names, "value": pa.array(list(found.values()), pa.float64())}), {}


def _measure(ask: Ask) -> measures.Measure:
    """The measure of an ask. Raises OtherCode when its place is no longer the one that was planned with."""
    if not ask.place:
        return measures.measure(ask.measure)
    here = place.load(ask.where, ask.place)
    if here is None:
        raise OtherCode(f"the files of the place have changed while runs were made of it: {ask.where}")
    return partial(place.year_of, here)


def _asked(run_id: str, ask: Ask) -> Ask:
    return ask


def measure(
    folder: Path,
    asks: Sequence[Ask],
    *,
    jobs: int = -1,
    max_seconds: float | None = None,
    progress: Progress | None = None,
) -> list[dict[str, float] | None]:
    """What each ask gives, in order; None where a run was set aside after two failures.

    Raises Interrupted when time is up or on Ctrl-C: what is finished is kept in the folder's store.
    """
    runs = RunStore(folder).make()
    if not (folder / "plan.json").exists():
        store.write_json(folder / "plan.json", {MARK: version(), "kind": "measures"})
    tasks = {ask.id: ask for ask in asks}
    work = Measuring(folder, _asked, Limits(DEADLINE_SECONDS))
    where = Where(jobs)
    tally = supervise.drive(
        runs, list(tasks.items()), work, where, max_seconds=max_seconds, progress=progress
    )
    if not tally.finished:
        raise Interrupted(tally.ok, tally.planned)
    found = {run_id: _plain(table) for run_id, table in runs.tables(list(tasks))}
    return [found[ask.id] for ask in asks]


def _plain(table: pa.Table | None) -> dict[str, float] | None:
    if table is None:
        return None
    return dict(zip(table["name"].to_pylist(), table["value"].to_pylist(), strict=True))


def table_of(found: Sequence[dict[str, float] | None], names: Sequence[str]) -> np.ndarray:
    """(N, K) numbers by name; nan where a run failed or does not have it."""
    return np.array(
        [[math.nan if one is None else one.get(name, math.nan) for name in names] for one in found]
    )
