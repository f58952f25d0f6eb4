"""Tries of runs: claimed by one process at a time, and told afterwards even when the process is gone.

A try is a small file, and a lock beside it that its process keeps. While the lock holds, the run is under way; it ends
when the process ends, however it ends. What the file says then is why: the reason that the process wrote, the
trace of a watchdog when it hung, or nothing when it was killed.
"""

from __future__ import annotations

import json
import os
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from model.files import moving
from scenarios.batches.locks import Lock, hold, is_held

KINDS = ("raised", "not_finite", "out_of_memory", "hung", "died")
"""Why a try failed."""

OWN_FAILURES, DEATHS = 2, 6
"""Tries before a run is set aside. A process that vanished may not be the run's fault: it is given more of them."""

_HUNG = "Timeout ("
_MESSAGE = 4000


@dataclass(frozen=True)
class Ended:
    """A try that ended badly."""

    run_id: str
    number: int
    kind: str
    message: str
    host: str
    started: float


@dataclass
class Attempt:
    """A try under way, until `succeed` or `fail`. `file`: what it says of itself."""

    path: Path
    file: IO[str]
    lock: Lock

    def succeed(self) -> None:
        """The result is kept: forget the try."""
        try:
            with suppress(OSError):  # a disk that is full: nobody will read it
                self.file.close()
            moving.remove(self.path)
        finally:
            self.lock.release()

    def fail(self, kind: str, message: str) -> None:
        """Say why it failed, and let go."""
        try:
            self.say(kind, message)
        finally:
            self.file.close()
            self.lock.release()

    def say(self, kind: str, message: str) -> None:
        """Say why it fails, so that it stands there whatever comes next."""
        self.file.write(json.dumps({"kind": kind, "message": message[-_MESSAGE:]}) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())


def begin(folder: Path, run_id: str, deadline_seconds: float | None = None) -> Attempt | str:
    """Claim the next try of a run; "running" when another process has it, "set aside" when it has failed enough."""
    earlier = sorted(folder.glob(f"{run_id}.*.log"))
    if any(is_under_way(path) for path in earlier):
        return "running"
    if spent([_ended(path) for path in earlier]):
        return "set aside"
    number = 1 + max((_number(path) for path in earlier), default=0)
    path = folder / f"{run_id}.{number}.log"
    try:
        lock = hold(_lock_of(path))
    except BlockingIOError:
        return "running"
    try:
        file = open(path, "x", encoding="utf-8", newline="\n")  # noqa: SIM115 (it must outlive this function)
    except FileExistsError:  # another process was first, and has ended
        lock.release()
        return "running"
    except OSError:
        lock.release()
        raise
    attempt = Attempt(path, file, lock)
    told = {
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "started": time.time(),
        "deadline": deadline_seconds,
    }
    try:
        file.write(json.dumps(told) + "\n")
        file.flush()
    except OSError:
        attempt.succeed()
        raise
    return attempt


def is_under_way(path: Path) -> bool:
    """Whether the process of a try still has it. path: the file of the try."""
    return is_held(_lock_of(path))


def ended(folder: Path) -> dict[str, list[Ended]]:
    """Tries that are over, by run, in order."""
    found: dict[str, list[Ended]] = {}
    for path in sorted(folder.glob("*.log"), key=lambda path: (path.name.partition(".")[0], _number(path))):
        if not is_under_way(path):
            found.setdefault(path.name.partition(".")[0], []).append(_ended(path))
    return found


def spent(ends: list[Ended]) -> bool:
    """Whether a run has failed too often to be tried again."""
    deaths = sum(end.kind == "died" for end in ends)
    return deaths >= DEATHS or len(ends) - deaths >= OWN_FAILURES


def forget(folder: Path, run_id: str) -> None:
    """Give a run its tries again."""
    for path in folder.glob(f"{run_id}.*.log"):
        moving.remove(path)


def _lock_of(path: Path) -> Path:
    return path.with_suffix(".lock")


def _number(path: Path) -> int:
    return int(path.name.split(".")[-2])


def _ended(path: Path) -> Ended:
    """What the file of a try says about its end."""
    try:
        first, _, rest = path.read_text(encoding="utf-8", errors="replace").partition("\n")
    except OSError:
        first, rest = "", ""
    head, tail = _object(first), _object(rest.strip().rpartition("\n")[2])
    if rest.startswith(_HUNG):
        kind, message = "hung", rest[:_MESSAGE]
    elif tail.get("kind") in KINDS:
        kind, message = tail["kind"], str(tail.get("message", ""))
    else:
        kind, message = "died", "the process was killed, or ended without a word"
    return Ended(path.name.partition(".")[0], _number(path), kind, message, str(head.get("host", "")),
                 float(head.get("started") or 0))  # fmt: skip


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
