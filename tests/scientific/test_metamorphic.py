"""Metamorphic relations: a known change of the input changes the output in a known way, or not at all."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from altered import build, doubled, permuted, unequal, untied, with_a_stranger

from model import Neighbourhood
from model.interventions import AssetInvestment, Nothing, SocialPrescribing, WalkingScheme, When

WALKS = WalkingScheme(groups=80, invite_per_week=0.2)
LINKS = SocialPrescribing(link_workers=40, plan_weeks=10, sessions=5)
BETTER = AssetInvestment(action="improve", kind="park", count=20)
CHEAPER = AssetInvestment(action="cheaper", kind="leisure_centre", count=3)
NEW = AssetInvestment(action="new", kind="park", count=4)
ALL = (WALKS, LINKS, BETTER, CHEAPER, NEW)
ENDING = tuple(
    plan.model_copy(update={"when": When(weeks=weeks)})
    for plan, weeks in zip(ALL, (8, 13, 3, 3, 3), strict=True)
)
"""The same, with their money at an end in the middle."""
SMALL = {"seed": 3, "sample": 0.004}


def same_records(left: Neighbourhood, right: Neighbourhood) -> bool:
    a, b = left.record(), right.record()
    return all(np.array_equal(getattr(a, name), getattr(b, name))
               for name in ("counts", "minutes", "kind_minutes")) and all(
        np.array_equal(a.flows[name], b.flows[name]) for name in a.flows)  # fmt: skip


def joined(arm: Neighbourhood) -> np.ndarray:
    return arm.state.programmes[0].joined_ever


# Nothing given, nothing changed


def test_a_scheme_that_nobody_hears_of_changes_nothing(town):
    unheard = town.fork([WalkingScheme(groups=80, invite_per_week=0.0)]).run(20)
    assert unequal(unheard, town.fork().run(20)) == []


def test_a_null_plan_beside_others_changes_nothing(town):
    assert unequal(town.fork([*ALL, Nothing()]).run(12), town.fork(ALL).run(12)) == []


def test_an_improvement_of_nothing_changes_nothing(town):
    empty = AssetInvestment(action="improve", kind="park", count=50, upkeep_gain=0.0, welcome_gain=0.0)
    assert unequal(town.fork([empty]).run(12), town.fork().run(12)) == []


def test_a_fork_of_a_fork_goes_on_as_the_town_would(town):
    assert unequal(town.fork().run(5).fork().run(5), town.fork().run(10)) == []


def test_one_more_stranger_changes_nobody(erewash, quick):
    # Without contagion: the mean pressure is learnt over all residents, the stranger among them.
    parameters = quick.with_values({"contagion": "none"})
    left = build(erewash, lambda people, ties: (people, ties), parameters=parameters, **SMALL)
    right = build(erewash, with_a_stranger, parameters=parameters, **SMALL)
    left, right = left.warm_up().fork([BETTER, NEW]).run(12), right.warm_up().fork([BETTER, NEW]).run(12)
    assert right.state.people.n == left.state.people.n + 1
    assert unequal(left, right, rows=left.state.people.n) == []
    assert same_records(left, right)


# The same town told otherwise


@pytest.mark.parametrize(("plans", "leave_rule"), [((), "by_type"), (ALL, "by_type"), (ENDING, "one")])
def test_the_order_of_storage_changes_nothing(erewash, quick, plans, leave_rule):
    parameters = quick.with_values(
        {"leave_rule": leave_rule, "onward_groups": 0.5, "organiser_tenure": 4, "volunteers": 0.2}
    )
    plain = Neighbourhood(erewash, parameters=parameters, **SMALL)
    order = np.random.default_rng(1).permutation(plain.state.people.n)
    mixed = build(erewash, permuted(order), parameters=parameters, **SMALL)
    left, right = plain.warm_up().fork(plans).run(15), mixed.warm_up().fork(plans).run(15)
    assert unequal(left, right) == []
    assert same_records(left, right)


def test_two_towns_in_one_with_twice_the_room_are_the_town_twice(erewash, quick):
    roomy = replace(
        erewash, assets=erewash.assets.assign(capacity_week=2.0 * erewash.assets["capacity_week"])
    )
    one = Neighbourhood(erewash, parameters=quick, **SMALL).warm_up().fork([BETTER, CHEAPER]).run(15)
    two = build(roomy, doubled, parameters=quick, **SMALL).warm_up().fork([BETTER, CHEAPER]).run(15)
    n = one.state.people.n
    assert two.state.people.n == 2 * n
    assert np.array_equal(two.state.people.minutes, np.tile(one.state.people.minutes, 2))
    assert np.array_equal(two.state.people.motivation, np.tile(one.state.people.motivation, 2))
    assert np.array_equal(two.record().counts, 2 * one.record().counts)
    assert np.array_equal(two.state.assets.load, one.state.assets.load)


def test_the_codes_of_zones_are_only_names(erewash, quick):
    zones = erewash.zones.assign(code=[f"z{number}" for number in range(len(erewash.zones))])
    other = Neighbourhood(replace(erewash, zones=zones, name="elsewhere"), parameters=quick, **SMALL).run(8)
    assert unequal(other, Neighbourhood(erewash, parameters=quick, **SMALL).run(8)) == []


def test_without_contagion_and_news_ties_mean_nothing(erewash, quick):
    parameters = quick.with_values({"contagion": "none", "know_share": 0.0, "groups": "none"})
    tied = Neighbourhood(erewash, parameters=parameters, **SMALL).run(10)
    assert unequal(tied, build(erewash, untied, parameters=parameters, **SMALL).run(10)) == []


@pytest.mark.parametrize("plans", [(WALKS,), (LINKS,), (BETTER, CHEAPER)])
def test_plans_known_from_the_start_are_plans_brought_in_at_week_0(erewash, quick, plans):
    early = Neighbourhood(erewash, parameters=quick, interventions=plans, **SMALL).run(12)
    late = Neighbourhood(erewash, parameters=quick, **SMALL).warm_up().fork(plans).run(12)
    assert unequal(early, late) == []
    assert same_records(early, late)


def test_the_order_of_plans_changes_nothing(town):
    # Each has a name of its own: those without are told apart by their number among their kind.
    named = [plan.model_copy(update={"name": f"plan {number}"}) for number, plan in enumerate(ALL)]
    left, right = town.fork(named).run(12), town.fork(named[::-1]).run(12)
    assert unequal(left, right) == []
    assert same_records(left, right)


def test_the_order_of_plans_changes_nothing_for_people_in_both(town):
    plans = (
        WalkingScheme(groups=500, group_size=100, invite_per_week=1.0),
        SocialPrescribing(link_workers=200, plan_weeks=4, sessions=4),
    )
    left, right = town.fork(plans).run(20), town.fork(plans[::-1]).run(20)
    both = np.prod([programme.ever_joined(left.state) for programme in left.state.programmes], axis=0)
    assert both.sum() > 50
    assert unequal(left, right) == []


def test_a_split_horizon_with_plans_is_one_horizon(town):
    left, right = town.fork(ALL).run(12), town.fork(ALL).run(5).run(7)
    assert unequal(left, right) == []
    assert same_records(left, right)


def test_looking_changes_nothing(town):
    watched, left_alone = town.fork(ALL), town.fork(ALL).run(8)
    for _ in range(8):
        watched.run(1)
        watched.outcomes.share("inactive", by="imd_quintile")
        watched.record()
        _ = [resident.level for resident in list(watched.agents)[:50]]
        watched.fill_cells()
    assert unequal(watched, left_alone) == []


def test_the_definition_changes_no_behaviour_under_plans_for_everybody(erewash, quick):
    made = [Neighbourhood(erewash, parameters=quick, definition=name, **SMALL).warm_up().fork(ALL).run(12)
            for name in ("sport_england", "ohid")]  # fmt: skip
    assert set(unequal(*made)) <= {"minutes_mean", "level"}


# Money and words


def test_what_it_costs_changes_only_the_cost(town):
    cheap = town.fork([WALKS.model_copy(update={"cost": WALKS.cost.model_copy(update={"setup": 0.0})})]).run(
        10
    )
    dear = town.fork([WALKS]).run(10)
    assert unequal(cheap, dear) == []
    assert dear.record().flows["cost"].sum() - cheap.record().flows["cost"].sum() == pytest.approx(
        WALKS.price.setup
    )


def test_evidence_is_only_words(town):
    told = WALKS.model_copy(update={"evidence": ("a paper",)})
    assert unequal(town.fork([told]).run(8), town.fork([WALKS]).run(8)) == []


def test_another_name_is_other_luck(town):
    renamed = town.fork([WALKS.model_copy(update={"name": "other"})]).run(8)
    assert "group_sessions" in unequal(renamed, town.fork([WALKS]).run(8))


def test_programmes_and_the_parts_of_each_share_no_luck(town):
    plans = [
        WALKS,
        WALKS.model_copy(update={"name": "other"}),
        LINKS,
        LINKS.model_copy(update={"name": "more"}),
    ]
    programmes = town.fork(plans).state.programmes
    keys = [one for programme in programmes for one in (programme.key, programme.news_key)]
    assert len(set(keys)) == len(keys) == 8
    draws = [programme.draw for programme in programmes]
    draws += [lot for programme in programmes for lot in getattr(programme, "lots", {}).values()]
    alike = np.corrcoef(draws) - np.eye(len(draws))
    assert len(draws) == 10 and np.abs(alike).max() < 5 / town.state.people.n**0.5


# More never gives less


def test_more_groups_only_add_people_in_the_first_week(town):
    few, many = (town.fork([WalkingScheme(groups=groups, invite_per_week=0.5)]).run(1) for groups in (5, 100))
    assert joined(few).sum() < joined(many).sum()
    assert few.record().flows["joined"][0] < many.record().flows["joined"][0]


def test_more_places_in_the_same_groups_only_add_people(town):
    sizes = [town.fork([WalkingScheme(groups=20, group_size=size, invite_per_week=0.5)]).run(1)
             for size in (4, 12, 40)]  # fmt: skip
    for less, more in pairwise(sizes):
        assert joined(less).sum() < joined(more).sum()
        assert (joined(more) | ~joined(less)).all()


def test_more_link_workers_only_add_people_in_the_first_week(town):
    sizes = [town.fork([SocialPrescribing(link_workers=workers)]).run(1) for workers in (20, 60, 200)]
    for less, more in pairwise(sizes):
        assert joined(less).sum() < joined(more).sum()
        assert (joined(more) | ~joined(less)).all()


def test_a_louder_invitation_reaches_all_whom_a_softer_one_reaches(town):
    heard = [town.fork([WalkingScheme(invite_per_week=share)]).run(1).state.programmes[0].aware.astype(bool)
             for share in (0.05, 0.2, 0.8)]  # fmt: skip
    for less, more in pairwise(heard):
        assert less.sum() < more.sum() and (more | ~less).all()


def test_a_better_offer_never_lowers_access(erewash, quick):
    # Everybody thinks again every week, so that both arms choose with the same knowledge.
    parameters = quick.with_values({"rethink_weeks": 1})
    town = Neighbourhood(erewash, parameters=parameters, **SMALL).warm_up()
    before = town.fork().run(1).state.people.access
    for plan in (BETTER, CHEAPER, AssetInvestment(action="longer_hours", kind="club", count=9)):
        after = town.fork([plan]).run(1).state.people.access
        assert (after >= before).all() and (after > before).any()


def test_only_those_whom_a_new_place_wins_go_elsewhere(erewash, quick):
    parameters = quick.with_values({"rethink_weeks": 1})
    town = Neighbourhood(erewash, parameters=parameters, **SMALL).warm_up()
    standing = town.state.assets.n
    arms = town.fork(), town.fork([NEW])
    for arm in arms:
        arm.state.people.knows[:] = (
            0x3FFFFFFF  # everybody knows every place, so that the new ones are known at once
        )
        arm.run(1)
    before, after = (arm.state.people.destination for arm in arms)
    moved = before != after
    assert moved.any()
    assert (after[moved] >= standing).all()


def test_more_reason_to_stay_keeps_all_who_stayed(erewash, quick):
    kept = []
    for drop in (0.02, 0.058, 0.15):
        parameters = quick.with_values({"drop_early": drop})
        town = Neighbourhood(erewash, parameters=parameters, **SMALL).warm_up()
        arm = town.fork([WalkingScheme(groups=200, invite_per_week=1.0, group_size=60)]).run(2)
        kept.append(arm.state.programmes[0].status == 3)
    for less, more in pairwise(kept):
        assert less.sum() <= more.sum() and (more | ~less).all()
    assert kept[0].sum() < kept[2].sum()
