"""Tables as statistics sites and Excel export them: titles above the head, heads of two rows, notes below."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from model.errors import Fault
from model.files.numbers import decimal_commas, number, with_points
from model.files.text import read_text

MAX_ROWS = 100_000
NO_ROWS = "the table has no rows"
HEAD_WITHIN = 40
"""Rows from the top among which the head is looked for."""
Known = Callable[[str], bool]
Row = tuple[int, list[str]]


@dataclass
class Table:
    """A CSV as text: headers, the line of the head, rows of equal length, and the line on which each begins.

    `notes` are warnings: what was passed over, and how cells were read.
    """

    file: str
    headers: list[str] = field(default_factory=list)
    head: int = 1
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


def read_csv(path: Path, known: Known = lambda header: False) -> tuple[Table, list[Fault]]:
    """A table with its head; commas, semicolons, tabs or bars between cells, points or commas in numbers.

    known: whether a header is one that the reader understands; the head is the row (or two rows) with most of them.
    Rows above the head and notes below the last row are passed over, and blank lines everywhere.
    """
    table = Table(str(path))
    text, faults = read_text(path)
    if faults:
        return table, faults
    try:
        rows, faults = _rows(text, table.file, known)
    except csv.Error as error:
        return table, [Fault(f"cannot be read as a table: {error}", table.file)]
    if not rows and not faults:
        faults = [Fault(NO_ROWS, table.file, allowed="a header and at least one row")]
    if faults:
        return table, faults
    body = _take_head(table, rows, known)
    _take_rows(table, body, faults)
    seen: set[str] = set()
    for header in table.headers:
        if header and header in seen:
            faults.append(Fault("the column stands twice", table.file, table.head, header))
        seen.add(header)
    if not table.rows and not faults:
        faults.append(Fault(NO_ROWS, table.file, table.head, allowed="a header and at least one row"))
    return table, faults


def _rows(text: str, file: str, known: Known) -> tuple[list[Row], list[Fault]]:
    """All rows that are not blank, with their lines, split at the separator that gives the best head."""
    first, _, rest = text.lstrip("\ufeff").partition("\n")
    if first.strip().strip('"').lower().startswith("sep=") and len(first.strip().strip('"')) <= 5:
        return _split(rest, first.strip().strip('"')[4:] or "\t", file, 2)
    start = "\n".join(text.splitlines()[:HEAD_WITHIN])
    usual = text.lstrip().splitlines()[0]

    def merit(separator: str) -> tuple[int, int]:
        rows, _ = _split(start, separator, file, 1)
        return max((_score(row, known) for _, row in rows), default=0), usual.count(separator)

    return _split(text, max(",;\t|", key=merit), file, 1)


def _split(text: str, separator: str, file: str, line: int) -> tuple[list[Row], list[Fault]]:
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=separator)
    rows: list[Row] = []
    offset, start = line - 1, line
    try:
        for row in reader:
            start, line = line, reader.line_num + offset + 1
            cells = [cell.strip() for cell in row]
            if any(cells):
                rows.append((start, cells))
            if len(rows) > MAX_ROWS + HEAD_WITHIN:
                break
    except csv.Error:  # a cell of more than 131,072 characters: its quote opened on this row
        start = line
    if _is_open(lines[start - 1 - offset :], separator):
        return rows, [
            Fault("a quote opens and is not closed", file, start, found=lines[start - 1 - offset].strip()[:80],
                  hint='Close it with another ", or take it away.')
        ]  # fmt: skip
    if len(rows) > MAX_ROWS + 1:
        return rows, [
            Fault("the table has too many rows", file, rows[MAX_ROWS + 1][0], allowed=f"at most {MAX_ROWS}")
        ]
    return rows, []


def _is_open(last: list[str], separator: str) -> bool:
    """Whether the lines of a table's last row end within a quote."""
    try:
        list(csv.reader(last, delimiter=separator, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error) or "field larger" in str(error)
    return False


def _score(row: list[str], known: Known) -> int:
    return sum(1 for cell in dict.fromkeys(row) if cell and known(cell))


def _take_head(table: Table, rows: list[Row], known: Known) -> list[Row]:
    """Set the headers; the rows below them."""
    best, at, deep = _score(rows[0][1], known), 0, 1
    headers = rows[0][1]
    for i, (_, row) in enumerate(rows[:HEAD_WITHIN]):
        found = _score(row, known)
        if found > max(best, 1):
            best, at, deep, headers = found, i, 1, row
    for i in (at - 1, at):
        if i >= 0 and i + 1 < len(rows) and not _numbers(rows[i + 1][1]):
            both = _joined(rows[i][1], rows[i + 1][1], known)
            found = _score(both, known)
            if found > best:
                best, at, deep, headers = found, i, 2, both
    if best == 0:
        # Nothing is known: the first row as wide as the table.
        wide = max(len([cell for cell in row if cell]) for _, row in rows[:HEAD_WITHIN])
        at = next(i for i, (_, row) in enumerate(rows) if len([cell for cell in row if cell]) == wide)
        at, headers = (at, rows[at][1]) if wide > 1 and len(rows[0][1]) < wide else (0, rows[0][1])
    table.head = rows[at][0]
    table.headers = headers[: max((i for i, header in enumerate(headers) if header), default=0) + 1]
    body = rows[at + deep :]
    if at:
        table.notes.append(Fault("lines above the head are passed over", table.file, rows[0][0],
                                 found=" ".join(filter(None, rows[0][1]))[:80]))  # fmt: skip
    if len(body) > 1 and deep == 1 and best > 1 and _second(body[0][1], headers):
        table.notes.append(Fault("taken as a second line of the head, not as a zone", table.file, body[0][0],
                                 found=", ".join(filter(None, body[0][1]))[:80]))  # fmt: skip
        body = body[1:]
    return body


def _numbers(row: list[str]) -> bool:
    """Whether a row holds a number other than a year: rows of a head hold none."""
    values = [number(cell) for cell in row if cell]
    return any(value is not None and not 1980 <= value <= 2100 for value in values)


def _second(row: list[str], headers: list[str]) -> bool:
    """Whether the row under a head belongs to it: units or explanations, with no number and no code in it."""
    return (
        len(headers) > 2
        and not row[0]
        and any(row)
        and not any(number(cell) is not None for cell in row if cell)
    )


def _joined(upper: list[str], lower: list[str], known: Known) -> list[str]:
    """A head of two rows as one: the lower cell, the upper one, or both together, whichever is understood."""
    size, above, headers = max(len(upper), len(lower)), "", []
    for i in range(size):
        top = upper[i] if i < len(upper) else ""
        bottom = lower[i] if i < len(lower) else ""
        above = top or (above if bottom else "")
        choices = [one for one in (bottom, top, f"{above} {bottom}", f"{bottom} {above}") if one.strip()]
        headers.append(next((one for one in choices if known(one)), f"{above} {bottom}".strip()))
    return headers


def _take_rows(table: Table, body: list[Row], faults: list[Fault]) -> None:
    """The rows as wide as the head; lone cells at the end of the file are notes, other misfits faults."""
    width = len(table.headers)
    while width > 2 and body and len(lone := [cell for cell in body[-1][1] if cell]) == 1:
        line, row = body.pop()
        if number(lone[0]) is not None or (len(row) == width and lone[0] != row[0]):
            body.append((line, row))
            break
        table.notes.append(
            Fault("a note below the table is passed over", table.file, line, found=lone[0][:80])
        )
    if decimal_commas([row for _, row in body]):
        body = [(line, with_points(row)) for line, row in body]
        table.notes.append(Fault("numbers are read with decimal commas", table.file, found="0,5 as a half"))
    for line, row in body:
        if len(row) > width and not any(row[width:]):
            row = row[:width]
        if len(row) != width:
            faults.append(Fault("the row has the wrong number of cells", table.file, line, found=str(len(row)),
                                allowed=f"{width}, as the header has",
                                hint="A quote opens here and closes on another line: is that meant?"
                                if any("\n" in cell for cell in row) else "Quote cells that hold a comma."))  # fmt: skip
            continue
        table.rows.append(row)
        table.lines.append(line)
