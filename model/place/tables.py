"""zones.csv: what people typed as canonical columns, every fault with its line and column."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.errors import Fault, nearest
from model.files.numbers import number, own_column, span, yes_no
from model.files.table import Table, read_csv
from model.files.text import shorten
from model.place import deprivation as place_deprivation
from model.place import where as place_where
from model.place.columns import PARTS, WHOLES, ZONE, ZoneColumn, canonical, known
from model.place.deprivation import Vintage
from model.place.totals import take_out

TOLERANCE = 0.02
FEW_ROWS = 0.1
"""Shares above one in no more of the rows than this are faults of those rows, not a column in percent."""
FEW = 500
"""Fewer residents than this in a whole place are warned of."""
NEVER_ALL = ("share_female", "share_disabled", "share_of_disabled_limited_a_lot", "share_households_no_car",
             "share_16_74_economically_active")  # fmt: skip
"""Shares that are 0 or 1 in every zone of no real place."""


@dataclass
class ZoneTable:
    """zones.csv as read: canonical columns as given (nan where blank), then the user's own; RangeIndex.

    heads: canonical name -> header; vintage: whose zones, whose deprivation; warnings: what is doubtful.
    """

    zones: pd.DataFrame = field(default_factory=pd.DataFrame)
    heads: dict[str, str] = field(default_factory=dict)
    vintage: Vintage = field(default_factory=Vintage)
    warnings: list[Fault] = field(default_factory=list)


def read_zones(path: Path) -> tuple[ZoneTable, list[Fault]]:
    """The zones of a place; faults are empty when and only when the table can be used."""
    table, faults = read_csv(path, known)
    told = ZoneTable(warnings=table.notes)
    if faults:
        return told, shorten(faults, table.file)
    places, faults = _columns(table)
    told.heads = {name: table.headers[position] for name, position in places.items()}
    faults += take_out(table, places)
    data: dict[str, np.ndarray | list[Any]] = {}
    grid = _other_grid(table, places)
    faults += [grid] if grid else []
    for name, position in places.items():
        if grid and name in ("easting", "northing"):
            continue
        cells = [row[position] for row in table.rows]
        column = ZONE.get(name)
        if column is None:
            data[name] = own_column(cells)
        elif column.low is None:
            data[name] = cells
        else:
            data[name] = _numbers(table, position, cells, column, faults)
    told.zones = frame = pd.DataFrame(data)
    _check_codes(table, frame, places, faults)
    _check_wholes(table, frame, faults)
    if not faults:
        faults += _residents(table, frame, told)
    if not faults:
        told.vintage, found, doubts = place_deprivation.check(table, frame, places)
        faults += found + place_where.faults_of(frame, table.lines, table.file)
        told.warnings += doubts
    return told, shorten(faults, table.file)


def _other_grid(table: Table, places: dict[str, int]) -> Fault | None:
    """One fault for coordinates that are all of another kind, rather than two for every row."""
    if not {"easting", "northing"} <= places.keys() or not table.rows:
        return None
    cells = [[number(row[places[name]]) for row in table.rows] for name in ("easting", "northing")]
    easting, northing = np.array(cells, dtype=float)
    return place_where.other_grid(easting, northing, table.lines[0], table.file)


def _residents(table: Table, frame: pd.DataFrame, told: ZoneTable) -> list[Fault]:
    """Residents must be people, not thousands or shares of them."""
    residents, head = frame["residents"].to_numpy(dtype=float), told.heads["residents"]
    if not residents.sum() > 0:
        return [Fault("nobody lives here", table.file, key=head, found="0 in every zone")]
    broken = np.flatnonzero(residents != np.round(residents))
    if len(broken) and np.median(residents) < 100:
        row = int(broken[0])
        return [Fault("residents are not whole people: are these thousands, or shares?", table.file, table.lines[row],
                      head, f"{residents[row]:g}, and {residents.sum():,.6g} in all zones",
                      "people of any age: about 1,000 to 3,000 in an LSOA")]  # fmt: skip
    for name in NEVER_ALL:
        given = frame[name].dropna() if name in frame else frame.iloc[:0, 0]
        if len(given) and given.isin([0.0, 1.0]).all() and given.nunique() == 1:
            told.warnings.append(Fault("is the same in every zone, and so in no real place", table.file, table.head,
                                       told.heads[name], f"{given.iloc[0]:g} in {len(given):,} zone{'s' * (len(given) != 1)}",
                                       "a share of each zone between 0 and 1; blank where not known"))  # fmt: skip
    if residents.sum() < FEW:
        told.warnings.append(Fault("hardly anybody lives here: results will be mostly chance", table.file, key=head,
                                   found=f"{residents.sum():,.0f} people in {len(frame)} zones",
                                   allowed="people of any age: about 1,000 to 3,000 in an LSOA"))  # fmt: skip
    return []


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
                    table.head,
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
                    table.head,
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
                table.head,
                "imd_decile",
                allowed="imd_decile, imd_rank or imd_score",
                hint=nearest("imd_decile", own),
            )
        )
    ordered = {name: found[name] for name in ZONE if name in found}
    return {**ordered, **own}, faults


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
            faults.append(Fault("is not a number", table.file, table.lines[i], header, cell, span(low, high)))
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
        and (percent or 1.0 + TOLERANCE < given.max() <= 100.0 + 100 * TOLERANCE)
        and (percent or (given > 1.0 + TOLERANCE).mean() > FEW_ROWS)
    ):
        faults.append(
            Fault(
                "looks like percent, where shares are wanted",
                table.file,
                table.head,
                header,
                found=f"up to {given.max():g}",
                allowed="0 to 1",
                hint="Divide the column by 100.",
            )
        )
        return values
    low_slack, high_slack = (low, high + TOLERANCE * share)
    for i in np.flatnonzero((values < low_slack) | (values > high_slack)).tolist():
        faults.append(Fault("is out of range", table.file, table.lines[i], header, cells[i], span(low, high)))
    if column.whole and column.name.startswith("imd"):
        for i in np.flatnonzero(np.isfinite(values) & (values != np.round(values))).tolist():
            faults.append(Fault("must be a whole number", table.file, table.lines[i], header, cells[i]))
    return values.clip(low, high) if share else values


def _urban(cell: str) -> float | None:
    """1 or 0 from the words of a rural-urban classification ("Urban: major conurbation", "Larger rural")."""
    words = cell.lower()
    return 0.0 if "rural" in words else 1.0 if "urban" in words else yes_no(words)


def _check_codes(table: Table, frame: pd.DataFrame, places: dict[str, int], faults: list[Fault]) -> None:
    """Codes must be there and be different."""
    if "code" not in frame:
        return
    header = table.headers[places["code"]]
    first: dict[str, int] = {}
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
        for i in np.flatnonzero(frame[given].isna().all(axis=1)).tolist():
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
    for group in (*WHOLES, *PARTS):
        names = [name for name in group if name in frame]
        if not names:
            continue
        total = frame[names].sum(axis=1).to_numpy()
        full = (len(names) == len(group)) & frame[names].notna().all(axis=1).to_numpy() & (group in WHOLES)
        wrong = (total > 1 + TOLERANCE) | (full & (total < 1 - TOLERANCE))
        for i in np.flatnonzero(wrong).tolist():
            faults.append(
                Fault(
                    "the shares do not add to one" if group in WHOLES else "the shares add to more than one",
                    table.file,
                    table.lines[i],
                    f"{names[0]} ... {names[-1]}",
                    f"{total[i]:.3f}",
                    f"1 within {TOLERANCE:g}" if group in WHOLES else "at most 1",
                )
            )
