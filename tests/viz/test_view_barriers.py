"""The switches “And if…” of the live view: real barriers, kept in files, links and when the plan changes."""

from __future__ import annotations

import pytest

from model.errors import InputError
from model.interventions import Barrier
from model.quantities import MET
from scenarios.files.schema import Scenario
from viz.live.builder import barriers, controls, sharing


@pytest.fixture
def plan() -> Scenario:
    return Scenario.load("better_park")


@pytest.mark.parametrize("name", barriers.SWITCHES)
def test_every_switch_goes_on_and_off_and_into_files_and_links(plan, name):
    on = barriers.switched(plan, name, True)
    assert [one["on"] for one in barriers.switches(on)].count(True) == 1
    assert barriers.switched(on, name, True).digest == on.digest
    assert barriers.switched(on, name, False).digest == plan.digest
    assert sharing.from_text(sharing.to_text(on)).barriers == on.barriers
    assert sharing.from_link(sharing.to_link(on, "erewash", 0.1, 1))["scenario"].barriers == on.barriers
    assert barriers.caption(on).startswith("A better park; and if ")


def test_all_switches_at_once_fit_a_link(plan):
    for name in barriers.SWITCHES:
        plan = barriers.switched(plan, name, True)
    assert sharing.from_link(sharing.to_link(plan, "erewash", 0.1, 1))["scenario"].digest == plan.digest


def test_another_plan_keeps_the_switches(plan):
    on = barriers.switched(plan, "calm_traffic", True)
    assert barriers.carried(Scenario.load("together"), on).barriers == on.barriers
    assert barriers.carried(Scenario.load("together"), plan).barriers == ()


def test_a_barrier_of_ones_own_has_controls_whose_range_follows_its_quantity(plan):
    one = barriers.added(plan)
    shown = controls.form(one)[-1]
    assert shown["holder"] == "barriers" and shown["cost"] == "costs nothing"
    change = next(control for control in shown["controls"] if control["key"] == "change")
    assert (change["low"], change["high"], change["value"]) == (-1, 1, -0.5)
    quantity = next(control for control in shown["controls"] if control["key"] == "quantity")
    assert [name for name, _ in quantity["choices"]] == list(MET)
    assert all(words[0].isupper() and "_" not in words for _, words in quantity["choices"])
    for path, value in (
        ("quantity", "price"),
        ("change", -40),
        ("who.sex", ["female"]),
        ("when.start_week", 9),
    ):
        one, _ = controls.with_value(one, f"barriers.0.{path}", value)
    assert one.barriers == (
        Barrier(quantity="price", change=-40, who={"sex": ["female"]}, when={"start_week": 9}),
    )
    back, _ = controls.with_value(one, "barriers.0.quantity", "traffic")
    assert back.barriers[0].change == -1
    assert barriers.removed(back, 0).digest == plan.digest


@pytest.mark.parametrize("path, value", [
    ("barriers.0.change", 2), ("barriers.0.change", "much"), ("barriers.0.quantity", "gravity"),
    ("barriers.1.change", 0.1), ("barriers.0.evidence", []), ("barriers.0.type", "x"), ("barriers.0.quantity", 3),
])  # fmt: skip
def test_wrong_values_are_refused(plan, path, value):
    with pytest.raises(InputError):
        controls.with_value(barriers.added(plan), path, value)


def test_unknown_switches_and_too_many_barriers_are_refused(plan):
    with pytest.raises(InputError, match="no such switch"):
        barriers.switched(plan, "gravity", True)
    for _ in range(barriers.MOST):
        plan = barriers.added(plan)
    with pytest.raises(InputError, match="enough"):
        barriers.added(plan)
