"""Experience: what a week of moving does to habit, fitness and motivation."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.elementary import any_of, exp

BLOCK = 512
"""Residents taken together."""


class ExperienceSettings(NamedTuple):
    """See ledger/body.yaml and ledger/social.yaml."""

    habit_gain: float
    habit_loss: float
    fitness_rate: float
    fitness_minutes: float
    experience_gain: float
    crowded_loss: float


@njit(nogil=True, cache=True, error_model="numpy")
def experience(
    lo, hi, settings, sessions, minutes, group_sessions, group_kind, destination, load,
    habit, fitness, motivation,
):  # fmt: skip
    """Move `habit` (6, n), `fitness` (n,) and `motivation` (n,) of rows lo..hi by one week.

    Habit: h' = (1 - (1 - h) exp(-gain * repetitions)) * exp(-loss), after Lally 2010.
    """
    s = settings
    keep = exp(-s.habit_loss)
    together, kind_together = group_sessions[lo:hi], group_kind[lo:hi]
    company = any_of(together)
    for kind in range(6):
        done, strength = sessions[kind, lo:hi], habit[kind, lo:hi]
        if company:
            for j in range(hi - lo):
                extra = together[j] if kind_together[j] == kind else 0
                repetitions = np.float64(done[j]) + np.float64(extra)
                strength[j] = (1.0 - (1.0 - strength[j]) * exp(-s.habit_gain * repetitions)) * keep
        else:
            for j in range(hi - lo):
                strength[j] = (1.0 - (1.0 - strength[j]) * exp(-s.habit_gain * np.float64(done[j]))) * keep
    total = np.zeros(BLOCK)
    for first in range(lo, hi, BLOCK):
        last = min(first + BLOCK, hi)
        total[:] = 0.0
        for kind in range(6):
            spent = minutes[kind, first:last]
            for j in range(last - first):
                total[j] += spent[j]
        fit = fitness[first:last]
        for j in range(last - first):
            fit[j] += s.fitness_rate * (1.0 - exp(-total[j] / s.fitness_minutes) - fit[j])
    if company:
        for j in range(lo, hi):
            motivation[j] += s.experience_gain * group_sessions[j]
    # The place after the last stands for no place at all, and is never full.
    full = np.zeros(load.shape[0] + 1, np.uint8)
    for a in range(load.shape[0]):
        full[a] = load[a] > 1.0
    if not any_of(full):
        return
    crowded = np.empty(BLOCK, np.uint8)
    for first in range(lo, hi, BLOCK):
        last = min(first + BLOCK, hi)
        crowded[:] = 0
        for kind in range(5):
            where, done = destination[kind, first:last], sessions[kind, first:last]
            for j in range(last - first):
                crowded[j] |= full[where[j]] & (done[j] > 0)
        moved = motivation[first:last]
        for j in range(last - first):
            moved[j] -= s.crowded_loss * crowded[j]
