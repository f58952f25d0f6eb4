"""zones.csv and assets.csv: from what people typed to canonical columns, with every fault named by line and column."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd

from model.columns import ASSET_KINDS
from model.errors import Fault, nearest
from model.place_boundaries import to_grid
from model.place_columns import ASSET, ASSET_KIND_ALIASES, WHOLES, ZONE, ZoneColumn, canonical, plain
from model.place_files import Table, number, read_csv, read_json, shorten

TOLERANCE = 0.02
_WORDS = {"u": 1.0, "yes": 1.0, "true": 1.0, "r": 0.0, "no": 0.0, "false": 0.0}


def read_zones(path: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """The zones of a place: canonical columns as given (nan where blank), then the user's own columns.

    The index is a RangeIndex; faults are empty when and only when the table can be used.
    """
    table, faults = read_csv(path)
    if faults:
        return pd.DataFrame(), shorten(faults, str(path))
    places, faults = _columns(table)
    data: dict[str, np.ndarray | list] = {}
    for name, position in places.items():
        cells = [row[position] for row in table.rows]
        column = ZONE.get(name)
        if column is None:
            data[name] = _own(cells)
        elif column.low is None:
            data[name] = cells
        else:
            data[name] = _numbers(table, position, cells, column, faults)
    frame = pd.DataFrame(data)
    _check_codes(table, frame, places, faults)
    _check_wholes(table, frame, faults)
    if "residents" in frame and not faults and not frame["residents"].sum() > 0:
        faults.append(Fault("nobody lives here", table.file, key="residents", found="0 in every zone"))
    return frame, shorten(faults, str(path))


def _columns(table: Table) -> tuple[dict[str, int], list[Fault]]:
    """Position of each canonical column, then of each of the user's own."""
    found: dict[str, int] = {}
    own: dict[str, int] = {}
    faults = []
    for position, header in enumerate(table.headers):
        name = canonical(header)
        if name is None:
            if header:
                own[header] = position
        elif name in found:
            faults.append(
                Fault(
                    f"two columns both give '{name}'",
                    table.file,
                    1,
                    header,
                    found=f"{table.headers[found[name]]} and {header}",
                    allowed="one of them",
                )
            )
        else:
            found[name] = position
    for column in ZONE.values():
        if column.compulsory and column.name not in found:
            faults.append(
                Fault(
                    "the column is missing",
                    table.file,
                    1,
                    column.name,
                    allowed=" or ".join((column.name, *column.aliases)),
                    hint=nearest(column.name, own),
                )
            )
    if not {"imd_decile", "imd_score", "imd_rank"} & found.keys():
        faults.append(
            Fault(
                "the column is missing",
                table.file,
                1,
                "imd_decile",
                allowed="imd_decile, imd_rank or imd_score",
                hint=nearest("imd_decile", own),
            )
        )
    ordered = {name: found[name] for name in ZONE if name in found}
    return {**ordered, **own}, faults


def _own(cells: list[str]) -> np.ndarray:
    """A user's own column: numbers when every cell is a number or blank, else text."""
    values = [number(cell) for cell in cells]
    if any(value is None for value in values) or all(math.isnan(value or 0.0) for value in values):
        return np.array(cells, dtype=object)
    return np.array(values, dtype=float)


def _numbers(
    table: Table, position: int, cells: list[str], column: ZoneColumn, faults: list[Fault]
) -> np.ndarray:
    """One numeric column, checked against its bounds."""
    header, values = table.headers[position], np.full(len(cells), np.nan)
    low, high = float(column.low or 0), float(column.high or 0)
    share = column.name.startswith("share_")
    for i, cell in enumerate(cells):
        value = number(cell)
        if column.name == "urban" and value is None:
            value = _urban(cell)
        if value is None:
            faults.append(
                Fault("is not a number", table.file, table.lines[i], header, cell, f"{low:g} to {high:g}")
            )
            continue
        if math.isnan(value):
            if column.compulsory:
                faults.append(
                    Fault("is blank", table.file, table.lines[i], header, cell or "nothing", "a number")
                )
            continue
        values[i] = value
    given = values[~np.isnan(values)]
    percent = any("%" in cell for cell in cells)
    if (
        share
        and given.size
        and given.min() >= 0
        and (percent or 1.0 < given.max() <= 100.0 + 100 * TOLERANCE)
    ):
        faults.append(
            Fault(
                "looks like percent, where shares are wanted",
                table.file,
                1,
                header,
                found=f"up to {given.max():g}",
                allowed="0 to 1",
                hint="Divide the column by 100.",
            )
        )
        return values
    low_slack, high_slack = (low, high + TOLERANCE * share)
    for i in np.flatnonzero((values < low_slack) | (values > high_slack)):
        hint = None
        if column.name in ("easting", "northing") and abs(values[i]) <= 180:
            hint = "These look like degrees: give metres of the British National Grid."
        faults.append(
            Fault(
                "is out of range", table.file, table.lines[i], header, cells[i], f"{low:g} to {high:g}", hint
            )
        )
    if column.whole and column.name.startswith("imd"):
        for i in np.flatnonzero(np.isfinite(values) & (values != np.round(values))):
            faults.append(Fault("must be a whole number", table.file, table.lines[i], header, cells[i]))
    return values.clip(low, high) if share else values


