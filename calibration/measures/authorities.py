"""Made-up local authorities: England's adults, so weighted that zones have a given mean score of deprivation.

An authority of mean score m is the mix of England's zones nearest to England's own (in relative entropy) with that mean:
weights are tilted by exp(b · score). Mixes of ten shares of zones so made look like those of real authorities.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from calibration.measures.shares import share

MEAN_SCORES = {1: 10.0, 2: 14.3, 3: 18.6, 4: 24.2, 5: 32.2}
"""Mean IMD score of the authorities of each fifth, the least deprived first (A140-A144)."""


def tilted(weights: np.ndarray, score: np.ndarray, mean: float) -> np.ndarray:
    """(n,) weights under which `score` has the mean wanted. Raises ValueError when none of the tilts reaches it."""
    centred = score - np.average(score, weights=weights)

    def misses(tilt: float) -> float:
        return float(np.average(score, weights=weights * np.exp(tilt * centred)) - mean)

    found: np.ndarray = weights * np.exp(brentq(misses, -0.5, 0.5) * centred)
    return found


def by_authority(
    weights: np.ndarray, score: np.ndarray, low: np.ndarray, among: np.ndarray
) -> dict[str, float]:
    """Percent inactive in the five authorities, and points for each point of the score by a straight line.

    low: (n,) share of readings at which somebody was inactive; among: (n,) whom the survey asks.
    """
    rates = [share(low, tilted(weights, score, mean), among) for mean in MEAN_SCORES.values()]
    slope = float(np.polyfit(list(MEAN_SCORES.values()), rates, 1)[0])
    named = {f"inactive_authority_{fifth}": rate for fifth, rate in zip(MEAN_SCORES, rates, strict=True)}
    return named | {"authority_slope": slope}
