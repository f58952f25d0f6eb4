"""Where a task runs, and what the process there does with it: joblib's loky on this machine, dask or ray on a cluster.

Every loky worker is a pool of its own, so that one that dies takes nobody's work with it.
"""

from __future__ import annotations

import atexit
import logging
import os
import pickle
import socket
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

from model.errors import Fault, InputError
from model.machine import system
from scenarios.batches import interrupts


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

    def submit(self, work: Callable[[Any], Any], number: int, task: Any) -> Future[Any]:
        """Begin a task; the future gives a Done."""

    def close(self, kill: bool) -> None:
        """Let go of the processes; `kill`: at once, whatever they do."""


def cores() -> int:
    """Cores that this process may use: fewer than the machine has under taskset, in a container, in a job of a cluster."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", UserWarning
        )  # joblib's, where no processes can be shared: said better elsewhere
        from joblib import cpu_count
    count: int = cpu_count()
    return count


def no_processes() -> str:
    """Why no processes can share work on this machine; empty when they can. They meet in shared memory."""
    try:
        import multiprocessing

        multiprocessing.get_context("spawn").Lock()
    except (OSError, ImportError) as error:  # the latter: a system without semaphores
        why = getattr(error, "strerror", None) or str(error)
        return f"/dev/shm: {why}" if os.path.isdir("/dev/shm") else why
    return ""


class Dropped(RuntimeError):
    """The cluster gave a task up without a word."""


_DEATHS = (
    "KilledWorker",
    "Dropped",
    "WorkerCrashedError",
    "NodeDiedError",
    "LocalRayletDiedError",
    "OutOfMemoryError",
)
"""What dask and ray say when the process of a task has gone; the last is ray's, which ends a worker to spare others."""


def is_death(error: BaseException) -> bool:
    """Whether a future failed since its process has gone; else the task could not begin (a program not found there)."""
    return isinstance(error, BrokenExecutor) or type(error).__name__ in _DEATHS


# ------------------------------------------------------------------------------------------------ in a worker


def in_worker(work: Callable[[Any], Any], number: int, task: Any) -> Done:
    """One task in a worker process."""
    interrupts.ignore()
    return guarded(work, number, task)


def guarded(work: Callable[[Any], Any], number: int, task: Any) -> Done:
    """One task, its failure caught."""
    try:
        return Done(number, value=work(task))
    except InputError as fault:
        return Done(number, fault=fault)
    except Exception:
        return Done(number, error=traceback.format_exc())


def _outlive_nobody(parent: int) -> None:
    """End this process when the one that started it is gone: no orphan keeps memory or a lease."""
    lives = system.lives(parent)

    def watch() -> None:
        while lives():
            time.sleep(1.0)
        os._exit(1)

    interrupts.ignore()
    threading.Thread(target=watch, name="everystep-parent", daemon=True).start()


# ------------------------------------------------------------------------------------------------ backends


IDLE_SECONDS = 20
"""For so long a process that has nothing to do waits for the next batch, then it ends."""

_spare: list[tuple[Any, Any]] = []
"""Slots left over by batches that ended well, each with what its process has come to know."""


@atexit.register
def _let_go() -> None:
    """Drop them while the interpreter is whole: what is dropped later complains that it is not."""
    for slot, _ in _spare:
        slot.shutdown(wait=False)
    _spare.clear()


@cache
def _hush() -> None:
    """From now on, say nothing of loky's own thread when it misses a task that was taken from it by killing its process."""
    before = threading.excepthook

    def hook(told: threading.ExceptHookArgs) -> None:
        if told.exc_type is not KeyError or "ExecutorManager" not in type(told.thread).__name__:
            before(told)

    threading.excepthook = hook


_PASSING = ("PYTEST_CURRENT_TEST", "COLUMNS", "LINES", "OLDPWD")
"""Variables of the environment that change all the time and mean nothing to work."""


def _surroundings(work: Any) -> Any:
    """What a process takes from where it was started and from what it did: none but its like is given one that waits."""
    known = getattr(work, "knows", None)
    environment = tuple(sorted((name, value) for name, value in os.environ.items() if name not in _PASSING))
    return known and (known, os.getpid(), os.getcwd(), tuple(sys.path), environment)


