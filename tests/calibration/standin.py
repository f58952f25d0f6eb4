"""A cheap model with the shape of the real one: shares that bend, ratios, chance; and truths planted in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.priors import Prior, Priors
from calibration.statistics import history, posterior, surrogate
from calibration.statistics.history import Errors
from calibration.targets import Target
from model import rng
from scenarios.sweeps.points import latin_hypercube

PRIORS = Priors([
    Prior("level", 0.0, 1.0, -3.0, 3.0, "stand-in"),
    Prior("spread", 1.0, 0.4, 0.2, 2.5, "stand-in"),
    Prior("slope", 0.5, 0.4, -1.0, 2.0, "stand-in"),
    Prior("pull", 0.3, 0.3, -0.5, 1.5, "stand-in"),
])  # fmt: skip
CHANCE = 0.3


def model(values: np.ndarray) -> np.ndarray:
    """(N, K) outputs of values (N, 4): shares of a low, middle and high group, a gap, a ratio, one noisy share."""
    level, spread, slope, pull = values.T

    def share(at: np.ndarray) -> np.ndarray:
        return 100 / (1 + np.exp(-at))

    low, high = share(-(level - slope) / spread), share(-(level + slope) / spread)
    return np.stack([share(-level / spread), low, high, share((level - 1.5) / spread), np.exp(pull + 0.1 * level),
                     30 * pull + 5 * np.sin(level)], axis=1)  # fmt: skip


UNITS = ("%", "%", "%", "%", "ratio", "points")
SD = np.array([1.5, 2.0, 2.0, 1.5, 0.15, 3.0])


def targets(values: np.ndarray) -> list[Target]:
    """Targets at given values (K,), with the errors of the stand-in."""
    return [
        Target(f"t{k}", float(value), float(SD[k]), 0.0, unit, "fit", "", "", "", "", "")
        for k, (value, unit) in enumerate(zip(values, UNITS, strict=True))
    ]


def noise(purpose: str, *shape: int) -> np.ndarray:
    """Standard normals."""
    return rng.gaussian(rng.key(7, 0, purpose), np.arange(int(np.prod(shape)))).reshape(shape)


@dataclass
class Trained:
    """Emulators of the stand-in, made once for every truth."""

    made: surrogate.Surrogate
    errors_chance: np.ndarray

    @staticmethod
    def on(points: int = 80) -> Trained:
        x = PRIORS.at(latin_hypercube(points, 4, 3))
        y = model(PRIORS.low + x * PRIORS.width)
        return Trained(
            surrogate.fit(targets(y.mean(axis=0)), x, y, jobs=1), np.full(6, CHANCE) * SD / SD.max()
        )

    def fit(self, wanted: np.ndarray, seed: int = 1, particles: int = 300):
        """The posterior for wanted values (K,), and what history matching says."""
        these = targets(wanted)
        errors = Errors.of(these, self.errors_chance)
        found = posterior.draw(PRIORS, posterior.robust(self.made.predict, errors), particles, seed)
        prior = PRIORS.at(latin_hypercube(500, 4, 5))
        return found, history.match(these, self.made.predict, errors, prior, found.x)


def truths(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Truths x (count, 4) from the prior, and what a survey of their world would publish (count, 6)."""
    x = PRIORS.at(rng.uniform(rng.key(11, 0, "truths"), np.arange(count * 4)).reshape(count, 4))
    chance = np.full(6, CHANCE) * SD / SD.max()
    told = model(PRIORS.low + x * PRIORS.width)
    told = told + noise("survey", count, 6) * SD + noise("chance", count, 6) * chance
    return x, told


def coverage(trained: Trained, count: int, level: float = 0.9) -> tuple[float, int]:
    """Share of the truths' parameters inside their intervals, and of how many."""
    x, told = truths(count)
    inside = 0
    for number in range(count):
        found, _ = trained.fit(told[number], seed=number + 1)
        low, high = np.quantile(found.x, [(1 - level) / 2, (1 + level) / 2], axis=0)
        inside += int(((low <= x[number]) & (x[number] <= high)).sum())
    return inside / (4 * count), 4 * count
