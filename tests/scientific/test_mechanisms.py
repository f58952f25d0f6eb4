"""Each intervention changes what it targets and nothing else directly; exaggerated tenfold it moves the outcome."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from altered import unequal

from model import Neighbourhood
from model.interventions import AssetInvestment, SocialPrescribing, WalkingScheme
from model.kernels.joining import MEMBER
from model.population.columns import ASSET_KINDS, DYNAMIC, KINDS
from model.quantities import OF_ASSETS

GYM, WALK = KINDS.index("gym"), KINDS.index("walk_leisure")
LASTING = {"propensity", "drift", "taste", "base", "minutes_session", "unsafe", "threshold", "ill"}
"""Columns that no intervention of today may touch: who people are, how they feel on their streets, illness."""
WALKS = WalkingScheme(groups=150, invite_per_week=0.5)
LINKS = SocialPrescribing(link_workers=60, plan_weeks=20, sessions=5)
PLACES = [
    AssetInvestment(action=action, kind=kind, count=6)
    for action, kind in (
        ("improve", "park"), ("step_free", "community_centre"), ("longer_hours", "leisure_centre"),
        ("community_run", "club"), ("cheaper", "leisure_centre"),
    )
]  # fmt: skip
TOUCHED = {
    "improve": {"upkeep", "welcome"}, "step_free": {"step_free", "welcome"}, "longer_hours": {"opening"},
    "community_run": {"upkeep", "welcome", "opening"}, "cheaper": {"price"}, "new": {"open"},
}  # fmt: skip


def people_changed(left: Neighbourhood, right: Neighbourhood, leave_out: tuple[str, ...] = ()) -> np.ndarray:
    """Rows of residents in whom any weekly column (but those left out) differs."""
    changed = np.zeros(left.state.people.n, dtype=bool)
    for column in (column for column in DYNAMIC if column.name not in leave_out):
        a, b = getattr(left.state.people, column.name), getattr(right.state.people, column.name)
        changed |= (a != b).reshape(-1, changed.size).any(axis=0)
    return changed


def arms(town: Neighbourhood, plan, weeks: int) -> tuple[Neighbourhood, Neighbourhood]:
    return town.fork().run(weeks), town.fork([plan]).run(weeks)


# Led walks


def test_walks_change_nobody_in_the_week_in_which_people_only_sign_up(town):
    without, with_walks = arms(town, WALKS, 1)
    assert with_walks.state.programmes[0].joined_ever.any()
    assert unequal(without, with_walks) == []


@pytest.fixture(scope="module")
def without_groups(erewash, quick):
    """The same town where nobody is in a group of their own, so that all company is the programme's."""
    return Neighbourhood(
        erewash, seed=7, sample=0.03, parameters=quick.with_values({"groups": "none"})
    ).warm_up()


def test_walks_change_only_those_who_come(without_groups):
    without, with_walks = arms(without_groups, WALKS, 2)
    changed = people_changed(without, with_walks)
    came = with_walks.state.people.group_sessions > 0
    assert came.any()
    assert np.array_equal(changed, came)
    assert (with_walks.state.programmes[0].since[came] < with_walks.state.clock - 1).all()


def test_walks_add_their_minutes_habit_and_company_and_nothing_else(without_groups):
    without, with_walks = arms(without_groups, WALKS, 2)
    a, b = without.state.people, with_walks.state.people
    allowed = {"motivation", "fitness", "habit", "group_sessions", "group_kind", "group_minutes", "group_place",
               "minutes", "recent", "recent_garden", "minutes_mean", "level", "moving", "place"}  # fmt: skip
    assert (
        {"motivation", "habit", "minutes", "group_sessions"} <= set(unequal(without, with_walks)) <= allowed
    )
    came = b.group_sessions > 0
    assert np.array_equal(a.sessions, b.sessions)
    others = [kind for kind in range(6) if kind != WALK]
    assert np.array_equal(a.habit[others], b.habit[others])
    assert (b.habit[WALK][came] > a.habit[WALK][came]).all()
    assert (b.motivation[came] - a.motivation[came]) == pytest.approx(
        without_groups.state.parameters.experience_gain * b.group_sessions[came], abs=1e-5
    )
    # Beyond free time a part of the minutes is lost; everybody else walks an hour more and does the rest as before.
    roomy = came & (b.minutes.sum(axis=0) < 1000)
    assert b.minutes[WALK][roomy] - a.minutes[WALK][roomy] == pytest.approx(60.0, abs=1e-3)
    assert np.array_equal(a.minutes[others][:, roomy], b.minutes[others][:, roomy])


