"""Choice: how many sessions of each kind this week, how long, and where the week was mostly spent."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.elementary import any_of, exp
from model.kernels.memory import fetch_rows
from model.rng import desk, normals, uniforms


class ChoiceSettings(NamedTuple):
    """See ledger/choice.yaml and ledger/body.yaml; what company adds when full (logits), the share of minutes in company that
    takes the place of own minutes, and whether injuries stop people and repertoires leave kinds out (1 or 0): all 0 where a
    switch leaves them out."""

    energy_sd: float
    habit_effect: float
    fitness_effect: float
    illness_effect: float
    minutes_week_sd: float
    hours_free_squeeze: float
    full_company: float
    replaced: float
    injuries: float
    hurdle: float


class ChoiceWeek(NamedTuple):
    """The week: keys of chance, its number, and what it allows.

    most_sessions: (6,) sessions of a kind; season: (6,) logits lost to the season; free_minutes: (6,) by work;
    boost: (6, n) logits added by interventions, or (6, 0); dark: how far fear of crime keeps people in, 1 in the dark.
    """

    key_sessions: np.uint64
    key_minutes: np.uint64
    number: int
    most_sessions: np.ndarray
    season: np.ndarray
    free_minutes: np.ndarray
    boost: np.ndarray
    dark: float


class ChoicePeople(NamedTuple):
    """Columns read, and filled: `sessions` and `minutes` (6, n), `place` (n,)."""

    id: np.ndarray
    work: np.ndarray
    base: np.ndarray
    unsafe: np.ndarray
    drift: np.ndarray
    motivation: np.ndarray
    habit: np.ndarray
    fitness: np.ndarray
    ill: np.ndarray
    injured: np.ndarray
    injured_kind: np.ndarray
    company: np.ndarray
    repertoire: np.ndarray
    access: np.ndarray
    destination: np.ndarray
    minutes_session: np.ndarray
    group_sessions: np.ndarray
    group_kind: np.ndarray
    group_minutes: np.ndarray
    group_place: np.ndarray
    sessions: np.ndarray
    minutes: np.ndarray
    place: np.ndarray


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


@njit(inline="always", cache=True, error_model="numpy")
def apart(bits, kind, c, m, count, z):
    """Move the first `c` of `count` and `z` back to those of `m` rows that have the bit `kind`; all others are 0."""
    for j in range(m - 1, -1, -1):
        has = np.int64(bits[j] >> kind) & 1
        c -= has
        count[j] = count[c] * has
        z[j] = z[c] if has else 0.0


@njit(nogil=True, cache=True, error_model="numpy")
def choice(lo, hi, settings, week, people):
    """Fill `sessions`, `minutes` and `place` for rows lo..hi: `ChoiceSettings`, `ChoiceWeek`, `ChoicePeople`."""
    settings, week, people = ChoiceSettings(*settings), ChoiceWeek(*week), ChoicePeople(*people)
    s, boost = settings, week.boost
    base, habit, access, destination = people.base, people.habit, people.access, people.destination
    minutes_session, sessions, minutes = people.minutes_session, people.sessions, people.minutes
    group_minutes, group_place, free_minutes = people.group_minutes, people.group_place, week.free_minutes
    boosted, accompanied, injuries = boost.shape[1] > 0, s.full_company > 0.0, s.injuries > 0.0
    hurdle = s.hurdle > 0.0
    u = np.empty((8, BLOCK))
    v = np.empty((8, BLOCK))
    sd, spread = np.empty(BLOCK), np.empty(256)
    for n in range(256):
        spread[n] = s.minutes_week_sd / math.sqrt(max(n, 1))
    z = np.empty(BLOCK)
    shared = np.empty(BLOCK)
    utility = np.empty(BLOCK)
    odds = np.empty(BLOCK)
    none = np.empty(BLOCK)
    fewer = np.empty(BLOCK)
    total = np.empty(BLOCK)
    count = np.empty(BLOCK, np.int64)
    most = np.empty(BLOCK, np.int64)
    member = np.empty(BLOCK + 1, np.int64)
    inside, usual = np.empty(BLOCK + 1, np.int64), np.empty(BLOCK, np.float32)
    scratch = desk(BLOCK)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        # Slices of one block: plain rows that the compiler can turn into vectors.
        rows = slice(first, first + m)
        who, now = people.id[rows], people.place[rows]
        # Many columns, each a short stretch: the next block is asked for while this one is worked on.
        after, end = first + BLOCK, min(first + 2 * BLOCK, hi)
        for slot in range(2):
            uniforms(week.key_sessions, who, week.number, slot, u[4 * slot : 4 * slot + 4])
            uniforms(week.key_minutes, who, week.number, slot, v[4 * slot : 4 * slot + 4])
        normals(u[6], z, m, scratch)
        slow, drive, fit, sick = (
            people.drift[rows],
            people.motivation[rows],
            people.fitness[rows],
            people.ill[rows],
        )
        for j in range(m):
            shared[j] = (
                slow[j]
                + drive[j]
                + s.energy_sd * z[j]
                + s.fitness_effect * (fit[j] - 0.5)
                - s.illness_effect * sick[j]
            )
            total[j] = 0.0
            most[j] = 0
            now[j] = -1
        together, kind_together = people.group_sessions[rows], people.group_kind[rows]
        members = 0
        if any_of(together):
            for j in range(m):
                member[members] = j
                members += together[j] > 0
        fear, bits = people.unsafe[rows], people.repertoire[rows]
        for kind in range(6):
            lasting, strength, near = base[kind, rows], habit[kind, rows], access[kind, rows]
            draws, varied, length = u[kind], v[kind], minutes_session[kind, rows]
            lost, most_sessions = week.season[kind], week.most_sessions[kind]
            fetch_rows(base[kind], after, end)
            fetch_rows(habit[kind], after, end)
            fetch_rows(access[kind], after, end)
            fetch_rows(minutes_session[kind], after, end)
            fetch_rows(destination[kind], after, end)
            fetch_rows(minutes[kind], after, end)
            fetch_rows(sessions[kind], after, end)
            for j in range(m):
                utility[j] = shared[j] + lasting[j] + s.habit_effect * strength[j] - lost
            if kind < 5:
                for j in range(m):
                    utility[j] += near[j]
            if kind == 0 or kind == 2:
                for j in range(m):
                    utility[j] -= fear[j] * week.dark
            if boosted:
                for j in range(m):
                    utility[j] += boost[kind, first + j]
            if accompanied:
                beside = people.company[kind, rows]
                for j in range(m):
                    utility[j] += s.full_company * beside[j]
            c = m
            if hurdle:
                # Only those in whose repertoire it is are worked on: they are moved together, and apart again below.
                c = 0
                for j in range(m):
                    inside[c] = j
                    c += (bits[j] >> kind) & 1
                for r in range(c):
                    j = inside[r]
                    utility[r], draws[r], varied[r], usual[r] = utility[j], draws[j], varied[j], length[j]
                length = usual[:c]
            for j in range(c):
                odds[j] = exp(-abs(utility[j]))
                fewer[j] = 1.0 / (1.0 + odds[j])
                none[j] = 1.0
                draws[j] = 1.0 - draws[j] if utility[j] > 0.0 else draws[j]
            for _ in range(most_sessions // 2):
                for j in range(c):
                    none[j] = none[j] * fewer[j] * fewer[j]
            if most_sessions % 2:
                for j in range(c):
                    none[j] *= fewer[j]
            # The distribution function is climbed by everybody at once: the count is how many steps lie below u.
            for j in range(c):
                fewer[j] = none[j]
                count[j] = draws[j] > none[j]
            # Two steps at a time, so that numbers are fetched and put back half as often.
            for step in range(1, most_sessions - 1, 2):
                ratio, next_ratio = (most_sessions - step + 1) / step, (most_sessions - step) / (step + 1)
                for j in range(c):
                    here = none[j] * (odds[j] * ratio)
                    below = fewer[j] + here
                    none[j] = here * (odds[j] * next_ratio)
                    fewer[j] = below + none[j]
                    count[j] += np.int64(draws[j] > below) + np.int64(draws[j] > fewer[j])
            if most_sessions > 1 and most_sessions % 2 == 0:
                ratio = 2 / (most_sessions - 1)
                for j in range(c):
                    count[j] += draws[j] > fewer[j] + none[j] * (odds[j] * ratio)
            for j in range(c):
                count[j] = most_sessions - count[j] if utility[j] > 0.0 else count[j]
            normals(varied, z, c, scratch)
            done, where = sessions[kind, rows], destination[kind, rows]
            for j in range(c):
                sd[j] = spread[np.uint8(count[j])]
            for j in range(c):
                z[j] = np.float64(count[j]) * length[j] * exp(sd[j] * z[j] - 0.5 * sd[j] * sd[j])
            if hurdle:
                apart(bits, kind, c, m, count, z)
            for j in range(m):
                done[j] = count[j]
            if injuries:
                hurt, stopped = people.injured[rows], people.injured_kind[rows]
                for j in range(m):
                    if hurt[j] > 0 and stopped[j] == kind:
                        done[j], count[j], z[j] = 0, 0, 0.0
            if s.replaced > 0.0:
                for r in range(members):
                    j = member[r]
                    if kind_together[j] == kind and z[j] > 0.0:
                        lost = min(s.replaced * group_minutes[first + j], z[j])
                        # Whole sessions go: as many on average as minutes do.
                        count[j] -= np.int64(count[j] * (lost / z[j]) + u[7, j])
                        done[j] = count[j]
                        z[j] -= lost
            for j in range(m):
                more = count[j] > most[j]
                now[j] = (where[j] if kind < 5 else -1) if more else now[j]
                most[j] = count[j] if more else most[j]
            for r in range(members):
                j = member[r]
                if kind_together[j] == kind:
                    z[j] += group_minutes[first + j]
                    if together[j] >= most[j]:
                        most[j] = together[j]
                        now[j] = group_place[first + j]
            spent = minutes[kind, rows]
            for j in range(m):
                spent[j] = z[j]
                total[j] += z[j]
        busy = people.work[rows]
        for j in range(m):
            room = free_minutes[busy[j]]
            if total[j] > room:
                scale = (room + s.hours_free_squeeze * (total[j] - room)) / total[j]
                for kind in range(6):
                    minutes[kind, first + j] = minutes[kind, first + j] * scale
