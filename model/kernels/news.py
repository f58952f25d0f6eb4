"""News: knowing of a place or a programme passes along ties; one contact can be enough."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.rng import philox, unit


class NewsSettings(NamedTuple):
    """Weekly chances; see ledger/access.yaml and ledger/programmes.yaml."""

    know_share: float
    know_notice: float
    know_forget: float
    news_programme: float


@njit(inline="always", cache=True)
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


@njit(nogil=True, cache=True)
def news(
    lo, hi, settings, key, week, ids, cell_row, slot_asset, slot_first, strong, strong_degree, weak_start, weak,
    destination, knows,
):  # fmt: skip
    """Pass on, notice and forget places for rows lo..hi: sets bits of `knows` (one bit a candidate slot).

    slot_asset: (rows of cells, slots) asset or -1; slot_first: (7,) first slot of each kind, then the total.
    Reads `destination` (6, n) of last week only, so the order of rows does not matter.
    """
    slots = slot_first[6]
    for i in range(lo, hi):
        w0, w1, w2, w3 = philox(key, ids[i], 0, week, 0)
        row = cell_row[i]
        bits = knows[i]
        u = unit(w1)
        if u < settings.know_share:
            j = one_tie(i, unit(w0), strong, strong_degree, weak_start, weak)
            if j >= 0:
                kind = np.int64(5.0 * u / settings.know_share)
                place = destination[kind, j]
                if place >= 0:
                    for slot in range(slot_first[kind], slot_first[kind + 1]):
                        if slot_asset[row, slot] == place:
                            bits |= np.uint32(1) << np.uint32(slot)
        u = unit(w2)
        if u < settings.know_notice:
            slot = np.int64(slots * u / settings.know_notice)
            if slot_asset[row, slot] >= 0:
                bits |= np.uint32(1) << np.uint32(slot)
        u = unit(w3) / settings.know_forget if settings.know_forget > 0 else 1.0
        if u < slots:
            slot = np.int64(u)
            used = False
            for kind in range(5):
                if slot_first[kind] <= slot < slot_first[kind + 1]:
                    used = slot_asset[row, slot] == destination[kind, i]
            if not used:
                bits &= ~(np.uint32(1) << np.uint32(slot))
        knows[i] = bits


@njit(nogil=True, cache=True)
def programme_news(lo, hi, settings, key, week, ids, strong, strong_degree, weak_start, weak, member, aware, told):
    """Tell of one programme along ties for rows lo..hi: `told` becomes 1 where one tie that goes passed it on."""
    for i in range(lo, hi):
        told[i] = 0
        if aware[i]:
            continue
        w0, w1, _, _ = philox(key, ids[i], 0, week, 0)
        j = one_tie(i, unit(w0), strong, strong_degree, weak_start, weak)
        # One tie is asked, so the chance is raised to that of hearing from any of about twenty.
        if j >= 0 and member[j] and unit(w1) < min(1.0, 20.0 * settings.news_programme):
            told[i] = 1
