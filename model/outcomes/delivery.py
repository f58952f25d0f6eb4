"""Where programmes meet people, how full they are and what they cost: sums by year, taken while a run goes on.

Nothing here is read by a programme, so that keeping it can change no result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.limits import WEEKS_A_YEAR
from model.place.place import Place
from model.population.assets import Assets

YEAR = WEEKS_A_YEAR
"""Weeks of a year of a run."""

MEANS = ("members", "waiting", "room", "visits")
TOTALS = ("joined", "completed")
MEASURES = (*MEANS, *TOTALS, "groups")
"""What is told of a venue in a year: means over its weeks, totals, and the most groups at once."""

SERVED = ("programme", "part", "year", "venue", "kind", "zone", "easting", "northing", *MEASURES)
SPENT = ("programme", "part", "year", "pounds")


@dataclass(frozen=True)
class Served:
    """One week of one part of a programme, by venue.

    part: `group`, `plan`, `champion`, `grant`, `finder` or `place`. asset: (V,) rows of assets, each once, or -1 for
    people served at no venue. values: of MEASURES, (V,) real people (visits, places, groups); what is left out means
    nothing to this part.
    """

    part: str
    asset: np.ndarray
    values: Mapping[str, np.ndarray | float]


class Delivery:
    """What the programmes of one run did, by year."""

    def __init__(self) -> None:
        self._served: dict[tuple[int, str, str], np.ndarray] = {}
        self._spent: dict[tuple[int, str, str], float] = {}

    def more_places(self, more: int) -> None:
        """Make room for `more` places; the last entry is nowhere, and stays the last."""
        for key, rows in self._served.items():
            self._served[key] = np.insert(rows, [rows.shape[1] - 1] * more, 0.0, axis=1)

    def take(
        self, week: int, assets: int, programme: str, served: list[Served], spent: dict[str, float]
    ) -> None:
        """Add one week of one programme, in a town of so many `assets`; spent: pounds by part."""
        year = week // YEAR + 1
        for one in served:
            key = (year, programme, one.part)
            if key not in self._served:
                self._served[key] = np.zeros((len(MEASURES), assets + 1))
            for name, row in zip(MEASURES, self._served[key], strict=True):
                value = one.values.get(name, np.nan)
                join = np.maximum if name == "groups" else np.add
                row[one.asset] = join(row[one.asset], value)  # the last entry, -1, is nowhere
        for part, pounds in spent.items():
            if pounds:
                paid = (year, programme, part)
                self._spent[paid] = self._spent.get(paid, 0.0) + pounds

    def spent(self) -> dict[str, np.ndarray]:
        """Pounds by programme, part and year: the columns of SPENT."""
        rows = [(programme, part, year, pounds) for (year, programme, part), pounds in self._spent.items()]
        return _columns(SPENT, rows, {"year": np.int64, "pounds": np.float64})

    def served(self, weeks: list[int], assets: Assets, place: Place) -> dict[str, np.ndarray]:
        """Each venue of each programme in each year with anybody or any room there: the columns of SERVED."""
        rows, venues = [], _venues(assets, place)
        weeks_of = np.bincount(np.array(weeks, dtype=np.int64) // YEAR + 1)
        for (year, programme, part), sums in self._served.items():
            values = sums.copy()
            values[: len(MEANS)] /= weeks_of[year]
            for asset in np.flatnonzero((np.nan_to_num(sums) > 0).any(axis=0)):
                rows.append((programme, part, year, *venues[asset], *values[:, asset].tolist()))
        numbers = dict.fromkeys(("easting", "northing", *MEASURES), np.float64)
        return _columns(SERVED, rows, {"year": np.int64, **numbers})


def _venues(assets: Assets, place: Place) -> list[tuple[str, str, str, float, float]]:
    """Name, kind, zone, easting and northing of each asset, and of nowhere at the end."""
    frame = assets.frame
    names = frame["name"].astype(str).to_numpy(object)
    for asset in np.flatnonzero(frame["source"] == "scenario"):  # named after its programme and a number
        names[asset] = (
            f"New {str(frame['kind'].iloc[asset]).replace('_', ' ')} {names[asset].rsplit(' ', 1)[1]}"
        )
    columns = (names, frame["kind"].astype(str), _zones(assets, place),
               frame["easting"].astype(float), frame["northing"].astype(float))  # fmt: skip
    return [*zip(*columns, strict=True), ("", "", "", np.nan, np.nan)]


def _zones(assets: Assets, place: Place) -> np.ndarray:
    """(A,) code of the zone in which each asset stands; the nearest one's where it stands in none."""
    codes = place.zones["code"].astype(str).to_numpy()
    here = place.layers["zone"].ravel()[assets.cell].astype(np.int64)
    middles = place.zones[["easting", "northing"]].to_numpy(np.float64) - np.asarray(place.origin_m)
    for asset in np.flatnonzero(here < 0):
        away = middles - (assets.x_m[asset], assets.y_m[asset])
        here[asset] = np.argmin((away**2).sum(axis=1))
    zones: np.ndarray = codes[here]
    return zones


def _columns(
    names: tuple[str, ...], rows: list[tuple[Any, ...]], kinds: dict[str, type]
) -> dict[str, np.ndarray]:
    """Rows as columns, in the order of programmes, parts, years and venues."""
    rows.sort(key=lambda row: (*row[:3], *map(str, row[3:6])))
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return {name: np.array(values, kinds.get(name, np.str_))
            for name, values in zip(names, columns, strict=True)}  # fmt: skip
