"""England's margins, and weights that make a town's residents stand for England's adults."""

from __future__ import annotations

import numpy as np

from model.population.columns import AGE_GROUP_FLOORS
from model.population.people import People

AGE_BY_FIFTH = np.array([
    [15.07, 20.27, 17.27, 16.02, 13.95, 9.68, 5.50, 2.24],
    [14.24, 19.55, 16.69, 15.72, 14.14, 10.68, 6.36, 2.62],
    [12.74, 16.73, 15.53, 16.09, 15.33, 12.61, 7.80, 3.17],
    [11.69, 14.47, 14.86, 16.76, 16.14, 13.82, 8.77, 3.50],
    [11.42, 12.13, 14.63, 17.66, 16.55, 14.39, 9.37, 3.84],
])  # fmt: skip
"""Percent of adults in eight age groups by national fifth of deprivation, most deprived first.

Source: ONS mid-2020 estimates for all English zones by fifth of IMD (O017-O021)."""
FIFTHS = np.full(5, 0.2)
"""Fifths are equal by definition."""
WOMEN_BY_AGE = np.array([48.7, 49.8, 50.2, 50.6, 50.7, 51.8, 55.1, 64.5]) / 100
"""Share of women by age group (O002-O016)."""
CONDITION_BY_FIFTH = np.array([31.8, 26.9, 24.5, 22.5, 20.3]) / 100
"""Share of adults with a limiting condition, as surveys ask it, by fifth; mean about 25% (O029-O033)."""
ETHNIC_BY_FIFTH = np.array([
    [69.05, 16.16, 7.92, 3.50, 3.38],
    [75.66, 11.68, 6.40, 3.39, 2.87],
    [84.17, 7.79, 3.28, 2.85, 1.91],
    [87.98, 6.08, 1.97, 2.55, 1.41],
    [88.83, 6.10, 1.35, 2.46, 1.25],
]) / 100  # fmt: skip
"""Shares of five ethnic groups by fifth, residents of all ages (O067-O071)."""


def england_weights(people: People, rounds: int = 50) -> np.ndarray:
    """(n,) weights, mean 1, that rake residents to England: fifth by age, sex by age, condition and ethnicity by fifth.

    Iterative proportional fitting; cells that the town lacks stay empty. Source: the margins above.
    """
    fifth = people.imd_quintile.astype(np.int64) - 1
    age = np.searchsorted(AGE_GROUP_FLOORS, people.age, side="right") - 1
    ages = AGE_BY_FIFTH / AGE_BY_FIFTH.sum(axis=1, keepdims=True) * FIFTHS[:, None]
    age_total = ages.sum(axis=0)
    margins = [
        (fifth * 8 + age, ages.ravel()),
        (age * 2 + people.sex, (age_total[:, None] * np.column_stack([WOMEN_BY_AGE, 1 - WOMEN_BY_AGE])).ravel()),
        (fifth * 2 + people.condition,
         (FIFTHS[:, None] * np.column_stack([1 - CONDITION_BY_FIFTH, CONDITION_BY_FIFTH])).ravel()),
        (fifth * 5 + people.ethnicity, (FIFTHS[:, None] * ETHNIC_BY_FIFTH).ravel()),
    ]  # fmt: skip
    weights = np.ones(people.n)
    for _ in range(rounds):
        for cell, target in margins:
            held = np.bincount(cell, weights, len(target))
            weights *= np.where(held > 0, target / np.maximum(held, 1e-12), 0.0)[cell]
        weights /= weights.mean()
    return weights
