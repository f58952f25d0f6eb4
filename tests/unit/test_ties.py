"""Ties: symmetric, without hubs, as clustered and as alike as asked, whatever the sample."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.experiments.samples import ties_at
from model.kernels.slots import clustering, connect, drop
from model.parameters import Parameters, ledger
from model.place.place import Place
from model.population.people import People
from model.population.ties import STRONG_SLOTS, Ties, no_ties
from model.synthesis.deal import Chance
from model.synthesis.network import tie
from model.synthesis.people import make_people, synthesise

P = Parameters.default()


@pytest.fixture(scope="module")
def town() -> Place:
    return Place.load("erewash")


@pytest.fixture(scope="module")
def whole(town: Place) -> tuple[People, Ties]:
    return synthesise(town, 1, 1.0, P)


@pytest.fixture(scope="module")
def part(town: Place) -> People:
    return make_people(town, 1, 0.2, P)


def report(people: People, sample: float, **changes: float) -> dict[str, float]:
    ties = tie(people, P.with_values(changes), Chance(1), sample)
    assert not ties.faults()
    return ties.report(people)


def hand_made(pairs: list[tuple[int, int]], n: int) -> Ties:
    ties = no_ties(n)
    for i, j in pairs:
        assert connect(ties.strong, ties.strong_degree, i, j)
    return ties


def test_promises_hold(whole: tuple[People, Ties]) -> None:
    assert whole[1].faults() == []


def test_faults_are_found() -> None:
    square = hand_made([(0, 1), (1, 2), (2, 3), (3, 0)], 4)
    assert square.faults() == []
    for slot, value, words in ((0, 2, "symmetric"), (0, 0, "themself"), (1, 1, "twice"), (1, -1, "count")):
        broken = square.copy()
        broken.strong[0, slot] = value
        assert any(words in fault for fault in broken.faults()), words
    both = Ties(
        square.strong, square.strong_degree, np.array([0, 1, 2, 2, 2]), np.array([1, 0], dtype=np.int32)
    )
    assert both.faults() == ["a tie is both strong and weak"]


def test_no_hubs(whole: tuple[People, Ties]) -> None:
    _, ties = whole
    weak = np.diff(ties.weak_start)
    assert ties.strong_degree.max() <= STRONG_SLOTS
    assert ties.strong_degree.mean() == pytest.approx(P.strong_degree_mean, abs=0.05)
    assert ties.strong_degree.std() < 2.2
    assert weak.mean() == pytest.approx(P.weak_degree_mean, abs=0.3)
    assert weak.max() <= 2 * P.weak_degree_mean and weak.std() < 5
    assert (ties.strong_degree == 0).mean() < 0.001


def test_ties_are_as_published(whole: tuple[People, Ties], town: Place) -> None:
    people, ties = whole
    got = ties.report(people, town.zones["imd_decile"].to_numpy(float)[people.zone])
    assert 0.12 < got["clustering"] < 0.45 and got["clustering"] == pytest.approx(P.clustering, abs=0.03)
    assert 0.35 < got["age_correlation"] < 0.65
    assert got["friends_same_sex"] == pytest.approx(P.tie_same_sex, abs=0.03)
    assert 0.3 < got["ethnic_excess"] < 0.9
    assert 0.2 < got["standing_correlation"] < 0.65
    assert 800 < got["friends_distance_median_m"] < 1600
    assert 0.9 < got["household_mean"] < 1.6
    assert got["largest_component"] > 0.98
    assert got["weak_distance_median_m"] > 1.4 * got["friends_distance_median_m"]
    assert 0.05 < got["weak_age_correlation"] < 0.7 * got["age_correlation"]


def test_the_well_off_have_well_off_friends(whole: tuple[People, Ties]) -> None:
    """The well-off make up 47% of the friends of the others and 60% of each other's (N010, N011)."""
    people, ties = whole
    first, second = ties.strong_pairs()
    friends = people.household[first] != people.household[second]
    wealthy = people.means > np.median(people.means)
    same = (wealthy[first] == wealthy[second])[friends].mean()
    assert same == pytest.approx(0.565, abs=0.03)


