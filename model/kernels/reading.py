"""Reading: four-week means, levels, and weekly counts by stratum in whole numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.memory import fetch_rows
from model.limits import ACTIVE_FROM, INACTIVE_BELOW

BLOCK = 512
"""Residents taken together."""


class ReadPeople(NamedTuple):
    """Columns read, and filled: `recent` and `recent_garden` (4, n), `minutes_mean`, `level` and `moving` (n,)."""

    minutes: np.ndarray
    recent: np.ndarray
    recent_garden: np.ndarray
    minutes_mean: np.ndarray
    level: np.ndarray
    moving: np.ndarray


class CountedPeople(NamedTuple):
    """Columns counted; `weight`: (n,) int64 people in 1/256, 0 = not counted."""

    level: np.ndarray
    minutes_mean: np.ndarray
    minutes: np.ndarray
    weight: np.ndarray


class Sums(NamedTuple):
    """Sums of a week, int64: counts (S, 3), minutes (S,), kinds (6,)."""

    counts: np.ndarray
    minutes: np.ndarray
    kinds: np.ndarray


@njit(nogil=True, cache=True, error_model="numpy")
def read_levels(lo, hi, slot, gardening_counts, people):
    """Fill `minutes_mean`, `level` and `moving` of rows lo..hi; `slot` 0-3 is this week's place in the ring."""
    people = ReadPeople(*people)
    minutes, recent, recent_garden = people.minutes, people.recent, people.recent_garden
    counted = np.empty(BLOCK)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        rows = slice(first, first + m)
        after, end = first + BLOCK, min(first + 2 * BLOCK, hi)
        for week in range(4):
            fetch_rows(recent[week], after, end)
        counted[:] = 0.0
        for kind in range(5):
            spent = minutes[kind, rows]
            fetch_rows(minutes[kind], after, end)
            for j in range(m):
                counted[j] += spent[j]
        now, garden, gardened = recent[slot, rows], recent_garden[slot, rows], minutes[5, rows]
        for j in range(m):
            now[j] = counted[j]
            garden[j] = gardened[j]
        r0, r1, r2, r3 = recent[0, rows], recent[1, rows], recent[2, rows], recent[3, rows]
        seen, mean, grade = people.moving[rows], people.minutes_mean[rows], people.level[rows]
        for j in range(m):
            counted[j] = 0.25 * (
                np.float64(r0[j]) + np.float64(r1[j]) + np.float64(r2[j]) + np.float64(r3[j])
            )
            # Others see somebody as active or not whatever definition an analyst reads by.
            seen[j] = counted[j] >= ACTIVE_FROM
        if gardening_counts:
            g0, g1, g2, g3 = (
                recent_garden[0, rows], recent_garden[1, rows], recent_garden[2, rows], recent_garden[3, rows]
            )  # fmt: skip
            for j in range(m):
                counted[j] += 0.25 * (
                    np.float64(g0[j]) + np.float64(g1[j]) + np.float64(g2[j]) + np.float64(g3[j])
                )
        for j in range(m):
            mean[j] = counted[j]
            grade[j] = (counted[j] >= INACTIVE_BELOW) + (counted[j] >= ACTIVE_FROM)


@njit(nogil=True, cache=True, error_model="numpy")
def count_levels(lo, hi, cells, strata_of_cell, people, sums):
    """Add rows lo..hi to the week's `sums`.

    cells: (crossings, n) uint16 cell of each resident in each crossing of attributes; strata_of_cell: (cells, most) the
    strata that a cell belongs to, S = none.
    """
    people, sums = CountedPeople(*people), Sums(*sums)
    counts, minutes = sums.counts, people.minutes
    # Neighbours are often alike: with a table for each of two, neither waits for the other's sum.
    tally = np.zeros((2, strata_of_cell.shape[0], 4), np.int64)
    spent = np.empty(BLOCK, np.int64)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        rows = slice(first, first + m)
        weight, grade, mean = people.weight[rows], people.level[rows], people.minutes_mean[rows]
        after, end = first + BLOCK, min(first + 2 * BLOCK, hi)
        for j in range(m):
            spent[j] = np.int64(weight[j] * np.float64(mean[j]))
        for crossing in range(cells.shape[0]):
            cell = cells[crossing, rows]
            fetch_rows(cells[crossing], after, end)
            for j in range(m):
                tally[j & 1, cell[j], grade[j]] += weight[j]
                tally[j & 1, cell[j], 3] += spent[j]
        for kind in range(6):
            done = minutes[kind, rows]
            fetch_rows(minutes[kind], after, end)
            some = np.int64(0)
            for j in range(m):
                some += np.int64(weight[j] * np.float64(done[j]))
            sums.kinds[kind] += some
    for cell in range(strata_of_cell.shape[0]):
        for stratum in strata_of_cell[cell]:
            if stratum < counts.shape[0]:
                for grade in range(3):
                    counts[stratum, grade] += tally[0, cell, grade] + tally[1, cell, grade]
                sums.minutes[stratum] += tally[0, cell, 3] + tally[1, cell, 3]
