"""How far apart groups stand: rate ratio and difference, slope and relative index of inequality.

Convention. Groups are ranked from the best placed (rank 0) to the worst placed (rank 1), so a positive slope and a
ratio above 1 mean that the worst placed do worse. The rank of a group is its ridit midpoint: the share of people
in groups better placed than it, plus half its own share. The slope index of inequality (SII) is the slope of the
group rates regressed on those midpoints, weighted by the groups' people; the relative index (RII) is the ratio of
the two ends of the fitted line, rank 1 over rank 0. The people of the first recorded week set the ranks for good,
so a change in the index is a change in rates and never in who is counted where.
Source: Mackenbach and Kunst 1997, "Measuring the magnitude of socio-economic inequalities in health".
"""

from __future__ import annotations

import numpy as np


def ratio(worse: np.ndarray, better: np.ndarray) -> np.ndarray:
    """Rate of the worse placed over that of the better placed; nan where either is unknown or the second is 0."""
    worse, better = np.asarray(worse, dtype=float), np.asarray(better, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(better > 0, worse / better, np.nan)


def difference(worse: np.ndarray, better: np.ndarray) -> np.ndarray:
    """Rate of the worse placed minus that of the better placed."""
    apart: np.ndarray = np.asarray(worse, dtype=float) - np.asarray(better, dtype=float)
    return apart


def ridit_midpoints(people: np.ndarray) -> np.ndarray:
    """Midpoint rank of each group, (G,), 0 to 1, for groups ordered from the best placed to the worst placed.

    people: (G,) people in each group, at least one of them above 0.
    """
    share = np.asarray(people, dtype=float) / np.sum(people)
    middles: np.ndarray = np.cumsum(share) - share / 2
    return middles


def slope_indices(rates: np.ndarray, people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope and relative index of inequality: two arrays (W,).

    rates: (W, G) rate of each group, ordered from the best placed to the worst placed. people: (G,) weights and ranks.
    Groups without people are left out; with fewer than two groups both indices are nan, and the relative index is
    nan where the fitted rate of the best placed is not above 0.
    """
    rates, people = np.atleast_2d(np.asarray(rates, dtype=float)), np.asarray(people, dtype=float)
    filled = people > 0
    if filled.sum() < 2:
        nothing = np.full(len(rates), np.nan)
        return nothing, nothing.copy()
    rates, people = rates[:, filled], people[filled]
    rank, weight = ridit_midpoints(people), people / people.sum()
    centred = rank - weight @ rank
    slope = (rates @ (weight * centred)) / (weight @ centred**2)
    best = rates @ weight - slope * (weight @ rank)
    return slope, ratio(best + slope, best)
