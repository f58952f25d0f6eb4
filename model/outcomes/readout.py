"""Reading a town as it stands: shares and means by any attribute, weighted to the real population."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from model.errors import Fault, InputError, nearest
from model.outcomes.record import UNIT
from model.outcomes.strata import FEWEST, JOINT, crossed, crossing_of
from model.place.place import Place
from model.population.attributes import ATTRIBUTES, BY_NAME
from model.population.columns import LEVELS
from model.population.people import People

By = str | Sequence[str] | None


class Readout:
    """`share` and `mean` over residents; `by` is an attribute, `zone`, or None for everybody.

    `by` may be a list of attributes: people are then told by their crossing (`limited_a_lot+female`), and groups of
    fewer than 20 simulated residents are nan. `people` tells how many stand behind each.
    """

    def __init__(self, people: People, place: Place, weight: np.ndarray) -> None:
        self._people, self._place, self._weight = people, place, weight.astype(np.float64)

    def share(self, level: str, by: By = None) -> pd.Series:
        """Share (0-1) of residents at an activity `level`, a Series over the levels of `by`."""
        if level not in LEVELS:
            raise InputError(Fault("unknown level", key="level", found=level, allowed=", ".join(LEVELS),
                                   hint=nearest(level, LEVELS)))  # fmt: skip
        return self.mean(self._people.level == LEVELS.index(level), by).rename(level)

    def mean(self, values: np.ndarray | str, by: By = None) -> pd.Series:
        """Weighted mean of a column (by name) or of (n,) values."""
        values = self._people.column(values) if isinstance(values, str) else values
        codes, names, title = self._groups(by)
        weight = np.bincount(codes, self._weight, len(names))
        if JOINT in title:
            weight[np.bincount(codes[self._weight > 0], minlength=len(names)) < FEWEST] = 0.0
        total = np.bincount(codes, self._weight * values, len(names))
        with np.errstate(divide="ignore", invalid="ignore"):
            return pd.Series(np.where(weight > 0, total / weight, np.nan), index=pd.Index(names, name=title))

    def people(self, by: By = None) -> pd.DataFrame:
        """How many stand behind each level of `by`: real `adults`, and `residents_simulated`."""
        codes, names, title = self._groups(by)
        counted = self._weight > 0
        return pd.DataFrame(
            {
                "adults": np.bincount(codes, self._weight, len(names)) / UNIT,
                "residents_simulated": np.bincount(codes[counted], minlength=len(names)),
            },
            index=pd.Index(names, name=title),
        )

    def _groups(self, by: By) -> tuple[np.ndarray, list[str], str]:
        """The code (n,) of each resident's level, the levels by code, and the name of them all together."""
        people = self._people
        if by is not None and not isinstance(by, str):
            if len(by) != 1:
                names = crossing_of(by)
                return (*crossed(people, names), JOINT.join(names)) if names else self._groups(None)
            by = by[0]
        if by is None:
            return np.zeros(people.n, dtype=np.int64), ["all"], "all"
        if by == "zone":
            return people.zone.astype(np.int64), [str(code) for code in self._place.zones["code"]], by
        if by not in ATTRIBUTES:
            raise InputError(Fault("unknown attribute", key="by", found=by, allowed=", ".join([*ATTRIBUTES, "zone"]),
                                   hint=nearest(by, [*ATTRIBUTES, "zone"])))  # fmt: skip
        return BY_NAME[by].codes(people), list(ATTRIBUTES[by]), by
