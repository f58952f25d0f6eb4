"""What an outcome is: everything the project says or asks of one, in one declaration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from model.outcomes.record import Record

UNITS = {
    "share": "share, 0 to 1 (differences in percentage points when multiplied by 100)",
    "gap": "difference of two shares (percentage points when multiplied by 100)",
    "ratio": "ratio, 1 = no difference",
    "minutes": "moderate-equivalent minutes a week",
    "people": "adults of the whole place",
    "person_years": "years lived by adults of the whole place",
    "residents": "simulated residents",
    "count": "number, scaled to the whole place",
    "pounds": "GBP at the scenario's price year",
}
"""What the numbers of a unit are."""

Scale = Literal["share", "points", "money", "people", "ratio", "minutes"]

SCALES: dict[str, Scale] = {
    "share": "share", "gap": "points", "ratio": "ratio", "minutes": "minutes", "people": "people",
    "person_years": "people", "residents": "people", "count": "people", "pounds": "money",
}  # fmt: skip
"""How the numbers of a unit are written."""

Groups = Literal["all", "groups", "zones", "kinds", "crossed"]
"""For whom: everybody alone; besides, each level of each attribute; besides, each zone; kinds of place; crossed groups."""

Over = Literal["mean", "sum", "so_far", "own", "end"]
"""Over a window of weeks: their mean; all since the first week; the mean since the first week; weeks of its own (while a
plan is delivered, after it); known at the end of a run alone."""

Kept = Literal["level", "gap", "flow", "measured", "end", "compared"]
"""Where it comes from. level: counts of every stratum and week, read from the Record; gap: read from the Record, of
everybody; flow: what programmes and groups tell each week, of everybody; measured: a value of each resident each week;
end: the end of a run; compared: a plan beside its baseline."""

Read = Callable[["Record"], np.ndarray]
"""Of a Record of W weeks (a window pooled is one of them): (W, S) for levels, (W,) for gaps."""

Measure = Callable[[Any], np.ndarray]
"""Of a town's State at the end of a week: (n,) a value of each resident, nan for whom there is none."""

Pair = tuple[str, str]
"""A group and one of its levels."""


@dataclass(frozen=True)
class Outcome:
    """One outcome, declared once. `unit`: a key of UNITS. `better`: less, more, or empty where neither is good in itself.

    in_full: its name in the report's table of outcomes; empty when it does not stand there. headline: its row, from 1, in
    the small table of a comparison. of: the outcome that it is an effect on, a mean of, or the price of. between: groups
    between whom it is a difference. difference: of a ratio of two shares, the outcome that is their difference. together:
    what a difference and its ratio are called in one line. before: the outcome before which tables of weeks have it.
    each: what a price is the price of, in words. from_none: counted or paid up from none, so that no less can be.
    swept: whether sweeps have it.
    """

    name: str
    label: str
    unit: str
    meaning: str
    better: Literal["", "less", "more"] = ""
    in_full: str = ""
    kept: Kept = "compared"
    groups: Groups = "all"
    over: Over = "mean"
    read: Read | None = None
    measure: Measure | None = None
    headline: int = 0
    of: str = ""
    between: tuple[Pair, ...] = ()
    difference: str = ""
    together: str = ""
    before: str = ""
    each: str = ""
    from_none: bool = False
    swept: bool = True

    @property
    def scale(self) -> Scale | None:
        """How its numbers are written: a share, points, money, people, a ratio or minutes; None where nothing is known."""
        return SCALES.get(self.unit)

    @property
    def weekly(self) -> bool:
        """Whether every week of a run has it."""
        return self.kept in ("level", "gap", "flow", "measured")

    @property
    def adds_up(self) -> bool:
        """A flow, summed from the first week; all else is a stock, or a level."""
        return self.over == "sum"

    @property
    def widens(self) -> bool:
        """Whether it is a gap, which widens or narrows."""
        return self.unit in ("gap", "ratio") and self.better == "less"

    @property
    def total(self) -> bool:
        """Whether what is measured of residents is added up over the place, not averaged."""
        return self.scale == "people"
