"""Sweeps: many points of one question, run to the end whatever happens, and read as tidy tables."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from model.errors import Fault, InputError
from model.files import moving
from scenarios.batches import capacity, executors, failures, supervise
from scenarios.batches.runstore import RunStore
from scenarios.batches.supervise import Tally, Where
from scenarios.batches.work import Limits, Work
from scenarios.files import store
from scenarios.options import BatchOptions, takes
from scenarios.provenance import checks, identity, program
from scenarios.sweeps import sweep_file, sweep_outcomes, sweep_plan, sweep_points, sweep_size, sweep_tables
from scenarios.sweeps.points import Point
from scenarios.sweeps.sweep_file import SweepFile
from scenarios.sweeps.sweep_notes import notes
from scenarios.sweeps.sweep_plan import SweepDesign


@dataclass
class Sweep:
    """A sweep in its folder: `points`, `effects()`, `runs()`, `differences()` as pandas tables."""

    folder: Path
    plan: SweepDesign
    tally: Tally
    seconds: float = 0.0

    @staticmethod
    def load(folder: str | Path) -> Sweep:
        """The sweep of a result folder. Raises InputError when it is none."""
        folder = Path(folder)
        plan = SweepDesign.read(folder)
        return Sweep(folder, plan, supervise.tally(RunStore(folder, plan.file.besides), _ids(plan)))

    def describe(self) -> dict[str, Any]:
        """What `sweep --json` prints."""
        runs, planned = RunStore(self.folder, self.plan.file.besides), set(_ids(self.plan))
        ended, aside = runs.failures(), runs.set_aside() & planned
        kinds = [ended[run_id][-1].kind for run_id in aside]
        return {
            "planned": self.tally.planned,
            "ok": self.tally.ok,
            "failed": self.tally.failed,
            "failures": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
            "points": len(self.plan.points),
            "replicates": self.plan.replicates,
            "seconds": round(self.seconds, 2),
            "notes": notes(self.plan),
            "warnings": self.plan.warnings
            or store.read_json(self.folder / "manifest.json").get("warnings", []),
            "out": str(self.folder),
        }

    @property
    def points(self) -> pd.DataFrame:
        """One row a point: its number and the value of every varied field."""
        return sweep_tables.points_frame(self.plan)

    def effects(self, partial: bool = False) -> pd.DataFrame:
        """Effects at every point, with the varied fields as columns. Raises InputError when runs are missing."""
        return self.points.merge(self._read("effects.parquet", partial), on="point")

    def runs(self, outcome: str | None = None, partial: bool = False) -> pd.DataFrame:
        """Every value of every run, tidy; `outcome` alone when given."""
        filters = None if outcome is None else [("outcome", "==", outcome)]
        return self._read("runs.parquet", partial, filters=filters)

    def differences(
        self,
        outcome: str = "inactive",
        group: str = "all",
        level: str = "all",
        partial: bool = False,
        window: tuple[int, int] | None = None,
    ) -> pd.DataFrame:
        """Scenario minus baseline: a row a point, replicate and scenario. Any outcome of the catalogue, of any group.

        At the end of the run (its last 52 weeks), at the outcome's own times, or over weeks (first, last) that the sweep
        kept. Raises InputError naming what there is.
        """
        return sweep_outcomes.differences(
            self, sweep_outcomes.Asked(outcome, group, str(level), window), partial
        )

    def check_whole(self, partial: bool = False, choice: bool = True) -> None:
        """Raise InputError when runs are missing, unless that is wanted; choice: whether it could be."""
        if self.tally.ok < self.tally.planned and not partial:
            message = f"only {self.tally.ok:,} of {self.tally.planned:,} runs are there"
            hint = "Finish it with --resume."
            if choice:
                hint = "Finish it with --resume, or ask for what there is with partial=True."
            raise InputError(Fault(message, file=str(self.folder), hint=hint))

    def _read(self, name: str, partial: bool, filters: Any = None) -> pd.DataFrame:
        """A table, held to its checksum. With `partial`, of what runs there are when it was not written for them."""
        self.check_whole(partial)
        if SweepDesign.read(self.folder).digest != self.plan.digest:
            raise InputError(Fault("the folder holds another plan by now", file=str(self.folder),
                                   hint="Points or replicates were added: take it anew with Sweep.load."))  # fmt: skip
        told = store.read_json(self.folder / "manifest.json")
        if (told.get("plan_digest"), told.get("ok")) == (self.plan.digest, self.tally.ok):
            return pd.read_parquet(checks.held(self.folder, name), filters=filters)
        if not partial:
            raise InputError(Fault("the tables of this sweep are not written", file=str(self.folder),
                                   hint="Go on with --resume."))  # fmt: skip
        if not self.tally.ok:
            raise InputError(Fault("there is no run yet", file=str(self.folder), hint="Go on with --resume."))
        with tempfile.TemporaryDirectory(prefix="everystep-", ignore_cleanup_errors=True) as temporary:
            sweep_tables.write_runs_and_effects(self.plan, RunStore(self.folder), Path(temporary))
            return pd.read_parquet(Path(temporary) / name, filters=filters)


@takes(BatchOptions)
def sweep(
    file: str | Path | SweepFile | SweepDesign | dict[str, Any], out: str | Path, *, asked: BatchOptions
) -> Sweep:
    """Run a sweep to its end: each scenario and the baseline at every point, on common random numbers.

    file: a sweep file, or its contents. out: the result folder; one that holds runs already needs `resume`. All else by
    keyword (scenarios/options.py). The result of a sweep that was stopped says so in its tally; its tables are written
    when every run is over. Raises InputError with every fault of the input, Interrupted on Ctrl-C, BatchFailed when the
    disk is full.
    """
    began = time.perf_counter()
    executors.check(asked.backend)
    executors.count_jobs(asked.jobs)
    plan = planned(file, asked.at, identity.opener_mark(asked.opener))
    _check_cost(plan, asked.max_resident_weeks)
    warn = asked.warn or (lambda text: None)
    for one in plan.warnings:
        warn(f"warning: {one['text']}")
    folder = store.claim(out)
    runs = RunStore(folder, plan.file.besides)
    if runs.runs.exists() and runs.ids() and not asked.resume:
        raise InputError(Fault("holds runs already", key="out", found=str(folder),
                               hint="Go on with --resume, or choose another folder."))  # fmt: skip
    _check_same(folder, runs, plan)
    capacity.check_room(folder, sweep_size.bytes_of(plan))
    if said := sweep_size.words(plan):
        warn(said)
    where = Where(asked.jobs, asked.backend, asked.scheduler, asked.apart)
    with supervise.alone(folder), failures.room(folder):
        plan.write(folder)
        runs.make()
        if asked.retry:
            supervise.forget_failures(runs)
        limits = Limits(
            asked.deadline_seconds or supervise.deadline(max(plan.work)),
            asked.memory_bytes or supervise.memory_share(where),
        )
        work = Work(folder, sweep_plan.finder(folder, plan), limits, asked.opener,
                    sweep_points.ready(folder, plan), plan.file.besides)  # fmt: skip
        with sweep_points.Writing(plan, folder) as writing:
            tally = supervise.drive(
                runs, plan.tasks(), work, where, max_seconds=asked.max_seconds, progress=asked.progress
            )
            done = Sweep(folder, plan, tally, time.perf_counter() - began)
            if tally.finished:
                _finish(done, writing)
        return done


def planned(
    file: str | Path | SweepFile | SweepDesign | dict[str, Any],
    at: Sequence[Point] | None = None,
    opener: str = "",
) -> SweepDesign:
    """The plan of a sweep file, or its contents, or another's plan made anew. Raises InputError."""
    if isinstance(file, SweepDesign):
        return sweep_plan.again(file)
    if isinstance(file, dict):
        from scenarios.files.faults import explained

        with explained(SweepFile, file):
            file = SweepFile.model_validate(file)
    if isinstance(file, SweepFile):
        return sweep_plan.make(file, at=at, opener=opener)
    return sweep_plan.make(*_with_name(file), at=at, opener=opener)


