"""News: knowing of a place passes along ties; one contact can be enough."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.rng import philox, unit

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
    u = np.empty((4, BLOCK))
    rows = np.empty(BLOCK + 1, np.int64)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        who = ids[first : first + m]
        for j in range(m):
            w0, w1, w2, w3 = philox(key, who[j], 0, week, 0)
            u[0, j], u[1, j], u[2, j], u[3, j] = unit(w0), unit(w1), unit(w2), unit(w3)
        # Few people have news in a week: only they are looked at.
        found = 0
        for j in range(m):
            rows[found] = j
            found += (u[1, j] < s.know_share) | (u[2, j] < s.know_notice) | (u[3, j] < s.know_forget * slots)
        for r in range(found):
            j = rows[r]
            i = first + j
            row = cell_row[i]
            bits = knows[i]
            if u[1, j] < s.know_share:
                tie = one_tie(i, u[0, j], strong, strong_degree, weak_start, weak)
                if tie >= 0:
                    kind = np.int64(5.0 * u[1, j] / s.know_share)
                    place = used_by_ties[kind, tie]
                    if place >= 0:
                        for slot in range(slot_first[kind], slot_first[kind + 1]):
                            if slot_asset[row, slot] == place:
                                bits |= np.uint32(1) << np.uint32(slot)
            if u[2, j] < s.know_notice:
                # The whole part says which place passes by, the rest whether it is near enough to be noticed.
                passed = slots * u[2, j] / s.know_notice
                slot = np.int64(passed)
                a = slot_asset[row, slot]
                if a >= 0 and is_open[a] > 0.0 and passed - slot < nearness[row, slot]:
                    bits |= np.uint32(1) << np.uint32(slot)
            if u[3, j] < s.know_forget * slots:
                slot = np.int64(u[3, j] / s.know_forget)
                used = False
                for kind in range(5):
                    if slot_first[kind] <= slot < slot_first[kind + 1]:
                        used = slot_asset[row, slot] == destination[kind, i]
                if not used:
                    bits &= ~(np.uint32(1) << np.uint32(slot))
            knows[i] = bits
