"""The ensemble: sets of parameters that agree with the national targets, so that results can carry doubt about them.

`ledger/ensemble.csv` has a row a set and a column a parameter; `ledger/ensemble.json` says when, from what and how
well, with the checksum of the table. Parameters that are not in it stand as the ledger says.
"""

from __future__ import annotations

import hashlib
import json
import math
from functools import cache
from pathlib import Path
from typing import Any

from model.errors import Fault, InputError
from model.files.numbers import number
from model.files.table import NO_ROWS, read_csv
from model.files.text import bytes_of, shorten
from model.parameters import LEDGER, faults_in, ledger

TABLE, FACTS = LEDGER / "ensemble.csv", LEDGER / "ensemble.json"
PRIOR_DRIVEN = "prior-driven"


@cache
def facts(path: Path = FACTS) -> dict[str, Any]:
    """What is known of the shipped ensemble; empty when none is shipped."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


@cache
def draws(path: Path = TABLE, told: Path = FACTS) -> tuple[dict[str, float], ...]:
    """The shipped sets, in order. Raises InputError when there is none, or the table is not the one that was fitted."""
    if not path.is_file():
        raise InputError(Fault("no ensemble is shipped", key="parameters", found="ensemble", allowed="fitted, a file",
                               hint="Make one with: run.py calibrate --write"))  # fmt: skip
    if checksum(path) != facts(told).get("sha256"):
        raise InputError(Fault("is not the ensemble that was fitted: its checksum differs", file=str(path),
                               hint="Take it again from the source, or run calibrate --write."))  # fmt: skip
    return read(path)


def read(path: Path) -> tuple[dict[str, float], ...]:
    """Sets of parameters from a CSV file: names on top, a row a set. Raises InputError naming every fault."""
    table, faults = read_csv(path, known=ledger().__contains__)
    if faults and faults[0].message != NO_ROWS:
        raise InputError(shorten(faults, str(path)))
    if not table.rows:
        raise InputError(Fault("holds no set of parameters", str(path), table.head))
    found, faults = [], []
    for line, row in zip(table.lines, table.rows, strict=True):
        one: dict[str, Any] = {}
        for name, text in zip(table.headers, row, strict=True):
            value = number(text)
            one[name] = text if value is None or math.isnan(value) else value
        faults += [
            Fault(f.message, str(path), line, f.key, f.found, f.allowed, f.hint)
            for f in faults_in(one, prefix="")
        ]
        found.append(one)
    if faults:
        raise InputError(faults[:50])
    return tuple(found)


def checksum(path: Path = TABLE) -> str:
    """SHA-256 of a table."""
    return hashlib.sha256(bytes_of(path)).hexdigest()


def spaced(sets: tuple[dict[str, float], ...], count: int) -> list[dict[str, float]]:
    """`count` of the sets, evenly spaced; all of them, again and again, when more are asked for."""
    return [sets[k * len(sets) // count if count <= len(sets) else k % len(sets)] for k in range(count)]


def prior_driven() -> list[str]:
    """Parameters about which the targets said little, by the shipped calibration."""
    return [one["name"] for one in facts().get("parameters", []) if one["label"] == PRIOR_DRIVEN]
