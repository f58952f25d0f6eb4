"""Champions, movement support, peers, campaigns, signposting: limits, and relations that must hold."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from oracle.scenarios import LIVELY

from model import Neighbourhood
from model.delivery.programme import whole_places
from model.interventions import (
    Campaign,
    CommunityChampions,
    MovementSupport,
    PeerSupport,
    Signposting,
    WalkingScheme,
)
from model.parameters import Parameters
from model.population.columns import DYNAMIC
from model.population.groups import ORIGINS
from model.processes import founding
from model.reference.comparison import differences, forget, twin

CRISIS, PROGRAMME = ORIGINS.index("crisis"), ORIGINS.index("programme")
GROUPS = {"warm_up_weeks": 8, **{name: high for name, (_, high) in LIVELY.items()}, "group_least": 2.0,
          "drop_early": 0.02, "organiser_tenure": 4.0}  # fmt: skip
"""Numbers with which a small town is full of groups."""


@pytest.fixture(scope="module")
def lively(erewash) -> Neighbourhood:
    """A warmed-up town of about 1,900 adults with many groups; tests fork it and leave it as it is."""
    parameters = Parameters.default().with_values(GROUPS)
    town = Neighbourhood(erewash, seed=11, sample=0.02, parameters=parameters).warm_up()
    assert town.state.groups.alive.sum() > 10
    return town


def after(town: Neighbourhood, weeks: int, *plans) -> Neighbourhood:
    """The town with these plans, some weeks on."""
    branch = town.fork(plans)
    for _ in range(weeks):
        branch.step()
    return branch


def unlike(one: Neighbourhood, other: Neighbourhood) -> set[str]:
    """What is not the same to the last bit in two towns: columns of residents and groups, ties."""
    found = {c.name for c in DYNAMIC
             if getattr(one.state.people, c.name).tobytes() != getattr(other.state.people, c.name).tobytes()}  # fmt: skip
    for part in ("groups", "ties"):
        a, b = getattr(one.state, part), getattr(other.state, part)
        found |= {f"{part}.{column.name}" for column in fields(a)
                  if not np.array_equal(getattr(a, column.name), getattr(b, column.name))}  # fmt: skip
    return found


def events(town: Neighbourhood, what: str) -> list[tuple[int, int]]:
    """The week of the clock and the number of the group of each event of one sort."""
    return [(clock, group) for clock, event, group, _ in town.state.groups.events if event == what]


# Limits: a plan without size changes nothing at all


NOTHING = {
    "no grants, no offer, no coaching": MovementSupport(grants_per_year=0, spur=0, coaching=0),
    "no grants and heavy strings": MovementSupport(grants_per_year=0, spur=0, strings="heavy"),
    "an event that stirs nobody, out of time": MovementSupport(grants_per_year=0, spur=0, coaching=0, trigger_week=90),
    "a campaign that nobody notices": Campaign(reach_per_week=0),
    "a finder that nobody uses": Signposting(users_per_week=0),
    "a finder for a town offline": Signposting(users_per_week=0.5, online=(0, 0, 0)),
    "champions none of whom becomes active": CommunityChampions(champions=1000, active_share=0),
    "peers of whom nobody hears": PeerSupport(invite_per_week=0),
}  # fmt: skip


@pytest.mark.parametrize("plan", NOTHING.values(), ids=NOTHING.keys())
def test_a_plan_without_size_changes_nothing(lively, plan):
    assert unlike(after(lively, 6, plan), after(lively, 6)) == set()


SOMETHING = {
    "grants": MovementSupport(grants_per_year=4000, spur=0, coaching=0),
    "an offer": MovementSupport(grants_per_year=0, spur=50, coaching=0),
    "coaching": MovementSupport(grants_per_year=0, spur=0, coaching=10),
    "an event": MovementSupport(grants_per_year=0, spur=0, coaching=0, trigger_week=1),
    "a campaign": Campaign(reach_per_week=0.5),
    "a finder": Signposting(users_per_week=0.5),
    "champions": CommunityChampions(champions=1000),
    "peers": PeerSupport(groups=200, invite_per_week=0.5),
}


@pytest.mark.parametrize("plan", SOMETHING.values(), ids=SOMETHING.keys())
def test_a_plan_of_size_changes_something(lively, plan):
    assert unlike(after(lively, 6, plan), after(lively, 6)) != set()


def test_the_order_of_plans_does_not_matter(lively):
    plans = [*SOMETHING.values(), WalkingScheme(groups=100, invite_per_week=0.2, when={"weeks": 6})]
    names = [plan.model_copy(update={"name": f"plan {n}"}) for n, plan in enumerate(plans)]
    there, back = after(lively, 10, *names), after(lively, 10, *reversed(names))
    assert unlike(there, back) == set()
    assert there.record().flows["joined"].sum() == back.record().flows["joined"].sum() > 0


# Movement support


def test_heavy_strings_never_give_more_autonomy(lively):
    ours = {"grants_per_year": 3000, "grant_weeks": 8, "when": {"weeks": 6}}
    free = after(lively, 10, MovementSupport(strings="none", **ours)).state.groups
    bound = after(lively, 10, MovementSupport(strings="heavy", **ours)).state.groups
    # Some had strings in other weeks of the warm-up? Nobody had: without strings autonomy is whole.
    assert (free.autonomy == 1.0).all()
    known = slice(lively.state.groups.n)  # those there before the money came
    assert (bound.autonomy[known] <= free.autonomy[known]).all()
    held = bound.strings[known] > 0
    assert held.any() and (bound.autonomy[known][held] < 0.9).all()
    assert (bound.autonomy[known][~held] == 1.0).all()


def test_autonomy_returns_when_a_grant_with_strings_ends(lively):
    plan = MovementSupport(grants_per_year=3000, grant_weeks=4, strings="heavy", when={"weeks": 2})
    early, late = after(lively, 6, plan).state.groups, after(lively, 16, plan).state.groups
    alive = (early.strings[: early.n] > 0) & late.alive[: early.n]
    assert alive.any() and (late.autonomy[: early.n][alive] > early.autonomy[alive]).all()


def test_heavy_strings_take_energy(lively):
    energy = {}
    for strings in ("none", "heavy"):
        town = after(lively, 16, MovementSupport(grants_per_year=5000, spur=0, coaching=0, strings=strings))
        old = np.arange(town.state.groups.n) < lively.state.groups.n
        energy[strings] = town.state.groups.energy[old & town.state.groups.alive].mean()
    assert energy["heavy"] < energy["none"]


def test_grants_are_as_many_as_planned_while_there_are_groups_to_have_them(lively):
    town = after(lively, 10, MovementSupport(grants_per_year=2000, grant_weeks=4))
    granted, start = events(town, "grant"), lively.state.clock
    assert len(granted) == round(2000 / 52.18 * lively.state.sample * 10) > 3
    for clock, group in granted:
        assert not any(
            group == other and clock <= week < clock + 4
            for week, other in granted
            if (week, other) != (clock, group)
        )
        assert town.state.groups.founded[group] <= clock and clock >= start  # fmt: skip


def test_no_more_grants_than_groups(lively):
    town = after(lively, 40, MovementSupport(grants_per_year=5000, grant_weeks=52, spur=0, coaching=0))
    groups = [group for _, group in events(town, "grant")]
    assert len(groups) == len(set(groups)) <= town.state.groups.n
    assert len(groups) < round(5000 / 52.18 * lively.state.sample * 40)


def test_grants_that_find_no_group_are_not_paid(lively):
    weeks, coordination, grants = 30, 350.0, 5000 * 1000 / 52.18
    plan = MovementSupport(
        grants_per_year=5000, grant=1000, spur=0, coaching=0, where={"imd_within_place": [1]}
    )
    town = after(lively, weeks, plan)
    spent = town.record().flows["cost"]
    made = np.bincount([clock - lively.state.clock for clock, _ in events(town, "grant")], minlength=weeks)
    due = np.array(
        [whole_places(5000 / 52.18 * lively.state.sample, plan.when, week) for week in range(weeks)]
    )
    assert (made <= due).all() and made[0] == due[0] > 0 and (made < due).any()
    assert spent[due > 0] == pytest.approx((coordination + grants * made / np.maximum(due, 1))[due > 0])
    assert np.isin(spent[due == 0].round(2), np.round([coordination, coordination + grants], 2)).all()


def test_without_groups_only_the_coordinator_is_paid(erewash, quick):
    bare = Neighbourhood(
        erewash, seed=4, sample=0.01, parameters=quick.with_values({"groups": "none"})
    ).warm_up()
    spent = after(bare, 6, MovementSupport(grants_per_year=1000)).record().flows["cost"]
    assert spent == pytest.approx(np.full(6, 350.0))
    written = {"cost": {"per_week": 100.0}}
    assert (
        after(bare, 3, MovementSupport(grants_per_year=1000, **written)).record().flows["cost"] == 0.0
    ).all()


def test_grants_go_where_they_are_for(lively):
    plan = MovementSupport(grants_per_year=5000, where={"imd_within_place": [1]}, who={"sex": ["female"]})
    town = after(lively, 8, plan)
    state = town.state
    zones = plan.where.zone_mask(state.place.zones)
    founders = state.row_of(state.groups.founder[[group for _, group in events(town, "grant")]])
    assert (
        len(founders) and zones[state.people.zone[founders]].all() and (state.people.sex[founders] == 0).all()
    )


def test_groups_of_a_crisis_begin_in_its_weeks_only(lively):
    plan = MovementSupport(grants_per_year=0, spur=0, coaching=0, trigger_week=2, trigger_weeks=3)
    town = after(lively, 8, plan)
    first = lively.state.clock + 2
    begun = town.state.groups.founded[town.state.groups.origin == CRISIS]
    assert len(begun) and ((begun >= first) & (begun < first + 3)).all()
    calm = after(lively, 8)
    assert not (calm.state.groups.origin == CRISIS).any()
    assert len(events(town, "founded")) > len(events(calm, "founded"))


def test_an_offer_brings_founders_forward(lively):
    begun = [len(events(after(lively, 10, MovementSupport(grants_per_year=0, coaching=0, spur=spur)), "founded"))
             for spur in (0, 5, 50)]  # fmt: skip
    assert begun[0] < begun[1] < begun[2]


def test_coaching_brings_more_organisers_and_none_under_heavy_strings(lively):
    def organisers(**settings) -> int:
        return len(
            events(after(lively, 8, MovementSupport(grants_per_year=0, spur=0, **settings)), "organiser")
        )

    assert organisers(coaching=10) > organisers(coaching=0) == organisers(coaching=10, strings="heavy")


# Champions


def trained(town: Neighbourhood, wanted: int, **settings) -> tuple[np.ndarray, np.ndarray]:
    """Rows of `wanted` people looked for by a rule, and of those passed over."""
    branch = town.fork([CommunityChampions(active_share=0, **settings)])
    (programme,) = branch.state.programmes
    programme.train(branch.state, wanted)
    chosen = programme.trained
    assert chosen.sum() == wanted and not (chosen & ~programme.eligible).any()
    assert not town.state.people.ill[chosen].any()
    return np.flatnonzero(chosen), np.flatnonzero(programme.eligible & ~chosen & (town.state.people.ill == 0))


def test_popular_champions_have_the_most_ties(town):
    chosen, others = trained(town, 60, seeding="popular")
    degree = town.state.ties.strong_degree
    assert degree[chosen].min() >= degree[others].max() > degree[others].min()


def test_least_active_champions_move_least(town):
    chosen, others = trained(town, 800, seeding="least_active")
    minutes = town.state.people.minutes_mean
    assert 0 < minutes[chosen].max() <= minutes[others].min()


def test_champions_of_connected_places_go_where_most_go(town):
    chosen, others = trained(town, 60, seeding="connected_place")
    visits = np.append(town.state.assets.visits, 0)[town.state.people.place]
    assert visits[chosen].min() >= visits[others].max() > 0


def test_clustered_champions_know_each_other_and_random_ones_do_not(town):
    def ties_among(rows: np.ndarray) -> int:
        ties = town.state.ties
        return sum(np.isin(ties.strong[row, : ties.strong_degree[row]], rows).sum() for row in rows)

    clustered, _ = trained(town, 60, seeding="clustered")
    random, _ = trained(town, 60, seeding="random")
    assert ties_among(clustered) > 3 * ties_among(random) and ties_among(clustered) >= 60


def test_champions_are_of_those_it_is_for(town):
    chosen, _ = trained(town, 60, who={"age": {"min": 60}}, where={"imd_within_place": [1, 2]})
    assert town.state.people.age[chosen].min() >= 60
    random, _ = trained(town, 60)
    assert town.state.people.age[random].min() < 60


def test_as_many_champions_are_trained_as_asked_for(town):
    sample = town.state.sample
    plan = CommunityChampions(champions=900, stays=0.2, when={"start_week": 1, "weeks": 6, "ramp_weeks": 3})
    branch = town.fork([plan])
    (programme,) = branch.state.programmes
    so_far = []
    for week in range(9):
        branch.step()
        so_far.append(int(programme.trained.sum()))
        if plan.when.strength(week):
            assert so_far[-1] == round(900 * sample * plan.when.strength(week))
    assert so_far[0] == 0 and so_far[-1] == round(900 * sample)


def test_a_share_becomes_active(town):
    for share in (0.0, 0.38, 1.0):
        (programme,) = after(town, 1, CommunityChampions(champions=5000, active_share=share)).state.programmes
        assert programme.active.sum() == pytest.approx(share * 150, abs=18 if 0 < share < 1 else 0)


def test_professional_champions_end_with_the_money_and_peers_do_not(lively):
    left = {}
    for leaders in ("peer", "professional"):
        plan = CommunityChampions(
            champions=3000, active_share=1, stays=0.9, leaders=leaders, when={"weeks": 4}
        )
        before, done = after(lively, 4, plan), after(lively, 7, plan)
        left[leaders] = (before.state.programmes[0].active.sum(), done.state.programmes[0].active.sum())
        founding = before.state.quantities.of("founding")
        assert (founding is not None) == (leaders == "peer")
    assert left["professional"][0] > 50 and left["professional"][1] == 0
    assert left["peer"][0] >= left["peer"][1] > 50


def test_champions_stop_at_the_rate_they_are_said_to(town):
    nobody, everybody = (CommunityChampions(champions=5000, active_share=1, stays=stays) for stays in (1, 0))
    assert after(town, 6, nobody).state.programmes[0].active.sum() == 150
    assert after(town, 6, everybody).state.programmes[0].active.sum() == 0


def test_champions_make_places_known_along_their_own_ties(town):
    branch = town.fork([CommunityChampions(champions=5000, active_share=1, tells_per_week=1)])
    (programme,) = branch.state.programmes
    branch.step()
    ties, active = branch.state.ties, np.flatnonzero(programme.active)
    friends = {int(j) for i in active for j in ties.strong[i, : ties.strong_degree[i]]}
    assert not programme.told.any()
    programme.hear(branch.state)
    told = set(np.flatnonzero(programme.told).tolist())
    assert told and told <= friends


# Campaign, signposting, peers


def test_a_campaign_reaches_those_it_is_for_and_the_better_off_a_little_more(town):
    plan = Campaign(reach_per_week=0.3, knowhow_effect=1, lift=0.1, about="programmes",
                    who={"level": ["inactive"]})  # fmt: skip
    branch = town.fork([plan])
    before = branch.state.people.motivation.copy()
    branch.state.programmes[0].hear(branch.state)
    noticed = branch.state.people.motivation != before
    people = town.state.people
    assert noticed.any() and (people.level[noticed] == 0).all()
    assert people.knowhow[noticed].mean() > people.knowhow[people.level == 0].mean() + 0.2


@pytest.mark.parametrize("about", ["places", "programmes", "both"])
def test_a_campaign_tells_of_what_it_is_about(town, about):
    branch = town.fork([Campaign(reach_per_week=1, about=about), WalkingScheme(invite_per_week=0)])
    knows = branch.state.people.knows.copy()
    campaign, walks = branch.state.programmes
    campaign.hear(branch.state)
    assert (branch.state.people.knows != knows).any() == (about != "programmes")
    assert (walks.aware > 0).any() == (about != "places")
    assert not (walks.aware[walks.eligible == 0]).any()


def test_a_campaign_says_nothing_of_programmes_that_do_not_run(town):
    later = WalkingScheme(invite_per_week=0, when={"start_week": 30})
    branch = town.fork([Campaign(reach_per_week=1), later])
    campaign, walks = branch.state.programmes
    campaign.hear(branch.state)
    assert not walks.aware.any()


def test_who_is_not_online_never_looks(town):
    branch = after(town, 8, Signposting(users_per_week=0.5, online=(1, 0, 0)))
    looked = branch.state.programmes[0].looked
    assert looked.any() and town.state.people.age[looked].max() < 65


def test_a_finder_shows_groups_near_enough(lively):
    joined = [(after(lively, 3, Signposting(users_per_week=0.1, groups_within_km=km)).state.people.group >= 0).sum()
              for km in (0, 0.1, 20)]  # fmt: skip
    assert joined[0] == (after(lively, 3).state.people.group >= 0).sum()
    assert joined[0] < joined[1] < joined[2]


@pytest.mark.parametrize("share", [1.0, 0.25, 0.01])
def test_in_a_sample_groups_are_as_much_nearer_as_they_are_fewer(lively, share, monkeypatch):
    state = lively.fork([]).state
    row, only = np.flatnonzero(state.people.group < 0)[0], np.flatnonzero(state.groups.alive)[0]
    state.groups.ended[np.arange(state.groups.n) != only] = state.clock
    state.groups.limit[only], state.people.ill[row], state.sample = 10_000, 0, share
    home = np.array([state.people.x_m[row], state.people.y_m[row]], float)
    place = state.groups.place[only]
    away = np.hypot(*(np.array([state.assets.x_m[place], state.assets.y_m[place]]) - home)) * np.sqrt(share)
    shown = []
    monkeypatch.setattr(
        founding, "accepts", lambda row, offer, *asked: shown.append((offer.east, offer.north))
    )
    within_km = away * state.parameters.detour / 1000.0
    founding.show_group(state, int(row), within_km * 0.999)
    assert not shown
    founding.show_group(state, int(row), within_km * 1.001)
    assert np.hypot(*(np.array(shown[0]) - home)) == pytest.approx(away)


def test_a_buddy_lowers_the_risk_of_leaving_and_nothing_else_differs_from_a_walk(town):
    alike = {"groups": 20, "group_size": 8, "minutes": 45, "similar_age": True}
    walks = town.fork([WalkingScheme(**alike)]).state.programmes[0]
    peers = town.fork([PeerSupport(buddies=0.5, **alike)]).state.programmes[0]
    assert np.array_equal(peers.risk, np.float32(0.5) * walks.risk)
    assert np.array_equal(peers.lasting, walks.lasting) and np.array_equal(peers.books, walks.books)


# Carrying on, held to the written rules


def small_town(erewash, sample: float = 0.004, **more) -> Neighbourhood:
    parameters = Parameters.default().with_values(
        {**GROUPS, "uptake_base": 1.0, "volunteers": 0.2, "groups_start": 1.0, **more}
    )
    return Neighbourhood(erewash, seed=3, sample=sample, parameters=parameters)


def peers(leaders: str, size: int = 30) -> PeerSupport:
    return PeerSupport(groups=500, group_size=size, leaders=leaders, invite_per_week=1, when={"weeks": 8})


def carried_on(erewash, leaders: str, **more) -> int:
    """Groups of a programme of eight weeks that go on by themselves."""
    town = small_town(erewash, sample=0.02, **more).warm_up()
    groups = after(town, 10, peers(leaders, size=4)).state.groups
    assert (groups.origin == PROGRAMME).sum() == sum(
        event == "carried on" for _, event, _, _ in groups.events
    )
    return int((groups.origin == PROGRAMME).sum())


def test_peer_led_groups_carry_on_more_often(erewash):
    assert carried_on(erewash, "peer") > carried_on(erewash, "professional", carry_on_professional=0.5) > 0
    assert carried_on(erewash, "professional", carry_on_professional=0.0) == 0
    assert carried_on(erewash, "peer", organiser_tenure=12.0) == 0
    assert carried_on(erewash, "peer", groups="none") == 0


def test_carrying_on_champions_grants_and_finders_are_the_written_rules(erewash):
    """All at once beside the reference, week by week, with what must happen for it to mean anything."""
    town = small_town(erewash, groups_start=10.0)
    reference = twin(town)
    plans = [peers("peer"), CommunityChampions(champions=3000, active_share=1, starts_per_year=10),
             MovementSupport(grants_per_year=5000, strings="heavy", trigger_week=3),
             Signposting(users_per_week=0.05), Campaign(reach_per_week=0.1)]  # fmt: skip
    try:
        for _ in range(8 + 14):
            if town.week == 0:
                town = town.fork(plans)
                reference.plan(plans)
            town.advance()
            reference.step()
            assert differences(town, reference) == [], f"after week {reference.week - 1}"
    finally:
        forget(reference)
    assert {"carried on", "grant", "founded", "organiser"} <= {
        event for _, event, _, _ in town.state.groups.events
    }
    assert (town.state.groups.origin == CRISIS).any()
