"""Run a plan of a comparison or of one run: every job once, each kept on disk as it comes, taken up again after a stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from model.errors import InputError
from scenarios.batches import capacity, executors, interrupts, supervise
from scenarios.batches.batch import Batch
from scenarios.batches.failures import BatchFailed, Interrupted, NoRoomLeft
from scenarios.batches.runstore import RunStore
from scenarios.batches.supervise import Where
from scenarios.batches.work import Limits, OtherCode, Work
from scenarios.files import store
from scenarios.provenance import program
from scenarios.runs import parts as kept_parts
from scenarios.runs.design import Design, Job
from scenarios.runs.job import OpenTown, open_town, run_job

Progress = Callable[[float, int], None]
"""Hears how many replicates are done (with a fraction) and how many there are."""

_BESIDE = 3
"""Runs that one takes whose spill-over is asked for: itself, and today's plans beside it."""


def run_plan(
    plan: Design,
    parts: Path,
    *,
    jobs: int = 1,
    backend: str = "loky",
    scheduler: str | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    opener: OpenTown = open_town,
    question: str = "",
) -> Batch:
    """Finish every job of a plan, keeping each in `parts`.

    jobs: processes; one alone, or one job, runs in this process: progress is told every week, and nothing bounds it.
    question: what is asked (scenarios/provenance/occupied.py). resume: jobs whose result is there and sound are not run again; otherwise old results are thrown away.
    Raises InputError as the engine does, Interrupted on Ctrl-C, BatchFailed when a job fails more often than it may.
    """
    kept = RunStore(parts, large=True)
    if not resume:
        kept.clear()
    kept.make()
    supervise.forget_failures(kept)
    told = {"question": question, "replicates": plan.replicates, "jobs": [job.as_dict() for job in plan.jobs]}
    store.write_json(parts / "plan.json", {program.MARK: program.version(), **told})
    ticker = _Ticker(progress, len(plan.jobs))
    processes = min(executors.count_jobs(jobs), len(plan.jobs))
    here = backend == "loky" and processes == 1
    where = Where(processes, backend, scheduler, apart=not here)
    work = _JobWork(parts, _itself, Limits() if here else _limits(plan, where), opener, ends=(OtherCode, InputError),
                    ticker=ticker if here else None)  # fmt: skip
    try:
        stand = supervise.drive(kept, [(job.id, job) for job in plan.jobs], work, where, progress=ticker.hear)
    except NoRoomLeft:
        raise NoRoomLeft(parts.parent) from None
    except Interrupted as stop:
        raise Interrupted(stop.finished, stop.planned) from None
    if stand.failed:
        raise BatchFailed(_why(plan, kept))
    return Batch(plan, parts)


@dataclass(frozen=True)
class _JobWork(Work):
    """A job whose result is kept whole: the record of every arm."""

    ticker: _Ticker | None = None

    def tables(self, job: Job) -> tuple[pa.Table, dict[str, pa.Table]]:
        return kept_parts.table(run_job(job, self.ticker, self.opener)), {}


def _itself(run_id: str, job: Job) -> Job:
    return job


def _limits(plan: Design, where: Where) -> Limits:
    """What one job may take in a process of its own."""
    weeks = capacity.estimate(plan)["resident_weeks"] / plan.replicates
    beside = _BESIDE if plan.jobs[0].spillover else 1
    return Limits(supervise.deadline(weeks * beside), supervise.memory_share(where))


def _why(plan: Design, kept: RunStore) -> str:
    """Which replicates failed, and why the first of them did."""
    ends = kept.failures()
    failed = [job for job in plan.jobs if job.id in kept.set_aside()]
    numbers = ", ".join(str(job.replicate) for job in failed)
    return (
        f"{len(failed)} of {len(plan.jobs)} replicates failed ({numbers}):\n{ends[failed[0].id][-1].message}"
    )


@dataclass
class _Ticker:
    """Progress of a batch; within the jobs of this process told every week, which is the place to obey a Ctrl-C."""

    progress: Progress | None
    total: int
    finished: int = 0

    def __call__(self, share: float) -> None:
        interrupts.obey()
        self._tell(self.finished + min(share, 0.999))

    def hear(self, over: float, total: int, failed: int) -> None:
        """So many jobs are over."""
        self.finished = int(over)
        self._tell(over)

    def _tell(self, done: float) -> None:
        if self.progress is not None:
            self.progress(done, self.total)
