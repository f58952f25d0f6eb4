"""Choice: how many sessions of each kind this week, how long, and where the week was mostly spent."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.elementary import exp
from model.rng import normals, philox, unit


class ChoiceSettings(NamedTuple):
    """See ledger/choice.yaml and ledger/body.yaml."""

    energy_sd: float
    habit_effect: float
    fitness_effect: float
    illness_effect: float
    minutes_week_sd: float
    squeeze: float
    dark: float


BLOCK = 512
"""Residents taken together: their scratch numbers stay in the nearest cache and the compiler uses vectors."""


@njit(inline="always", cache=True, error_model="numpy")
def climb(v, size, odds, none):
    """The smallest count of the rarer side whose distribution function reaches `v`; `none` = the chance of 0."""
    term = none
    total = none
    count = 0
    while v > total and count < size:
        term *= odds * ((size - count) / (count + 1))
        count += 1
        total += term
    return count


@njit(inline="always", cache=True, error_model="numpy")
def binomial(u, size, p):
    """Binomial quantile: the smallest count whose distribution function reaches `u`; monotone in p and in u."""
    high = p > 0.5
    q = 1.0 - p if high else p
    odds = q / (1.0 - q)
    none = 1.0
    for _ in range(size):
        none *= 1.0 / (1.0 + odds)
    count = climb(1.0 - u if high else u, size, odds, none)
    return size - count if high else count


@njit(nogil=True, cache=True, error_model="numpy")
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
    u = np.empty((12, BLOCK))
    z = np.empty(BLOCK)
    shared = np.empty(BLOCK)
    utility = np.empty(BLOCK)
    odds = np.empty(BLOCK)
    none = np.empty(BLOCK)
    fewer = np.empty(BLOCK)
    rows = np.empty(BLOCK + 1, np.int64)
    total = np.empty(BLOCK)
    count = np.empty(BLOCK, np.int64)
    most = np.empty(BLOCK, np.int64)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        for j in range(m):
            w0, w1, w2, w3 = philox(key_sessions, ids[first + j], 0, week, 0)
            u[0, j], u[1, j], u[2, j], u[3, j] = unit(w0), unit(w1), unit(w2), unit(w3)
        for j in range(m):
            w0, w1, w2, w3 = philox(key_sessions, ids[first + j], 0, week, 1)
            u[4, j], u[5, j], odds[j] = unit(w0), unit(w1), unit(w2)
        for j in range(m):
            w0, w1, w2, w3 = philox(key_minutes, ids[first + j], 0, week, 0)
            u[6, j], u[7, j], u[8, j], u[9, j] = unit(w0), unit(w1), unit(w2), unit(w3)
        for j in range(m):
            w0, w1, w2, w3 = philox(key_minutes, ids[first + j], 0, week, 1)
            u[10, j], u[11, j] = unit(w0), unit(w1)
        normals(odds, z, m)
        for j in range(m):
            i = first + j
            shared[j] = (
                drift[i]
                + motivation[i]
                + s.energy_sd * z[j]
                + s.fitness_effect * (fitness[i] - 0.5)
                - s.illness_effect * ill[i]
            )
            total[j] = 0.0
            most[j] = 0
            place[i] = -1
        for kind in range(6):
            lost = season[kind]
            for j in range(m):
                i = first + j
                x = shared[j] + base[kind, i] + s.habit_effect * habit[kind, i] - lost
                if kind < 5:
                    x += access[kind, i]
                utility[j] = x
            if kind == 0 or kind == 2:
                for j in range(m):
                    utility[j] -= unsafe[first + j] * s.dark
            if boosted:
                for j in range(m):
                    utility[j] += boost[kind, first + j]
            most_sessions = size[kind]
            for j in range(m):
                odds[j] = exp(-abs(utility[j]))
                fewer[j] = 1.0 / (1.0 + odds[j])
                none[j] = 1.0
                u[kind, j] = 1.0 - u[kind, j] if utility[j] > 0.0 else u[kind, j]
            for _ in range(most_sessions):
                for j in range(m):
                    none[j] *= fewer[j]
            # Most people do nothing or everything of a kind: only the others need to climb.
            climbing = 0
            for j in range(m):
                count[j] = 0
                rows[climbing] = j
                climbing += u[kind, j] > none[j]
            for c in range(climbing):
                j = rows[c]
                count[j] = climb(u[kind, j], most_sessions, odds[j], none[j])
            for j in range(m):
                count[j] = most_sessions - count[j] if utility[j] > 0.0 else count[j]
            # Lengths are drawn for everybody but worked out only for those who move.
            active = 0
            for j in range(m):
                z[j] = 0.0
                rows[active] = j
                active += count[j] > 0
            for c in range(active):
                none[c] = u[6 + kind, rows[c]]
            normals(none, fewer, active)
            for c in range(active):
                n = count[rows[c]]
                sd = s.minutes_week_sd / math.sqrt(n)
                odds[c] = n * minutes_session[kind, first + rows[c]] * exp(sd * fewer[c] - 0.5 * sd * sd)
            for c in range(active):
                z[rows[c]] = odds[c]
            for j in range(m):
                i = first + j
                sessions[kind, i] = count[j]
                if count[j] > most[j]:
                    most[j] = count[j]
                    place[i] = destination[kind, i] if kind < 5 else -1
            for j in range(m):
                i = first + j
                if group_sessions[i] > 0 and group_kind[i] == kind:
                    z[j] += group_minutes[i]
                    if group_sessions[i] >= most[j]:
                        most[j] = group_sessions[i]
                        place[i] = group_place[i]
            for j in range(m):
                minutes[kind, first + j] = z[j]
                total[j] += z[j]
        for j in range(m):
            room = free_minutes[work[first + j]]
            if total[j] > room:
                scale = (room + s.squeeze * (total[j] - room)) / total[j]
                for kind in range(6):
                    minutes[kind, first + j] = minutes[kind, first + j] * scale
