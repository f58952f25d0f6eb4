"""Drive runs to their end: every run of a plan has a result or a reason, whoever dies on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.errors import Fault, InputError
from model.town.prepared import prepare
from scenarios.batches import attempts, capacity, executors, locks
from scenarios.batches.failures import BatchFailed, Interrupted, NoRoomLeft
from scenarios.batches.runstore import PACK_RUNS, RunStore
from scenarios.batches.work import Work
from scenarios.files.store import LOCK
from scenarios.runs.job import open_town

Progress = Callable[[float, int, int], None]
"""Hears how many runs are accounted for, how many there are, and how many of those failed."""

_WAIT_SECONDS = 0.5
_VAIN_ROUNDS = 3
"""Rounds in a row in which processes died and no run began: the next would go no better."""


@dataclass(frozen=True)
class Where:
    """Where runs go: processes, backend, and the scheduler of a cluster."""

    jobs: int = -1
    backend: str = "loky"
    scheduler: str | None = None
    apart: bool = True


@dataclass(frozen=True)
class Tally:
    """How a batch stands: finished means ok + failed = planned."""

    planned: int
    ok: int
    failed: int

    @property
    def finished(self) -> bool:
        """Every run is accounted for."""
        return self.ok + self.failed == self.planned


def tally(store: RunStore, run_ids: Iterable[str]) -> Tally:
    """How these runs stand in the store."""
    wanted = set(run_ids)
    return Tally(len(wanted), len(wanted & store.ids()), len(wanted & store.set_aside()))


def drive(
    store: RunStore,
    tasks: list[tuple[str, Any]],
    work: Work,
    where: Where = Where(),
    *,
    max_seconds: float | None = None,
    progress: Progress | None = None,
) -> Tally:
    """Run every task that has no result yet, until each has one or has been set aside.

    Stops early after `max_seconds`. Raises BatchFailed when the disk is full, Interrupted on Ctrl-C; what was
    finished is kept either way.
    """
    stop_at = None if max_seconds is None else time.monotonic() + max_seconds
    store.sweep_up()
    total = {run_id for run_id, _ in tasks}
    stand = _Standing(store, total, progress)
    executors.check(where.backend)
    try:
        spread = where.apart and where.backend == "loky" and work.opener is open_town
        if spread and total - stand.over and prepare():
            stand.refresh()  # the bar is the batch's again
        while left := [task for task in tasks if task[0] not in stand.over]:
            _round(stand, left, work, where, stop_at)
            if stop_at is not None and time.monotonic() >= stop_at:
                break
            if stand.refresh() and not stand.moved:
                time.sleep(_WAIT_SECONDS)  # what is left is under way in another process
    except KeyboardInterrupt:
        stand.refresh()
        raise Interrupted(len(stand.over), len(total), "runs") from None
    if not store.large:
        store.compact(1)
    return tally(store, total)


def _round(
    stand: _Standing, left: list[tuple[str, Any]], work: Work, where: Where, stop_at: float | None
) -> None:
    """Give every task that is left one try."""
    before, why = stand.store.tried(), ""
    ends = executors.run(
        work, enumerate(left), where.jobs, where.backend, where.scheduler, apart=where.apart, stop_at=stop_at
    )
    for done in ends:
        if done.value == "no room":
            ends.close()
            raise NoRoomLeft(stand.store.root)
        if done.fault is not None:
            raise done.fault
        if done.error is not None and not done.died:
            raise BatchFailed(done.error)
        why = done.error or why
        stand.hear(left[done.number][0], done.value)
    stand.vain = stand.vain + 1 if why and stand.store.tried() == before else 0
    if stand.vain >= _VAIN_ROUNDS:
        raise BatchFailed(f"no process lives long enough to begin a run: {why}")


class _Standing:
    """What is over so far, kept as ends come in and read from the disk between rounds."""

    def __init__(self, store: RunStore, total: set[str], progress: Progress | None) -> None:
        self.store, self.total, self.progress = store, total, progress
        self.over: set[str] = set()
        self.moved, self.vain = False, 0
        self.refresh()

    def refresh(self) -> int:
        """Read from the disk what is over; how many runs are left."""
        failed = self.total & self.store.set_aside()
        over = (self.total & self.store.ids()) | failed
        self.moved, self.over, self.failed, self.loose = over != self.over, over, len(failed), 0
        self._tell()
        return len(self.total) - len(over)

    def hear(self, run_id: str, how: str | None) -> None:
        """One try is over."""
        if how not in ("ok", "done", "set aside"):
            return
        self.over.add(run_id)
        self.failed += how == "set aside"
        self.loose += 1
        if self.loose >= PACK_RUNS and not self.store.large:
            self.store.compact()
            self.loose = 0
        self._tell()

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(len(self.over), len(self.total), self.failed)


def forget_failures(store: RunStore) -> int:
    """Give every run that was set aside its tries again; how many there were."""
    failed = store.set_aside()
    for run_id in failed:
        attempts.forget(store.attempts, run_id)
    return len(failed)


@contextmanager
def alone(folder: Path, told: Path | None = None) -> Iterator[None]:
    """A lock on a folder within it. Raises InputError when another process drives it; told: what it calls the folder."""
    try:
        lock = locks.hold(folder / LOCK)
    except BlockingIOError:
        raise InputError(
            Fault(
                "another process is at work in this folder",
                key="out",
                found=str(told or folder),
                hint="Wait for it, or choose another folder.",
            )
        ) from None
    try:
        yield
    finally:
        lock.release()


def deadline(resident_weeks: float) -> float:
    """Seconds that one run of so much work may take, unless told otherwise: far more than it should."""
    return 120.0 + resident_weeks / 1e5


def memory_share(where: Where) -> float | None:
    """Bytes that one run may take on this machine; None on a cluster, whose workers keep their own limits."""
    if where.backend != "loky" or not where.apart:
        return None
    return 0.9 * capacity.memory_bytes() / executors.count_jobs(where.jobs)
