"""Means of paired differences with their ranges: what chance does, what doubt about the numbers does, both together.

Replicates come set after set of parameters, in blocks of equal length. Chance is the spread within sets; doubt is
the spread of the sets' means beyond what chance gives them (one-way analysis of variance). The range that is shown
holds both: where the effect under one more set that agrees with the targets would lie, measured as exactly as here.
How much of the spread between sets is doubt is itself known from few sets only, so that range is a generalised
confidence interval.

Few runs of skewed differences (most runs move nobody, one moves many) are missed by Student's t on one side. So each end
is the farther of Student's and of Hall's transformation, which takes the skewness out; no end comes nearer by it. Where
few residents stand behind a difference no range is narrower than `least`, what so few could hide.
Source: Hall 1992, JRSS B 54:221-228; Weerahandi 1993, JASA 88:899-905; Fieller 1954, JRSS B 16:175-185.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy.special import stdtrit

LEVEL = 0.95
POINTS = 4096
"""Points at which the pivots of the generalised interval are read."""
NONE = 1e-6
"""Skewness that is none."""
SHOWN = 6
"""Runs below which skewness is not taken out: that of so few is chance, and ends would be driven far out by it."""
FARTHEST = 2.0
"""Times Student's half-width beyond which skewness drives no end: there the cubic turns on what chance made of a few runs,
and ends four times as far out hold the truth hardly more often (docs/results.md)."""
NARROWEST = np.zeros((2, 1))
"""Ranges may be of no width at all: every run came out the same and nothing hides behind that."""
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

    def bounded(self, from_none: np.ndarray) -> Apart:
        """The same, no lower end below none where there can be no less: from_none (K,) bool."""
        low = {name: np.where(from_none, np.maximum(getattr(self, name), 0.0), getattr(self, name))
               for name in ("low", "doubt_low", "range_low")}  # fmt: skip
        return replace(self, **low)


def paired(
    differences: np.ndarray, level: float = LEVEL, least: np.ndarray = NARROWEST
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean of paired differences (R, K) with its interval over replicates; nan ends when R is 1.

    least: half-widths (2, K), below and above, than which no interval is narrower.
    """
    count = len(differences)
    mean = differences.mean(axis=0)
    if count < 2:
        unknown = np.full_like(mean, np.nan)
        return mean, unknown, unknown.copy()
    half = _student(level, count - 1) / math.sqrt(count) * differences.std(axis=0, ddof=1)
    down, up = _stretch(differences, count - 1, level)
    return mean, mean - np.maximum(half * down, least[0]), mean + np.maximum(half * up, least[1])


def estimate(
    differences: np.ndarray,
    sets: int = 1,
    level: float = LEVEL,
    least: np.ndarray = NARROWEST,
    stray: np.ndarray | float = 0.0,
) -> Apart:
    """Chance, doubt about the numbers, and both together: differences (R, K), set after set of parameters.

    Doubt is never told smaller than chance, which would hide it. least: as of `paired`. stray: (K,) by how much the mean
    may be off besides, as a sample's may; `range_*` holds it too.
    """
    if sets < 2:
        mean, low, high = paired(differences, level, least)
        unknown = np.full_like(mean, np.nan)
        return Apart(mean, low, high, unknown, unknown, *_wider(mean, low, high, stray))
    mean, between, within, each = _squares(differences, sets)
    freedom = sets * (each - 1)
    chance = _student(level, freedom) * np.sqrt(within / freedom / (sets * each))
    both, doubt = _halves(between, within, sets, each, level)
    ends = []
    for sign, stretch, narrowest in zip((-1, 1), _stretch(differences, freedom, level), least, strict=True):
        side = np.maximum(chance * stretch, narrowest)
        ends.append(
            [mean + sign * np.maximum(half, side) for half in (side, doubt * stretch, both * stretch)]
        )
    (low, doubt_low, range_low), (high, doubt_high, range_high) = ends
    return Apart(mean, low, high, doubt_low, doubt_high, *_wider(mean, range_low, range_high, stray))


def _wider(
    mean: np.ndarray, low: np.ndarray, high: np.ndarray, stray: np.ndarray | float
) -> tuple[np.ndarray, np.ndarray]:
    """Both ends, farther off by `stray`, which has nothing to do with what they hold."""
    if not np.any(stray):
        return low, high
    return mean - np.hypot(mean - low, stray), mean + np.hypot(high - mean, stray)


