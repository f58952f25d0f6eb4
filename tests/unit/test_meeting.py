"""Meeting: trust, hours together, what begins and ends a friendship, against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from model import Neighbourhood
from model.arguments import columns_of
from model.kernels.friendship import (
    FriendshipPeople,
    MeetingSettings,
    alikeness,
    befriend,
    hours_left,
    tend,
    trust_now,
)
from model.kernels.meeting import Gathered, MeetingPeople, Occasion, acquaintance, gather, meet, spend_time
from model.kernels.slots import LivingTies, connect
from model.population.ties import MET_SLOTS, STRONG_SLOTS, Ties, no_ties
from model.rng import key

RETURN, FORGET = 0.003, 0.02
SETTINGS = MeetingSettings(
    fade=0.04, tie_bridge=2.5, renewal=0.1, tie_closure=0.9, age_gap=20.0, other_sex=0.5, other_ethnicity=0.4,
    tie_far_m=2000.0, trust_rest=0.5, trust_new=0.3, trust_gain=0.1, trust_back=RETURN, meet_again=0.7, friend_hours=50.0,
    forget=FORGET, hours_kept=4,
)  # fmt: skip
KEY = key(1, 0, "meeting")


def strangers(n: int, spare: int = 2) -> Ties:
    ties = no_ties(n)
    ties.bring_to_life(np.arange(n), 0.5, spare)
    return ties


def pairs(n: int, household: np.ndarray) -> Ties:
    """n residents, two by two tied."""
    ties = no_ties(n)
    for i in range(0, n, 2):
        assert connect(ties.strong, ties.strong_degree, i, i + 1)
    ties.bring_to_life(household, 0.5, 2)
    return ties


def session(ties: Ties, week: int, where: np.ndarray, settings: MeetingSettings = SETTINGS, together=1.5,
            household: np.ndarray | None = None) -> int:  # fmt: skip
    """One week of gatherings; returns friendships begun."""
    n = ties.n
    start = np.zeros(int(where.max()) + 2, np.int64)
    present = np.flatnonzero(where >= 0)
    gathered = Gathered(where, start, *(np.empty(n, np.int32) for _ in range(3)))
    gather(present, gathered)
    ids, living, occasion = (
        np.arange(n, dtype=np.int32),
        columns_of(LivingTies, ties),
        Occasion(week, 0, 1.0, together),
    )
    people = MeetingPeople(ids, ids if household is None else household)
    meet(0, len(present), present, settings, KEY, occasion, gathered, people, living)
    return spend_time(0, len(start) - 1, settings, occasion, gathered, living)


@pytest.mark.parametrize("held", [0.9, 0.3])
def test_trust_returns_to_its_rest_along_an_exponential(held):
    for weeks in (0, 1, 26, 500):
        assert trust_now(held, 10, 10 + weeks, SETTINGS) == pytest.approx(
            0.5 + (held - 0.5) * math.exp(-RETURN * weeks), rel=1e-9
        )
    assert abs(trust_now(held, 0, 5000, SETTINGS) - 0.5) < 1e-6


def test_sessions_together_bring_trust_part_of_the_way_to_full():
    ties = pairs(2, np.arange(2))
    still = SETTINGS._replace(trust_back=0.0)
    for week in range(12):
        session(ties, week, np.zeros(2, np.int32), still)
    assert ties.trust[:, 0] == pytest.approx(1.0 - 0.5 * 0.9**12, abs=1e-6)
    assert ties.contact[:, 0].tolist() == [11, 11]


def test_trust_does_not_grow_between_friends_at_different_gatherings():
    ties = pairs(4, np.arange(4))
    session(ties, 3, np.array([0, 1, 2, 2], np.int32))
    assert ties.trust[:2, 0].tolist() == [0.5, 0.5] and ties.contact[:2, 0].tolist() == [0, 0]
    assert (ties.trust[2:, 0] > 0.5).all()


def test_hours_keep_for_a_month_and_then_fade_along_an_exponential():
    for weeks in range(5):
        assert hours_left(30.0, 7, 7 + weeks, SETTINGS) == 30.0
    assert hours_left(30.0, 7, 7 + 4 + 25, SETTINGS) == pytest.approx(30.0 * math.exp(-FORGET * 25), rel=1e-9)


@pytest.mark.parametrize("together", [1.5, 2.5, 3.0])
def test_two_alone_become_friends_after_the_stated_hours(together):
    # Each spends the session with the other, and is the other's company too.
    sessions = math.ceil(SETTINGS.friend_hours / (2 * together))
    ties = strangers(2)
    begun = [session(ties, week, np.zeros(2, np.int32), together=together) for week in range(sessions)]
    assert begun == [0] * (sessions - 1) + [1]
    assert ties.strong[:, 0].tolist() == [1, 0] and ties.faults() == []
    assert ties.trust[:, 0] == pytest.approx(SETTINGS.trust_new) and (ties.met == -1).all()


def test_a_friendship_takes_longer_when_sessions_are_far_apart():
    close, apart = strangers(2), strangers(2)
    for number in range(16):
        session(close, number, np.zeros(2, np.int32))
        session(apart, 12 * number, np.zeros(2, np.int32))
    # Each visit leaves what eight weeks beyond the month have not taken: a geometric sum.
    kept = math.exp(-FORGET * 8)
    assert apart.hours[0, 0] == pytest.approx(3.0 * (1 - kept**16) / (1 - kept), rel=1e-5)
    assert close.hours[0, 0] == pytest.approx(48.0)


def test_people_of_one_household_or_who_are_friends_do_not_get_to_know_each_other():
    home = strangers(2)
    session(home, 0, np.zeros(2, np.int32), household=np.zeros(2, np.int32))
    friends = pairs(2, np.arange(2))
    session(friends, 0, np.zeros(2, np.int32))
    assert (home.met == -1).all() and (friends.met == -1).all()


def test_nobody_meets_who_is_alone_or_stays_away():
    ties = strangers(3)
    session(ties, 0, np.array([0, 1, -1], np.int32))
    assert (ties.met == -1).all()


def test_whom_one_knows_least_gives_way():
    ties = strangers(8)
    ties.met[0], ties.hours[0], ties.seen[0] = [1, 2, 3, 4], [5.0, 2.0, 9.0, 2.5], [40, 40, 0, 40]
    # Nine hours of 36 weeks beyond the month ago are 4.4 now: still more than two.
    assert acquaintance(0, 5, ties.met, ties.hours, ties.seen, 40, SETTINGS) == 1
    assert ties.met[0].tolist() == [1, 5, 3, 4] and ties.hours[0, 1] == 0.0
    assert acquaintance(0, 3, ties.met, ties.hours, ties.seen, 40, SETTINGS) == 2
    ties.met[0, 3] = -1
    assert acquaintance(0, 6, ties.met, ties.hours, ties.seen, 40, SETTINGS) == 3
    assert MET_SLOTS == 4


def befriended(ties: Ties, making: list[int], week: int = 5) -> int:
    """Begin the friendships put forward by residents in the order of identities; returns how many."""
    pairs = np.array([(i, j) for i, j in enumerate(making) if j >= 0], np.int32)
    begun = befriend(pairs, week, SETTINGS, columns_of(LivingTies, ties))
    assert ties.faults() == []
    return begun


@pytest.mark.parametrize("full", [0, 1])
def test_friends_are_made_only_where_both_have_room(full):
    ties = strangers(2)
    ties.room[full] = 0
    assert befriended(ties, [1, -1]) == 0
    assert (ties.strong == -1).all()
    ties.room[full] = 1
    assert befriended(ties, [1, -1]) == 1
    assert ties.contact[:, 0].tolist() == [5, 5]


def test_two_who_put_each_other_forward_make_one_friendship():
    ties = strangers(2)
    assert befriended(ties, [1, 0]) == 1
    assert ties.strong[:, 0].tolist() == [1, 0] and ties.strong_degree.tolist() == [1, 1]


def test_the_last_room_goes_to_whoever_comes_first_in_the_order_of_identities():
    ties = strangers(4)
    ties.room[:] = 1
    assert befriended(ties, [-1, 0, 0, 2]) == 2
    assert ties.strong[:, 0].tolist() == [1, 0, 3, 2], "1 came before 2, who is left for 3"


def test_new_friends_are_acquaintances_no_more():
    ties = strangers(3)
    ties.met[0, :2], ties.met[1, 0] = [2, 1], 0
    befriended(ties, [1, -1, -1])
    assert ties.met[0].tolist() == [2, -1, -1, -1] and (ties.met[1] == -1).all()


def tended(
    ties: Ties, household: np.ndarray, settings: MeetingSettings = SETTINGS
) -> tuple[np.ndarray, np.ndarray]:
    n = ties.n
    same = np.zeros(n, np.uint8)
    forward = np.full((2, n), -1)
    here = same.astype(np.float32)
    people = FriendshipPeople(np.arange(n, dtype=np.int32), same + 40, same, same, here, here, household)
    found = tend(0, n, settings, KEY, 0, people, columns_of(LivingTies, ties))
    for whom, pairs in zip(forward, found, strict=True):
        whom[pairs[:, 0]] = pairs[:, 1]
    return forward[0], forward[1]


@pytest.mark.parametrize("trust", [0.2, 0.5, 1.0])
def test_a_friendship_ends_by_trust_and_by_bridging(trust):
    n = 40_000
    ties = pairs(n, np.arange(n))
    ties.trust[:, 0] = trust
    ending, _ = tended(ties, np.arange(n))
    each = 0.5 * SETTINGS.fade * 2.0 * (1.0 - trust) * SETTINGS.tie_bridge
    assert (ending >= 0).mean() == pytest.approx(each, abs=4 * math.sqrt(each / n))
    assert (ending[ending >= 0] == (np.arange(n) ^ 1)[ending >= 0]).all()


def test_a_friend_in_common_holds_a_friendship():
    n = 30_000
    ties = no_ties(n)
    for i in range(0, n, 3):
        for a, b in ((0, 1), (1, 2), (0, 2)):
            connect(ties.strong, ties.strong_degree, i + a, i + b)
    ties.bring_to_life(np.arange(n), 0.5, 2)
    ending, _ = tended(ties, np.arange(n))
    assert (ending >= 0).mean() == pytest.approx(SETTINGS.fade, abs=4 * math.sqrt(SETTINGS.fade / n))


def test_a_tie_at_home_does_not_end():
    n = 20_000
    household = np.arange(n) // 2
    ties = pairs(n, household)
    ties.trust[:, 0] = 0.2
    ending, _ = tended(ties, household, SETTINGS._replace(fade=0.1))
    assert (ending == -1).all()


def test_no_friendship_begins_without_a_free_slot_or_anybody_to_find():
    n = 2_000
    ties = pairs(n, np.arange(n))
    ties.room[:] = ties.strong_degree
    assert (tended(ties, np.arange(n), SETTINGS._replace(renewal=1.0))[1] == -1).all()
    # A friend's only friend is oneself, and nobody here has weak ties.
    ties.room[:] = STRONG_SLOTS
    assert (tended(ties, np.arange(n), SETTINGS._replace(renewal=1.0))[1] == -1).all()


def test_likeness_and_nearness_multiply():
    age, sex, ethnicity = np.array([30, 40, 30], np.uint8), np.array([0, 0, 1], np.uint8), np.array([0, 1, 0])
    x, y = np.array([0.0, 300.0, 0.0], np.float32), np.array([0.0, 400.0, 0.0], np.float32)
    people = FriendshipPeople(np.arange(3), age, sex, ethnicity, x, y, np.arange(3))
    assert alikeness(0, 0, SETTINGS, people) == 1.0
    assert alikeness(0, 1, SETTINGS, people) == pytest.approx(0.4 * math.exp(-10 / 20 - 500 / 2000))
    assert alikeness(0, 2, SETTINGS, people) == pytest.approx(0.5)


@pytest.mark.parametrize("setting", ["fixed", "living"])
def test_ties_change_only_where_they_live(erewash, quick, setting):
    town = Neighbourhood(erewash, seed=4, sample=0.005, parameters=quick.with_values({"ties": setting}))
    before = town.state.ties.copy()
    for _ in range(8):
        town.advance()
    names = ("strong", "strong_degree", "trust", "contact", "room", "met", "hours", "seen")
    changed = [
        name for name in names if not np.array_equal(getattr(town.state.ties, name), getattr(before, name))
    ]
    assert changed == [] if setting == "fixed" else {"strong", "met", "hours"} <= set(changed)
    assert town.state.ties.faults()[:1] in ([], ["a tie is both strong and weak"])
