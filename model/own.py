"""What is added from outside the project, by name: outcomes, acts of the week; each with the plugin that it comes from."""

from __future__ import annotations

import re
from typing import Generic, TypeVar

T = TypeVar("T")
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


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
