"""Who knows whom: strong ties in fixed slots (they change) and weak ties in one long list (they do not)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

from model import kernels
from model.population.people import People

STRONG_SLOTS = 12
MET_SLOTS = 4
MILE_M = 1609.344


@dataclass
class Ties:
    """Symmetric ties between rows of residents, without self ties or doubles.

    strong: (n, 12) int32 rows, household members first, then friends, -1 where a slot is free (free slots
    last); strong_degree: (n,) uint8; weak_start: (n + 1,) int64; weak: int32 rows, those of resident i are
    `weak[weak_start[i]:weak_start[i + 1]]`, in order. As made, nobody is both strong and weak.

    What changes with time: trust (n, 12) float32, 0-1, of each strong tie in the week `contact` (n, 12) int16;
    room (n,) uint8, strong ties a resident can keep; met (n, 4) int32 rows of people getting to know, or -1 (one-sided),
    with `hours` (n, 4) float32 together up to the week `seen` (n, 4) int16.
    """

    strong: np.ndarray
    strong_degree: np.ndarray
    weak_start: np.ndarray
    weak: np.ndarray
    trust: np.ndarray = field(default_factory=lambda: np.zeros((0, STRONG_SLOTS), np.float32))
    contact: np.ndarray = field(default_factory=lambda: np.zeros((0, STRONG_SLOTS), np.int16))
    room: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint8))
    met: np.ndarray = field(default_factory=lambda: np.zeros((0, MET_SLOTS), np.int32))
    hours: np.ndarray = field(default_factory=lambda: np.zeros((0, MET_SLOTS), np.float32))
    seen: np.ndarray = field(default_factory=lambda: np.zeros((0, MET_SLOTS), np.int16))

    @property
    def n(self) -> int:
        """How many residents."""
        return len(self.strong_degree)

    @property
    def nbytes(self) -> int:
        """Memory, bytes."""
        return sum(getattr(self, one.name).nbytes for one in fields(self))

    def bring_to_life(self, household: np.ndarray, trust_rest: float, spare: int) -> None:
        """Let ties change from now on: trust full at home and at its rest among friends, and some room to spare."""
        n = self.n
        home = (self.strong >= 0) & (household[self.strong] == household[:, None])
        self.trust = np.where(home, 1.0, np.where(self.strong >= 0, trust_rest, 0.0)).astype(np.float32)
        self.contact = np.zeros((n, STRONG_SLOTS), np.int16)
        self.room = np.minimum(self.strong_degree.astype(np.int64) + spare, STRONG_SLOTS).astype(np.uint8)
        self.met = np.full((n, MET_SLOTS), -1, np.int32)
        self.hours = np.zeros((n, MET_SLOTS), np.float32)
        self.seen = np.zeros((n, MET_SLOTS), np.int16)

    def copy(self) -> Ties:
        """A copy whose own are all that changes; the weak ties are shared."""
        weak = ("weak", "weak_start")
        return Ties(**{one.name: getattr(self, one.name) if one.name in weak else getattr(self, one.name).copy()
                       for one in fields(self)})  # fmt: skip

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
            "clustering": kernels.slots.clustering(self.strong, self.strong_degree),
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
) -> dict[str, float]:
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
