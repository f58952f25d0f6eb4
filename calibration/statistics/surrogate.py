"""Emulators of all targets together: what the model would say at any point, with the error of saying it unrun.

Shares are emulated as logits and ratios as logarithms, where they are straighter; errors come back by the slope.
Each emulator is gated: it must predict points it has not seen, and hold nearly all of them in its intervals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from calibration.statistics import emulator
from calibration.statistics.emulator import Emulator
from calibration.targets import Target

GOOD_Q2, GOOD_COVERAGE = 0.95, 0.90
"""What an emulator must show: variance predicted, and 95% intervals that hold points unseen. More is no harm."""

Simulator = Callable[[np.ndarray], np.ndarray]


def kind_of(target: Target) -> str:
    """How a target is best emulated: logit, log or plain."""
    if target.unit == "ratio":
        return "log"
    return "logit" if target.unit == "%" and not target.name.startswith("retention") else "plain"


def bent(values: np.ndarray, kind: str) -> np.ndarray:
    """Values as they are emulated."""
    if kind == "log":
        logs: np.ndarray = np.log(np.maximum(values, 1e-3))
        return logs
    if kind == "logit":
        share = np.clip(values / 100, 2e-4, 1 - 2e-4)
        return np.log(share / (1 - share))
    return values


def straight(values: np.ndarray, sd: np.ndarray, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Values as they are measured, and their standard error, from those emulated."""
    if kind == "log":
        real = np.exp(values)
        return real, sd * real
    if kind == "logit":
        share = 1 / (1 + np.exp(-values))
        return 100 * share, 100 * sd * share * (1 - share)
    return values, sd


@dataclass
class Surrogate:
    """Emulators of the targets over x (N, D)."""

    targets: list[Target]
    kinds: list[str]
    made: list[Emulator]
    table: list[dict[str, float | str | bool]] = field(default_factory=list)

    def predict(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(N, K) what the model would say, and (N, K) the standard error of it."""
        told = [
            straight(*one.predict_with_sd(x), kind) for one, kind in zip(self.made, self.kinds, strict=True)
        ]
        return np.stack([mean for mean, _ in told], axis=1), np.stack([sd for _, sd in told], axis=1)

    def mean(self, x: np.ndarray) -> np.ndarray:
        """(N, K) the same without the error, which costs most of the time."""
        zero = np.zeros(len(x))
        return np.stack([straight(one.predict(x), zero, kind)[0] for one, kind in zip(self.made, self.kinds, strict=True)],
                        axis=1)  # fmt: skip

    @property
    def doubted(self) -> list[str]:
        """Targets whose emulator does not pass the gate: its error counts, so they weigh less."""
        return [str(row["target"]) for row in self.table if not row["passes"]]


def fit(targets: list[Target], x: np.ndarray, values: np.ndarray, jobs: int = 2) -> Surrogate:
    """Emulators of values (N, K) at x (N, D); rows that are not finite in a column are left out of that column."""
    from joblib import Parallel, delayed

    kinds = [kind_of(target) for target in targets]
    columns = [bent(values[:, k], kind) for k, kind in enumerate(kinds)]
    good = [np.isfinite(column) for column in columns]
    made = Parallel(n_jobs=jobs)(
        delayed(_one)(x[mask], column[mask]) for mask, column in zip(good, columns, strict=True)
    )
    found = Surrogate(targets, kinds, list(made))
    for target, one, mask in zip(targets, made, good, strict=True):
        passes = one.q2 >= GOOD_Q2 and one.coverage >= GOOD_COVERAGE
        found.table.append({"target": target.name, "q2": one.q2, "coverage": one.coverage, "points": int(mask.sum()),
                            "passes": bool(passes)})  # fmt: skip
    return found


def _one(x: np.ndarray, column: np.ndarray) -> Emulator:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return emulator.fit(x, column[:, None], trend=True)
