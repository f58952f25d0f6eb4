"""Numbers and plans changed in mid-run: what follows from them is worked out again, here alone, and money stays paid."""

from __future__ import annotations

import copy
import hashlib
import json

import numpy as np
import pandas as pd
import pytest

from model import Neighbourhood
from model.delivery.barrier import Barrier
from model.errors import InputError
from model.interventions import (
    AssetInvestment,
    Campaign,
    CommunityChampions,
    MovementSupport,
    PeerSupport,
    Signposting,
    SocialPrescribing,
    WalkingScheme,
)
from model.parameters import Parameters, ledger
from model.population.columns import RESIDENT

WALKS = WalkingScheme(groups=40, invite_per_week=0.05)
OTHERS = [
    PeerSupport(groups=40),
    SocialPrescribing(link_workers=50),
    AssetInvestment(action="new", kind="park", count=2),
    CommunityChampions(champions=500),
    MovementSupport(grants_per_year=900),
    Campaign(),
    Signposting(),
    Barrier(quantity="price", change=-1.0),
]
NUMBERS = {
    "contagion": "linear", "propensity_sd": 2.2, "know_reach": 2.0, "detour": 1.5, "taste_sd": 0.9, "habit_effect": 1.1,
    "tie_spare": 3, "minutes_gym": 50, "illness_start": 0.02, "groups_start": 3.0, "attendance": 0.4, "trust_rest": 0.3,
    "group_limit": 20, "walk_speed": 4.0, "warm_up_weeks": 10, "drop_deprived": 1.6, "threshold_mean": 0.45,
}  # fmt: skip


def digest(town: Neighbourhood) -> str:
    """Every bit of the residents' state and of their ties."""
    held = hashlib.blake2b(digest_size=16)
    for holder, names in ((town.state.people, RESIDENT), (town.state.ties, ("strong", "trust", "room"))):
        for name in names:
            held.update(np.ascontiguousarray(getattr(holder, name)).tobytes())
    return held.hexdigest()


def made(erewash, parameters, plans=()):
    return Neighbourhood(erewash, seed=7, sample=0.02, parameters=parameters, interventions=plans)


def spent(town: Neighbourhood, label: str, part: str) -> float:
    table = pd.DataFrame(town.record().spent)
    return float(table.query("programme == @label and part == @part")["pounds"].sum())


@pytest.fixture(scope="module")
def walking(town):
    """A town in week 6 of a walking scheme; tests fork it and leave it as it is."""
    return town.fork([WALKS]).run(6)


# Numbers


def test_numbers_changed_before_the_first_week_are_as_built_with_them(erewash, quick):
    plans = [WALKS, *OTHERS]
    built, changed = made(erewash, quick.with_values(NUMBERS), plans), made(erewash, quick, plans)
    changed.set_parameters(NUMBERS)
    assert digest(built) == digest(changed)
    built.run(4), changed.run(4)
    assert digest(built) == digest(changed)
    for name, flow in built.record().flows.items():
        assert np.array_equal(flow, changed.record().flows[name]), name


def test_the_same_numbers_change_nothing(walking):
    left, right = walking.fork(), walking.fork()
    right.set_parameters(walking.state.parameters)
    right.set_parameters(
        contagion=walking.state.parameters.contagion, attendance=walking.state.parameters.attendance
    )
    assert digest(left.run(6)) == digest(right.run(6))


def test_numbers_there_and_back_change_nothing(walking):
    left, right = walking.fork(OTHERS), walking.fork(OTHERS)
    left.run(3), right.run(3)
    before = right.state.parameters
    right.set_parameters({name: value for name, value in NUMBERS.items() if name in (
        "detour", "habit_effect", "minutes_gym", "illness_start", "attendance", "drop_deprived", "propensity_sd")})  # fmt: skip
    right.set_parameters(before)
    for town in (left, right):
        # What was thought over again with the luck of the week would differ; all that lasts must not.
        for name in ("propensity", "minutes_session", "threshold", "habit", "motivation"):
            assert np.array_equal(getattr(left.state.people, name), getattr(town.state.people, name)), name
    for one, other in zip(left.state.programmes, right.state.programmes, strict=True):
        for name, value in vars(one).items():
            if isinstance(value, np.ndarray):
                assert np.array_equal(value, getattr(other, name)), (one.label, name)


def test_a_change_of_numbers_is_felt_and_stays_in_its_town(walking):
    before = digest(walking)
    left, right = walking.fork(), walking.fork()
    right.set_parameters(contagion="none", illness_start=0.03)
    assert left.state.parameters.contagion == walking.state.parameters.contagion != "none"
    left.run(8), right.run(8)
    assert digest(left) != digest(right) and digest(walking) == before
    assert right.state.people.ill.mean() > left.state.people.ill.mean()


