"""Compiling what a week needs before processes are started, which then read it: else each would compile for itself."""

from __future__ import annotations

from model.machine import compiled

FUNCTIONS = 56
"""Functions of the engine that a town's first weeks compile."""
MARK = "prepared"


def prepare() -> bool:
    """Compile what towns need, unless that was done by this version, or could not be kept; whether it was needed."""
    folder = compiled.folder()
    if folder is None or (folder / MARK).exists():
        return False
    from model.town.town import Neighbourhood

    town = Neighbourhood(sample=0.005)
    town.step()
    (folder / MARK).touch()
    return True
