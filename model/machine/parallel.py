"""Rows in chunks over threads: kernels release the interpreter lock, write only their own rows, and sum integers,
so results do not depend on the number of threads or chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np

SMALLEST_CHUNK = 8192
"""Rows below which a second thread costs more than it saves, over all acts of a week."""
SMALLEST_SHARE = 1024
"""The same of one list of rows for one kernel."""


def call(kernel: Callable[..., Any], *arguments: Any) -> Any:
    """Call a kernel; see `plain`."""
    return kernel(*plain(arguments))


def plain(arguments: Iterable[Any]) -> list[Any]:
    """Arguments for a kernel, named tuples as tuples: of those numba reads every name anew at each call, which costs more
    than 500 residents. Kernels that Python calls name what they are given again."""
    return [tuple(one) if isinstance(one, tuple) else one for one in arguments]


class Chunks:
    """The rows 0..n cut into one chunk a thread."""

    def __init__(self, rows: int, threads: int = 1) -> None:
        self.threads = max(1, min(threads, rows // SMALLEST_CHUNK))
        self.bounds = _evenly(rows, self.threads)
        self._pool: ThreadPoolExecutor | None = None

    def run(self, kernel: Callable[..., Any], *arguments: Any) -> list[Any]:
        """Call `kernel(lo, hi, *arguments)` on every chunk; results in chunk order."""
        return self._share(self.bounds, kernel, arguments)

    def run_some(self, many: int, kernel: Callable[..., Any], *arguments: Any) -> list[Any]:
        """Call `kernel(lo, hi, *arguments)` on every share of a list of `many` rows."""
        return self._share(_evenly(many, self._shares(many)), kernel, arguments)

    def run_groups(self, start: np.ndarray, kernel: Callable[..., Any], *arguments: Any) -> list[Any]:
        """Call `kernel(lo, hi, *arguments)` on every share of groups; `start` (groups + 1,): where each one's rows
        begin in a list of rows, so that shares hold about as many rows."""
        shares = self._shares(int(start[-1]))
        wanted = [start[-1] * k // shares for k in range(1, shares)]
        edges = [0, *np.searchsorted(start, wanted).tolist(), len(start) - 1]
        return self._share(list(pairwise(edges)), kernel, arguments)

    def _shares(self, many: int) -> int:
        return max(1, min(self.threads, many // SMALLEST_SHARE))

    def _share(
        self, bounds: list[tuple[int, int]], kernel: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> list[Any]:
        """The first share is done by the thread that asks: to wake another costs as much as 500 residents."""
        if len(bounds) > 1 and self._pool is None:
            self._pool = ThreadPoolExecutor(self.threads - 1)
        arguments = tuple(plain(arguments))
        others = [self._pool.submit(kernel, *bound, *arguments) for bound in bounds[1:]] if self._pool else []
        return [kernel(*bounds[0], *arguments), *(other.result() for other in others)]

    def run_numbered(self, act: Callable[[int, int, int], Any]) -> list[Any]:
        """Call `act(number, lo, hi)` on every chunk, for acts that keep sums of their own a chunk."""
        numbers = {lo: number for number, (lo, _) in enumerate(self.bounds)}
        return self.run(lambda lo, hi: act(numbers[lo], lo, hi))

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_pool": None}  # threads stay where they are

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None


def _evenly(many: int, shares: int) -> list[tuple[int, int]]:
    return list(pairwise(many * k // shares for k in range(shares + 1)))
