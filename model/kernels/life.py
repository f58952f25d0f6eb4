"""Life: illness and recovery, the slow drift of what somebody is inclined to do, and when a taste gives way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.rng import desk, normals, uniforms

BLOCK = 512
"""Residents whose draws are made together."""


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
