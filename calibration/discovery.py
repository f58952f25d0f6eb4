"""Scenario discovery: under which conditions does one plan beat another, or widen a gap; a small tree tells, in words.

Every point of a sweep is a case or not (its mean difference says so, and by how much chance could say otherwise is
told). A decision tree of scikit-learn then looks for the conditions that part cases from the rest; each of its boxes
comes with its coverage (share of all cases in it) and density (share of it that are cases), as PRIM reports them.
Sources: Bryant and Lempert 2010 (scenario discovery); Breiman and others 1984 (trees).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from model.errors import Fault, InputError, nearest
from scenarios.effects import paired
from scenarios.sweep import Sweep
from scenarios.sweep_plan import DUMMY

DEPTH = 3
LEAST_SHARE = 0.05
"""The smallest box, as a share of points."""

WHEN = ("beats", "widens", "narrows")


@dataclass(frozen=True)
class Box:
    """Conditions that hold together, and what is found where they do."""

    conditions: tuple[str, ...]
    points: int
    cases: int
    coverage: float
    density: float
    limits: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        where = " and ".join(self.conditions) or "anywhere"
        shares = f"{self.density:.0%}; {self.coverage:.0%} of all such points"
        return f"{where}: {self.cases} of {self.points} points ({shares})"


@dataclass
class Discovery:
    """What was asked, at how many points it holds, and the boxes where it mostly does, best first."""

    question: str
    points: int
    cases: int
    unsure: int
    accuracy: float
    boxes: list[Box]
    frame: pd.DataFrame

    def describe(self) -> dict[str, Any]:
        """What `discover --json` prints."""
        boxes = [{"conditions": list(box.conditions), "points": box.points, "cases": box.cases,
                  "coverage": box.coverage, "density": box.density} for box in self.boxes]  # fmt: skip
        return {"question": self.question, "points": self.points, "cases": self.cases, "unsure": self.unsure,
                "accuracy": self.accuracy, "boxes": boxes, "words": self.words()}  # fmt: skip

    def words(self) -> list[str]:
        """What was found, in lines."""
        lines = [
            f"{self.question}: at {self.cases:,} of {self.points:,} points ({self.cases / self.points:.0%})."
        ]
        if self.unsure:
            lines.append(
                f"At {self.unsure:,} points chance could turn the answer: their 95% interval holds 0."
            )
        if self.cases in (0, self.points):
            return [*lines, "It is the same everywhere in this sweep: no condition decides it."]
        lines += [f"Mostly so where {box}" for box in self.boxes]
        if not self.boxes:
            lines.append("No simple condition on what was varied tells where.")
        said = f"These conditions sort {self.accuracy:.0%} of points rightly; saying the commoner answer everywhere, "
        return [*lines, f"{said}{max(self.cases, self.points - self.cases) / self.points:.0%}."]


def discover(
    done: Sweep,
    scenario: str | None = None,
    against: str | None = None,
    outcome: str = "inactive",
    when: str = "beats",
) -> Discovery:
    """Where `scenario` beats `against` (else the baseline) in an outcome; or widens, or narrows, a gap.

    beats, narrows: the outcome is lower; widens: it is higher. Raises InputError when runs are missing or a name is
    unknown.
    """
    names = [name for name, _ in done.plan.scenarios]
    scenario = scenario or names[0]
    for key, name in (("scenario", scenario), ("against", against)):
        if name is not None and name not in names:
            raise InputError(Fault("is not in this sweep", key=key, found=name, allowed=", ".join(names),
                                   hint=nearest(name, names)))  # fmt: skip
    if when not in WHEN:
        raise InputError(Fault("unknown question", key="when", found=when, allowed=", ".join(WHEN)))
    lead = _lead(done, scenario, against, outcome)
    cases = lead["mean"] > 0 if when == "widens" else lead["mean"] < 0
    unsure = int(((lead["low"] <= 0) & (lead["high"] >= 0)).sum())
    factors = done.points.drop(columns=["point", DUMMY], errors="ignore")
    question = f"{scenario} {when} {against or done.plan.baseline[0]} in {outcome}"
    if when != "beats":
        question = f"{scenario} {when} {outcome} against {against or done.plan.baseline[0]}"
    boxes, accuracy = _boxes(factors, cases.to_numpy(), lead["mean"].abs().to_numpy())
    frame = factors.assign(difference=lead["mean"].to_numpy(), case=cases.to_numpy())
    return Discovery(question, len(frame), int(cases.sum()), unsure, accuracy, boxes, frame)


def _lead(done: Sweep, scenario: str, against: str | None, outcome: str) -> pd.DataFrame:
    """Mean difference at each point with its 95% interval over replicates."""
    told = done.differences(outcome)
    if told.empty:
        raise InputError(Fault("no such outcome in this sweep", key="outcome", found=outcome))
    wide = told.pivot(index="point", columns=["scenario", "replicate"], values="difference")
    one = wide[scenario]
    values = (one - wide[against] if against else one).to_numpy(dtype=float)
    if not np.isfinite(values).all():
        raise InputError(Fault("is not a finite number at every point", key="outcome", found=outcome))
    mean, low, high = paired(values.T)
    return pd.DataFrame({"mean": mean, "low": low, "high": high})


def _boxes(factors: pd.DataFrame, cases: np.ndarray, weight: np.ndarray) -> tuple[list[Box], float]:
    from sklearn.tree import DecisionTreeClassifier

    if cases.all() or not cases.any():
        return [], 1.0
    columns, meaning = _columns(factors)
    least = max(2, int(LEAST_SHARE * len(cases)))
    tree = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=least, ccp_alpha=0.005, random_state=1)
    tree.fit(columns, cases)
    leaf = tree.apply(columns)
    found = []
    for node, path in _paths(tree.tree_):
        inside = leaf == node
        if cases[inside].mean() <= 0.5:
            continue
        limits = _limits(path)
        words = tuple(_condition(meaning[column], low, high) for column, (low, high) in limits.items())
        found.append(Box(words, int(inside.sum()), int(cases[inside].sum()), float(cases[inside].sum() / cases.sum()),
                         float(cases[inside].mean()), {meaning[c][0]: ends for c, ends in limits.items()}))  # fmt: skip
    return sorted(found, key=lambda box: -box.coverage), float(tree.score(columns, cases))


def _columns(factors: pd.DataFrame) -> tuple[np.ndarray, list[tuple[str, str | None]]]:
    """Factors as numbers; each choice of a switch is a column of its own: (name, choice)."""
    columns: list[np.ndarray] = []
    meaning: list[tuple[str, str | None]] = []
    for name in factors.columns:
        values = factors[name]
        if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
            columns.append(values.to_numpy(dtype=float))
            meaning.append((str(name), None))
            continue
        for choice in dict.fromkeys(values.astype(str)):
            columns.append((values.astype(str) == choice).to_numpy(dtype=float))
            meaning.append((str(name), choice))
    return np.stack(columns, axis=1), meaning


def _paths(tree: Any, node: int = 0, path: tuple = ()) -> list[tuple[int, tuple]]:
    """Every leaf with the steps that lead to it: (column, threshold, goes left)."""
    if tree.children_left[node] < 0:
        return [(node, path)]
    step = (int(tree.feature[node]), float(tree.threshold[node]))
    return [*_paths(tree, tree.children_left[node], (*path, (*step, True))),
            *_paths(tree, tree.children_right[node], (*path, (*step, False)))]  # fmt: skip


def _limits(path: tuple) -> dict[int, tuple[float, float]]:
    limits: dict[int, tuple[float, float]] = {}
    for column, threshold, left in path:
        low, high = limits.get(column, (-np.inf, np.inf))
        limits[column] = (low, min(high, threshold)) if left else (max(low, threshold), high)
    return limits


def _condition(meaning: tuple[str, str | None], low: float, high: float) -> str:
    name = meaning[0].removeprefix("parameters.")
    if meaning[1] is not None:
        return f"{name} is {'' if low > 0 else 'not '}{meaning[1]}"
    if np.isfinite(low) and np.isfinite(high):
        return f"{name} is between {low:.3g} and {high:.3g}"
    return f"{name} is above {low:.3g}" if np.isfinite(low) else f"{name} is at most {high:.3g}"
