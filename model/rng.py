"""The only source of chance: Philox4x32-10 as a pure function of (seed, replicate, purpose, id, week, slot).

Key = BLAKE2 of (seed, replicate, purpose name); counter = (id low, id high, week, slot). Salmon et al. 2011,
"Parallel random numbers: as easy as 1, 2, 3". The same draw is the same bits whatever the threads, processes or
order, and two scenarios with one seed have common random numbers, draw for draw, until something differs.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numba import njit

from model.kernels.elementary import log

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint32(0x9E3779B9), np.uint32(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_SCALE = 1.0 / 4294967296.0


def key(seed: int, replicate: int, purpose: str) -> np.uint64:
    """The 64-bit key of one purpose. Purposes never share draws; the scenario is never part of the key."""
    text = f"{int(seed)}|{int(replicate)}|{purpose}".encode()
    return np.uint64(int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little"))


@njit(inline="always", cache=True, error_model="numpy")
def philox(key64, c0, c1, c2, c3):
    """Four independent 32-bit words for the counter (c0, c1, c2, c3) under a 64-bit key."""
    k0 = np.uint32(key64 & _LOW)
    k1 = np.uint32(key64 >> _32)
    x0, x1, x2, x3 = np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3)
    for _ in range(10):
        p0 = _M0 * np.uint64(x0)
        p1 = _M1 * np.uint64(x2)
        y0 = np.uint32(p1 >> _32) ^ x1 ^ k0
        y2 = np.uint32(p0 >> _32) ^ x3 ^ k1
        x1 = np.uint32(p1 & _LOW)
        x3 = np.uint32(p0 & _LOW)
        x0 = y0
        x2 = y2
        k0 = np.uint32(k0 + _W0)
        k1 = np.uint32(k1 + _W1)
    return x0, x1, x2, x3


@njit(inline="always", cache=True, error_model="numpy")
def unit(word):
    """A 32-bit word as a number strictly between 0 and 1 (midpoints of 2^32 cells)."""
    return (np.float64(word) + 0.5) * _SCALE


@njit(inline="always", cache=True, error_model="numpy")
def _middle(q):
    """Acklam's approximation for u - 0.5 = q within ±0.47575."""
    r = q * q
    a = (
        (
            ((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
            + 1.383577518672690e02
        )
        * r
        - 3.066479806614716e01
    ) * r + 2.506628277459239e00
    b = (
        (
            ((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
            + 6.680131188771972e01
        )
        * r
        - 1.328068155288572e01
    ) * r + 1.0
    return a * q / b


@njit(inline="always", cache=True, error_model="numpy")
def _tail(u):
    """Acklam's approximation for u outside 0.02425-0.97575."""
    r = np.sqrt(-2.0 * log(u if u < 0.5 else 1.0 - u))
    c = (
        (
            ((-7.784894002430293e-03 * r - 3.223964580411365e-01) * r - 2.400758277161838e00) * r
            - 2.549732539343734e00
        )
        * r
        + 4.374664141464968e00
    ) * r + 2.938163982698783e00
    d = (
        ((7.784695709041462e-03 * r + 3.224671290700398e-01) * r + 2.445134137142996e00) * r
        + 3.754408661907416e00
    ) * r + 1.0
    return c / d if u < 0.5 else -c / d


@njit(inline="always", cache=True, error_model="numpy")
def normal(u):
    """Standard normal quantile of `u` in (0, 1): Acklam's rational approximation, relative error below 1.2e-9."""
    q = u - 0.5
    return _middle(q) if abs(q) <= 0.47575 else _tail(u)


@njit(nogil=True, cache=True, error_model="numpy")
def uniforms(key64, ids, week, slot, out):
    """Fill the rows of `out` (4, n or more) with the four uniforms of each of n `ids`."""
    u0, u1, u2, u3 = out[0], out[1], out[2], out[3]
    for j in range(ids.shape[0]):
        w0, w1, w2, w3 = philox(key64, ids[j], 0, week, slot)
        u0[j], u1[j], u2[j], u3[j] = unit(w0), unit(w1), unit(w2), unit(w3)


@njit(cache=True, error_model="numpy")
def desk(count):
    """Room for `normals` to work in, for up to `count` at a time."""
    return np.empty(count + 1, np.int64), np.empty(count + 8)


@njit(nogil=True, cache=True, error_model="numpy")
def normals(u, out, count, desk):
    """Fill `out` with `normal` of the first `count` of `u` (float64): one vector pass, then the few in the tails.

    Who is in a tail is listed without asking "if": a guess that fails one time in twenty costs more than the quantile.
    """
    tails, value = desk
    for j in range(count):
        out[j] = _middle(u[j] - 0.5)
    found = 0
    for j in range(count):
        tails[found] = j
        found += abs(u[j] - 0.5) > 0.47575
    whole = (found + 7) // 8 * 8
    for k in range(found):
        value[k] = u[tails[k]]
    value[found:whole] = 0.01  # a multiple of eight suits vectors
    for k in range(whole):
        value[k] = _tail(value[k])
    for k in range(found):
        out[tails[k]] = value[k]


@njit(cache=True, error_model="numpy")
def _fill(key64, ids, week, slot, out):
    for i in range(ids.shape[0]):
        identity = np.uint64(ids[i])
        word, _, _, _ = philox(key64, identity & _LOW, identity >> _32, week, slot)
        out[i] = unit(word)


def uniform(key64: np.uint64, ids: np.ndarray, week: int = 0, slot: int = 0) -> np.ndarray:
    """One uniform in (0, 1) for each id: float64 array shaped like `ids` (non-negative integers)."""
    ids = np.ascontiguousarray(ids, dtype=np.int64)
    out = np.empty(ids.shape, dtype=np.float64)
    _fill(np.uint64(key64), ids.ravel(), np.uint32(week), np.uint32(slot), out.ravel())
    return out


@njit(cache=True, error_model="numpy")
def _to_normal(values):
    for i in range(values.shape[0]):
        values[i] = normal(values[i])


def gaussian(key64: np.uint64, ids: np.ndarray, week: int = 0, slot: int = 0) -> np.ndarray:
    """One standard normal for each id, by the quantile of its uniform: float64 array shaped like `ids`."""
    out = uniform(key64, ids, week, slot)
    _to_normal(out.ravel())
    return out
