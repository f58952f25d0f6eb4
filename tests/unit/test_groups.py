"""Groups: who comes, leaves, is asked along and organises; how energy and autonomy go; against closed forms."""

from __future__ import annotations

import itertools
import math
from types import SimpleNamespace

import numpy as np
import pytest

from model import Neighbourhood
from model.arguments import columns_of
from model.kernels.groups import (
    AskedPeople,
    Coming,
    ComingPeople,
    Founding,
    Inviting,
    Members,
    Offer,
    Standing,
    accepts,
    bring_on,
    civic,
    come,
    invite,
    leave,
    seek,
    sources,
)
from model.kernels.persuasion import COMPLEX, NONE, PersuasionSettings
from model.kernels.slots import Network, connect
from model.parameters import Parameters
from model.population.groups import STAGES, Groups
from model.population.ties import Ties, no_ties
from model.processes import founding, movement
from model.rng import key

P = Parameters.default()
KEY = key(1, 0, "groups")
SETTINGS = founding.settings(SimpleNamespace(parameters=P))


def settings(**changes: float) -> founding.GroupSettings:
    return SETTINGS._replace(**changes)


def near(share: float, n: int) -> object:
    """`share` of n draws, within four standard errors."""
    return pytest.approx(share, abs=4 * math.sqrt(max(share * (1 - share), 1e-9) / n))


def town(
    group: np.ndarray, organiser: np.ndarray | None = None, clock: int = 10, **changes: float
) -> SimpleNamespace:
    """What the rules of groups read of a town: people in groups, and groups as old as the warm-up."""
    n, many = len(group), int(group.max()) + 1
    people = SimpleNamespace(n=n, id=np.arange(n, dtype=np.int32), group=group.astype(np.int32),
                             organiser=np.zeros(n, np.uint8) if organiser is None else organiser.astype(np.uint8))  # fmt: skip
    groups = Groups()
    for number in range(many):
        groups.add(founder=number, energy=0.6, limit=30)
    return SimpleNamespace(people=people, groups=groups, parameters=P.with_values(changes), clock=clock,
                           keys={"group_life": key(1, 0, "life")}, in_order=lambda rows: rows)  # fmt: skip


# Energy and autonomy


@pytest.mark.parametrize("start", [0.0, 0.6, 1.0])
def test_energy_goes_to_its_target_along_an_exponential(start):
    # 24 members, one organiser who carries twelve, nobody came, no grant: half of what organisers can add.
    state = town(np.zeros(24, int), np.arange(24) == 0)
    state.groups.energy[:] = start
    target = P.energy_base + P.energy_organised * 0.5
    for week in range(1, 30):
        movement._feel(state, founding.members_of(state))
        assert state.groups.energy[0] == pytest.approx(
            target + (start - target) * (1 - P.energy_rate) ** week
        )


def test_what_organisers_turnout_and_money_add_has_an_end():
    state = town(np.zeros(10, int), np.ones(10), energy_rate=0.15)
    state.groups.came[:], state.groups.supported[:] = 10, 10_000
    for _ in range(400):
        movement._feel(state, founding.members_of(state))
    full = P.energy_base + P.energy_organised + P.energy_turnout + P.energy_grant
    assert state.groups.energy[0] == pytest.approx(min(full, 1.0))
    for name in ("energy_base", "energy_organised", "energy_turnout", "energy_grant"):
        assert 0 < getattr(P, name) < 1
    state.parameters = P.with_values({"energy_base": 0.3, "energy_organised": 0.6, "energy_turnout": 0.5})
    for _ in range(400):
        movement._feel(state, founding.members_of(state))
        assert state.groups.energy[0] <= 1.0


def test_autonomy_falls_only_under_strings_and_while_they_last():
    state = town(np.array([0, 0, 1, 1, 2, 2]))
    state.groups.supported[:], state.groups.strings[:] = (0, 30, 30), (1, 0, 1)
    for week in range(20):
        state.clock = 10 + week
        movement._feel(state, founding.members_of(state))
    assert state.groups.autonomy[:2].tolist() == [1.0, 1.0]
    assert state.groups.autonomy[2] == pytest.approx((1 - P.autonomy_lost) ** 20)
    state.clock, lost = 30, 1 - state.groups.autonomy[2]
    for _ in range(50):
        movement._feel(state, founding.members_of(state))
    assert 1 - state.groups.autonomy[2] == pytest.approx(lost * (1 - P.autonomy_back) ** 50)


