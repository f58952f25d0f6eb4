"""Rows in chunks over threads: kernels release the interpreter lock, write only their own rows, and sum integers,
so results do not depend on the number of threads or chunks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

SMALLEST_CHUNK = 4096
"""Rows below which a second thread costs more than it saves."""


class Chunks:
    """The rows 0..n cut into one chunk a thread."""

    def __init__(self, rows: int, threads: int = 1) -> None:
        self.threads = max(1, min(threads, rows // SMALLEST_CHUNK))
        edges = [rows * k // self.threads for k in range(self.threads + 1)]
        self.bounds = list(pairwise(edges))
        self._pool: ThreadPoolExecutor | None = None

    def run(self, kernel: Callable[..., Any], *arguments: Any) -> list[Any]:
        """Call `kernel(lo, hi, *arguments)` on every chunk; results in chunk order."""
        if self.threads == 1:
            lo, hi = self.bounds[0]
            return [kernel(lo, hi, *arguments)]
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.threads)
        return list(self._pool.map(lambda bound: kernel(*bound, *arguments), self.bounds))

    def run_numbered(self, act: Callable[[int, int, int], Any]) -> list[Any]:
        """Call `act(number, lo, hi)` on every chunk, for acts that keep sums of their own a chunk."""
        numbers = {lo: number for number, (lo, _) in enumerate(self.bounds)}
        return self.run(lambda lo, hi: act(numbers[lo], lo, hi))

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
