"""A pattern: what is known, what the model says, and a verdict; and the list of those who bring patterns.

To add patterns, write a function that takes `Measured` and gives rows, and put it in PATTERNS by `@brings`. A file of
`calibration.experiments` that does so is found by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibration.targets import Target

ROLES = ("fit", "held_out", "mechanism")


@dataclass(frozen=True)
class Row:
    """One pattern. Intervals are 95%; the target's holds observation error and stated discrepancy. holds: None when
    nothing published says what it should be."""

    id: str
    name: str
    role: str
    unit: str
    target: float | None
    target_low: float | None
    target_high: float | None
    model: float
    model_low: float
    model_high: float
    holds: bool | None
    naive: float | None = None
    note: str = ""
    holds_alone: bool | None = None
    """Whether it holds by the error of the published figure alone, no discrepancy granted; None where none is."""


@dataclass
class Measured:
    """What the model gave: for each measure, one mapping of names to numbers a run (a set of parameters and a seed)."""

    runs: dict[str, list[dict[str, float]]]

    def values(self, name: str, measure: str | None = None) -> np.ndarray:
        """Every run's value of a number."""
        found = [
            one[name]
            for key, many in self.runs.items()
            if measure in (None, key)
            for one in many
            if name in one
        ]
        return np.array(found, dtype=float)

    def has(self, name: str) -> bool:
        """Whether any run gave it."""
        return len(self.values(name)) > 0


def spread(values: np.ndarray) -> tuple[float, float, float]:
    """Mean and 95% range of runs."""
    low, high = np.quantile(values, [0.025, 0.975])
    return float(values.mean()), float(low), float(high)


def against(id: str, name: str, target: Target, values: np.ndarray, naive: float | None = None) -> Row:
    """A row of a published target; it holds when the model's mean lies inside the target's interval.

    Both readings: with the discrepancy that was granted, and by the published error alone.
    """
    model, low, high = spread(values)
    below, above = target.value - 1.96 * target.sd, target.value + 1.96 * target.sd
    return Row(id, name, target.role, target.unit, target.value, below, above, model, low, high,
               bool(below <= model <= above), naive, f"{', '.join(target.rows)}; {target.year}",
               abs(model - target.value) <= 1.96 * target.se)  # fmt: skip


def within(id: str, name: str, unit: str, low: float, high: float, values: np.ndarray, note: str,
           role: str = "mechanism") -> Row:  # fmt: skip
    """A row of a range that evidence gives: it holds when the model's mean lies in it."""
    model, below, above = spread(values)
    middle = (low + high) / 2 if np.isfinite(low + high) else None
    return Row(id, name, role, unit, middle, low if np.isfinite(low) else None, high if np.isfinite(high) else None,
               model, below, above, bool(low <= model <= high), None, note)  # fmt: skip


def pattern_row(
    id: str, name: str, unit: str, values: np.ndarray, note: str, naive: float | None = None
) -> Row:
    """A row for which nothing is published: the model's word alone."""
    return Row(id, name, "held_out", unit, None, None, None, *spread(values), None, naive, note)


Brings = Callable[[Measured], list[Row]]
PATTERNS: list[Brings] = []


def brings(function: Brings) -> Brings:
    """Put a function among those who bring patterns."""
    PATTERNS.append(function)
    return function
