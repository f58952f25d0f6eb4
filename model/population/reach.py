"""Reach: the candidate places of every home cell, nearest first, in numbered slots (one bit each in `knows`)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from model.population.assets import Assets
from model.population.columns import ASSET_KINDS, DESTINATIONS, KINDS

SLOTS = {"walk_leisure": 8, "walk_travel": 3, "cycle": 3, "gym": 8, "sport": 8, "home_garden": 0}
PLANNED = {"walk_leisure": 2, "walk_travel": 1, "cycle": 1, "gym": 2, "sport": 2, "home_garden": 0}
"""Of those slots, how many are kept for places that a plan opens: the others never change their meaning."""


@dataclass(frozen=True)
class Candidates:
    """cell_row: (cells,) row of a home cell, -1 where nobody lives; asset: (rows, slots) asset or -1;
    distance_m: (rows, slots) straight line from the middle of the cell; first: (7,) first slot of each kind, total."""

    cell_row: np.ndarray
    asset: np.ndarray
    distance_m: np.ndarray
    first: np.ndarray

    def nearness(self, reach_km: float) -> np.ndarray:
        """(rows, slots) one at the door, one in e at `reach_km`; 0 where a slot is empty."""
        return np.exp(-self.distance_m.astype(np.float64) / (1000.0 * reach_km))

    def rows_with(self, assets: np.ndarray) -> np.ndarray:
        """(rows,) uint8: 1 where a candidate is one of `assets` (bool an asset)."""
        found = np.append(assets, False)[self.asset].any(axis=1)
        marked: np.ndarray = found.astype(np.uint8)
        return marked


def build(
    cells: np.ndarray, width: int, n_cells: int, cell_m: float, assets: Assets, standing: int
) -> Candidates:
    """The reach of the home `cells` (flat, unique) over the assets; the first `standing` are there without plans.

    Distances are metres; planned assets take the slots kept for them, nearest first.
    """
    first = np.concatenate([[0], np.cumsum([SLOTS[kind] for kind in KINDS])]).astype(np.int64)
    middles = np.column_stack([(cells % width + 0.5) * cell_m, (cells // width + 0.5) * cell_m])
    table = np.full((len(cells), first[-1]), -1, dtype=np.int32)
    distance = np.full((len(cells), first[-1]), np.inf, dtype=np.float32)
    for k, kind in enumerate(KINDS):
        serves = np.isin(assets.kind, [ASSET_KINDS.index(name) for name in DESTINATIONS[kind]])
        planned = np.arange(assets.n) >= standing
        kept = PLANNED[kind]
        _nearest(
            table, distance, first[k], SLOTS[kind] - kept, middles, assets, np.flatnonzero(serves & ~planned)
        )
        _nearest(
            table, distance, first[k + 1] - kept, kept, middles, assets, np.flatnonzero(serves & planned)
        )
    cell_row = np.full(n_cells, -1, dtype=np.int32)
    cell_row[cells] = np.arange(len(cells), dtype=np.int32)
    return Candidates(cell_row, table, distance, first)


def _nearest(table: np.ndarray, distance: np.ndarray, slot: int, wanted: int, middles: np.ndarray, assets: Assets,
             rows: np.ndarray) -> None:  # fmt: skip
    wanted = min(wanted, len(rows))
    if wanted == 0 or len(middles) == 0:
        return
    tree = scipy.spatial.cKDTree(np.column_stack([assets.x_m[rows], assets.y_m[rows]]))
    # Places equally far stand in the order of assets, not in that of the tree; one more is asked for the last slot.
    metres, index = tree.query(middles, k=range(1, min(wanted + 1, len(rows)) + 1))
    found = rows[index]
    order = np.lexsort((found, metres), axis=1)[:, :wanted]
    table[:, slot : slot + wanted] = np.take_along_axis(found, order, axis=1)
    distance[:, slot : slot + wanted] = np.take_along_axis(metres, order, axis=1)
