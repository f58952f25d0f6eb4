"""Who knows whom: strong ties in fixed slots (they change) and weak ties in one long list (they do not)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from model.people import People

STRONG_SLOTS = 12
MILE_M = 1609.344


@dataclass
class Ties:
    """Symmetric ties between rows of residents, without self ties or doubles; nobody is both strong and weak.

    strong: (n, 12) int32 rows, household members first, then friends, -1 where a slot is free (free slots
    last); strong_degree: (n,) uint8; weak_start: (n + 1,) int64; weak: int32 rows, those of resident i are
    `weak[weak_start[i]:weak_start[i + 1]]`, in order.
    """

    strong: np.ndarray
    strong_degree: np.ndarray
    weak_start: np.ndarray
    weak: np.ndarray

    @property
    def n(self) -> int:
        """How many residents."""
        return len(self.strong_degree)

    @property
    def nbytes(self) -> int:
        """Memory, bytes."""
        return self.strong.nbytes + self.strong_degree.nbytes + self.weak_start.nbytes + self.weak.nbytes

    def copy(self) -> Ties:
        """A copy whose strong ties are its own; the weak ones are shared."""
        return Ties(self.strong.copy(), self.strong_degree.copy(), self.weak_start, self.weak)

    def strong_pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """Both ends of every strong tie, each tie once (i < j): two int64 arrays."""
        row, slot = np.nonzero(self.strong >= 0)
        other = self.strong[row, slot].astype(np.int64)
        once = row < other
        return row[once], other[once]

    def weak_pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """Both ends of every weak tie, each tie once (i < j): two int64 arrays."""
        row = np.repeat(np.arange(self.n), np.diff(self.weak_start))
        once = row < self.weak
        return row[once], self.weak[once].astype(np.int64)

    def faults(self) -> list[str]:
        """Every broken promise of the class in words; empty when all hold."""
        return _faults(self)

    def report(self, people: People, standing: np.ndarray | None = None) -> dict[str, float]:
        """Statistics of the ties. `standing`: (n,) rank of the home zone (IMD decile when not given)."""
        standing = people.imd_decile.astype(float) if standing is None else standing
        first, second = self.strong_pairs()
        weak_first, weak_second = self.weak_pairs()
        home = people.household[first] == people.household[second]
        friends = (first[~home], second[~home])
        sizes = _component_sizes(self.n, first, second)
        return {
            **_degrees(self.strong_degree, "strong_"),
            "household_share": _mean(home),
            "household_mean": 2.0 * float(home.sum()) / max(self.n, 1),
            "clustering": clustering(self.strong, self.strong_degree),
            **_likeness(people, standing, first, second, ""),
            "friends_same_sex": _mean(people.sex[friends[0]] == people.sex[friends[1]]),
            **_distances(people, *friends, "friends_"),
            "components": float(len(sizes)),
            "largest_component": float(sizes.max(initial=0)) / max(self.n, 1),
            **_degrees(np.diff(self.weak_start), "weak_"),
            **_likeness(people, standing, weak_first, weak_second, "weak_"),
            **_distances(people, weak_first, weak_second, "weak_"),
        }


def no_ties(n: int) -> Ties:
    """The ties of n strangers."""
    return Ties(
        np.full((n, STRONG_SLOTS), -1, dtype=np.int32),
        np.zeros(n, dtype=np.uint8),
        np.zeros(n + 1, dtype=np.int64),
        np.zeros(0, dtype=np.int32),
    )


@njit(cache=True)
def tied(strong, degree, i, j):
    """Whether j is among the strong ties of i."""
    for slot in range(degree[i]):  # noqa: SIM110 - numba
        if strong[i, slot] == j:
            return True
    return False


@njit(cache=True)
def connect(strong, degree, i, j):
    """Tie i and j strongly; False when they are tied already, the same, or either has no free slot."""
    slots = strong.shape[1]
    if i == j or degree[i] >= slots or degree[j] >= slots or tied(strong, degree, i, j):
        return False
    strong[i, degree[i]] = j
    strong[j, degree[j]] = i
    degree[i] += 1
    degree[j] += 1
    return True


@njit(cache=True)
def disconnect(strong, degree, i, j):
    """Untie i and j; False when they were not tied. The other ties keep their order."""
    if not tied(strong, degree, i, j):
        return False
    for a, b in ((i, j), (j, i)):
        last = degree[a] - 1
        found = False
        for slot in range(last):
            found = found or strong[a, slot] == b
            if found:
                strong[a, slot] = strong[a, slot + 1]
        strong[a, last] = -1
        degree[a] = last
    return True


@njit(cache=True)
def clustering(strong, degree):
    """Mean local clustering: of the pairs of a resident's strong ties, the share who are tied."""
    total, counted = 0.0, 0
    for i in range(degree.shape[0]):
        d = degree[i]
        if d < 2:
            continue
        closed = 0
        for a in range(d):
            for b in range(a + 1, d):
                closed += tied(strong, degree, strong[i, a], strong[i, b])
        total += 2.0 * closed / (d * (d - 1.0))
        counted += 1
    return total / counted if counted else 0.0


