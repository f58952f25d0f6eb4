"""Company: what moving with others does to the pull of each kind, under the switch `company: saturating`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit


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
