"""Files that take the place of others, or go: closed before, and with patience where somebody else has them open.

Windows lets nobody replace or remove a file that is open anywhere; a scanner of viruses or a reader may have it for a
moment.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PATIENCE = 5.0
"""Seconds for which a file is asked for again that Windows does not give."""


def replace(draft: str | Path, path: str | Path) -> None:
    """Give a closed draft its name, in the place of what stands there. Raises OSError."""
    _patiently(lambda: os.replace(draft, path))


def remove(path: str | Path) -> None:
    """Remove a file if it is there. Raises OSError."""
    _patiently(lambda: Path(path).unlink(missing_ok=True))


def remove_folder(folder: str | Path) -> None:
    """Remove a folder with all in it, as far as it can be removed; processes of ours may still be leaving it."""
    with suppress(OSError):
        _patiently(lambda: shutil.rmtree(folder))
    shutil.rmtree(folder, ignore_errors=True)


def appear(draft: str | Path, path: str | Path) -> None:
    """Give a closed draft its name. Raises FileExistsError when something stands there."""
    try:
        os.link(draft, path)  # unlike a rename, a link refuses to replace what is there, on every system
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        with open(path, "xb"):
            pass  # nobody else has the name now
        replace(draft, path)
    else:
        remove(draft)


def _patiently(act: Callable[[], object]) -> None:
    until, wait = time.monotonic() + PATIENCE, 0.01
    while True:
        try:
            act()
            return
        except PermissionError as error:
            # Elsewhere than on Windows a refusal is about rights, and for good.
            if getattr(error, "winerror", None) is None or time.monotonic() >= until:
                raise
        time.sleep(wait)
        wait = min(2 * wait, 0.25)
