"""How densely people live around each cell of a place."""

from __future__ import annotations

import numpy as np

SIDE_M = 1000.0
"""How far the land around a home reaches, to each of the four sides: a quarter of an hour on foot."""


def density_near(zone: np.ndarray, homes: np.ndarray, residents: np.ndarray, cell_m: float) -> np.ndarray:
    """(cells,) residents to the square kilometre of the place's land around each cell; 0 where there is none.

    zone, homes: layers (height, width), zone -1 outside the place; residents: (zones,).
    """
    inside = zone >= 0
    # Counted in whole 256ths of a person: whole numbers add up to the same in any order.
    people = np.where(
        inside, np.rint(residents.astype(np.float64)[zone] * homes.astype(np.float64) * 256), 0.0
    )
    steps, km2 = int(SIDE_M // cell_m), (cell_m / 1000.0) ** 2
    total, cells = (_windows(layer.astype(np.int64), steps) for layer in (people, inside))
    density: np.ndarray = total / 256.0 / np.where(cells > 0, cells * km2, np.inf)
    return density.ravel()


def _windows(layer: np.ndarray, steps: int) -> np.ndarray:
    """Sums of whole numbers over the square of `steps` cells to each side of each cell, cut off at the edges."""
    height, width = layer.shape
    sums = np.zeros((height + 1, width + 1), np.int64)
    sums[1:, 1:] = layer.cumsum(axis=0).cumsum(axis=1)
    south, north = _edges(height, steps)
    west, east = _edges(width, steps)
    found: np.ndarray = (
        sums[north][:, east] - sums[south][:, east] - sums[north][:, west] + sums[south][:, west]
    )
    return found


def _edges(count: int, steps: int) -> tuple[np.ndarray, np.ndarray]:
    at = np.arange(count)
    return np.maximum(at - steps, 0), np.minimum(at + steps + 1, count)
