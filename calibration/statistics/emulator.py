"""A Gaussian-process emulator of an output over the unit cube, with its error stated, and Sobol' indices of it.

Sobol' indices need thousands of points; an emulator of a few hundred gives them in seconds. What it costs is an
error of its own, which is told: Q2 (the share of variance it predicts at points it has not seen), beside the most
that chance in the outputs lets anything reach.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from calibration.statistics import indices
from calibration.statistics.indices import DUMMY, Indices
from calibration.statistics.outputs import checked, seed_share
from model import rng
from model.errors import Fault, InputError

GOOD_Q2 = 0.9
"""Share of the variance that can be predicted, of which an emulator must predict so much to be believed."""

EACH, FEWEST = 10, 40
"""Points for each factor, and in all, below which indices are never told as converged: refits of a surface so badly known
agree with each other and miss the truth. Source: Loeppky, Sacks and Welch 2009, Technometrics 51:366-376 (ten each)."""

FOLDS, REFITS, BASE = 10, 30, 1024
TUNED = 150
"""Points on which the lengths of an emulator with a trend are found."""


@dataclass
class Emulator:
    """A fitted emulator: `predict(unit)`, and how well it predicts.

    levels: choices of each factor, 0 for a number. widening: by how much its standard errors are too narrow, by the
    points that it had not seen; 1 or more.
    """

    levels: list[int]
    model: Any
    scale: tuple[float, float]
    q2: float = float("nan")
    ceiling: float = 1.0
    coverage: float = float("nan")
    widening: float = 1.0
    unit: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))

    def predict(self, unit: np.ndarray) -> np.ndarray:
        """(N,) expected outputs at points of the unit cube."""
        expected: np.ndarray = self.model.predict(encode(unit, self.levels)) * self.scale[1] + self.scale[0]
        return expected

    def predict_with_sd(self, unit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(N,) expected outputs, and (N,) their standard error."""
        mean, sd = self.model.predict(encode(unit, self.levels), return_std=True)
        return mean * self.scale[1] + self.scale[0], sd * self.scale[1] * self.widening


def encode(unit: np.ndarray, levels: list[int]) -> np.ndarray:
    """Points as the emulator sees them: numbers as they are, each choice of a switch as a column of its own."""
    columns = []
    for column, count in enumerate(levels):
        value = unit[:, column]
        if count < 2:
            columns.append(value)
        else:
            chosen = np.minimum((value * count).astype(int), count - 1)
            columns += [(chosen == choice).astype(float) for choice in range(count)]
    return np.stack(columns, axis=1)


def fit(
    unit: np.ndarray, values: np.ndarray, levels: list[int] | None = None, trend: bool = False
) -> Emulator:
    """An emulator of the means of outputs (N, R) at points (N, D), tried on tenths that it has not seen.

    trend: with a straight line in every factor beneath. Errors are widened to what points unseen show (see `held`).
    Raises InputError when outputs are not finite or too few.
    """
    values = checked(values, len(unit))
    levels = levels or [0] * unit.shape[1]
    check_size(len(unit), unit.shape[1])
    mean = values.mean(axis=1)
    made = _fit(unit, mean, levels, None, trend)
    share = seed_share(values)
    fold = np.arange(len(unit)) % FOLDS
    predicted, error = np.empty(len(unit)), np.empty(len(unit))
    for number in range(FOLDS):
        seen = fold != number
        part = _fit(unit[seen], mean[seen], levels, made.model.kernel_)
        predicted[~seen], error[~seen] = part.predict_with_sd(unit[~seen])
    spread = ((mean - mean.mean()) ** 2).sum()
    made.q2 = float(1 - ((mean - predicted) ** 2).sum() / spread) if spread > 0 else 1.0
    made.ceiling = 1.0 - (share if share == share else 0.0)
    made.coverage, made.widening = held(np.abs(mean - predicted) / np.maximum(error, 1e-12), fold)
    return made


def held(far: np.ndarray, fold: np.ndarray) -> tuple[float, float]:
    """How often 95% intervals hold points unseen, once errors are widened, and by how much they are.

    far: (N,) distance of each point from its prediction, in errors; fold: (N,) in which tenth it was left out. Each
    tenth is judged by errors that the other nine widened, so that no point has a say in its own verdict.
    """

    def wider(mask: np.ndarray) -> float:
        return max(1.0, float(np.quantile(far[mask], 0.95)) / 1.96)

    inside = [far[fold == number] <= 1.96 * wider(fold != number) for number in np.unique(fold)]
    return float(np.concatenate(inside).mean()), wider(np.ones(len(far), dtype=bool))


def check_size(points: int, factors: int) -> None:
    """Refuse points too few for any emulator. Raises InputError."""
    if points < 4 * factors:
        raise InputError(Fault("too few points for an emulator", key="points", found=str(points),
                               allowed=f"{4 * factors} or more"))  # fmt: skip


