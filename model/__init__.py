"""The engine: people as columns, a week as a list of acts. `from model import Neighbourhood, Place`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.machine import compiled
from model.machine.late import files_of

if TYPE_CHECKING:
    from model import rng as rng
    from model.place.place import Place
    from model.town.town import Neighbourhood

__all__ = ["Neighbourhood", "Place"]

compiled.keep()


def __getattr__(name: str) -> Any:
    # Imported when first asked for: Mesa takes a second, and most verbs do not need it.
    if name == "Neighbourhood":
        from model.town.town import Neighbourhood

        return Neighbourhood
    if name == "Place":
        from model.place.place import Place

        return Place
    return files_of(__name__)(name)
