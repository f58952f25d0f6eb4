"""Limits: nothing and everything, nobody and one, no ties, no weeks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from altered import alone, build, unequal, untied

from model import Neighbourhood
from model.interventions import AssetInvestment, SocialPrescribing, WalkingScheme
from model.population.status import COMPLETED, LEFT, MEMBER, NEVER, WAITING

EVERYBODY = {"invite_per_week": 1.0, "groups": 500, "group_size": 100}


def test_no_weeks_leave_an_empty_record(town):
    record = town.fork().run(0).record()
    assert record.weeks.shape == (0,)
    assert record.counts.shape == (0, len(record.strata), 3)
    assert all(len(flow) == 0 for flow in record.flows.values())


def test_one_resident_can_live_alone(erewash, quick):
    one = build(
        erewash, alone, seed=3, sample=0.001, parameters=quick, interventions=[WalkingScheme(**EVERYBODY)]
    )
    record = one.run(20).record()
    assert one.state.people.n == 1
    assert (record.counts[:, 0].sum(axis=1) == record.counts[0, 0].sum()).all()
    assert np.isfinite(one.state.people.minutes).all()


@pytest.mark.parametrize("contagion", ["complex", "simple", "linear"])
def test_without_ties_nobody_is_persuaded(erewash, quick, contagion):
    made = [build(erewash, untied, seed=3, sample=0.002, parameters=quick.with_values({"contagion": switch})).run(15)
            for switch in (contagion, "none")]  # fmt: skip
    assert made[0].state.mean_pressure == 0.0
    assert unequal(*made) == []


def test_without_ties_nobody_hears_by_word_of_mouth(erewash, quick):
    town = build(erewash, untied, seed=3, sample=0.002, parameters=quick)
    arm = town.warm_up().fork([WalkingScheme(groups=500, group_size=100, invite_per_week=0.0)]).run(15)
    assert not arm.state.programmes[0].aware.any()
    assert arm.record().flows["joined"].sum() == 0


def test_an_empty_zone_is_empty(erewash, quick):
    zones = erewash.zones.copy()
    zones.loc[4, "residents"] = 0
    town = Neighbourhood(replace(erewash, zones=zones), seed=3, sample=0.003, parameters=quick)
    town.warm_up()
    arm = town.fork([WalkingScheme(groups=20, where={"zones": [str(zones["code"][4])]})]).run(6)
    record = arm.record()
    empty = record.index("zone", str(zones["code"][4]))
    assert not (town.state.people.zone == 4).any()
    assert record.counts[:, empty].sum() == 0
    assert np.isnan(record.shares()[:, empty]).all()
    assert record.flows["joined"].sum() == 0


def test_a_plan_for_nobody_reaches_nobody(town):
    arm = town.fork([
        WalkingScheme(**EVERYBODY, who={"age": {"min": 110}}),
        SocialPrescribing(link_workers=200, who={"age": {"min": 110}}),
    ]).run(10)  # fmt: skip
    assert arm.record().flows["joined"].sum() == 0
    assert unequal(arm, town.fork().run(10)) == []


def test_an_invitation_to_everybody_reaches_everybody_at_once(town):
    arm = town.fork([WalkingScheme(**EVERYBODY)]).run(1)
    assert arm.state.programmes[0].aware.all()


def test_attendance_of_one_and_of_almost_none(town):
    for chance, share in ((0.9, 0.9), (0.28, 0.28)):
        arm = town.fork([WalkingScheme(**EVERYBODY)]).run(1)
        arm.state.parameters = arm.state.parameters.with_values({"attendance": chance})
        programme = arm.state.programmes[0]
        programme.status[:] = MEMBER
        arm.state.people.ill[:] = 0
        programme.turn_up(arm.state, programme.status, 1, 60.0)
        assert arm.state.people.group_sessions.mean() == pytest.approx(share, abs=0.04)


def test_nobody_ill_turns_up(town):
    arm = town.fork([WalkingScheme(**EVERYBODY)]).run(1)
    programme, people = arm.state.programmes[0], arm.state.people
    programme.status[:] = MEMBER
    people.ill[:] = 1
    people.group_sessions[:] = 0
    programme.turn_up(arm.state, programme.status, 7, 60.0)
    assert not people.group_sessions.any()


def test_when_all_refuse_nobody_starts(town):
    for settings in ({"accept": 0.0}, {"engage": 0.0}):
        arm = town.fork([SocialPrescribing(link_workers=200, **settings)]).run(6)
        status = arm.state.programmes[0].status
        assert set(np.unique(status)) == {NEVER, LEFT}
        assert arm.record().flows["joined"].sum() == 0


def test_when_all_accept_everybody_referred_starts(town):
    arm = town.fork([SocialPrescribing(link_workers=200, accept=1.0, engage=1.0, plan_weeks=40)]).run(6)
    assert set(np.unique(arm.state.programmes[0].status)) == {NEVER, MEMBER}


def test_no_link_workers_see_nobody(town):
    arm = town.fork([SocialPrescribing(link_workers=0.0)]).run(10)
    assert unequal(arm, town.fork().run(10)) == []
    assert arm.record().flows["cost"].sum() == 0


def test_no_news_and_no_forgetting_leave_knowledge_as_it_is(erewash, quick):
    still = quick.with_values({"know_share": 0.0, "know_notice": 0.0, "know_forget": 0.0})
    town = Neighbourhood(erewash, seed=3, sample=0.003, parameters=still)
    before = town.state.people.knows.copy()
    town.run(10)
    assert np.array_equal(before, town.state.people.knows)


def test_a_plan_beyond_the_end_does_and_costs_nothing(town):
    arm = town.fork([WalkingScheme(**EVERYBODY, when={"start_week": 12})]).run(12)
    assert unequal(arm, town.fork().run(12)) == []
    assert arm.record().flows["cost"].sum() == 0


def test_a_stay_of_one_week_ends_after_one_week(town):
    arm = town.fork([WalkingScheme(**EVERYBODY, length_weeks=1)]).run(8)
    programme = arm.state.programmes[0]
    assert set(np.unique(programme.status)) <= {NEVER, WAITING, MEMBER, LEFT, COMPLETED}
    members = programme.status == MEMBER
    assert (programme.since[members] == arm.state.clock - 1).all()


def test_a_price_of_nothing_is_nothing(town):
    arm = town.fork(
        [AssetInvestment(action="cheaper", kind="leisure_centre", count=200, price_change=-1.0)]
    ).run(1)
    centres = arm.state.assets.kind == 3
    assert centres.any() and (arm.state.assets.now["price"][centres] == 0.0).all()
    assert (arm.state.assets.now["price"][~centres] == arm.state.assets.offer["price"][~centres]).all()


def test_a_place_without_assets_can_be_lived_in(erewash, quick):
    bare = replace(erewash, assets=erewash.assets.iloc[:0].reset_index(drop=True))
    town = Neighbourhood(bare, seed=3, sample=0.002, parameters=quick).run(6)
    assert (town.state.people.destination == -1).all()
    assert not town.state.people.knows.any()
    assert town.state.people.minutes.sum() > 0