def _check_same(folder: Path, runs: RunStore, plan: SweepDesign) -> None:
    """Refuse a folder whose runs other code made, or that holds another sweep's or other results. Raises InputError."""
    kind = store.read_json(folder / "manifest.json").get("kind", "sweep")
    if not (folder / sweep_plan.PLAN).is_file():
        if store.is_ours(folder) and (kind != "sweep" or not runs.runs.exists()):
            raise InputError(Fault("holds results of another kind", key="out", found=str(folder),
                                   allowed="a new or empty folder, or one of a sweep"))  # fmt: skip
        return
    there = SweepDesign.read(folder)
    if not runs.runs.exists() or not runs.ids() & {run_id for ids in there.runs for run_id in ids}:
        return
    new = "Choose another folder for it."
    if there.code != plan.code:
        raise InputError(Fault("holds runs that other code made, and runs of two codes are not mixed", key="out",
                               found=f"{folder}, by code {there.code[:12] or 'of an older version'}",
                               allowed=f"code {plan.code[:12]}, which is here", hint=new))  # fmt: skip
    if there.opener != plan.opener:
        raise InputError(Fault("holds runs whose towns another opener opened", key="opener", found=str(folder),
                               allowed="the opener that it was begun with",
                               hint=f"{new} An opener that only watches another says so: opener.stands_for = that."))  # fmt: skip
    if {run_id for ids in there.runs for run_id in ids}.isdisjoint(
        run_id for ids in plan.runs for run_id in ids
    ):
        raise InputError(Fault("holds another sweep: no run of it is asked for here", key="out",
                               found=f"{folder}: {there.file.name or 'a sweep'}", hint=new))  # fmt: skip


def _with_name(path: str | Path) -> tuple[SweepFile, str, dict[str, int]]:
    made, lines = sweep_file.read(path)
    return made, str(path), lines


def _finish(done: Sweep, writing: sweep_points.Writing) -> None:
    """Write the tables, the manifest last."""
    folder, plan, tally = done.folder, done.plan, done.tally
    moving.remove(folder / "manifest.json")
    names = sweep_tables.write(plan, RunStore(folder, plan.file.besides), folder, writing.finish)
    manifest = {
        **program.described(), "kind": "sweep", "opener": plan.opener, "seconds": round(done.seconds, 2),
        "name": plan.file.name, "scenarios": [name for name, _ in plan.scenarios], "baseline": plan.baseline[0],
        "points": len(plan.points), "replicates": plan.replicates, "planned": tally.planned, "ok": tally.ok,
        "failed": tally.failed, "warnings": plan.warnings, "plan_digest": plan.digest, "files": store.checksums(folder, names),
    }  # fmt: skip
    store.write_json(folder / "manifest.json", manifest)


def _ids(plan: SweepDesign) -> list[str]:
    return [run_id for ids in plan.runs for run_id in ids]


def _check_cost(plan: SweepDesign, cap: float) -> None:
    """Refuse a sweep beyond the cap of work. Raises InputError."""
    work = sum(plan.work) * plan.replicates
    if work > cap:
        found, hint = (
            f"{work:.3g} resident-weeks",
            "Lower sample, points or replicates, or raise --max-resident-weeks.",
        )
        raise InputError(
            Fault("too much work", None, None, "max-resident-weeks", found, f"at most {cap:.3g}", hint)
        )
