"""A town's own network against one of chance: what is swapped, and that asking goes by the rules of the town."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calibration.experiments.own_network import (
    Behaviour,
    attraction,
    clustering,
    reached,
    signed,
    swapped,
    town_of,
)
from model.kernels.persuasion import NONE, SIMPLE


@pytest.fixture(scope="module")
def town():
    """A small town, only just begun."""
    return town_of(1, sample=0.02, warm_up_weeks=8)


@pytest.fixture(scope="module")
def mixed(town):
    """Its ties with friendships swapped."""
    return swapped(town.state.ties, town.state.people, 1)


def pairs(ties, keep) -> set[tuple[int, int]]:
    first, second = ties.strong_pairs()
    held = keep(first, second)
    return set(zip(first[held].tolist(), second[held].tolist(), strict=True))


def test_swapping_leaves_homes_and_numbers_of_friends_and_takes_the_circles(town, mixed):
    own, home = town.state.ties, town.state.people.household
    assert np.array_equal(own.strong_degree, mixed.strong_degree)
    assert not {fault for fault in mixed.faults() if "both strong and weak" not in fault}
    assert pairs(own, lambda a, b: home[a] == home[b]) == pairs(mixed, lambda a, b: home[a] == home[b])
    friends = [pairs(ties, lambda a, b: home[a] != home[b]) for ties in (own, mixed)]
    assert len(friends[0] & friends[1]) < 0.05 * len(friends[0])
    assert clustering(mixed) < 0.4 * clustering(own)
    assert np.array_equal(mixed.strong, swapped(own, town.state.people, 1).strong)


def test_who_likes_it_joins_and_the_same_people_are_asked_each_time(town, mixed):
    own = town.state.ties
    assert reached(town, own, Behaviour(-40.0, NONE, 3)) == 0.0
    assert reached(town, own, Behaviour(40.0, NONE, 3)) > 99.0
    some = Behaviour(-2.5, SIMPLE, 3)
    assert reached(town, own, some) == reached(town, own, some) != reached(town, own, replace(some, number=1))
    more = [reached(town, ties, replace(some, uptake=-1.5)) for ties in (own, mixed)]
    assert all(more[k] > reached(town, ties, some) for k, ties in enumerate((own, mixed)))
    assert (town.state.people.group < 0).any(), "the town itself is left as it was"


def test_attraction_is_found_by_how_far_the_towns_own_ties_carry_it(town):
    what = attraction([town], Behaviour(0.0, SIMPLE, 3))
    far = np.mean([reached(town, town.state.ties, replace(what, number=k)) for k in range(4)])
    assert far == pytest.approx(54.0, abs=6.0)


def test_a_sign_is_told_only_where_chance_leaves_it():
    assert signed("", np.array([3.0, 4.0, 5.0, 4.0]), "", 0.0).holds is True
    assert signed("", np.array([-3.0, -4.0, -5.0, -4.0]), "", 0.0).holds is False
    assert signed("", np.array([9.0, -8.0, 3.0, -2.0]), "", 0.0).holds is None
