"""What is added from outside the project, by name: outcomes, acts of the week; each with the plugin that it comes from."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Generic, TypeVar

from model.errors import Fault

T = TypeVar("T")
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


def name_faults(name: str, what: str, ours: Collection[str]) -> list[Fault]:
    """What is wrong with the name of an addition: no name at all, or one of the project's. what: "an act", say."""
    if not NAME.fullmatch(name):
        return [Fault(f"is no name of {what}", key="name", found=name, allowed="small letters, digits and _")]
    if name in ours:
        return [Fault(f"is {what} of the project", key="name", found=name, hint="Give yours another name.")]
    return []


class Own(Generic[T]):
    """Additions of one kind, in the order in which they came. Types of intervention have a registry of their own."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[T, object]] = {}

    def all(self) -> tuple[T, ...]:
        """Each of them."""
        return tuple(one for one, _ in self._kept.values())

    def get(self, name: str) -> T | None:
        """One by its name; None where there is none."""
        return self._kept[name][0] if name in self._kept else None

    def source(self, name: str) -> object:
        """The plugin that one comes from; None when it was registered from Python, or is none."""
        return self._kept[name][1] if name in self._kept else None

    def take_in(self, name: str, one: T, source: object = None) -> T:
        """Keep one; the same name again replaces it."""
        self._kept[name] = one, source
        return one

    def forget(self, name: str) -> None:
        """Take one out again."""
        self._kept.pop(name, None)
