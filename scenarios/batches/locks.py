"""Locks that end with the process that holds them, however it ends.

A lock is a file with nothing in it beside what it is about: Windows lets nobody read a file that is locked, nor remove
one that is open. The system's own lock holds it (`flock`, or `LockFileEx` on Windows, through `filelock`) where the file
system has one. Elsewhere a lease does: one more file, made by one process alone, that says who holds it, and whose time the
holder renews while it lives. On the holder's own machine a lease ends with its process; on others when it has not been
renewed for a while.
"""

from __future__ import annotations

import errno
import json
import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import lock_descriptor

from model.files import moving
from model.machine import system

RENEWED, LASTS = 10.0, 120.0
"""Seconds between two renewals of a lease, and after which one is over. A process may be busy compiling for a while."""

_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)


@dataclass
class Lock:
    """A file locked by this process until `release`. `lease`: the file that says so where the system has no locks."""

    path: Path
    number: int
    lease: Path | None = None

    def release(self) -> None:
        """Let go, and leave no file behind. Removed while it is still held: then nobody else has it."""
        gone = _removed(self.path)
        os.close(self.number)
        if not gone:  # Windows: whoever has opened it meanwhile removes it
            _removed(self.path)
        if self.lease is not None:
            _leases.discard(self.lease)
            with suppress(OSError):
                moving.remove(self.lease)


def hold(path: Path) -> Lock:
    """Lock a file, made if it is not there. Raises BlockingIOError when another process has it."""
    while True:
        try:
            number = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except PermissionError as error:
            if getattr(error, "winerror", None) is None:
                raise
            # Windows, while its holder removes it.
            raise BlockingIOError(errno.EAGAIN, "locked by another process", str(path)) from None
        try:
            if not _locked(number):
                raise BlockingIOError(errno.EAGAIN, "locked by another process", str(path))
            if _is_leased(path):
                raise BlockingIOError(errno.EAGAIN, "leased by another process", str(path))
            if _is(path, number):
                return Lock(path, number)
        except _NoLocks:
            try:
                return Lock(path, number, _take(path))
            except OSError:
                os.close(number)
                raise
        except OSError:
            os.close(number)
            raise
        os.close(number)  # whoever had it has removed it meanwhile: once more


def is_held(path: Path) -> bool:
    """Whether some process holds a lock; one whose file is gone is held by nobody. What nobody holds is cleared away."""
    try:
        number = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return _is_leased(path)  # the file that a lease stands beside may be cleared away
    except OSError:  # where we may not write, nobody can be asked
        return True
    try:
        held = not _locked(number) or _is_leased(path)
        gone = held or not _is(path, number) or _removed(path)
    except _NoLocks:
        held, gone = _is_leased(path), False
    finally:
        os.close(number)
    if not gone and not held:
        with suppress(OSError):  # as its holder would have
            hold(path).release()
    return held


class _NoLocks(Exception):
    """The file system has none."""


def _locked(number: int) -> bool:
    """Whether an open file could be locked; what was locked so is free again when it is closed."""
    try:
        return lock_descriptor(number, blocking=False)
    except OSError as error:
        if error.errno in _NO_LOCKS:
            raise _NoLocks from None
        raise


def _is(path: Path, number: int) -> bool:
    """Whether an open file still has that name."""
    try:
        return os.path.samestat(path.stat(), os.fstat(number))
    except FileNotFoundError:
        return False


def _removed(path: Path) -> bool:
    """Whether a file is gone now; Windows keeps one that is open."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


# ------------------------------------------------------------------------------------------------ leases


_leases: set[Path] = set()
_renewing: list[int] = []


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".lease")


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
        with os.fdopen(number, "w", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(_me()))
        _renew(lease)
        return lease
    raise BlockingIOError(errno.EAGAIN, "leased by another process", str(path))


def _clear(lease: Path, over: dict[str, Any]) -> None:
    """Take away a lease that is over, and no other: of two processes that find it over, one moves it."""
    aside = lease.with_name(f".{lease.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    with suppress(OSError):  # another process has moved it, or (on Windows) is just looking at it
        os.rename(lease, aside)
        if _told(aside) != over:  # a new one, made meanwhile: back with it
            with suppress(OSError):
                os.rename(aside, lease)
                return
        moving.remove(aside)


def _is_leased(path: Path) -> bool:
    lease = _beside(path)
    try:
        silent = time.time() - lease.stat().st_mtime
    except OSError:
        return False
    holder = _told(lease)
    if holder.get("machine") != system.machine():
        return silent < LASTS
    began = system.began(int(holder.get("pid", 0)))
    # Another process of that number, or a clock that was set: then only renewing tells.
    return began is not None and (began == holder.get("began") or silent < LASTS)


def _told(lease: Path) -> dict[str, Any]:
    """Who holds a lease; nobody knows who has just made it."""
    try:
        value = json.loads(lease.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _me() -> dict[str, Any]:
    return {"machine": system.machine(), "pid": os.getpid(), "began": system.began(os.getpid())}


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
