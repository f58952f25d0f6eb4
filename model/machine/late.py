"""Files of a package that are read when something first asks for them, as numpy and scipy do it.

Compiled code takes most of a second to load. Whoever only reads settings never waits for it: `from model import kernels`
is quick, and `kernels.joining` is read where it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


def files_of(package: str) -> Callable[[str], ModuleType]:
    """A `__getattr__` for the package: it imports the file of that name. Raises AttributeError where there is none."""

    def found(name: str) -> ModuleType:
        full = f"{package}.{name}"
        if name.startswith("__") or find_spec(full) is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return import_module(full)

    return found
