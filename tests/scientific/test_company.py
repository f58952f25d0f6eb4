"""Company under `company_rule: saturating`: it nears a ceiling, fades, spreads late, and takes the place of own sessions."""

from __future__ import annotations

import numpy as np
import pytest
from altered import build, permuted, unequal

from model import Neighbourhood
from model.interventions import Nothing, WalkingScheme
from model.kernels.choice import ChoicePeople, ChoiceSettings, ChoiceWeek, choice
from model.kernels.experience import CompanyPeople, CompanySettings, company
from model.population.columns import KINDS
from model.rng import key

WALK, CYCLE, GYM = KINDS.index("walk_leisure"), KINDS.index("cycle"), KINDS.index("gym")
RISE, SPREAD, HALF_LIFE = 0.15, 0.25, 20.0
SETTINGS = CompanySettings(RISE, SPREAD, 0.5 ** (1.0 / HALF_LIFE))
WALKS = WalkingScheme(groups=150, invite_per_week=0.5)


def weeks_of(sessions: list[int], kind: int = WALK, level: np.ndarray | None = None) -> np.ndarray:
    """(weeks, 6) company of one person after each week of so many `sessions` of a kind together."""
    held = np.zeros((6, 1), np.float32) if level is None else level.reshape(6, 1).astype(np.float32)
    course = []
    for came in sessions:
        people = CompanyPeople(np.array([came], np.uint8), np.array([kind], np.uint8), held)
        company(0, 1, SETTINGS, people)
        course.append(held[:, 0].copy())
    return np.array(course)


def test_company_rises_towards_its_ceiling_and_never_passes_it():
    once = weeks_of([1] * 300)[:, WALK]
    kept = SETTINGS.keep
    assert (np.diff(once[:60]) > 0).all() and once.max() <= 1.0
    assert once[-1] == pytest.approx(RISE / (1.0 - kept * (1.0 - RISE)), abs=1e-5)
    daily = weeks_of([7] * 300)[:, WALK]
    assert 0.97 < daily[-1] < 1.0
    assert weeks_of([255] * 300).max() <= 1.0


def test_half_of_it_is_gone_after_its_half_life_without_company():
    led = weeks_of([1] * 100)[-1]
    alone = weeks_of([0] * 40, level=led)
    assert alone[19, WALK] == pytest.approx(led[WALK] / 2, rel=1e-5)
    assert alone[39, WALK] == pytest.approx(led[WALK] / 4, rel=1e-5)
    assert (np.diff(alone[:, WALK]) < 0).all() and (alone[:, WALK] < led[WALK]).all()
    assert (np.delete(alone, WALK, axis=1) <= SPREAD * led[WALK]).all(), "nothing follows beyond its share"


def test_what_is_done_together_gains_before_anything_else():
    course = weeks_of([1] * 200)
    others = np.delete(course, WALK, axis=1)
    assert course[0, WALK] == pytest.approx(RISE) and not others[0].any()
    assert (others > 0)[1:].all() and (others < course[:, [WALK]]).all()
    behind = np.argmax(others[:, 0] > others[-1, 0] / 2)
    assert behind > np.argmax(course[:, WALK] > course[-1, WALK] / 2) + 5
    assert others[-1, 0] == pytest.approx(SPREAD * course[-1, WALK], rel=0.01)


def test_a_new_kind_together_is_apart_from_the_old():
    old = weeks_of([2] * 100)[-1]
    both = weeks_of([1] * 10, kind=GYM, level=old)
    assert both[-1, GYM] > weeks_of([0] * 10, level=old)[-1, GYM] + 0.5
    assert both[-1, WALK] == pytest.approx(old[WALK] * SETTINGS.keep**10, rel=1e-5)


def test_company_is_the_same_in_whatever_order_and_shares_people_are_worked_on():
    lots = np.random.default_rng(4)
    level = lots.random((6, 500)).astype(np.float32) * (lots.random(500) < 0.5)
    came, kind = lots.integers(0, 4, 500).astype(np.uint8), lots.integers(0, 5, 500).astype(np.uint8)
    whole, parts, turned = level.copy(), level.copy(), level[:, ::-1].copy()
    company(0, 500, SETTINGS, CompanyPeople(came, kind, whole))
    for lo, hi in ((300, 500), (0, 1), (1, 300)):
        company(lo, hi, SETTINGS, CompanyPeople(came, kind, parts))
    company(0, 500, SETTINGS, CompanyPeople(came[::-1].copy(), kind[::-1].copy(), turned))
    assert np.array_equal(whole, parts) and np.array_equal(whole, turned[:, ::-1])


# A week's choice