def test_walks_are_for_those_they_are_for(town):
    people = town.state.people
    plan = WALKS.model_copy(update={"who": WalkingScheme(who={"sex": ["female"], "age": {"min": 60}}).who})
    joined = town.fork([plan]).run(10).state.programmes[0].joined_ever
    assert joined.any()
    assert (people.sex[joined] == 0).all() and (people.age[joined] >= 60).all()


def test_walks_ask_people_of_the_level_they_are_for(town):
    plan = WALKS.model_copy(update={"who": WalkingScheme(who={"level": ["inactive"]}).who})
    arm = town.fork([plan]).run(1)
    joined = arm.state.programmes[0].joined_ever
    assert joined.any() and (town.state.people.level[joined] == 0).all()


# Social prescribing


def test_link_workers_change_nobody_in_the_week_of_referral(town):
    without, with_links = arms(town, LINKS, 1)
    assert (with_links.state.programmes[0].status == MEMBER).any()
    assert unequal(without, with_links) == []


def test_a_plan_first_makes_places_known(town):
    without, with_links = arms(town, LINKS, 2)
    a, b = without.state.people, with_links.state.people
    assert unequal(without, with_links) == ["knows"]
    changed = a.knows != b.knows
    programme = with_links.state.programmes[0]
    began = programme.joined_ever & (programme.since == with_links.state.clock - 2)
    assert changed.any() and (began | ~changed).all()
    assert ((a.knows & ~b.knows) == 0).all()


def test_a_meeting_lifts_motivation_of_those_who_meet(town):
    gap = LINKS.plan_weeks // LINKS.sessions
    before, after = town.fork([LINKS]).run(gap), town.fork([LINKS]).run(gap)
    # The same week, once with meetings that do nothing to motivation.
    before.state.parameters = before.state.parameters.with_values({"plan_gain": 0.05})
    before.run(1), after.run(1)
    gain = after.state.people.motivation - before.state.people.motivation
    programme = after.state.programmes[0]
    met = programme.joined_ever & (programme.since == after.state.clock - 1 - gap)
    assert met.any()
    assert gain[met] == pytest.approx(town.state.parameters.plan_gain - 0.05, abs=1e-5)
    assert not gain[~met].any()


# Places


@pytest.mark.parametrize("plan", PLACES, ids=lambda plan: plan.action)
def test_investment_changes_only_its_own_kind_of_offer_at_its_own_places(town, plan):
    arm = town.fork([plan]).run(1)
    assets = arm.state.assets
    rows = arm.state.programmes[0].rows
    assert len(rows) and (assets.kind[rows] == ASSET_KINDS.index(plan.kind)).all()
    for name in OF_ASSETS:
        changed = np.flatnonzero(assets.now[name] != assets.offer[name])
        if name in TOUCHED[plan.action]:
            assert set(changed) <= set(rows), name
        else:
            assert len(changed) == 0, name
    assert any((assets.now[name] != assets.offer[name]).any() for name in TOUCHED[plan.action])


@pytest.mark.parametrize("plan", PLACES, ids=lambda plan: plan.action)
def test_investment_touches_only_people_with_the_place_in_reach_and_what_follows_from_access(town, plan):
    without, with_plan = arms(town, plan, 1)
    state = with_plan.state
    near = (
        state.candidates.rows_with(np.isin(np.arange(state.assets.n), state.programmes[0].rows))[
            state.cell_row
        ]
        > 0
    )
    # Crowds of the same week reach others too: motivation is lost where places fill up.
    changed = people_changed(without, with_plan, leave_out=("motivation",))
    assert changed.any() and (near | ~changed).all()
    assert not LASTING & set(unequal(without, with_plan))
    # What is done this week may differ only through access: knowledge and motivation of the past are the same.
    assert not {"knows", "group_sessions"} & set(unequal(without, with_plan))


