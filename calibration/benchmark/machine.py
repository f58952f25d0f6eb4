"""What this machine can do a second: bytes moved, and each kind of work that a week is made of."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numba import njit

from calibration.benchmark.result import Machine
from model import rng
from model.kernels.elementary import exp
from model.machine.parallel import Chunks
from model.rng import desk, normals, philox, unit

BLOCK = 512


@njit(nogil=True, cache=True, error_model="numpy")
def _scale(lo, hi, source, target):
    """Move one column to another, as a streaming kernel would."""
    read, written = source[lo:hi], target[lo:hi]
    for j in range(hi - lo):
        written[j] = np.float32(1.5) * read[j]


@njit(nogil=True, cache=True, error_model="numpy")
def _draw(lo, hi, key, ids):
    """Draw four uniforms for each id, as the kernels do."""
    u = np.empty((4, BLOCK))
    total = 0.0
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        who = ids[first : first + m]
        for j in range(m):
            w0, w1, w2, w3 = philox(key, who[j], 0, 7, 0)
            u[0, j], u[1, j], u[2, j], u[3, j] = unit(w0), unit(w1), unit(w2), unit(w3)
        total += u[3, 0]
    return total


@njit(nogil=True, cache=True, error_model="numpy")
def _exponentials(lo, hi, values):
    """The exponential of each value, block by block."""
    out = np.empty(BLOCK)
    total = 0.0
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        some = values[first : first + m]
        for j in range(m):
            out[j] = exp(some[j] - 1.0)
        total += out[0]
    return total


@njit(nogil=True, cache=True, error_model="numpy")
def _quantiles(lo, hi, values):
    """The normal quantile of each value, block by block."""
    out, scratch = np.empty(BLOCK), desk(BLOCK)
    total = 0.0
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        normals(values[first : first + m], out, m, scratch)
        total += out[0]
    return total


@njit(nogil=True, cache=True, error_model="numpy")
def _steps(lo, hi, values):
    """Eight steps along a binomial distribution for each value, block by block."""
    chance, reached, count = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK, np.int64)
    total = 0
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        some = values[first : first + m]
        for j in range(m):
            chance[j], reached[j], count[j] = 0.1, 0.1, 0
        for step in range(8):
            for j in range(m):
                chance[j] *= some[j] * step
                reached[j] += chance[j]
                count[j] += some[j] > reached[j]
        total += count[0]
    return total


@njit(nogil=True, cache=True, error_model="numpy")
def _lookups(lo, hi, rows, values):
    """The sum of eight values at the rows that each resident's ties point to."""
    total = np.int64(0)
    for i in range(lo, hi):
        near = rows[i]
        some = 0
        for slot in range(8):
            some += values[near[slot]]
        total += some
    return total


@njit(nogil=True, cache=True, error_model="numpy")
def _tallies(lo, hi, cells, amounts, table):
    """Add two numbers of each resident to their cell of a table of this chunk's own."""
    own = np.zeros(table, np.int64)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        cell, amount = cells[first : first + m], amounts[first : first + m]
        for j in range(m):
            own[cell[j]] += amount[j]
            own[cell[j] + 1] += amount[j]
    return own[0]


@njit(nogil=True, cache=True, error_model="numpy")
def _table(lo, hi, counts, table):
    """What a small table says of each count, block by block."""
    out = np.empty(BLOCK)
    total = 0.0
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        count = counts[first : first + m]
        for j in range(m):
            out[j] = table[count[j]]
        total += out[0]
    return total


@njit(nogil=True, cache=True, error_model="numpy")
def _divisions(lo, hi, values):
    """One divided by each value, block by block."""
    out = np.empty(BLOCK)
    total = 0.0
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        some = values[first : first + m]
        for j in range(m):
            out[j] = 1.0 / some[j]
        total += out[0]
    return total


def rates(threads: int, size: int = 1 << 25, repeats: int = 5) -> dict[str, float]:
    """Best of `repeats`: bytes a second, and of each kind of work in `counts.WORK`.

    Bytes are those read and those written of columns of `size` float32, larger than any cache. Lookups go to rows
    up to 3,000 away, as most ties do; tallies to a table of 500 cells.
    """
    source, target = np.ones(size, np.float32), np.empty(size, np.float32)
    small = max(size >> 4, BLOCK)
    ids = np.arange(small, dtype=np.int32)
    values = (ids + 0.5) / small
    wide, narrow = Chunks(size, threads), Chunks(small, threads)
    key = np.uint64(12345)
    away = rng.uniform(key, np.arange(8 * small), slot=1).reshape(small, 8)
    rows = np.clip(ids[:, None] + (6000 * away - 3000).astype(np.int32), 0, small - 1)
    cells = (499 * away[:, 0]).astype(np.uint16)
    amounts, few = np.ones(small, np.int64), (10 * away[:, 1]).astype(np.uint8)
    return {
        "bytes": 8.0 * size / _best(repeats, lambda: wide.run(_scale, source, target)),
        "draws": small / _best(repeats, lambda: narrow.run(_draw, key, ids)),
        "exps": small / _best(repeats, lambda: narrow.run(_exponentials, values)),
        "normals": small / _best(repeats, lambda: narrow.run(_quantiles, values)),
        "steps": 8 * small / _best(repeats, lambda: narrow.run(_steps, values)),
        "lookups": 8 * small / _best(repeats, lambda: narrow.run(_lookups, rows, ids)),
        "table": small / _best(repeats, lambda: narrow.run(_table, few, np.ones(256))),
        "divisions": small / _best(repeats, lambda: narrow.run(_divisions, values)),
        "tallies": 2 * small / _best(repeats, lambda: narrow.run(_tallies, cells, amounts, 500)),
    }


def _best(repeats: int, act: Callable[[], object]) -> float:
    act()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        act()
        times.append(time.perf_counter() - begun)
    return min(times)


def describe() -> Machine:
    """The machine and the versions on which all speed depends."""
    import numba

    return Machine(_processor(), os.cpu_count(), f"{platform.system()} {platform.machine()}", platform.python_version(),
                   np.__version__, numba.__version__)  # fmt: skip


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
