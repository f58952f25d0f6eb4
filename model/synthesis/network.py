"""Ties from likeness and nearness, in time linear in residents, with no hubs.

Friendships form on *lines*. On a line everybody is put near a spot some way from home (most are near, some
far), the few hundred nearest a spot make a pool, and in a pool people stand by ethnic group, sex and age,
each with its noise. Neighbours on a line tie. Reaching several places along one line makes friends of friends
friends (clustering); reaching one place on many lines makes none. Everybody reaches equally far, so nobody
becomes a hub by accident.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from model.kernels.slots import connect
from model.parameters import Parameters
from model.population.columns import ETHNICITIES
from model.population.people import People
from model.population.ties import STRONG_SLOTS, Ties
from model.synthesis.deal import Chance
from model.synthesis.homes import HILBERT_BITS, hilbert
from model.synthesis.thinned import AGE_LOST, AGE_LOST_WEAKLY, TRAIT_LOST, Thinned

WEAK_OFFSETS = np.array([1, 4])
"""Places on a line at which weak ties are made: no two steps add up to a third, so no triangles arise."""
WEAK_LINES = 4
HOUSEHOLD_CLUSTERING = 0.035
"""Clustering that households and chance bring without any circle (counted on the shipped places)."""
FILLING_LINES = 12


def tie(people: People, parameters: Parameters, chance: Chance, sample: float = 1.0) -> Ties:
    """Tie the residents: household, then friends, then acquaintances."""
    p, n = parameters, people.n
    strong = np.full((n, STRONG_SLOTS), -1, dtype=np.int32)
    degree = np.zeros(n, dtype=np.uint8)
    _tie_households(people.household, strong, degree)
    lines = _Lines(people, p, chance, sample)
    wanted = p.strong_degree_mean
    room = wanted - _mean(degree)
    if n > 2 and room > 0:
        radius = _radius(p.clustering, room)
        order = lines.order("ties/circle", 0, p.tie_distance_m, 1.0, np.arange(n))
        _tie_along(order, chance.uniform("ties/reach", people.id), radius, strong, degree)
        for number in range(FILLING_LINES):
            room = wanted - _mean(degree)
            if room < 0.01:
                break
            who = lines.some("ties/friend_takes_part", number, min(room / 2.0, 0.8))
            order = lines.order("ties/friend", number, p.tie_distance_m, 1.0, who)
            _tie_along(order, chance.uniform("ties/reach_friend", people.id, number), 1.0, strong, degree)
    start, weak = _tie_weakly(people, p, lines, strong, degree)
    return Ties(strong, degree, start, weak)


def _mean(degree: np.ndarray) -> float:
    return float(degree.mean()) if len(degree) else 0.0


def _radius(clustering: float, room: float) -> float:
    """Places ahead to tie on the first line: r gives 2r ties and about 1.5 r (r - 1) closed pairs."""
    pairs = 0.5 * (room + 1.1) * (room + 0.1)
    radius = 0.5 + math.sqrt(0.25 + max(clustering - HOUSEHOLD_CLUSTERING, 0.0) * pairs / 1.5)
    return min(radius, room / 2.0)


class _Lines:
    """Makes lines of residents: puts those alike and near side by side."""

    def __init__(self, people: People, p: Parameters, chance: Chance, sample: float) -> None:
        self.people, self.p, self.chance = people, p, chance
        self.thinned = Thinned(people, sample, p.tie_pool, p.tie_minority_reach)
        self.age = _standard(people.age)
        self.wealthy = people.means > (np.median(people.means) if people.n else 0.5)
        self.sociability = 1.0 + p.sociability_spread * (
            2.0 * chance.uniform("ties/sociability", people.id) - 1.0
        )

    def some(self, purpose: str, number: int, share: float) -> np.ndarray:
        """Rows that take part in a line: about `share` of residents, the sociable more often."""
        u = self.chance.uniform(purpose, self.people.id, number)
        return np.flatnonzero(u < share * self.sociability)

    def order(
        self,
        purpose: str,
        number: int,
        distance_m: float,
        likeness: float,
        who: np.ndarray,
        age_lost: float = AGE_LOST,
    ) -> np.ndarray:
        """Rows of `who` in the order of the line. `likeness` scales how much the alike stand together.

        `age_lost`: of the likeness in age, as pools grow small (model/synthesis/thinned.py).
        """
        p, ids = self.p, self.people.id[who]
        like = min(p.homophily * likeness, 1.5)
        u = [
            self.chance.uniform(f"{purpose}/{part}", ids, number)
            for part in ("way", "turn", "sex", "ethnic", "means")
        ]
        group = np.where(u[3] < min(like * p.tie_ethnic_likeness, 0.98), self.people.ethnicity[who], 0)
        sizes = np.bincount(group, minlength=len(ETHNICITIES))
        kept = self.thinned.kept(sizes, TRAIT_LOST)[group]
        sex = _keep_or_toss(self.people.sex[who], u[2], p.tie_same_sex, like, kept)
        purse = _keep_or_toss(self.wealthy[who], u[4], p.tie_same_means, like, kept)
        alike = np.minimum(like * p.tie_age_likeness / self.thinned.kept(sizes, age_lost)[group], 0.97)
        years = np.sqrt(alike) * self.age[who] + np.sqrt(1.0 - alike) * self.chance.normal(
            f"{purpose}/age", ids, number
        )
        pool = self._pools(who, group, sizes, u[0], u[1], distance_m)
        fine = np.clip((years + 4.0) * 4000.0, 0, 32767).astype(np.int64)
        group_of = (pool * 2 + sex) * 2 + np.where(sex == 0, purse, 1 - purse)
        # there and back, so that like ages meet where two groups meet
        fine = np.where(group_of % 2 == 0, fine, 32767 - fine)
        return who[np.argsort((group_of << 15) + fine, kind="stable")]

    def _pools(
        self,
        who: np.ndarray,
        group: np.ndarray,
        sizes: np.ndarray,
        way: np.ndarray,
        turn: np.ndarray,
        distance_m: float,
    ) -> np.ndarray:
        """Number of each one's pool: a group's nearest to one spot, each some random way from home."""
        people, p = self.people, self.p
        usual = np.minimum(distance_m * way / (1.0 - way), p.tie_distance_max_m * np.sqrt(way))
        gone = usual * self.thinned.ways(who, distance_m)
        x = people.x_m[who] + gone * np.cos(2.0 * np.pi * turn)
        y = people.y_m[who] + gone * np.sin(2.0 * np.pi * turn)
        x, y = x - x.min(initial=0.0), y - y.min(initial=0.0)
        curve = hilbert(x, y, max(x.max(initial=1.0), y.max(initial=1.0)) + 1.0, HILBERT_BITS)
        pools = self.thinned.pools(sizes)
        start = np.concatenate(([0], np.cumsum(sizes)))[:-1]
        by_group = np.argsort((group.astype(np.int64) << 2 * HILBERT_BITS) + curve, kind="stable")
        near = np.empty(len(who), dtype=np.int64)
        near[by_group] = np.arange(len(who))
        pool: np.ndarray = group.astype(np.int64) * (len(who) + 1) + (
            (near - start[group]) / pools[group]
        ).astype(np.int64)
        return pool


def _keep_or_toss(trait: np.ndarray, u: np.ndarray, same: float, like: float, kept: np.ndarray) -> np.ndarray:
    """A trait of two levels as a line sees it: own or a coin, so that `same` of neighbours agree.

    kept: the share of agreement beyond chance that is left between neighbours on this line, of each.
    """
    own = np.minimum(like * np.sqrt(max(2.0 * same - 1.0, 0.0) / kept), 1.0)
    return np.where(u < own, trait, u * 1e6 % 2 < 1).astype(np.int64)


def _standard(values: np.ndarray) -> np.ndarray:
    values = values.astype(np.float64)
    spread = values.std() if len(values) else 0.0
    return (values - values.mean()) / spread if spread > 0 else np.zeros(len(values))


@njit(cache=True)
def _tie_households(household, strong, degree):
    """Tie everybody who lives together; rows of a household stand side by side."""
    for i in range(household.shape[0]):
        j = i + 1
        while j < household.shape[0] and household[j] == household[i]:
            connect(strong, degree, i, j)
            j += 1


@njit(cache=True)
def _tie_along(order, u, radius, strong, degree):
    """Tie each one of a line to the next `radius` places (a fraction = sometimes one more)."""
    whole = int(radius)
    for at in range(order.shape[0]):
        i = order[at]
        ahead = whole + (1 if u[i] < radius - whole else 0)
        for step in range(1, ahead + 1):
            if at + step < order.shape[0]:
                connect(strong, degree, i, order[at + step])


def _tie_weakly(
    people: People, p: Parameters, lines: _Lines, strong: np.ndarray, degree: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Weak ties as (start, list): long lines, few alike; a fixed number of places apart.

    Where few live near, as in a small sample, one in ten falls upon a strong tie and is dropped: then more take part.
    """
    share = p.weak_degree_mean / (WEAK_LINES * 2.0 * len(WEAK_OFFSETS))
    start, weak = _weak_along(people, p, lines, share, strong, degree)
    reached = len(weak) / max(people.n, 1)
    if 0.0 < reached < 0.98 * p.weak_degree_mean:
        start, weak = _weak_along(people, p, lines, share * p.weak_degree_mean / reached, strong, degree)
    return start, weak