def _urban(cell: str) -> float | None:
    """1 or 0 from the words of a rural-urban classification ("Urban: major conurbation", "Larger rural")."""
    words = cell.lower()
    return 0.0 if "rural" in words else 1.0 if "urban" in words else _WORDS.get(words)


def _check_codes(table: Table, frame: pd.DataFrame, places: dict[str, int], faults: list[Fault]) -> None:
    """Codes must be there and be different."""
    if "code" not in frame:
        return
    header, first = table.headers[places["code"]], {}
    for i, code in enumerate(frame["code"]):
        if not code:
            faults.append(
                Fault("is blank", table.file, table.lines[i], header, "nothing", "a code for each zone")
            )
        elif code in first:
            faults.append(
                Fault(
                    "the zone stands twice",
                    table.file,
                    table.lines[i],
                    header,
                    code,
                    f"one row a zone (first on line {first[code]})",
                )
            )
        else:
            first[code] = table.lines[i]
    given = [name for name in ("imd_decile", "imd_rank", "imd_score") if name in frame]
    if given:
        for i in np.flatnonzero(frame[given].isna().all(axis=1)):
            faults.append(
                Fault(
                    "deprivation is blank",
                    table.file,
                    table.lines[i],
                    given[0],
                    "nothing",
                    "imd_decile, imd_rank or imd_score in every zone",
                )
            )


def _check_wholes(table: Table, frame: pd.DataFrame, faults: list[Fault]) -> None:
    """Shares of a whole must add to one where all are given, and never to more."""
    if faults:
        return
    for group in (*WHOLES, ("share_households_no_car", "share_households_one_car")):
        names = [name for name in group if name in frame]
        if not names:
            continue
        total = frame[names].sum(axis=1).to_numpy()
        full = (len(names) == len(group)) & frame[names].notna().all(axis=1).to_numpy() & (group in WHOLES)
        wrong = (total > 1 + TOLERANCE) | (full & (total < 1 - TOLERANCE))
        for i in np.flatnonzero(wrong):
            faults.append(
                Fault(
                    "the shares do not add to one",
                    table.file,
                    table.lines[i],
                    f"{names[0]} ... {names[-1]}",
                    f"{total[i]:.3f}",
                    f"1 within {TOLERANCE:g}",
                )
            )


def read_assets(path: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """The assets of a CSV: kind, name, easting, northing, the optional columns, `line`, then the user's own columns."""
    table, faults = read_csv(path)
    if faults:
        # A header alone is a fair way to say that none are known.
        none = bool(table.headers) and all(fault.message == "the table has no rows" for fault in faults)
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
            frame[name] = _own(cells)
    return frame, shorten(faults, file)


def _asset_numbers(
    cells: list[str], name: str, low: float, high: float, lines: list[int], file: str, faults: list[Fault]
) -> np.ndarray:
    """One numeric column of assets; blanks are nan, but a place on the map is compulsory."""
    values = np.full(len(cells), np.nan)
    for i, cell in enumerate(cells):
        value = _WORDS.get(cell.lower(), number(cell))
        if value is None or (math.isnan(value) and name in ("easting", "northing")):
            faults.append(
                Fault("is not a number", file, lines[i], name, cell or "nothing", f"{low:g} to {high:g}")
            )
        elif not math.isnan(value) and not low <= value <= high:
            faults.append(Fault("is out of range", file, lines[i], name, cell, f"{low:g} to {high:g}"))
        else:
            values[i] = value
    return values


def read_asset_features(path: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """The assets of a GeoJSON file: properties as columns, the point (or the mean of a shape's outline) as place."""
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
            east, north = np.mean(np.array(points, dtype=float), axis=0)
            rows.append({**properties, "easting": repr(float(east)), "northing": repr(float(north))})
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


def _flat(coordinates: list) -> list[list[float]]:
    """All positions of nested GeoJSON coordinates."""
    if coordinates and not isinstance(coordinates[0], list):
        return [coordinates[:2]]
    return [point for part in coordinates for point in _flat(part)]