@dataclass
class _Loky:
    """Slots on this machine, each a pool of one process: a death breaks one slot, which is filled anew."""

    capacity: int
    idle: list[Any] = field(default_factory=list)
    busy: dict[Future[Any], Any] = field(default_factory=dict)
    surroundings: Any = None

    def submit(self, work: Callable[[Any], Any], number: int, task: Any) -> Future[Any]:
        from joblib.externals.loky import ProcessPoolExecutor

        if self.surroundings is None and (found := _surroundings(work)):
            self.surroundings = found
            self.idle += [slot for slot, known in _spare if known == found][
                -self.capacity :
            ]  # the last first
            _spare[:] = [one for one in _spare if one[0] not in self.idle]
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        used = bool(self.idle)
        slot = self.idle.pop() if used else ProcessPoolExecutor(
            1, timeout=IDLE_SECONDS, env=threads, initializer=_outlive_nobody, initargs=(os.getpid(),))  # fmt: skip
        try:
            future: Future[Any] = slot.submit(in_worker, work, number, task)
        except Exception:
            slot.shutdown(wait=False, kill_workers=True)
            if used:  # it died while idle
                return self.submit(work, number, task)
            raise
        self.busy[future] = slot
        future.add_done_callback(self._free)
        return future

    def _free(self, future: Future[Any]) -> None:
        slot = self.busy.pop(future, None)
        if slot is not None and not future.cancelled() and future.exception() is None:
            self.idle.append(slot)
        elif slot is not None:
            threading.Thread(target=slot.shutdown, kwargs={"wait": False, "kill_workers": True}).start()

    def close(self, kill: bool) -> None:
        if kill:
            _hush()
        done = [*self.idle, *self.busy.values()]
        if not kill and self.surroundings is not None:
            _spare.extend((slot, self.surroundings) for slot in self.idle)
            over = max(0, len(_spare) - cores())
            done = [*(slot for slot, _ in _spare[:over]), *self.busy.values()]
            del _spare[:over]
        for slot in done:
            slot.shutdown(wait=False, kill_workers=kill)


@dataclass
class _Dask:
    """A dask cluster: one that is running, or one started here. Workers need one thread each and the run folder."""

    client: Any
    ours: bool
    capacity: int
    asked: bool = False

    @staticmethod
    def open(processes: int, scheduler: str | None) -> _Dask:
        from dask.distributed import Client

        if scheduler is None:
            client = Client(
                n_workers=processes, threads_per_worker=1, dashboard_address=None, set_as_default=False
            )
            return _Dask(client, True, 2 * processes)
        _answers("dask", scheduler)
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

    def submit(self, work: Callable[[Any], Any], number: int, task: Any) -> Future[Any]:
        # Dask's own futures become those of the standard library, so that one loop drives every backend.
        ours: Future[Any] = Future()
        if not self.asked:
            self._ask(work)
        theirs = self.client.submit(in_worker, work, number, task, pure=False)

        def tell(done: Any) -> None:
            if done.status == "finished":
                ours.set_result(done.result())
            else:
                error = done.exception() if done.status == "error" else None
                ours.set_exception(error or Dropped("the cluster dropped the task"))

        theirs.add_done_callback(tell)
        ours.theirs = theirs  # type: ignore[attr-defined]
        return ours

    def _ask(self, work: Callable[[Any], Any]) -> None:
        """Raise InputError when a worker cannot read the work: dask itself would try for ever."""
        import cloudpickle

        try:
            self.client.run(pickle.loads, cloudpickle.dumps((in_worker, work)))
        except (ImportError, AttributeError) as error:
            raise InputError(Fault("a dask worker does not have this program", key="scheduler", found=str(error),
                                   hint="Install the same version on every worker.")) from None  # fmt: skip
        self.asked = True

    def close(self, kill: bool) -> None:
        self.client.close()
        if self.ours and self.client.cluster is not None:
            self.client.cluster.close(timeout=10)


@dataclass
class _Ray:
    """A ray cluster: one that is running, or one started here."""

    remote: Any
    ours: bool
    capacity: int

    @staticmethod
    def open(processes: int, scheduler: str | None) -> _Ray:
        import ray

        ours = not ray.is_initialized()
        if not ours:
            pass
        elif scheduler is None:
            ray.init(address="local", num_cpus=processes, include_dashboard=False, **_QUIET)
        else:
            _answers("ray", scheduler)
            try:
                ray.init(address=scheduler, **_QUIET)
            except (OSError, ValueError, RuntimeError) as error:
                raise InputError(Fault("no ray scheduler answers here", key="scheduler", found=scheduler,
                                       hint=str(error).partition("\n")[0])) from None  # fmt: skip
        cores = int(ray.cluster_resources().get("CPU", processes))
        return _Ray(ray.remote(max_retries=0, num_cpus=1)(in_worker), ours, 2 * cores)

    def submit(self, work: Callable[[Any], Any], number: int, task: Any) -> Future[Any]:
        future: Future[Any] = self.remote.remote(work, number, task).future()
        return future

    def close(self, kill: bool) -> None:
        import ray

        if self.ours:
            ray.shutdown()


_QUIET = {"log_to_driver": False, "logging_level": logging.WARNING}


def _answers(backend: str, scheduler: str) -> None:
    """Raise InputError when nobody takes a call at HOST:PORT: ray itself would wait for minutes, then crash."""
    kind, _, rest = scheduler.rpartition("://")
    host, _, port = rest.rpartition(":")
    if kind not in ("", "tcp", "tls", "ray") or not host or not port.isdigit():
        return  # auto, inproc://...: the backend knows what they mean
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=30).close()
    except OSError as error:
        raise InputError(Fault(f"no {backend} scheduler answers here", key="scheduler", found=scheduler,
                               hint=str(error))) from None  # fmt: skip


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