def test_money_with_strings_leaves_less_energy_than_none_in_the_end():
    state = town(np.array([0, 0, 1, 1, 2, 2]))
    state.groups.supported[:], state.groups.strings[:] = (0, 10_000, 10_000), (0, 0, 1)
    for _ in range(300):
        movement._feel(state, founding.members_of(state))
    none, free, strings = state.groups.energy
    assert free == pytest.approx(none + P.energy_grant)
    assert strings < none and state.groups.autonomy[2] < 1e-6


# Coming, leaving, standing down


def test_members_come_by_chance_and_nobody_ill():
    n = 40_000
    group = np.arange(n) % 2
    ill = (np.arange(n) % 5 == 0).astype(np.uint8)
    came, turnout, sessions = np.zeros(n, np.uint8), np.zeros(2, np.int64), np.zeros(n, np.uint8)
    sessions[:100] = 2
    kind, minutes, place = np.full(n, 9, np.uint8), np.zeros(n, np.float32), np.full(n, -1, np.int32)
    groups = Coming(np.array([4, 0]), np.array([11, 12]), turnout, np.array([0.3, 0.8]))
    well = np.zeros(n, np.uint8)
    people = ComingPeople(
        np.arange(n, dtype=np.int32), group, ill, well, well, came, sessions, kind, minutes, place
    )
    come(np.arange(n), KEY, 3, 60.0, groups, people)
    assert not came[ill > 0].any() and turnout.tolist() == [came[group == g].sum() for g in (0, 1)]
    for g, chance in ((0, 0.3), (1, 0.8)):
        well = (group == g) & (ill == 0)
        assert came[well].mean() == near(chance, well.sum())
    assert (minutes == 60.0 * came).all() and (sessions[100:] == came[100:]).all()
    here = (came > 0) & (np.arange(n) >= 100)
    assert (place[here] == 11 + group[here]).all() and (kind[here] == np.array([4, 0])[group[here]]).all()
    assert (place[:100] == -1).all(), "who walked with a programme keeps its place"


def left(n: int, s: founding.GroupSettings, week: int = 3, organiser=None, energy: float = 0.5, risk: float = 1.0,
         age: int = 40, mean_age: float = 90.0, ties: Ties | None = None,
         members: int = 12, organisers: int = 1) -> tuple[float, float]:  # fmt: skip
    """Shares of the first half of n members of one group who leave and who stand down."""
    ties = no_ties(n) if ties is None else ties
    people = Members(np.arange(n, dtype=np.int32), np.full(n, age, np.uint8), np.zeros(n, np.float32),
                     np.zeros(n, np.int32), np.zeros(n, np.int32), np.full(n, bool(organiser), np.uint8))  # fmt: skip
    groups = Standing(np.array([energy]), np.array([mean_age]), np.array([members]), np.array([organisers]))
    gone, down = leave(np.arange(n), np.full(n, risk, np.float32), s, KEY, week, people, groups,
                       columns_of(Network, ties))  # fmt: skip
    return float(gone.mean()), float(down.mean())


@pytest.mark.parametrize(("week", "hazard"), [(6, 0.05), (7, 0.02), (24, 0.02), (25, 0.01)])
@pytest.mark.parametrize("energy", [0.0, 0.5, 1.0])
def test_leaving_follows_the_hazard_of_tenure_and_energy(week, hazard, energy):
    s = settings(drop_early=0.05, drop_middle=0.02, drop_late=0.01)
    gone, down = left(40_000, s, week, energy=energy, risk=1.25)
    assert gone == near(hazard * 1.25 * (1.5 - energy), 40_000) and down == 0.0


def test_nobody_leaves_at_hazard_zero_and_organisers_never_do():
    none = settings(drop_early=0.0, drop_middle=0.0, drop_late=0.0, stands_down=0.0)
    for week in (1, 10, 60):
        assert left(5_000, none, week) == (0.0, 0.0)
    assert left(5_000, settings(drop_early=1.0, stands_down=0.0), organiser=True) == (0.0, 0.0)


def test_people_of_ones_age_and_friends_keep_people_in():
    n = 40_000
    s = settings(drop_early=0.08, drop_alike=0.5, drop_friend=0.4, group_age_span=10.0)
    friends = no_ties(n)
    for i in range(0, n, 2):
        connect(friends.strong, friends.strong_degree, i, i + 1)
    assert left(n, s, age=40, mean_age=50.5)[0] == near(0.08, n)
    assert left(n, s, age=40, mean_age=50.0)[0] == near(0.04, n)
    assert left(n, s, ties=friends)[0] == near(0.032, n)
    assert left(n, s, ties=friends, mean_age=40.0)[0] == near(0.016, n)


