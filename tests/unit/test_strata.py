"""Strata: counted by crossings of attributes, they are what counting each attribute gives."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from model.outcomes.record import UNIT
from model.outcomes.recorder import counted_weight
from model.outcomes.strata import CROSSED
from model.population.columns import ATTRIBUTES


def test_every_group_is_in_one_crossing():
    assert sorted(group for crossing in CROSSED for group in crossing) == sorted([*ATTRIBUTES, "zone"])


def test_sums_by_crossings_are_sums_by_attribute(town):
    people, strata = town.state.people, town.state.recorder.strata
    values = np.arange(people.n) % 7
    found = dict(zip(strata.names, strata.sums(values), strict=True))
    assert found["all", "all"] == values.sum()
    for group, levels in ATTRIBUTES.items():
        codes = people.column("cars" if group == "car" else group) - group.startswith("imd")
        for code, level in enumerate(levels):
            assert found[group, level] == values[codes == code].sum(), (group, level)
    for row, code in enumerate(town.state.place.zones["code"]):
        assert found["zone", str(code)] == values[people.zone == row].sum()


def test_a_week_is_counted_as_read(town):
    state = town.fork().run(1).state
    counts = dict(zip(state.recorder.strata.names, state.recorder.counts[-1], strict=True))
    for level in range(3):
        here = state.people.level == level
        assert counts["all", "all"][level] == state.counted[here].sum()
        assert counts["sex", "female"][level] == state.counted[here & (state.people.sex == 0)].sum()
    assert np.sum([counts["zone", str(code)] for code in state.place.zones["code"]]) == state.counted.sum()


def test_a_definition_leaves_out_those_below_its_age_and_nobody_else():
    ages = np.arange(16, 100)
    people = SimpleNamespace(age=ages, weight=np.full(len(ages), 1.5, np.float32))
    assert (counted_weight(people, "sport_england") == 1.5 * UNIT).all()
    assert np.array_equal(counted_weight(people, "ohid"), np.where(ages >= 19, 1.5 * UNIT, 0))
