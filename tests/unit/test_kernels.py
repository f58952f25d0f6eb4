"""Kernels against closed forms."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from model.kernels.choice import binomial
from model.kernels.experience import ExperiencePeople, ExperienceSettings, experience
from model.kernels.joining import (
    LEFT,
    MEMBER,
    Attending,
    JoiningSettings,
    Members,
    Session,
    Staying,
    attend,
    drop,
)
from model.kernels.life import LifePeople, LifeSettings, life
from model.kernels.news import NewsPeople, NewsPlaces, NewsSettings, news
from model.kernels.persuasion import COMPLEX, LINEAR, NONE, SIMPLE, PersuasionSettings, pressure
from model.kernels.places import log_nearly
from model.kernels.reading import ReadPeople, read_levels
from model.kernels.slots import Network
from model.rng import key


@pytest.mark.parametrize("size", [1, 4, 7, 10, 14])
@pytest.mark.parametrize("p", [1e-9, 0.01, 0.3, 0.5, 0.51, 0.9, 1 - 1e-9])
def test_binomial_is_the_quantile_function(size, p):
    u = np.linspace(0.0005, 0.9995, 997)
    made = np.array([binomial(value, size, p) for value in u])
    assert np.array_equal(made, stats.binom.ppf(u, size, p).astype(int))


def test_binomial_never_falls_when_the_chance_rises():
    for u in np.linspace(0.01, 0.99, 23):
        counts = [binomial(u, 7, p) for p in np.linspace(0.001, 0.999, 211)]
        assert all(a <= b for a, b in itertools.pairwise(counts))


def experienced(
    weeks: int, sessions: int, gain=0.045, loss=0.0, minutes=0.0, group=0
) -> tuple[float, float, float]:
    settings = ExperienceSettings(gain, loss, 0.08, 150.0, 0.2, 0.05)
    done = np.full((6, 1), sessions, np.uint8)
    spent = np.full((6, 1), minutes / 6, np.float32)
    habit, fitness, motivation = (
        np.zeros((6, 1), np.float32),
        np.zeros(1, np.float32),
        np.zeros(1, np.float32),
    )
    people = ExperiencePeople(done, spent, np.full(1, group, np.uint8), np.zeros(1, np.uint8),
                              np.full((6, 1), -1, np.int32), habit, fitness, motivation)  # fmt: skip
    for _ in range(weeks):
        experience(0, 1, settings, people, np.zeros(1))
    return float(habit[3, 0]), float(fitness[0]), float(motivation[0])


def test_habit_grows_along_lallys_curve():
    # Daily repetition without decay: 95% of the way after ln(20) / 0.045 = 66.6 days (Lally 2010).
    weeks = 10
    habit, _, _ = experienced(weeks, 7)
    assert habit == pytest.approx(1 - math.exp(-0.045 * 7 * weeks), abs=1e-5)
    assert experienced(9, 7)[0] < 0.95 < experienced(10, 7)[0]


@pytest.mark.parametrize(("a_week", "settles"), [(1, 0.46), (3, 0.71), (7, 0.85)])
def test_habit_settles_where_gain_meets_loss(a_week, settles):
    habit, _, _ = experienced(400, a_week, loss=0.05)
    keep, grown = math.exp(-0.05), math.exp(-0.045 * a_week)
    assert habit == pytest.approx((1 - grown) * keep / (1 - grown * keep), abs=1e-4)
    assert habit == pytest.approx(settles, abs=0.03)


def test_fitness_approaches_what_minutes_support():
    _, fitness, _ = experienced(300, 0, minutes=150)
    assert fitness == pytest.approx(1 - math.exp(-1), abs=1e-4)


def test_company_raises_motivation_by_each_session():
    assert experienced(5, 0, group=1)[2] == pytest.approx(5 * 0.2, abs=1e-5)


def test_only_who_goes_to_a_place_that_is_more_than_full_loses_motivation():
    settings, n = ExperienceSettings(0.045, 0.0, 0.08, 150.0, 0.2, 0.05), 4
    sessions, where = np.zeros((6, n), np.uint8), np.full((6, n), -1, np.int32)
    where[3], sessions[3] = (
        [0, 0, 1, -1],
        [2, 0, 2, 2],
    )  # full and gone to, full and not gone to, just full, no place
    motivation = np.zeros(n, np.float32)
    people = ExperiencePeople(sessions, np.zeros((6, n), np.float32), np.zeros(n, np.uint8), np.zeros(n, np.uint8),
                              where, np.zeros((6, n), np.float32), np.zeros(n, np.float32), motivation)  # fmt: skip
    experience(0, n, settings, people, np.array([1.01, 1.0]))
    assert motivation.tolist() == [pytest.approx(-0.05), 0, 0, 0]


def test_complex_contagion_needs_two():
    settings = PersuasionSettings(COMPLEX, 2.0, 0.08, 0.35, 0.03, 0.7)
    assert pressure(1, 1, 0.01, settings) == 0.0
    assert pressure(2, 4, 0.5, settings) == pytest.approx(0.5)
    assert pressure(4, 4, 0.5, settings) > 0.99


def test_other_modes_of_contagion():
    def mode(which):
        return PersuasionSettings(which, 2.0, 0.08, 0.35, 0.03, 0.7)

    assert pressure(3, 8, 0.5, mode(SIMPLE)) == pytest.approx(1 - 0.65**3)
    assert pressure(3, 8, 0.5, mode(LINEAR)) == pytest.approx(3 / 8)
    assert pressure(8, 8, 0.5, mode(NONE)) == 0.0
    assert pressure(0, 0, 0.5, mode(LINEAR)) == 0.0


def test_illness_is_a_two_state_markov_chain():
    n, start, end = 40_000, 0.02, 0.3
    settings = LifeSettings(start, end, 1.0, 1.0, 1.0, 0.0, 0.0)
    ill, drift = np.zeros(n, np.uint8), np.zeros(n, np.float32)
    ages, condition, new_taste = np.full(n, 40, np.uint8), np.zeros(n, np.uint8), np.ones(n, np.uint8)
    people = LifePeople(np.arange(n, dtype=np.int32), ages, condition, ill, drift, new_taste)
    for week in range(40):
        life(0, n, settings, key(1, 0, "life"), week, people)
    share = start / (start + end)
    assert ill.mean() == pytest.approx(share, abs=4 * math.sqrt(share / n))
    assert not new_taste.any()


def test_tastes_change_at_their_rate_and_for_every_kind_alike():
    n, rate, weeks = 40_000, 0.01, 20
    settings = LifeSettings(0.0, 1.0, 1.0, 1.0, 1.0, 0.0, rate)
    changed = np.zeros(7)
    new_taste = np.zeros(n, np.uint8)
    for week in range(weeks):
        people = LifePeople(np.arange(n, dtype=np.int32), np.full(n, 40, np.uint8), np.zeros(n, np.uint8),
                            np.zeros(n, np.uint8), np.zeros(n, np.float32), new_taste)  # fmt: skip
        life(0, n, settings, key(1, 0, "life"), week, people)
        changed += np.bincount(new_taste, minlength=7)
    each = n * weeks * rate / 6
    assert changed[1:] == pytest.approx(np.full(6, each), abs=4 * math.sqrt(each))


def test_drift_keeps_its_spread():
    n, keep = 40_000, 0.9
    settings = LifeSettings(0.0, 1.0, 1.0, 1.0, keep, 2.0 * math.sqrt(1 - keep**2), 0.0)
    ill, drift = np.zeros(n, np.uint8), np.zeros(n, np.float32)
    people = LifePeople(np.arange(n, dtype=np.int32), np.full(n, 40, np.uint8), np.zeros(n, np.uint8), ill, drift,
                        np.zeros(n, np.uint8))  # fmt: skip
    for week in range(60):
        life(0, n, settings, key(1, 0, "life"), week, people)
    assert drift.std() == pytest.approx(2.0, rel=0.03)
    assert not ill.any()


def test_leaving_follows_the_hazard():
    n = 50_000
    settings = JoiningSettings(0, 0, 0, 0.05, 0.02, 0.01, 0.0, 0.0)
    status, since = np.full(n, MEMBER, np.uint8), np.zeros(n, np.int32)
    for week in range(1, 25):
        drop(
            0,
            n,
            settings,
            key(1, 0, "x"),
            week,
            np.arange(n, dtype=np.int32),
            Staying(np.ones(n, np.float32), np.zeros(n, np.uint8), since, status),
        )
    assert (status == MEMBER).mean() == pytest.approx(0.95**6 * 0.98**18, abs=0.01)
    assert set(np.unique(status)) == {MEMBER, LEFT}


def test_who_turns_up_this_week_says_nothing_of_who_leaves():
    n, luck, settings = 40_000, key(1, 0, "x"), JoiningSettings(0, 0, 0, 0.5, 0.5, 0.5, 0.0, 0.0)
    ids, status, none = np.arange(n, dtype=np.int32), np.full(n, MEMBER, np.uint8), np.zeros(n, np.int32)
    sessions, kind, minutes = np.zeros(n, np.uint8), np.zeros(n, np.uint8), np.zeros(n, np.float32)
    well, tried = np.zeros(n, np.uint8), np.zeros(n, np.uint8)
    people = Attending(ids, well, well, well, sessions, kind, minutes, none.copy())
    attend(
        0, n, luck, 3, Session(0.5, 1, 60.0, 0, -1.0), Members(none, none[:1], tried, status.copy()), people
    )
    drop(0, n, settings, luck, 3, ids, Staying(np.ones(n, np.float32), tried, none, status))
    came, left = sessions > 0, status == LEFT
    assert came.mean() == pytest.approx(0.5, abs=0.01) and left.mean() == pytest.approx(0.5, abs=0.01)
    assert (came & left).mean() == pytest.approx(0.25, abs=0.01)


def test_levels_change_at_exactly_30_and_150_minutes():
    means = np.array([0, 29.99, 30, 149.99, 150, 900], np.float32)
    minutes = np.zeros((6, 6), np.float32)
    minutes[0] = means
    ring, garden = np.tile(means, (4, 1)), np.zeros((4, 6), np.float32)
    mean, level, moving = np.zeros(6, np.float32), np.zeros(6, np.uint8), np.zeros(6, np.uint8)
    read_levels(0, 6, 0, False, ReadPeople(minutes, ring, garden, mean, level, moving))
    assert level.tolist() == [0, 0, 1, 1, 2, 2]
    assert moving.tolist() == [0, 0, 0, 0, 1, 1]


def test_gardening_counts_only_where_the_definition_says():
    minutes = np.zeros((6, 1), np.float32)
    minutes[5] = 200
    for counts, expected in ((False, 0), (True, 2)):
        mean, level, moving = np.zeros(1, np.float32), np.zeros(1, np.uint8), np.zeros(1, np.uint8)
        people = ReadPeople(
            minutes, np.zeros((4, 1), np.float32), np.full((4, 1), 200, np.float32), mean, level, moving
        )
        read_levels(0, 1, 0, counts, people)
        assert level[0] == expected and moving[0] == 0


def passed_on(share: float) -> np.ndarray:
    """Two people tied to each other; the first uses the place in slot 0 of their cell, the second knows nothing."""
    knows = np.array([1, 0], np.uint32)
    destination = np.full((6, 2), -1, np.int32)
    destination[0, 0] = 5
    people = NewsPeople(np.arange(2, dtype=np.int32), destination, knows, np.zeros(2, np.int32), destination)
    places = NewsPlaces(
        np.array([[5, -1]], np.int32), np.array([0, 2, 2, 2, 2, 2, 2]), np.ones((1, 2)), np.ones(6)
    )
    ties = Network(
        np.array([[1], [0]], np.int32), np.ones(2, np.uint8), np.zeros(3, np.int64), np.zeros(0, np.int32)
    )
    for week in range(60):
        news(0, 2, NewsSettings(share, 0.0, 0.0), key(1, 0, "news"), week, people, places, ties)
    return knows


def test_one_contact_can_be_enough_for_news():
    assert passed_on(1.0)[1] & 1
    assert not passed_on(0.0)[1] & 1


def test_the_short_logarithm_is_right_to_eight_digits():
    # Places are told apart by it unless they are closer than a millionth; every draw there can be, from the rarest on.
    u = np.concatenate(
        [
            (np.arange(4096) + 0.5) / 2**32,
            1.0 - (np.arange(4096) + 0.5) / 2**32,
            np.linspace(1e-6, 1.0, 9973)[:-1],
        ]
    )
    found = np.array([log_nearly(value) for value in u])
    assert np.allclose(found, np.log(u), rtol=1e-8, atol=0.0)
