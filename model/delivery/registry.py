"""The types of intervention by name: ours, found in their folder, and those from outside, taken in when they are whole."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import PydanticUserError

from model.delivery.settings import Intervention
from model.errors import Fault, InputError

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
"""Names of types: small letters, digits and _."""

Kind = type[Intervention]


@dataclass(frozen=True)
class Source:
    """Where a type from outside comes from: its file, or none when it was typed in; the text of that file."""

    file: str | None
    text: str = ""


class Registry(Mapping[str, Kind]):
    """Every type of intervention by the name it has in a scenario, in the order of names.

    Types from outside come last, in the order in which they came; `sources` says where each of those comes from.
    home: the module where it stands as `REGISTRY`, so that it is sent to other processes by name.
    """

    def __init__(self, home: str) -> None:
        self.__module__ = home
        self._kinds: dict[str, Kind] = {}
        self.sources: dict[str, Source] = {}
        self._hear: list[Callable[[], object]] = []

    def __getitem__(self, name: str) -> Kind:
        return self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def inert(self, settings: Mapping[str, Any]) -> bool:
        """Whether settings, as a file holds them, are of a type that does nothing."""
        kind = self._kinds.get(str(settings.get("type")))
        return kind is not None and kind.inert

    def __reduce__(self) -> str:
        return "REGISTRY"

    def on_change(self, hear: Callable[[], object]) -> None:
        """Call `hear` whenever a type is taken in: what was made of the types must be made anew."""
        self._hear.append(hear)

    def ours(self, module: ModuleType) -> None:
        """Take in the one type of a file of ours, which bears its name. Raises InputError when it is not whole."""
        (kind,) = kinds_in(module)
        faults = faults_of(kind, self, str(module.__file__))
        if name_of(kind) != module.__name__.rpartition(".")[2]:
            faults.append(
                Fault("bears another name than its file", str(module.__file__), found=name_of(kind))
            )
        if faults:
            raise InputError(faults)
        self._kinds[name_of(kind)] = kind

    def take_in(self, kind: Kind, source: Source) -> Kind:
        """Take in a type from outside; once more, in the place of an earlier form of the same class, is allowed.

        Raises InputError naming everything that it lacks.
        """
        name = name_of(kind)
        earlier = self._kinds.get(name)
        if earlier is kind:
            return kind
        again = earlier is not None and name in self.sources and _same_place(earlier, kind)
        if faults := faults_of(kind, {} if again else self, source.file):
            raise InputError(faults)
        self._kinds[name], self.sources[name] = kind, source
        for hear in self._hear:
            hear()
        return kind

    def drop(self, name: str) -> None:
        """Forget a type from outside."""
        del self._kinds[name], self.sources[name]
        for hear in self._hear:
            hear()


def name_of(kind: Kind) -> str:
    """The name of a type in scenario files; empty when its settings give none."""
    return str(getattr(kind.model_fields.get("type"), "default", "") or "").replace("PydanticUndefined", "")


def kinds_in(module: ModuleType) -> list[Kind]:
    """The types of intervention that a module defines."""
    return [one for one in vars(module).values()
            if isinstance(one, type) and issubclass(one, Intervention) and one.__module__ == module.__name__
            and not one.__name__.startswith("_")]  # fmt: skip


def faults_of(kind: Kind, taken: Mapping[str, Kind], file: str | None) -> list[Fault]:
    """What a type lacks that every type needs: a name of its own, a title, a price, somebody who delivers it."""
    name, line = name_of(kind), _line(kind, file)
    key = kind.__name__
    if not NAME.fullmatch(name):
        return [Fault("names no type", file, line, key, repr(name) if name else None, "small letters, digits and _",
                      'Write in it: type: Literal["my_type"] = "my_type"')]  # fmt: skip
    found = []
    if name in taken:
        other = taken[name]
        found.append(Fault("the name of its type is taken", file, line, f"{key}.type", repr(name),
                           hint=f"{other.__module__}.{other.__name__} has it: choose another."))  # fmt: skip
    try:
        kind.model_rebuild(force=True)
    except (PydanticUserError, NameError) as error:
        found.append(Fault("the types of its settings cannot be read", file, line, key, str(error).splitlines()[0],
                           hint="Define it in a file, a notebook or a script."))  # fmt: skip
    if not kind.title:
        found.append(
            Fault("has no title", file, line, key, hint='Write in it: title: ClassVar[str] = "My type"')
        )
    if kind.usual_price is Intervention.usual_price:
        found.append(Fault("has no price", file, line, key,
                           hint="Write in it: def usual_price(self) -> Price, from its size."))  # fmt: skip
    if not hasattr(kind, "delivery"):
        found.append(Fault("nothing delivers it", file, line, key,
                           hint=f"Write below it: class {key}Programme(Programme, delivers={key})"))  # fmt: skip
    return found


def _same_place(earlier: Kind, kind: Kind) -> bool:
    """Whether a class was made anew where the earlier one was made: a cell run again, a file read again."""
    return earlier.__qualname__ == kind.__qualname__ and _file(earlier) == _file(kind)


def _file(kind: Kind) -> str | None:
    return getattr(sys.modules.get(kind.__module__), "__file__", None)


def _line(kind: Kind, file: str | None) -> int | None:
    """The line on which a class begins in its file."""
    if file is None:
        return None
    try:
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return None
    return next((one.lineno for one in ast.walk(tree) if isinstance(one, ast.ClassDef) and one.name == kind.__name__),
                None)  # fmt: skip
