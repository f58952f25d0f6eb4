"""News: knowing of a place passes along ties; one contact can be enough."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.memory import fetch
from model.rng import uniforms

BLOCK = 512
"""Residents whose luck is drawn together."""


class NewsSettings(NamedTuple):
    """Weekly chances; see ledger/access.yaml."""

    know_share: float
    know_notice: float
    know_forget: float


@njit(inline="always", cache=True, error_model="numpy")
def one_tie(i, u, strong, strong_degree, weak_start, weak):
    """Row of one tie of row `i` picked by the uniform `u`, strong and weak alike; -1 without ties."""
    strong_n = np.int64(strong_degree[i])
    first = weak_start[i]
    pick = np.int64(u * (strong_n + weak_start[i + 1] - first))
    if strong_n + weak_start[i + 1] - first == 0:
        return np.int64(-1)
    if pick < strong_n:
        return np.int64(strong[i, pick])
    return np.int64(weak[first + pick - strong_n])


@njit(nogil=True, cache=True, error_model="numpy")
def news(
    lo, hi, settings, key, week, ids, cell_row, slot_asset, nearness, slot_first, strong, strong_degree, weak_start,
    weak, is_open, used_by_ties, destination, knows,
):  # fmt: skip
    """Pass on, notice and forget places for rows lo..hi: sets bits of `knows` (one bit a candidate slot).

    slot_asset: (rows of cells, slots) asset or -1; nearness: the same shape, the chance to notice it in passing;
    slot_first: (7,) first slot of each kind, then the total.
    used_by_ties, destination: (6, n) of last week only, so the order of rows does not matter; the first is what ties
    are seen to use, the second one's own.
    """
    slots = slot_first[6]
    s = settings
    forget = s.know_forget * slots
    u = np.empty((4, BLOCK))
    told, passing, losing = (
        np.empty(BLOCK + 1, np.int64),
        np.empty(BLOCK + 1, np.int64),
        np.empty(BLOCK + 1, np.int64),
    )
    tie = np.empty(BLOCK, np.int64)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        rows = slice(first, first + m)
        home, bits = cell_row[rows], knows[rows]
        uniforms(key, ids[rows], week, np.int64(0), u)
        # Few people have news in a week: only they are looked at, one question after the other, so that waiting for
        # what is far away in memory overlaps.
        listeners, passers, losers = 0, 0, 0
        for j in range(m):
            told[listeners] = j
            listeners += u[1, j] < s.know_share
            passing[passers] = j
            passers += u[2, j] < s.know_notice
            losing[losers] = j
            losers += u[3, j] < forget
        for r in range(listeners):
            fetch(strong, first + told[r])
            fetch(weak, weak_start[first + told[r]])
        for r in range(passers):
            j = passing[r]
            slot = np.int64(slots * u[2, j] / s.know_notice)
            fetch(slot_asset[home[j]], slot)
            fetch(nearness[home[j]], slot)
        for r in range(listeners):
            j = told[r]
            tie[r] = one_tie(first + j, u[0, j], strong, strong_degree, weak_start, weak)
            fetch(used_by_ties[np.int64(5.0 * u[1, j] / s.know_share)], max(tie[r], 0))
        for r in range(listeners):
            if tie[r] < 0:
                continue
            j = told[r]
            kind = np.int64(5.0 * u[1, j] / s.know_share)
            place = used_by_ties[kind, tie[r]]
            if place >= 0:
                for slot in range(slot_first[kind], slot_first[kind + 1]):
                    bits[j] |= np.uint32(slot_asset[home[j], slot] == place) << np.uint32(slot)
        for r in range(passers):
            # The whole part says which place passes by, the rest whether it is near enough to be noticed.
            j = passing[r]
            passed = slots * u[2, j] / s.know_notice
            slot = np.int64(passed)
            a = slot_asset[home[j], slot]
            seen = (a >= 0) & (is_open[a] > 0.0) & (passed - slot < nearness[home[j], slot])
            bits[j] |= np.uint32(seen) << np.uint32(slot)
        for r in range(losers):
            j = losing[r]
            slot = np.int64(u[3, j] / s.know_forget)
            used = False
            for kind in range(5):
                if slot_first[kind] <= slot < slot_first[kind + 1]:
                    used = slot_asset[home[j], slot] == destination[kind, first + j]
            bits[j] &= ~(np.uint32(not used) << np.uint32(slot))
