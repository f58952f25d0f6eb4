"""A combination is held against its parts added up: recognised by settings, or as asked."""

from __future__ import annotations

import numpy as np
import pytest

from model.errors import InputError
from scenarios.files.schema import Scenario
from scenarios.findings import sums, table
from scenarios.findings.findings import of_tables
from scenarios.results.added_up import Sum, asked, check_against, recognised, versus
from scenarios.runs import design

PLANS = {"walks": "Walks", "bikes": "Bikes for 65+", "both": "Walks + bikes"}
WALKS = {"type": "walking_scheme", "groups": 10, "cost": {"setup": 100, "per_week": 50}}
LINKS = {"type": "social_prescribing", "link_workers": 2}
PARK = {"type": "asset_investment", "action": "improve", "kind": "park", "count": 2}


def arms(**plans):
    """Arms of one town, the baseline first."""
    made = {}
    for name, acts in {"baseline": [], **plans}.items():
        told = {"schema_version": 1, "name": name, "place": "erewash", "start": "2026-01-05", "years": 1}
        made[name] = Scenario.from_dict({**told, "interventions": acts}, name)
    return [design._arm(name, scenario) for name, scenario in made.items()]


def test_the_shipped_together_is_half_of_each_of_its_parts():
    names = ("baseline", "walk_and_talk", "social_prescribing", "better_park", "together")
    found = recognised([design._arm(name, Scenario.load(name)) for name in names])
    assert [(one.whole, one.label) for one in found] == [
        ("together", "0.5 walk_and_talk + 0.5 social_prescribing")
    ]


def test_a_plan_of_the_interventions_of_two_others_is_their_sum_whatever_it_is_called():
    found = recognised(arms(a=[WALKS], b=[LINKS], c=[{**LINKS, "name": "Ours"}, WALKS], d=[PARK]))
    assert [(one.whole, one.label) for one in found] == [("c", "a + b")]


def test_three_parts_and_parts_of_several_interventions_are_found():
    found = recognised(arms(a=[WALKS], b=[LINKS], c=[PARK], ab=[WALKS, LINKS], all=[PARK, WALKS, LINKS]))
    assert {(one.whole, one.label) for one in found} == {
        ("ab", "a + b"), ("all", "a + b + c"), ("all", "c + ab")}  # fmt: skip


@pytest.mark.parametrize("change", [{"need": "targeted"}, {"groups": 20}, {"who": {"age": {"min": 65}}},
                                    {"when": {"start_week": 4}}, {"group_size": 20}])  # fmt: skip
def test_other_settings_make_another_plan(change):
    assert not recognised(arms(a=[WALKS], b=[LINKS], c=[{**WALKS, **change}, LINKS]))


def test_what_the_baseline_does_already_is_no_part():
    told = arms(a=[PARK, WALKS], b=[PARK, LINKS], c=[PARK, WALKS, LINKS])
    base = arms(base=[PARK])[1]
    assert [one.label for one in recognised([base, *told[1:]])] == ["a + b"]


def test_a_sum_is_taken_run_by_run_and_only_of_what_adds_up():
    rng = np.random.default_rng(1)
    luck = rng.normal(0, 50, 20)
    a, b, gain = (rng.normal(mean, 1, 20) for mean in (30, 40, 7))
    measures = {
        name: {"person_years_moved": values, "gap_deprivation_ratio": values, "people_moved_during": values}
        for name, values in (("a", a + luck), ("b", b), ("ab", a + b + luck + gain))
    }
    spans = {"a": {"people_moved_during": (0, 10)}, "b": {"people_moved_during": (0, 20)}}
    rows = versus(measures, 1, [Sum((("a", 1.0), ("b", 1.0)), "ab")], spans)
    told = rows[rows["against"] == "a + b"]
    assert list(told["outcome"]) == ["person_years_moved"] and list(told["scenario"]) == ["ab"]
    row = told.iloc[0]
    assert row["difference"] == pytest.approx(gain.mean())
    assert 6 < row["ci_low"] < row["difference"] < row["ci_high"] < 8 and row["replicates"] == 20


def test_every_other_plan_stands_against_a_sum_that_is_asked_for():
    measures = {name: {"cost": np.full(5, float(value))} for name, value in (("a", 1), ("b", 2), ("c", 9))}
    rows = versus(measures, 1, asked("0.5 a + b"))
    told = rows[rows["against"] == "0.5 a + b"]
    assert list(zip(told["scenario"], told["difference"], strict=True)) == [("c", 6.5)]


@pytest.mark.parametrize(("wanted", "label"), [
    ("walks", "walks"), ("Walks + bikes", "both"), ("walks+both", "walks + both"),
    ("Bikes for 65+ + Walks", "bikes + walks"), ("0.5 walks + Walks + bikes", "0.5 walks + both"),
])  # fmt: skip
def test_plans_and_sums_are_asked_for_by_name_or_title(wanted, label):
    assert check_against(wanted, PLANS) == label


@pytest.mark.parametrize(("wanted", "message"), [
    ("walks+bike", r"none of the plans compared \(found bike\)"), ("walks+walks", "twice"), ("walks+bikes+both", "no other plan"),
    ("tram", "none of the plans"), ("+", "none of the plans"), ("0 walks+bikes", "above 0"), ("-1 walks+bikes", "above 0"),
])  # fmt: skip
def test_a_sum_that_is_none_is_refused_by_what_is_wrong(wanted, message):
    with pytest.raises(InputError, match=message):
        check_against(wanted, PLANS)


def findings(difference, low, high, runs=10):
    import pandas as pd

    ends = {"difference": difference, "ci_low": low, "ci_high": high, "range_low": low, "range_high": high}
    frame = pd.DataFrame([{"scenario": name, "baseline": "baseline", "outcome": "person_years_moved", "group": "all",
                           "level": "all", "horizon_weeks": 260, "window_weeks": 260, **ends}
                          for name in ("a", "b", "ab")])  # fmt: skip
    pairs = pd.DataFrame(
        [{"scenario": "ab", "against": "0.5 a + b", "outcome": "person_years_moved", **ends}]
    )
    titles = [{"name": name, "title": name.upper()} for name in ("a", "b", "ab")]
    return of_tables(
        frame, pairs, {"weeks": 260, "replicates": runs, "baseline": "baseline", "scenarios": titles}
    )


def test_it_is_said_whether_it_does_more_less_or_cannot_be_told():
    parts = "half of “A” and “B” added up"
    assert sums.sentences(findings(30.0, 20.0, 40.0)) == [
        f"By person-years out of inactivity over 5 years, “AB” does more than {parts}: by about 30 person-years "
        "(20 to 40)."]  # fmt: skip
    assert f"does less than {parts}: by about 30 person-years" in sums.sentences(findings(-30.0, -40, -20))[0]
    assert (
        f"whether “AB” does more than {parts} cannot be told: the difference is 3 (−20 to 26)"
        in sums.sentences(findings(3.0, -20.0, 26.0))[0]
    )
    assert "just as much" in sums.sentences(findings(0.0, 0.0, 0.0))[0]
    assert "cannot be told" in sums.sentences(findings(30.0, 20.0, 40.0, runs=3))[0]
    assert not sums.sentences(findings(30.0, 20.0, 40.0, runs=1))


def test_the_table_against_a_sum_holds_the_plans_held_against_it():
    from rich.console import Console

    console = Console(width=300)
    with console.capture() as kept:
        console.print(table.against_table(findings(30.0, 20.0, 40.0), "0.5 a + b", 300))
    text = kept.get()
    assert "Difference from half of “A” and “B” added up" in text and "AB" in text and "20 to 40" in text
