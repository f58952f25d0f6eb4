"""Regret: how far each plan falls short of the best one at the same point, over all points of a sweep.

Of the plans of a sweep and its baseline, the one whose largest regret is least is the robust choice (Savage 1951;
Lempert and others 2006). Chance in the runs could turn that choice: replicates are drawn anew to see how often.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from model import rng

DRAWS = 200
SURE = 0.95
"""Share of draws of the replicates in which a choice must come out the same to be told as sure."""
FEW = 6
"""Fewer replicates than these all agree by chance alone more often than once in twenty."""


@dataclass(frozen=True)
class Regret:
    """table: plan, mean, p90, largest, best_at (share of points); by_point: a row a point, a column a plan.

    least: the plan whose largest regret is least; same: in what share of draws of the replicates it is, nan with one.
    """

    table: pd.DataFrame
    by_point: pd.DataFrame
    least: str
    same: float
    replicates: int

    def as_dict(self) -> dict[str, Any]:
        """The table as `discover --json` tells it."""
        return {"plans": self.table.to_dict("records"), "least_regret": self.least, "same_choice": self.same}

    def words(self, amount: Callable[[float], str]) -> list[str]:
        """The table in lines, then the choice; amount: how a number of this outcome is written."""
        rows: list[tuple[str, ...]] = [
            ("Regret, of the best at each point", "mean", "90th %", "largest", "best at")
        ]
        for row in self.table.to_dict("records"):
            told = (amount(float(row[name])) for name in ("mean", "p90", "largest"))
            rows.append((str(row["plan"]), *told, f"{row['best_at']:.0%}"))
        width = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines = [
            "  ".join(
                [
                    row[0].ljust(width[0]),
                    *(cell.rjust(wide) for cell, wide in zip(row[1:], width[1:], strict=True)),
                ]
            )
            for row in rows
        ]
        return [*lines, self._choice()]

    def _choice(self) -> str:
        said = f"Least regret at its worst: {self.least}"
        if np.isnan(self.same):
            return f"{said}; with one replicate chance could turn this."
        if self.same < SURE:
            return f"{said}, but chance could turn this: so in {self.same:.0%} of draws of the replicates."
        return f"{said}." if self.replicates >= FEW else f"{said}, by but {self.replicates} replicates."


def regret(better: np.ndarray, plans: list[str], seed: int = 1) -> Regret:
    """better: (N, R, P) the outcome of each plan, points by replicates, larger being better."""
    short = _short(better.mean(axis=1))
    least = int(short.max(axis=0).argmin())
    replicates, same = better.shape[1], float("nan")
    if replicates > 1:
        picks = [_short(better[:, _drawn(replicates, seed, number)].mean(axis=1)).max(axis=0).argmin()
                 for number in range(DRAWS)]  # fmt: skip
        same = float(np.mean(np.array(picks) == least))
    table = pd.DataFrame({"plan": plans, "mean": short.mean(axis=0), "p90": np.quantile(short, 0.9, axis=0),
                          "largest": short.max(axis=0), "best_at": (short == 0).mean(axis=0)})  # fmt: skip
    by_point = pd.DataFrame(short, columns=plans)
    by_point.insert(0, "point", np.arange(len(short)))
    return Regret(table, by_point, plans[least], same, replicates)


def _short(means: np.ndarray) -> np.ndarray:
    """(N, P) how far each plan falls short of the best at each point."""
    short: np.ndarray = means.max(axis=1, keepdims=True) - means
    return short


def _drawn(count: int, seed: int, number: int) -> np.ndarray:
    return (rng.uniform(rng.key(seed, number, "regret luck"), np.arange(count)) * count).astype(int)
