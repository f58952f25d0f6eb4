"""Draws of the posterior on the model itself: are the targets where the draws say, and which draw is shipped as fitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from calibration.fitting.result import Fitted, HeldOut, Predicted
from calibration.priors import Priors
from calibration.statistics.history import CUT, Errors
from calibration.statistics.posterior import loss
from calibration.targets import Target
from model import rng

if TYPE_CHECKING:
    from calibration.fitting.fit import Fit

SEEDS = (301, 302, 303)


@dataclass(frozen=True)
class Confirmation:
    """What draws say of every target, how many lie inside, which draw comes nearest, and which stand."""

    table: list[Predicted]
    inside: int
    nearest: int
    kept: list[bool]


def judge(targets: list[Target], said: np.ndarray, errors: Errors) -> Confirmation:
    """Posterior predictive intervals of every target from what draws gave (N, K), and which draws stand.

    The interval holds draws, chance, observation error and stated discrepancy. A draw stands when it is not
    implausible on the model itself; when that leaves fewer than half of them, all are kept and that is told.
    Of one's own targets only those that stand are kept, however few.
    """
    table = []
    for k, target in enumerate(targets):
        model = said[np.isfinite(said[:, k]), k]
        noise = rng.gaussian(rng.key(1, k, "predictive"), np.arange(len(model) * 20)).reshape(20, -1)
        low, high = np.quantile(model + target.sd * noise, [0.025, 0.975])
        table.append(Predicted(target.name, target.value, target.sd, float(model.mean()), float(np.quantile(model, 0.025)),
                               float(np.quantile(model, 0.975)), float(low), float(high), bool(low <= target.value <= high)))  # fmt: skip
    far = errors.worst(errors.far(said))
    stands = far <= CUT
    enough = stands.mean() >= 0.5 or errors.strict.any()
    return Confirmation(table, sum(row.inside for row in table), int(np.argmin(far)),
                        (stands if enough else np.ones_like(stands)).tolist())  # fmt: skip


def beside(targets: list[Target], said: np.ndarray) -> list[HeldOut]:
    """What draws (N, K) say of targets that were never fitted to, and whether they hold."""
    rows = []
    for k, target in enumerate(targets):
        model = said[np.isfinite(said[:, k]), k]
        far = abs(float(model.mean()) - target.value) / target.sd
        rows.append(HeldOut(target.name, target.value, target.sd, float(model.mean()), float(np.quantile(model, 0.025)),
                            float(np.quantile(model, 0.975)), far <= 1.96))  # fmt: skip
    return rows


def misfit(targets: list[Target], values: np.ndarray) -> float:
    """How far values are from the targets, as the fit counts it."""
    return float(sum(2 * loss((v - t.value) / t.sd) for v, t in zip(values, targets, strict=True)))


def fitted(fit: Fit, active: Priors, found: np.ndarray, peak: np.ndarray) -> Fitted:
    """The one set shipped as fitted: the peak of the posterior on the emulators, or its mean where that turns out
    nearer to the targets on the model itself, under seeds of its own.

    Parameters that are not fitted stand at their prior means.
    """
    points = np.vstack([peak, found.mean(axis=0)])
    told = np.mean([fit.values(active.values(points), seed, long_every=1) for seed in SEEDS], axis=0)
    score = np.array([misfit(fit.question.targets, row) for row in told]) - 2 * active.log_density(points)
    best = int(np.argmin(np.where(np.isfinite(score), score, np.inf)))
    there = list(zip(fit.question.targets, told[best], strict=True))
    return Fitted(active.values(points[best : best + 1])[0], float(score[best]), best == 0,
                  {target.name: float((value - target.value) / target.sd) for target, value in there},
                  {target.name: float(value) for target, value in there})  # fmt: skip
