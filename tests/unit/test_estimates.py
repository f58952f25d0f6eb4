"""Ranges of paired differences: chance, doubt about the numbers, both together, and prices that agree with them."""

import numpy as np
import pytest

from scenarios.statistics.estimates import estimate, paired, ratio

NOISE = np.random.default_rng(20260105)


def test_doubt_and_chance_are_taken_apart():
    sets, each = 40, 6
    doubt, chance = 2.0, 1.0
    values = 5 + doubt * NOISE.normal(size=(sets, 1)) + chance * NOISE.normal(size=(sets, each))
    found = estimate(values.reshape(-1, 1), sets)
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
    found, another = estimate(values, sets), doubt * NOISE.normal(size=many)
    holds = np.mean((found.range_low <= another) & (another <= found.range_high))
    assert 0.93 <= holds <= 1.0
    if doubt >= 2:
        assert holds <= 0.97
    of_these = of_set.mean(axis=0)
    assert 0.93 <= np.mean((found.low <= of_these) & (of_these <= found.high)) <= 0.97


def test_the_range_never_is_narrower_than_chance_and_doubt_is_never_a_point():
    values = NOISE.normal(size=(10, 2000))
    found = estimate(values, 5)
    assert (found.range_low <= found.low).all() and (found.range_high >= found.high).all()
    assert (found.doubt_high > found.doubt_low).all()


def test_runs_that_never_differ_leave_a_point():
    found = estimate(np.zeros((8, 1)), 4)
    assert found.low == found.high == found.range_low == found.range_high == found.doubt_low == 0


def test_where_all_is_doubt_the_range_is_that_of_student_for_one_more_set():
    found = estimate(np.array([[1.0], [1.0], [4.0], [4.0], [7.0], [7.0]]), 3)
    half = 4.302653 * np.sqrt(np.var([1, 4, 7], ddof=1) * (1 + 1 / 3))
    assert found.range_high[0] - 4 == pytest.approx(half, rel=0.02)
    assert found.high[0] == found.low[0] == 4


@pytest.mark.parametrize("sets", [1, 4])
def test_a_price_is_given_just_where_people_surely_move(sets):
    cost = 1000 + 20 * NOISE.normal(size=(8, 500))
    moved = NOISE.uniform(0, 4, size=500) + NOISE.normal(size=(8, 500))
    found = estimate(moved, sets)
    prices = np.array([ratio(cost[:, k], moved[:, k], sets) for k in range(500)])
    surely = found.range_low > 0
    assert 0.2 < surely.mean() < 0.98
    np.testing.assert_array_equal(np.isfinite(prices).all(axis=1), surely)
    np.testing.assert_array_equal(np.isnan(prices).all(axis=1), ~surely)
    assert (prices[surely, 1] < prices[surely, 0]).all() and (prices[surely, 0] < prices[surely, 2]).all()


@pytest.mark.parametrize("sets", [1, 4])
def test_the_range_of_a_price_is_that_of_people_turned_round_where_cost_does_not_vary(sets):
    moved = 5 + NOISE.normal(size=8)
    found = estimate(moved[:, None], sets)
    price, low, high = ratio(np.full(8, 1000.0), moved, sets)
    assert price == pytest.approx(1000 / moved.mean())
    assert (low, high) == pytest.approx((1000 / found.range_high[0], 1000 / found.range_low[0]))


SKEWED = {
    "exponential": (lambda luck, shape: luck.exponential(size=shape), 1.0),
    "lognormal": (lambda luck, shape: luck.lognormal(0, 0.6, size=shape), np.exp(0.18)),
    "few touched, by twenties": (
        lambda luck, shape: luck.binomial(20, 0.1, size=shape) * (luck.random(size=shape) < 0.5), 1.0),
}  # fmt: skip
"""Differences of skewed kinds, and their means."""
EVEN = {
    "normal": (lambda luck, shape: luck.normal(size=shape), 0.0),
    "uniform": (lambda luck, shape: luck.random(size=shape), 0.5),
    "heavy tails": (lambda luck, shape: luck.standard_t(4, size=shape), 0.0),
}
"""The same of kinds that lean to no side."""


