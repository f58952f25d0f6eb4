"""What plans leave behind by one rule for all: a place, a leader, and money or a volunteer; what is built stays and wears."""

from __future__ import annotations

import numpy as np
import pytest

from model import Neighbourhood
from model.interventions import AssetInvestment, SocialPrescribing
from model.parameters import Parameters
from model.population.groups import ORIGINS
from model.population.status import LEFT, MEMBER

ONE = {
    "leave_rule": "one", "warm_up_weeks": 8, "groups_start": 0.1, "group_found": 0.1, "drop_early": 0.02, "onward_share": 0.9,
    "organiser_tenure": 4.0, "gp_visit": 0.2,
}  # fmt: skip
LINKS = SocialPrescribing(link_workers=60, plan_weeks=8, sessions=4, onward=["community"], accept=1, engage=1,
                          when={"weeks": 20})  # fmt: skip


def town_of(erewash, sample=0.02, **more) -> Neighbourhood:
    numbers = Parameters.default().with_values({**ONE, **more})
    return Neighbourhood(erewash, seed=3, sample=sample, parameters=numbers).warm_up()


@pytest.fixture(scope="module")
def plain(erewash) -> Neighbourhood:
    """A warmed-up town by the one rule; tests fork it and leave it as it is."""
    return town_of(erewash)


def carried_on(erewash, volunteers: float) -> tuple[int, np.ndarray, Neighbourhood]:
    """People led on when the money ends, those of them in a group of their own after it, and the town."""
    town = town_of(erewash, volunteers=volunteers).fork([LINKS]).run(20)
    led_on = town.state.programmes[0].group > 0
    town.run(2)
    own = town.state.people.group
    from_plan = np.append(town.state.groups.origin == ORIGINS.index("programme"), False)
    return int(led_on.sum()), led_on & from_plan[own], town


def test_an_onward_group_ends_with_its_money_unless_somebody_organises_it(erewash):
    nobody, some = carried_on(erewash, 0.005), carried_on(erewash, 0.2)
    for people, _, town in (nobody, some):
        (programme,) = town.state.programmes
        assert people > 20
        assert not programme.group.any() and not programme.listed.any()
        assert not (programme.status == MEMBER).any() and (programme.status == LEFT).any()
        before = town.state.people.group_sessions.copy()
        assert (before[(programme.joined_ever) & (town.state.people.group < 0)] == 0).all()
    assert nobody[1].sum() < some[1].sum()
    groups, people = some[2].state.groups, some[2].state.people
    assert any(event == "carried on" for _, event, _, _ in groups.events)
    (led,) = np.nonzero(groups.origin == ORIGINS.index("programme"))
    first = led[groups.alive[led]][0]
    assert ((people.group == first) & (people.organiser > 0)).any()


def test_by_the_types_own_rule_it_is_free_and_stays(erewash):
    town = town_of(erewash, leave_rule="by_type").fork([LINKS]).run(24)
    assert town.state.programmes[0].group.sum() > 20
    assert LINKS.price_under(town.state.parameters) == LINKS.price


def test_onward_places_are_bounded_by_leaders_and_places(plain):
    town, most = plain.fork([LINKS]), 0
    s, p, sample = LINKS, plain.state.parameters, plain.state.sample
    (programme,) = town.state.programmes
    groups = s.paid_groups(p)
    assert groups == 120 and programme.site_groups.sum() == groups
    room = groups * p.onward_size / p.attendance
    few = plain.fork([LINKS.model_copy(update={"link_workers": 1.0, "caseload": 1000})])
    few.state.programmes[0].listed[:200] = 1
    few.run(1)
    assert 0 < few.state.programmes[0].group.sum() <= round(2 * p.onward_size / p.attendance * sample)
    assert few.state.programmes[0].listed.sum() > 150
    for _ in range(20):
        town.run(1)
        most = max(most, int(town.state.programmes[0].group.sum()))
    assert 0 < most <= round(room * sample)
    parts = {served.part: served.values for served in programme.served(plain.state)}
    assert parts["group"]["room"].sum() == pytest.approx(room)


