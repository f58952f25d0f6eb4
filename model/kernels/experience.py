"""Experience: what a week of moving does to habit, fitness and motivation."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.elementary import exp


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
    fade = np.empty(64)
    for n in range(64):
        fade[n] = exp(-s.habit_gain * n)
    for kind in range(6):
        for i in range(lo, hi):
            repetitions = np.int64(sessions[kind, i])
            if group_kind[i] == kind:
                repetitions += group_sessions[i]
            habit[kind, i] = (1.0 - (1.0 - habit[kind, i]) * fade[min(repetitions, 63)]) * keep
    for i in range(lo, hi):
        total = 0.0
        for kind in range(6):
            total += minutes[kind, i]
        fitness[i] += s.fitness_rate * (1.0 - exp(-total / s.fitness_minutes) - fitness[i])
        motivation[i] += s.experience_gain * group_sessions[i]
    if load.shape[0] > 0 and np.max(load) > 1.0:
        for i in range(lo, hi):
            crowded = 0.0
            for kind in range(5):
                a = destination[kind, i]
                if a >= 0 and sessions[kind, i] > 0 and load[a] > 1.0:
                    crowded = 1.0
            motivation[i] -= s.crowded_loss * crowded
