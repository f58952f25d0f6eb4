"""The posterior by tempered sequential Monte Carlo on the emulators: no rejection, which would find nothing.

Particles start in the prior; the likelihood is let in step by step, so that half of them always count; each step
they are drawn anew by weight and walk. Sources: Del Moral, Doucet and Jasra 2006; Chopin 2002.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibration.priors import Priors
from calibration.statistics.history import Errors, Predict
from model import rng

LogLikelihood = Callable[[np.ndarray], np.ndarray]
WALKS, LAST_WALKS = 6, 60
"""Steps of the walk at each temperature, and at the last."""
FREEDOM = 4
"""Degrees of freedom of the errors of targets."""
AIM = 0.28
"""Share of steps to be taken. Source: Roberts, Gelman and Gilks 1997, 0.234 in many dimensions."""


@dataclass
class Posterior:
    """Draws x (N, D); `taken`: share of the last steps taken; `steps`: temperatures passed."""

    x: np.ndarray
    taken: float
    steps: list[float]


def gaussian(predict: Predict, errors: Errors) -> LogLikelihood:
    """The log likelihood of targets under emulators, with all errors counted and all of them normal."""

    def of(x: np.ndarray) -> np.ndarray:
        mean, sd = predict(x)
        total = errors.total(sd)
        told: np.ndarray = -0.5 * (((mean - errors.wanted) / total) ** 2 + 2 * np.log(total)).sum(axis=1)
        return told

    return of


def robust(predict: Predict, errors: Errors) -> LogLikelihood:
    """The same with Student's t in the place of the normal: a target that the form of the model cannot meet must not
    drag all others along. Near the targets the two are alike. Source: O'Hagan 1979 (heavy tails reject outliers)."""

    def of(x: np.ndarray) -> np.ndarray:
        mean, sd = predict(x)
        total = errors.total(sd)
        told: np.ndarray = -(loss((mean - errors.wanted) / total) + np.log(total)).sum(axis=1)
        return told

    return of


def loss(distance: np.ndarray) -> np.ndarray:
    """What a distance from a target, in errors, costs: half its square when near, a logarithm when far."""
    return 0.5 * (FREEDOM + 1) * np.log1p(distance**2 / FREEDOM)


def draw(priors: Priors, likelihood: LogLikelihood, particles: int = 400, seed: int = 1) -> Posterior:
    """Draws of the posterior."""
    draws = _Draws(seed, particles, len(priors.names))
    x = priors.at(draws.uniform_rows())
    told = likelihood(x)
    heat, taken, steps = 0.0, 1.0, [0.0]
    scale = 2.38 / np.sqrt(len(priors.names))
    while heat < 1.0:
        step = _next(told, heat)
        weights = _weights(told, step - heat)
        heat = step
        steps.append(heat)
        rows = draws.resampled(weights)
        x, told = x[rows], told[rows]
        for _ in range(WALKS if heat < 1.0 else LAST_WALKS):
            x, told, taken = _walk(priors, likelihood, x, told, heat, scale, draws)
            scale *= np.exp(taken - AIM)
    return Posterior(x, taken, steps)


def peak(priors: Priors, likelihood: LogLikelihood, x: np.ndarray, starts: int = 3) -> np.ndarray:
    """(D,) the point of highest posterior, searched from the best of the draws x: what one set must be shipped as.

    In many dimensions the mean of draws, or any draw, meets the targets less well.
    """
    from scipy.optimize import minimize

    def cost(point: np.ndarray) -> float:
        return float(-(likelihood(point[None]) + priors.log_density(point[None]))[0])

    def slope(point: np.ndarray) -> np.ndarray:
        step = 1e-3 * np.eye(len(point))
        both = np.clip(np.vstack([point + step, point - step]), 0.0, 1.0)
        told = -(likelihood(both) + priors.log_density(both))
        apart = (both[: len(point)] - both[len(point) :]).diagonal()
        slopes: np.ndarray = (told[: len(point)] - told[len(point) :]) / apart
        return slopes

    first = x[np.argsort(-(likelihood(x) + priors.log_density(x)), kind="stable")[:starts]]
    ends = [minimize(cost, start, jac=slope, method="L-BFGS-B", bounds=[(0.0, 1.0)] * len(start),
                     options={"maxiter": 40}) for start in first]  # fmt: skip
    return np.asarray(min(ends, key=lambda end: end.fun).x)


def _next(told: np.ndarray, heat: float) -> float:
    """The temperature at which half of the particles still count."""
    low, high = heat, 1.0
    if _counting(_weights(told, 1.0 - heat)) >= 0.5:
        return 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _counting(_weights(told, middle - heat)) >= 0.5 else (low, middle)
    return max(high, heat + 1e-6)


def _weights(told: np.ndarray, step: float) -> np.ndarray:
    w = np.exp(step * (told - told.max()))
    weights: np.ndarray = w / w.sum()
    return weights


def _counting(weights: np.ndarray) -> float:
    """Share of particles that count."""
    return float(1 / (weights**2).sum() / len(weights))


def _walk(priors: Priors, likelihood: LogLikelihood, x: np.ndarray, told: np.ndarray, heat: float, scale: float,
          draws: _Draws) -> tuple[np.ndarray, np.ndarray, float]:  # fmt: skip
    """One step of every particle by the spread of all."""
    spread = np.linalg.cholesky(np.cov(x.T).reshape(x.shape[1], -1) + 1e-10 * np.eye(x.shape[1]))
    there = x + scale * draws.gaussian_rows() @ spread.T
    prior_there = priors.log_density(there)
    inside = np.isfinite(prior_there)
    new = np.full(len(x), -np.inf)
    if inside.any():
        new[inside] = likelihood(there[inside])
    gain = heat * (new - told) + prior_there - priors.log_density(x)
    go = inside & (np.log(draws.uniform()) < gain)
    return np.where(go[:, None], there, x), np.where(go, new, told), float(go.mean())


class _Draws:
    """Chance of the sampler, keyed like all chance: a number a draw."""

    def __init__(self, seed: int, particles: int, width: int) -> None:
        self.seed, self.n, self.d, self.used = seed, particles, width, 0

    def _key(self, purpose: str) -> np.uint64:
        self.used += 1
        return rng.key(self.seed, self.used, f"posterior {purpose}")

    def uniform(self) -> np.ndarray:
        return rng.uniform(self._key("step"), np.arange(self.n))

    def uniform_rows(self) -> np.ndarray:
        return rng.uniform(self._key("start"), np.arange(self.n * self.d)).reshape(self.n, self.d)

    def gaussian_rows(self) -> np.ndarray:
        return rng.gaussian(self._key("walk"), np.arange(self.n * self.d)).reshape(self.n, self.d)

    def resampled(self, weights: np.ndarray) -> np.ndarray:
        """Rows by weight, systematically: one chance for all."""
        start = float(rng.uniform(self._key("resample"), np.arange(1))[0])
        places = (start + np.arange(self.n)) / self.n
        return np.minimum(np.searchsorted(np.cumsum(weights), places), self.n - 1)
