"""The few sums that need care so that this model and the fast one agree to the last bit.

Shared with the fast model: the generator (`philox`), the normal quantile and the two elementary functions.
Written out again here, plainly: everything else.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from model.kernels.elementary import exp as _exp
from model.kernels.elementary import logistic as _logistic
from model.rng import normal as _normal
from model.rng import philox

exp: Callable[[float], float] = _exp
logistic: Callable[[float], float] = _logistic
normal: Callable[[float], float] = _normal

__all__ = [
    "draws",
    "exp",
    "logistic",
    "normal",
    "power",
    "quantile_of_binomial",
    "single",
    "total",
    "whole_numbers",
]


def single(number: float) -> float:
    """A number as it is remembered from week to week: rounded to single precision (32 bits)."""
    return float(np.float32(number))


def draws(key: np.uint64, first: int, second: int = 0, week: int = 0, slot: int = 0) -> tuple[float, ...]:
    """Four numbers between 0 and 1, a pure function of who (`first`), what (`second`), when and which time."""
    w0, w1, w2, w3 = philox(key, first, second, week, slot)
    return (w0 + 0.5) / 2**32, (w1 + 0.5) / 2**32, (w2 + 0.5) / 2**32, (w3 + 0.5) / 2**32


def power(base: float, times: int) -> float:
    """`base` multiplied with itself `times` times, by repeated squaring (so that the rounding is fixed)."""
    result = 1.0
    while times:
        if times % 2:
            result *= base
        base *= base
        times //= 2
    return result


def quantile_of_binomial(u: float, size: int, odds: float, likely: bool) -> int:
    """The smallest count, of `size` chances, whose distribution function reaches `u`.

    odds: of the rarer of success and failure, at most 1; likely: success is the other one. So the sum starts at
    the likelier end and never loses digits.
    """
    if likely:
        u = 1.0 - u
    term = 1.0
    for _ in range(size):
        term *= 1.0 / (1.0 + odds)
    below = term
    count = 0
    while u > below and count < size:
        term *= odds * ((size - count) / (count + 1))
        count += 1
        below += term
    return size - count if likely else count


def total(numbers: list[float]) -> float:
    """The sum of a list in numpy's order of adding, which decides its last bit."""
    return float(np.sum(np.array(numbers, dtype=np.float64)))


def whole_numbers(shares: list[float], wanted: float) -> list[int]:
    """`wanted` spread by `shares` into whole numbers: the running sum is rounded, so that the parts add up."""
    scale = max(total(shares), 1e-12)
    parts, running, before = [], 0.0, 0
    for share in shares:
        running += share
        edge = round(running / scale * wanted + 1e-9)
        parts.append(edge - before)
        before = edge
    return parts
