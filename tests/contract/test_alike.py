"""Scenarios of one comparison share place, definition, start and length, or are refused with what differs."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from door import door
from fake_town import FakePlace, FakeScenario, open_fake

from model.errors import InputError
from scenarios import compare

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "cases"
TEXT = """schema_version: 1
name: {name}
description: Test
place: erewash
years: 1
interventions:
  - type: walking_scheme
    where: {{imd_quintile: [1]}}
    when: {{start_week: 0, weeks: 26}}
    groups: 10
"""


def scenario(name: str, start: date | None = None, definition: str = "", **more) -> FakeScenario:
    made = FakeScenario(name, 0.2, **more)
    made.start, made.definition = start or made.start, definition or made.definition
    return made


def run(*scenarios, **more):
    more = {"replicates": 2, "jobs": 1, "baseline": FakeScenario("Baseline"), "opener": open_fake} | more
    return compare(list(scenarios), **more)


OTHERS = {
    "place": lambda: scenario("Two", place=FakePlace(name="othertown", digest="d1")),
    "definition": lambda: scenario("Two", definition="ohid"),
    "start": lambda: scenario("Two", start=date(2027, 1, 4)),
    "weeks": lambda: scenario("Two", weeks=40),
}
SETTLED = {
    "place": {"place": FakePlace()},
    "definition": {"definition": "sport_england"},
    "weeks": {"weeks": 20},
}


@pytest.mark.parametrize("what", OTHERS)
def test_scenarios_that_differ_are_refused_with_what_differs(what):
    other = OTHERS[what]()
    with pytest.raises(InputError) as error:
        run(scenario("One"), other)
    [fault] = error.value.faults
    mine, its = (getattr(getattr(one, what), "name", getattr(one, what)) for one in (scenario("One"), other))
    assert fault.key == what and fault.found == f"{mine} in one; {its} in two"
    assert "Compare them apart" in fault.hint


@pytest.mark.parametrize("what", SETTLED)
def test_the_comparison_may_settle_it(what):
    effects = run(scenario("One"), OTHERS[what](), **SETTLED[what])
    assert set(effects.frame["scenario"]) == {"one", "two"}


def test_all_that_differs_is_told_at_once():
    other = scenario("Two", weeks=40, definition="ohid", place=FakePlace(name="othertown", digest="d1"))
    with pytest.raises(InputError) as error:
        run(scenario("One"), other)
    assert [fault.key for fault in error.value.faults] == ["place", "definition", "weeks"]


def test_two_places_of_one_name_are_told_apart_by_what_they_hold():
    with pytest.raises(InputError) as error:
        run(scenario("One"), scenario("Two", place=FakePlace(digest="d1")))
    [fault] = error.value.faults
    assert fault.key == "place" and "d0" in fault.found and "d1" in fault.found
    assert set(run(scenario("One"), scenario("Two", place=FakePlace())).frame["scenario"]) == {"one", "two"}


def test_one_scenario_may_differ_from_the_baseline():
    assert set(run(scenario("One", definition="ohid", weeks=20)).frame["scenario"]) == {"one"}


def refused(*words) -> str:
    result = door("compare", *words, "--sample", "0.02", "--replicates", "2", "--jobs", "1", "--quiet")
    assert result.exit_code == 2 and not result.stdout
    return result.stderr


def test_the_door_refuses_files_that_differ(tmp_path):
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text(TEXT.format(name="One"), encoding="utf-8")
    two.write_text(
        TEXT.format(name="Two").replace("years: 1", "years: 2\ndefinition: ohid"), encoding="utf-8"
    )
    said = refused(str(one), str(two), "--out", str(tmp_path / "out"))
    assert "definition" in said and "weeks" in said and "--definition" in said and "--years" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases of strangers are not here")
@pytest.mark.parametrize(
    ("files", "key"),
    [
        (("two_places_a.yaml", "two_places_b.yaml"), "place"),
        (("ten_groups_q1.yaml", "ten_groups_ohid.yaml"), "definition"),
    ],
)
def test_the_cases_of_strangers_are_refused(files, key, tmp_path):
    said = refused(*(str(CASES / name) for name in files), "--out", str(tmp_path / "out"))
    assert key in said and f"--{key}" in said
