"""The Python that runs, the packages it has, and the environment that the program makes for itself."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from cli import environment, ready
from cli.doctor.check import Check

FEW = 3
"""Packages missing beyond which one command mends all."""


def python() -> Check:
    """Whether this Python will do."""
    right = ready.is_right_python()
    found = f"{sys.version.split()[0]} ({sys.executable})"
    return Check(
        "Python 3.11 to 3.13", right, found, None if right else ready.set_up(), None if right else _own()
    )


def packages() -> Iterator[Check]:
    """Each package in a version that will do. Mesa 4 drops what we use; under ipyvue 3 the live view of Mesa 3 crashes."""
    gone, inside = ready.missing(), sys.prefix != sys.base_prefix
    if len(gone) > FEW or (gone and not inside):
        yield Check("Packages are installed", False, f"missing: {', '.join(gone)}", ready.set_up(), _own())
    for name, (low, below) in ready.requirements().items():
        wanted = ",".join(part for part in (low and f">={low}", below and f"<{below}") if part)
        right = ready.is_right(name)
        mend = f"{sys.executable} -m pip install '{name}{wanted}'"
        if name not in gone or (len(gone) <= FEW and inside):
            yield Check(f"{name} {wanted}", right, _version(name), *(() if right else (mend, _own())))


def setting_up() -> Check:
    """Whether a set-up was cut off: others wait for it."""
    lock = environment.lock()
    try:
        held = time.time() - lock.stat().st_mtime
    except OSError:
        return Check("No set-up was cut off", True, "none is under way")
    mend = f"remove {lock}, unless another window is setting up just now"
    return Check("No set-up was cut off", False, f"{lock.name} is {held:.0f} s old", mend,
                 _let_go if held > environment.USUAL_SECONDS else None)  # fmt: skip


def _let_go() -> str:
    from model.files import moving

    moving.remove(environment.lock())
    return "removed what was left of it"


def _own() -> environment.Act | None:
    """Fill the program's own environment anew, where it can have one."""
    return _fill if environment.can_be() else None


def _fill() -> str:
    environment.forget()
    environment.make()
    return f"{environment.WHERE} is filled; `{ready.door()}` goes on in it by itself"


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"
