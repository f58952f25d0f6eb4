"""Experience: what a week of moving does to habit, fitness and motivation; and to company, where that saturates."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.elementary import any_of, exp
from model.kernels.memory import listed

BLOCK = 512
"""Residents taken together."""
MOST = 512
"""More than the repetitions that a week can hold: sessions alone and in company are counted in 8 bits each."""


class ExperienceSettings(NamedTuple):
    """See ledger/body.yaml and ledger/social.yaml; motivation_gain: of each session in company, logits."""

    habit_gain: float
    habit_loss: float
    fitness_rate: float
    fitness_minutes: float
    motivation_gain: float
    crowded_loss: float


class ExperiencePeople(NamedTuple):
    """Columns read, and moved: `habit` (6, n), `fitness` and `motivation` (n,)."""

    sessions: np.ndarray
    minutes: np.ndarray
    group_sessions: np.ndarray
    group_kind: np.ndarray
    destination: np.ndarray
    habit: np.ndarray
    fitness: np.ndarray
    motivation: np.ndarray


@njit(nogil=True, cache=True, error_model="numpy")
def experience(lo, hi, settings, people, load):
    """Move `habit`, `fitness` and `motivation` of rows lo..hi by one week; `load`: (assets,) use against capacity.

    Habit: h' = (1 - (1 - h) exp(-gain * repetitions)) * exp(-loss), after Lally 2010.
    """
    settings, people = ExperienceSettings(*settings), ExperiencePeople(*people)
    s = settings
    sessions, minutes, destination = people.sessions, people.minutes, people.destination
    habit, fitness, motivation = people.habit, people.fitness, people.motivation
    keep = exp(-s.habit_loss)
    short = np.empty(MOST)
    for done in range(MOST):
        short[done] = exp(-s.habit_gain * np.float64(done))
    together, kind_together = people.group_sessions[lo:hi], people.group_kind[lo:hi]
    members = listed(together)
    before = np.empty(members.shape[0])
    for r in range(members.shape[0]):
        before[r] = habit[kind_together[members[r]], lo + members[r]]
    for kind in range(6):
        done, strength = sessions[kind, lo:hi], habit[kind, lo:hi]
        for j in range(hi - lo):
            strength[j] = (1.0 - (1.0 - strength[j]) * short[done[j]]) * keep
    # The few who moved in company repeated that kind more often.
    for r in range(members.shape[0]):
        j = members[r]
        kind, i = kind_together[j], lo + j
        repetitions = np.int64(sessions[kind, i]) + np.int64(together[j])
        habit[kind, i] = (1.0 - (1.0 - before[r]) * short[repetitions]) * keep
        motivation[i] += s.motivation_gain * together[j]
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


class CompanySettings(NamedTuple):
    """See ledger/social.yaml; keep: what is left of company after a week without."""

    company_rise: float
    company_spread: float
    keep: float


class CompanyPeople(NamedTuple):
    """Columns read, and moved: `company` (6, n)."""

    group_sessions: np.ndarray
    group_kind: np.ndarray
    company: np.ndarray


@njit(nogil=True, cache=True, error_model="numpy")
def company(lo, hi, settings, people):
    """Move `company` of rows lo..hi by one week: it fades, other kinds follow towards a share of what it is at most, and
    each session together goes a part of the way to full."""
    settings, people = CompanySettings(*settings), CompanyPeople(*people)
    s, level, together = settings, people.company, people.group_sessions
    for i in range(lo, hi):
        top = level[0, i]
        for kind in range(1, 6):
            top = max(top, level[kind, i])
        aim = s.company_spread * top
        if top == 0.0 and together[i] == 0:
            continue
        for kind in range(6):
            now = s.keep * level[kind, i]
            if aim > level[kind, i]:
                now += (1.0 - s.keep) * aim
            if together[i] > 0 and people.group_kind[i] == kind:
                missing = 1.0 - now
                for _ in range(together[i]):
                    missing *= 1.0 - s.company_rise
                now = 1.0 - missing
            level[kind, i] = now