def _fit(unit: np.ndarray, mean: np.ndarray, levels: list[int], kernel: Any, trend: bool = False) -> Emulator:
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, DotProduct, Matern, WhiteKernel

    x = encode(unit, levels)
    scale = (float(mean.mean()), float(mean.std()) or 1.0)
    free = kernel is None
    if free:
        kernel = ConstantKernel(1.0, (0.01, 100)) * Matern(np.full(x.shape[1], 1.0), (0.1, 50), nu=2.5)
        kernel += WhiteKernel(0.05, (1e-6, 1.0))
        if trend:
            kernel += ConstantKernel(1.0, (0.01, 100)) * DotProduct(1.0, "fixed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a length at its bound is a factor that does nothing
        model = GaussianProcessRegressor(kernel, optimizer="fmin_l_bfgs_b" if free else None, random_state=1)
        if free and trend and len(x) > TUNED:
            # The lengths are found on the first so many points, which costs a tenth; all points then count.
            tuned = model.fit(x[:TUNED], (mean[:TUNED] - scale[0]) / scale[1]).kernel_
            model = GaussianProcessRegressor(tuned, optimizer=None)
        model.fit(x, (mean - scale[0]) / scale[1])
    return Emulator(levels, model, scale)


def sobol(
    names: list[str],
    unit: np.ndarray,
    values: np.ndarray,
    levels: list[int] | None = None,
    seed: int = 1,
    base: int = BASE,
) -> tuple[Indices, Emulator]:
    """Sobol' indices, second order too, of an emulator of outputs (N, R) at points (N, D).

    Intervals come from refits, each without a fifth of the points and with replicates drawn anew.
    """
    values = checked(values, len(unit))
    levels = levels or [0] * len(names)
    emulator = fit(unit, values, levels)
    plan = indices.design("sobol", names, base, seed, second=True)
    if indices.is_flat(values):
        return indices.analyse(plan, np.zeros(len(plan.unit))), emulator
    best = _of(emulator, plan)
    drawn = [_of(_refit(unit, values, levels, emulator, seed, draw), plan) for draw in range(REFITS)]
    table = pd.DataFrame({"name": names})
    for row, name in enumerate(("S1", "ST")):
        ends = np.array([one[row] for one in drawn])
        low, high = np.quantile(ends, [0.025, 0.975], axis=0)
        low, high = np.minimum(low, best[row]), np.maximum(high, best[row])
        table[name], table[f"{name}_low"], table[f"{name}_high"] = best[row], low, high
        table[f"{name}_conf"] = (high - low) / 2
    found = Indices("sobol", table, seed_share(values), True, _doubts(table, emulator, len(unit)))
    found.pairs = _pairs(names, [best[2], *(one[2] for one in drawn)])
    found.converged = not found.reasons
    return found, emulator


def _of(emulator: Emulator, plan: indices.Design) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First, total and second order of one emulator."""
    from SALib.analyze import sobol as salib

    y = emulator.predict(plan.unit)
    if np.ptp(y) < 1e-12 * max(1.0, abs(float(y.mean()))):
        zero = np.zeros(len(plan.names))
        return zero, zero, np.zeros(len(plan.names) * (len(plan.names) - 1) // 2)
    width = len(plan.names)
    a, b, ab, ba = salib.separate_output_values((y - y.mean()) / y.std(), width, plan.blocks, True)
    first = np.array([np.ravel(salib.first_order(a, ab[:, k], b))[0] for k in range(width)])
    total = np.array([np.ravel(salib.total_order(a, ab[:, k], b))[0] for k in range(width)])
    second = [np.ravel(salib.second_order(a, ab[:, j], ab[:, k], ba[:, j], b))[0]
              for j in range(width) for k in range(j + 1, width)]  # fmt: skip
    return first, total, np.array(second)


def _refit(
    unit: np.ndarray, values: np.ndarray, levels: list[int], emulator: Emulator, seed: int, draw: int
) -> Emulator:
    order = np.argsort(rng.uniform(rng.key(seed, draw, "refit rows"), np.arange(len(unit))))
    kept = np.sort(order[: max(4, int(0.8 * len(unit)))])
    count = values.shape[1]
    picked = (rng.uniform(rng.key(seed, draw, "refit luck"), np.arange(count)) * count).astype(int)
    return _fit(unit[kept], values[kept][:, picked].mean(axis=1), levels, emulator.model.kernel_)


def _pairs(names: list[str], drawn: list[np.ndarray]) -> pd.DataFrame:
    low, high = np.quantile(np.array(drawn), [0.025, 0.975], axis=0)
    low, high = np.minimum(low, drawn[0]), np.maximum(high, drawn[0])
    pairs = [(names[j], names[k]) for j in range(len(names)) for k in range(j + 1, len(names))]
    return pd.DataFrame({"one": [one for one, _ in pairs], "two": [two for _, two in pairs], "S2": drawn[0],
                         "S2_low": low, "S2_high": high})  # fmt: skip


def needed(names: list[str]) -> int:
    """Points below which indices of an emulator are never told as converged; the dummy is no factor."""
    return max(FEWEST, EACH * sum(name != DUMMY for name in names))


def _doubts(table: pd.DataFrame, emulator: Emulator, points: int) -> list[str]:
    reasons = []
    if points < (least := needed(table["name"].tolist())):
        reasons.append(f"an emulator of {points} points cannot be relied on: {least} or more are needed "
                       f"({EACH} for each factor, and no fewer than {FEWEST})")  # fmt: skip
    if emulator.q2 < GOOD_Q2 * emulator.ceiling:
        reasons.append(f"the emulator predicts {emulator.q2:.0%} of the variance at points it has not seen, of the "
                       f"{emulator.ceiling:.0%} that chance leaves to predict: more points are needed")  # fmt: skip
    if 1 - emulator.ceiling > indices.NOISY:
        reasons.append(
            f"chance makes {1 - emulator.ceiling:.0%} of the variance of the means: more replicates are needed"
        )
    wide = table.loc[table["ST_conf"] > indices.WIDE, "name"].tolist()
    if wide:
        reasons.append(
            f"the interval of ST is wider than ±{indices.WIDE} for {', '.join(wide)}: more points are needed"
        )
    dummy = table[table["name"] == DUMMY]
    if len(dummy) and float(dummy["S1_low"].iloc[0]) > 0.01:
        reasons.append("the interval of the dummy, which does nothing, does not hold 0")
    return reasons
