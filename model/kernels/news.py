"""News: knowing of a place passes along ties; one contact can be enough."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.memory import fetch
from model.kernels.slots import Network
from model.rng import uniforms

BLOCK = 512
"""Residents whose draws are made together."""


class NewsSettings(NamedTuple):
    """Weekly chances; see ledger/access.yaml."""

    know_share: float
    know_notice: float
    know_forget: float


class NewsPeople(NamedTuple):
    """Columns of last week, so that the order of rows does not matter, and moved: `knows`, one bit a candidate slot.

    cell_row: (n,) row of the home cell; destination: (6, n) one's own; used_by_ties: (6, n) what ties are seen to use.
    """

    id: np.ndarray
    destination: np.ndarray
    knows: np.ndarray
    cell_row: np.ndarray
    used_by_ties: np.ndarray


class NewsPlaces(NamedTuple):
    """Candidate places: asset (rows of cells, slots) or -1; first (7,) slot of each kind, then the total; nearness, the
    shape of `asset`, the chance to notice one in passing; open (assets,)."""

    asset: np.ndarray
    first: np.ndarray
    nearness: np.ndarray
    open: np.ndarray


@njit(inline="always", cache=True, error_model="numpy")
def one_tie(i, u, ties):
    """Row of one tie of row `i` picked by the uniform `u`, strong and weak alike; -1 without ties."""
    strong_n = np.int64(ties.strong_degree[i])
    first, last = ties.weak_start[i], ties.weak_start[i + 1]
    pick = np.int64(u * (strong_n + last - first))
    if strong_n + last - first == 0:
        return np.int64(-1)
    if pick < strong_n:
        return np.int64(ties.strong[i, pick])
    return np.int64(ties.weak[first + pick - strong_n])


@njit(nogil=True, cache=True, error_model="numpy")
def news(lo, hi, settings, key, week, people, places, ties):
    """Pass on, notice and forget places for rows lo..hi: sets bits of `knows`."""
    settings, people = NewsSettings(*settings), NewsPeople(*people)
    places, ties = NewsPlaces(*places), Network(*ties)
    s, used_by_ties, destination = settings, people.used_by_ties, people.destination
    slot_asset, slot_first, nearness, is_open = places.asset, places.first, places.nearness, places.open
    strong, weak_start, weak = ties.strong, ties.weak_start, ties.weak
    slots = slot_first[6]
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
        home, bits = people.cell_row[rows], people.knows[rows]
        uniforms(key, people.id[rows], week, np.int64(0), u)
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
            tie[r] = one_tie(first + j, u[0, j], ties)
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
