"""Reading a town as it stands: shares and means by any attribute, weighted to the real population."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.columns import ATTRIBUTES, LEVELS
from model.errors import Fault, InputError, nearest
from model.people import People
from model.place import Place


class Readout:
    """`share` and `mean` over residents; `by` is an attribute, `zone`, or None for everybody."""

    def __init__(self, people: People, place: Place, weight: np.ndarray) -> None:
        self._people, self._place, self._weight = people, place, weight.astype(np.float64)

    def share(self, level: str, by: str | None = None) -> pd.Series:
        """Share (0-1) of residents at an activity `level`, a Series over the levels of `by`."""
        if level not in LEVELS:
            raise InputError(Fault("unknown level", key="level", found=level, allowed=", ".join(LEVELS),
                                   hint=nearest(level, LEVELS)))  # fmt: skip
        return self.mean(self._people.level == LEVELS.index(level), by).rename(level)

    def mean(self, values: np.ndarray | str, by: str | None = None) -> pd.Series:
        """Weighted mean of a column (by name) or of (n,) values."""
        values = self._people.column(values) if isinstance(values, str) else values
        codes, names = self._groups(by)
        weight = np.bincount(codes, self._weight, len(names))
        total = np.bincount(codes, self._weight * values, len(names))
        with np.errstate(invalid="ignore"):
            return pd.Series(
                np.where(weight > 0, total / weight, np.nan), index=pd.Index(names, name=by or "all")
            )

    def _groups(self, by: str | None) -> tuple[np.ndarray, list[str]]:
        people = self._people
        if by is None:
            return np.zeros(people.n, dtype=np.int64), ["all"]
        if by == "zone":
            return people.zone.astype(np.int64), [str(code) for code in self._place.zones["code"]]
        if by not in ATTRIBUTES:
            raise InputError(Fault("unknown attribute", key="by", found=by, allowed=", ".join([*ATTRIBUTES, "zone"]),
                                   hint=nearest(by, [*ATTRIBUTES, "zone"])))  # fmt: skip
        codes = people.cars if by == "car" else people.column(by)
        return codes.astype(np.int64) - (1 if by.startswith("imd") else 0), list(ATTRIBUTES[by])
