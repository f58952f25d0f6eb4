"""Where households live, and the order in which residents are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from model.errors import Fault, InputError
from model.synthesis.deal import Chance

if TYPE_CHECKING:
    from model.place.place import Place

HILBERT_BITS = 12


def settle(place: Place, zone: np.ndarray, chance: Chance) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Home of each household of `zone`: cell (int32), x and y in metres from the grid's corner (float32).

    Cells are drawn by the weights of the `homes` layer inside the zone; a zone whose weights are nought uses
    all its cells alike. Raises InputError for a zone with people and no cell.
    """
    zones = len(place.zones)
    cell_zone = np.asarray(place.layers["zone"]).ravel()
    cells = np.flatnonzero(cell_zone >= 0)
    cells = cells[np.argsort(cell_zone[cells], kind="stable")]
    of = cell_zone[cells].astype(np.int64)
    weight = np.maximum(
        np.nan_to_num(np.asarray(place.layers["homes"], dtype=np.float64).ravel()[cells]), 0.0
    )
    total = np.bincount(of, weights=weight, minlength=zones)
    weight = np.where(total[of] > 0, weight, 1.0)
    total = np.bincount(of, weights=weight, minlength=zones)
    empty = np.unique(zone[total[zone] <= 0])
    if len(empty):
        raise InputError(
            [
                Fault(
                    "no cell of the grid lies in this zone, so nobody can live there",
                    "zones.csv",
                    key=str(place.zones["code"].iloc[z]),
                )
                for z in empty
            ]
        )
    share = weight / total[of]
    before = np.concatenate(([0.0], np.cumsum(share)))
    within = before[1:] - before[np.searchsorted(of, of)]
    edges = of + np.minimum(
        within, 1.0
    )  # upper edge of each cell on a line where zone z runs from z to z + 1
    ids = np.arange(len(zone))
    at = zone + chance.uniform("homes/cell", ids) * (1.0 - 1e-9)
    index = np.minimum(np.searchsorted(edges, at, side="right"), len(cells) - 1)
    # rounding may point past the zone's last cell: take it back
    index = np.minimum(index, np.searchsorted(of, zone, side="right") - 1)
    cell = cells[index]
    x = (cell % place.width + chance.uniform("homes/x", ids)) * place.cell_m
    y = (cell // place.width + chance.uniform("homes/y", ids)) * place.cell_m
    return cell.astype(np.int32), x.astype(np.float32), y.astype(np.float32)


@njit(cache=True)
def hilbert(x, y, size, bits):
    """Position (int64) of points, clipped to 0..size, along a Hilbert curve of 2^bits by 2^bits squares."""
    side = 1 << bits
    index = np.empty(x.shape[0], dtype=np.int64)
    for i in range(x.shape[0]):
        a = min(max(np.int64(x[i] / size * side), 0), side - 1)
        b = min(max(np.int64(y[i] / size * side), 0), side - 1)
        d = 0
        s = side >> 1
        while s > 0:
            ra = 1 if a & s else 0
            rb = 1 if b & s else 0
            d += s * s * ((3 * ra) ^ rb)
            if rb == 0:
                if ra == 1:
                    a, b = side - 1 - a, side - 1 - b
                a, b = b, a
            s >>= 1
        index[i] = d
    return index


def storage_order(household: np.ndarray, x_m: np.ndarray, y_m: np.ndarray, size_m: float) -> np.ndarray:
    """Rows in the order they are stored: along a Hilbert curve by home, members of a household side by side.

    household: (n,) of each resident; x_m, y_m: (H,) of each household. Returns a permutation (n,).
    """
    at = hilbert(
        x_m.astype(np.float64), y_m.astype(np.float64), size_m, HILBERT_BITS
    )  # one kind of number: compiled once
    curve = np.argsort(at, kind="stable")
    rank = np.empty(len(curve), dtype=np.int64)
    rank[curve] = np.arange(len(curve))
    return np.argsort(rank[household], kind="stable")
