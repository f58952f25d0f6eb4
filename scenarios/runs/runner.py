"""Run a plan: every job once, each result kept on disk as it comes, an interrupted batch taken up again."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from model.errors import Fault, InputError
from scenarios.files import store
from scenarios.provenance import program
from scenarios.runs import executors, interrupts
from scenarios.runs.design import Job, Plan
from scenarios.runs.job import OpenTown, Result, open_town, run_job

Progress = Callable[[float, int], None]
"""Hears how many replicates are done (with a fraction) and how many there are."""

MAX_RESIDENT_WEEKS = 2e10
"""Work beyond which a batch is refused unless a higher cap is given: an hour or two on a good machine."""

BYTES_A_RESIDENT = 1000
"""Memory of one process, bytes a simulated resident: the town, one branch of it and its building."""

ATTEMPTS = 2

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
"""What a disk says that takes no more."""

BYTES_A_WEEK = 4000
"""Room on the disk that a week of one arm takes, bytes: while a batch runs, and as tables."""


class BatchFailed(RuntimeError):
    """Some jobs failed twice; those that went well are kept. `ours`: for reasons of this program."""

    ours = True


class NoRoomLeft(BatchFailed):
    """The disk takes no more; what was finished is kept."""

    ours = False

    def __init__(self, root: Path, error: OSError | None = None) -> None:
        why = f" ({error.strerror})" if error is not None else ""
        super().__init__(f"{root}: the disk takes no more{why}. What was finished is kept: make room, then the same "
                         "command with --resume goes on.")  # fmt: skip


class Interrupted(KeyboardInterrupt):
    """The user stopped a batch: `finished` of `planned` of `what` are kept."""

    def __init__(self, finished: int, planned: int, what: str = "replicates") -> None:
        super().__init__(f"{finished} of {planned} {what} are finished")
        self.finished, self.planned = finished, planned


@dataclass(frozen=True)
class Batch:
    """A plan and the folder that holds a part for each of its jobs."""

    plan: Plan
    parts: Path

    def results(self) -> Iterator[tuple[Job, Result]]:
        """Every job with its result, in design order. Raises BatchFailed when one is missing or damaged."""
        for job in self.plan.jobs:
            result = store.load_part(self.parts, job.id)
            if result is None:
                raise BatchFailed(f"the result of replicate {job.replicate} is missing or damaged")
            yield job, result


def run_plan(
    plan: Plan,
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

    question: what is asked (scenarios/provenance/occupied.py). resume: jobs whose part is already there and sound are not run again; otherwise old parts are thrown away.
    Raises InputError as the engine does, Interrupted on Ctrl-C, BatchFailed when a job fails twice.
    """
    parts.mkdir(parents=True, exist_ok=True)
    kept = {job.id for job in plan.jobs if resume and store.load_part(parts, job.id)}
    damaged = {job.id for job in plan.jobs} - kept
    for path in parts.glob("*.part"):
        if not resume or path.stem in damaged:  # others may be those of later rounds of replicates
            path.unlink()
    described = [job.as_dict() for job in plan.jobs]
    store.write_json(
        parts / "plan.json",
        {
            store.MARK: program.version(),
            "question": question,
            "replicates": plan.replicates,
            "jobs": described,
        },
    )
    total, finished = len(plan.jobs), len(kept)
    _tell(progress, finished, total)
    left, errors = [job for job in plan.jobs if job.id not in kept], {}
    try:
        for _ in range(ATTEMPTS):
            work = partial(_finish, parts=parts, opener=opener)
            if executors.count_jobs(jobs) == 1 or len(left) == 1:
                work.keywords["progress"] = _Ticker(progress, finished, total)
            failed = []
            for done in executors.run(work, list(enumerate(left)), jobs, backend, scheduler):
                if done.fault is not None:
                    raise done.fault
                if done.value is None and done.ok:
                    raise NoRoomLeft(parts.parent)
                if done.ok:
                    finished += 1
                    _tell(progress, finished, total)
                else:
                    failed.append(left[done.number])
                    errors[left[done.number].id] = done.error
            left = failed
            if not left:
                break
    except KeyboardInterrupt:
        raise Interrupted(sum(store.part_path(parts, job.id).exists() for job in plan.jobs), total) from None
    if left:
        numbers = ", ".join(str(job.replicate) for job in left)
        raise BatchFailed(f"{len(left)} of {total} replicates failed ({numbers}):\n{errors[left[0].id]}")
    return Batch(plan, parts)


