"""Towns before their first week, kept on disk: who looks at plan after plan in one town has it made once.

They stand beside the compiled code, in a folder that is this user's own: what is kept is code that runs when read. A town
goes by all that makes it: the bytes of its place's files, of the engine and of what it rests on, and every setting.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model import schedule
from model.files import moving
from model.machine import compiled
from model.outcomes import catalogue
from model.parameters import Parameters
from model.place.place import Place, find
from model.place.report import READ
from scenarios.provenance import identity

if TYPE_CHECKING:
    from model.state import State

KEPT = 4
"""Towns that are left, those looked at last."""
LARGEST = 32_000_000
"""Bytes of a town beyond which it is not kept."""
RESTS_ON = ("numpy", "pandas", "scipy", "numba")


@dataclass(frozen=True)
class Asked:
    """A town before its first week; `place` is a name, a path, or a Place."""

    place: Any
    parameters: Parameters
    definition: str
    start: date
    sample: float
    seed: int


def state(asked: Asked) -> State:
    """The town asked for, kept or made. Raises InputError when it cannot be made."""
    path = _path(asked)
    if path is not None and (found := _read(path)) is not None:
        return found
    made = make(asked)
    if path is not None:
        with suppress(OSError):
            _write(path, made)
    return made


def make(asked: Asked) -> State:
    """The town asked for, made anew."""
    from model import Neighbourhood

    place = asked.place if isinstance(asked.place, Place) else Place.load(asked.place)
    made = Neighbourhood(place, seed=asked.seed, sample=asked.sample, parameters=asked.parameters,
                         definition=asked.definition, start=asked.start)  # fmt: skip
    return made.state


def _path(asked: Asked) -> Path | None:
    """Where a town is kept; None when it cannot be told by files alone, or nothing can be kept."""
    folder = compiled.folder()
    if folder is None or isinstance(asked.place, Place) or _brought():
        return None
    source = find(asked.place)
    if not isinstance(source, Path):
        return None
    told = [sys.version, *(f"{name} {version(name)}" for name in RESTS_ON), identity.engine_digest(),
            asked.parameters.digest, asked.definition, asked.start, asked.sample, asked.seed, source.resolve()]  # fmt: skip
    total = hashlib.sha256("\n".join(map(str, told)).encode("utf-8", "backslashreplace"))
    try:
        for path in [source] if source.is_file() else sorted(source.iterdir()):
            content = path.read_bytes() if path == source or (path.name in READ and path.is_file()) else b""
            total.update(f"\n{path.name} {len(content)}\n".encode("utf-8", "backslashreplace") + content)
    except OSError:
        return None
    return folder / "towns" / f"{total.hexdigest()[:32]}.pickle"


def _brought() -> bool:
    """Whether somebody brought something that a town may be made with."""
    return bool(schedule.own() or catalogue.own())


# ------------------------------------------------------------------------------------------------ files


def _read(path: Path) -> State | None:
    """The town in a file; None when there is none that can be read."""
    try:
        found: State = _Reader(io.BytesIO(path.read_bytes())).load()
        for part in (found.place, found.assets):
            _let_wait(part)
        os.utime(path)
    except Exception:  # cut off, or of another make: it is made anew
        return None
    return found


def _write(path: Path, made: State) -> None:
    """Keep a town, whole or not at all."""
    from scenarios.files.store import write_bytes

    content = io.BytesIO()
    _Writer(content, (made.place.zones, made.place.assets, made.assets.frame)).dump(made)
    if content.tell() > LARGEST:
        return
    path.parent.mkdir(mode=0o700, exist_ok=True)
    write_bytes(path, content.getvalue())
    by_age = sorted(path.parent.glob("*.pickle"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in by_age[KEPT:]:
        moving.remove(old)


class _Writer(pickle.Pickler):
    """Writes tables as bytes of their own, which can be left for later."""

    def __init__(self, file: io.BytesIO, tables: tuple[Any, ...]) -> None:
        super().__init__(file, 5)
        self._tables = tables

    def persistent_id(self, value: Any) -> bytes | None:
        return pickle.dumps(value, 5) if any(value is table for table in self._tables) else None


class _Reader(pickle.Unpickler):
    def persistent_load(self, content: bytes) -> _Waiting:
        return _Waiting(content)


@dataclass(frozen=True)
class _Waiting:
    """A table that nobody has asked for yet: reading it takes pandas, which loads slowly."""

    content: bytes


def _let_wait(part: Any) -> None:
    """Let the tables of a part of a town be read when they are first asked for."""
    waiting = {name: value for name, value in vars(part).items() if isinstance(value, _Waiting)}
    for name in waiting:
        del vars(part)[name]

    def read(self: Any, name: str) -> Any:
        if name not in waiting:
            raise AttributeError(name)
        vars(self)[name] = pickle.loads(waiting[name].content)
        return vars(self)[name]

    kind = type(part)
    object.__setattr__(part, "__class__", type(kind.__name__, (kind,), {"__getattr__": read}))
