"""Compiled code: where it is kept, and how compiling is made quicker.

Numba keeps compiled functions on disk, and looks at the time and size of one file to know whether they still hold. But
compiled functions hold those they call, and times lie (copies, archives, containers): so what is kept stands in a folder
named by the bytes of all sources that are compiled or that these draw on. What is kept is code that runs when read: the
folder must be this user's own. Where there is none, code is compiled anew at every start, and that is said.
"""

from __future__ import annotations

import gc
import hashlib
import logging
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from model.machine import system

ROOT = Path(__file__).parents[1]
KEPT = 3
"""Folders left of earlier versions and this one, the youngest."""

UNCACHED = "EVERYSTEP_UNCACHED"
"""Set for processes started from here once it was said that nothing can be kept."""

_OURS = re.compile(r"everystep-[0-9a-f]{12}")
_ROOMS = ("model", "calibration")
_IMPORTS = re.compile(r"^from model(?:\.([\w.]+))? import ([\w, ]+)", re.M)


def sources(root: Path = ROOT) -> list[Path]:
    """The files with compiled functions, and those of the engine that they import from, in order."""
    rooms = [root.parent / name for name in _ROOMS]
    compiled = {
        path
        for room in rooms
        for path in room.rglob("*.py")
        if b"\n@njit" in path.read_bytes().replace(b"\r", b"")
    }
    names = {
        name
        for path in compiled
        for module, given in _IMPORTS.findall(path.read_text("utf-8"))
        for name in (
            [module] * bool(module) + [f"{module}.{one}".lstrip(".") for one in re.findall(r"\w+", given)]
        )
    }
    drawn_on = {root.joinpath(*name.split(".")).with_suffix(".py") for name in names}
    return sorted(compiled | {path for path in drawn_on if path.is_file()})


def version(root: Path = ROOT) -> str:
    """A fingerprint of those sources."""
    total = hashlib.blake2b(digest_size=6)
    for path in sources(root):
        content = path.read_bytes().replace(
            b"\r\n", b"\n"
        )  # a checkout on Windows may have other ends of lines
        total.update(f"{path.relative_to(root.parent).as_posix()} {len(content)}\n".encode() + content)
    return f"everystep-{total.hexdigest()}"


def keep() -> Path | None:
    """Let numba keep compiled code in a folder of this version and user; None where it can be kept nowhere.

    The folder stands in NUMBA_CACHE_DIR when that is set, else beside the code, in the user's cache, or in one of the
    user's own among temporary files.
    """
    name, why = version(), ""
    for base, shared in _bases(name):
        why = (_unsafe(base) if shared else "") or _unfit(base / name)
        if not why:
            _tidy(base, name)
            return _use(base / name)
        if os.environ.get("NUMBA_CACHE_DIR"):
            _say(f"NUMBA_CACHE_DIR is not used: {base} {why}.")
            del os.environ["NUMBA_CACHE_DIR"]
    _run_uncached()
    return None


def folder() -> Path | None:
    """The folder of this version and user in which compiled code is kept; None where there is none."""
    given = Path(os.environ.get("NUMBA_CACHE_DIR", ""))
    return given if _OURS.fullmatch(given.name) else None


def _bases(name: str) -> Iterator[tuple[Path, bool]]:
    """Where the folder may stand, best first; whether others may have a hand in what lies around it."""
    if given := os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(given).parent if Path(given).name == name else Path(given), True
    yield ROOT / "__pycache__", False
    with suppress(RuntimeError):  # a user without a home
        cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        yield Path(cache) / "everystep", False
    with suppress(OSError):  # no place for temporary files
        yield Path(tempfile.gettempdir()) / f"everystep-{system.user_name()}", True


def _unsafe(base: Path) -> str:
    """Why somebody else could put their own folder in the place of ours; empty when nobody could."""
    try:
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = base.stat()
    except OSError as error:
        return f"cannot be made ({error.strerror})"
    if system.is_of_another(found, but_root=True):
        return "belongs to another user"
    if system.is_open_to(found, group=False) and not found.st_mode & stat.S_ISVTX:
        return "can be written by everybody"
    return ""


def _unfit(folder: Path) -> str:
    """Why a folder, made if it is not there, cannot hold code that this user runs; empty when it can."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode):
            return "is a symbolic link"
        if system.is_of_another(found):
            return "belongs to another user"
        if system.is_open_to(found):
            return "can be written by others"
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return f"cannot be written ({error.strerror})"


def _use(folder: Path) -> Path:
    os.environ["NUMBA_CACHE_DIR"] = str(folder)  # processes started from here find it too
    if "numba" in sys.modules:
        sys.modules["numba"].config.CACHE_DIR = str(folder)
    return folder


def _run_uncached() -> None:
    """Compiled functions are asked to be kept where they are defined; here numba is told not to."""
    try:
        from numba.core.dispatcher import Dispatcher
    except ImportError:
        return  # not installed: nothing is compiled
    Dispatcher.enable_caching = lambda self: None  # type: ignore[method-assign]
    if not os.environ.get(UNCACHED):
        _say("Compiled code can be kept nowhere: every start takes half a minute longer. Set NUMBA_CACHE_DIR to a "
             "folder of your own that can be written.")  # fmt: skip
    os.environ[UNCACHED] = "1"


def _say(text: str) -> None:
    logging.getLogger("everystep").warning(text)


@contextmanager
def unhurried() -> Iterator[None]:
    """No collecting of garbage meanwhile: compiling makes much that is looked through again and again for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def watched(begin: Callable[[], None], end: Callable[[], None]) -> Iterator[None]:
    """Within it, `begin` is called when compiling begins, and `end` when it is over, in this process."""
    from numba.core import event

    class Watch(event.Listener):
        depth = 0

        def on_start(self, event: object) -> None:
            self.depth += 1
            if self.depth == 1:
                begin()

        def on_end(self, event: object) -> None:
            self.depth -= 1
            if self.depth == 0:
                end()

    with event.install_listener("numba:compile", Watch()):
        yield


@contextmanager
def counted(tell: Callable[[int], None]) -> Iterator[None]:
    """Within it, `tell` hears how many functions of ours this process has compiled, after each."""
    from numba.core import event

    class Count(event.Listener):
        done = 0

        def on_start(self, event: object) -> None:
            pass

        def on_end(self, event: Any) -> None:
            if event.data["dispatcher"].py_func.__module__.partition(".")[0] in _ROOMS:
                self.done += 1
                tell(self.done)

    with event.install_listener("numba:compile", Count()):
        yield


def _tidy(base: Path, name: str) -> None:
    """Remove what the oldest versions of this user left."""
    with suppress(OSError):  # another process may be at it
        found = [
            (path, path.lstat())
            for path in base.iterdir()
            if _OURS.fullmatch(path.name) and path.name != name
        ]
        own = sorted((told.st_mtime, path) for path, told in found if not system.is_of_another(told))
        for _, path in own[: max(len(own) - KEPT + 1, 0)]:
            shutil.rmtree(path, ignore_errors=True)
