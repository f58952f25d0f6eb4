"""Choice: how many sessions of each kind this week, how long, and where the week was mostly spent."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.elementary import exp, logistic
from model.rng import normal, philox, unit


class ChoiceSettings(NamedTuple):
    """See ledger/choice.yaml and ledger/body.yaml."""

    energy_sd: float
    habit_effect: float
    fitness_effect: float
    illness_effect: float
    minutes_week_sd: float
    squeeze: float
    dark: float


@njit(inline="always", cache=True)
def binomial(u, size, p):
    """Binomial quantile: the smallest count whose distribution function reaches `u`; monotone in p and in u."""
    flip = p > 0.5
    q = 1.0 - p if flip else p
    v = 1.0 - u if flip else u
    odds = q / (1.0 - q)
    term = 1.0
    for _ in range(size):
        term *= 1.0 - q
    total = term
    count = 0
    while v > total and count < size:
        term *= odds * (size - count) / (count + 1)
        count += 1
        total += term
    return size - count if flip else count


@njit(nogil=True, cache=True)
def choice(
    lo, hi, settings, key_sessions, key_minutes, week, size, season, free_minutes, boost,
    ids, work, base, unsafe, drift, motivation, habit, fitness, ill, access, destination, minutes_session,
    group_sessions, group_kind, group_minutes, group_place, sessions, minutes, place,
):  # fmt: skip
    """Fill `sessions` and `minutes` (6, n) and `place` (n,) for rows lo..hi.

    size: (6,) most sessions; season: (6,) logits lost to the season this week; free_minutes: (6,) by work;
    boost: (6, n) logits added by interventions, or (6, 0).
    """
    s = settings
    boosted = boost.shape[1] > 0
    spread = np.empty(15)
    shift = np.empty(15)
    for n in range(1, 15):
        spread[n] = s.minutes_week_sd / math.sqrt(n)
        shift[n] = 0.5 * spread[n] * spread[n]
    words = np.empty(8, np.uint32)
    lengths = np.empty(8, np.uint32)
    for i in range(lo, hi):
        words[0], words[1], words[2], words[3] = philox(key_sessions, ids[i], 0, week, 0)
        words[4], words[5], words[6], words[7] = philox(key_sessions, ids[i], 0, week, 1)
        lengths[0], lengths[1], lengths[2], lengths[3] = philox(key_minutes, ids[i], 0, week, 0)
        lengths[4], lengths[5], lengths[6], lengths[7] = philox(key_minutes, ids[i], 0, week, 1)
        shared = (
            drift[i]
            + motivation[i]
            + s.energy_sd * normal(unit(words[6]))
            + s.fitness_effect * (fitness[i] - 0.5)
            - s.illness_effect * ill[i]
        )
        fear = unsafe[i] * s.dark
        total = 0.0
        most = 0
        where = -1
        for kind in range(6):
            u = shared + base[kind, i] + s.habit_effect * habit[kind, i] - season[kind]
            if kind < 5:
                u += access[kind, i]
            if kind == 0 or kind == 2:
                u -= fear
            if boosted:
                u += boost[kind, i]
            p = logistic(u)
            n = binomial(unit(words[kind]), size[kind], p)
            spent = 0.0
            if n > 0:
                spent = n * minutes_session[kind, i] * exp(spread[n] * normal(unit(lengths[kind])) - shift[n])
                if n > most:
                    most = n
                    where = destination[kind, i] if kind < 5 else -1
            sessions[kind, i] = n
            if group_sessions[i] > 0 and group_kind[i] == kind:
                spent += group_minutes[i]
                if group_sessions[i] >= most:
                    most = group_sessions[i]
                    where = group_place[i]
            minutes[kind, i] = spent
            total += spent
        room = free_minutes[work[i]]
        if total > room:
            scale = (room + s.squeeze * (total - room)) / total
            for kind in range(6):
                minutes[kind, i] = minutes[kind, i] * scale
        place[i] = where