@pytest.mark.parametrize(
    ("members", "organisers", "burden"), [(12, 1, 0.0), (24, 1, 1.0), (36, 2, 0.5), (3, 2, 0.0)]
)
def test_organisers_stand_down_sooner_when_they_carry_too_many(members, organisers, burden):
    s = settings(stands_down=0.03, organiser_overload=1.5, organiser_share=12.0)
    gone, down = left(40_000, s, organiser=True, energy=0.2, members=members, organisers=organisers)
    assert down == near(0.03 * (1 + 1.5 * burden) * 1.3, 40_000) and gone == 0.0


# Asking along


def test_a_household_counts_once_as_a_source():
    ties = no_ties(6)
    for j in range(1, 6):
        connect(ties.strong, ties.strong_degree, 0, j)
    household = np.array([0, 7, 7, 8, 8, 9], np.int32)

    def found(*members: int) -> int:
        group = np.full(6, -1, np.int32)
        group[list(members)] = 0
        return int(sources(0, group, ties.strong, ties.strong_degree, household))

    assert [found(), found(1), found(1, 2), found(1, 3), found(1, 2, 3, 4), found(1, 2, 3, 4, 5)] == [
        0,
        1,
        1,
        2,
        2,
        3,
    ]


def accepting(n: int, in_group: int, mode: int, s: founding.GroupSettings, known: bool = False, group_of: int = 1,
              **who: object) -> np.ndarray:  # fmt: skip
    """(n,) bool: which of n people alike, each with four friends of whom `in_group` are in group `group_of`, join
    group 0."""
    total = 5 * n
    ties, group = no_ties(total), np.full(total, -1, np.int32)
    for i in range(n):
        for k in range(4):
            connect(ties.strong, ties.strong_degree, i, n + 4 * i + k)
            group[n + 4 * i + k] = group_of if k < in_group else -1
    column = {"age": 40, "sex": 1, "disability": 0, "knowhow": 0.0, "x": 0.0, "y": 0.0, "motivation": 0.0,
              "threshold": 0.25, "kind": 0, **who}  # fmt: skip
    persuading = PersuasionSettings(mode, 1.0, 0.08, 0.35, 0.03, 0.7)

    def full(name: str, dtype: type) -> np.ndarray:
        return np.full(total, column[name], dtype)

    ids = np.arange(total, dtype=np.int32)
    people = AskedPeople(ids, full("age", np.uint8), full("sex", np.uint8), full("disability", np.uint8),
                         full("knowhow", np.float32), ids, full("x", np.float32), full("y", np.float32),
                         full("motivation", np.float32), full("threshold", np.float32), np.zeros(total, np.uint8),
                         group, np.zeros(total, np.int32))  # fmt: skip
    offer, network = Offer(0, int(column["kind"]), 0.0, 0.0, 77, 5), Network(*columns_of(Network, ties))
    return np.array([accepts(i, offer, known, s, persuading, KEY, people, network) for i in range(n)])


def logistic(u: float) -> float:
    return 1 / (1 + math.exp(-u))


@pytest.mark.parametrize(
    ("who", "u"),
    [
        ({}, 0.0),
        ({"sex": 0}, P.uptake_female),
        ({"sex": 0, "kind": 4}, 0.0),
        ({"age": 55}, P.uptake_older),
        ({"age": 85}, 0.0),
        ({"disability": 2}, P.uptake_limited),
        ({"knowhow": 2.0}, 2.0 * P.uptake_knowhow),
        ({"motivation": -3.0}, -3.0 * P.uptake_motivation),
        ({"known": True}, P.uptake_friend),
        ({"x": 3000.0, "y": 4000.0}, 5.0 * P.uptake_distance),
        ({"x": 600.0, "y": 800.0}, P.detour * P.uptake_distance),
    ],
)
def test_who_joins_when_asked_follows_the_logit(who, u):
    n = 4_000
    assert accepting(n, 0, NONE, settings(group_uptake=-0.5), **who).mean() == near(logistic(-0.5 + u), n)


