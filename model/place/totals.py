"""Rows of zones.csv that are no zones: totals, averages, districts, and zones of other countries."""

from __future__ import annotations

import math

from model.errors import Fault
from model.files.numbers import number
from model.files.table import Table
from model.place.codes import TOTALS, area, country, is_lsoa
from model.place.columns import plain

NEAR = 0.005
"""Residents of a row within this share of the sum of all others make it a total."""


def take_out(table: Table, places: dict[str, int]) -> list[Fault]:
    """Take rows that are no zones out of the table, so that no column is blamed for them; a fault for each."""
    if "code" not in places:
        return []
    codes = [row[places["code"]] for row in table.rows]
    kept, faults = [], []
    for i, row in enumerate(table.rows):
        fault = _no_zone(table, places, i, row, codes)
        if fault is None:
            kept.append(i)
        else:
            faults.append(fault)
    table.rows = [table.rows[i] for i in kept]
    table.lines = [table.lines[i] for i in kept]
    return faults


def _no_zone(table: Table, places: dict[str, int], i: int, row: list[str], codes: list[str]) -> Fault | None:
    """What a row is when it is no zone of England."""
    code, name = codes[i], row[places["name"]] if "name" in places else ""
    head, line = table.headers[places["code"]], table.lines[i]
    if land := country(code):
        return Fault(f"this is a zone of {land}; places are of England only", table.file, line, head, code,
                     "zones (LSOA) of England", "Deprivation is ranked by each country for itself.")  # fmt: skip
    if kind := area(code):
        same = sum(1 for other in codes if area(other) == kind)
        if same < len(codes):
            return Fault(f"this is {kind}, not a zone: a total row?", table.file, line, head, code,
                         "one row a zone", "Take the row away.")  # fmt: skip
        if kind not in ("an output area", "an MSOA", "a ward"):
            return Fault(f"this is {kind}, not a zone", table.file, line, head, code, "zones (LSOA) of England",
                         "For a district of which only totals are known, write a profile.")  # fmt: skip
    named = next((cell for cell in (code, name) if plain(cell) in TOTALS), None)
    if named or (not is_lsoa(code) and _sums_up(table, places, i)):
        return Fault("this is a total row, not a zone", table.file, line, head, named or code or "nothing",
                     "one row a zone", "Take the row away.")  # fmt: skip
    return None


def _sums_up(table: Table, places: dict[str, int], i: int) -> bool:
    """Whether a row at an end of the table has as many residents as all the others together."""
    if "residents" not in places or len(table.rows) < 4 or i not in (0, len(table.rows) - 1):
        return False
    people = [number(row[places["residents"]]) or 0.0 for row in table.rows]
    if any(math.isnan(one) for one in people):
        return False
    others = sum(people) - people[i]
    return others > 0 and abs(people[i] - others) <= NEAR * others
