"""The text of a file in whatever encoding it was saved, JSON from it, and the cause when it is no text at all."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from model.errors import Fault
from model.files.names import foreign_fault

MAX_BYTES = 200_000_000
MAX_FAULTS = 25
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
OTHERS = {
    b"PK\x03\x04": ("is a workbook or a zip file, not text", "Open it and save the sheet as CSV (UTF-8)."),
    b"\xd0\xcf\x11\xe0": ("is an old Excel workbook, not text", "Open it and save the sheet as CSV (UTF-8)."),
    b"PAR1": ("is a Parquet file, not text", "Save it as CSV (UTF-8)."),
    b"SQLite": ("is a GeoPackage or a database, not text", "Save it as CSV, shapes as GeoJSON."),
    b"%PDF": ("is a PDF, not text", "Save the table as CSV (UTF-8)."),
}
"""Files that are often named .csv or .geojson by mistake, by their first bytes: what they are and what to do."""


MAX_SAME = 3
"""So many faults of one kind are told one by one; more are told once, with their number and the first of them."""


def shorten(faults: list[Fault], file: str) -> list[Fault]:
    """The first faults of a file, those of one kind together, and one line for how many more there are."""
    kinds: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        kinds.setdefault((fault.message, re.sub(r"\[\d+\]", "", fault.key or "")), []).append(fault)
    faults = [
        told for kind in kinds.values() for told in ([_together(kind)] if len(kind) > MAX_SAME else kind)
    ]
    if len(faults) <= MAX_FAULTS:
        return faults
    more = len(faults) - MAX_FAULTS
    return [*faults[:MAX_FAULTS], Fault(f"{more} more faults in this file; mend these first", file)]


def _together(faults: list[Fault]) -> Fault:
    """Many faults of one kind as the first of them, with their number, the first lines, and what was found there."""
    lines = ", ".join(str(fault.line) for fault in faults[:MAX_SAME] if fault.line)
    found = list(dict.fromkeys(fault.found for fault in faults if fault.found))
    where = f"in {len(faults):,} rows: lines {lines}, ..." if lines else f"{len(faults):,} times"
    return replace(faults[0], message=f"{faults[0].message}, {where}",
                   found=", ".join([*found[:MAX_SAME], *["..."] * (len(found) > MAX_SAME)]) or None)  # fmt: skip


def bytes_of(path: Path) -> bytes:
    """The bytes of a file of text, with lines ended as they are here: the same in every checkout."""
    return path.read_bytes().replace(b"\r\n", b"\n")


def read_text(path: Path) -> tuple[str, list[Fault]]:
    """The text of a file in UTF-8, UTF-16 (with or without mark) or Windows-1252."""
    file = str(path)
    try:
        if path.is_dir():
            return "", [Fault("is a folder", file, allowed="a file")]
        if not path.exists() and (fault := foreign_fault(file)):
            return "", [fault]
        if not path.is_file():
            return "", [Fault("is not an ordinary file", file)]
        if path.stat().st_size > MAX_BYTES:
            return "", [Fault("the file is too big", file, found=f"{path.stat().st_size / 1e6:.0f} MB",
                              allowed=f"at most {MAX_BYTES / 1e6:.0f} MB")]  # fmt: skip
        data = path.read_bytes()
    except OSError as error:
        return "", [Fault(f"cannot be read: {error.strerror}", file)]
    for start, (what, hint) in OTHERS.items():
        if data.startswith(start):
            return "", [Fault(what, file, allowed="text in UTF-8", hint=hint)]
    try:
        text = data.decode(_encoding(data))
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\x00" in text:
        return "", [Fault("is not a text file", file, allowed="text in UTF-8")]
    if not text.strip():
        return "", [Fault("the file is empty", file)]
    if text.lstrip()[:15].lower().startswith(("<!doctype html", "<html", "<?xml")):
        return "", [Fault("is a web page or XML, not a table", file, 1, found=text.lstrip()[:15],
                          hint="Download the file itself, or save the sheet as CSV.")]  # fmt: skip
    return text, []


def _encoding(data: bytes) -> str:
    """By its mark; else UTF-16 where every other byte is naught, as in English text; else UTF-8."""
    if data[:3] in MARKS or data[:2] in MARKS:
        return MARKS.get(data[:3]) or MARKS[data[:2]]
    start = data[:400]
    if len(start) >= 8 and start[1::2].count(0) > 0.9 * (len(start) // 2) and 0 not in start[0::2]:
        return "utf-16-le"
    if len(start) >= 8 and start[0::2].count(0) > 0.9 * (len(start) // 2) and 0 not in start[1::2]:
        return "utf-16-be"
    return "utf-8"


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
