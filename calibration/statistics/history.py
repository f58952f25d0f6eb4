"""History matching: which points are ruled out, and whether any is left; an empty region is a finding of its own.

Implausibility is the distance between target and expected model, in errors of everything together: observation,
stated discrepancy, chance in the model, and the emulator. Source: Vernon, Goldstein and Bower 2010.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from calibration.targets import Target

CUT = 3.0
"""Beyond three errors a point is implausible (Pukelsheim 1994)."""
FORGIVEN = 2
"""The worst so many targets are forgiven when a point is judged."""

Predict = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Errors:
    """What stands between target and model, (K,) each: wanted values, and SD of target and of the model's chance.

    strict: which targets are never forgiven; empty for none.
    """

    wanted: np.ndarray
    target: np.ndarray
    chance: np.ndarray
    strict: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))

    @staticmethod
    def of(targets: list[Target], chance: np.ndarray, own: Sequence[str] = ()) -> Errors:
        """The errors of targets; chance: SD of the model's own means; own: names never forgiven."""
        strict = np.array([t.name in own for t in targets])
        return Errors(np.array([t.value for t in targets]), np.array([t.sd for t in targets]), chance, strict)

    def total(self, emulated: np.ndarray) -> np.ndarray:
        """(N, K) SD of everything together, with the emulator's."""
        total: np.ndarray = np.sqrt(self.target**2 + self.chance**2 + emulated**2)
        return total

    def far(self, said: np.ndarray) -> np.ndarray:
        """(N, K) distances of what the model said (N, K), without an emulator's error.

        What was not run counts as met, but where nothing was, or an own target was not: such a run failed, and a run
        that failed has matched nothing.
        """
        known = np.isfinite(said)
        filled = np.where(known, said, self.wanted)
        found = implausibility(filled, np.zeros_like(filled), self)
        found[~known.any(axis=1)] = np.inf
        if self.strict.any():
            found[~known[:, self.strict].all(axis=1)] = np.inf
        return found

    def worst(self, distance: np.ndarray) -> np.ndarray:
        """(N,) the distance by which each point (N, K) is judged: the largest but for the forgiven."""
        if not self.strict.any():
            return worst(distance)
        mine, rest = distance[:, self.strict], distance[:, ~self.strict]
        found = mine.max(axis=1)
        judged: np.ndarray = np.maximum(found, worst(rest)) if rest.shape[1] else found
        return judged


def implausibility(mean: np.ndarray, sd: np.ndarray, errors: Errors) -> np.ndarray:
    """(N, K) distances in errors."""
    distance: np.ndarray = np.abs(mean - errors.wanted) / errors.total(sd)
    return distance


def worst(distance: np.ndarray, forgiven: int = FORGIVEN) -> np.ndarray:
    """(N,) the largest distance of each point but for the forgiven."""
    return np.sort(distance, axis=1)[:, -1 - min(forgiven, distance.shape[1] - 1)]


@dataclass
class Matched:
    """What is left: share of the prior not ruled out, the nearest that any point comes, targets in conflict.

    misfit: the least sum of squared distances of any point; allowed: what chance alone gives once in a hundred.
    """

    share: float
    nearest: float
    conflicts: dict[str, float]
    misfit: float
    allowed: float

    @property
    def empty(self) -> bool:
        """Whether no point looked at is left."""
        return self.nearest > CUT

    @property
    def flagged(self) -> bool:
        """Whether the model cannot meet these targets within their errors: its form is wrong, or they are."""
        return self.empty or bool(self.conflicts) or self.misfit > self.allowed


def match(
    targets: list[Target], predict: Predict, errors: Errors, prior: np.ndarray, found: np.ndarray
) -> Matched:
    """Judge points of the prior (N, D) and points found by search (M, D).

    A target is in conflict when even among the points found nine in ten are beyond the cut for it.
    """
    share = float((errors.worst(implausibility(*predict(prior), errors)) <= CUT).mean())
    distance = implausibility(*predict(found), errors)
    beyond = np.quantile(distance, 0.1, axis=0)
    conflicts = {t.name: float(far) for t, far in zip(targets, beyond, strict=True) if far > CUT}
    from scipy.stats import chi2

    least = float((distance**2).sum(axis=1).min())
    return Matched(
        share, float(errors.worst(distance).min()), conflicts, least, float(chi2.ppf(0.99, len(targets)))
    )
