"""Locks on files that end with the process that holds them, however it ends.

The system's own (`flock`) where the file system has it. Elsewhere a lease: a file beside the locked one, made by one
process alone, that says who holds it, and whose time the holder renews while it lives. On the holder's own machine a
lease ends with its process; on others when it has not been renewed for a while.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

RENEWED, LASTS = 10.0, 120.0
"""Seconds between two renewals of a lease, and after which one is over. A process may be busy compiling for a while."""

_NO_FLOCK = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)
_NO_LINK = (errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK)


@dataclass
class Lock:
    """A file locked by this process, until `release`. `lease`: the file that says so where `flock` does not."""

    file: IO[str]
    lease: Path | None = None

    def release(self) -> None:
        """Let go."""
        self.file.close()
        if self.lease is not None:
            _leases.discard(self.lease)
            self.lease.unlink(missing_ok=True)


def hold(file: IO[str], path: Path) -> Lock:
    """Lock an open file, known to others as `path`. Raises BlockingIOError when another process has it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError as error:
        if error.errno not in _NO_FLOCK:
            raise
        return Lock(file, _take(path))
    if _is_leased(path):
        raise BlockingIOError(errno.EAGAIN, "leased by another process", str(path))
    return Lock(file)


def appear(lock: Lock, draft: Path, path: Path) -> None:
    """Let a locked draft be seen as `path`. Raises FileExistsError when another process was first."""
    try:
        if lock.lease is None:
            return os.link(draft, path)  # unlike a rename, a link refuses when another process was first
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        lock.lease = _take_as_first(path)
    # Whoever has the lease is alone; what stood there before was there before the lease.
    if path.exists():
        raise FileExistsError(errno.EEXIST, "another process was first", str(path))
    os.rename(draft, path)


def is_held(path: Path) -> bool:
    """Whether some process has a file locked; a file that is gone is held by nobody."""
    try:
        with open(path, encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            except OSError:
                return _is_leased(path)
            with suppress(OSError):
                fcntl.flock(file, fcntl.LOCK_UN)
    except OSError:
        return False
    return _is_leased(path)


# ------------------------------------------------------------------------------------------------ leases


_leases: set[Path] = set()
_renewing: list[int] = []


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".lease")


def _take_as_first(path: Path) -> Path:
    try:
        return _take(path)
    except BlockingIOError:
        raise FileExistsError(errno.EEXIST, "another process was first", str(path)) from None


def _take(path: Path) -> Path:
    """A lease on `path`. Raises BlockingIOError when another process has one that is not over."""
    lease = _beside(path)
    for _ in range(2):
        try:
            number = os.open(lease, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            before = _told(lease)
            if _is_leased(path):
                break
            _clear(lease, before)
            continue
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(json.dumps(_me()))
        _renew(lease)
        return lease
    raise BlockingIOError(errno.EAGAIN, "leased by another process", str(path))


def _clear(lease: Path, over: dict[str, Any]) -> None:
    """Take away a lease that is over, and no other: of two processes that find it over, one moves it."""
    aside = lease.with_name(f".{lease.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    with suppress(FileNotFoundError):
        os.rename(lease, aside)
        if _told(aside) != over:  # a new one, made meanwhile: back with it
            with suppress(OSError):
                os.rename(aside, lease)
                return
        aside.unlink()


def _is_leased(path: Path) -> bool:
    lease = _beside(path)
    try:
        silent = time.time() - lease.stat().st_mtime
    except OSError:
        return False
    holder = _told(lease)
    if holder.get("machine") == _machine():
        return _began(int(holder.get("pid", 0))) == holder.get("began")
    return silent < LASTS


def _told(lease: Path) -> dict[str, Any]:
    """Who holds a lease; nobody knows who has just made it."""
    try:
        value = json.loads(lease.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _me() -> dict[str, Any]:
    return {"machine": _machine(), "pid": os.getpid(), "began": _began(os.getpid())}


@cache
def _machine() -> str:
    """This machine since it was started, and the space that its process numbers are counted in."""
    told = [socket.gethostname()]
    with suppress(OSError):
        told.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip())
    with suppress(OSError):
        told.append(os.readlink("/proc/self/ns/pid"))
    return " ".join(told)


def _began(pid: int) -> str | None:
    """When a process of this machine began, as the system counts; None when there is none."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        state, *rest = status.rpartition(")")[2].split()
        return None if state in "ZX" else rest[18]
    except (OSError, IndexError):
        pass
    if Path("/proc/self/stat").exists() or pid <= 0:
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except OSError:
        pass
    return "alive"


def _renew(lease: Path) -> None:
    """Renew a lease until it is let go; a forked process has none of its own."""
    _leases.add(lease)
    if _renewing != [os.getpid()]:
        _renewing[:] = [os.getpid()]
        threading.Thread(target=_renew_all, name="everystep-leases", daemon=True).start()


def _renew_all() -> None:
    while True:
        time.sleep(RENEWED)
        for lease in list(_leases):
            with suppress(OSError):
                os.utime(lease)
