"""Persuasion: active strong ties pull motivation through each person's own threshold."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.elementary import logistic
from model.rng import normal, philox, unit

NONE, COMPLEX, SIMPLE, LINEAR = 0, 1, 2, 3
SCALE = 1 << 20
"""Pressure is summed as integers of this unit, so that no order of summing changes the mean."""


class PersuasionSettings(NamedTuple):
    """Settings of persuasion; see ledger/social.yaml. `mode` is one of the switch codes of this file."""

    mode: int
    peer_weight: float
    width: float
    simple_contact: float
    motivation_return: float
    motivation_noise: float


@njit(inline="always", cache=True)
def pressure(active, degree, threshold, settings):
    """Pressure on one person, 0-1, from `active` of `degree` strong ties."""
    if settings.mode == COMPLEX:
        if active < 2:
            return 0.0
        return logistic((active / degree - threshold) / settings.width)
    if settings.mode == SIMPLE:
        return 1.0 - (1.0 - settings.simple_contact) ** active
    if settings.mode == LINEAR and degree > 0:
        return active / degree
    return 0.0


@njit(nogil=True, cache=True)
def persuasion(lo, hi, settings, key, week, mean_pressure, ids, strong, strong_degree, moving, threshold, motivation):
    """Move `motivation` of rows lo..hi by one week; return the summed pressure in units of 1/SCALE."""
    total = np.int64(0)
    for i in range(lo, hi):
        degree = strong_degree[i]
        active = 0
        for slot in range(degree):
            active += moving[strong[i, slot]]
        pull = 0.0
        if settings.mode != NONE:
            r = pressure(active, degree, np.float64(threshold[i]), settings)
            total += np.int64(r * SCALE)
            pull = settings.peer_weight * (r - mean_pressure)
        word, _, _, _ = philox(key, ids[i], 0, week, 0)
        noise = settings.motivation_noise * normal(unit(word))
        m = np.float64(motivation[i])
        motivation[i] = m + settings.motivation_return * (pull - m) + noise
    return total
