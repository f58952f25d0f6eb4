"""What this machine can do: bytes moved, words of chance drawn, and elementary functions, a second."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numba import njit

from model.kernels.elementary import exp
from model.parallel import Chunks
from model.rng import normals, philox, unit

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
    out = np.empty(BLOCK)
    total = 0.0
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        normals(values[first : first + m], out, m)
        total += out[0]
    return total


def rates(threads: int, size: int = 1 << 25, repeats: int = 5) -> dict[str, float]:
    """Best of `repeats`: bytes, Philox blocks (four draws each), exponentials and normal quantiles a second.

    Bytes are those read and those written of columns of `size` float32, larger than any cache.
    """
    source, target = np.ones(size, np.float32), np.empty(size, np.float32)
    small = max(size >> 4, BLOCK)
    ids = np.arange(small, dtype=np.int32)
    values = (ids + 0.5) / small
    wide, narrow = Chunks(size, threads), Chunks(small, threads)
    key = np.uint64(12345)
    return {
        "bytes": 8.0 * size / _best(repeats, lambda: wide.run(_scale, source, target)),
        "draws": small / _best(repeats, lambda: narrow.run(_draw, key, ids)),
        "exps": small / _best(repeats, lambda: narrow.run(_exponentials, values)),
        "normals": small / _best(repeats, lambda: narrow.run(_quantiles, values)),
    }


def _best(repeats: int, act: Callable[[], object]) -> float:
    act()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        act()
        times.append(time.perf_counter() - begun)
    return min(times)


def describe() -> dict[str, object]:
    """The machine and the versions on which all speed depends."""
    import numba

    return {"processor": _processor(), "cores": os.cpu_count(), "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(), "numpy": np.__version__, "numba": numba.__version__}  # fmt: skip


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def memory_bytes() -> tuple[int, int]:
    """Memory of this process now and at its peak, bytes; where the system does not tell, the peak twice."""
    facts = Path("/proc/self/status")
    if facts.exists():
        told = dict(
            line.split(":", 1) for line in facts.read_text(encoding="utf-8").splitlines() if ":" in line
        )
        now, peak = (int(told[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))
        return now, peak
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if platform.system() == "Darwin" else 1024)
    return peak, peak
