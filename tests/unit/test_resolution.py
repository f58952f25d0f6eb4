"""No range is narrower than what the residents behind it could hide; a plan that offers nothing changes nothing exactly."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from model.outcomes.levels import Window
from model.outcomes.summary import Key
from scenarios.files.schema import Scenario
from scenarios.results.effects import compared_with
from scenarios.runs import design
from scenarios.statistics.resolution import first_week, least

PEOPLE = {("all", "all"): 10_000.0, ("imd_quintile", "1"): 2_000.0, ("imd_quintile", "5"): 1_000.0}
WEEKS = 30


def arm(name: str, acts=()):
    told = {"schema_version": 1, "name": name, "place": "erewash", "start": "2026-01-05", "years": 1}
    return design._arm(name, Scenario.from_dict({**told, "interventions": list(acts)}, name))


BASE = arm("baseline")
WALKS = {"type": "walking_scheme", "groups": 10}
PLANS = {"walks": arm("walks", [WALKS]), "none": arm("none", [{"type": "none"}]),
         "late": arm("late", [{**WALKS, "when": {"start_week": WEEKS}}]), "same": arm("same")}  # fmt: skip


class Run:
    """A run in which some residents of fifth 5 are not inactive."""

    def __init__(self, moved: float = 0.0) -> None:
        self.adults, self.people, self.moved = 10_000.0, PEOPLE, moved

    def values(self, window: Window, last: bool):
        rates = {("all", "all"): 0.3, ("imd_quintile", "1"): 0.4, ("imd_quintile", "5"): 0.2 - self.moved}
        told = {Key("inactive", *pair): rate for pair, rate in rates.items()}
        told[Key("gap_deprivation_difference", "all", "all")] = 0.2
        told[Key("gap_deprivation_ratio", "all", "all")] = 2.0
        return told | ({Key("reach", "imd_quintile", "5"): 0.0} if last else {})


def effects(plan: str, runs: int = 10, sets: int = 1, moved=()):
    town = SimpleNamespace(weeks=WEEKS, sample=0.1)
    pairs = [(Run(), Run(moved[run] if moved else 0.0)) for run in range(runs)]
    frame = compared_with(town, BASE, PLANS[plan], pairs, sets).frame
    end = frame[frame["horizon_weeks"] == WEEKS]
    return end.set_index(["outcome", "group", "level"])[
        ["difference", "ci_low", "ci_high", "range_low", "range_high"]
    ]


@pytest.mark.parametrize("sets", [1, 5])
def test_of_a_group_that_is_never_touched_the_rule_of_three_tells_what_may_be_hidden(sets):
    told = effects("walks", sets=sets)
    for level, residents in (("1", 200), ("5", 100)):
        row = told.loc[("inactive", "imd_quintile", level)]
        assert row["difference"] == 0
        assert row["ci_low"] == row["range_low"] == pytest.approx(-3 / (10 * residents))
        assert row["ci_high"] == row["range_high"] == pytest.approx(3 / (10 * residents))
    people = told.loc[("people_moved", "all", "all")]
    assert people["range_high"] == pytest.approx(10_000 * told.loc[("inactive", "all", "all"), "range_high"])
    gap = told.loc[("gap_deprivation_difference", "all", "all")]
    assert gap["range_high"] == pytest.approx(3 / 1000), "by the smaller of its two groups"
    ratio = told.loc[("gap_deprivation_ratio", "all", "all")]
    assert ratio["range_high"] == pytest.approx(3 / 1000 * 2.0 / 0.2)


def test_who_never_joins_may_be_few_and_never_less_than_none():
    row = effects("walks").loc[("reach", "imd_quintile", "5")]
    assert (row["ci_low"], row["ci_high"]) == (0, pytest.approx(3 / 1000))


@pytest.mark.parametrize("plan", ["none", "late", "same"])
@pytest.mark.parametrize("sets", [1, 5])
def test_a_plan_that_offers_nothing_by_then_changes_nothing_exactly(plan, sets):
    assert (effects(plan, sets=sets).dropna() == 0).all(axis=None)


def test_one_resident_in_one_run_widens_the_range_and_many_leave_it_to_chance():
    rare = effects("walks", moved=[0.01] + [0.0] * 9).loc[("inactive", "imd_quintile", "5")]
    assert rare["ci_low"] <= -0.001 - 3 / 1000 and rare["ci_high"] >= 0.00199
    often = effects("walks", moved=[0.01 * run for run in range(10)]).loc[("inactive", "imd_quintile", "5")]
    assert often["ci_high"] - often["difference"] > 5 * 3 / 1000


def test_one_run_has_no_range():
    row = effects("walks", runs=1).loc[("inactive", "all", "all")]
    assert math.isnan(row["ci_low"]) and math.isnan(row["range_high"])


def test_a_group_that_never_changes_is_within_its_range_as_often_as_is_said():
    luck, residents, runs = np.random.default_rng(4), 100, 10
    for rate in (0.0005, 0.001, 0.002, 0.0029):
        changed = luck.binomial(residents, rate, size=(4000, runs)) / residents
        half = least([Key("inactive", "imd_quintile", "5")], np.zeros((runs, 1)), np.zeros((runs, 1)),
                     {("imd_quintile", "5"): residents / 0.1}, 0.1, 52)[1, 0]  # fmt: skip
        unseen = changed[~changed.any(axis=1)]
        assert rate <= half, "where nothing was seen this rate is still within the range"
        assert len(unseen) / 4000 == pytest.approx((1 - rate) ** (residents * runs), abs=0.03)
    assert (1 - half) ** (residents * runs) == pytest.approx(0.05, abs=0.002)


def test_a_plan_differs_from_its_baseline_from_its_first_week():
    assert [first_week(BASE, PLANS[name]) for name in PLANS] == [0, None, WEEKS, None]
    assert first_week(PLANS["walks"], BASE) == 0, "a baseline that does more differs as well"
    assert first_week(PLANS["walks"], arm("more", [WALKS, {"type": "none"}])) is None
