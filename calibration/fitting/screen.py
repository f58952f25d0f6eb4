"""Morris' screen: parameters whose whole range moves no target by more than its error are frozen before the fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.priors import Priors
from calibration.statistics import indices
from calibration.statistics.indices import DUMMY
from calibration.targets import Target

ENOUGH = 1.0
"""A parameter moves a target when mu*, over 95% of its prior, is above so many of the target's errors."""


@dataclass
class Screened:
    """What the screen found: parameters that move targets, strongest first, and the most that each moves any.

    left_out: they move a target too, but less than those that there was room for; they stand at their prior means.
    """

    active: list[str]
    left_out: list[str]
    strength: dict[str, float]
    on: dict[str, str]

    @property
    def rank(self) -> dict[str, int]:
        """Place of each parameter by strength, 1 for the strongest."""
        order = sorted(self.strength, key=lambda name: -self.strength[name])
        return {name: place for place, name in enumerate(order, 1)}


def design(priors: Priors, trajectories: int, seed: int = 1) -> tuple[indices.Design, np.ndarray]:
    """Morris' design with a dummy, and its points as x (N, D); steps go over the middle 95% of each prior."""
    plan = indices.design("morris", [*priors.names, DUMMY], trajectories, seed)
    return plan, priors.at(0.025 + 0.95 * plan.unit[:, :-1])


def screen(plan: indices.Design, targets: list[Target], values: np.ndarray, most: int,
           least: int = 0) -> Screened:  # fmt: skip
    """Strength of every parameter: its largest mu* over targets, in errors of the target; values: (N, K).

    Targets with values that are not finite are left out. At most `most` parameters stay, and
    the strongest `least` of them, however little they move.
    """
    names, steps = plan.names, plan.blocks
    strength = dict.fromkeys(names, 0.0)
    on = dict.fromkeys(names, "")
    for k, target in enumerate(targets):
        column = values[:, k]
        if not np.isfinite(column).all() or np.ptp(column) == 0:
            continue
        for name, mu in zip(names, _mu_star(plan, column, steps), strict=True):
            if mu / target.sd > strength[name]:
                strength[name], on[name] = float(mu / target.sd), target.name
    floor = max(ENOUGH, strength.pop(DUMMY))
    on.pop(DUMMY)
    order = sorted(strength, key=lambda name: -strength[name])
    moving = [name for name in order if strength[name] > floor]
    moving = moving if len(moving) >= least else order[:least]
    return Screened(moving[:most], moving[most:], strength, on)


def _mu_star(plan: indices.Design, values: np.ndarray, trajectories: int) -> np.ndarray:
    """(D,) mean absolute elementary effects."""
    width = len(plan.names)
    x = plan.unit.reshape(trajectories, width + 1, width)
    moved = np.diff(x, axis=1)
    factor = np.abs(moved).argmax(axis=2)
    step = np.take_along_axis(moved, factor[:, :, None], axis=2)[:, :, 0]
    effects = np.diff(values.reshape(trajectories, width + 1), axis=1) / step
    return np.array([np.abs(effects[factor == k]).mean() for k in range(width)])
