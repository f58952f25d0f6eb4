"""Repertoires under `repertoire: hurdle`: who does a kind at all, and what brings it in or takes it out."""

from __future__ import annotations

import numpy as np
import pytest
from altered import build, permuted, unequal

from model import Neighbourhood
from model.interventions import Campaign, Nothing, WalkingScheme
from model.kernels.life import Deciding, RepertoirePeople, RepertoireSettings, decide, learn
from model.machine.parallel import plain
from model.population.columns import KINDS
from model.processes import choice, repertoire
from model.rng import key

WALK, CYCLE, GARDEN = KINDS.index("walk_leisure"), KINDS.index("cycle"), KINDS.index("home_garden")
WALKS = WalkingScheme(groups=150, invite_per_week=0.5)
OFTEN = np.array([1.0, 0.0, -2.0, -1.0, -1.5, 0.5])
SETTINGS = RepertoireSettings(0.5, np.full(6, -1.0), OFTEN, np.zeros(6))


def of_people(n: int, given: float = 0.0, bits: int = 0) -> RepertoirePeople:
    """n people to whom who and where they are gives the same; taste is no part of it."""
    taste = np.random.default_rng(1).normal(0.0, 2.0, (6, n)).astype(np.float32)
    return RepertoirePeople(
        id=np.arange(n, dtype=np.int32), base=(taste - 1.0 + given).astype(np.float32), taste=taste,
        access=np.zeros((6, n), np.float32), unsafe=np.zeros(n, np.float32), repertoire=np.full(n, bits, np.uint8),
    )  # fmt: skip


def shares(bits: np.ndarray) -> np.ndarray:
    """(6,) share of people who have each kind."""
    return np.array([((bits >> kind) & 1).mean() for kind in range(6)])


def decided(people: RepertoirePeople, week: int = 0, takes_up: float = 1.0, gives_up: float = 1.0):
    for kind in range(6):
        n = len(people.id)
        occasion = Deciding(takes_up, gives_up, key(1, 0, "repertoire"), week, 0)
        decide(np.arange(n), np.full(n, kind), SETTINGS, occasion, people)
    return shares(people.repertoire)


@pytest.mark.parametrize("given", [-2.0, 0.0, 2.0])
def test_a_kind_decided_anew_is_in_with_the_chance_that_who_and_where_one_is_give(given):
    n = 40_000
    meant = 1.0 / (1.0 + np.exp(-(OFTEN + 0.5 * given)))
    wide = 4.0 * np.sqrt(meant * (1.0 - meant) / n)
    assert (np.abs(decided(of_people(n, given)) - meant) < wide).all()
    assert (np.abs(decided(of_people(n, given, bits=63)) - meant) < wide).all(), "whatever it was before"


def test_news_alone_brings_in_and_forgetting_alone_takes_out_and_both_alike_change_no_share():
    n = 40_000
    without, with_all = of_people(n), of_people(n, bits=63)
    chance = 1.0 / (1.0 + np.exp(-OFTEN))
    assert decided(without, takes_up=0.1, gives_up=0.0) == pytest.approx(0.1 * chance, abs=0.006)
    assert decided(with_all, takes_up=0.0, gives_up=0.1) == pytest.approx(
        1.0 - 0.1 * (1.0 - chance), abs=0.006
    )
    mixed = of_people(n)
    before = decided(mixed)
    for week in range(1, 30):
        after = decided(mixed, week, 0.1, 0.1)
    assert after == pytest.approx(before, abs=0.01)


def test_a_place_learned_counts_before_one_forgotten_and_only_for_its_kind():
    n, first = 3, np.array([0, 2, 4, 6, 8, 10, 12])
    sure = SETTINGS._replace(often=np.full(6, 50.0))
    people = of_people(n)
    before = np.array([0b0001, 0b0010, 0b0100], np.uint32)
    now = np.array([0b0010, 0b0010, 0b1000], np.uint32)
    learn(0, n, before, now, first, sure, Deciding(1.0, 1.0, key(1, 0, "repertoire"), 0, 6), people)
    assert people.repertoire.tolist() == [0b01, 0, 0b10]
    never = SETTINGS._replace(often=np.full(6, -50.0))
    people.repertoire[:] = 63
    learn(0, n, before, now, first, never, Deciding(1.0, 1.0, key(1, 0, "repertoire"), 1, 6), people)
    assert people.repertoire.tolist() == [63, 63, 63], "nobody gives up what they heard of"
    learn(0, n, before, np.zeros(n, np.uint32), first, never,
          Deciding(1.0, 1.0, key(1, 0, "repertoire"), 1, 6), people)  # fmt: skip
    assert people.repertoire.tolist() == [63 - 1, 63 - 1, 63 - 2]


# Whole towns


@pytest.fixture(scope="module")
def hurdle(erewash, quick):
    """A warmed-up town under the rule."""
    return Neighbourhood(
        erewash, seed=7, sample=0.03, parameters=quick.with_values({"repertoire": "hurdle"})
    ).warm_up()


