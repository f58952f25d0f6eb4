"""Designs of experiments: the points of a sweep, in an order that never changes.

Chance is keyed, so that point 7 of a random design is the same point whether 10 or 10,000 are asked for; a Latin
hypercube of another size is another design.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from model import rng
from model.errors import Fault, InputError
from model.files.names import foreign_fault
from model.files.yaml_words import printable, read_word
from scenarios.files.schema import Scenario
from scenarios.sweeps.sweep_file import MAX_POINTS, Design, Range, as_kind, is_whole

Point = dict[str, Any]
Factors = dict[str, list[Any] | Range]


def points(design: Design, factors: Factors, scenario: Scenario, seed: int) -> list[Point]:
    """Every point of a design, in order. Raises InputError when there are too many, or a table is wrong."""
    if design.method == "table":
        assert design.file is not None
        return from_table(Path(design.file))
    if design.method == "grid":
        return _grid(factors, scenario)
    assert design.points is not None
    unit = {"random": uniform, "lhs": latin_hypercube, "sobol": sobol}[design.method]
    return from_unit(unit(design.points, len(factors), seed), factors, scenario)


def _grid(factors: Factors, scenario: Scenario) -> list[Point]:
    columns = [_values(key, factor, scenario) for key, factor in factors.items()]
    count = math.prod(map(len, columns))
    if count > MAX_POINTS:
        raise InputError(Fault("too many points", key="vary", found=f"{count:,}", allowed=f"at most {MAX_POINTS:,}",
                               hint="Take method lhs with fewer points."))  # fmt: skip
    return [dict(zip(factors, values, strict=True)) for values in itertools.product(*columns)]


def _values(key: str, factor: list[Any] | Range, scenario: Scenario) -> list[Any]:
    if isinstance(factor, list):
        return factor
    assert factor.steps is not None
    shares = np.linspace(0.0, 1.0, factor.steps)
    return list(dict.fromkeys(as_kind(key, scenario, _between(factor, float(share))) for share in shares))


def from_unit(unit: np.ndarray, factors: Factors, scenario: Scenario) -> list[Point]:
    """Points from numbers in the unit cube, (N, D): ranges are stretched, lists get equal shares."""
    chosen = [_chooser(key, factor, scenario) for key, factor in factors.items()]
    return [
        {key: choose(float(u)) for key, choose, u in zip(factors, chosen, row, strict=True)} for row in unit
    ]


def _chooser(key: str, factor: list[Any] | Range, scenario: Scenario) -> Callable[[float], Any]:
    if isinstance(factor, list):
        return lambda u: factor[min(int(u * len(factor)), len(factor) - 1)]
    if is_whole(key, scenario):
        low, high = math.ceil(factor.low), math.floor(factor.high)
        return lambda u: min(low + int(u * (high - low + 1)), high)
    return lambda u: _between(factor, u)


def _between(factor: Range, share: float) -> float:
    if factor.scale == "log":
        value = math.exp(math.log(factor.low) + share * (math.log(factor.high) - math.log(factor.low)))
    else:
        value = factor.low + share * (factor.high - factor.low)
    return min(max(value, factor.low), factor.high)


# ------------------------------------------------------------------------------------------------ the unit cube


def uniform(count: int, width: int, seed: int) -> np.ndarray:
    """(count, width) independent uniforms."""
    ids = np.arange(count)
    return np.stack(
        [rng.uniform(rng.key(seed, 0, "design"), ids, slot=column) for column in range(width)], axis=1
    )


def latin_hypercube(count: int, width: int, seed: int) -> np.ndarray:
    """(count, width) points, one in each of `count` equal slices of every axis. Source: McKay and others 1979."""
    order = np.argsort(uniform(count, width, seed), axis=0, kind="stable")
    ranks = np.argsort(order, axis=0, kind="stable")
    within = np.stack([rng.uniform(rng.key(seed, 0, "design within"), np.arange(count), slot=column)
                       for column in range(width)], axis=1)  # fmt: skip
    points: np.ndarray = (ranks + within) / count
    return points


def sobol(count: int, width: int, seed: int) -> np.ndarray:
    """(count, width) points of Sobol's sequence, moved round the cube by one keyed shift an axis.

    Sources: Sobol' 1967; Joe and Kuo 2008 (directions, from scipy); Cranley and Patterson 1976 (shift).
    """
    from scipy.stats import qmc

    whole = 1 << max(0, (count - 1).bit_length())
    plain = qmc.Sobol(width, scramble=False).random(whole)[:count]
    shift = rng.uniform(rng.key(seed, 0, "design shift"), np.arange(width))
    points: np.ndarray = (plain + shift) % 1.0
    return points


# ------------------------------------------------------------------------------------------------ tables


def from_table(path: Path) -> list[Point]:
    """Points as a CSV file says: field names on top, a row a point; values as in YAML. Raises InputError."""
    file = printable(path, 300)
    if not path.is_file():
        if fault := foreign_fault(str(path), key="design.file"):
            raise InputError(fault)
        raise InputError(Fault("no such table of points", file, key="design.file", found=file))
    if path.stat().st_size > 64e6:
        raise InputError(Fault("this table is too large", file, allowed="at most 64 MB"))
    reader = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig", errors="replace")))
    lines, rows = [], []
    for row in reader:
        if any(cell.strip() for cell in row):
            lines.append(reader.line_num)
            rows.append(row)
    if len(rows) < 2 or not all(name.strip() for name in rows[0]) or len(set(rows[0])) != len(rows[0]):
        raise InputError(Fault("needs a first row of different field names and a row a point", file, 1))
    if len(rows) - 1 > MAX_POINTS:
        raise InputError(
            Fault("too many points", file, found=f"{len(rows) - 1:,}", allowed=f"at most {MAX_POINTS:,}")
        )
    names, found, faults = [name.strip() for name in rows[0]], [], []
    for line, row in zip(lines[1:], rows[1:], strict=True):
        if len(row) != len(names):
            faults.append(Fault("has another number of cells than the first row", file, line, found=str(len(row)),
                                allowed=str(len(names))))  # fmt: skip
            continue
        point = {}
        for name, cell in zip(names, row, strict=True):
            point[name], problem, hint = _cell(cell.strip())
            if problem or point[name] is None:
                faults.append(Fault(problem or "is empty", file, line, name, printable(cell), hint=hint))
        found.append(point)
    if faults:
        raise InputError(faults[:100])
    return found


def _cell(text: str) -> tuple[Any, str | None, str | None]:
    if text.startswith("["):
        try:
            return json.loads(text), None, None
        except ValueError:
            return None, "is no list", "Write it as [1, 2]."
    return read_word(text)
