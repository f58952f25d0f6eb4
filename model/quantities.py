"""Named quantities that interventions raise or lower. Sums, so their order cannot matter and they end cleanly."""

from __future__ import annotations

import numpy as np

from model.columns import KINDS

OF_RESIDENTS = tuple(f"utility.{kind}" for kind in KINDS)
OF_ASSETS = ("price", "upkeep", "step_free", "welcome", "opening", "capacity", "open")
OF_CELLS = ("disorder", "traffic", "walkability", "green", "upkeep_streets", "lighting")
OF_MOVEMENT = ("founding", "organising", "urgency")
"""Times likelier, besides, that a resident starts a group, that organisers of their group ask others; stirred up or not."""
NAMES = (*OF_RESIDENTS, *OF_MOVEMENT, *OF_ASSETS, *OF_CELLS)


class Quantities:
    """What is added to each named quantity this week: an array of its own size, or None while nothing is added."""

    def __init__(self, residents: int, assets: int, cells: int) -> None:
        self._sizes = {
            **dict.fromkeys((*OF_RESIDENTS, *OF_MOVEMENT), residents),
            **dict.fromkeys(OF_ASSETS, assets),
            **dict.fromkeys(OF_CELLS, cells),
        }
        self._sums: dict[str, np.ndarray] = {}

    def add(self, name: str, amount: float | np.ndarray, rows: np.ndarray | slice = slice(None)) -> None:
        """Add `amount` to the quantity `name` for `rows` (residents, assets or cells, as the name has it)."""
        if name not in self._sums:
            self._sums[name] = np.zeros(self._sizes[name], dtype=np.float64)
        if isinstance(rows, slice):
            self._sums[name][rows] += amount
        else:
            np.add.at(self._sums[name], rows, amount)

    def of(self, name: str) -> np.ndarray | None:
        """What is added to `name`, or None when nothing is."""
        return self._sums.get(name)

    def clear(self) -> None:
        """Forget everything added."""
        self._sums.clear()

    def any_of(self, names: tuple[str, ...]) -> bool:
        """Whether anything is added to one of `names`."""
        return any(name in self._sums for name in names)
