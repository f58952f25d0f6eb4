"""Thresholds of activity and lengths of a year stand in one place, and are used by name elsewhere but in the oracle."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from model import limits

ROOT = Path(__file__).parents[2]
FILES = [
    path
    for room in ("model", "scenarios", "calibration", "viz", "cli")
    for path in sorted((ROOT / room).rglob("*.py"))
    if path.name != "limits.py" and ROOT / "model" / "reference" not in path.parents
]
YEARS = {limits.WEEKS_A_YEAR, limits.MEAN_WEEKS_A_YEAR}
IN_WORDS = re.compile(
    rf"{limits.INACTIVE_BELOW} to {limits.ACTIVE_FROM - 1} minutes|{limits.ACTIVE_FROM} minutes (a week )?or more"
    rf"|under {limits.INACTIVE_BELOW} minutes"
)


def literals(path: Path) -> list[str]:
    """Where a file spells what `model/limits.py` declares: numbers it reckons or compares with, and sentences."""
    tree = ast.parse(path.read_text("utf-8"))
    found = []
    for node in ast.walk(tree):
        parts: list[ast.expr] = []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div | ast.FloorDiv | ast.Mod):
            parts, wanted = [node.left, node.right], YEARS
        elif isinstance(node, ast.Compare):
            parts, wanted = [node.left, *node.comparators], {*YEARS, limits.ACTIVE_FROM}
        elif isinstance(node, ast.Assign):
            parts, wanted = [node.value], YEARS
        found += [
            f"{node.lineno}: {part.value}"
            for part in parts
            if isinstance(part, ast.Constant) and type(part.value) in (int, float) and part.value in wanted
        ]
        # Docstrings may say it in numbers: they are for reading, not shown.
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and IN_WORDS.search(node.value):
            found.append(f"{node.lineno}: {node.value}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_thresholds_and_years_are_used_by_name(path):
    assert literals(path) == []
