"""Strata: everybody, each level of each attribute, each zone; and the crossings of attributes that are counted."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from model.columns import ATTRIBUTES
from model.people import People

CROSSED = (
    ("imd_quintile", "imd_decile", "disability", "condition"),
    ("age_band", "sex", "ethnicity", "car", "segment"),
    ("zone",),
)
"""Groups counted together: a week adds each resident to one cell a crossing, then each cell to its strata."""


@dataclass(frozen=True)
class Strata:
    """names: (group, level) of each stratum; cells: (crossings, n) uint16 cell of each resident in each crossing;
    of_cell: (cells, most) int32 strata that a cell belongs to, padded with the number of strata."""

    names: list[tuple[str, str]]
    cells: np.ndarray
    of_cell: np.ndarray

    def sums(self, values: np.ndarray) -> np.ndarray:
        """(strata,) float64 sums of `values` (n,)."""
        total = np.zeros(len(self.names) + 1)
        for cells in self.cells:
            np.add.at(total, self.of_cell, np.bincount(cells, values, len(self.of_cell))[:, None])
        return total[:-1]


NO_STRATA = Strata([], np.zeros((0, 0), np.uint16), np.zeros((0, 0), np.int32))
"""What a town is recorded by before its people have what strata go by."""


def strata_of(people: People, zone_codes: list[str]) -> Strata:
    """The strata of a place, and each resident's cells."""
    names, first = [("all", "all")], {}
    groups = ATTRIBUTES | {"zone": tuple(zone_codes)}
    for group, levels in groups.items():
        first[group] = len(names)
        names += [(group, level) for level in levels]
    cells: list[np.ndarray] = []
    of_cell = np.zeros((0, 1 + max(map(len, CROSSED))), np.int32)
    for crossing in CROSSED:
        sizes = [len(groups[group]) for group in crossing]
        codes = [_codes(people, group) for group in crossing]
        cells.append((np.ravel_multi_index(codes, sizes) + len(of_cell)).astype(np.uint16))
        added = np.full((math.prod(sizes), of_cell.shape[1]), len(names), np.int32)
        for column, codes_of_cells in enumerate(np.unravel_index(np.arange(len(added)), sizes)):
            added[:, column] = first[crossing[column]] + codes_of_cells
        of_cell = np.concatenate([of_cell, added])
    # Everybody is in one cell of the last crossing.
    of_cell[-math.prod(sizes) :, -1] = 0
    return Strata(names, np.stack(cells), of_cell)


def _codes(people: People, group: str) -> np.ndarray:
    codes = people.cars if group == "car" else getattr(people, group)
    return codes.astype(np.int64) - group.startswith("imd")
