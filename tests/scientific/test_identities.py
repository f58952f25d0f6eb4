"""Identities: what the rules give where algebra gives it too (more of them in tests/unit/test_kernels.py)."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from model import Neighbourhood
from model.arguments import columns_of
from model.delivery.programme import whole_places
from model.delivery.settings import When
from model.delivery.sites import nearest_site, whole
from model.interventions import AssetInvestment, SocialPrescribing, WalkingScheme
from model.kernels.choice import ChoicePeople, ChoiceSettings, ChoiceWeek, choice
from model.kernels.experience import ExperiencePeople, ExperienceSettings, experience
from model.kernels.life import LifePeople, LifeSettings, life
from model.kernels.news import NewsPeople, NewsPlaces, NewsSettings, news
from model.kernels.persuasion import COMPLEX, NONE, PersuasionPeople, PersuasionSettings, persuasion
from model.kernels.places import travel_minutes
from model.kernels.reading import ReadPeople, read_levels
from model.kernels.slots import Network
from model.outcomes.record import UNIT
from model.population.columns import ASSET_KINDS, ATTRIBUTES, KINDS
from model.population.status import COMPLETED, LEFT, MEMBER, WAITING
from model.processes.choice import crowd, place_settings
from model.processes.world import _season
from model.rng import key, uniform

N = 40_000
IDS = np.arange(N, dtype=np.int32)


# Persuasion


def persuaded(settings: PersuasionSettings, motivation: np.ndarray, weeks: int, strong=None, moving=None,
              threshold=None, mean: float = 0.0) -> np.ndarray:  # fmt: skip
    """Motivation after some weeks; without ties unless they are given."""
    n = len(motivation)
    strong = np.full((n, 12), -1, np.int32) if strong is None else strong
    degree = (strong >= 0).sum(axis=1).astype(np.uint8)
    moving = np.zeros(n, np.uint8) if moving is None else moving
    threshold = np.full(n, 0.5, np.float32) if threshold is None else threshold
    ties = Network(strong, degree, np.zeros(n + 1, np.int64), np.zeros(0, np.int32))
    people = PersuasionPeople(
        np.arange(n, dtype=np.int32), threshold, motivation, np.packbits(moving, bitorder="little")
    )
    for week in range(weeks):
        persuasion(0, n, settings, key(1, 0, "persuasion"), week, mean, people, ties)
    return motivation


def circle_of_friends(n: int) -> np.ndarray:
    """Everybody tied to everybody, n at most 13."""
    return np.array([[j for j in range(n) if j != i] + [-1] * (13 - n) for i in range(n)], np.int32)


def test_motivation_without_influence_goes_home_geometrically():
    settings = PersuasionSettings(NONE, 2.0, 0.08, 0.35, 0.03, 0.0)
    left = persuaded(settings, np.array([2.0, -1.0], np.float32), 40)
    assert left == pytest.approx(np.array([2.0, -1.0]) * 0.97**40, rel=1e-5)


def test_motivation_without_influence_keeps_its_stationary_spread():
    settings = PersuasionSettings(NONE, 2.0, 0.08, 0.35, 0.2, 0.7)
    spread = 0.7 / math.sqrt(1.0 - 0.8**2)
    end = persuaded(settings, np.zeros(N, np.float32), 60)
    assert end.std() == pytest.approx(spread, rel=4 / math.sqrt(2 * N))
    assert abs(end.mean()) < 4 * spread / math.sqrt(N)


def test_among_the_active_motivation_settles_at_the_pull():
    settings = PersuasionSettings(COMPLEX, 2.0, 0.05, 0.35, 0.03, 0.0)
    strong, moving = circle_of_friends(13), np.ones(13, np.uint8)
    end = persuaded(settings, np.zeros(13, np.float32), 600, strong, moving, mean=0.3)
    assert end == pytest.approx(2.0 * (1.0 / (1.0 + math.exp(-0.5 / 0.05)) - 0.3), rel=1e-4)


@pytest.mark.parametrize("seeds", [1, 2, 3, 6])
def test_thresholds_on_a_complete_graph_are_granovetters_recursion(seeds):
    # Sharp thresholds, motivation takes the pull at once, and whoever is pulled beyond a half moves from then on.
    n = 13
    thresholds = np.array([0.0] * seeds + [(k + 0.5) / 12 for k in range(1, n - seeds + 1)], np.float32)
    settings = PersuasionSettings(COMPLEX, 1.0, 1e-4, 0.35, 1.0, 0.0)
    moving = np.array([1] * seeds + [0] * (n - seeds), np.uint8)
    plain = moving.astype(bool)
    motivation = np.zeros(n, np.float32)
    for _ in range(n):
        motivation = persuaded(settings, motivation, 1, circle_of_friends(n), moving, thresholds)
        moving = ((motivation > 0.5) | (np.arange(n) < seeds)).astype(np.uint8)
        others = plain.sum() - plain
        plain = ((others >= 2) & (others / 12 > thresholds)) | (np.arange(n) < seeds)
        assert np.array_equal(moving.astype(bool), plain)
    # One alone convinces nobody; two or more set off the whole row of ever harder thresholds.
    assert plain.sum() == (1 if seeds == 1 else n)


def test_one_active_friend_pulls_nobody_however_low_the_threshold_and_two_do():
    settings, n = PersuasionSettings(COMPLEX, 1.0, 1e-4, 0.35, 1.0, 0.0), 5
    for active in range(4):
        moving = np.array([0] + [1] * active + [0] * (4 - active), np.uint8)
        pulled = persuaded(
            settings, np.zeros(n, np.float32), 1, circle_of_friends(n), moving, np.full(n, 0.01, np.float32)
        )
        assert pulled[0] == pytest.approx(float(active >= 2))


# Choice


def week_of(utility: float, n: int = N, length: float = 30.0, spread: float = 0.5, free: float = 1e9):
    """One week of n people whose utility of every kind is the same."""
    settings = ChoiceSettings(0.0, 0.0, 0.0, 0.0, spread, 0.25, 0.0, 0.0, 0.0, 0.0)
    zero, six = np.zeros(n, np.float32), np.zeros((6, n), np.float32)
    sessions, minutes = np.zeros((6, n), np.uint8), np.zeros((6, n), np.float32)
    flag, nowhere = np.zeros(n, np.uint8), np.full(n, -1, np.int32)
    week = ChoiceWeek(key(1, 0, "sessions"), key(1, 0, "minutes"), 3, np.full(6, 7, np.int64), np.zeros(6),
                      np.full(6, free), np.zeros((6, 0), np.float32), 1.0)  # fmt: skip
    people = ChoicePeople(
        id=np.arange(n, dtype=np.int32), work=flag, base=np.full((6, n), utility, np.float32), unsafe=zero, drift=zero,
        motivation=zero, habit=six, fitness=np.full(n, 0.5, np.float32), ill=flag,
        injured=flag, injured_kind=flag, company=six, repertoire=flag, access=six,
        destination=np.full((6, n), -1, np.int32), minutes_session=np.full((6, n), length, np.float32),
        group_sessions=flag, group_kind=flag, group_minutes=zero, group_place=nowhere, sessions=sessions,
        minutes=minutes, place=nowhere.copy(),
    )  # fmt: skip
    choice(0, n, settings, week, people)
    return sessions, minutes


@pytest.mark.parametrize("utility", [-3.0, -0.5, 0.0, 0.8, 4.0])
def test_sessions_are_binomial_in_the_logit(utility):
    sessions, _ = week_of(utility)
    p = 1.0 / (1.0 + math.exp(-utility))
    sd = math.sqrt(7 * p * (1 - p))
    for kind in range(6):
        assert sessions[kind].mean() == pytest.approx(7 * p, abs=4 * sd / math.sqrt(N))
    assert sessions.std() == pytest.approx(sd, rel=0.03)


def test_kinds_are_drawn_apart():
    sessions, minutes = week_of(0.0)
    apart = ~np.eye(6, dtype=bool)
    assert np.abs(np.corrcoef(sessions)[apart]).max() < 4.5 / math.sqrt(N)
    assert np.abs(np.corrcoef(minutes)[apart]).max() < 4.5 / math.sqrt(N)


def test_length_of_sessions_has_the_usual_mean():
    sessions, minutes = week_of(0.5)
    done = sessions > 0
    ratio = minutes[done] / (30.0 * sessions[done])
    assert ratio.mean() == pytest.approx(1.0, abs=0.005)
    one = sessions == 1
    assert np.log(minutes[one] / 30.0).std() == pytest.approx(0.5, rel=0.05)


def test_beyond_free_time_a_quarter_is_kept():
    _, freely = week_of(3.0, 500)
    _, squeezed = week_of(3.0, 500, free=400.0)
    total = freely.sum(axis=0, dtype=np.float64)
    kept = np.where(total > 400, 400 + 0.25 * (total - 400), total)
    assert squeezed.sum(axis=0, dtype=np.float64) == pytest.approx(kept, rel=1e-5)


# Places


def test_travel_takes_distance_over_speed(town):
    settings = place_settings(town.state)
    p = town.state.parameters
    on_foot = 1000 * p.detour / (p.walk_speed * 1000 / 60)
    walk, bicycle = (travel_minutes(1000.0, kind, settings.walk_m_min, 0, settings) for kind in (0, 2))
    assert walk == pytest.approx(on_foot) and bicycle == pytest.approx(on_foot / 3)
    by_car = travel_minutes(20_000.0, 3, settings.walk_m_min, 1, settings)
    assert by_car == pytest.approx(p.drive_wait + 20 * p.detour / p.drive_speed * 60)
    by_bus = travel_minutes(20_000.0, 3, settings.walk_m_min, 0, settings)
    assert by_bus == pytest.approx(p.bus_wait + 20 * p.detour / p.bus_speed * 60)


def test_the_way_to_a_meeting_place_is_in_kilometres_along_streets(town):
    state = town.state
    people, assets = state.people, state.assets
    sites = np.flatnonzero(assets.kind == ASSET_KINDS.index("library"))
    number, way_km = nearest_site(state, sites)
    east, north = people.x_m[:, None] - assets.x_m[sites], people.y_m[:, None] - assets.y_m[sites]
    straight_km = np.hypot(east.astype(float), north.astype(float)) / 1000
    assert len(sites) > 1 and np.array_equal(number, straight_km.argmin(axis=1))
    assert way_km == pytest.approx(state.parameters.detour * straight_km.min(axis=1), rel=1e-5)
    assert 0.2 < np.median(way_km) < 10


def test_reach_is_the_nearest_places_and_ties_stand_in_the_order_of_assets(erewash, quick):
    # Two parks at every point: each cell has ties, one of them at the edge of its six slots for parks and paths.
    twice = erewash.assets.loc[erewash.assets.index.repeat(2)].reset_index(drop=True)
    shuffled = twice.sample(frac=1.0, random_state=1).reset_index(drop=True)
    state = Neighbourhood(replace(erewash, assets=shuffled), seed=3, sample=0.003, parameters=quick).state
    reach, assets, place = state.candidates, state.assets, erewash
    serves = np.flatnonzero(np.isin(assets.kind, [0, 1, 2]))
    for cell in np.unique(state.people.cell):
        x, y = (cell % place.width + 0.5) * place.cell_m, (cell // place.width + 0.5) * place.cell_m
        metres = np.sqrt((assets.x_m[serves] - x) ** 2 + (assets.y_m[serves] - y) ** 2)
        nearest = np.lexsort((serves, metres))[:6]
        row = reach.cell_row[cell]
        assert np.array_equal(reach.asset[row, :6], serves[nearest])
        assert reach.distance_m[row, :6] == pytest.approx(metres[nearest], rel=1e-6)
        assert (reach.asset[row, 6:8] == -1).all()  # kept for places that plans open


def test_access_is_the_logsum_and_choices_are_logit_shares(erewash, quick):
    # Everybody knows one park only, each their nearest; the rest of its worth is the same for all.
    level = {"price_effect": 0.02, "quality_effect": 0.0, "step_free_effect": 0.0, "welcome_effect": 0.0,
             "crowding_effect": 0.0, "opening_effect": 0.0, "rethink_weeks": 1, "know_share": 0.0, "know_notice": 0.0,
             "know_forget": 0.0}  # fmt: skip
    parameters = quick.with_values(level)
    town = Neighbourhood(erewash, seed=3, sample=0.1, parameters=parameters)
    state, people = town.state, town.state.people
    people.knows[:] = 1
    town.advance()
    first = state.candidates.asset[state.cell_row, 0]
    metres = state.candidates.distance_m[state.cell_row, 0].astype(float)
    p = parameters
    speed = np.select([people.disability == 2, people.disability == 1],
                      [p.slow_disabled, 0.5 * (1 + p.slow_disabled)], 1.0)  # fmt: skip
    speed = speed * np.where(people.age >= 75, p.slow_old, 1.0) * p.walk_speed * 1000 / 60
    minutes = metres * p.detour / speed
    price = state.assets.now["price"][first]
    worth = 2.0 - minutes / p.travel_scale - p.price_effect * price * (2.0 - 2.0 * people.means)
    reached = minutes <= p.travel_limit
    share = np.where(reached, np.exp(worth) / (np.exp(worth) + math.exp(p.outside_walk)), 0.0)
    logsum = np.log(math.exp(p.outside_walk) + np.where(reached, np.exp(worth), 0.0))
    assert people.access[0] == pytest.approx(p.access_effect * logsum, abs=1e-5)
    went = people.destination[0] == first
    spread = math.sqrt((share * (1 - share)).sum())
    assert went.sum() == pytest.approx(share.sum(), abs=4 * spread)
    assert (people.destination[1:5] == -1).all()


def test_crowding_is_remembered_geometrically(town):
    arm = town.fork().run(1)
    state = arm.state
    state.assets.load[:] = 0.0
    memory = state.parameters.crowding_memory
    for _ in range(9):
        crowd(state, state.assets.visits)  # the same week again and again
    use = state.assets.visits / 256.0 / state.assets.now["capacity"]
    assert use.max() > 0
    assert state.assets.load == pytest.approx(use * (1 - (1 - memory) ** 9), rel=1e-9)


def test_twice_the_room_is_half_as_full(town):
    state = town.fork([]).state
    state.assets.load = np.zeros(state.assets.n)
    crowd(state, state.assets.visits)
    narrow, state.assets.load = state.assets.load, np.zeros(state.assets.n)
    state.assets.now = state.assets.now | {"capacity": 2 * state.assets.now["capacity"]}
    crowd(state, state.assets.visits)
    assert narrow.max() > 0 and state.assets.load == pytest.approx(narrow / 2, rel=1e-12)


def test_each_visit_of_a_week_is_counted_once(town):
    arm = town.fork([WalkingScheme(groups=60, invite_per_week=0.5)]).run(6)
    people, state = arm.state.people, arm.state
    weight = state.weight
    to_places = (people.sessions[:5] * (people.destination[:5] >= 0) * weight).sum()
    in_groups = (people.group_sessions * (people.group_place >= 0) * weight).sum()
    assert in_groups > 0
    assert state.assets.visits.sum() == to_places + in_groups


# World


def test_the_season_turns_once_a_year_around_nothing(town):
    state = town.fork().state
    seen = []
    for _ in range(522):  # ten years: leap days even out
        _season(state)
        seen.append(state.season[0])
        state.clock += 1
    seen = np.array(seen)
    top = state.parameters.season_effect * state.parameters.season_walk_leisure
    assert abs(seen.mean()) < 0.01 * top
    assert seen.max() == pytest.approx(top, rel=0.01) and seen.min() == pytest.approx(-top, rel=0.01)
    peaks = np.flatnonzero((seen[1:-1] > seen[:-2]) & (seen[1:-1] >= seen[2:]))
    assert np.diff(peaks).mean() == pytest.approx(52.18, abs=0.2)


def test_it_is_dark_in_winter_and_light_in_summer(erewash, quick):
    for day, darkness in ((date(2026, 1, 5), 1.0), (date(2026, 4, 8), 0.5), (date(2026, 7, 6), 0.0)):
        state = Neighbourhood(erewash, seed=3, sample=0.002, parameters=quick, start=day).state
        state.clock = state.warm_up_weeks
        _season(state)
        assert state.darkness == pytest.approx(darkness, abs=0.15)
        summer = state.season[KINDS.index("walk_leisure")] < 0
        assert summer == (day.month == 7) or day.month == 4


# Experience, life, reading, news


def test_habit_unused_halves_in_its_half_life():
    settings = ExperienceSettings(0.045, 0.05, 0.08, 150.0, 0.2, 0.05)
    habit = np.full((6, 1), 0.8, np.float32)
    nothing = np.zeros((6, 1), np.uint8)
    weeks = round(math.log(2) / 0.05)
    people = ExperiencePeople(nothing, np.zeros((6, 1), np.float32), np.zeros(1, np.uint8), np.zeros(1, np.uint8),
                              np.full((6, 1), -1, np.int32), habit, *np.zeros((2, 1), np.float32))  # fmt: skip
    for _ in range(weeks):
        experience(0, 1, settings, people, np.zeros(1))
    assert habit[:, 0] == pytest.approx(0.8 * math.exp(-0.05 * weeks), rel=1e-5)


def test_drift_forgets_a_year_at_the_rate_it_should():
    keep = 1.0 - 1.0 / (52.18 * 5.0)
    settings = LifeSettings(0.0, 1.0, 1.0, 1.0, keep, math.sqrt(1 - keep**2), 0.0)
    drift = np.random.default_rng(1).standard_normal(N).astype(np.float32)
    before = drift.copy()
    people = LifePeople(IDS, np.full(N, 40, np.uint8), np.zeros(N, np.uint8), np.zeros(N, np.uint8), drift,
                        np.zeros(N, np.uint8))  # fmt: skip
    for week in range(52):
        life(0, N, settings, key(1, 0, "life"), week, people)
    expected = keep**52
    assert np.corrcoef(before, drift)[0, 1] == pytest.approx(
        expected, abs=4 * (1 - expected**2) / math.sqrt(N)
    )


def test_four_equal_weeks_have_that_mean_and_three_do_not():
    minutes = np.zeros((6, 1), np.float32)
    minutes[0] = 120.0
    ring, garden = np.zeros((4, 1), np.float32), np.zeros((4, 1), np.float32)
    mean, level, moving = np.zeros(1, np.float32), np.zeros(1, np.uint8), np.zeros(1, np.uint8)
    seen = []
    for week in range(6):
        read_levels(0, 1, week % 4, False, ReadPeople(minutes, ring, garden, mean, level, moving))
        seen.append(float(mean[0]))
    assert seen == [30.0, 60.0, 90.0, 120.0, 120.0, 120.0]


def test_noticing_and_forgetting_keep_the_knowledge_people_start_with(erewash, quick):
    # A two-state Markov chain a place: noticed at rate n, forgotten at rate f, known n / (n + f) of the time.
    parameters = quick.with_values({"know_share": 0.0, "know_notice": 0.1, "know_forget": 0.01})
    state = Neighbourhood(erewash, seed=3, sample=0.1, parameters=parameters).state
    people, reach, none = state.people, state.candidates, np.full((6, state.people.n), -2, np.int32)
    slots = reach.asset.shape[1]

    def known() -> np.ndarray:
        return np.array([((people.knows >> np.uint32(slot)) & 1).mean() for slot in range(slots)])

    before = known()
    columns = NewsPeople(people.id, none, people.knows, state.cell_row, none)
    places = columns_of(NewsPlaces, reach, nearness=state.nearness, open=state.assets.now["open"])
    ties = columns_of(Network, state.ties)
    for week in range(60):
        news(0, people.n, NewsSettings(0.0, 0.1, 0.01), key(9, 0, "news"), week, columns, places, ties)
    noticed = 0.1 / slots * state.nearness[state.cell_row] * (reach.asset[state.cell_row] >= 0)
    share = (noticed / (noticed + 0.01)).mean(axis=0)
    room = 4.5 * np.sqrt(0.25 / people.n)
    assert np.abs(before - share).max() < room
    assert np.abs(known() - share).max() < room


# Programmes, money and the record


def test_whole_numbers_add_up_and_stay_near_their_shares():
    draw = np.random.default_rng(2)
    for total in (0, 1, 7, 100, 1234):
        shares = draw.random(37)
        parts = whole(shares, total)
        assert parts.sum() == total
        assert np.abs(parts - shares / shares.sum() * total).max() <= 1.0


@pytest.mark.parametrize("per_week", [0.0, 0.3, 1.0, 2.75, 8.65])
def test_whole_places_come_as_often_as_planned(per_week):
    for when in (
        When(),
        When(start_week=3, ramp_weeks=13, weeks=90),
        When(start_week=1, ramp_weeks=60, weeks=60),
    ):
        coming = [whole_places(per_week, when, week) for week in range(104)]
        planned = np.cumsum([per_week * when.strength(week) for week in range(104)])
        assert np.abs(np.cumsum(coming) - planned).max() < 0.5 + 1e-6


def test_people_who_start_a_plan_complete_it_when_it_ends(town):
    arm = town.fork([SocialPrescribing(link_workers=30, plan_weeks=7, sessions=3)]).run(30)
    flows = arm.record().flows
    assert flows["joined"].sum() > 0
    assert flows["completed"][7:] == pytest.approx(flows["joined"][:-7])
    # Stock and flow: those who began in the last seven weeks are on a plan.
    started = np.cumsum(flows["joined"])
    assert flows["members"][7:] == pytest.approx(started[7:] - started[:-7])


@pytest.mark.parametrize(("plan_weeks", "sessions"), [(26, 9), (12, 12), (6, 1), (20, 6)])
def test_a_plan_has_as_many_meetings_as_it_says(town, plan_weeks, sessions):
    arm = town.fork([SocialPrescribing(plan_weeks=plan_weeks, sessions=sessions)])
    state, programme = arm.state, arm.state.programmes[0]
    before = state.people.motivation.copy()
    programme.status[:50], programme.since[:50] = MEMBER, state.clock
    for _ in range(plan_weeks + 3):
        state.clock += 1
        programme._plans(state)
    gained = state.people.motivation - before
    assert gained[:50] == pytest.approx(sessions * state.parameters.plan_gain, abs=1e-4)
    assert not gained[50:].any()
    assert (programme.status[:50] == COMPLETED).all()


def test_members_leave_at_the_early_chance_in_their_first_six_weeks(town):
    # Those who join in week 0 meet the chance of leaving first in week 1: six early weeks, then the middle ones.
    arm = town.fork([WalkingScheme(groups=300, invite_per_week=1.0)]).run(1)
    programme, p = arm.state.programmes[0], arm.state.parameters
    cohort = programme.status == MEMBER
    stay = cohort.copy()
    for tenure in range(1, 9):
        u = uniform(programme.key, arm.state.people.id, arm.state.clock, slot=1)
        stay &= u >= (p.drop_early if tenure <= 6 else p.drop_middle) * programme.risk
        arm.run(1)
        assert np.array_equal(programme.status[cohort] == MEMBER, stay[cohort]), tenure
    assert 0 < stay.sum() < cohort.sum()


def test_places_go_to_those_who_waited_longest_and_then_to_the_keenest(town):
    arm = town.fork([WalkingScheme(groups=5)])
    (programme,) = arm.state.programmes
    rows, room = np.arange(6), np.zeros(len(programme.site_asset))
    programme.site[rows], programme.status[rows] = 0, WAITING
    programme.asked[rows], programme.draw[rows] = [3, 1, 2, 1, 5, 4], [0.1, 0.9, 0.2, 0.5, 0.05, 0.3]
    for places, members in ((1, {3}), (2, {3, 1}), (4, {3, 1, 2, 0})):
        room[0] = places
        programme.admit(arm.state, room)
        assert set(np.flatnonzero(programme.status == MEMBER)) == members


def test_nobody_is_lost_from_the_books_of_walks(town):
    arm = town.fork([WalkingScheme(groups=60, invite_per_week=0.3, length_weeks=8)]).run(26)
    programme, flows = arm.state.programmes[0], arm.record().flows
    ever = programme.joined_ever
    assert set(np.unique(programme.status[ever])) == {MEMBER, LEFT, COMPLETED}
    assert not np.isin(programme.status[~ever], [MEMBER, COMPLETED]).any()
    assert flows["joined"].sum() == pytest.approx(arm.state.weight[ever].sum() / UNIT)
    assert flows["completed"].sum() == pytest.approx(
        arm.state.weight[programme.status == COMPLETED].sum() / UNIT
    )
    waiting = arm.state.weight[programme.status == WAITING].sum() / UNIT
    assert flows["waiting"][-1] == pytest.approx(waiting)


@pytest.mark.parametrize(
    "when", [{}, {"start_week": 4, "weeks": 9}, {"start_week": 2, "weeks": 12, "ramp_weeks": 6}]
)
def test_what_was_spent_is_what_was_planned(town, when):
    plans = [
        WalkingScheme(groups=12, when=when),
        SocialPrescribing(when=when),
        AssetInvestment(count=3, when=when),
    ]
    spent = town.fork(plans).run(20).record().flows["cost"].sum()
    assert spent == pytest.approx(sum(plan.planned_cost(20) for plan in plans))
    assert spent > 0


def test_every_attribute_counts_everybody_once_a_week(town):
    record = town.fork([WalkingScheme(groups=40)]).run(6).record()
    everybody = record.counts[:, record.index("all")]
    for group in [*ATTRIBUTES, "zone"]:
        rows = [row for row, (name, _) in enumerate(record.strata) if name == group]
        assert np.array_equal(record.counts[:, rows].sum(axis=1), everybody), group
        assert np.array_equal(record.minutes[:, rows].sum(axis=1), record.minutes[:, record.index("all")]), (
            group
        )
    assert np.array_equal(everybody.sum(axis=1), np.full(6, town.state.counted.sum()))


def test_reach_is_those_who_joined_of_those_who_live_there(town):
    arm = town.fork([WalkingScheme(groups=80, invite_per_week=0.4)]).run(8)
    record, joined = arm.record(), arm.state.programmes[0].joined_ever
    weight, fifth = arm.state.counted, arm.state.people.imd_quintile
    for level in range(1, 6):
        here = fifth == level
        if here.any():
            assert record.reach[("imd_quintile", str(level))] == pytest.approx(
                weight[here & joined].sum() / weight[here].sum()
            )
    assert 0 < record.reach[("all", "all")] < 1
