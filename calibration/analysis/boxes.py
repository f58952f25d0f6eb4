"""Boxes: conditions that hold together on what was varied, in words, and a tree that finds them.

Sources: Bryant and Lempert 2010 (coverage and density); Breiman and others 1984 (trees).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

Step = tuple[int, float, bool]
"""A step down a tree: column, threshold, whether it goes left."""

DEPTH = 3
LEAST_SHARE = 0.05
"""The smallest box, as a share of points."""

Meaning = list[tuple[str, str | None]]
"""What each column is: the name of a factor, and the choice of a switch that it stands for."""


@dataclass(frozen=True)
class Box:
    """Conditions that hold together, and what is found where they do."""

    conditions: tuple[str, ...]
    points: int
    cases: int
    coverage: float
    density: float
    mass: float = 0.0
    limits: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        where = " and ".join(self.conditions) or "anywhere"
        shares = f"{self.density:.0%}; {self.coverage:.0%} of all such points"
        return f"{where}: {self.cases} of {self.points} points ({shares})"

    def as_dict(self) -> dict[str, Any]:
        """The box as `discover --json` tells it."""
        return {"conditions": list(self.conditions), "points": self.points, "cases": self.cases,
                "coverage": self.coverage, "density": self.density, "mass": self.mass}  # fmt: skip


@dataclass(frozen=True)
class Tree:
    """What a tree found: its boxes where cases are the more, the points in them (N,), and how much it explains.

    accuracy: share of points sorted rightly; gain: log likelihood above that of one share everywhere.
    """

    boxes: list[Box]
    inside: np.ndarray
    accuracy: float
    gain: float


def columns(factors: pd.DataFrame) -> tuple[np.ndarray, Meaning]:
    """Factors as numbers (N, K); each choice of a switch is a column of its own."""
    found: list[np.ndarray] = []
    meaning: Meaning = []
    for name in factors.columns:
        values = factors[name]
        if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
            found.append(values.to_numpy(dtype=float))
            meaning.append((str(name), None))
            continue
        for choice in dict.fromkeys(values.astype(str)):
            found.append((values.astype(str) == choice).to_numpy(dtype=float))
            meaning.append((str(name), choice))
    return np.stack(found, axis=1) if found else np.zeros((len(factors), 0)), meaning


def least(points: int) -> int:
    """The fewest points of a box."""
    return max(2, int(LEAST_SHARE * points))


def box_of(
    limits: dict[int, tuple[float, float]], inside: np.ndarray, cases: np.ndarray, meaning: Meaning
) -> Box:
    """The box with these limits by column; inside, cases: (N,) which points are in it, and which are cases."""
    words = tuple(condition(meaning[column], *ends) for column, ends in limits.items())
    points, hits = int(inside.sum()), int(cases[inside].sum())
    return Box(words, points, hits, hits / max(int(cases.sum()), 1), hits / max(points, 1), points / len(cases),
               {meaning[column][0]: ends for column, ends in limits.items()})  # fmt: skip


def condition(meaning: tuple[str, str | None], low: float, high: float) -> str:
    """One condition in words."""
    name = meaning[0].removeprefix("parameters.")
    if meaning[1] is not None:
        return f"{name} is {'' if low > 0 else 'not '}{meaning[1]}"
    if np.isfinite(low) and np.isfinite(high):
        return f"{name} is between {low:.3g} and {high:.3g}"
    return f"{name} is above {low:.3g}" if np.isfinite(low) else f"{name} is at most {high:.3g}"


def likelihood(points: np.ndarray | float, cases: np.ndarray | float) -> np.ndarray:
    """Log likelihood of so many cases among so many points, at their own share."""
    from scipy.special import xlogy

    points, cases = np.asarray(points, dtype=float), np.asarray(cases, dtype=float)
    share = cases / np.maximum(points, 1)
    told: np.ndarray = xlogy(cases, share) + xlogy(points - cases, 1 - share)
    return told


# ------------------------------------------------------------------------------------------------ the tree


def tree(found: np.ndarray, cases: np.ndarray, meaning: Meaning | None = None) -> Tree:
    """The boxes of a small decision tree; found: (N, K) columns; cases: (N,) bool. Without `meaning`, none in words."""
    fitted = _fitted(found, cases)
    leaf = fitted.apply(found)
    inside, boxes, likely = np.zeros(len(cases), bool), [], 0.0
    for node, path in _paths(fitted.tree_):
        here = leaf == node
        likely += float(likelihood(here.sum(), cases[here].sum()))
        if cases[here].mean() <= 0.5:
            continue
        inside |= here
        if meaning is not None:
            boxes.append(box_of(_limits(path), here, cases, meaning))
    gain = likely - float(likelihood(len(cases), cases.sum()))
    return Tree(sorted(boxes, key=lambda box: -box.coverage), inside, float((inside == cases).mean()), gain)


def left_out(found: np.ndarray, cases: np.ndarray, order: np.ndarray, folds: int = 5) -> float:
    """Share of points that trees sort rightly which were fitted without them; order: (N,) the points, shuffled."""
    right = 0
    for part in np.array_split(order, folds):
        rest = np.setdiff1d(order, part)
        if cases[rest].all() or not cases[rest].any():
            right += int((cases[part] == cases[rest[0]]).sum())
        elif len(part):
            right += int((_fitted(found[rest], cases[rest]).predict(found[part]) == cases[part]).sum())
    return right / len(cases)


def _fitted(found: np.ndarray, cases: np.ndarray) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    made = DecisionTreeClassifier(
        max_depth=DEPTH, min_samples_leaf=least(len(cases)), ccp_alpha=0.005, random_state=1
    )
    return made.fit(found, cases)


def _paths(made: Any, node: int = 0, path: tuple[Step, ...] = ()) -> list[tuple[int, tuple[Step, ...]]]:
    """Every leaf with the steps that lead to it: (column, threshold, goes left)."""
    if made.children_left[node] < 0:
        return [(node, path)]
    step = (int(made.feature[node]), float(made.threshold[node]))
    return [*_paths(made, made.children_left[node], (*path, (*step, True))),
            *_paths(made, made.children_right[node], (*path, (*step, False)))]  # fmt: skip


def _limits(path: tuple[Step, ...]) -> dict[int, tuple[float, float]]:
    limits: dict[int, tuple[float, float]] = {}
    for column, threshold, left in path:
        low, high = limits.get(column, (-np.inf, np.inf))
        limits[column] = (low, min(high, threshold)) if left else (max(low, threshold), high)
    return limits