def _mean(values: np.ndarray) -> float:
    return float(np.mean(values)) if len(values) else 0.0


def _correlation(values: np.ndarray, first: np.ndarray, second: np.ndarray) -> float:
    """Correlation of a value at both ends of the ties, each tie read both ways."""
    a, b = values[first].astype(float), values[second].astype(float)
    both = np.concatenate([a, b])
    variance = both.var() if len(both) else 0.0
    return float(((a - both.mean()) * (b - both.mean())).mean() / variance) if variance > 0 else 0.0


def _likeness(
    people: People, standing: np.ndarray, first: np.ndarray, second: np.ndarray, prefix: str
) -> dict:
    """Likeness of the two ends; `ethnic_excess` = (share alike - expected by chance) / (1 - expected)."""
    groups = np.bincount(people.ethnicity, minlength=5) / max(people.n, 1)
    expected = float((groups**2).sum())
    alike = _mean(people.ethnicity[first] == people.ethnicity[second])
    return {
        f"{prefix}age_correlation": _correlation(people.age, first, second),
        f"{prefix}same_sex": _mean(people.sex[first] == people.sex[second]),
        f"{prefix}same_ethnicity": alike,
        f"{prefix}ethnic_excess": (alike - expected) / (1.0 - expected) if expected < 1.0 else 0.0,
        f"{prefix}standing_correlation": _correlation(standing, first, second),
    }


def _degrees(degree: np.ndarray, prefix: str) -> dict[str, float]:
    spread = float(np.std(degree)) if len(degree) else 0.0
    return {
        f"{prefix}mean": _mean(degree),
        f"{prefix}sd": spread,
        f"{prefix}max": float(degree.max(initial=0)),
        f"{prefix}none": _mean(degree == 0),
    }


def _distances(people: People, first: np.ndarray, second: np.ndarray, prefix: str) -> dict[str, float]:
    metres = np.hypot(people.x_m[first] - people.x_m[second], people.y_m[first] - people.y_m[second])
    median = float(np.median(metres)) if len(metres) else 0.0
    return {f"{prefix}distance_median_m": median, f"{prefix}beyond_a_mile": _mean(metres > MILE_M)}


def _component_sizes(n: int, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    graph = coo_matrix((np.ones(len(first), dtype=np.int8), (first, second)), shape=(n, n))
    return np.bincount(connected_components(graph, directed=False)[1]) if n else np.zeros(0, dtype=np.int64)


def _faults(ties: Ties) -> list[str]:
    found = []
    n = ties.n
    filled = ties.strong >= 0
    if (filled.sum(axis=1) != ties.strong_degree).any():
        found.append("strong_degree does not count the strong ties")
    if (np.diff(filled.astype(np.int8), axis=1) > 0).any():
        found.append("a free slot stands before a strong tie")
    row, slot = np.nonzero(filled)
    strong = row * n + ties.strong[row, slot]
    weak_row = np.repeat(np.arange(n), np.diff(ties.weak_start))
    weak = weak_row * n + ties.weak
    for name, rows, pairs in (("strong", row, strong), ("weak", weak_row, weak)):
        others = pairs - rows * n
        if len(np.unique(pairs)) != len(pairs):
            found.append(f"a {name} tie stands twice")
        if (rows == others).any():
            found.append(f"a {name} tie joins a resident to themself")
        if not np.array_equal(np.sort(pairs), np.sort(others * n + rows)):
            found.append(f"the {name} ties are not symmetric")
    if len(np.intersect1d(strong, weak)):
        found.append("a tie is both strong and weak")
    return found