def share_held(kind, count, interval=paired):
    draw, truth = kind
    _, low, high = interval(draw(np.random.default_rng(1), (count, 6000)))
    return np.mean((low <= truth) & (truth <= high))


def student(values):
    from scipy.stats import t

    mean, count = values.mean(axis=0), len(values)
    half = t.ppf(0.975, count - 1) * values.std(axis=0, ddof=1) / np.sqrt(count)
    return mean, mean - half, mean + half


@pytest.mark.parametrize("count", [10, 20])
@pytest.mark.parametrize("name", SKEWED)
def test_ranges_of_skewed_differences_hold_the_truth_which_student_does_not(name, count):
    assert 0.935 <= share_held(SKEWED[name], count) <= 0.99
    assert share_held(SKEWED[name], count, student) < 0.935


@pytest.mark.parametrize("count", [6, 10, 20, 40])
@pytest.mark.parametrize("name", EVEN)
def test_ranges_of_even_differences_are_hardly_wider_than_student_s(name, count):
    assert 0.945 <= share_held(EVEN[name], count) <= 0.975
    values = EVEN[name][0](np.random.default_rng(2), (20, 2000))
    (_, low, high), (_, one, two) = paired(values), student(values)
    assert np.median((high - low) / (two - one)) < 1.1


@pytest.mark.parametrize("sets", [1, 5])
def test_the_mean_lies_in_every_range_and_order_and_sign_of_runs_change_nothing(sets):
    luck = np.random.default_rng(3)
    values = np.concatenate(
        [luck.lognormal(0, 2, (10, 300)), luck.poisson(0.1, (10, 300)), -luck.exponential(size=(10, 300)), np.zeros((10, 3))],
        axis=1,
    )  # fmt: skip
    found, turned = estimate(values, sets), estimate(-values, sets)
    for low, high in ((found.low, found.high), (found.range_low, found.range_high)):
        assert (low <= found.mean).all() and (found.mean <= high).all() and np.isfinite(low + high).all()
    np.testing.assert_allclose(found.range_low, -turned.range_high, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.high, -turned.low, rtol=1e-9, atol=1e-12)
    if sets == 1:
        np.testing.assert_allclose(estimate(values[::-1]).low, found.low, rtol=1e-9, atol=1e-12)


def test_a_price_of_skewed_people_is_theirs_turned_round():
    moved = np.random.default_rng(5).lognormal(3, 0.7, 12)
    found = estimate(moved[:, None])
    assert found.high[0] - found.mean[0] > 1.2 * (found.mean[0] - found.low[0])
    for cost in (1000.0, -1000.0):
        price, low, high = ratio(np.full(12, cost), moved)
        ends = sorted((cost / found.range_high[0], cost / found.range_low[0]))
        assert price == pytest.approx(cost / moved.mean()) and (low, high) == pytest.approx(tuple(ends))


def test_ten_thousand_ranges_take_a_blink():
    import time

    values = np.random.default_rng(6).exponential(size=(20, 10_000))
    estimate(values, 10)
    began = time.perf_counter()
    paired(values)
    estimate(values, 10)
    assert time.perf_counter() - began < 0.4


def test_one_run_has_neither_range_nor_price():
    assert np.isnan(paired(np.ones((1, 2)))[1]).all()
    assert np.isnan(ratio(np.ones(1), np.ones(1))).all()


def test_skewness_that_chance_made_of_eight_runs_drives_no_end_far_out():
    differences = np.array([65.0, -128, 103, 177, 120, 201, 26, 180])[:, None]
    found = estimate(differences, sets=4)
    below, above = found.mean - found.range_low, found.range_high - found.mean
    assert above < below <= 2 * above, "once -990 to 370, where no run came below -128"


def test_without_skewness_ranges_hold_the_truth_and_are_hardly_wider_than_students():
    luck = np.random.default_rng(8).normal(size=(8, 4000))
    _, low, high = paired(luck)
    assert 0.95 <= np.mean((low <= 0) & (high >= 0)) <= 0.975
    widest = np.quantile((high - low) / luck.std(axis=0, ddof=1), 0.95)
    assert widest < 1.6 * 2 * 2.365 / np.sqrt(8), "half a range more, at the most, in nineteen of twenty"
