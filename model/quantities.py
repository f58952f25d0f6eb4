"""Named quantities that interventions and barriers raise or lower. Sums, so their order cannot matter and they end cleanly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.population.columns import KINDS

OF_RESIDENTS = tuple(f"utility.{kind}" for kind in KINDS)
OF_ASSETS = ("price", "upkeep", "step_free", "welcome", "opening", "capacity", "open")
OF_CELLS = ("disorder", "traffic", "walkability", "green", "upkeep_streets", "lighting")
OF_MOVEMENT = ("founding", "organising", "urgency")
"""Times likelier, besides, that a resident starts a group, that organisers of their group ask others; stirred up or not."""
NAMES = (*OF_RESIDENTS, *OF_MOVEMENT, *OF_ASSETS, *OF_CELLS)

MET_AROUND = (
    "disorder",
    "traffic",
    "walkability",
    "green",
    "upkeep_streets",
    "time_pressure",
    "means",
    "knowhow",
)
"""What one person meets around home and in daily life, in the order of `kernels/opportunity.py`."""
MET_AT_PLACES = ("price", "upkeep", "step_free", "welcome", "opening", "means")
"""What one person meets at places, in the order of `kernels/places.py`."""


@dataclass(frozen=True)
class Quantity:
    """A quantity as one person meets it: its unit and bounds, and the largest change that a barrier may make."""

    unit: str
    low: float
    high: float
    most: float
    meaning: str


def _share(meaning: str) -> Quantity:
    return Quantity("0-1", 0.0, 1.0, 1.0, meaning)


MET: dict[str, Quantity] = {
    "disorder": _share("crime and disorder in the streets around home"),
    "traffic": _share("traffic danger around home"),
    "walkability": _share("how walkable everyday places are from home"),
    "green": _share("green space around home"),
    "upkeep_streets": _share("how well kept the streets around home are"),
    "time_pressure": _share("how pressed for time by work, care and children"),
    "means": Quantity("rank", 0.0, 1.0, 1.0, "money to spend, as prices, kit and fees are felt"),
    "knowhow": Quantity(
        "SD", -5.0, 5.0, 3.0, "capability and confidence, in everyday activity (joining apart)"
    ),
    "price": Quantity("GBP a visit", 0.0, np.inf, 100.0, "price of a visit to any place"),
    "upkeep": _share("upkeep of any place"),
    "step_free": _share("how step-free any place is"),
    "welcome": _share("how welcome newcomers feel at any place"),
    "opening": _share("hours in which any place is open"),
    **{
        f"utility.{kind}": Quantity("logit", -np.inf, np.inf, 5.0, f"readiness for {kind.replace('_', ' ')}")
        for kind in KINDS
    },
}
"""Every quantity that can be changed as a group of people meets it, by name."""


class Quantities:
    """What is added to each named quantity this week: an array of its own size, or None while nothing is added.

    `add` changes a quantity for everybody who meets it; `meet` changes it for some residents alone.
    """

    def __init__(self, residents: int, assets: int, cells: int) -> None:
        self._residents = residents
        self._sizes = {
            **dict.fromkeys((*OF_RESIDENTS, *OF_MOVEMENT), residents),
            **dict.fromkeys(OF_ASSETS, assets),
            **dict.fromkeys(OF_CELLS, cells),
        }
        self._sums: dict[str, np.ndarray] = {}
        self._met: dict[str, np.ndarray] = {}
        self._tables: dict[tuple[str, ...], np.ndarray] = {}

    def add(self, name: str, amount: float | np.ndarray, rows: np.ndarray | slice = slice(None)) -> None:
        """Add `amount` to the quantity `name` for `rows` (residents, assets or cells, as the name has it)."""
        if name not in self._sums:
            self._sums[name] = np.zeros(self._sizes[name], dtype=np.float64)
        if isinstance(rows, slice):
            self._sums[name][rows] += amount
        else:
            np.add.at(self._sums[name], rows, amount)

    def meet(self, name: str, amount: float, rows: np.ndarray) -> None:
        """Add `amount` to the quantity `name` as the residents in `rows` (each at most once) meet it."""
        if name in OF_RESIDENTS:
            return self.add(name, amount, rows)
        self._met.setdefault(name, np.zeros(self._residents))[rows] += amount
        self._tables.clear()

    def of(self, name: str) -> np.ndarray | None:
        """What is added to `name`, or None when nothing is."""
        return self._sums.get(name)

    def met(self, names: tuple[str, ...]) -> np.ndarray:
        """(names, residents) what each resident meets more or less of; (names, 0) while nobody does."""
        if names not in self._tables:
            some = [self._met.get(name) for name in names]
            wide = self._residents if any(one is not None for one in some) else 0
            self._tables[names] = np.array([np.zeros(wide) if one is None else one for one in some])
        return self._tables[names]

    def clear(self) -> None:
        """Forget everything added."""
        self._sums.clear()
        self._met.clear()
        self._tables.clear()

    def any_of(self, names: tuple[str, ...]) -> bool:
        """Whether anything is added to one of `names`, for everybody or for some."""
        return any(name in self._sums or name in self._met for name in names)
