"""Means of paired differences with their ranges: what chance does, what doubt about the numbers does, both together.

Replicates come set after set of parameters, in blocks of equal length. Chance is the spread within sets; doubt is
the spread of the sets' means beyond what chance gives them (one-way analysis of variance). The range that is shown
holds both: where the effect under one more set that agrees with the targets would lie, measured as exactly as here.
How much of the spread between sets is doubt is itself known from few sets only, so that range is a generalised
confidence interval. Source: Weerahandi 1993, JASA 88:899-905; Fieller 1954, JRSS B 16:175-185.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

LEVEL = 0.95
POINTS = 4096
"""Points at which the pivots of the generalised interval are read."""
RATIOS = np.logspace(-4, 4, 81)
"""Sums of squares within sets over those between them, at which it is worked out; read between by straight lines."""


@dataclass(frozen=True)
class Apart:
    """Mean effects (K,) with 95% ranges: `low`, `high` chance alone; `doubt_*` the numbers of the model alone, nan with
    one set; `range_*` both together, which is chance alone with one set."""

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    doubt_low: np.ndarray
    doubt_high: np.ndarray
    range_low: np.ndarray
    range_high: np.ndarray


def paired(differences: np.ndarray, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean of paired differences (R, K) with Student's t interval over replicates; nan ends when R is 1."""
    count = len(differences)
    mean = differences.mean(axis=0)
    if count < 2:
        unknown = np.full_like(mean, np.nan)
        return mean, unknown, unknown.copy()
    half = _student(level, count - 1) * differences.std(axis=0, ddof=1) / math.sqrt(count)
    return mean, mean - half, mean + half


def apart(differences: np.ndarray, sets: int = 1, level: float = LEVEL) -> Apart:
    """Chance, doubt about the numbers, and both together: differences (R, K), set after set of parameters.

    Doubt is never told smaller than chance, which would hide it.
    """
    if sets < 2:
        mean, low, high = paired(differences, level)
        unknown = np.full_like(mean, np.nan)
        return Apart(mean, low, high, unknown, unknown, low, high)
    mean, between, within, each = _squares(differences, sets)
    freedom = sets * (each - 1)
    chance = _student(level, freedom) * np.sqrt(within / freedom / (sets * each))
    both, doubt = _halves(between, within, sets, each, level)
    doubt = np.maximum(doubt, chance)
    both = np.maximum(both, chance)
    return Apart(mean, mean - chance, mean + chance, mean - doubt, mean + doubt, mean - both, mean + both)


def ratio(top: np.ndarray, below: np.ndarray, sets: int = 1) -> tuple[float, float, float]:
    """Ratio of mean `top` (R,) to mean `below` (R,), with Fieller's interval for chance and doubt together.

    Both vary from set to set and from run to run; their covariance is taken so wide that the range of `below` is the one
    `apart` gives it. So all three numbers are nan ("not determined") just where that range is unknown or reaches zero
    or less: a cost for each person moved means something only where people surely move.
    """
    nothing = (math.nan, math.nan, math.nan)
    if len(top) < 2:
        return nothing
    told = apart(below[:, None], sets)
    middle, half = float(told.mean[0]), float(told.range_high[0] - told.mean[0])
    if not middle > half:
        return nothing
    means = (
        np.vstack([top, below]).reshape(2, max(sets, 1), -1).mean(axis=2)
        if sets > 1
        else np.vstack([top, below])
    )
    spread = np.cov(means, ddof=1)
    spread = spread * (half**2 / spread[1, 1]) if spread[1, 1] > 0 else _alone(top, sets)
    return _fieller(float(top.mean()), middle, spread)


def fieller(cost: np.ndarray, moved: np.ndarray) -> tuple[float, float, float]:
    """Ratio of mean cost to mean people moved, with Fieller's interval over replicates of one set of parameters."""
    return ratio(cost, moved)


def _alone(top: np.ndarray, sets: int) -> np.ndarray:
    """The squared half-width of `top` where `below` does not vary at all."""
    told = apart(top[:, None], sets)
    return np.array([[float(told.range_high[0] - told.mean[0]) ** 2, 0.0], [0.0, 0.0]])


def _fieller(top: float, below: float, squared: np.ndarray) -> tuple[float, float, float]:
    """Fieller's interval from two means and the matrix of their squared half-widths (2, 2); below² > squared[1, 1]."""
    top_sq, both, below_sq = squared[0, 0], squared[0, 1], squared[1, 1]
    found, g = top / below, below_sq / below**2
    slack = top_sq - 2 * found * both + found**2 * below_sq
    if below_sq > 0:
        slack -= g * (top_sq - both**2 / below_sq)
    centre = found - (g * both / below_sq if below_sq > 0 else 0.0)
    half = math.sqrt(max(slack, 0.0)) / below
    return found, (centre - half) / (1 - g), (centre + half) / (1 - g)


def _squares(differences: np.ndarray, sets: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Mean (K,), squares of the sets' means about it, squares within sets, and replicates in each set."""
    each = len(differences) // sets
    blocks = differences.reshape(sets, each, -1)
    means = blocks.mean(axis=1)
    mean = means.mean(axis=0)
    between = ((means - mean) ** 2).sum(axis=0)
    within = ((blocks - means[:, None]) ** 2).sum(axis=(0, 1))
    return mean, between, within, each


def _halves(
    between: np.ndarray, within: np.ndarray, sets: int, each: int, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Half-widths (K,): of chance and doubt together, and of doubt alone."""
    both, doubt = _table(sets, each, level)
    root = np.sqrt(between)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = np.log(
            np.clip(np.where(between > 0, within / each / between, RATIOS[-1]), RATIOS[0], RATIOS[-1])
        )
    known = np.log(RATIOS)
    return root * np.interp(at, known, both), root * np.interp(at, known, doubt)


@cache
def _table(sets: int, each: int, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Half-widths at RATIOS, for squares between sets of 1: together, and of doubt alone.

    With squares B of the sets' means and W within, B / (doubt² + chance²/each) and W / chance² follow chi-squared laws;
    doubt² and chance² are read from that at many points of both.
    """
    from scipy.stats import chi2, norm, qmc

    points = qmc.Sobol(3, scramble=False).random(POINTS) + 0.5 / POINTS
    means = chi2.ppf(points[:, 0], sets - 1)
    inside = chi2.ppf(points[:, 1], sets * (each - 1))
    normal = np.abs(norm.ppf(points[:, 2]))
    both, doubt = [], []
    for share in RATIOS:
        hidden = np.maximum(1 / means - share / inside, 0.0)
        both.append(np.quantile(normal * np.sqrt(hidden + 1 / means / sets), level))
        doubt.append(np.quantile(normal * np.sqrt(hidden * (1 + 1 / sets)), level))
    return np.array(both), np.array(doubt)


@cache
def _student(level: float, freedom: int) -> float:
    from scipy.stats import t

    return float(t.ppf(0.5 + level / 2, freedom))
