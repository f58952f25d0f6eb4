"""The few elementary functions of the rules, written out so that every caller gets the same bits.

`exp` and `log` are vectorised by the compiler where a loop allows it; relative errors below 1e-11 and 1e-15.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_LOG2E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10


@njit(inline="always", cache=True, error_model="numpy")
def exp(x):
    """e to the x, for any float; beyond ±700 the value at ±700."""
    x = min(max(x, -700.0), 700.0)
    k = np.floor(x * _LOG2E + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    p = 1.0 + r * (1.0 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (
        1 / 5040 + r * (1 / 40320 + r * (1 / 362880)))))))))  # fmt: skip
    return p * np.int64((np.int64(k) + 1023) << 52).view(np.float64)


@njit(inline="always", cache=True, error_model="numpy")
def log(x):
    """The natural logarithm of a normal positive number: twice the area tangent of (x - 1) / (x + 1)."""
    bits = np.float64(x).view(np.int64)
    part = np.int64((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000).view(np.float64)
    large = part > 1.4142135623730951
    part = 0.5 * part if large else part
    k = np.float64((bits >> 52) - 1023 + large)
    s = (part - 1.0) / (part + 1.0)
    q = s * s
    rest = q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q * (1 / 13 + q * (1 / 15 + q * (
        1 / 17 + q * (1 / 19 + q * (1 / 21))))))))))  # fmt: skip
    return k * _LN2_HIGH + (2.0 * s + (2.0 * s * rest + k * _LN2_LOW))


@njit(inline="always", cache=True, error_model="numpy")
def logistic(x):
    """1 / (1 + e^-x)."""
    return 1.0 / (1.0 + exp(-x))


@njit(cache=True, error_model="numpy")
def any_of(flags):
    """Whether one of `flags` is above zero."""
    found = False
    for j in range(flags.shape[0]):
        found |= flags[j] > 0
    return found


@njit(inline="always", cache=True, error_model="numpy")
def within(value):
    """A value held between 0 and 1."""
    return min(max(value, 0.0), 1.0)