def test_one_friend_is_never_enough_for_reinforcement_and_two_are():
    n = 4_000
    s = settings(group_uptake=-1.0, uptake_reinforced=4.0, novelty=0.1)
    nobody, one, two, three = (accepting(n, k, COMPLEX, s) for k in (0, 1, 2, 3))
    assert (one == nobody).all() and one.mean() == near(logistic(-1.0), n)
    assert two.mean() > 0.5 + logistic(-1.0) and (two >= one).all() and (three >= two).all()
    # A friend in the very group counts besides, as anybody's friend does.
    assert accepting(n, 1, COMPLEX, s, group_of=0).mean() == near(logistic(-1.0 + P.uptake_friend), n)


def invited(
    n: int, limit: int, energy: float = 0.5, autonomy: float = 1.0, s=None, ill: bool = False
) -> np.ndarray:
    """Rows who join when n members, each with one friend, ask along."""
    s = settings(group_invite=0.4, invite_strong=1.0, group_uptake=50.0) if s is None else s
    ties = no_ties(2 * n)
    for i in range(n):
        connect(ties.strong, ties.strong_degree, i, n + i)
    ids, zero = np.arange(2 * n, dtype=np.int32), np.zeros(2 * n, np.float32)
    group = np.where(ids < n, 0, -1).astype(np.int32)
    small = zero.astype(np.uint8)
    people = AskedPeople(
        ids, small + 40, small, small, zero, ids, zero, zero, zero, zero, small + ill, group, ids * 0
    )
    groups = Inviting(energy=np.array([energy]), limit=np.array([limit]), kind=np.array([0]), founder=np.array([0]),
                      founded=np.array([0]), autonomy=np.array([autonomy]), members=np.array([n]), east=np.zeros(1),
                      north=np.zeros(1))  # fmt: skip
    joined = invite(np.arange(n), s, PersuasionSettings(NONE, 1.0, 0.08, 0.35, 0.03, 0.7), KEY, KEY, 4, people, groups,
                    columns_of(Network, ties))  # fmt: skip
    assert (group[joined] == 0).all() and (group >= 0).sum() == n + len(joined)
    return joined


def test_members_ask_by_energy_and_autonomy():
    n = 20_000
    for energy, autonomy in ((0.5, 1.0), (0.0, 1.0), (1.0, 0.5)):
        assert len(invited(n, 10 * n, energy, autonomy)) / n == near(0.4 * (0.5 + energy) * autonomy, n)
    assert len(invited(n, 10 * n, autonomy=0.0)) == 0


def test_a_full_group_invites_nobody_and_one_with_a_place_takes_one():
    assert len(invited(500, 500)) == 0
    assert len(invited(500, 499)) == 0
    assert len(invited(500, 501)) == 1
    assert len(invited(500, 1000, ill=True)) == 0


# Organising


def brought_on(n: int, weeks: int, s: founding.GroupSettings, since: int = 0, boost: float = 1.0,
               knowhow: float = 0.0) -> list[int]:  # fmt: skip
    """How many organisers a group of n has after each week, starting with one."""
    organiser = (np.arange(n) == 0).astype(np.uint8)
    counts = []
    people = Members(np.arange(n, dtype=np.int32), np.zeros(n, np.uint8), np.full(n, knowhow, np.float32),
                     np.zeros(n, np.int32), np.full(n, since, np.int32), organiser)  # fmt: skip
    for week in range(weeks):
        bring_on(np.arange(n), np.array([0, n]), s, KEY, week, np.array([boost]), np.array([1.0]), people)
        assert set(organiser.tolist()) <= {0, 1}
        counts.append(int(organiser.sum()))
    return counts


def test_nobody_is_asked_to_organise_before_their_weeks_are_up():
    always = settings(organiser_develops=1.0, organiser_accepts=1.0, organiser_tenure=12)
    assert brought_on(500, 12, always) == [1] * 12
    assert brought_on(500, 13, always)[-1] == 2


def test_who_agrees_asks_others_from_the_next_week_on():
    # Everybody asks every week and everybody agrees: at most twice as many a week, and at first just so.
    counts = brought_on(2_000, 5, settings(organiser_develops=1.0, organiser_accepts=1.0, organiser_tenure=0))
    assert counts[:3] == [2, 4, 8] and all(
        after <= 2 * before for before, after in itertools.pairwise(counts)
    )
    assert brought_on(2_000, 20, settings(organiser_develops=0.0)) == [1] * 20


def test_knowhow_makes_the_civic_core():
    s = settings(found_knowhow=0.5)
    for knowhow, times in (
        (0.0, 1.0),
        (1.0, math.exp(0.5)),
        (2.0, math.e),
        (4.0, math.e),
        (-3.0, math.exp(-1.0)),
    ):
        assert civic(np.float32(knowhow), s) == pytest.approx(times, rel=1e-9)


