"""Compiled code: where it is kept, and how compiling is made quicker.

Numba keeps compiled functions on disk and looks only at the file of each for changes. But compiled functions hold those
they call: so what is kept stands in a folder named after all sources that others draw on, and a change there, by an
update of the project say, never runs as it was compiled before.
"""

from __future__ import annotations

import gc
import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent
KEPT = 3
"""Folders left of earlier versions and this one, the youngest."""


def shared_sources(root: Path = ROOT) -> list[Path]:
    """The files that files with compiled functions import from, in order."""
    compiled = [path for path in sorted(root.rglob("*.py")) if b"njit" in path.read_bytes()]
    names = {
        name
        for path in compiled
        for name in re.findall(r"^from model\.([\w.]+) import", path.read_text("utf-8"), re.M)
    }
    return sorted(
        path for name in names if (path := root.joinpath(*name.split(".")).with_suffix(".py")).is_file()
    )


def version(root: Path = ROOT) -> str:
    """A fingerprint of the shared sources."""
    total = hashlib.blake2b(digest_size=6)
    for path in shared_sources(root):
        total.update(path.name.encode() + path.read_bytes())
    return f"everystep-{total.hexdigest()}"


def keep() -> Path:
    """Let numba keep compiled code in a folder of this version: in NUMBA_CACHE_DIR, beside the code, or for this user."""
    name, given = version(), os.environ.get("NUMBA_CACHE_DIR")
    if given:
        base = Path(given).parent if Path(given).name == name else Path(given)
    else:
        own = [
            ROOT / "__pycache__",
            Path.home() / ".cache" / "everystep",
            Path(tempfile.gettempdir()) / "everystep",
        ]
        base = next((folder for folder in own if _writable(folder)), own[-1])
        _tidy(base, name)
    os.environ["NUMBA_CACHE_DIR"] = str(base / name)  # processes started from here find it too
    if "numba" in sys.modules:
        sys.modules["numba"].config.CACHE_DIR = str(base / name)
    return base / name


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


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return os.access(folder, os.W_OK)
    except OSError:
        return False


def _tidy(base: Path, name: str) -> None:
    """Remove what the oldest versions left."""
    others = sorted(
        (path for path in base.glob("everystep-*") if path.name != name),
        key=lambda path: path.stat().st_mtime,
    )
    for path in others[: max(len(others) - KEPT + 1, 0)]:
        shutil.rmtree(path, ignore_errors=True)
