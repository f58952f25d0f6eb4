"""Rounding and dealing: the counts hold exactly, the chances are the ones asked for."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.synthesis.deal import Chance, begin, deal, pick, round_counts, round_table
from model.synthesis.homes import hilbert


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(2, 9), st.integers(0, 10_000))
def test_round_table_keeps_rows_and_whole_place(zones: int, levels: int, seed: int) -> None:
    random = Chance(seed)
    share = random.uniform("share", np.arange(zones * levels)).reshape(zones, levels) ** 4
    share /= share.sum(axis=1, keepdims=True)
    totals = np.floor(random.uniform("total", np.arange(zones)) * 60).astype(np.int64)
    wanted = totals[:, None] * share
    counts = round_table(wanted, totals)
    assert (counts.sum(axis=1) == totals).all()
    assert (counts >= np.floor(wanted + 1e-9)).all() and (counts <= np.ceil(wanted - 1e-9)).all()
    assert np.abs(counts.sum(axis=0) - wanted.sum(axis=0)).max() < levels / 2 + 1


def test_rare_levels_are_not_rounded_away() -> None:
    wanted = np.tile([29.7, 0.3], (100, 1))
    counts = round_table(wanted, np.full(100, 30))
    assert abs(counts[:, 1].sum() - 30) <= 1


def test_round_counts_never_strays() -> None:
    wanted = Chance(3).uniform("wanted", np.arange(500)) * 7
    counts = round_counts(wanted)
    assert np.abs(counts - wanted).max() < 1
    assert np.abs(np.cumsum(counts) - np.cumsum(wanted)).max() <= 0.5 + 1e-6


def test_deal_gives_the_lowest_scores_the_first_level() -> None:
    levels = deal(np.array([0.3, 0.1, 0.2, 5.0, 4.0]), np.array([0, 3, 5]), np.array([[1, 2], [1, 1]]))
    assert levels.tolist() == [1, 0, 1, 1, 0]


def test_pick_takes_exactly_the_count_and_only_those_allowed() -> None:
    chance, ids = Chance(1), np.arange(100)
    among = ids % 2 == 0
    chosen = pick(chance.logistic("a", ids), 0.0, begin(np.array([40, 0, 60])), np.array([7, 0, 50]), among)
    assert chosen[:40].sum() == 7
    assert chosen[40:].sum() == 30, "no more than are allowed"
    assert not chosen[~among].any()


def test_pick_follows_the_log_odds() -> None:
    """With log-odds of 0 and 2 and half of all taken, the logistic chances are 0.269 and 0.731."""
    chance, ids = Chance(2), np.arange(40_000)
    log_odds = np.where(ids % 2 == 0, 0.0, 2.0)
    chosen = pick(chance.logistic("a", ids), log_odds, begin(np.full(20, 2000)), np.full(20, 1000))
    assert abs(chosen[ids % 2 == 1].mean() - 0.731) < 0.01


def test_hilbert_visits_every_square_and_steps_to_a_neighbour() -> None:
    y, x = np.mgrid[:16, :16]
    x, y = x.ravel() + 0.5, y.ravel() + 0.5
    place = hilbert(x, y, 16.0, 4)
    assert sorted(place) == list(range(256))
    order = np.argsort(place)
    steps = np.abs(np.diff(x[order])) + np.abs(np.diff(y[order]))
    assert (steps == 1).all()
