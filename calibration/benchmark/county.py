"""Towns of any size for measuring: shipped districts put side by side into one place, in memory."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from model.place.columns import ADULT_AGE_COLUMNS
from model.place.place import Place
from model.place.profile import shipped
from model.synthesis.grid import Frame

REFERENCE_TOWNS = ("england",)
"""Shipped profiles that are no district."""


def districts() -> list[str]:
    """The names of the shipped districts, the default place first, then by name."""
    names = [name for name in shipped() if name not in REFERENCE_TOWNS]
    return sorted(names, key=lambda name: (name != "erewash", name))


def adults(place: Place) -> float:
    """People of 16 and over, who are the residents simulated."""
    return float(
        place.zones["residents"].to_numpy() @ place.zones[list(ADULT_AGE_COLUMNS)].sum(axis=1).to_numpy()
    )


def town_of(residents: int) -> tuple[Place, float]:
    """A place and the share of it to simulate, so that about `residents` adults are simulated.

    As many districts as needed are put side by side; beyond the shipped ones they come round again.
    """
    names, reached = districts(), 0.0
    taken: list[Place] = []
    while reached < residents:
        taken.append(_load(names[len(taken) % len(names)]))
        reached += adults(taken[-1])
    return side_by_side(taken), min(1.0, residents / reached)


def whole_county() -> Place:
    """All shipped districts as one place."""
    return side_by_side([_load(name) for name in districts()])


@cache
def _load(name: str) -> Place:
    return Place.load(name)


def forget() -> None:
    """Forget the districts read so far, so that reading them can be timed."""
    _load.cache_clear()


def side_by_side(places: Sequence[Place], name: str = "side_by_side") -> Place:
    """One place whose grid holds the grids of `places` in rows, nearly square; one place alone is returned as it is.

    Zones, assets, layers and shapes move with their grid; a place that comes again has `+2`, `+3`, ... after its
    codes. Raises ValueError when the cells differ in size or there are no places.
    """
    if not places:
        raise ValueError("no places to put side by side")
    if len(places) == 1:
        return places[0]
    if len({place.cell_m for place in places}) > 1:
        raise ValueError("the places have cells of different sizes")
    corners, width, height = _rows([(place.width, place.height) for place in places])
    frame = Frame(places[0].cell_m, (0.0, 0.0), width, height)
    layers = {
        layer: np.full((height, width), -1 if layer == "zone" else 0, first.dtype)
        for layer, first in places[0].layers.items()
    }
    zones: list[pd.DataFrame] = []
    assets: list[pd.DataFrame] = []
    boundaries: dict[str, list[np.ndarray]] = {}
    seen: Counter[str] = Counter()
    for place, (column, row) in zip(places, corners, strict=True):
        seen[place.name] += 1
        mark = f"+{seen[place.name]}" if seen[place.name] > 1 else ""
        first_zone = sum(len(table) for table in zones)
        for layer, values in place.layers.items():
            moved = np.where(values >= 0, values + first_zone, values) if layer == "zone" else values
            layers[layer][row : row + place.height, column : column + place.width] = moved
        east, north = (
            at * place.cell_m - origin for at, origin in zip((column, row), place.origin_m, strict=True)
        )
        zones.append(_moved(place.zones, east, north).assign(code=place.zones["code"].astype(str) + mark))
        assets.append(_moved(place.assets, east, north).assign(zone=place.assets["zone"] + first_zone))
        boundaries.update({f"{code}{mark}": [np.asarray(ring, dtype=float) + np.array([east, north]) for ring in rings]
                           for code, rings in place.boundaries.items()})  # fmt: skip
    table = pd.concat(assets, ignore_index=True)
    table["x_m"], table["y_m"] = table["easting"], table["northing"]
    table["cell"] = frame.cell(table["easting"].to_numpy(), table["northing"].to_numpy())
    table["asset"] = np.arange(len(table))
    return replace(
        places[0], name=name, title=f"{len(places)} districts side by side", synthetic=True, origin_m=frame.origin,
        width=width, height=height, zones=pd.concat(zones, ignore_index=True), assets=table, layers=layers,
        boundaries=boundaries, filled=[("*", "districts put side by side for measuring")],
    )  # fmt: skip


def _moved(table: pd.DataFrame, east: float, north: float) -> pd.DataFrame:
    return table.assign(easting=table["easting"] + east, northing=table["northing"] + north)


def _rows(sizes: Iterable[tuple[int, int]]) -> tuple[list[tuple[int, int]], int, int]:
    """Where each grid's south-west corner goes (column, row), in rows about as long as the whole is high; the size."""
    sizes = list(sizes)
    longest = max(math.isqrt(sum(wide * high for wide, high in sizes)), *(wide for wide, _ in sizes))
    corners, column, row, tallest, width = [], 0, 0, 0, 0
    for wide, high in sizes:
        if column + wide > longest:
            column, row, tallest = 0, row + tallest, 0
        corners.append((column, row))
        column, tallest = column + wide, max(tallest, high)
        width = max(width, column)
    return corners, width, row + tallest
