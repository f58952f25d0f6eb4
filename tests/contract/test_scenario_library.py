"""The shipped scenarios are valid, comparable, and say what they cost; the schema agrees with the reader."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from model.errors import InputError
from model.interventions import REGISTRY
from scenarios.files.library import check, list_scenarios, schema, show
from scenarios.files.reading import LIBRARY, TEMPLATE, library_names, read_yaml
from scenarios.files.schema import NAME, Scenario, slug

EXPECTED = [
    "baseline",
    "better_park",
    "fair_share",
    "none",
    "social_prescribing",
    "together",
    "walk_and_talk",
]


def test_the_library_ships_what_the_contract_names() -> None:
    assert set(EXPECTED) <= set(library_names()) and library_names()[0] == "baseline"
    assert [row["name"] for row in list_scenarios()] == library_names()
    json.dumps(list_scenarios())


@pytest.mark.parametrize("name", library_names())
def test_each_is_valid_named_and_explained(name: str) -> None:
    scenario = Scenario.load(name)
    assert check(name) == [] and scenario.remarks() == []
    assert NAME.fullmatch(name) and scenario.slug == name
    assert scenario.weeks == 260 and len(scenario.description) > 60
    assert show(name).startswith("#"), "each file opens with a plain sentence"


@pytest.mark.parametrize("name", library_names())
def test_round_trip_through_plain_data_json_and_yaml(name: str) -> None:
    scenario = Scenario.load(name)
    again = Scenario.from_dict(json.loads(json.dumps(scenario.as_dict())))
    assert again.as_dict() == scenario.as_dict() and again.digest == scenario.digest
    assert again.interventions == scenario.interventions
    other = Scenario.from_dict(yaml.safe_load(show(name)))
    assert other.as_dict() == scenario.as_dict(), "other readers of YAML see the same scenario"


def test_plans_cost_much_the_same_and_say_so() -> None:
    for name in library_names():
        scenario = Scenario.load(name)
        if not any(intervention.type != "none" for intervention in scenario.interventions):
            assert scenario.planned_cost == 0
            continue
        assert 150_000 <= scenario.planned_cost <= 250_000
        said = re.search(r"about £(\d+),000", " ".join(scenario.description.split()), re.I)
        assert said, name
        assert int(said[1]) * 1000 == pytest.approx(scenario.planned_cost, abs=600)
        assert {(i.when.start_week, i.when.weeks) for i in scenario.interventions} == {(26, 104)}


def test_plans_ask_the_usual_prices() -> None:
    for name in library_names():
        for intervention in Scenario.load(name).interventions:
            assert intervention.price == pytest.approx(intervention.usual_price(), rel=0.01), name


def test_together_is_half_of_each() -> None:
    both, walk, link = (
        Scenario.load("together"),
        Scenario.load("walk_and_talk"),
        Scenario.load("social_prescribing"),
    )
    assert both.interventions[0].groups * 2 == walk.interventions[0].groups
    assert both.interventions[1].link_workers * 2 == link.interventions[0].link_workers


def test_the_null_differs_from_the_baseline_only_by_an_intervention_that_costs_nothing() -> None:
    null = Scenario.load("none")
    assert [intervention.type for intervention in null.interventions] == ["none"]
    assert Scenario.load("baseline").interventions == ()
    assert null.digest != Scenario.load("baseline").digest


def test_the_example_of_the_contract_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text("""schema_version: 1
name: Walk and talk
description: Led walks from community centres in the most deprived fifth, led by local people.
place: erewash            # a shipped place, or a path to an imported one
start: 2026-01-05
years: 5
interventions:
  - type: walking_scheme
    where: {imd_quintile: [1]}
    who: {age: {min: 40}, level: [inactive, fairly_active]}
    when: {start_week: 26, weeks: 104, ramp_weeks: 13}
    groups: 12
    leaders: peer          # peer | professional
    cost: {setup: 12000, per_week: 450}
parameters: {contagion: complex}   # overrides of named model parameters and switches
definition: sport_england  # of inactive
""")
    scenario = Scenario.load(path)
    assert scenario.interventions[0].groups == 12 and scenario.parameters == {"contagion": "complex"}
    assert check(path) == []


def test_the_place_is_checked_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("name: A\nplace: erewosh\n")
    (fault,) = check(path)
    assert (fault.line, fault.key) == (2, "place") and "erewash" in str(fault)
    path.write_text(
        "name: A\ninterventions:\n- type: none\n  where:\n    zones: [E99]\n    columns: {wrd: [a]}\n"
    )
    assert [(fault.line, fault.key) for fault in check(path)] == [
        (5, "interventions.0.where.zones"), (6, "interventions.0.where.columns.wrd")
    ]  # fmt: skip


def test_length_in_years_or_weeks() -> None:
    assert Scenario(name="a").weeks == 260
    assert Scenario(name="a", years=0.02).weeks == 1
    assert Scenario(name="a", weeks=7).weeks == 7
    assert Scenario.load("baseline").lasting(weeks=12).weeks == 12
    assert Scenario.load("baseline").lasting(weeks=12).slug == "baseline"
    assert Scenario(name="a", weeks=260).digest == Scenario(name="b", years=5.0).digest
    with pytest.raises(InputError, match="from 1 to 1,560"):
        Scenario.load("baseline").lasting(weeks=0)


def test_changed_sets_any_field_and_checks_it_again() -> None:
    walk = Scenario.load("walk_and_talk")
    changed = walk.changed({"interventions.0.groups": 8, "parameters.uptake_base": -2, "place": "derby"})
    assert changed.interventions[0].groups == 8 and changed.parameters == {"uptake_base": -2}
    assert walk.interventions[0].groups == 40, "the original stays as it was"
    assert changed.digest != walk.digest
    with pytest.raises(InputError, match=r"interventions\.0\.groups"):
        walk.changed({"interventions.0.groups": 0})
    with pytest.raises(InputError, match="nothing here to change"):
        walk.changed({"interventions.4.groups": 3})


def test_a_start_after_the_end_is_remarked() -> None:
    assert "interventions.0" in Scenario.load("walk_and_talk").lasting(weeks=20).remarks()[0]


def test_slug_fits_names() -> None:
    for text in ("Walk & talk!", "", "../../etc", "É", "x" * 200):
        assert NAME.fullmatch(slug(text))


def test_schema_is_itself_sound_and_accepts_what_ships() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    document = schema()
    jsonschema.Draft202012Validator.check_schema(document)
    validator = jsonschema.Draft202012Validator(document)
    for path in [*LIBRARY.glob("*.yaml"), TEMPLATE]:
        scenario, _ = read_yaml(path, Scenario)
        written = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
        assert list(validator.iter_errors(written)) == [], path.name
        assert list(validator.iter_errors(scenario.as_dict())) == [], path.name
    for wrong in (
        {},
        {"name": "a", "plcae": 1},
        {"name": "a", "interventions": [{"type": "none", "groups": 3}]},
        {"name": "a", "interventions": [{}]},
        {"name": "a", "parameters": {"uptake_base": 99}},
    ):
        assert list(validator.iter_errors(wrong)), wrong


def test_schema_explains_every_key() -> None:
    document = schema()
    blocks = [document, *(document["$defs"][kind.__name__] for kind in REGISTRY.values())]
    for block in blocks:
        for key, field in block["properties"].items():
            assert field.get("description"), f"{block['title']}.{key} has no description"
            assert "\n" not in field["description"]
