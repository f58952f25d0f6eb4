"""Effects of a point, worked out by the worker that ends its last run, and the tables written as points are ready.

What a worker works out stands in `kept/effects` of the run store, whole and checked as runs are; what is missing or
damaged there is worked out again when tables are written, and what stands there goes when they are.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from model.files import moving
from scenarios.batches.runstore import RunStore
from scenarios.sweeps import sweep_plan, sweep_tables
from scenarios.sweeps.sweep_plan import SweepDesign
from scenarios.sweeps.sweep_tables import EFFECTS, Sheets, key_of

_PACKS = 12
"""Packs that a worker keeps open: as many replicates of a point may be packed already."""
_PULSE_SECONDS = 0.5


def ready(folder: Path, plan: SweepDesign) -> Callable[[str], None]:
    """What a worker does after a run: the effects of every point that has all its runs now."""
    return partial(_after, folder, plan.digest)


def _after(folder: Path, plan_digest: str, run_id: str) -> None:
    plan, points = _opened(folder, plan_digest)
    runs = _store(folder)
    done = runs.beside(EFFECTS)
    for point in points[run_id]:
        key = key_of(plan.runs[point])
        if done.holds(key) or not all(map(runs.holds, plan.runs[point])):
            continue
        tables = [runs.load(one) for one in plan.runs[point]]
        if all(table is not None for table in tables):
            done.runs.mkdir(parents=True, exist_ok=True)
            done.save(key, sweep_tables.effects_table(point, plan.jobs(point)[0], tables))


@lru_cache(maxsize=2)
def _opened(folder: Path, plan_digest: str) -> tuple[SweepDesign, dict[str, list[int]]]:
    """The plan, and the points of every run."""
    plan = sweep_plan.opened(folder, plan_digest)
    points: dict[str, list[int]] = {}
    for point, ids in enumerate(plan.runs):
        for run_id in ids:
            points.setdefault(run_id, []).append(point)
    return plan, points


@lru_cache(maxsize=2)
def _store(folder: Path) -> RunStore:
    return RunStore(folder, open_packs=_PACKS)


class Writing:
    """The two large tables of a sweep, written in design order by a thread while runs go on.

    It keeps drafts of its own; `finish` writes what is left and gives them their names. Whatever goes wrong on the way,
    `finish` begins anew, and says it.
    """

    def __init__(self, plan: SweepDesign, folder: Path) -> None:
        self.plan, self.folder, self.drafts = plan, folder, folder / "kept" / "tables"
        self._over, self._failed = threading.Event(), False
        self._sheets: Sheets | None = None
        self._thread = threading.Thread(target=self._run, name="everystep-tables", daemon=True)
        self._next = 0

    def __enter__(self) -> Writing:
        moving.remove_folder(self.drafts)
        self._thread.start()
        return self

    def __exit__(self, *error: Any) -> None:
        self._stop()
        if self._sheets is not None:
            with suppress(OSError):
                self._sheets.close()
        moving.remove_folder(self.drafts)
        with suppress(OSError):
            self.drafts.parent.rmdir()  # where nothing else is kept

    def finish(self, runs: RunStore) -> None:
        """Write the points that are left, and let the tables appear."""
        self._stop()
        if self._failed or self._sheets is None:
            sweep_tables.write_runs_and_effects(self.plan, runs, self.folder)
        else:
            for point, tables in sweep_tables.by_point(self.plan, runs, self._next):
                self._sheets.add(point, tables, runs)
            self._sheets.close()
            self._sheets.appear(self.folder)
        moving.remove_folder(runs.beside(EFFECTS).root)

    def _stop(self) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            runs = RunStore(self.folder, open_packs=_PACKS)
            while not self._over.wait(_PULSE_SECONDS):
                self._write_ready(runs)
        except Exception:
            self._failed = True

    def _write_ready(self, runs: RunStore) -> None:
        there = runs.beside(EFFECTS).ids()
        while not self._over.is_set() and self._next < len(self.plan.points):
            ids = self.plan.runs[self._next]
            if key_of(ids) not in there:
                return
            # A run may be packed between two looks: it is looked for twice.
            tables = [runs.load(one) or runs.load(one) for one in ids]
            if any(table is None for table in tables):
                return
            if self._sheets is None:
                self.drafts.mkdir(parents=True, exist_ok=True)
                self._sheets = Sheets(self.plan, self.drafts)
            self._sheets.add(self._next, [table for table in tables if table is not None], runs)
            self._next += 1
