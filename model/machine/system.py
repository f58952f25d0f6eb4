"""What differs between Windows, macOS and Linux: users, processes, memory. All else asks here.

Nothing here needs a POSIX system: what one lacks is told by psutil, or not at all.
"""

from __future__ import annotations

import os
import socket
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

LOOKS = 0.1
"""Seconds between two looks at the memory of a process whose system sets no bound."""


def is_windows() -> bool:
    """Whether this is Windows."""
    return sys.platform == "win32"


# ------------------------------------------------------------------------------------------------ users


def user_id() -> int | None:
    """The number of this user; None where users have none (Windows)."""
    return os.geteuid() if hasattr(os, "geteuid") else None


def user_name() -> str:
    """A word for this user that fits the name of a file."""
    number = user_id()
    if number is not None:
        return str(number)
    kept = "".join(sign for sign in os.environ.get("USERNAME", "") if sign.isalnum())
    return kept or "user"


def is_of_another(found: os.stat_result, but_root: bool = False) -> bool:
    """Whether a file belongs to another user, as far as the system tells; on Windows, folders of a user are private."""
    mine = user_id()
    return mine is not None and found.st_uid not in (mine, 0 if but_root else mine)


def is_open_to(found: os.stat_result, group: bool = True) -> bool:
    """Whether others may write there, as far as the system tells."""
    return user_id() is not None and bool(found.st_mode & (stat.S_IWOTH | (stat.S_IWGRP if group else 0)))


# ------------------------------------------------------------------------------------------------ processes


def began(pid: int) -> float | None:
    """When a process of this machine began, seconds of the clock; None when there is none, or it has ended."""
    import psutil

    try:
        one = psutil.Process(pid)
        return (
            None if one.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD) else float(one.create_time())
        )
    except psutil.AccessDenied:
        return 0.0  # somebody else's: it lives
    except (psutil.Error, ValueError, OverflowError):
        return None


def lives(pid: int) -> Callable[[], bool]:
    """A question to be asked again and again: does the process that has this number now still run?

    A later process of the same number is not it, and a clock that is set changes nothing.
    """
    import psutil

    try:
        one = psutil.Process(pid)
    except (psutil.Error, ValueError, OverflowError):
        return lambda: False

    def look() -> bool:
        try:
            return bool(one.is_running()) and one.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
        except psutil.NoSuchProcess:
            return False
        except psutil.Error:
            return True

    return look


@cache
def machine() -> str:
    """This machine since it was started, and the space that its process numbers are counted in (a container's)."""
    told = [socket.gethostname()]
    with suppress(OSError):
        told.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip())
    with suppress(OSError):
        told.append(os.readlink("/proc/self/ns/pid"))
    return " ".join(told)


def step_back() -> None:
    """Let this process, and those it starts, wait behind everything else on the machine."""
    import psutil

    me = psutil.Process()
    with suppress(psutil.Error, OSError):
        me.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if is_windows() else min(19, me.nice() + 5))


# ------------------------------------------------------------------------------------------------ memory


def machine_bytes() -> float:
    """Memory of this machine, bytes."""
    import psutil

    return float(psutil.virtual_memory().total)


def memory_bytes() -> tuple[int, int]:
    """Memory of this process now and at its peak, bytes; where the system tells no peak, what it is now twice."""
    import psutil

    told = psutil.Process().memory_info()
    return told.rss, max(told.rss, _peak(told))


def _peak(told: Any) -> int:
    if (peak := getattr(told, "peak_wset", None)) is not None:  # Windows
        return int(peak)
    with suppress(
        OSError, StopIteration
    ):  # Linux: `getrusage` tells there what was before this program began, too
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmHWM:"))) * 1024
    try:
        import resource
    except ImportError:
        return int(told.rss)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def private_bytes() -> int:
    """Memory that this process has taken for itself, bytes, or the nearest to it that the system tells."""
    import psutil

    told = psutil.Process().memory_info()
    # Windows: what it has committed. Linux: private data, as the system counts it against a limit.
    return int(getattr(told, "private", None) or getattr(told, "data", None) or told.rss)


@contextmanager
def bounded(more: float | None, beyond: Callable[[], None]) -> Iterator[None]:
    """Within it, this process takes `more` bytes at most than it has now (None: as many as there are).

    Where the system keeps such bounds (Linux), whoever asks for more gets a MemoryError. Elsewhere a thread looks
    every tenth of a second, and calls `beyond` when it is too late: it must end the process.
    """
    if more is None:
        yield
        return
    limit = int(private_bytes() + more)
    try:
        import resource
    except ImportError:
        resource = None  # type: ignore[assignment]
    if resource is None or sys.platform != "linux":
        with _watched(limit, beyond):
            yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (limit if hard < 0 else min(limit, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


@contextmanager
def _watched(limit: int, beyond: Callable[[], None]) -> Iterator[None]:
    over = threading.Event()

    def watch() -> None:
        while not over.wait(LOOKS):
            if private_bytes() > limit and not over.is_set():
                beyond()
                return

    watcher = threading.Thread(target=watch, name="everystep-memory", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
