"""Locks on files that the system lets go of when their process ends, however it ends."""

from __future__ import annotations

import fcntl
from contextlib import suppress
from pathlib import Path
from typing import IO


def hold(file: IO[str]) -> None:
    """Lock an open file until it is closed. Raises BlockingIOError when another process has it."""
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_held(path: Path) -> bool:
    """Whether some process has a file locked; a file that is gone is held by nobody."""
    try:
        with open(path, encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            with suppress(OSError):
                fcntl.flock(file, fcntl.LOCK_UN)
    except OSError:
        return False
    return False
