"""Injury: moving now and then stops somebody from a kind for weeks, under the switch `setbacks: some`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.elementary import exp
from model.rng import uniforms

BLOCK = 512
"""Residents whose draws are made together."""
SPORT = 4
"""The kind in which injuries are `injury_sport` times as likely."""


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