def _weak_along(
    people: People, p: Parameters, lines: _Lines, share: float, strong: np.ndarray, degree: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Weak ties as (start, list) along lines in which about `share` of residents take part."""
    orders = []
    if people.n > 2 and share > 0:
        for number in range(WEAK_LINES):
            who = lines.some("ties/weak_takes_part", number, share)
            orders.append(
                lines.order("ties/weak", number, p.weak_distance_m, p.weak_likeness, who, AGE_LOST_WEAKLY)
            )
    line = np.concatenate(orders) if orders else np.zeros(0, dtype=np.int64)
    ends = (
        np.cumsum([len(order) for order in orders], dtype=np.int64) if orders else np.zeros(0, dtype=np.int64)
    )
    weak: tuple[np.ndarray, np.ndarray] = _weak_list(line, ends, WEAK_OFFSETS, strong, degree)
    return weak


@njit(cache=True)
def _weak_list(line, ends, offsets, strong, degree):
    n = degree.shape[0]
    fill = np.zeros(n + 1, dtype=np.int64)
    for writing in range(2):  # first count, then write
        if writing == 1:
            total = 0
            for i in range(n + 1):
                count = fill[i]
                fill[i] = total
                total += count
            start = fill.copy()
            raw = np.empty(total, dtype=np.int32)
        first = 0
        for last in ends:
            for at in range(first, last):
                for step in offsets:
                    if at + step >= last:
                        break
                    i, j = line[at], line[at + step]
                    if writing == 1:
                        raw[fill[i]], raw[fill[j]] = j, i
                    fill[i] += 1
                    fill[j] += 1
            first = last
    # order each one's list; drop doubles and those who are strong ties already
    kept = 0
    begin = np.zeros(n + 1, dtype=np.int64)
    for i in range(n):
        own = raw[start[i] : start[i + 1]].copy()
        for a in range(1, own.shape[0]):  # short lists: put each in its place among those before
            j, b = own[a], a
            while b > 0 and own[b - 1] > j:
                own[b] = own[b - 1]
                b -= 1
            own[b] = j
        for a in range(own.shape[0]):
            j = own[a]
            new = a == 0 or own[a - 1] != j
            for slot in range(degree[i]):
                new = new and strong[i, slot] != j
            if new:
                raw[kept] = j
                kept += 1
        begin[i + 1] = kept
    return begin, raw[:kept].copy()