def test_onward_groups_are_paid_while_the_plan_pays(plain):
    p, plan = plain.state.parameters, LINKS.model_copy(update={"link_workers": 4.0})
    town = plain.fork([plan]).run(26)
    record = town.record()
    groups = 8
    links = plan.price
    assert plan.paid_groups(p) == groups
    spent = dict(zip(record.spent["part"], record.spent["pounds"], strict=True))
    assert spent["setup"] == pytest.approx(links.setup + groups * p.onward_setup)
    assert spent["per_week"] == pytest.approx(20 * (links.per_week + groups * p.onward_week))
    assert record.flows["cost"].sum() == pytest.approx(plan.planned_cost(26, p))
    assert sum(plan.cost_by_year(26, p)) == pytest.approx(plan.planned_cost(26, p))
    assert plan.planned_cost(26, p) > plan.planned_cost(26)
    assert LINKS.model_copy(update={"onward": ("walking_group",)}).price_under(p) == LINKS.price


@pytest.mark.parametrize(("sessions", "plan_weeks"), [(9, 26), (6, 12), (20, 8), (1, 5), (5, 5)])
def test_meetings_are_spread_over_the_plan_and_none_is_lost(plain, sessions, plan_weeks):
    plan = LINKS.model_copy(update={"sessions": sessions, "plan_weeks": plan_weeks})
    (programme,) = plain.fork([plan]).state.programmes
    met, first = programme._meetings(np.arange(1, plan_weeks + 1))
    assert met.sum() == sessions and met[-1] >= 1 and first.sum() == 1
    if sessions <= plan_weeks:
        held = np.flatnonzero(met)
        assert met.max() == 1 and np.ptp(np.diff(held, prepend=-1)) <= 1


def upkeep(town: Neighbourhood) -> np.ndarray:
    (programme,) = town.state.programmes
    return np.asarray(
        town.state.assets.now["upkeep"][programme.rows] - town.state.assets.offer["upkeep"][programme.rows]
    )


def test_what_was_put_in_order_stays_and_wears_over_years(erewash, plain):
    better = AssetInvestment(action="improve", kind="leisure_centre", count=2, upkeep_gain=0.1, opening_gain=0.05,
                             price_change=-0.5, capacity_gain=1.0, when={"weeks": 2})  # fmt: skip
    town = plain.fork([better]).run(2)
    rows, offer, now = town.state.programmes[0].rows, town.state.assets.offer, town.state.assets.now
    built = upkeep(town)
    assert (built > 0).all() and (now["opening"][rows] > offer["opening"][rows]).any()
    assert (now["price"][rows] < offer["price"][rows]).all()
    for years in range(3):
        town.run(1 if years == 0 else 52)
        assert upkeep(town) == pytest.approx(built * (1 - plain.state.parameters.upkeep_wear) ** years)
        assert np.array_equal(now["capacity"][rows], 2 * offer["capacity"][rows]), "room is built"
        for name in ("opening", "price"):
            assert np.array_equal(now[name], offer[name]), f"{name} is paid for"
    old = town_of(erewash, sample=0.003, leave_rule="by_type").fork([better]).run(3)
    assert not upkeep(old).any()


@pytest.mark.parametrize("action", ["longer_hours", "community_run", "cheaper"])
def test_what_staff_keep_up_ends_with_the_staff(plain, action):
    town = plain.fork(
        [AssetInvestment(action=action, kind="leisure_centre", count=2, when={"weeks": 2})]
    ).run(2)
    offers, now = town.state.assets.offer, town.state.assets.now
    assert not all(np.array_equal(now[name], offer) for name, offer in offers.items())
    town.run(1)
    assert all(np.array_equal(now[name], offer) for name, offer in offers.items())


def test_a_new_place_stays_open_and_is_kept_up_by_nobody(plain):
    town = plain.fork([AssetInvestment(action="new", kind="park", count=2, when={"weeks": 2})]).run(56)
    rows = town.state.programmes[0].rows
    assert (town.state.assets.now["open"][rows] > 0).all()
    kept = town.state.assets.offer["upkeep"][rows] * (1 - plain.state.parameters.upkeep_wear)
    assert town.state.assets.now["upkeep"][rows] == pytest.approx(kept)
