"""A plan as the baseline must be of the same place, definition and length; titles and `--against` name plans apart."""

from __future__ import annotations

import pytest

from model.errors import InputError
from scenarios.files.schema import Scenario
from scenarios.results.added_up import check_against
from scenarios.runs import design

WALK = {
    "schema_version": 1, "name": "Walks", "place": "erewash", "years": 1,
    "interventions": [{"type": "walking_scheme", "groups": 10}],
}  # fmt: skip


def plan(**changed) -> Scenario:
    return Scenario.model_validate(WALK | changed)


@pytest.mark.parametrize("changed", [{"place": "nottingham"}, {"definition": "ohid"}, {"years": 3}])
def test_a_plan_of_another_place_definition_or_length_is_no_baseline(changed):
    from scenarios import compare

    with pytest.raises(InputError, match="differs between the scenarios"):
        compare([plan()], replicates=2, baseline=plan(name="Other", **changed), sample=0.02)


def test_plans_of_one_title_are_told_apart_by_their_names():
    pairs = [("north", plan()), ("south", plan(years=2)), ("parks", plan(name="Parks"))]
    made = design.plan(pairs, ("baseline", Scenario.load("baseline")), sample=0.02, weeks=10)
    assert [arm.title for arm in made.jobs[0].arms[1:]] == ["Walks (north)", "Walks (south)", "Parks"]


def test_against_takes_a_name_or_a_title():
    plans = {"walks": "Led walks", "sp": "Two link workers"}
    assert check_against("sp", plans) == check_against("Two link workers", plans) == "sp"
    with pytest.raises(InputError, match="Two link workers"):
        check_against("Two link worker", plans)
