"""The fast model is the written rules: bit for bit equal to a plain Mesa model of them (tests/reference)."""

from __future__ import annotations

import mesa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from reference import ReferenceTown
from reference.comparison import differences, ever_joined, twin
from reference.scenarios import Small, load, small

from model import Neighbourhood
from model.interventions import AssetInvestment, Nothing, SocialPrescribing, WalkingScheme
from model.parameters import Parameters

LENIENT = {
    # What fails is small already; shrinking would only take long.
    "phases": [Phase.explicit, Phase.generate],
    "deadline": None,
    "database": None,
    "derandomize": True,
    "suppress_health_check": [
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
}
checked = {"scenarios": 0, "resident_weeks": 0}


def compare(scenario: Small) -> Neighbourhood:
    """Run one scenario in both models, holding them against each other after every week."""
    place, plans = load(scenario.place), list(scenario.plans)
    town = Neighbourhood(place, seed=scenario.seed, sample=scenario.sample, parameters=scenario.parameters,
                         definition=scenario.definition)  # fmt: skip
    reference = twin(town)
    try:
        if scenario.from_the_start:
            town, plans = Neighbourhood(
                place, seed=scenario.seed, sample=scenario.sample, parameters=scenario.parameters,
                definition=scenario.definition, interventions=plans,
            ), []  # fmt: skip
            reference.plan(scenario.plans)
        assert differences(town, reference) == []
        for _ in range(town.state.warm_up_weeks + scenario.weeks):
            if town.week == 0 and not scenario.from_the_start:
                town = town.fork(plans)
                reference.plan(plans)
            town.step()
            reference.step()
            assert differences(town, reference) == [], f"after week {reference.week - 1}"
        assert ever_joined(town, reference) == []
        checked["scenarios"] += 1
        checked["resident_weeks"] += len(reference.residents) * reference.clock
        return town
    finally:
        forget(reference)


def forget(reference: ReferenceTown) -> None:
    """Let a Mesa model with agents go: Mesa's table of numbers would keep it for ever."""
    mesa.Agent._ids.pop(reference, None)


@settings(max_examples=12, **LENIENT)
@given(scenario=small(places=("erewash", "bolsover"), weeks=(5, 16), people=(100, 300)))
def test_a_few_random_scenarios_are_equal_bit_for_bit(scenario):
    compare(scenario)


FOUR = ("erewash", "derby", "high_peak", "bolsover")
"""A town and its villages, a city, hills, old coalfield."""


@pytest.mark.slow
@settings(max_examples=260, **LENIENT)
@given(scenario=small(places=FOUR, weeks=(5, 30), people=(200, 400)))
def test_hundreds_of_random_scenarios_are_equal_bit_for_bit(scenario):
    compare(scenario)


@pytest.mark.slow
def test_that_was_enough():
    if checked["scenarios"] < 100:
        pytest.skip("counts the scenarios of the long run, which did not run in this process")
    print(f"{checked['scenarios']} scenarios, {checked['resident_weeks']:,} resident-weeks, 0 mismatches")
    assert checked["scenarios"] >= 200
    assert checked["resident_weeks"] >= 1_000_000


BIG = (
    WalkingScheme(groups=120, invite_per_week=0.3, when={"weeks": 14}),
    SocialPrescribing(link_workers=60, plan_weeks=8, sessions=4),
    AssetInvestment(action="new", count=6, construction_weeks=2),
    AssetInvestment(action="cheaper", kind="leisure_centre", count=4, when={"start_week": 2, "weeks": 6}),
    Nothing(),
)


@pytest.mark.parametrize("contagion", ["complex", "simple", "linear", "none"])
def test_every_plan_at_once_under_each_contagion(contagion):
    parameters = Parameters.default().with_values({"warm_up_weeks": 8, "contagion": contagion})
    scenario = Small("erewash", 5, 0.002, 18, "sport_england", parameters, BIG, False)
    town = compare(scenario)
    flows = town.record().flows
    assert flows["joined"].sum() > 0 and flows["completed"].sum() > 0
    assert (town.state.assets.now["open"] > 0).sum() == len(load("erewash").assets) + 6


def test_a_crowded_town_is_equal_too():
    # Three residents in a thousand carry everybody's visits, so some places are overrun: crowds lower motivation.
    parameters = Parameters.default().with_values(
        {"warm_up_weeks": 8, "crowding_memory": 1.0, "crowded_loss": 0.2}
    )
    scenario = Small(
        "erewash", 6, 0.003, 8, "ohid", parameters, (WalkingScheme(groups=300, invite_per_week=1.0),), False
    )
    assert compare(scenario).state.assets.load.max() > 1.0


def test_a_planted_fault_is_found(quick):
    """The comparison itself can fail: one bit of one number of one resident is seen."""
    town = Neighbourhood(load("erewash"), seed=2, sample=0.001, parameters=quick)
    reference = twin(town)
    assert differences(town, reference) == []
    value = town.state.people.motivation[3:4].view("u4")
    value ^= 1
    assert [text.split(":")[0] for text in differences(town, reference)] == ["motivation of residents"]
    forget(reference)