def test_groups_are_started_at_the_rate_by_active_people_outside():
    n, rate = 200_000, 0.01
    ids, founding_now = np.arange(n, dtype=np.int32), np.empty(n, np.uint8)
    moving, ill = (ids % 2).astype(np.uint8), (ids % 3 == 0).astype(np.uint8)
    group = np.where(ids % 5 == 0, 0, -1).astype(np.int32)
    able = (moving > 0) & (ill == 0) & (group < 0)
    for knowhow, spur, times in ((0.0, 0.0, 1.0), (1.0, 0.0, math.exp(0.5)), (0.0, 5.0, 6.0)):
        added = np.full(n, 1.0 + spur) if spur else np.zeros(0)
        people = Founding(ids, np.full(n, knowhow, np.float32), ill, group, moving, added)
        seek(0, n, settings(found_knowhow=0.5), KEY, 9, rate, 1.0 + spur, people, founding_now)
        assert not founding_now[~able].any()
        assert founding_now[able].mean() == near(rate * times, able.sum())


def test_people_try_to_start_groups_at_the_rates_of_the_ledger_first_at_once_then_over_a_year(monkeypatch):
    n, tried = 100_000, []
    state = town(np.full(n, -1), found_knowhow=0.0, groups_start=3.5, group_found=6.0)
    state.keys["groups"], state.quantities = KEY, SimpleNamespace(of=lambda name: None)
    state.chunks = SimpleNamespace(run=lambda kernel, *arguments: kernel(0, n, *arguments))
    people = state.people
    people.knowhow, people.ill = np.zeros(n, np.float32), np.zeros(n, np.uint8)
    people.moving = (people.id % 2 == 0).astype(np.uint8)
    monkeypatch.setattr(
        movement, "try_to_found", lambda state, s, head, origin: tried.append((state.clock, head))
    )
    for state.clock in range(53):
        movement._found(state, SETTINGS._replace(found_knowhow=0.0))
    clock, head = np.array(tried).T
    assert (clock == 0).sum() / n == near(0.0035, n), "anybody, as the warm-up begins"
    assert (head[clock > 0] % 2 == 0).all()
    assert (clock > 0).sum() / (n // 2) == near(0.006 * 52 / 52.18, n // 2), "of those who move, in a year"


# Ending, splitting, stages


def ended(clock: int, organisers: int, energy: float, members: int = 3, **changes: float) -> float:
    """Share of many groups alike that end in one week."""
    many = 20_000
    group = np.repeat(np.arange(many), members)
    state = town(np.zeros(1, int), clock=clock, **changes)
    state.groups = Groups(**{name: np.zeros(many, getattr(Groups(), name).dtype) for name in
                             ("founder", "founded", "ended", "energy", "came")})  # fmt: skip
    state.groups.founder[:], state.groups.ended[:], state.groups.energy[:] = np.arange(many), -1, energy
    state.people.group = group.astype(np.int32)
    state.people.organiser = (np.arange(len(group)) % members < organisers).astype(np.uint8)
    movement._end(state, founding.members_of(state))
    gone = state.groups.ended == clock
    assert (state.people.group == np.where(gone[group], -1, group)).all()
    assert not state.people.organiser[gone[group]].any() and len(state.groups.events) == gone.sum()
    return float(gone.mean())


@pytest.mark.parametrize(("organisers", "rate"), [(1, P.group_ends), (0, P.group_ends_leaderless)])
def test_groups_end_by_the_hazard(organisers, rate):
    for energy in (0.0, 0.5, 1.0):
        assert ended(20, organisers, energy) == near(rate / 52.18 * (1.5 - energy), 20_000)
    assert ended(157, organisers, 0.5) == near(rate / 52.18, 20_000)
    assert ended(158, organisers, 0.5) == near(rate / 52.18 * P.group_ends_old, 20_000)


def test_one_alone_is_no_group():
    assert ended(20, 1, 1.0, members=1) == 1.0


def splitting(
    organisers: int, energy: float, members: int = 30, friends: int = 4, **changes: float
) -> SimpleNamespace:
    state = town(np.zeros(members, int), np.arange(members) < organisers, group_splits=0.2, **changes)
    state.groups.energy[:] = energy
    state.people.group_since = np.full(members, 2, np.int32)
    state.people.destination = np.full((6, members), -1, np.int32)
    state.keys["groups"], state.weight = KEY, np.full(members, 256)
    state.ties = no_ties(members)
    for head in range(organisers):
        for k in range(friends):
            connect(state.ties.strong, state.ties.strong_degree, head, organisers + friends * head + k)
    for state.clock in range(200):  # a fifth of weeks: some week comes
        movement._split(state, founding.members_of(state))
        if state.groups.n > 1:
            break
    return state


def test_a_full_group_splits_and_friends_of_the_one_who_goes_come_along():
    state = splitting(organisers=6, energy=0.8)
    people, (head,) = state.people, np.flatnonzero((state.people.group == 1) & (state.people.organiser > 0))
    assert state.groups.parent.tolist() == [-1, 0] and state.groups.founder[1] == head < 6
    assert (people.group[:6] == np.where(np.arange(6) == head, 1, 0)).all(), "other organisers stay"
    assert (people.group[state.ties.strong[head, :4]] == 1).all()
    assert (people.group_since == 2).all() and (people.group >= 0).all()
    assert state.groups.events[-1][1:] == ("split", 1, (people.group == 1).sum())


@pytest.mark.parametrize(("organisers", "energy", "members"), [(1, 0.8, 30), (3, 0.5, 30), (3, 0.8, 29)])
def test_a_group_does_not_split_without_two_organisers_energy_and_members(organisers, energy, members):
    assert splitting(organisers, energy, members).groups.n == 1


def test_stages_follow_age_energy_and_autonomy():
    groups = Groups()
    for values in (
        {"founded": 95, "energy": 0.9, "origin": 3},
        {"founded": 90, "energy": 0.9, "origin": 3},
        {"founded": 90, "energy": 0.1},
        {"founded": 0, "energy": 0.5},
        {"founded": 0, "energy": 0.49},
        {"founded": 0, "energy": 0.9, "autonomy": 0.4},
        {"founded": 0, "energy": 0.9, "ended": 60},
    ):
        groups.add(**values)
    assert [STAGES[stage] for stage in groups.stage(100, P)] == [
        "crisis", "emergence", "emergence", "impact", "declining", "institutionalised", "ended",
    ]  # fmt: skip


def test_a_copy_goes_its_own_way():
    groups = Groups()
    groups.add(founder=3, energy=0.5)
    twin = groups.copy()
    twin.energy[0] = 0.9
    twin.add(founder=4)
    twin.tell(1, "founded", 1, 3)
    assert groups.n == 1 and groups.energy.tolist() == [0.5] and groups.events == []


@pytest.mark.parametrize("setting", ["none", "living"])
def test_without_groups_nobody_is_in_one(erewash, quick, setting):
    values = {"groups": setting, "groups_start": 10.0, "group_uptake": 0.0}
    state = Neighbourhood(erewash, seed=4, sample=0.01, parameters=quick.with_values(values)).warm_up().state
    in_one = (state.people.group >= 0).sum()
    assert (state.groups.n > 0) == (in_one > 0) == (setting == "living")
    assert bool(state.people.group_sessions.any() or state.people.organiser.any()) == (setting == "living")


def test_groups_that_have_ended_stay_as_they_were():
    state = town(np.repeat([0, 1], 12), np.arange(24) % 12 == 0)
    state.groups.energy[:], state.groups.autonomy[:] = 0.3, 0.4
    state.groups.ended[1] = 5
    for _ in range(10):
        movement._feel(state, founding.members_of(state))
    assert state.groups.energy[0] < 0.3 and state.groups.autonomy[0] > 0.4
    assert state.groups.energy[1] == 0.3 and state.groups.autonomy[1] == 0.4


@pytest.mark.parametrize(
    ("spread", "risks"), [(0.0, (1.0, 1.0, 1.0)), (1.0, (1.5, 1.0, 0.5)), (2.0, (2.0, 1.0, 0.0))]
)
def test_energy_holds_members_as_far_as_the_ledger_says(spread, risks):
    n = 40_000
    for energy, risk in zip((0.0, 0.5, 1.0), risks, strict=True):
        gone, _ = left(n, settings(energy_holds=spread, drop_early=0.2), energy=energy)
        assert gone == near(0.2 * risk, n)


@pytest.mark.parametrize("along", [0.0, 1.0])
def test_who_goes_along_with_a_split_is_up_to_the_ledger(along):
    state = splitting(organisers=2, energy=0.8, split_along=along)
    friends = 4
    assert (state.people.group == 1).sum() == (1 + friends if along == 0.0 else 29)
