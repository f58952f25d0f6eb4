"""One planned run, done so that nothing it does can harm the rest: claimed, bounded, kept whole, or failed in words."""

from __future__ import annotations

import faulthandler
import os
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from model.machine import system
from model.machine.compiled import watched
from model.outcomes.record import Record
from scenarios.batches.attempts import Attempt
from scenarios.batches.failures import NO_ROOM
from scenarios.batches.runstore import RunStore
from scenarios.runs import rows, run_tables
from scenarios.runs.design import Job
from scenarios.runs.job import OpenTown, open_town, run_job

COMPILING_SECONDS, _LEAST_SECONDS = 1800.0, 0.01
"""What compiling one function may take, beside the deadline of the run; the least that a watchdog takes."""

_TOWNS = 2
"""Warmed towns that a process keeps: points that differ in their plans alone share one."""


class OtherCode(RuntimeError):
    """A worker's program or files are not those that planned the runs."""


@dataclass(frozen=True)
class Limits:
    """What one run may take: seconds of wall-clock, and bytes beyond what its process holds already."""

    deadline_seconds: float | None = None
    memory_bytes: float | None = None


@dataclass(frozen=True)
class Work:
    """What a worker does with one task. Called with (run id, what `find` needs); gives how it went.

    "ok", "failed", "no room" (the disk is full), or what the store says: "done", "running", "set aside".
    """

    root: Path
    find: Callable[[str, Any], Any]
    limits: Limits = Limits()
    opener: OpenTown = open_town
    after: Callable[[str], None] | None = None
    """Done after a run that was kept, with its id; what goes wrong there is no fault of the run."""
    keep: tuple[str, ...] = ()
    """What is kept of a run besides its table, as kinds of `run_tables.BESIDES`."""
    ends: tuple[type[Exception], ...] = (OtherCode,)
    """What ends the whole batch: no fault of the run, and no other would go better."""

    def __call__(self, task: tuple[str, Any]) -> str:
        store = RunStore(self.root, self.keep)
        try:
            claimed = store.claim(task[0], self.limits.deadline_seconds)
            return claimed if isinstance(claimed, str) else self._attempt(claimed, store, task)
        except OSError as error:
            if error.errno in NO_ROOM:
                return "no room"
            raise

    def tables(self, job: Any) -> tuple[pa.Table, dict[str, pa.Table]]:
        """Do a run; its tidy table, and what is kept of it besides."""
        result = run_job(job, opener=kept_towns(self.opener))
        return rows.tidy(job, result), {kind: run_tables.besides(kind, job, result) for kind in self.keep}

    def _attempt(self, attempt: Attempt, store: RunStore, task: tuple[str, Any]) -> str:
        try:
            job = self.find(
                *task
            )  # a process reads the plan and its places once: no run waits for that again
            with bounded(self.limits, attempt):
                table, besides = self.tables(job)
            store.save(task[0], table, besides)
        except KeyboardInterrupt:
            attempt.succeed()
            raise
        except self.ends:
            attempt.succeed()
            raise
        except MemoryError as error:
            return _failed(attempt, "out_of_memory", str(error) or "no memory left")
        except rows.NotFinite as error:
            return _failed(attempt, "not_finite", str(error))
        except OSError as error:
            if error.errno in NO_ROOM:
                attempt.succeed()  # no fault of the run: it is tried again when there is room
                raise
            return _failed(attempt, "raised", traceback.format_exc())
        except Exception:
            return _failed(attempt, "raised", traceback.format_exc())
        attempt.succeed()
        if self.after is not None:
            with suppress(Exception):
                self.after(task[0])
        return "ok"


def _failed(attempt: Attempt, kind: str, message: str) -> str:
    _kept.clear()  # a town that was stopped half-way is no town to start from
    attempt.fail(kind, message)
    return "failed"


@contextmanager
def bounded(limits: Limits, attempt: Attempt) -> Iterator[None]:
    """Within it, the process ends when the deadline passes (its trace goes to the try), and may take so much memory.

    What is compiled on the way does not count: the next run will not wait for it. The watchdog is a thread of the
    interpreter's own: it acts even when compiled code never lets go.
    """

    def beyond() -> None:
        attempt.say("out_of_memory", "it took more memory than its share, and was ended")
        os._exit(1)

    seconds = limits.deadline_seconds
    with system.bounded(limits.memory_bytes, beyond), nullcontext() if seconds is None else _deadline(seconds, attempt.file):  # fmt: skip
        yield


@contextmanager
def _deadline(left: float, log: IO[str]) -> Iterator[None]:
    """The watchdog, held back while something is compiled."""
    since = 0.0

    def watch() -> None:
        nonlocal since
        since = time.monotonic()
        faulthandler.dump_traceback_later(max(left, _LEAST_SECONDS), exit=True, file=log)

    def hold_back() -> None:
        nonlocal left
        left -= time.monotonic() - since
        faulthandler.dump_traceback_later(COMPILING_SECONDS, exit=True, file=log)

    with watched(hold_back, watch):
        watch()
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


# ------------------------------------------------------------------------------------------------ towns kept


_kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()


def kept_towns(opener: OpenTown) -> OpenTown:
    """The same opener, with the last towns it warmed up kept in this process. A fork leaves its town as it was."""

    def open_kept(job: Job) -> Any:
        key = (opener, job.town.text, job.seed, job.replicate)
        if key not in _kept:
            town = opener(job)
            town.warm_up()
            _kept[key] = _KeptTown(town)
            while len(_kept) > _TOWNS:
                _kept.popitem(last=False)
        return _kept[key]

    return open_kept


class _KeptTown:
    """A warm town that runs an empty plan once, whoever asks: every point has that baseline."""

    def __init__(self, town: Any) -> None:
        self._town = town
        self._baseline: _Ran | None = None
        self.state = town.state

    def warm_up(self) -> None:
        """It is warm."""

    def fork(self, interventions: list[Any]) -> Any:
        """A branch with a plan."""
        if interventions:
            return self._town.fork(interventions=interventions)
        if self._baseline is None:
            self._baseline = _Ran(self._town.fork(interventions=[]))
        return self._baseline


class _Ran:
    """A branch that is run once."""

    def __init__(self, branch: Any) -> None:
        self._branch = branch
        self._record: Record | None = None

    def run(self, weeks: int, progress: Callable[[int], None] | None = None) -> None:
        """Run it, the first time."""
        if self._record is None:
            self._branch.run(weeks=weeks, progress=progress)
            self._record, self._branch = self._branch.record(), None

    def record(self) -> Record:
        """What it gave."""
        assert self._record is not None
        return self._record
