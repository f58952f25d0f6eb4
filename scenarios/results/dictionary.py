"""The dictionary of a result folder: every file and column in it with meaning, unit and allowed values."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import yaml

from model.outcomes import catalogue
from scenarios.files import store
from scenarios.findings.names import GROUPS, LEVELS

COLUMNS = ("file", "column", "value", "meaning", "unit", "allowed")
LATER = ("dictionary.csv", "manifest.json", "report.html", "data/*.csv")
"""Files that are told although they are written after the dictionary."""


@cache
def declared() -> dict[str, dict[str, Any]]:
    """What dictionary.yaml says, by file: `about` and `columns`, each [meaning, unit, allowed]."""
    told: dict[str, dict[str, Any]] = yaml.safe_load(
        (Path(__file__).parent / "dictionary.yaml").read_text(encoding="utf-8")
    )
    return told


def table(folder: Path, zones: Mapping[str, str]) -> pd.DataFrame:
    """The dictionary of a folder as it stands (`COLUMNS`): files, their columns, then outcomes, groups and levels.

    zones: names by code. A column that nobody has declared is told with nothing but its name.
    """
    rows: list[tuple[str, ...]] = []
    present = {path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")}
    order = [*declared(), *sorted(present - set(declared()))]
    for name in order:
        if name not in present and name not in LATER:
            continue
        told = declared().get(name, {})
        rows.append((name, "", "", told.get("about", ""), "", ""))
        known = told.get("columns", {})
        for column in _columns(folder / name) or list(known):
            rows.append((name, column, "", *known.get(column, ("", "", ""))))
    rows += values(zones)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def values(zones: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Rows of every outcome, group and level; zones by their names."""
    rows: list[tuple[str, ...]] = [("*", "outcome", one.name, f"{one.label}. {one.meaning}", catalogue.UNITS[one.unit], "")
            for one in catalogue.every()]  # fmt: skip
    rows += [
        ("*", "group", group, name, "", ", ".join(LEVELS.get(group, {}))) for group, name in GROUPS.items()
    ]
    rows += [
        ("*", "level", f"{group}={level}", name, "", "")
        for group, levels in {**LEVELS, "zone": dict(zones)}.items()
        for level, name in levels.items()
    ]
    return rows


def _columns(path: Path) -> list[str]:
    """Columns of a table or top-level keys of a JSON file; none of what is neither, or not there yet."""
    if path.suffix == ".parquet" and path.exists():
        return list(pq.read_schema(path).names)
    if path.suffix == ".csv" and path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            return next(csv.reader(file), [])
    return list(store.read_json(path)) if path.suffix == ".json" else []