def test_traits_follow_their_numbers(walking):
    town = walking.fork()
    people, before = town.state.people, town.state.people.copy()
    old = town.state.parameters
    town.set_parameters(propensity_sd=2 * old.propensity_sd, taste_sd=0.5 * old.taste_sd, minutes_gym=2 * old.minutes_gym,
                        threshold_mean=0.45, know_reach=3.0)  # fmt: skip
    assert np.allclose(people.propensity, 2 * before.propensity, rtol=1e-5)
    assert np.allclose(people.drift, 2 * before.drift, rtol=1e-5)
    assert np.allclose(people.taste, 0.5 * before.taste, rtol=1e-5)
    assert np.allclose(people.minutes_session[3], 2 * before.minutes_session[3], rtol=1e-5)
    assert np.allclose(people.threshold - before.threshold, 0.45 - old.threshold_mean, atol=1e-5)
    assert np.array_equal(town.state.nearness, town.state.candidates.nearness(3.0))
    assert not np.array_equal(people.base, before.base)


def test_another_rule_of_persuasion_moves_nobody_by_its_scale_alone(walking):
    town = walking.fork()
    mean = float(town.state.people.motivation.mean())
    town.set_parameters(contagion="linear")
    unmoved = walking.fork().run(10)
    assert abs(float(town.run(10).state.people.motivation.mean()) - mean) < 0.1 + abs(
        float(unmoved.state.people.motivation.mean()) - mean
    )


def test_changed_numbers_are_kept_in_copies_and_files(walking, tmp_path):
    town = walking.fork()
    town.set_parameters(contagion="linear", attendance=0.4)
    twin = copy.deepcopy(town)
    loaded = Neighbourhood.load(town.save(tmp_path / "a.town"))
    town.run(3)
    assert digest(town) == digest(twin.run(3)) == digest(loaded.run(3))
    assert loaded.state.parameters.contagion == "linear"


@pytest.mark.parametrize(("changes", "words"), [
    ({"clustering": 0.1}, "shaped this town when it was built"),
    ({"place_cell_m": 300}, "shaped this town when it was built"),
    ({"warm_up_weeks": 30}, "before the first week"),
    ({"warm_up_weeks": 3, "habit_gian": 1}, "before the first week"),
    ({"habit_gian": 0.1}, "habit_gain"),
    ({"habit_gain": 1e9}, "must lie between"),
])  # fmt: skip
def test_numbers_that_cannot_change_are_refused_and_nothing_is_changed(walking, changes, words):
    town = walking.fork()
    with pytest.raises(InputError, match=words):
        town.set_parameters(changes, contagion="linear")
    assert town.state.parameters is walking.state.parameters


class Watched(Parameters):
    """Parameters that write down which of them are read."""

    def __getattr__(self, name):
        if name in ledger():
            READ.add(name)
        return super().__getattr__(name)


READ: set[str] = set()


def test_what_is_said_to_shape_a_town_is_read_when_it_is_built_and_never_after(erewash, quick):
    from model.synthesis.people import synthesise

    READ.clear()
    synthesise(erewash, 7, 0.01, Watched(quick.values))
    assert {name for name in READ if not ledger()[name].shapes} <= {"homophily", "deprivation_index"}
    town = Neighbourhood(
        erewash, seed=7, sample=0.01, parameters=Watched(quick.values), interventions=[WALKS, *OTHERS]
    )
    READ.clear()
    town.run(6)
    assert READ and not {name for name in READ if ledger()[name].shapes}


def test_nobody_is_told_to_go_beyond_for_a_number_that_cannot_change(walking):
    with pytest.raises(InputError) as told:
        walking.fork().set_parameters(warm_up_weeks=3, clustering=7, attendance=0.1)
    assert [fault.key for fault in told.value.faults] == [
        "clustering",
        "warm_up_weeks",
        "parameters.attendance",
    ]
    assert str(told.value).count("beyond") == str(told.value.faults[-1]).count("beyond") > 0


# Plans


@pytest.mark.parametrize(("given", "words"), [
    ("walk_and_talk", r"is no plan \(found str 'walk_and_talk'\).*Scenario.load\('walk_and_talk'\).interventions"),
    ({"type": "walking_scheme"}, "is no plan .*found dict.*Scenario.load"),
    (WalkingScheme, r"found WalkingScheme.*make one of it, WalkingScheme\(\.\.\.\)"),
    (["walk_and_talk"], "found str"), ([WALKS, 3], "found int 3"), ([[WALKS]], "found list"), (None, "found NoneType"),
    (7, "found int 7"), (WALKS.when, "found When"),
])  # fmt: skip
def test_what_is_no_plan_is_refused_in_one_line(erewash, quick, walking, given, words):
    town = walking.fork()
    for act in (lambda: town.add(given), lambda: walking.fork(given), lambda: made(erewash, quick, given)):
        with pytest.raises(InputError, match=words) as told:
            act()
        assert len(told.value.faults) == 1
    assert list(town.plans) == ["walking_scheme#1"]


