"""A place: its zones, its assets, the grid over them, and the files they are read from."""

from __future__ import annotations

from model.place.place import Place

__all__ = ["Place"]
