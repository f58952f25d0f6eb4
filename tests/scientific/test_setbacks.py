"""What goes wrong under `setbacks: some`: moving injures some, and some first sessions disappoint."""

from __future__ import annotations

import numpy as np
import pytest

from model import Neighbourhood
from model.interventions import WalkingScheme
from model.kernels.joining import Attending, JoiningSettings, Members, Session, Staying, attend, drop
from model.kernels.life import InjuryPeople, InjurySettings, injury
from model.population.columns import KINDS
from model.population.status import LET_DOWN, MEMBER, TRIED, UNTRIED
from model.rng import key

SPORT = KINDS.index("sport")
KEY = key(1, 0, "week/injury")


@pytest.fixture(scope="module")
def hurt(erewash, quick):
    """A warmed-up town in which moving injures, three times as often as the ledger has it."""
    numbers = quick.with_values({"setbacks": "some", "injury_rate": 3.0})
    return Neighbourhood(erewash, seed=7, sample=0.03, parameters=numbers).warm_up()


# Injuries


def injured_of(minutes: np.ndarray, ids: np.ndarray, week: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Who is injured, and in which kind (n,), by a week of `minutes` (6, n) at one injury in a thousand hours."""
    n = len(ids)
    people = InjuryPeople(ids, minutes, np.zeros(n, np.uint8), np.zeros(n, np.uint8))
    injury(0, n, InjurySettings(8.0, 4, 1.0 / 60000.0), KEY, week, people)
    return people.injured, people.injured_kind


def test_injuries_come_at_the_stated_rate_in_the_kinds_that_were_done():
    n = 400_000
    minutes = np.zeros((6, n), np.float32)
    minutes[0], minutes[SPORT] = 600.0, 60.0
    injured, kind = injured_of(minutes, np.arange(n, dtype=np.int32))
    expected = n * (10.0 + 8.0) / 1000.0
    assert (injured > 0).sum() == pytest.approx(expected, abs=4 * expected**0.5 + 0.01 * expected)
    assert set(kind[injured > 0]) == {0, SPORT}
    assert (kind[injured > 0] == SPORT).mean() == pytest.approx(8 / 18, abs=0.03)
    assert not injured_of(np.zeros((6, 1000), np.float32), np.arange(1000, dtype=np.int32))[0].any()


def test_an_injury_is_a_matter_of_who_and_when_not_of_the_order_of_people():
    lots = np.random.default_rng(5)
    ids = lots.permutation(40_000).astype(np.int32)
    minutes = (lots.random((6, 40_000)) * 900).astype(np.float32)
    order = np.argsort(ids)
    here, there = injured_of(minutes, ids), injured_of(minutes[:, order], ids[order])
    assert here[0].any()
    assert all(np.array_equal(a[order], b) for a, b in zip(here, there, strict=True))
    assert not np.array_equal(here[0], injured_of(minutes, ids, week=4)[0])


def test_somebody_injured_does_nothing_of_that_kind_for_the_stated_weeks_and_comes_back(hurt):
    town = hurt.fork()
    people, weeks = town.state.people, int(town.state.parameters.injury_weeks)
    well = people.injured == 0
    town.advance()
    rows = np.flatnonzero(well & (people.injured > 0))
    kinds = people.injured_kind[rows].copy()
    assert len(rows) > 10 and (people.injured[rows] == weeks).all()
    assert (people.minutes[kinds, rows] > 0).all(), "what injured them was done"
    moved = np.zeros(len(rows), dtype=bool)
    for _ in range(weeks):
        town.advance()
        assert not people.sessions[kinds, rows].any() and not people.minutes[kinds, rows].any()
        moved |= people.minutes[:, rows].sum(axis=0) > 0
    assert moved.any(), "other kinds go on"
    assert not people.injured[rows].any()
    town.advance()
    assert (people.minutes[kinds, rows] > 0).mean() > 0.3


def test_an_injury_keeps_people_from_company_in_that_kind_alone():
    n = 3000
    ids, well, status = np.arange(n, dtype=np.int32), np.zeros(n, np.uint8), np.full(n, MEMBER, np.uint8)
    injured, kind = np.full(n, 2, np.uint8), (np.arange(n) % 2).astype(np.uint8)
    sessions = np.zeros(n, np.uint8)
    people = Attending(
        ids, well, injured, kind, sessions, well.copy(), np.zeros(n, np.float32), np.zeros(n, np.int32)
    )
    members = Members(np.zeros(n, np.int32), np.zeros(1, np.int32), well.copy(), status)
    attend(0, n, KEY, 3, Session(0.9, 1, 60.0, 0, 0.0), members, people)
    assert not sessions[kind == 0].any() and sessions[kind == 1].mean() > 0.8


def test_without_setbacks_nobody_is_injured_and_switching_them_off_heals(town, hurt):
    assert not town.state.people.injured.any()
    arm = hurt.fork()
    assert arm.state.people.injured.any()
    arm.set_parameters(setbacks="none")
    assert not arm.run(3).state.people.injured.any()


# First sessions


def second_sessions(disappoints: float, leaves: float = 0.3, n: int = 30_000, weeks: int = 12):
    """Who was let down by the first session, and who came to a second, both (n,), of n new members."""
    ids, well, status = np.arange(n, dtype=np.int32), np.zeros(n, np.uint8), np.full(n, MEMBER, np.uint8)
    tried, since = np.zeros(n, np.uint8), np.zeros(n, np.int32)
    let_down, times = np.zeros(n, dtype=bool), np.zeros(n, np.int64)
    settings = JoiningSettings(0, 0, 0, 0.058, 0.018, 0.006, 0.0, leaves)
    for week in range(1, weeks + 1):
        sessions = np.zeros(n, np.uint8)
        people = Attending(
            ids, well, well, well, sessions, well.copy(), np.zeros(n, np.float32), np.zeros(n, np.int32)
        )
        members = Members(np.zeros(n, np.int32), np.zeros(1, np.int32), tried, status)
        attend(0, n, KEY, week, Session(0.55, 1, 60.0, 0, disappoints), members, people)
        times += sessions
        let_down |= tried == LET_DOWN
        drop(0, n, settings, KEY, week, ids, Staying(np.ones(n, np.float32), tried, since, status))
    assert (tried[times == 0] == UNTRIED).all() and (tried[times > 1] == TRIED).all()
    return let_down, times


def test_the_stated_share_of_first_sessions_disappoints():
    let_down, times = second_sessions(0.15)
    assert let_down[times > 0].mean() == pytest.approx(0.15, abs=0.01) and not let_down[times == 0].any()


def test_a_disappointing_first_session_lowers_the_chance_of_a_second():
    let_down, times = second_sessions(0.15)
    back, others = (times[let_down] > 1).mean(), (times[~let_down & (times > 0)] > 1).mean()
    assert back < others - 0.2
    _, before = second_sessions(0.0)
    assert (before[before > 0] > 1).mean() > (times[times > 0] > 1).mean() + 0.03
    assert np.array_equal(before > 0, times > 0), "the first session itself is as before"


def test_who_is_let_down_leaves_walks_sooner_in_a_town(erewash, quick):
    walks = WalkingScheme(groups=150, invite_per_week=0.5)
    numbers = {"setbacks": "some", "first_disappoints": 0.5, "first_leaves": 0.8, "injury_rate": 0.2}
    left = {}
    for name, values in (("as ever", {}), ("with setbacks", numbers)):
        town = Neighbourhood(erewash, seed=7, sample=0.01, parameters=quick.with_values(values)).warm_up()
        programme = town.fork([walks]).run(8).state.programmes[0]
        left[name] = (programme.status[programme.joined_ever] != MEMBER).mean()
        assert bool(programme.tried.any()) == bool(values)
    assert left["with setbacks"] > left["as ever"] + 0.08
