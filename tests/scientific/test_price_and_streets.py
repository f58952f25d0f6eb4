"""Price, paths, open country and take-up under their switches: who gains, by what, and that a rule off moves nothing."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.measures import mechanisms
from model import Neighbourhood
from model.interventions import AssetInvestment, Barrier, SocialPrescribing, WalkingScheme
from model.population.columns import ASSET_KINDS, KINDS, WORK
from model.reference.surroundings import density_near
from model.rng import uniform

WALK, TRAVEL, CYCLE, GYM, SPORT = range(5)


@pytest.fixture(scope="module")
def ruled(erewash, quick):
    """Warmed-up towns under one switch each, by its name."""
    made = {}

    def town(**rule) -> Neighbourhood:
        name = str(sorted(rule.items()))
        if name not in made:
            numbers = quick.with_values(rule)
            made[name] = Neighbourhood(erewash, seed=7, sample=0.03, parameters=numbers).warm_up()
        return made[name].fork()

    return town


def sessions(town: Neighbourhood, weeks: int) -> np.ndarray:
    """(6, n) sessions of so many weeks."""
    done = np.zeros((len(KINDS), town.state.people.n))
    for _ in range(weeks):
        town.step()
        done += town.state.people.sessions
    return done


# Price


def gain_of_free_entry(town: Neighbourhood) -> np.ndarray:
    """(n,) sessions at gym and sport in half a year that free entry adds."""
    free = town.fork([Barrier(quantity="price", change=-100)])
    return (sessions(free, 26) - sessions(town, 26))[[GYM, SPORT]].sum(axis=0)


def test_free_entry_brings_people_who_did_not_go_and_the_poor_most(ruled):
    before, now = (ruled(offer_rule=rule) for rule in ("place", "going"))
    gains = {rule: gain_of_free_entry(town) for rule, town in (("place", before), ("going", now))}
    assert gains["going"].sum() > 4 * gains["place"].sum() > 0
    poor = now.state.people.means < 0.3
    went = sessions(ruled(offer_rule="going"), 4)[[GYM, SPORT]].sum(axis=0)
    for_each = [gains["going"][group].sum() / went[group].sum() for group in (poor, ~poor)]
    assert for_each[0] > 1.5 * for_each[1]


def test_the_price_of_the_place_in_use_and_its_upkeep_are_felt_as_written(ruled):
    without = ruled(offer_rule="going")
    without.set_parameters(offer_rule="place")
    felt = without.fork()
    felt.set_parameters(offer_rule="going")
    people, assets, p = felt.state.people, felt.state.assets, felt.state.parameters
    np.testing.assert_array_equal(people.destination, without.state.people.destination)
    for kind in range(5):
        at = people.destination[kind]
        price, kept = assets.now["price"][at], assets.now["upkeep"][at]
        logits = p.upkeep_going * (kept - 0.5) - p.price_going * price * (2.0 - 2.0 * people.means)
        difference = people.access[kind] - without.state.people.access[kind]
        np.testing.assert_allclose(difference, np.where(at >= 0, logits, 0.0), atol=2e-5)


def test_free_entry_in_the_reference_town_raises_visits_as_it_did_in_blackburn():
    from model.parameters import Parameters

    numbers = Parameters.default().with_values({"offer_rule": "going"})
    found = mechanisms.free_entry(mechanisms.town_of(numbers, 1, 0.05))
    assert 1.3 <= found["free_entry_visits"] <= 1.9


# Paths


def test_a_new_path_moves_those_who_live_near_and_hardly_the_others(ruled):
    path = AssetInvestment(action="new", kind="path", count=2)
    more = {}
    for rule in ("place", "door"):
        town = ruled(route_rule=rule, know_notice=2.0)
        new = town.fork([path])
        before, after = sessions(town, 40), sessions(new, 40)
        state = new.state
        rows = state.programmes[0].rows
        away = np.hypot(
            np.subtract.outer(state.people.x_m, state.assets.x_m[rows]),
            np.subtract.outer(state.people.y_m, state.assets.y_m[rows]),
        ).min(axis=1)
        gain = (after - before)[[WALK, TRAVEL, CYCLE]]
        more[rule] = [gain[:, away < 1000].mean(axis=1), gain[:, away > 4000].mean(axis=1)]
    near, far = (values.sum() for values in more["door"])
    assert near > 3 * more["place"][0].sum() > 0 and near > 8 * abs(far)
    assert (more["door"][0] > 0).all()


def test_a_path_adds_by_how_near_and_well_kept_it_is(town):
    without, felt = town.fork(), town.fork()
    without.set_parameters(route_rule="place", route_reach=0.8)
    felt.set_parameters(route_rule="door", route_reach=0.8)
    state, p = felt.state, felt.state.parameters
    people, assets, reach = state.people, state.assets, state.candidates
    fit = (people.disability == 0) & (people.age < 75)
    minutes_m = p.walk_speed * 1000 / 60 / p.detour
    ways = {}
    for kind, faster in ((WALK, 1.0), (CYCLE, 3.0)):
        way = np.zeros(people.n)
        for slot in range(reach.first[kind], reach.first[kind + 1]):
            asset, metres = (
                reach.asset[state.cell_row, slot],
                reach.distance_m[state.cell_row, slot].astype(float),
            )
            usable = (asset >= 0) & (assets.kind[asset] == ASSET_KINDS.index("path"))
            usable &= (people.knows >> np.uint32(slot)) & 1 == 1
            usable &= metres / (minutes_m * faster) <= p.travel_limit
            way = np.maximum(
                way, np.where(usable, assets.now["upkeep"][asset] * np.exp(-metres / 800.0), 0.0)
            )
        ways[kind] = way[fit]
    gain = (people.access - without.state.people.access)[:, fit]
    assert (ways[WALK] > 0.1).any() and (ways[WALK] == 0).any()
    np.testing.assert_allclose(gain[WALK], p.route_effect * ways[WALK], atol=2e-5)
    np.testing.assert_allclose(gain[TRAVEL], p.route_effect * p.route_travel * ways[WALK], atol=2e-5)
    np.testing.assert_allclose(gain[CYCLE], p.route_effect * ways[CYCLE], atol=2e-5)
    assert not gain[[GYM, SPORT]].any()


# Open country


def test_land_around_home_is_counted_as_the_plain_model_counts_it(erewash):
    np.testing.assert_array_equal(erewash.density_near, density_near(erewash))
    inside = erewash.layers["zone"].ravel() >= 0
    assert erewash.density_near[inside].max() > 3000 and erewash.density_near[inside].min() < 100


def test_walking_gains_what_the_land_and_a_dog_add_and_nothing_else_does(ruled, town):
    felt = town.fork()
    felt.set_parameters(country_rule="felt", country_quiet=0.0)
    state, p = felt.state, felt.state.parameters
    openness = p.country_half / (p.country_half + state.place.density_near[state.people.cell])
    lots = uniform(state.key("start/dog"), state.people.household)
    dog = lots < p.dog_town + (p.dog_country - p.dog_town) * openness
    gain = state.people.base - town.state.people.base
    np.testing.assert_allclose(gain[WALK], p.country_effect * openness + p.dog_effect * dog, atol=1e-5)
    assert not gain[1:].any() and 0.15 < dog.mean() < 0.35
    felt.set_parameters(country_quiet=0.5)
    assert (felt.state.people.base[CYCLE] >= town.state.people.base[CYCLE]).all()
    felt.set_parameters(country_rule="none")
    np.testing.assert_array_equal(felt.state.people.base, town.state.people.base)


# Take-up


def test_people_at_work_come_less_to_walks_on_weekday_mornings(town):
    walks = WalkingScheme(groups=100, invite_per_week=1.0)
    alike, by_group = town.fork(), town.fork()
    by_group.set_parameters(uptake_rule="by_group", uptake_working=-2.0)
    before, now = (arm.fork([walks]).state.programmes[0].lasting for arm in (alike, by_group))
    work = np.array(WORK)[town.state.people.work]
    lost = {"part_time": -1.0, "full_time": -2.0, "long_hours": -2.0}
    np.testing.assert_allclose(now - before, [lost.get(one, 0.0) for one in work], atol=1e-6)


def test_women_see_the_practice_more(town):
    by_group = town.fork()
    by_group.set_parameters(uptake_rule="by_group")
    rates = [
        arm.fork([SocialPrescribing(link_workers=5)]).state.programmes[0].rate for arm in (town, by_group)
    ]
    ratio = rates[1] / rates[0]
    women = town.state.people.sex == 0
    np.testing.assert_allclose(ratio[women], town.state.parameters.gp_visit_women, rtol=1e-6)
    assert (ratio[~women] == 1.0).all()


# A rule off


def test_a_rule_that_is_off_moves_nothing(erewash, quick):
    numbers = {
        "price_going": 2.0, "upkeep_going": 5.0, "route_effect": 5.0, "country_effect": 3.0, "country_quiet": 0.8,
        "dog_effect": 5.0, "uptake_working": -4.0, "gp_visit_women": 2.0,
    }  # fmt: skip
    plans = [
        WalkingScheme(groups=30),
        SocialPrescribing(link_workers=10),
        AssetInvestment(action="new", kind="path"),
    ]
    plain, other = (
        Neighbourhood(erewash, seed=7, sample=0.01, parameters=some, interventions=plans).run(6).state.people
        for some in (quick, quick.with_values(numbers))
    )
    for name in ("minutes", "base", "access", "destination", "motivation"):
        np.testing.assert_array_equal(getattr(plain, name), getattr(other, name))
