"""Before a run: nothing for anybody is refused, little is warned of, and what is told agrees with the run."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from model import Neighbourhood
from model.interventions import REGISTRY
from model.kernels.joining import MEMBER
from scenarios.files.library import template
from scenarios.files.reading import library_names, read_yaml_text
from scenarios.files.schema import Scenario
from scenarios.preflight.look_ahead import Points, check, tell
from scenarios.preflight.preflight import Preflight
from scenarios.sweeps.sweep import planned
from tests.contract.door import door, one_object

CASES = Path(__file__).parents[3] / "shared" / "cases"
HEAD = "name: A\nplace: {place}\nyears: 1\ninterventions:\n  - type: "  # the next lines are line 6 and on


@pytest.fixture(scope="module")
def ahead(town):
    """A look ahead at the small town that every test forks."""
    return Preflight(town.state)


def written(tmp_path: Path, text: str, place: str = "erewash") -> Path:
    """A scenario file of one intervention."""
    path = tmp_path / "plan.yaml"
    path.write_text(HEAD.format(place=place) + text)
    return path


@pytest.mark.parametrize("name", library_names())
def test_what_ships_is_neither_refused_nor_warned_of(name):
    look = check(name)
    assert (look.faults, look.warnings) == ([], [])


# (what is wrong, the intervention, place, line, key, words of the message)
NOTHING = [
    ("nobody is so old", "walking_scheme\n    who: {age: {min: 110}}\n", "erewash", 6, "who.age", "nobody in Erewash"),
    ("nobody lives in that fifth", "walking_scheme\n    who: {imd_quintile: [1]}\n", "rushcliffe", 6, "who.imd_quintile",
     "2, 3, 4, 5"),
    ("nobody in the zones chosen", "walking_scheme\n    where: {imd_quintile: [5]}\n    who: {imd_quintile: [1]}\n",
     "erewash", 7, "who", "zones chosen"),
    ("no such fifth here", "walking_scheme\n    where:\n      imd_quintile: [1]\n", "rushcliffe", 7, "where.imd_quintile",
     "allowed: 2, 3, 4, 5"),
    ("no such tenth here", "campaign\n    where: {imd_decile: [1]}\n", "rushcliffe", 6, "where.imd_decile", "tenth 1"),
    ("no such name of a zone", "signposting\n    where: {columns: {name: [Rushclife 001]}}\n", "rushcliffe", 6,
     "where.columns.name", "Did you mean 'Rushcliffe 001'"),
    ("it starts after the end", "walking_scheme\n    when: {start_week: 100}\n", "erewash", 6, "when.start_week", "after the end"),
    ("more than stand here", "asset_investment\n    kind: leisure_centre\n    count: 50\n", "erewash", 7, "count",
     "at most 5. Ask for 5; usual price: £375,000"),
    ("a park in another city", "asset_investment\n    action: new\n    at: [{easting: 527000, northing: 180000}]\n",
     "erewash", 7, "at.0", "outside Erewash"),
    ("a point with its axes swapped", "asset_investment\n    at: [{easting: 337000, northing: 445000}]\n", "erewash", 6, "at.0",
     "swapped"),
    ("what is free made cheaper", "asset_investment\n    action: cheaper\n    kind: park\n", "erewash", 6, "action",
     "changes nothing"),
    ("ready when delivery is over", "asset_investment\n    when: {weeks: 10}\n    construction_weeks: 12\n", "erewash", 7,
     "construction_weeks", "nobody can use it"),
    ("one champion in a hundredth", "community_champions\n    champions: 4\n", "erewash", 6, "champions", "--sample 0.13"),
    ("less than a grant", "movement_support\n    grants_per_year: 24\n", "erewash", 6, "grants_per_year",
     "its cost, £54,076, would be counted all the same (found 23.9 × 0.02); allowed: a sample of 0.021 or more"),
    ("a campaign that hardly anybody notices", "campaign\n    reach_per_week: 0.000005\n", "erewash", 6, "reach_per_week",
     "fewer than one of the people who take notice"),
    ("a finder in which hardly anybody looks", "signposting\n    users_per_week: 0.000005\n", "erewash", 6,
     "users_per_week", "--sample"),
    ("a sliver of a link worker", "social_prescribing\n    link_workers: 0.01\n", "erewash", 6, "link_workers", "is left"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place", "line", "key", "words"),
    [case[1:] for case in NOTHING],
    ids=[case[0] for case in NOTHING],
)
def test_what_is_done_for_nobody_is_refused_with_its_line(tmp_path, text, place, line, key, words):
    path = written(tmp_path, text, place)
    hits = [one for one in check(path, sample=0.02).faults if one.key == f"interventions.0.{key}"]
    assert hits, check(path, sample=0.02).faults
    assert hits[0].file == str(path) and hits[0].line == line and words in str(hits[0])


def test_a_sample_too_small_for_one_place_is_refused_and_the_one_advised_is_right(tmp_path):
    path = written(tmp_path, "walking_scheme\n    groups: 1\n")
    (fault,) = check(path, sample=0.02).faults
    assert "£" in fault.message and "counted all the same" in fault.message
    advised = float(re.search(r"--sample ([\d.]+)", fault.hint)[1])
    assert check(path, sample=advised).faults == []
    assert check(path, sample=advised - 0.001).faults


def test_people_too_few_for_the_sample_are_told_apart_from_people_who_are_not_there(tmp_path):
    path = written(tmp_path, "walking_scheme\n    who: {age: {min: 98}}\n    where: {imd_decile: [4]}\n")
    (fault,) = check(path, sample=0.005).faults
    assert "is simulated at this sample" in fault.message and "--sample" in fault.hint


LITTLE = [
    ("a run cut short", "walking_scheme\n    when: {start_week: 50}\n", {"weeks": 40}, "when.start_week", "end of this run"),
    ("few people", "walking_scheme\n    who: {age: {min: 95}}\n", {"sample": 0.02}, "who", "chance hides"),
    ("more places than people", "walking_scheme\n    groups: 500\n    who: {age: {min: 90}}\n", {}, "groups", "offers more"),
    ("a rough rounding", "walking_scheme\n    groups: 2\n    group_size: 18\n", {"sample": 0.025}, "groups", "stands for"),
    ("grants lost", "movement_support\n    grants_per_year: 72\n", {"sample": 0.02}, "grants_per_year", "buys nothing"),
    ("an active champion by luck alone", "community_champions\n    champions: 50\n    active_share: 0.5\n",
     {"sample": 0.02}, "active_share", "fewer than one"),
    ("a plan by luck alone", "social_prescribing\n    link_workers: 0.5\n    accept: 0.5\n    engage: 0.5\n",
     {"sample": 0.01}, "link_workers", "fewer than one"),
    ("a fifth of two", "walking_scheme\n    where: {imd_quintile: [1, 2]}\n", {"place": "rushcliffe"}, "where.imd_quintile", "fifth 1"),
    ("who, where anyone may come", "asset_investment\n    who: {sex: [female]}\n", {}, "who", "means nothing"),
    ("need, where nothing is spread", "campaign\n    need: targeted\n", {}, "need", "means nothing"),
    ("no link workers", "social_prescribing\n    link_workers: 0\n", {}, "link_workers", "offers no"),
    ("news of no programme", "campaign\n    about: programmes\n", {}, "about", "it has none"),
    ("an event after the end", "movement_support\n    trigger_week: 99\n", {}, "trigger_week", "stirs nobody"),
    ("young people whom ohid leaves out", "campaign\n    who: {age: {max: 18}}\n", {"definition": "ohid"}, "who.age", "under 19"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "options", "key", "words"), [case[1:] for case in LITTLE], ids=[case[0] for case in LITTLE]
)
def test_what_comes_to_little_is_warned_of(tmp_path, text, options, key, words):
    look = check(written(tmp_path, text), **options)
    assert look.faults == []
    hits = [one for one in look.warnings if one.key == f"interventions.0.{key}" and words in str(one)]
    assert hits and hits[0].line, look.warnings


@pytest.mark.parametrize(("options", "run"), [({"weeks": 30}, 30), ({}, 52)])
def test_delivery_that_goes_on_beyond_the_run_is_told_in_one_line(tmp_path, options, run):
    walks = "walking_scheme\n    when: {weeks: 104}\n  - type: campaign\n    when: {weeks: 104}\n"
    path = written(tmp_path, walks + "  - type: signposting\n    when: {start_week: 10, weeks: 80}\n")
    (one,) = check(path, **options).warnings
    assert f"{run} of 104 weeks are run of interventions.0 and interventions.1" in one.message
    assert f"{run - 10} of 80 weeks are run of interventions.2" in one.message
    assert "while delivered" in one.message and one.line == 6 and one.hint == "Run 104 weeks or more."


def test_a_shipped_plan_run_for_a_year_is_told_to_be_cut_short_and_an_open_one_is_not(tmp_path):
    (one,) = check("walk_and_talk", weeks=52).warnings
    assert "26 of 104 weeks are run" in one.message
    assert check(written(tmp_path, "campaign\n"), weeks=30).warnings == []
    assert check(written(tmp_path, "campaign\n    when: {weeks: 30}\n"), weeks=30).warnings == []


def test_a_barrier_that_touches_nobody_is_refused(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(
        "name: A\nbarriers:\n  - quantity: disorder\n    change: -1\n    who: {age: {min: 110}}\n"
    )
    (fault,) = check(path).faults
    assert (fault.line, fault.key) == (5, "barriers.0.who.age")


# ------------------------------------------------------------------------------------------ agreement with a run

PLANS = {
    "walking_scheme": {"groups": 30, "invite_per_week": 1.0, "need": "proportionate"},
    "peer_support": {"groups": 30, "invite_per_week": 1.0},
    "social_prescribing": {"link_workers": 8.0, "accept": 1.0, "engage": 1.0},
    "community_champions": {"champions": 200, "tells_per_week": 0.0},
    "asset_investment": {"count": 2},
    "campaign": {},
    "signposting": {},
    "none": {},
}


def plan_of(kind: str, ramp_weeks: int = 4) -> Scenario:
    one = {"type": kind, "when": {"start_week": 3, "weeks": 55, "ramp_weeks": ramp_weeks}, "cost": {"per_participant": 0},
           "where": {"imd_quintile": [1, 2]}, "who": {"age": {"min": 30}}, **PLANS[kind]}  # fmt: skip
    return Scenario.from_dict({"name": "A", "weeks": 60, "interventions": [one]})


@pytest.mark.parametrize("kind", PLANS)
def test_the_cost_of_each_year_is_what_the_run_spends(town, ahead, kind):
    plan = plan_of(kind)
    (act,) = ahead.look(plan.interventions, (), 60, 60).acts
    branch = town.fork(plan.interventions)
    branch.run(60)
    cost = branch.record().flows["cost"]
    assert act.cost_by_year == pytest.approx([cost[:52].sum(), cost[52:].sum()])
    assert sum(act.cost_by_year) == pytest.approx(plan.planned_cost)


def test_places_offered_are_the_places_filled_when_everybody_wants_one(erewash, quick):
    eager = quick.with_values({"uptake_base": 1.0})
    town = Neighbourhood(erewash, seed=7, sample=0.03, parameters=eager).warm_up()
    for kind in ("walking_scheme", "peer_support", "social_prescribing", "community_champions"):
        plan = plan_of(kind, ramp_weeks=0)
        (act,) = Preflight(town.state).look(plan.interventions, (), 60, 60).acts
        branch = town.fork(plan.interventions)
        (programme,) = branch.state.programmes
        np.testing.assert_array_equal(act.meant, programme.eligible.astype(bool))
        filled = 0
        for _ in range(58):
            branch.step()
            members = branch.state.programmes[0]
            filled = max(filled, int((members.status == MEMBER).sum()) if kind in ("walking_scheme", "peer_support") else
                         int(programme.ever_joined(branch.state).sum()))  # fmt: skip
        assert filled == act.offered["at_sample"], kind


@pytest.mark.parametrize(("kind", "rule", "told"), [
    ("social_prescribing", "by_type", "free and with room for all"), ("social_prescribing", "one", "volunteers to organise"),
    ("asset_investment", "by_type", "all is as before"), ("asset_investment", "one", "wears by 10% a year"),
    ("walking_scheme", "by_type", "volunteers to organise"), ("walking_scheme", "one", "volunteers to organise"),
    ("campaign", "one", None),
])  # fmt: skip
def test_what_is_left_when_the_money_ends_is_told_by_either_rule(erewash, quick, kind, rule, told):
    parameters = quick.with_values({"leave_rule": rule})
    state = Neighbourhood(erewash, seed=7, sample=0.01, parameters=parameters).state
    plan = plan_of(kind)
    (act,) = Preflight(state).look(plan.interventions, (), 60, 60).acts
    assert act.afterwards is None if told is None else told in act.afterwards
    (act,) = Preflight(state).look(plan.interventions, (), 58, 60).acts
    assert act.afterwards is None, "the money does not end within the run"
    assert sum(act.cost_by_year) == pytest.approx(plan.interventions[0].planned_cost(58, parameters))


def test_work_that_is_done_after_the_money_is_of_use_where_what_is_built_stays(erewash, quick):
    late = {"type": "asset_investment", "construction_weeks": 12, "when": {"weeks": 10}}
    plan = Scenario.from_dict({"name": "A", "weeks": 60, "interventions": [late]})
    for rule, stops in (("by_type", True), ("one", False)):
        town = Neighbourhood(erewash, seed=7, sample=0.01, parameters=quick.with_values({"leave_rule": rule}))
        assert bool(Preflight(town.state).look(plan.interventions, (), 60, 60).faults) == stops


# ------------------------------------------------------------------------------------------ the verbs

TINY = ["--sample", "0.02", "--weeks", "4", "--quiet"]


def test_check_tells_people_zones_places_and_cost(tmp_path):
    path = written(tmp_path, "walking_scheme\n    where: {imd_quintile: [1]}\n    groups: 4\n")
    told = one_object(door("scenario", "check", str(path), "--json").stdout)
    assert told["valid"] and told["errors"] == [] and told["warnings"] == []
    assert told["eligible"]["people"] > 10 * told["eligible"]["simulated"] * 0.9 > 0
    assert told["zones"]["number"] >= len(told["zones"]["main"]) > 0
    assert told["offered"][0]["town"] == pytest.approx(4 * 12 / 0.55, abs=0.01)
    assert told["offered"][0]["at_sample"] == 9 and told["cost_by_year"] == [4000 + 52 * 150]
    words = door("scenario", "check", str(path)).stdout
    assert "is valid" in words and "£11,800" in words and "which stand for 90" in words


def test_check_tells_where_places_go_by_need(tmp_path):
    told, words = {}, {}
    for need in ("targeted", "universal"):
        path = str(written(tmp_path, f"walking_scheme\n    groups: 4\n    need: {need}\n"))
        (act,) = one_object(door("scenario", "check", path, "--json").stdout)["interventions"]
        told[need], words[need] = act["goes_to"], door("scenario", "check", path).stdout
        assert sum(one["number"] for one in act["goes_to"]["main"]) == pytest.approx(
            act["offered"]["town"], abs=0.05
        )
        assert f"{act['goes_to']['main'][0]['zone']} (22)" in words[need]
    assert told["targeted"]["among"] < told["universal"]["among"] and told["targeted"]["zones"] == 4
    assert f"goes to: 4 of the {told['targeted']['among']} zones" in words["targeted"]


@pytest.mark.parametrize(
    "kind", ["social_prescribing", "movement_support", "asset_investment", "peer_support"]
)
def test_where_it_goes_adds_up_to_what_is_offered(town, kind):
    one = {"type": kind, "need": "targeted"} | ({"count": 2} if kind == "asset_investment" else {})
    plan = Scenario.from_dict({"name": "A", "weeks": 60, "interventions": [one]})
    branch = town.fork(plan.interventions)
    (programme,) = branch.state.programmes
    spread = programme.spread(branch.state, 60)
    assert spread.by_zone.sum() == pytest.approx(programme.offer(branch.state, 60).town)
    assert 0 < (spread.by_zone > 0).sum() <= spread.among < len(branch.state.place.zones)


def test_a_plan_for_nobody_stops_compare_and_simulate_before_anything_is_written(tmp_path):
    path = str(written(tmp_path, "walking_scheme\n    groups: 1\n"))
    for verb in ("compare", "simulate"):
        ended = door(verb, path, *TINY, "--out", str(tmp_path / "out"))
        assert ended.exit_code == 2 and f"{path}:6: interventions.0" in ended.stderr
        assert not (tmp_path / "out").exists()


def test_warnings_come_before_the_run_and_stand_in_the_manifest(tmp_path):
    path = str(written(tmp_path, "asset_investment\n    who: {sex: [female]}\n"))
    ended = door("simulate", path, *TINY[:-1], "--out", str(tmp_path / "out"), "--json")
    told = one_object(ended.stdout)["warnings"]
    assert [one["key"] for one in told] == ["interventions.0.who"] and told[0]["scenario"] == "plan"
    assert f"warning: {told[0]['text']}" in ended.stderr
    assert one_object((tmp_path / "out" / "manifest.json").read_text())["warnings"] == told


def test_a_plan_that_is_the_baseline_is_refused_alone_and_told_of_beside_others(tmp_path):
    path = str(written(tmp_path, "walking_scheme\n    when: {weeks: 52}\n"))
    out = ["--replicates", "1", "--jobs", "1", "--out", str(tmp_path / "out")]
    for asked in ([path, "--baseline", path], ["baseline"]):
        ended = door("compare", *asked, *TINY, *out)
        assert ended.exit_code == 2 and "the baseline is the same plan" in ended.stderr
    ended = door("compare", path, "--against", "plan", *TINY, *out)
    assert (
        ended.exit_code == 2
        and "two plans or more beside the baseline" in ended.stderr
        and not (tmp_path / "out").exists()
    )
    ended = door("compare", path, path, "baseline", *TINY[:-1], *out)
    assert ended.exit_code == 0 and "baseline is the baseline that the others" in ended.stderr
    assert ended.stderr.count("4 of 52 weeks are run") == 1


def test_very_many_warnings_are_counted_and_those_without_a_file_are_named_by_plan():
    told = []
    tell([{"scenario": "a", "text": f"text {n % 30}"} for n in range(60)], told.append)
    assert told[0] == "warning: a: text 0" and len(told) == 21 and told[-1].startswith("warning: 10 more")


def test_a_sweep_looks_at_each_different_plan_once(monkeypatch):
    looked = []
    look = Preflight.look
    monkeypatch.setattr(Preflight, "look", lambda self, *asked: looked.append(asked[0]) or look(self, *asked))
    file = {"name": "t", "scenario": "walk_and_talk", "design": {"method": "grid"}, "sample": 0.02, "years": 1,
            "vary": {"interventions.0.groups": [20, 30], "parameters.habit_gain": [0.02, 0.03, 0.05]}}  # fmt: skip
    plan = planned(file)
    assert len(looked) == 2 and plan.warnings
    with pytest.raises(Exception, match=r"point 0: interventions\.0\.who\.age: nobody in Erewash"):
        planned(file | {"vary": {"interventions.0.who.age.min": [110]}})
    assert Points().once() == []


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases of the design are not beside this checkout")
@pytest.mark.parametrize(("name", "sample", "refused"), [
    ("one_group", 0.02, True), ("no_such_kind", 0.1, True), ("at_outside", 0.1, True), ("nobody", 0.1, True),
    ("who_q1_rush", 0.1, True), ("start_after_end", 0.1, True), ("ten_groups_q1", 0.1, False),
    ("ten_groups_ohid", 0.1, False), ("ten_prop", 0.1, False), ("ten_q1", 0.1, False), ("ten_targ", 0.1, False),
    ("ten_univ", 0.1, False), ("walk_200k", 0.1, False), ("campaign_200k", 0.1, False), ("champions_200k", 0.1, False),
])  # fmt: skip
def test_cases_tried_by_strangers_are_refused_or_stay_valid(name, sample, refused):
    look = check(CASES / f"{name}.yaml", sample=sample)
    assert bool(look.faults) == refused, look.faults
    cut = [one for one in look.warnings if "while delivered" in one.message]
    # These run one year of two of delivery.
    assert refused or (look.warnings == cut and bool(cut) == name.startswith("ten_groups"))


# ------------------------------------------------------------------------------------------ starting a file


@pytest.mark.parametrize("kind", REGISTRY)
def test_a_new_scenario_shows_every_type_ready_to_be_used(kind):
    text = template()
    if kind != "walking_scheme":
        block = re.search(rf"^#  - type: {kind}\b.*\n(#    .*\n)*", text, re.M)[0]
        text = text.replace(block, re.sub(r"^#", "", block, flags=re.M))
    scenario, _ = read_yaml_text(text, Scenario)
    assert kind in [one.type for one in scenario.interventions]


def test_a_new_scenario_names_the_schema_that_the_verb_writes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert door("scenario", "new", "mine").exit_code == 0
    first = Path("mine.yaml").read_text().splitlines()[0]
    name = first.removeprefix("# yaml-language-server: $schema=")
    told = door("scenario", "schema", "--out", name)
    assert first in told.stdout and one_object(Path(name).read_text())["title"] == "Everystep scenario"
    assert door("scenario", "schema", "--out", "gone/x.json").exit_code == 2
    assert Scenario.load("mine.yaml").interventions
