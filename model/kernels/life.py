"""Life: illness and recovery, and the slow drift of what somebody is inclined to do."""

from __future__ import annotations

from typing import NamedTuple

from numba import njit

from model.rng import normal, philox, unit


class LifeSettings(NamedTuple):
    """See ledger/body.yaml; drift_keep and drift_step are the weekly step of the slow Ornstein-Uhlenbeck part."""

    illness_start: float
    illness_end: float
    illness_disabled: float
    illness_old: float
    drift_keep: float
    drift_step: float


@njit(nogil=True, cache=True, error_model="numpy")
def life(lo, hi, settings, key, week, ids, age, condition, ill, drift):
    """Move `ill` and `drift` (n,) of rows lo..hi by one week."""
    s = settings
    for i in range(lo, hi):
        w0, w1, _, _ = philox(key, ids[i], 0, week, 0)
        u = unit(w0)
        if ill[i]:
            ill[i] = 0 if u < s.illness_end else 1
        else:
            risk = s.illness_start
            if condition[i]:
                risk *= s.illness_disabled
            if age[i] >= 70:
                risk *= s.illness_old
            ill[i] = 1 if u < risk else 0
        drift[i] = s.drift_keep * drift[i] + s.drift_step * normal(unit(w1))
