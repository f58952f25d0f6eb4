"""Persuasion: active strong ties pull motivation through each person's own threshold."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.elementary import logistic
from model.kernels.slots import Network
from model.rng import desk, normals, philox, unit

NONE, COMPLEX, SIMPLE, LINEAR = 0, 1, 2, 3
SCALE = 1 << 20
"""Pressure is summed as integers of this unit, so that no order of summing changes the mean."""


BLOCK = 512
"""Residents whose draws are made together."""


class PersuasionSettings(NamedTuple):
    """Settings of persuasion; see ledger/social.yaml. `mode` is one of the switch codes of this file."""

    mode: int
    peer_weight: float
    threshold_width: float
    simple_contact: float
    motivation_return: float
    motivation_noise: float


class PersuasionPeople(NamedTuple):
    """Columns read, and moved: `motivation`; all (n,) but `moving`.

    moving: one bit a resident, the first in the lowest of each byte, so that a whole town's fit the nearest cache.
    """

    id: np.ndarray
    threshold: np.ndarray
    motivation: np.ndarray
    moving: np.ndarray


@njit(inline="always", cache=True, error_model="numpy")
def through_threshold(active, degree, threshold, width):
    """How far the share of active ties gets through a threshold, 0-1, before asking for two independent ones."""
    return logistic((active / max(degree, 1) - threshold) / width)


@njit(inline="always", cache=True, error_model="numpy")
def pressure(active, degree, threshold, settings):
    """Pressure on one person, 0-1, from `active` of `degree` strong ties."""
    if settings.mode == COMPLEX:
        pull = through_threshold(active, degree, threshold, settings.threshold_width)
        return pull if active >= 2 else 0.0
    if settings.mode == SIMPLE:
        return 1.0 - (1.0 - settings.simple_contact) ** active
    if settings.mode == LINEAR and degree > 0:
        return active / degree
    return 0.0


@njit(nogil=True, cache=True, error_model="numpy")
def persuasion(lo, hi, settings, key, week, mean_pressure, people, ties):
    """Move `motivation` of rows lo..hi by one week; return the summed pressure in units of 1/SCALE."""
    settings, people, ties = PersuasionSettings(*settings), PersuasionPeople(*people), Network(*ties)
    strong, moving = ties.strong, people.moving
    total = np.int64(0)
    s = settings
    slots = strong.shape[1]
    u = np.empty(BLOCK)
    noise = np.empty(BLOCK)
    pull = np.zeros(BLOCK)
    friends = np.empty(BLOCK, np.int64)
    scratch = desk(BLOCK)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        rows = slice(first, first + m)
        who, degree = people.id[rows], ties.strong_degree[rows]
        bar, drive = people.threshold[rows], people.motivation[rows]
        for j in range(m):
            word, _, _, _ = philox(key, who[j], 0, week, 0)
            u[j] = unit(word)
        normals(u, noise, m, scratch)
        if s.mode != NONE:
            for j in range(m):
                tied = strong[first + j]
                active = 0
                # All slots: free ones hold -1, count for nothing, and spare a loop of its own length for each.
                for slot in range(slots):
                    row = tied[slot]
                    friend = max(row, 0)
                    active += (row >= 0) & (moving[friend >> 3] >> (friend & 7)) & 1
                friends[j] = active
            if s.mode == COMPLEX:
                for j in range(m):
                    pull[j] = through_threshold(
                        friends[j], np.int64(degree[j]), np.float64(bar[j]), s.threshold_width
                    )
                for j in range(m):
                    pull[j] = pull[j] if friends[j] >= 2 else 0.0
            else:
                for j in range(m):
                    pull[j] = pressure(friends[j], degree[j], np.float64(bar[j]), s)
            for j in range(m):
                total += np.int64(pull[j] * SCALE)
                pull[j] = s.peer_weight * (pull[j] - mean_pressure)
        for j in range(m):
            drive[j] = drive[j] + s.motivation_return * (pull[j] - drive[j]) + s.motivation_noise * noise[j]
    return total