def test_a_plan_alone_and_a_list_of_plans_will_do_everywhere(walking):
    twice = walking.fork()
    twice.add([WALKS], WALKS)
    twice.add()
    assert list(walking.fork(WALKS).plans) == list(walking.fork(iter([WALKS])).plans) == list(twice.plans)[:2]
    assert len(twice.plans) == 3


@pytest.mark.parametrize("weeks", [2.5, "3", -1, None, True, np.float64(2)])
def test_weeks_that_cannot_be_run_are_refused(walking, weeks):
    town = walking.fork()
    with pytest.raises(InputError, match="weeks: must be a whole number, 0 or more"):
        town.run(weeks=weeks)
    assert town.run(np.int64(0)).week == walking.week


def test_what_is_wrong_in_a_list_of_a_plan_is_said_once(walking):
    for changes in ({"where": {"imd_quintile": [9]}}, {"who": {"sex": ["x"]}}, {"where": {"zones": []}}):
        with pytest.raises(InputError) as told:
            walking.fork().change("walking_scheme", changes)
        assert len(told.value.faults) == 1


def test_a_stopped_plan_ends_as_at_its_planned_end(town):
    planned = town.fork([WALKS.model_copy(update={"when": WALKS.when.model_copy(update={"weeks": 6})})]).run(
        12
    )
    stopped = town.fork([WALKS]).run(6)
    stopped.stop("walking_scheme")
    stopped.run(6)
    assert digest(planned) == digest(stopped)
    assert np.array_equal(planned.record().flows["cost"], stopped.record().flows["cost"])
    assert stopped.record().flows["cost"][6:].sum() == 0
    assert np.array_equal(planned.record().events["event"], stopped.record().events["event"])


def test_a_plan_that_has_not_begun_is_called_off(town):
    later = WALKS.model_copy(update={"when": WALKS.when.model_copy(update={"start_week": 9})})
    left, right = town.fork(), town.fork([later, later])
    right.stop("walking_scheme#1")
    assert list(right.plans) == ["walking_scheme#2"]
    right.add(later)
    assert list(right.plans) == ["walking_scheme#2", "walking_scheme#3"]
    right.stop("walking_scheme#2"), right.stop("walking_scheme")
    assert digest(left.run(12)) == digest(right.run(12))


def test_a_plan_added_in_mid_run_is_as_one_of_a_fork(walking):
    plans = [SocialPrescribing(link_workers=50), AssetInvestment(action="new", kind="park", count=2)]
    forked, added = walking.fork(plans), walking.fork()
    added.add(*plans)
    assert digest(forked.run(6)) == digest(added.run(6))
    before = walking.fork().run(3)
    before.add(*plans)
    before.run(60)  # a year that began with fewer places
    record = before.record()
    assert len(record.asset_visits) == before.state.assets.n == len(record.asset_capacity)
    assert "New park" in " ".join(pd.DataFrame(record.served).query("part == 'place'")["venue"])


def test_a_larger_plan_takes_more_people_and_pays_for_its_growth(walking):
    left, right = walking.fork(), walking.fork()
    right.change("walking_scheme", groups=120)
    assert right.plans["walking_scheme#1"].groups == 120 and left.plans["walking_scheme#1"].groups == 40
    left.run(20), right.run(20)
    assert right.record().flows["members"][-1] > left.record().flows["members"][-1]
    label = "walking_scheme#1"
    assert spent(left, label, "setup") == 0.0
    assert spent(right, label, "setup") == 80 * 1000.0
    assert spent(right, label, "per_week") == pytest.approx(3 * spent(left, label, "per_week"))
    right.change("walking_scheme", groups=40)
    right.change("walking_scheme", groups=100)
    right.run(2)
    assert spent(right, label, "setup") == 80 * 1000.0


def test_a_smaller_plan_keeps_its_members_and_takes_nobody_new_while_full(walking):
    town = walking.fork().run(10)
    had = town.record().flows["members"][-1]
    town.change("walking_scheme#1", {"groups": 1})
    town.run(3)
    assert 0 < town.record().flows["members"][-1] <= had
    assert town.record().flows["joined"][-1] == 0


def test_the_same_settings_change_nothing(walking):
    left, right = walking.fork(OTHERS), walking.fork(OTHERS)
    left.run(2), right.run(2)
    for label in right.plans:
        right.change(label, {})
    assert digest(left.run(5)) == digest(right.run(5))


def test_a_plan_goes_on_longer_than_was_planned(town):
    ends = town.fork([WALKS.model_copy(update={"when": WALKS.when.model_copy(update={"weeks": 8})})]).run(5)
    longer = ends.fork()
    longer.change("walking_scheme", {"when.weeks": 16})
    ends.run(7), longer.run(7)
    assert ends.record().flows["cost"][-1] == 0 < longer.record().flows["cost"][-1]


