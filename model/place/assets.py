"""assets.csv and assets.geojson: what people typed as canonical columns, every fault with its line."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.errors import Fault, nearest
from model.files.numbers import number, own_column, span, yes_no
from model.files.table import NO_ROWS, read_csv
from model.files.text import read_json, shorten
from model.place.boundaries import to_grid
from model.place.columns import ASSET, ASSET_KIND_ALIASES, plain
from model.population.columns import ASSET_KINDS

HEADS = {"kind", "name", "easting", "northing", "longitude", "latitude", *ASSET}


def read_assets(path: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """The assets of a CSV: kind, name, easting, northing, optional columns, `line`, then the user's own."""
    table, faults = read_csv(path, lambda header: plain(header) in HEADS)
    if faults:
        # A header alone is a fair way to say that none are known.
        none = bool(table.headers) and all(fault.message == NO_ROWS for fault in faults)
        return pd.DataFrame(), [] if none else shorten(faults, str(path))
    return assets_from(
        {plain(header): [row[i] for row in table.rows] for i, header in enumerate(table.headers)},
        table.lines,
        str(path),
    )


def assets_from(given: dict[str, list[str]], lines: list[int], file: str) -> tuple[pd.DataFrame, list[Fault]]:
    """Checked assets from columns of text. `lines` are line numbers (CSV) or feature numbers (GeoJSON)."""
    faults: list[Fault] = []
    size = len(lines)
    kinds = given.pop("kind", None)
    if kinds is None:
        return pd.DataFrame(), [
            Fault(
                "the column is missing",
                file,
                1,
                "kind",
                allowed=", ".join(ASSET_KINDS),
                hint=nearest("kind", given),
            )
        ]
    clean = [ASSET_KIND_ALIASES.get(plain(kind), plain(kind)) for kind in kinds]
    for i, kind in enumerate(clean):
        if kind not in ASSET_KINDS:
            hint = nearest(kind, (*ASSET_KINDS, *ASSET_KIND_ALIASES))
            faults.append(
                Fault(
                    "unknown kind of asset",
                    file,
                    lines[i],
                    "kind",
                    kinds[i] or "nothing",
                    ", ".join(ASSET_KINDS),
                    hint,
                )
            )
    frame = pd.DataFrame({"kind": clean, "name": given.pop("name", [""] * size), "line": lines})
    if "easting" not in given and {"longitude", "latitude"} <= given.keys():
        given["easting"], given["northing"] = given.pop("longitude"), given.pop("latitude")
    for name, (low, high) in {
        "easting": (-180.0, 700_000.0),
        "northing": (-90.0, 1_300_000.0),
        **ASSET,
    }.items():
        cells = given.pop(name, None)
        if cells is None:
            if name in ("easting", "northing"):
                faults.append(Fault("the column is missing", file, 1, name, hint=nearest(name, given)))
            frame[name] = np.nan
            continue
        frame[name] = _asset_numbers(cells, name, low, high, lines, file, faults)
    if not faults:
        frame["easting"], frame["northing"] = to_grid(
            frame["easting"].to_numpy(), frame["northing"].to_numpy()
        )
    frame["source"] = given.pop("source", [""] * size)
    for name, cells in given.items():
        if name and name not in frame:
            frame[name] = own_column(cells)
    return frame, shorten(faults, file)


def _asset_numbers(
    cells: list[str], name: str, low: float, high: float, lines: list[int], file: str, faults: list[Fault]
) -> np.ndarray:
    """One numeric column of assets; blanks are nan, but a place on the map is compulsory."""
    values = np.full(len(cells), np.nan)
    for i, cell in enumerate(cells):
        value = yes_no(cell) if number(cell) is None else number(cell)
        if value is None or (math.isnan(value) and name in ("easting", "northing")):
            faults.append(Fault("is not a number", file, lines[i], name, cell or "nothing", span(low, high)))
        elif not math.isnan(value) and not low <= value <= high:
            faults.append(Fault("is out of range", file, lines[i], name, cell, span(low, high)))
        else:
            values[i] = value
    return values


def read_asset_features(path: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """The assets of a GeoJSON file: properties as columns; the point, or the mean of an outline, as place."""
    content, faults = read_json(path)
    if faults:
        return pd.DataFrame(), faults
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        return pd.DataFrame(), [
            Fault("must be a GeoJSON FeatureCollection with features", str(path), key="features")
        ]
    rows: list[dict[str, str]] = []
    for position, feature in enumerate(features):
        try:
            points = _flat(feature["geometry"]["coordinates"])
            properties = {plain(key): "" if value is None else str(value)
                          for key, value in (feature.get("properties") or {}).items()}  # fmt: skip
            east, north = _middle(points)
            rows.append({**properties, "easting": repr(east), "northing": repr(north)})
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError):
            faults.append(
                Fault(
                    "the shape cannot be used",
                    str(path),
                    key=f"features[{position}]",
                    allowed="a Point or a Polygon",
                )
            )
    if faults or not rows:
        return pd.DataFrame(), shorten(faults, str(path))
    names = dict.fromkeys(name for row in rows for name in row)
    given = {name: [row.get(name, "") for row in rows] for name in names}
    return assets_from(given, list(range(1, len(rows) + 1)), str(path))


def _middle(points: list[list[float]]) -> tuple[float, float]:
    """The mean of positions. ValueError when there are none, or one is no pair of numbers of a map."""
    at = np.array(points, dtype=float)
    if at.ndim != 2 or at.shape[1] != 2 or not (np.abs(at) < 1e9).all():
        raise ValueError("no positions")
    return float(at[:, 0].mean()), float(at[:, 1].mean())


def _flat(coordinates: list[Any]) -> list[list[float]]:
    """All positions of nested GeoJSON coordinates."""
    if coordinates and not isinstance(coordinates[0], list):
        return [coordinates[:2]]
    return [point for part in coordinates for point in _flat(part)]
