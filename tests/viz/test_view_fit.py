"""The place panel: a town's people and its baseline beside the targets, before any plan."""

from __future__ import annotations

import numpy as np
import pytest

from calibration import targets
from calibration.measures.year import Year
from model import Neighbourhood
from model.parameters import Parameters
from viz.live.page import baseline_fit


@pytest.fixture(scope="module")
def town() -> Neighbourhood:
    short = Parameters.default().with_values({"warm_up_weeks": 12})
    return Neighbourhood("erewash", seed=2, sample=0.03, parameters=short).warm_up()


def test_figures_are_those_of_a_year_and_stand_beside_their_targets(town):
    before = town.state.people.minutes.copy()
    told = baseline_fit.fit_rows(town)
    np.testing.assert_array_equal(town.state.people.minutes, before)
    assert town.week == 0
    people, fitted, apart = told["tables"]
    year = Year(town.fork(), town.state.weight / 256).run()
    by_name = {one.name: one for one in targets.read()}
    for table, role in ((fitted, "fit"), (apart, "held_out")):
        names = {words: name for name, words in baseline_fit.SAID.items()}
        assert table["rows"]
        for words, here, england in table["rows"]:
            target = by_name[names[words]]
            assert target.role == role and england.startswith(f"{target.value:.1f}%")
            assert here in (f"{year[target.name]:.1f}%", "too few")
    ages = [int(share.rstrip("%")) for what, share in people["rows"] if what.startswith("Age")]
    assert len(ages) == 6 and 97 <= sum(ages) <= 103


def test_small_groups_show_no_share(town):
    few = baseline_fit.too_few(town.state.people)
    assert "inactive_black" in few and "inactive_women" not in few


def test_every_figure_named_has_a_target():
    assert set(baseline_fit.SAID) <= {one.name for one in targets.read()}