def test_a_changed_barrier_is_met_at_its_new_size(town):
    left, right = town.fork([OTHERS[-1]]).run(2), town.fork([OTHERS[-1]]).run(2)
    right.change("barrier", change=-3.0)
    left.run(1), right.run(1)
    assert not np.array_equal(left.state.quantities.met(("price",)), right.state.quantities.met(("price",)))


@pytest.mark.parametrize(("label", "changes", "words"), [
    ("walking", {"groups": 3}, "walking_scheme#1"),
    ("walking_scheme", {"groups": 0}, "greater than or equal to 1"),
    ("walking_scheme", {"grups": 3}, "groups"),
    ("walking_scheme", {"name": "Other"}, "cannot change once"),
    ("walking_scheme", {"when.start_week": 3}, "has begun"),
    ("walking_scheme", {"when.weeks": 3}, "over before this week"),
    ("walking_scheme", {"groups.size": 3}, "nothing here to change"),
    ("walking_scheme", {"where.zones": ["X"]}, "no such zone"),
    ("asset_investment", {"count": 3}, "Stop it, and add another"),
    ("barrier", {"who": {"sex": ["female"]}}, "cannot change once"),
])  # fmt: skip
def test_changes_of_plans_that_do_not_fit_are_refused_and_nothing_is_changed(walking, label, changes, words):
    town, untouched = walking.fork(OTHERS), walking.fork(OTHERS)
    town.run(1), untouched.run(1)
    with pytest.raises(InputError, match=words):
        town.change(label, changes)
    assert digest(town.run(2)) == digest(untouched.run(2))


def test_a_plan_that_is_over_can_be_neither_changed_nor_stopped(walking):
    town = walking.fork()
    town.stop("walking_scheme")
    for act in (lambda: town.stop("walking_scheme"), lambda: town.change("walking_scheme", groups=3)):
        with pytest.raises(InputError, match="is over since week 6"):
            act()


def test_a_short_name_means_the_plans_that_run_or_are_to_come(walking):
    town = walking.fork()
    town.stop("walking_scheme")
    assert not town.plans
    town.add(WALKS)
    assert list(town.plans) == ["walking_scheme#2"]
    town.change("walking_scheme", groups=50)
    town.run(1)
    town.stop("walking_scheme")
    assert not town.plans
    with pytest.raises(InputError, match=r"is over since week 7 \(found walking_scheme#2\)"):
        town.stop("walking_scheme")
    with pytest.raises(InputError, match="allowed: none: no plan runs"):
        town.stop("peer_support")
    town.add(WALKS, WALKS)
    with pytest.raises(InputError, match=r"several plans.*allowed: walking_scheme#3, walking_scheme#4$"):
        town.stop("walking_scheme")


def test_a_plan_whose_whole_time_is_past_is_refused_and_nothing_is_changed(walking):
    past = WalkingScheme(groups=4, when={"start_week": 0, "weeks": 2})
    last = Barrier(quantity="price", change=-1.0, when={"start_week": 0, "weeks": 6})
    town = walking.fork()
    for act in (lambda: town.add(WALKS, past, last), lambda: walking.fork([past, last])):
        with pytest.raises(
            InputError, match="would be over before this week: it ends with week 1, and this is week 6"
        ) as told:
            act()
        assert [fault.key for fault in told.value.faults] == ["walking_scheme.when", "barrier.when"]
    assert list(town.plans) == ["walking_scheme#1"]
    town.add(WalkingScheme(groups=4, when={"start_week": 0, "weeks": 8}))
    assert list(town.run(1).plans) == ["walking_scheme#1", "walking_scheme#2"]
    assert list(town.run(1).plans) == ["walking_scheme#1"]


# Files


def test_a_damaged_file_is_refused_and_one_without_a_checksum_still_loads(walking, tmp_path):
    path = walking.save(tmp_path / "a.town")
    whole = path.read_bytes()
    head, _, body = whole.partition(b"\n")
    column = whole.index(walking.state.people.habit.tobytes()[:64])
    for at in (column, len(whole) - len(body) // 2, head.index(b'"week"') + 2, head.index(b'"seed": ') + 8,
               head.index(b"checksum") + 3, head.index(b"checksum") + 20):  # fmt: skip
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(InputError, match="is broken: it is not as"):
            Neighbourhood.load(path)
    path.write_bytes(whole[:-100])
    with pytest.raises(InputError, match="is broken: it is not as"):
        Neighbourhood.load(path)
    told = json.loads(head)
    del told["checksum"]
    path.write_bytes(json.dumps(told).encode() + b"\n" + body)
    assert digest(Neighbourhood.load(path)) == digest(walking)
