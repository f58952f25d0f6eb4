"""Reading: four-week means, levels, and weekly counts by stratum in whole numbers."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(nogil=True, cache=True, error_model="numpy")
def read_levels(lo, hi, slot, gardening_counts, minutes, recent, recent_garden, minutes_mean, level, moving):
    """Fill `minutes_mean`, `level` and `moving` (n,) of rows lo..hi; `slot` 0-3 is this week's place in the ring."""
    for i in range(lo, hi):
        counted = 0.0
        for kind in range(5):
            counted += minutes[kind, i]
        recent[slot, i] = counted
        recent_garden[slot, i] = minutes[5, i]
        mean = 0.25 * (
            np.float64(recent[0, i])
            + np.float64(recent[1, i])
            + np.float64(recent[2, i])
            + np.float64(recent[3, i])
        )
        # Others see somebody as active or not whatever definition an analyst reads by.
        moving[i] = 1 if mean >= 150.0 else 0
        if gardening_counts:
            mean += 0.25 * (
                np.float64(recent_garden[0, i]) + np.float64(recent_garden[1, i])
                + np.float64(recent_garden[2, i]) + np.float64(recent_garden[3, i])
            )  # fmt: skip
        minutes_mean[i] = mean
        level[i] = 0 if mean < 30.0 else (1 if mean < 150.0 else 2)


@njit(nogil=True, cache=True, error_model="numpy")
def count_levels(lo, hi, weight, strata, level, minutes_mean, minutes, counts, minute_sums, kind_sums):
    """Add rows lo..hi to the week's counts: counts (S, 3), minute_sums (S,), kind_sums (6,), all int64.

    weight: (n,) int64 people in 1/256, 0 = not counted; strata: (groups, n) uint16 row of each resident's stratum.
    """
    groups = strata.shape[0]
    for i in range(lo, hi):
        w = weight[i]
        if w == 0:
            continue
        spent = np.int64(w * np.float64(minutes_mean[i]))
        for g in range(groups):
            row = strata[g, i]
            counts[row, level[i]] += w
            minute_sums[row] += spent
        for kind in range(6):
            kind_sums[kind] += np.int64(w * np.float64(minutes[kind, i]))
