"""Numbers, words for yes and no, and columns of them, as people write them."""

from __future__ import annotations

import math
import re

import numpy as np

BLANK = {"", "-", ".", "..", "na", "n/a", "nan", "none", "null", "#n/a"}
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_SPACED = re.compile(r"[+-]?\d{1,3}( \d{3})+(\.\d+)?")
_SPACES = re.compile("[\u00a0\u2009\u202f]")
"""Spaces that never break a line, and thin ones: whoever types one within a number means thousands."""
_COMMA = re.compile(r"[+-]?(0,\d+|\d+,(\d{1,2}|\d{4,})|\d{1,3}(\.\d{3})+,\d+)%?")
_POINT = re.compile(r"[+-]?(\d*\.(\d{1,2}|\d{4,})|0?\.\d+)%?")
_ANY_COMMA = re.compile(r"[+-]?\d+(\.\d{3})*,\d+%?|[+-]?\d{1,3}(\.\d{3})+%?")


def number(text: str) -> float | None:
    """A number as people write it (1,234.5, 12%, £3), nan for a blank, None when it is no number.

    A percentage is returned as written (12% gives 12.0): the caller says what it wants.
    """
    bare = text.strip().lower()
    if bare in BLANK:
        return math.nan
    bare = _SPACES.sub("", bare.strip("%£ ").replace("\u2212", "-"))
    if _SPACED.fullmatch(bare):
        bare = bare.replace(" ", "")
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    try:
        value = float(bare)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def span(low: float, high: float) -> str:
    """Bounds in words, with all their digits: 0 to 1,000,000."""
    return f"{low:,.12g} to {high:,.12g}"


def decimal_commas(rows: list[list[str]]) -> bool:
    """Whether a table writes 0,35 for 0.35: some cells can be nothing else, and none is a decimal with a point."""
    comma = any(_COMMA.fullmatch(cell) for row in rows for cell in row)
    return comma and not any(_POINT.fullmatch(cell) for row in rows for cell in row)


def with_points(row: list[str]) -> list[str]:
    """The cells of a table with decimal commas, numbers written with a point: 1.234,5 becomes 1234.5."""
    return [cell.replace(".", "").replace(",", ".") if _ANY_COMMA.fullmatch(cell) else cell for cell in row]


def yes_no(text: str) -> float | None:
    """1 or 0 from a word such as yes, true, no, false; None for any other."""
    return {"u": 1.0, "yes": 1.0, "true": 1.0, "r": 0.0, "no": 0.0, "false": 0.0}.get(text.strip().lower())


def own_column(cells: list[str]) -> np.ndarray:
    """A user's own column: numbers when every cell is a number or blank, else text."""
    values = [number(cell) for cell in cells]
    if any(value is None for value in values) or all(math.isnan(value or 0.0) for value in values):
        return np.array(cells, dtype=object)
    return np.array(values, dtype=float)
