"""Crossed groups: counted as reading them one by one would, with nothing else moved."""

from __future__ import annotations

import numpy as np
import pytest

from model import Neighbourhood
from model.errors import InputError
from model.outcomes.strata import FEWEST, crossed, crossing_of, strata_of
from model.population.columns import AGE_BANDS, DISABILITIES, SEXES
from scenarios.findings.names import level_name

BY = ("disability", "sex", "age_band")
GROUP = "disability+sex+age_band"


@pytest.fixture(scope="module")
def crossed_town(erewash, quick):
    return Neighbourhood(erewash, seed=7, sample=0.03, parameters=quick, by=BY).warm_up()


def test_a_crossed_stratum_counts_who_has_all_its_levels(crossed_town):
    arm = crossed_town.fork().run(2)
    people, record = arm.state.people, arm.record()
    levels = [level for group, level in record.strata if group == GROUP]
    assert levels == [f"{d}+{s}+{a}" for d in DISABILITIES for s in SEXES for a in AGE_BANDS]
    for level in levels:
        d, s, a = level.split("+", 2)
        here = people.disability == DISABILITIES.index(d)
        here &= (people.sex == SEXES.index(s)) & (people.age_band == AGE_BANDS.index(a))
        row = record.index(GROUP, level)
        for grade in range(3):
            assert record.counts[-1, row, grade] == arm.state.counted[here & (people.level == grade)].sum()
        assert record.simulated[GROUP, level] == here.sum()


def test_a_crossing_moves_nothing_else(crossed_town, town):
    plain, more = town.fork().run(2).record(), crossed_town.fork().run(2).record()
    count = len(plain.strata)
    assert more.strata[:count] == plain.strata and not plain.simulated
    assert np.array_equal(more.counts[:, :count], plain.counts)
    assert np.array_equal(more.minutes[:, :count], plain.minutes)
    assert {key: more.reach[key] for key in plain.reach} == plain.reach


def test_the_largest_crossing_fits_its_cells(town):
    by = ("imd_decile", "age_band", "ethnicity", "car")
    codes, levels = crossed(town.state.people, by)
    strata = strata_of(town.state.people, [f"z{k}" for k in range(60000)], by)
    assert len(levels) == 900 and np.array_equal(
        strata.cells[-1] - strata.cells[-1].min(), codes - codes.min()
    )
    with pytest.raises(InputError, match="too many zones"):
        strata_of(town.state.people, [f"z{k}" for k in range(65000)], by)


@pytest.mark.parametrize(("by", "said"), [
    ("disabilty,sex", "Did you mean 'disability'"), (["sex"], "one attribute is no crossing"),
    (["sex", "sex"], "named twice"), ("sex,,car", "found ''"), ("zone,sex", "unknown attribute"),
    (["imd_decile", "age_band", "ethnicity", "segment"], "1,500 groups of people"),
])  # fmt: skip
def test_crossings_that_make_no_sense_are_refused(by, said):
    with pytest.raises(InputError, match=said) as error:
        crossing_of(by)
    assert {fault.key for fault in error.value.faults} == {"by"}


def test_nothing_asked_is_no_crossing():
    assert crossing_of(None) == crossing_of([]) == ()
    assert crossing_of(" disability , sex") == ("disability", "sex")


def test_disabled_women_over_65_are_one_group(crossed_town):
    people, outcomes = crossed_town.state.people, crossed_town.outcomes
    by = ["disabled", "sex", "over_65"]
    here = (people.disability > 0) & (people.sex == 0) & (people.age >= 65)
    weight = crossed_town.state.counted[here]
    share = outcomes.share("inactive", by=by)["disabled+female+65_and_over"]
    assert share == pytest.approx(weight[people.level[here] == 0].sum() / weight.sum())
    behind = outcomes.people(by=by).loc["disabled+female+65_and_over"]
    assert behind["residents_simulated"] == here.sum()
    assert behind["adults"] == pytest.approx(weight.sum() / 256)
    assert crossed_town.outcomes.people()["adults"].sum() == pytest.approx(
        outcomes.people(by)["adults"].sum()
    )


def test_shares_of_few_are_not_told(crossed_town):
    by = ["ethnicity", "age_band"]
    shares, behind = crossed_town.outcomes.share("active", by=by), crossed_town.outcomes.people(by=by)
    few = behind["residents_simulated"] < FEWEST
    assert few.any() and not few.all()
    assert shares[few].isna().all() and shares[~few].notna().all()


def test_a_list_of_one_is_that_attribute(town):
    assert town.outcomes.share("inactive", by=["sex"]).equals(town.outcomes.share("inactive", by="sex"))


def test_a_crossed_level_reads_in_words():
    assert level_name(GROUP, "limited_a_lot+female+85+") == "Limited a lot, Women, 85 and over"
    assert level_name("disabled+over_65", "not_disabled+65_and_over") == "Not disabled, 65 and over"