def test_likelihood_falls_with_distance(whole: tuple[People, Ties]) -> None:
    """Log-odds fall with log distance, by 0.8 to 2 (N015), between 300 m and 6 km."""
    people, ties = whole
    first, second = ties.strong_pairs()
    apart = people.household[first] != people.household[second]
    chance, ids = Chance(5), np.arange(400_000)
    i, j = ((chance.uniform(end, ids) * people.n).astype(int) for end in "ij")
    edges = np.geomspace(300, 6000, 6)

    def counts(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        metres = np.hypot(people.x_m[a] - people.x_m[b], people.y_m[a] - people.y_m[b])
        return np.histogram(metres, edges)[0].astype(float)

    rate = counts(first[apart], second[apart]) / counts(i, j)
    slope = np.polyfit(np.log(np.sqrt(edges[1:] * edges[:-1])), np.log(rate), 1)[0]
    assert -2.0 < slope < -0.8
    assert (np.diff(rate) < 0).all()


def test_households_come_first(whole: tuple[People, Ties]) -> None:
    people, ties = whole
    for size in (2, 3):
        adults = np.bincount(people.household)[people.household]
        rows = np.flatnonzero(adults == size)[:2000]
        own = people.household[rows][:, None]
        home = people.household[ties.strong[rows, : size - 1]]
        assert (home == own).all()


@pytest.mark.parametrize(
    "name", ["erewash", *(pytest.param(one, marks=pytest.mark.slow) for one in ("bassetlaw", "nottingham"))]
)
def test_a_sample_has_the_ties_of_the_whole_town(name: str) -> None:
    """Degree, likeness, distance and mixing by fifth; a town, a city, and a district of scattered towns."""
    place = Place.load(name)
    full = ties_at(place, 1.0, 1)
    tolerance = {
        "strong_mean": 0.03, "strong_sd": 0.1, "weak_mean": 0.3, "household_mean": 0.08, "clustering": 0.035,
        "age_correlation": 0.08, "friends_same_sex": 0.015, "weak_age_correlation": 0.05,
        "standing_correlation": 0.05,
    }  # fmt: skip
    for sample, seeds, fifths, metres in (
        (0.02, 6, 0.07, 0.14),
        (0.05, 3, 0.045, 0.12),
        (0.1, 2, 0.03, 0.06),
    ):
        small = ties_at(place, sample, seeds)
        for what, allowed in tolerance.items():
            assert abs(full[what] - small[what]) < allowed, (sample, what)
        for fifth in range(1, 6):
            assert abs(full[f"own_fifth_{fifth}"] - small[f"own_fifth_{fifth}"]) < fifths, (sample, fifth)
        for what in ("friends_distance_median_m", "weak_distance_median_m"):
            assert small[what] == pytest.approx(full[what], rel=metres), (sample, what)
        assert small["ethnic_excess"] > 0.78 * full["ethnic_excess"], sample


def test_clustering_is_a_lever_that_leaves_the_rest(part: People) -> None:
    low, high = report(part, 0.2, clustering=0.0), report(part, 0.2, clustering=0.45)
    assert low["clustering"] < 0.05 and high["clustering"] == pytest.approx(0.45, abs=0.04)
    for name, allowed in (("strong_mean", 0.05), ("age_correlation", 0.05), ("friends_same_sex", 0.02)):
        assert abs(low[name] - high[name]) < allowed, name


def test_homophily_is_a_lever_that_leaves_the_rest(part: People) -> None:
    none, usual, strong = (report(part, 0.2, homophily=value) for value in (0.0, 1.0, 1.5))
    for name in ("age_correlation", "friends_same_sex", "ethnic_excess", "weak_age_correlation"):
        assert none[name] + 0.04 < usual[name] < strong[name] - 0.04, name
    assert none["friends_same_sex"] == pytest.approx(0.5, abs=0.015)
    for name, allowed in (("strong_mean", 0.05), ("clustering", 0.02)):
        assert abs(none[name] - strong[name]) < allowed, name


@pytest.mark.parametrize("degree", [3.0, 11.0])
def test_degree_is_as_asked(part: People, degree: float) -> None:
    assert report(part, 0.2, strong_degree_mean=degree)["strong_mean"] == pytest.approx(degree, abs=0.1)


def test_no_weak_ties_when_none_are_asked(part: People) -> None:
    got = report(part, 0.2, weak_degree_mean=0.0)
    assert got["weak_mean"] == 0.0 and got["strong_mean"] == pytest.approx(8.0, abs=0.05)


def test_same_seed_same_ties(part: People) -> None:
    first, again, other = (tie(part, P, Chance(seed), 0.2) for seed in (1, 1, 2))
    assert np.array_equal(first.strong, again.strong) and np.array_equal(first.weak, again.weak)
    assert not np.array_equal(first.strong, other.strong) and not np.array_equal(first.weak, other.weak)


def test_every_resident_costs_little(whole: tuple[People, Ties]) -> None:
    people, ties = whole
    assert ties.nbytes / people.n < 115


def test_clustering_by_hand() -> None:
    triangle, square = [(0, 1), (1, 2), (2, 0)], [(0, 1), (1, 2), (2, 3), (3, 0)]
    kite = [*triangle, (2, 3)]  # nodes 0 and 1: 1; node 2: 1/3; node 3 has one tie and does not count
    for pairs, n, wanted in ((triangle, 3, 1.0), (square, 4, 0.0), (kite, 4, 7 / 9), ([], 4, 0.0)):
        ties = hand_made(pairs, n)
        assert clustering(ties.strong, ties.strong_degree) == pytest.approx(wanted)


def test_connect_and_drop() -> None:
    ties = no_ties(STRONG_SLOTS + 2)
    strong, degree = ties.strong, ties.strong_degree
    assert not connect(strong, degree, 0, 0)
    assert all(connect(strong, degree, 0, j) for j in range(1, STRONG_SLOTS + 1))
    assert not connect(strong, degree, 0, 1), "tied already"
    assert not connect(strong, degree, 0, STRONG_SLOTS + 1), "no free slot"
    ties.bring_to_life(np.arange(ties.n), 0.5, 2)
    ties.trust[0, :] = np.arange(STRONG_SLOTS)
    for _ in ("once", "again, for nothing"):
        drop(0, 5, strong, degree, ties.trust, ties.contact)
        drop(5, 0, strong, degree, ties.trust, ties.contact)
    assert ties.trust[0, :11].tolist() == [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11], "trust stays with its tie"
    assert strong[0].tolist() == [1, 2, 3, 4, *range(6, STRONG_SLOTS + 1), -1]
    assert degree[0] == STRONG_SLOTS - 1 and degree[5] == 0
    assert ties.faults() == []


def test_the_ledger_bounds_what_can_be_asked() -> None:
    assert ledger()["clustering"].low == 0.0 and ledger()["strong_degree_mean"].high < STRONG_SLOTS


def spread(ties: Ties, start: int, needed: int, steps: int) -> int:
    """How many are reached from a resident and their strong ties, each needing `needed` reached ties."""
    slots = np.where(ties.strong < 0, ties.n, ties.strong)
    reached = np.zeros(ties.n + 1, dtype=bool)
    reached[start] = True
    reached[slots[start][slots[start] < ties.n]] = True
    for _ in range(steps):
        reached[:-1] |= reached[slots].sum(axis=1) >= needed
    return int(reached.sum())


def test_clustering_carries_behaviour_and_slows_news(part: People) -> None:
    """On the same degree, what needs two ties spreads only where ties cluster; news spreads less (P6)."""
    random = tie(part, P.with_values({"clustering": 0.0}), Chance(1), 0.2)
    clustered = tie(part, P, Chance(1), 0.2)
    starts = range(0, part.n, part.n // 12)
    assert np.median([spread(clustered, i, 2, 60) for i in starts]) > 0.3 * part.n
    assert np.median([spread(random, i, 2, 60) for i in starts]) < 0.01 * part.n
    news = [np.mean([spread(ties, i, 1, 3) for i in starts]) for ties in (clustered, random)]
    assert news[1] > 1.3 * news[0]
