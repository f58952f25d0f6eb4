"""Run tasks here or on many processes: results come as they finish, failures come as results.

Three backends behind one door, each a `submit` that gives a future: joblib's loky on this machine, dask or ray on a
cluster. Every loky worker is a pool of its own, so that one that dies takes nobody's work with it. Chance is keyed
and tasks are pure: how many processes there are, and which ends first, cannot change a byte of any result.
"""

from __future__ import annotations

import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Sized
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import Any, Protocol

from model.errors import Fault, InputError

BACKENDS = ("loky", "dask", "ray")

Task = tuple[int, Any]
DIED = "a worker process died (out of memory, or killed)"
_PULSE_SECONDS = 0.5


@dataclass
class Done:
    """The end of one task: its number, and either what it gave or why it failed. `died`: its process is gone."""

    number: int
    value: Any = None
    fault: InputError | None = None
    error: str | None = None
    died: bool = False

    @property
    def ok(self) -> bool:
        """It gave a value."""
        return self.fault is None and self.error is None


class Backend(Protocol):
    """Where tasks run. `capacity`: tasks to have on their way at once."""

    capacity: int

    def submit(self, work: Callable[[Any], Any], number: int, task: Any) -> Future:
        """Begin a task; the future gives a Done."""

    def close(self, kill: bool) -> None:
        """Let go of the processes; `kill`: at once, whatever they do."""


def count_jobs(jobs: int) -> int:
    """Processes to use: -1 means every core."""
    return max(1, (os.cpu_count() or 1) + 1 + jobs) if jobs < 0 else max(1, jobs)


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

    jobs: 1 runs in this process unless `apart` asks for one that may die; -1 uses every core. stop_at: a reading of
    time.monotonic() after which nothing more begins and what is under way is dropped.
    Raises InputError when a backend is unknown or not installed. Closing the iterator early stops the processes.
    """
    check(backend)
    processes = count_jobs(jobs)
    if isinstance(tasks, Sized) and not apart:
        processes = min(processes, max(1, len(tasks)))
    if backend == "loky" and processes == 1 and not apart:
        for number, task in tasks:
            if stop_at is not None and time.monotonic() >= stop_at:
                return
            yield _guarded(work, number, task)
    else:
        yield from _drive(open_backend(backend, processes, scheduler), work, tasks, stop_at)


def check(backend: str) -> None:
    """Raise InputError when there is no such backend."""
    if backend not in BACKENDS:
        allowed = ", ".join(BACKENDS)
        raise InputError(Fault("unknown backend", key="backend", found=backend, allowed=allowed))


def _drive(pool: Backend, work: Callable, tasks: Iterable[Task], stop_at: float | None) -> Iterator[Done]:
    """Keep a backend busy until the tasks are done, or it is time to stop."""
    queue, finished = iter(tasks), False
    running: dict[Future, int] = {}
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


def _ending(future: Future, number: int) -> Done:
    error = future.exception()
    if error is None:
        return future.result()
    return Done(number, error=f"{DIED}: {type(error).__name__}: {error}", died=True)


# ------------------------------------------------------------------------------------------------ in a worker


def in_worker(work: Callable[[Any], Any], number: int, task: Any) -> Done:
    """One task in a worker process."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all: the parent alone answers it
    return _guarded(work, number, task)


def _guarded(work: Callable[[Any], Any], number: int, task: Any) -> Done:
    try:
        return Done(number, value=work(task))
    except InputError as fault:
        return Done(number, fault=fault)
    except Exception:
        return Done(number, error=traceback.format_exc())


