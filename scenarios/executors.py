"""Run jobs here or on many processes: results come as they finish, failures come as results.

joblib's loky on this machine; dask or ray when they are installed. Chance is keyed and jobs are pure, so how many
processes there are, and which ends first, cannot change a byte of any result.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from model.errors import Fault, InputError

BACKENDS = ("loky", "dask", "ray")


@dataclass
class Done:
    """The end of one task: its number, and either what it gave or why it failed."""

    number: int
    value: Any = None
    fault: InputError | None = None
    error: str | None = None

    @property
    def ok(self) -> bool:
        """It gave a value."""
        return self.fault is None and self.error is None


def count_jobs(jobs: int) -> int:
    """Processes to use: -1 means every core."""
    return max(1, (os.cpu_count() or 1) + 1 + jobs) if jobs < 0 else max(1, jobs)


def run(
    work: Callable[[Any], Any],
    tasks: Sequence[tuple[int, Any]],
    jobs: int = 1,
    backend: str = "loky",
    scheduler: str | None = None,
) -> Iterator[Done]:
    """Run `work(task)` for every numbered task; yield each end as it comes, in no promised order.

    jobs: 1 runs in this process, -1 uses every core. Raises InputError when a backend is unknown or not installed.
    Closing the iterator early stops the processes.
    """
    if backend not in BACKENDS:
        allowed = ", ".join(BACKENDS)
        raise InputError(Fault("unknown backend", key="backend", found=backend, allowed=allowed))
    processes = min(count_jobs(jobs), max(1, len(tasks)))
    if backend == "loky" and processes == 1:
        yield from (_guarded(work, number, task) for number, task in tasks)
    else:
        yield from _parallel(work, tasks, processes, backend, scheduler)


def _parallel(work, tasks, processes: int, backend: str, scheduler: str | None) -> Iterator[Done]:
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    with _cluster(backend, scheduler):
        # `mesa` sets the start method of processes; loky starts its own, each with one thread inside.
        pool = Parallel(n_jobs=processes, return_as="generator_unordered", max_nbytes=None, batch_size=1,
                        pre_dispatch=processes)  # fmt: skip
        left = dict(tasks)
        try:
            for done in pool(delayed(_in_worker)(work, number, task) for number, task in tasks):
                left.pop(done.number, None)
                yield done
        except TerminatedWorkerError:
            for number in left:
                yield Done(number, error="a worker process died (out of memory, or killed)")
        except (KeyboardInterrupt, GeneratorExit):
            _stop_workers()
            raise


def _in_worker(work, number: int, task) -> Done:
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C goes to the whole group: the parent alone answers it
    return _guarded(work, number, task)


def _guarded(work, number: int, task) -> Done:
    try:
        return Done(number, value=work(task))
    except InputError as fault:
        return Done(number, fault=fault)
    except Exception:
        return Done(number, error=traceback.format_exc())


def _stop_workers() -> None:
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=False, kill_workers=True)


def _cluster(backend: str, scheduler: str | None):
    """The context in which joblib hands its work to a cluster; nothing to do for loky."""
    if backend == "loky":
        return nullcontext()
    from joblib import parallel_config

    try:
        if backend == "dask":
            from dask.distributed import Client

            Client(scheduler) if scheduler else Client()
        else:
            import ray
            from ray.util.joblib import register_ray

            ray.init(address=scheduler, ignore_reinit_error=True)
            register_ray()
    except ImportError:
        package = "dask[distributed]" if backend == "dask" else "ray"
        raise InputError(
            Fault(
                f"{backend} is not installed",
                key="backend",
                found=backend,
                hint=f"Install it with: .venv/bin/python -m pip install '{package}'",
            )
        ) from None
    return parallel_config(backend=backend)