def test_inside_a_repertoire_the_week_is_as_without_the_hurdle_and_outside_nothing_is_done(hurdle):
    state = hurdle.fork().state
    people, kernel = state.people, choice.choice
    people.group_sessions[:] = 0
    settings, week, columns = choice.choice_arguments(state)
    kernel(0, people.n, *plain((settings, week, columns)))
    held, minutes = people.sessions.copy(), people.minutes.copy()
    kernel(0, people.n, *plain((settings._replace(hurdle=0.0), week, columns)))
    inside = (people.repertoire >> np.arange(6)[:, None]) & 1 == 1
    assert np.array_equal(held, np.where(inside, people.sessions, 0))
    assert people.sessions[~inside].any() and not minutes[~inside].any()
    roomy = people.minutes.sum(axis=0) < 1000
    assert np.array_equal(minutes[:, roomy], np.where(inside, people.minutes, 0)[:, roomy])


def test_led_walks_reach_people_outside_and_a_week_of_them_brings_the_kind_in_at_its_chance(hurdle):
    arm = hurdle.fork([WALKS])
    arm.set_parameters(repertoire_company=0.3, repertoire_news=0.0)
    people = arm.state.people
    tried = gained = 0
    for _ in range(12):
        before = people.repertoire & 1
        arm.step()
        led = (people.group_sessions > 0) & (people.group_kind == WALK) & (before == 0)
        assert (people.minutes[WALK][led] > 0).all() and not people.sessions[WALK][led].any()
        tried, gained = tried + led.sum(), gained + (people.repertoire[led] & 1).sum()
    assert tried > 60
    assert gained / tried == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / tried) + 0.01)


def test_shares_stay_where_they_are_over_twenty_years_and_kinds_stay_decided_for_years(erewash, quick):
    numbers = quick.with_values({"repertoire": "hurdle", "groups": "none"})
    town = Neighbourhood(erewash, seed=5, sample=0.015, parameters=numbers).warm_up()
    people = town.state.people
    first = people.repertoire.copy()
    yearly = []
    for _ in range(20):
        yearly.append(shares(people.repertoire))
        town.run(52)
    noise = np.sqrt(0.25 / people.n)
    early, late = np.mean(yearly[:5], axis=0), np.mean(yearly[15:], axis=0)
    assert np.abs(late - early).max() < 3.5 * noise
    # Of those who were in or out at first, more than chance alone still are; and not all.
    same = np.array([(((people.repertoire ^ first) >> kind) & 1 == 0).mean() for kind in range(6)])
    chance = yearly[0] * shares(people.repertoire) + (1 - yearly[0]) * (1 - shares(people.repertoire))
    assert (same > chance).all() and (same < 0.97).all()


def test_people_who_do_nothing_at_all_are_there_and_each_may_take_something_up(hurdle):
    people = hurdle.state.people
    nothing = np.flatnonzero(people.repertoire == 0)
    assert 0.01 < len(nothing) / people.n < 0.4
    later = hurdle.fork().run(300).state.people
    assert (later.repertoire[nothing] != 0).mean() > 0.1


def test_better_surroundings_bring_more_people_in_when_they_decide(hurdle):
    rows = np.arange(hurdle.state.people.n)
    shown = []
    for more in (0.0, 2.0):
        arm = hurdle.fork()
        arm.state.people.base += np.float32(more)
        repertoire.live(arm.state, rows, np.full(rows.size, CYCLE))
        shown.append(shares(arm.state.people.repertoire))
    assert shown[1][CYCLE] > shown[0][CYCLE] + 0.02
    assert np.array_equal(np.delete(shown[1], CYCLE), np.delete(shown[0], CYCLE))


def test_the_rule_of_today_knows_no_repertoires(town, erewash, quick):
    assert not town.fork([WALKS]).run(4).state.people.repertoire.any()
    arm = Neighbourhood(erewash, seed=2, sample=0.01, parameters=quick).warm_up()
    arm.set_parameters(repertoire="hurdle")
    bits = arm.state.people.repertoire
    assert (
        0.3 < shares(bits)[WALK] < 0.95
        and not arm.state.people.habit[GARDEN][(bits >> GARDEN) & 1 == 0].any()
    )
    arm.set_parameters(repertoire="none")
    assert not arm.state.people.repertoire.any()


def test_a_plan_of_nothing_changes_nothing_and_neither_does_the_order_of_storage(erewash, quick):
    numbers = quick.with_values({"repertoire": "hurdle", "repertoire_news": 0.3, "repertoire_company": 0.3})
    town = Neighbourhood(erewash, seed=3, sample=0.004, parameters=numbers)
    order = np.random.default_rng(1).permutation(town.state.people.n)
    mixed = build(erewash, permuted(order), parameters=numbers, seed=3, sample=0.004)
    town.warm_up(), mixed.warm_up()
    assert unequal(town.fork([WALKS]).run(15), mixed.fork([WALKS]).run(15)) == []
    assert unequal(town.fork().run(8), town.fork([Nothing()]).run(8)) == []


def test_who_hears_by_a_campaign_thinks_it_over_as_who_hears_by_word_of_mouth(erewash, quick):
    numbers = quick.with_values({"repertoire": "hurdle", "repertoire_news": 0.3, "repertoire_company": 0.0})
    town = Neighbourhood(erewash, seed=5, sample=0.02, parameters=numbers).warm_up()
    walks = WalkingScheme(groups=60, invite_per_week=0.3)
    campaign = Campaign(about="programmes", reach_per_week=1.0)
    found = [
        shares(town.fork(plans).run(8).state.people.repertoire)[WALK]
        for plans in ([], [walks], [walks, campaign])
    ]
    assert found[1] > found[0] + 0.01 and found[2] > found[0] + 0.01
