"""Life: illness, injuries and recovery, the slow drift of what somebody is inclined to do, and when a taste gives way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.elementary import exp
from model.rng import desk, normals, uniforms

BLOCK = 512
"""Residents whose draws are made together."""
SPORT = 4
"""The kind in which injuries are `injury_sport` times as likely."""


class LifeSettings(NamedTuple):
    """See ledger/body.yaml; drift_keep and drift_step are the weekly step of the slow Ornstein-Uhlenbeck part;
    taste_change is the weekly chance that one of the six tastes gives way to another."""

    illness_start: float
    illness_end: float
    illness_disabled: float
    illness_old: float
    drift_keep: float
    drift_step: float
    taste_change: float


class LifePeople(NamedTuple):
    """Columns read, and moved or filled: `ill`, `drift` and `new_taste`; all (n,)."""

    id: np.ndarray
    age: np.ndarray
    condition: np.ndarray
    ill: np.ndarray
    drift: np.ndarray
    new_taste: np.ndarray


@njit(nogil=True, cache=True, error_model="numpy")
def life(lo, hi, settings, key, week, people):
    """Move `ill` and `drift` of rows lo..hi by one week, and say in `new_taste` whose taste for what changes."""
    settings, people = LifeSettings(*settings), LifePeople(*people)
    s = settings
    u = np.empty((4, BLOCK))
    step = np.empty(BLOCK)
    scratch = desk(BLOCK)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        rows = slice(first, first + m)
        who, years, limited = people.id[rows], people.age[rows], people.condition[rows]
        sick, slow, changing = people.ill[rows], people.drift[rows], people.new_taste[rows]
        uniforms(key, who, week, np.int64(0), u)
        normals(u[1], step, m, scratch)
        draw, turn, kind = u[0], u[2], u[3]
        for j in range(m):
            risk = s.illness_start * (s.illness_disabled if limited[j] else 1.0)
            risk = risk * (s.illness_old if years[j] >= 70 else 1.0)
            sick[j] = (draw[j] >= s.illness_end) if sick[j] else (draw[j] < risk)
        for j in range(m):
            slow[j] = s.drift_keep * slow[j] + s.drift_step * step[j]
            changing[j] = 1 + int(6.0 * kind[j]) if turn[j] < s.taste_change else 0


class InjurySettings(NamedTuple):
    """See ledger/body.yaml; risk_minute: injuries a minute of any kind but sport."""

    injury_sport: float
    injury_weeks: int
    risk_minute: float


class InjuryPeople(NamedTuple):
    """Columns read, and moved or filled: `injured` and `injured_kind` (n,)."""

    id: np.ndarray
    minutes: np.ndarray
    injured: np.ndarray
    injured_kind: np.ndarray


@njit(nogil=True, cache=True, error_model="numpy")
def injury(lo, hi, settings, key, week, people):
    """Let rows lo..hi mend by a week, or be injured with the risk of this week's hours, in a kind drawn by its part of it."""
    settings, people = InjurySettings(*settings), InjuryPeople(*people)
    s, minutes, injured = settings, people.minutes, people.injured
    u = np.empty((4, BLOCK))
    risks = np.empty(6)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        uniforms(key, people.id[first : first + m], week, np.int64(0), u)
        for j in range(m):
            i = first + j
            if injured[i] > 0:
                injured[i] -= 1
                continue
            risk = 0.0
            for kind in range(6):
                risk += s.risk_minute * (s.injury_sport if kind == SPORT else 1.0) * minutes[kind, i]
                risks[kind] = risk
            if u[0, j] < 1.0 - exp(-risk):
                injured[i] = s.injury_weeks
                struck = 0
                for kind in range(5):
                    struck += u[1, j] * risk >= risks[kind]
                people.injured_kind[i] = struck
