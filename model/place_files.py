"""Reading what people hand in, in any encoding and with any separator: faults, never tracebacks."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from model.errors import Fault, nearest

PLACES = Path(__file__).parent.parent / "scenarios" / "places"
"""Where the shipped profiles stand (data only: nothing of the scenarios package is imported)."""
SAFE_YAML: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader in C where it was built: ten times as fast."""
MAX_BYTES = 200_000_000
MAX_ROWS = 100_000
MAX_FAULTS = 25
BLANK = {"", "-", ".", "..", "na", "n/a", "nan", "none", "null", "#n/a"}
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


@dataclass
class Table:
    """A CSV as text: headers, rows of equal length, and the line on which each row begins."""

    file: str
    headers: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def shorten(faults: list[Fault], file: str) -> list[Fault]:
    """The first faults of a file, and one line for how many more there are."""
    if len(faults) <= MAX_FAULTS:
        return faults
    more = len(faults) - MAX_FAULTS
    return [*faults[:MAX_FAULTS], Fault(f"{more} more faults in this file; mend these first", file)]


def read_text(path: Path) -> tuple[str, list[Fault]]:
    """The text of a file in UTF-8 (with or without mark), UTF-16 with a mark, or Windows-1252."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return "", [
                Fault(
                    "the file is too big",
                    str(path),
                    found=f"{path.stat().st_size / 1e6:.0f} MB",
                    allowed=f"at most {MAX_BYTES / 1e6:.0f} MB",
                )
            ]
        data = path.read_bytes()
    except OSError as error:
        return "", [Fault(f"cannot be read: {error.strerror}", str(path))]
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\x00" in text:
        return "", [Fault("is not a text file", str(path), allowed="text in UTF-8")]
    if not text.strip():
        return "", [Fault("the file is empty", str(path))]
    return text, []


def read_csv(path: Path) -> tuple[Table, list[Fault]]:
    """A table with a header row; commas, semicolons or tabs. Blank lines are passed over."""
    table = Table(str(path))
    text, faults = read_text(path)
    if faults:
        return table, faults
    head = text.lstrip().splitlines()[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        line = 1
        for row in reader:
            start, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if not table.headers:
                table.headers = [cell.strip() for cell in row]
                continue
            if len(row) != len(table.headers):
                faults.append(
                    Fault(
                        "the row has the wrong number of cells",
                        table.file,
                        start,
                        found=str(len(row)),
                        allowed=f"{len(table.headers)}, as the header has",
                        hint="Quote cells that hold a comma.",
                    )
                )
                continue
            table.rows.append([cell.strip() for cell in row])
            table.lines.append(start)
            if len(table.rows) > MAX_ROWS:
                return table, [
                    Fault("the table has too many rows", table.file, start, allowed=f"at most {MAX_ROWS}")
                ]
    except csv.Error as error:
        faults.append(Fault(f"cannot be read as a table: {error}", table.file, reader.line_num))
    seen: set[str] = set()
    for header in table.headers:
        if header and header in seen:
            faults.append(Fault("the column stands twice", table.file, 1, header))
        seen.add(header)
    if not table.rows and not faults:
        faults.append(Fault("the table has no rows", table.file, 1, allowed="a header and at least one row"))
    return table, faults


def number(text: str) -> float | None:
    """A number as people write it (1,234.5, 12%, £3), nan for a blank, None when it is no number.

    A percentage is returned as written (12% gives 12.0): the caller says what it wants.
    """
    bare = text.strip().lower()
    if bare in BLANK:
        return math.nan
    bare = bare.strip("%£ ").replace("\u2212", "-").replace("\u00a0", "")
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    try:
        value = float(bare)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def yes_no(text: str) -> float | None:
    """1 or 0 from a word such as yes, true, no, false; None for any other."""
    return {"u": 1.0, "yes": 1.0, "true": 1.0, "r": 0.0, "no": 0.0, "false": 0.0}.get(text.strip().lower())


def own_column(cells: list[str]) -> np.ndarray:
    """A user's own column: numbers when every cell is a number or blank, else text."""
    values = [number(cell) for cell in cells]
    if any(value is None for value in values) or all(math.isnan(value or 0.0) for value in values):
        return np.array(cells, dtype=object)
    return np.array(values, dtype=float)


def read_json(path: Path) -> tuple[Any, list[Fault]]:
    """The content of a JSON file, or None and what is wrong with it."""
    text, faults = read_text(path)
    if faults:
        return None, faults
    try:
        return json.loads(text), []
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        return None, [
            Fault("is not valid JSON", str(path), line, found=getattr(error, "msg", "nesting too deep"))
        ]


def read_yaml(path: Path, allowed: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, int], list[Fault]]:
    """The keys of a YAML mapping, the line of each, and faults: unknown or doubled keys, broken YAML."""
    text, faults = read_text(path)
    file = str(path)
    if faults:
        return {}, {}, faults
    try:
        node = yaml.compose(text, Loader=SAFE_YAML)
        content = yaml.load(text, Loader=SAFE_YAML)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        return (
            {},
            {},
            [
                Fault(
                    "is not valid YAML",
                    file,
                    min(mark.line + 1, len(text.splitlines())) if mark else None,
                    found=getattr(error, "problem", None) or str(error),
                )
            ],
        )
    if not isinstance(node, yaml.MappingNode) or not isinstance(content, dict):
        return {}, {}, [Fault("must be a mapping of keys to values", file, 1, found=type(content).__name__)]
    lines: dict[str, int] = {}
    for key_node, _ in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in lines:
            faults.append(Fault("the key stands twice", file, line, key))
        if key not in allowed:
            faults.append(
                Fault("unknown key", file, line, key, key, ", ".join(allowed), nearest(key, allowed))
            )
        lines[key] = line
    return {str(key): value for key, value in content.items()}, lines, faults