def _finish(job: Job, parts: Path, opener: OpenTown, progress: _Ticker | None = None) -> float | None:
    """Run one job and keep its result; the seconds it took, None when the disk takes no more."""
    result = run_job(job, progress, opener)
    try:
        store.save_part(parts, result)
    except OSError as error:
        if error.errno in NO_ROOM:
            return None
        raise
    if progress is not None:
        progress.next()
    return result.build_seconds + result.run_seconds


@dataclass
class _Ticker:
    """Progress within the jobs of one process, told every week: the place to obey a Ctrl-C."""

    progress: Progress | None
    finished: int
    total: int

    def __call__(self, share: float) -> None:
        interrupts.obey()
        _tell(self.progress, self.finished + min(share, 0.999), self.total)

    def next(self) -> None:
        self.finished += 1


def _tell(progress: Progress | None, done: float, total: int) -> None:
    if progress is not None:
        progress(done, total)


def estimate(plan: Plan, jobs: int = 1) -> dict[str, float]:
    """What a plan will ask for: residents of the largest town, resident-weeks of all runs, bytes of memory."""
    towns = plan.towns
    residents = [float(town.place.zones["residents"].sum()) * town.sample for town, _ in towns]
    work = sum(n * town.weeks * len(arms) for n, (town, arms) in zip(residents, towns, strict=True))
    processes = min(executors.count_jobs(jobs), len(plan.jobs))
    weeks = sum(job.town.weeks * len(job.arms) for job in plan.jobs)
    return {"residents": max(residents), "resident_weeks": work * plan.replicates, "disk": weeks * BYTES_A_WEEK,
            "bytes": max(residents) * BYTES_A_RESIDENT * processes}  # fmt: skip


def check_cost(plan: Plan, jobs: int = 1, cap: float = MAX_RESIDENT_WEEKS) -> None:
    """Refuse a plan beyond the cap of work or the memory of this machine. Raises InputError."""
    asked = estimate(plan, jobs)
    faults = []
    if asked["resident_weeks"] > cap:
        found = f"{asked['resident_weeks']:.3g} resident-weeks"
        hint = "Lower --sample, --replicates or --years, or raise --max-resident-weeks."
        faults.append(
            Fault("too much work", None, None, "max-resident-weeks", found, f"at most {cap:.3g}", hint)
        )
    if asked["bytes"] > memory_bytes():
        found, allowed = f"{asked['bytes'] / 1e9:.1f} GB needed", f"at most {memory_bytes() / 1e9:.1f} GB"
        faults.append(
            Fault("too little memory", None, None, "sample", found, allowed, "Lower --sample or --jobs.")
        )
    if faults:
        raise InputError(faults)


@contextmanager
def room(folder: Path) -> Iterator[None]:
    """Within it, a disk that takes no more is said so."""
    try:
        yield
    except OSError as error:
        raise NoRoomLeft(folder, error) if error.errno in NO_ROOM else error from None


def check_room(folder: Path, wanted: float) -> None:
    """Raise InputError when the disk of a folder has less room than so many bytes and some for the rest."""
    wanted += 20e6
    if (free := shutil.disk_usage(folder).free) < wanted:
        raise InputError(Fault("too little room on the disk", key="out", found=f"{free / 1e6:,.0f} MB free for {folder}",
                               allowed=f"about {wanted / 1e6:,.0f} MB", hint="Make room, or choose another --out."))  # fmt: skip


def memory_bytes() -> float:
    """Memory that this process may use, bytes: what the machine has, or less in a container; infinity if nobody says."""
    try:
        machine = float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        machine = float("inf")
    return min([machine, *_memory_limits()])


def _memory_limits(root: Path = Path("/")) -> Iterator[float]:
    """Limits of memory on the groups of processes (cgroups) that this one is in, bytes."""
    try:
        groups = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in groups:
        _, kinds, path = line.split(":", 2)
        if kinds not in ("", "memory"):
            continue
        top = root / "sys/fs/cgroup" / kinds
        own = top / path.lstrip("/")
        for folder in [own, *own.parents]:
            with suppress(OSError, ValueError):
                name = "memory.limit_in_bytes" if kinds else "memory.max"
                yield float((folder / name).read_text(encoding="ascii"))  # "max" is no number: no limit
            if folder == top:
                break
