"""How a batch ends before its time: runs that failed, a disk that is full, a user who stops it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
"""What a disk says that takes no more."""


class BatchFailed(RuntimeError):
    """Some jobs failed twice; those that went well are kept. `ours`: for reasons of this program."""

    ours = True


class NoRoomLeft(BatchFailed):
    """The disk takes no more; what was finished is kept."""

    ours = False

    def __init__(self, root: Path, error: OSError | None = None) -> None:
        why = f" ({error.strerror})" if error is not None else ""
        super().__init__(f"{root}: the disk takes no more{why}. What was finished is kept: make room, then the same "
                         "command with --resume goes on.")  # fmt: skip


class Interrupted(KeyboardInterrupt):
    """The user stopped a batch: `finished` of `planned` of `what` are kept."""

    def __init__(self, finished: int, planned: int, what: str = "replicates") -> None:
        super().__init__(f"{finished} of {planned} {what} are finished")
        self.finished, self.planned = finished, planned


@contextmanager
def room(folder: Path) -> Iterator[None]:
    """Within it, a disk that takes no more is said so."""
    try:
        yield
    except OSError as error:
        raise NoRoomLeft(folder, error) if error.errno in NO_ROOM else error from None