def test_a_new_place_stays_shut_while_it_is_built(town):
    plan = AssetInvestment(action="new", kind="park", count=5, construction_weeks=4)
    arm = town.fork([plan]).run(4)
    new = arm.state.programmes[0].rows
    assert len(new) == 5 and (arm.state.assets.now["open"][new] == 0).all()
    assert not np.isin(arm.state.people.destination, new).any()
    arm.run(1)
    assert (arm.state.assets.now["open"][new] == 1).all()


def test_a_new_place_is_used_by_those_who_come_to_know_it(town):
    plan = AssetInvestment(action="new", kind="park", count=40)
    arm = town.fork([plan]).run(40)
    visits = arm.state.assets.visits
    new = arm.state.programmes[0].rows
    assert visits[new].sum() > 0
    here = np.isin(arm.state.people.destination[WALK], new)
    assert here.any()


def test_what_is_not_for_good_ends_with_the_money(town):
    plan = AssetInvestment(action="cheaper", kind="leisure_centre", count=9, when={"weeks": 5})
    arm = town.fork([plan]).run(5)
    assert (arm.state.assets.now["price"] < arm.state.assets.offer["price"]).any()
    arm.run(1)
    assert np.array_equal(arm.state.assets.now["price"], arm.state.assets.offer["price"])


# Exaggerated


def mean_of(arm: Neighbourhood, outcome: str) -> float:
    """Mean over the last eight weeks: the share inactive, or minutes a week of a kind and resident."""
    record = arm.record()
    if outcome == "inactive":
        return float(record.shares()[-8:, record.index("all"), 0].mean())
    people = record.counts[0, record.index("all")].sum()
    return float(record.kind_minutes[-8:, KINDS.index(outcome)].mean() / people)


@pytest.mark.parametrize("size", [1, 10])
def test_ten_times_the_walks_move_more(town, size):
    plan = WalkingScheme(groups=20 * size, invite_per_week=min(1.0, 0.05 * size), group_size=20)
    baseline, arm = arms(town, plan, 40)
    assert mean_of(arm, "walk_leisure") > mean_of(baseline, "walk_leisure")
    assert mean_of(arm, "inactive") < mean_of(baseline, "inactive")


def test_more_walks_more_walkers(town):
    seen = [mean_of(town.fork([WalkingScheme(groups=groups, invite_per_week=0.5)]).run(30), "walk_leisure")
            for groups in (5, 50, 500)]  # fmt: skip
    assert all(less < more for less, more in pairwise(seen))


def test_ten_times_the_link_workers_lower_inactivity(town):
    baseline, arm = arms(town, SocialPrescribing(link_workers=200, plan_weeks=12, sessions=12), 40)
    assert mean_of(arm, "inactive") < mean_of(baseline, "inactive")
    assert arm.state.people.motivation.mean() > baseline.state.people.motivation.mean()


@pytest.mark.parametrize(
    ("plan", "kind"),
    [
        (
            AssetInvestment(action="improve", kind="park", count=200, upkeep_gain=1.0, welcome_gain=1.0),
            "walk_leisure",
        ),
        (AssetInvestment(action="cheaper", kind="leisure_centre", count=200, price_change=-1.0), "gym"),
        (AssetInvestment(action="longer_hours", kind="club", count=200, opening_gain=1.0), "sport"),
        (AssetInvestment(action="improve", kind="local_centre", count=200, upkeep_gain=1.0), "walk_travel"),
        (AssetInvestment(action="improve", kind="path", count=200, upkeep_gain=1.0), "cycle"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.action,
)
def test_exaggerated_investment_moves_its_own_kind_of_activity(town, plan, kind):
    baseline, arm = arms(town, plan, 30)
    assert mean_of(arm, kind) > mean_of(baseline, kind)


def test_a_tenfold_price_empties_the_halls(town):
    plan = AssetInvestment(action="cheaper", kind="leisure_centre", count=200, price_change=5.0)
    baseline, arm = arms(town, plan, 20)
    halls = town.state.assets.kind == ASSET_KINDS.index("leisure_centre")
    assert arm.state.assets.visits[halls].sum() < baseline.state.assets.visits[halls].sum()
