"""The population as columns: one array a column, one row a resident, read as attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from model.population.columns import DYNAMIC, FIXED, RESIDENT


class People:
    """A struct of arrays. `people.age` is the live array of ages; its rows are residents in storage order.

    Shapes: `(n,)`, or `(width, n)` for a column declared with a width. Fixed columns are shared between copies.
    """

    def __init__(
        self, fixed: Mapping[str, np.ndarray], dynamic: Mapping[str, np.ndarray] | None = None
    ) -> None:
        missing = [column.name for column in FIXED if column.name not in fixed]
        if missing:
            raise ValueError(f"people lack the columns {', '.join(missing)}")
        self.n = len(fixed["id"])
        for column in FIXED:
            setattr(self, column.name, np.ascontiguousarray(fixed[column.name], dtype=column.dtype))
        for column in DYNAMIC:
            given = None if dynamic is None else dynamic[column.name]
            setattr(self, column.name, column.empty(self.n) if given is None else given)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> np.ndarray: ...

    def copy(self) -> People:
        """A copy whose weekly columns are its own; the fixed columns are shared."""
        fixed = {column.name: getattr(self, column.name) for column in FIXED}
        return People(fixed, {column.name: _copied(getattr(self, column.name)) for column in DYNAMIC})

    def column(self, name: str) -> np.ndarray:
        """A column by name, KeyError when it is not declared."""
        RESIDENT[name]
        column: np.ndarray = getattr(self, name)
        return column

    @property
    def nbytes(self) -> int:
        """Memory of all columns, bytes."""
        return sum(getattr(self, name).nbytes for name in RESIDENT)


def _copied(values: np.ndarray) -> np.ndarray:
    """A copy; of a column that nothing uses yet, all 0, one that takes no memory until somebody writes to it."""
    unused = values.size > 0 and not values.flat[0] and not values.any()
    return np.zeros(values.shape, values.dtype) if unused else values.copy()