def _outlive_nobody(parent: int) -> None:
    """End this process when the one that started it is gone: no orphan keeps memory or a lease."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch, name="everystep-parent", daemon=True).start()


# ------------------------------------------------------------------------------------------------ backends


@dataclass
class _Loky:
    """Slots on this machine, each a pool of one process: a death breaks one slot, which is filled anew."""

    capacity: int
    idle: list[Any] = field(default_factory=list)
    busy: dict[Future, Any] = field(default_factory=dict)

    def submit(self, work, number, task) -> Future:
        from joblib.externals.loky import ProcessPoolExecutor

        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        slot = self.idle.pop() if self.idle else ProcessPoolExecutor(
            1, timeout=3600, env=threads, initializer=_outlive_nobody, initargs=(os.getpid(),))  # fmt: skip
        try:
            future = slot.submit(in_worker, work, number, task)
        except Exception:  # it died while idle
            slot.shutdown(wait=False, kill_workers=True)
            return self.submit(work, number, task)
        self.busy[future] = slot
        future.add_done_callback(self._free)
        return future

    def _free(self, future: Future) -> None:
        slot = self.busy.pop(future, None)
        if slot is not None and not future.cancelled() and future.exception() is None:
            self.idle.append(slot)
        elif slot is not None:
            threading.Thread(target=slot.shutdown, kwargs={"wait": False, "kill_workers": True}).start()

    def close(self, kill: bool) -> None:
        for slot in [*self.idle, *list(self.busy.values())]:
            slot.shutdown(wait=False, kill_workers=kill)


@dataclass
class _Dask:
    """A dask cluster: one that is running, or one started here. Workers need one thread each and the run folder."""

    client: Any
    ours: bool
    capacity: int

    @staticmethod
    def open(processes: int, scheduler: str | None) -> _Dask:
        from dask.distributed import Client

        if scheduler is None:
            client = Client(
                n_workers=processes, threads_per_worker=1, dashboard_address=None, set_as_default=False
            )
            return _Dask(client, True, 2 * processes)
        try:
            client = Client(scheduler, timeout=30, set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError(Fault("no dask scheduler answers here", key="scheduler", found=scheduler,
                                   hint=str(error))) from None  # fmt: skip
        workers = client.scheduler_info(n_workers=-1)["workers"].values()
        if any(worker["nthreads"] > 1 for worker in workers):
            found = f"{max(worker['nthreads'] for worker in workers)} threads"
            raise InputError(Fault("each dask worker must run one task at a time", key="scheduler", found=found,
                                   hint="Start workers with --nworkers N --nthreads 1."))  # fmt: skip
        return _Dask(client, False, max(64, 2 * len(workers)))

    def submit(self, work, number, task) -> Future:
        # Dask's own futures become those of the standard library, so that one loop drives every backend.
        ours: Future = Future()
        theirs = self.client.submit(in_worker, work, number, task, pure=False)

        def tell(done: Any) -> None:
            if done.status == "finished":
                ours.set_result(done.result())
            else:
                error = done.exception() if done.status == "error" else None
                ours.set_exception(error or RuntimeError("the cluster dropped the task"))

        theirs.add_done_callback(tell)
        ours.theirs = theirs  # type: ignore[attr-defined]
        return ours

    def close(self, kill: bool) -> None:
        self.client.close()
        if self.ours and self.client.cluster is not None:
            self.client.cluster.close(timeout=10)


@dataclass
class _Ray:
    """A ray cluster: one that is running, or one started here."""

    remote: Any
    capacity: int

    @staticmethod
    def open(processes: int, scheduler: str | None) -> _Ray:
        import ray

        started = {"num_cpus": processes, "include_dashboard": False} if scheduler is None else {}
        ray.init(address=scheduler, ignore_reinit_error=True, log_to_driver=False, **started)
        cores = int(ray.cluster_resources().get("CPU", processes))
        return _Ray(ray.remote(max_retries=0, num_cpus=1)(in_worker), 2 * cores)

    def submit(self, work, number, task) -> Future:
        return self.remote.remote(work, number, task).future()

    def close(self, kill: bool) -> None:
        import ray

        ray.shutdown()


def open_backend(backend: str, processes: int, scheduler: str | None) -> Backend:
    """A backend ready for tasks. Raises InputError when it is not installed, or nobody answers."""
    if backend == "loky":
        return _Loky(processes)
    try:
        return (_Dask if backend == "dask" else _Ray).open(processes, scheduler)
    except ImportError:
        extra = "cluster" if backend == "dask" else "ray"
        hint = f"Install it with: .venv/bin/python -m pip install -e '.[{extra}]'"
        raise InputError(
            Fault(f"{backend} is not installed", key="backend", found=backend, hint=hint)
        ) from None
