"""Whether conditions are more than chance finds: the same search in shuffled points, and in replicates it has not seen.

Shuffled points: the answers are dealt out anew over the points, and both searches (tree and PRIM) run again; how often
both together explain as much there is the p-value.
Held-out replicates: points share the random numbers of a replicate, so a search can find those. Conditions are therefore found anew
without each replicate, and must part the points in the replicate left out, on average over replicates.
Sources: Phipson and Smyth 2010 (p-values of permutations); Besag and Clifford 1991 (when to stop).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from calibration.analysis.boxes import tree
from calibration.analysis.prim import peel, surprise
from model import rng

LEVEL = 0.05
SHUFFLES = 199
PLAIN = 9
"""Shuffles in which as much is found, beyond which it is plain that chance does: 5% of all, the real one with them."""
LEAST_REPLICATES = 3
"""The fewest replicates from which chance that points share can be told from a condition."""


@dataclass(frozen=True)
class Verdict:
    """points: p-value over shuffled points; replicates: over replicates left out, nan with fewer than LEAST_REPLICATES."""

    points: float
    replicates: float

    @property
    def stands(self) -> bool:
        """Whether conditions are more than chance finds."""
        return self.points <= LEVEL and self.replicates <= LEVEL

    def words(self) -> str:
        """The verdict, in a sentence or two."""
        if self.points > LEVEL:
            return (f"What was found is no more than what chance finds in shuffled points (p = {self.points:.2g}): "
                    "no conditions are shown.")  # fmt: skip
        if math.isnan(self.replicates):
            return (f"Found in {self.points:.1%} of shuffles of the points alone; but with fewer than {LEAST_REPLICATES} replicates, "
                    "luck that points share cannot be told from a condition, and none is shown: run the sweep with 4 "
                    "replicates or more.")  # fmt: skip
        if self.replicates > LEVEL:
            return ("What was found does not hold in replicates that it was not found from "
                    f"(p = {self.replicates:.2g}): it may be their luck, and no conditions are shown.")  # fmt: skip
        return (f"More than chance finds: as much in {self.points:.1%} of {SHUFFLES} shuffles of the points, and it "
                f"holds in replicates that it was not found from (p = {self.replicates:.2g}).")  # fmt: skip


def verdict(columns: np.ndarray, cases: np.ndarray, lead: np.ndarray, seed: int = 1) -> Verdict:
    """columns: (N, K); cases: (N,) bool, some of each; lead: (N, R) by how much each run is on the side asked for."""
    points = shuffled(columns, cases, seed)
    return Verdict(points, held_out(columns, int(cases.sum()), lead) if points <= LEVEL else math.nan)


def shuffled(columns: np.ndarray, cases: np.ndarray, seed: int = 1) -> float:
    """The p-value of what is found, among shuffles of the cases over the points; it stops when chance is plain."""
    real, as_much = _found(columns, cases) - 1e-9, 0
    for number in range(SHUFFLES):
        as_much += _found(columns, cases[order(len(cases), seed, number)]) >= real
        if as_much > PLAIN:
            return as_much / (number + 1)
    return (as_much + 1) / (SHUFFLES + 1)


def order(count: int, seed: int, number: int) -> np.ndarray:
    """The numbers 0 to count - 1, shuffled."""
    return np.argsort(rng.uniform(rng.key(seed, number, "shuffled points"), np.arange(count)))


def _found(columns: np.ndarray, cases: np.ndarray) -> float:
    """How much a tree and the best box of a peeling explain together."""
    return tree(columns, cases).gain + max(surprise(box.inside, cases) for box in peel(columns, cases))


def held_out(columns: np.ndarray, cases: int, lead: np.ndarray) -> float:
    """The p-value, one-sided, of conditions in replicates that they were not found from; nan with fewer than LEAST_REPLICATES.

    cases: how many points are taken for cases: those with the most lead in the other replicates. Searches without one
    replicate share the rest, so what they find in those left out hangs together: were there nothing to find, the mean
    would vary 2 (R - 1) / (R - 2) times as much as R contrasts of their own, and the spread is widened by that.
    """
    from scipy.stats import t

    count = lead.shape[1]
    if count < LEAST_REPLICATES:
        return math.nan
    apart = []
    for one in range(count):
        rest = np.delete(lead, one, axis=1).mean(axis=1)
        answers = np.zeros(len(rest), bool)
        answers[np.argsort(-rest, kind="stable")[:cases]] = True
        inside = tree(columns, answers).inside
        known = 0 < inside.sum() < len(inside)
        apart.append(lead[inside, one].mean() - lead[~inside, one].mean() if known else 0.0)
    mean = float(np.mean(apart))
    spread = float(np.std(apart, ddof=1)) * math.sqrt(2 * (count - 1) / (count - 2) / count)
    if spread <= 1e-12 * abs(mean):
        return 0.0 if mean > 0 else 1.0
    return float(t.sf(mean / spread, count - 1))
