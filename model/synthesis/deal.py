"""The two acts from which all synthesis is made: round a table to whole people, and deal levels out by score.

Rows of residents (or households) stand zone by zone; `starts` (Z+1) says where each zone begins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from model import rng


@dataclass(frozen=True)
class Chance:
    """The chance of one synthesis: every purpose is its own stream, read by identity."""

    seed: int
    replicate: int = 0

    def uniform(self, purpose: str, ids: np.ndarray, slot: int = 0) -> np.ndarray:
        """Uniforms in (0, 1), one an id."""
        return rng.uniform(rng.key(self.seed, self.replicate, purpose), ids, 0, slot)

    def normal(self, purpose: str, ids: np.ndarray, slot: int = 0) -> np.ndarray:
        """Standard normals, one an id."""
        return rng.gaussian(rng.key(self.seed, self.replicate, purpose), ids, 0, slot)

    def logistic(self, purpose: str, ids: np.ndarray, slot: int = 0) -> np.ndarray:
        """Standard logistic noise, one an id."""
        return logit(self.uniform(purpose, ids, slot))


def logit(share: np.ndarray | float) -> np.ndarray:
    """Log-odds of shares strictly between 0 and 1."""
    share = np.asarray(share, dtype=np.float64)
    odds: np.ndarray = np.log(share) - np.log1p(-share)
    return odds


def round_table(wanted: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Whole numbers (Z, K) with row sums `totals`: floors or ceilings of `wanted` where the row sums agree.

    What a zone loses by rounding is carried to the next, so column totals hold too: a level too rare for any
    one zone of a small sample still appears in the place.
    """
    counts: np.ndarray = _round_table(np.ascontiguousarray(wanted), totals)
    return counts


@njit(cache=True)
def _round_table(wanted, totals):
    zones, levels = wanted.shape
    counts = np.zeros((zones, levels), dtype=np.int64)
    carry = np.zeros(levels)
    for z in range(zones):
        left = totals[z]
        for k in range(levels):
            counts[z, k] = np.int64(np.floor(wanted[z, k] + 1e-9))
            left -= counts[z, k]
        order = np.argsort(-(wanted[z] - counts[z] + carry))
        while left != 0:
            step = 1 if left > 0 else -1
            for i in range(levels):
                k = order[i] if step > 0 else order[levels - 1 - i]
                possible = wanted[z, k] - counts[z, k] > 1e-9 if step > 0 else counts[z, k] > 0
                if left != 0 and (possible or (levels == 1 and step > 0)):
                    counts[z, k] += step
                    left -= step
            if left > 0:  # wanted sums to less than the total: give the rest to the largest level
                counts[z, np.argmax(wanted[z])] += left
                left = 0
        for k in range(levels):
            carry[k] += wanted[z, k] - counts[z, k]
    return counts


@njit(cache=True)
def split_counts(counts, wanted_first, wanted_second, totals):
    """How many of `counts` (Z, K) are of the first of two kinds, `totals` (Z,) a zone.

    Row sums hold; each cell of either kind is a floor or ceiling of what is wanted wherever the sums allow;
    what is lost is carried from zone to zone.
    """
    zones, levels = counts.shape
    first = np.zeros((zones, levels), dtype=np.int64)
    carry = np.zeros(levels)
    for z in range(zones):
        high = np.zeros(levels, dtype=np.int64)
        left = totals[z]
        for k in range(levels):
            low = max(np.floor(wanted_first[z, k]), counts[z, k] - np.ceil(wanted_second[z, k]))
            first[z, k] = np.int64(min(max(low, 0), counts[z, k]))
            top = min(np.ceil(wanted_first[z, k]), counts[z, k] - np.floor(wanted_second[z, k]))
            high[k] = np.int64(min(max(top, first[z, k]), counts[z, k]))
            left -= first[z, k]
        order = np.argsort(-(wanted_first[z] - first[z] + carry))
        for bound in range(2):  # within floors and ceilings first, then wherever there is room
            for i in range(levels):
                k = order[i]
                if left > 0 and first[z, k] < (high[k] if bound == 0 else counts[z, k]):
                    first[z, k] += 1
                    left -= 1
        for i in range(levels):
            k = order[levels - 1 - i]
            if left < 0 and first[z, k] > 0:
                first[z, k] -= 1
                left += 1
        for k in range(levels):
            carry[k] += wanted_first[z, k] - first[z, k]
    return first


def round_counts(wanted: np.ndarray) -> np.ndarray:
    """Whole numbers (Z,), floors or ceilings of `wanted`; their running sum strays by no more than half."""
    running = np.floor(np.cumsum(wanted) + 0.5 + 1e-9)
    return np.diff(running, prepend=0.0).astype(np.int64)


def deal(score: np.ndarray, starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Level of each row (uint8): in each zone the lowest scores take level 0, and so on by `counts`."""
    levels: np.ndarray = _deal(score, starts, np.ascontiguousarray(counts))
    return levels


@njit(cache=True)
def _deal(score, starts, counts):
    levels = np.zeros(score.shape[0], dtype=np.uint8)
    for z in range(counts.shape[0]):
        first = starts[z]
        order = np.argsort(score[first : starts[z + 1]])
        at = 0
        for k in range(counts.shape[1]):
            for _ in range(counts[z, k]):
                levels[first + order[at]] = k
                at += 1
    return levels


@njit(cache=True)
def _pick(score, starts, count):
    chosen = np.zeros(score.shape[0], dtype=np.bool_)
    for z in range(count.shape[0]):
        first = starts[z]
        if count[z] <= 0:
            continue
        order = np.argsort(score[first : starts[z + 1]])
        for i in range(min(count[z], order.shape[0])):
            row = first + order[i]
            if score[row] == np.inf:
                break
            chosen[row] = True
    return chosen


def pick(
    noise: np.ndarray,
    log_odds: np.ndarray | float,
    starts: np.ndarray,
    count: np.ndarray,
    among: np.ndarray | None = None,
) -> np.ndarray:
    """Choose `count` rows of each zone (fewer when `among` has fewer), likelier with higher `log_odds`.

    Pareto sampling (Rosen 1997): with logistic `noise`, the chance of each row is very nearly the logistic of
    its log-odds plus the one constant a zone that makes the chances add up to the count. Returns a mask (n,).
    """
    score = noise - log_odds
    if among is not None:
        score = np.where(among, score, np.inf)
    chosen: np.ndarray = _pick(score, starts, np.asarray(count, dtype=np.int64))
    return chosen


def begin(counts: np.ndarray) -> np.ndarray:
    """Where each zone begins (Z+1) from the number of rows in each."""
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
