"""Ranges of paired differences: chance, doubt about the numbers, both together, and prices that agree with them."""

import numpy as np
import pytest

from scenarios.results.estimates import apart, paired, ratio

NOISE = np.random.default_rng(20260105)


def test_doubt_and_chance_are_taken_apart():
    sets, each = 40, 6
    doubt, chance = 2.0, 1.0
    values = 5 + doubt * NOISE.normal(size=(sets, 1)) + chance * NOISE.normal(size=(sets, each))
    found = apart(values.reshape(-1, 1), sets)
    half = (found.doubt_high - found.doubt_low)[0] / 2
    assert half == pytest.approx(2.02 * doubt, rel=0.3)
    assert (found.high - found.low)[0] / 2 == pytest.approx(1.97 * chance / np.sqrt(sets * each), rel=0.2)
    assert found.mean[0] == pytest.approx(values.mean())


@pytest.mark.parametrize("sets", [3, 5, 20])
@pytest.mark.parametrize("doubt", [0.0, 0.5, 2.0])
def test_the_range_holds_the_effect_under_one_more_set(sets, doubt):
    many, each = 4000, 2
    of_set = doubt * NOISE.normal(size=(sets, many))
    values = np.repeat(of_set, each, axis=0) + NOISE.normal(size=(sets * each, many))
    found, another = apart(values, sets), doubt * NOISE.normal(size=many)
    holds = np.mean((found.range_low <= another) & (another <= found.range_high))
    assert 0.93 <= holds <= 1.0
    if doubt >= 2:
        assert holds <= 0.97
    of_these = of_set.mean(axis=0)
    assert 0.93 <= np.mean((found.low <= of_these) & (of_these <= found.high)) <= 0.97


def test_the_range_never_is_narrower_than_chance_and_doubt_is_never_a_point():
    values = NOISE.normal(size=(10, 2000))
    found = apart(values, 5)
    assert (found.range_low <= found.low).all() and (found.range_high >= found.high).all()
    assert (found.doubt_high > found.doubt_low).all()


def test_runs_that_never_differ_leave_a_point():
    found = apart(np.zeros((8, 1)), 4)
    assert found.low == found.high == found.range_low == found.range_high == found.doubt_low == 0


def test_where_all_is_doubt_the_range_is_that_of_student_for_one_more_set():
    found = apart(np.array([[1.0], [1.0], [4.0], [4.0], [7.0], [7.0]]), 3)
    half = 4.302653 * np.sqrt(np.var([1, 4, 7], ddof=1) * (1 + 1 / 3))
    assert found.range_high[0] - 4 == pytest.approx(half, rel=0.02)
    assert found.high[0] == found.low[0] == 4


@pytest.mark.parametrize("sets", [1, 4])
def test_a_price_is_given_just_where_people_surely_move(sets):
    cost = 1000 + 20 * NOISE.normal(size=(8, 500))
    moved = NOISE.uniform(0, 4, size=500) + NOISE.normal(size=(8, 500))
    found = apart(moved, sets)
    prices = np.array([ratio(cost[:, k], moved[:, k], sets) for k in range(500)])
    surely = found.range_low > 0
    assert 0.2 < surely.mean() < 0.98
    np.testing.assert_array_equal(np.isfinite(prices).all(axis=1), surely)
    np.testing.assert_array_equal(np.isnan(prices).all(axis=1), ~surely)
    assert (prices[surely, 1] < prices[surely, 0]).all() and (prices[surely, 0] < prices[surely, 2]).all()


@pytest.mark.parametrize("sets", [1, 4])
def test_the_range_of_a_price_is_that_of_people_turned_round_where_cost_does_not_vary(sets):
    moved = 5 + NOISE.normal(size=8)
    found = apart(moved[:, None], sets)
    price, low, high = ratio(np.full(8, 1000.0), moved, sets)
    assert price == pytest.approx(1000 / moved.mean())
    assert (low, high) == pytest.approx((1000 / found.range_high[0], 1000 / found.range_low[0]))


def test_one_run_has_neither_range_nor_price():
    assert np.isnan(paired(np.ones((1, 2)))[1]).all()
    assert np.isnan(ratio(np.ones(1), np.ones(1))).all()