def week_of(
    n: int, base: float, level: float = 0.0, full: float = 0.0, replaced: float = 0.0, led: float = 0.0
):
    """Sessions and minutes (6, n) of n people; everybody has `led` minutes of walking in company."""
    settings = ChoiceSettings(0.0, 0.0, 0.0, 0.0, 0.5, 0.25, full, replaced, 0.0, 0.0)
    flat, six = np.zeros(n, np.float32), np.zeros((6, n), np.float32)
    flag, nowhere = np.zeros(n, np.uint8), np.full(n, -1, np.int32)
    week = ChoiceWeek(key(1, 0, "sessions"), key(1, 0, "minutes"), 3, np.full(6, 7, np.int64), np.zeros(6),
                      np.full(6, 1e9), np.zeros((6, 0), np.float32), 1.0)  # fmt: skip
    company = six.copy()
    company[WALK] = level
    people = ChoicePeople(
        id=np.arange(n, dtype=np.int32), work=flag, base=np.full((6, n), base, np.float32), unsafe=flat, drift=flat,
        motivation=flat, habit=six, fitness=np.full(n, 0.5, np.float32), ill=flag, injured=flag, injured_kind=flag,
        company=company, repertoire=flag, access=six, destination=np.full((6, n), -1, np.int32),
        minutes_session=np.full((6, n), 30.0, np.float32), group_sessions=np.full(n, led > 0, np.uint8),
        group_kind=np.full(n, WALK, np.uint8), group_minutes=np.full(n, led, np.float32), group_place=nowhere,
        sessions=np.zeros((6, n), np.uint8), minutes=six.copy(), place=nowhere.copy(),
    )  # fmt: skip
    choice(0, n, settings, week, people)
    return people.sessions, people.minutes.astype(float)


def test_full_company_is_worth_its_ceiling_in_logits_for_its_kind_alone():
    beside, _ = week_of(5000, 0.25, level=1.0, full=0.5)
    alone, _ = week_of(5000, 0.25)
    willing, _ = week_of(5000, 0.75)
    assert np.array_equal(beside[WALK], willing[WALK])
    assert np.array_equal(beside[1:], alone[1:])


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_of_the_minutes_of_a_led_walk_the_share_replaces_own_walking(share):
    n = 20_000
    before, own = week_of(n, -1.0)
    after, spent = week_of(n, -1.0, replaced=share, led=60.0)
    lost = np.minimum(share * 60.0, own[WALK])
    assert (own[WALK] == 0).any() and (lost == share * 60.0).any()
    assert spent[WALK] - own[WALK] == pytest.approx(60.0 - lost, abs=1e-3)
    assert np.array_equal(spent[1:], own[1:]) and np.array_equal(after[1:], before[1:])
    # Sessions go as minutes do: as many on average, never more than there are, and all where no minutes are left.
    part = np.divide(lost, own[WALK], where=own[WALK] > 0, out=np.zeros(n))
    gone = before[WALK].astype(int) - after[WALK]
    assert gone.mean() == pytest.approx((before[WALK] * part).mean(), abs=0.01)
    assert (gone >= 0).all() and (after[WALK][part == 1.0] == 0).all()


# Whole towns


@pytest.fixture(scope="module")
def saturating(erewash, quick):
    """A warmed-up town under the rule, where all company is a programme's."""
    numbers = quick.with_values({"company_rule": "saturating", "groups": "none"})
    return Neighbourhood(erewash, seed=7, sample=0.03, parameters=numbers).warm_up()


def test_the_first_walk_leaves_motivation_alone_and_gains_what_it_does_not_replace(saturating):
    without, with_walks = saturating.fork().run(2), saturating.fork([WALKS]).run(2)
    a, b = without.state.people, with_walks.state.people
    came = b.group_sessions > 0
    assert came.sum() > 30
    assert np.array_equal(a.motivation, b.motivation)
    assert (b.company[WALK][came] == np.float32(RISE)).all() and not b.company[WALK][~came].any()
    roomy = came & (b.minutes.sum(axis=0) < 1000) & (a.minutes.sum(axis=0) < 1000)
    lost = np.minimum(30.0, a.minutes[WALK])
    assert (b.minutes[WALK] - a.minutes[WALK])[roomy] == pytest.approx((60.0 - lost)[roomy], abs=1e-3)


def test_a_plan_of_nothing_changes_nothing_with_both_rules_on(erewash, quick):
    numbers = quick.with_values({"company_rule": "saturating", "setbacks": "some"})
    town = Neighbourhood(erewash, seed=3, sample=0.01, parameters=numbers).warm_up()
    assert town.state.people.company.any() and town.state.people.injured.any()
    assert unequal(town.fork().run(8), town.fork([Nothing()]).run(8)) == []


def test_the_rule_of_today_leaves_no_company_behind(town, saturating):
    assert not town.fork([WALKS]).run(4).state.people.company.any()
    arm = saturating.fork([WALKS]).run(4)
    assert arm.state.people.company.any()
    arm.set_parameters(company_rule="adding")
    assert not arm.state.people.company.any()


def test_the_order_of_storage_changes_nothing_with_both_rules_on(erewash, quick):
    numbers = quick.with_values({"company_rule": "saturating", "setbacks": "some", "injury_rate": 3.0})
    plain = Neighbourhood(erewash, parameters=numbers, seed=3, sample=0.004)
    order = np.random.default_rng(1).permutation(plain.state.people.n)
    mixed = build(erewash, permuted(order), parameters=numbers, seed=3, sample=0.004)
    left, right = plain.warm_up().fork([WALKS]).run(15), mixed.warm_up().fork([WALKS]).run(15)
    assert left.state.people.company.any() and left.state.programmes[0].tried.any()
    assert unequal(left, right) == []
