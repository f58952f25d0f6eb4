"""Who lives as a couple, read from who lives together: the two oldest of a household, when they are of like age."""

from __future__ import annotations

import numpy as np

from model.population.people import People

LIKE_AGE = 15
"""Most years between two who live as a couple: more, and they are taken for parent and child."""


def couples(people: People) -> np.ndarray:
    """(n,) int64 household of those who live as a couple, -1 for everybody else; of like ages the lower identity is older."""
    order = np.lexsort((people.id, -people.age.astype(np.int64), people.household))
    _, first, size = np.unique(people.household[order], return_index=True, return_counts=True)
    oldest, next_oldest = order[first[size > 1]], order[first[size > 1] + 1]
    apart = people.age[oldest].astype(np.int64) - people.age[next_oldest]
    pairs = np.concatenate((oldest[apart <= LIKE_AGE], next_oldest[apart <= LIKE_AGE]))
    found = np.full(people.n, -1, dtype=np.int64)
    found[pairs] = people.household[pairs]
    return found
