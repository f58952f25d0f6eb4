"""Run tasks here or on many processes: results come as they finish, failures come as results.

Three backends stand behind one door (scenarios/batches/backends.py), each a `submit` that gives a future. Chance is keyed and
tasks are pure: how many processes there are, and which ends first, cannot change a byte of any result.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sized
from concurrent.futures import FIRST_COMPLETED, Future, wait
from functools import cache
from typing import Any

from model.errors import Fault, InputError
from scenarios.batches import interrupts
from scenarios.batches.backends import Backend, Done, cores, guarded, is_death, no_processes, open_backend
from scenarios.provenance.identity import SameCode

BACKENDS = ("loky", "dask", "ray")

Task = tuple[int, Any]
DIED = "a worker process died (out of memory, or killed)"
_PULSE_SECONDS = 0.5


def count_jobs(jobs: int) -> int:
    """Processes to use: -1 means every core that this process may use, -2 all but one. Raises InputError for 0."""
    if jobs == 0:
        raise InputError(
            Fault(
                "is no number of processes", key="jobs", found="0", allowed="1 or more, or -1 for every core"
            )
        )
    return max(1, cores() + 1 + jobs) if jobs < 0 else max(1, jobs)


def run(
    work: Callable[[Any], Any],
    tasks: Iterable[Task],
    jobs: int = 1,
    backend: str = "loky",
    scheduler: str | None = None,
    *,
    apart: bool = False,
    stop_at: float | None = None,
) -> Generator[Done, None, None]:
    """Run `work(task)` for every numbered task; yield each end as it comes, in no promised order.

    jobs: 1 runs in this process unless `apart` asks for one that may die; -1 uses every core. Where the system lets no
    processes be shared, all runs in this one, and that is said. stop_at: a reading of
    time.monotonic() after which nothing more begins and what is under way is dropped.
    Raises InputError when a backend is unknown or not installed. Closing the iterator early stops the processes.
    """
    check(backend)
    processes = count_jobs(jobs)
    if isinstance(tasks, Sized) and not apart:
        processes = min(processes, max(1, len(tasks)))
    if backend == "loky" and ((processes == 1 and not apart) or not _can_spread()):
        for number, task in tasks:
            if stop_at is not None and time.monotonic() >= stop_at:
                return
            with interrupts.weekly():
                done = guarded(work, number, task)
            yield done
    else:
        yield from _drive(open_backend(backend, processes, scheduler), SameCode.of(work), tasks, stop_at)


@cache
def _can_spread() -> bool:
    """Whether processes can be used here; said once when not."""
    if why := no_processes():
        logging.getLogger("everystep").warning(
            f"Processes cannot share the work here ({why}): runs go on one after the other in this one."
        )
    return not why


def check(backend: str) -> None:
    """Raise InputError when there is no such backend."""
    if backend not in BACKENDS:
        allowed = ", ".join(BACKENDS)
        raise InputError(Fault("unknown backend", key="backend", found=backend, allowed=allowed))


def _drive(
    pool: Backend, work: Callable[[Task], Any], tasks: Iterable[Task], stop_at: float | None
) -> Iterator[Done]:
    """Keep a backend busy until the tasks are done, or it is time to stop."""
    queue, finished = iter(tasks), False
    running: dict[Future[Any], int] = {}
    try:
        while True:
            while len(running) < pool.capacity and (one := next(queue, None)) is not None:
                running[pool.submit(work, *one)] = one[0]
            if not running:
                finished = True
                return
            ended, _ = wait(running, timeout=_PULSE_SECONDS, return_when=FIRST_COMPLETED)
            if stop_at is not None and time.monotonic() >= stop_at:
                return
            for future in ended:
                yield _ending(future, running.pop(future))
    finally:
        pool.close(kill=not finished)


def _ending(future: Future[Any], number: int) -> Done:
    error = future.exception()
    if error is None:
        done: Done = future.result()
        return done
    died = is_death(error)
    return Done(
        number, error=f"{DIED if died else 'no run began'}: {type(error).__name__}: {error}", died=died
    )