def ratio(
    top: np.ndarray, below: np.ndarray, sets: int = 1, least: np.ndarray = NARROWEST, stray: float = 0.0
) -> tuple[float, float, float]:
    """Ratio of mean `top` (R,) to mean `below` (R,), with Fieller's interval for chance and doubt together.

    Both vary from set to set and from run to run; their covariance is taken so wide that the range of `below` is the one
    `estimate` gives it: its upper half for the lower end, its lower half for the upper. So all three numbers are nan ("not
    determined") just where that range is unknown or reaches zero or less: a cost for each person moved means something
    only where people surely move.
    """
    nothing = (math.nan, math.nan, math.nan)
    if len(top) < 2:
        return nothing
    if top.mean() < 0:
        found, low, high = ratio(-top, below, sets, least, stray)
        return -found, -high, -low
    told = estimate(below[:, None], sets, least=least, stray=stray)
    middle = float(told.mean[0])
    halves = float(told.range_high[0]) - middle, middle - float(told.range_low[0])
    if not middle > halves[1]:
        return nothing
    means = np.vstack([top, below])
    if sets > 1:
        means = means.reshape(2, sets, -1).mean(axis=2)
    spread = np.cov(means, ddof=1)
    found = float(top.mean()) / middle
    ends = [_fieller(found, middle, spread * (half**2 / spread[1, 1]) if spread[1, 1] > 0 else _alone(top, sets, half))
            for half in halves]  # fmt: skip
    return found, ends[0][0], ends[1][1]


def fieller(cost: np.ndarray, moved: np.ndarray) -> tuple[float, float, float]:
    """Ratio of mean cost to mean people moved, with Fieller's interval over replicates of one set of parameters."""
    return ratio(cost, moved)


def _alone(top: np.ndarray, sets: int, half: float) -> np.ndarray:
    """The squared half-widths where `below` does not vary at all: of `top` its own, of `below` what is asked."""
    told = estimate(top[:, None], sets)
    return np.diag([float(told.range_high[0] - told.mean[0]) ** 2, half**2])


def _fieller(found: float, below: float, squared: np.ndarray) -> tuple[float, float]:
    """Fieller's interval of a ratio found, from the mean below it and the matrix of squared half-widths (2, 2).

    Where the lower end alone is asked for, `below` may be less than its half-width; then that end is none.
    """
    top_sq, both, below_sq = squared[0, 0], squared[0, 1], squared[1, 1]
    # The roots r of (top - r below)² = top_sq - 2 r both + r² below_sq, where top = found * below.
    square, linear, plain = below**2 - below_sq, found * below**2 - both, found**2 * below**2 - top_sq
    root = math.sqrt(max(linear**2 - square * plain, 0.0))
    low = plain / (linear + root) if linear + root != 0.0 else 0.0
    return low, (linear + root) / square if square > 0 else math.nan


def _squares(differences: np.ndarray, sets: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Mean (K,), squares of the sets' means about it, squares within sets, and replicates in each set."""
    each = len(differences) // sets
    blocks = differences.reshape(sets, each, -1)
    means = blocks.mean(axis=1)
    mean = means.mean(axis=0)
    between = ((means - mean) ** 2).sum(axis=0)
    within = ((blocks - means[:, None]) ** 2).sum(axis=(0, 1))
    return mean, between, within, each


def _stretch(differences: np.ndarray, freedom: int, level: float) -> tuple[np.ndarray, np.ndarray]:
    """How many times as far as Student's the ends lie below and above the mean, (K,) each, 1 to FARTHEST.

    With several sets the skewness is that of all runs: within two runs of a set none can be seen.
    """
    count = len(differences)
    point = _student(level, freedom) / math.sqrt(count)
    skewness = _skewness(differences)
    down, up = (_untransformed(sign * point, skewness, count) / (sign * point) for sign in (1, -1))
    return np.clip(down, 1.0, FARTHEST), np.clip(up, 1.0, FARTHEST)


def _untransformed(point: float, skewness: np.ndarray, count: int) -> np.ndarray:
    """(K,) where the mean, in standard deviations from the truth, is so far out as `point` is of one without skewness.

    Hall's cubic, turned round: w + a g w² + a² g² w³ / 3 + g / 6n = point, a = 1/3.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 3 * (np.cbrt(1 + skewness * (point - skewness / (6 * count))) - 1) / skewness
    return np.where(np.abs(skewness) < NONE, point, found)


def _skewness(differences: np.ndarray) -> np.ndarray:
    """(K,) sample skewness, corrected for bias under normality (Joanes and Gill 1998, G1); 0 of fewer than SHOWN runs."""
    count = len(differences)
    if count < SHOWN:
        return np.zeros(differences.shape[1])
    off = differences - differences.mean(axis=0)
    square = np.square(off)
    spread = square.mean(axis=0)
    third = np.einsum("rk,rk->k", square, off) / count
    with np.errstate(divide="ignore", invalid="ignore"):
        found = third / spread**1.5
    skewness: np.ndarray = np.nan_to_num(found) * math.sqrt(count * (count - 1)) / (count - 2)
    return skewness


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
    return float(stdtrit(freedom, 0.5 + level / 2))
