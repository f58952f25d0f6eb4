"""The whole town's effect from many runs of a sample and a few of everybody."""

from __future__ import annotations

import numpy as np
import pytest
from fake_town import FakeScenario, FakeTown, open_fake

from model.errors import InputError
from scenarios import compare
from scenarios.statistics import multilevel, stray
from scenarios.statistics.estimates import estimate


class Timid(FakeTown):
    """A sample in which a plan does half of what it does in the whole town."""

    def fork(self, interventions: list) -> FakeTown:
        share = 1.0 if self.job.town.sample == 1.0 else 0.5
        return type(self)(self.job, share * sum(one.push for one in interventions))


def effect(**options):
    told = compare([FakeScenario("Plan", 0.4)], baseline=FakeScenario("baseline"), opener=Timid, jobs=1,
                   replicates=12, parameters="fitted", **options)  # fmt: skip
    frame = told.frame
    rows = frame[(frame["outcome"] == "inactive") & (frame["group"] == "all")]
    return told, rows.iloc[-1]


def test_what_a_sample_strays_is_taken_out():
    _, small = effect(sample=0.1)
    _, everybody = effect(sample=1.0)
    told, both = effect(sample=0.1, whole=True)
    assert small["range_high"] < 0.75 * small["difference"] < 0
    assert both["range_low"] <= everybody["difference"] <= both["range_high"]
    assert abs(both["difference"] - everybody["difference"]) < 0.3 * abs(
        small["difference"] - everybody["difference"]
    )
    assert told.manifest["whole"]["replicates"] == multilevel.FEWEST
    assert any("of everybody" in note for note in told.as_dict()["notes"])


def test_it_is_the_mean_of_the_sample_and_the_mean_difference():
    _, small = effect(sample=0.1)
    told, both = effect(sample=0.1, whole=True)
    assert both["replicates"] == 12 and told.manifest["whole"]["work"] == pytest.approx(
        (1.2 + 4) / 12, abs=1e-3
    )
    assert both["baseline_value"] == pytest.approx(small["baseline_value"], abs=0.05)


def test_a_folder_says_which_it_holds_and_goes_on(tmp_path):
    first, row = effect(sample=0.1, whole=True, out=tmp_path / "whole")
    assert not (tmp_path / "whole" / "parts").exists()
    again, same = effect(sample=0.1, whole=True, out=tmp_path / "whole", resume=True)
    assert again.already and same["difference"] == row["difference"] and first.manifest["asked"]["whole"]
    with pytest.raises(InputError, match="--overwrite"):
        effect(sample=0.1, out=tmp_path / "whole")


@pytest.mark.parametrize(("replicates", "sets", "found"), [
    (20, 10, [0, 4, 8, 12, 16]), (12, 1, [0, 3, 6, 9]), (10, 5, [0, 2, 4, 6]), (40, 20, [0, 4, 8, 12, 16, 20, 24, 28, 32, 36]),
])  # fmt: skip
def test_runs_of_everybody_are_spread_over_the_sets(replicates, sets, found):
    assert multilevel.beside(replicates, sets) == found


@pytest.mark.parametrize(("options", "words"), [
    ({"precision": 0.5}, "precision"), ({"sample": 1.0}, "already"), ({"replicates": 3}, "too few"),
])  # fmt: skip
def test_what_cannot_be_asked_is_refused(options, words):
    with pytest.raises(InputError, match=words):
        compare([FakeScenario("Plan", 0.4)], baseline=FakeScenario("baseline"), opener=Timid, jobs=1, whole=True,
                parameters="fitted", **{"replicates": 12, "sample": 0.1, **options})  # fmt: skip


def test_its_range_holds_the_whole_towns_effect_as_often_as_it_says():
    """Doubt about the numbers shared by both, chance of a sample three times that of the whole town, a sample off by 10%."""
    draw, held, runs, sets, tries = np.random.default_rng(5), [], 20, 10, 2000
    beside = multilevel.beside(runs, sets)
    factor = runs / len(beside)
    doubt = np.repeat(draw.normal(1.0, 0.3, (sets, tries)), runs // sets, axis=0)
    small = 0.9 * doubt + draw.normal(0, 0.3, (runs, tries))
    whole = doubt + draw.normal(0, 0.1, (runs, tries))
    small[beside] += factor * (whole[beside] - small[beside])
    told = estimate(small, sets)
    held = np.mean((told.range_low <= 1.0) & (told.range_high >= 1.0))
    assert 0.95 <= held <= 1.0
    assert abs(told.mean.mean() - 1.0) < 0.01


def test_a_sample_strays_less_the_more_are_simulated():
    shares = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 1.0]
    off = [stray.of_sample(share) for share in shares]
    assert off == sorted(off, reverse=True) and off[-1] == 0.0 and off[0] == off[1] <= 0.5


def test_ranges_allow_for_what_a_sample_strays():
    differences = np.array([[1.0], [1.2], [0.8], [1.1]])
    bare, wide = estimate(differences), estimate(differences, stray=0.5)
    assert (wide.low, wide.high) == (bare.low, bare.high)
    assert wide.range_high[0] - 1.025 == pytest.approx(np.hypot(bare.high[0] - 1.025, 0.5))
    assert 1.025 - wide.range_low[0] == pytest.approx(np.hypot(1.025 - bare.low[0], 0.5))


def test_every_effect_of_a_sample_allows_for_what_it_may_stray_and_none_of_everybody():
    for options, off in (
        ({"sample": 0.1}, 0.06),
        ({"sample": 1.0}, 0.0),
        ({"sample": 0.1, "whole": True}, 0.0),
    ):
        frame = effect(**options)[0].frame
        rows = frame[
            (frame["group"] == "all")
            & frame["outcome"].isin(["inactive", "people_moved", "person_years_moved"])
        ]
        assert len(rows) >= 3 and (rows["difference"] != 0).all()
        for end in ("low", "high"):
            apart_by_chance = (rows[f"ci_{end}"] - rows["difference"]).abs()
            wanted = np.hypot(apart_by_chance, off * rows["difference"].abs())
            assert (rows[f"range_{end}"] - rows["difference"]).abs().to_numpy() == pytest.approx(
                wanted.to_numpy()
            )


def test_prices_and_differences_of_plans_allow_for_what_a_sample_may_stray_too():
    plans = [FakeScenario("Plan", 0.4), FakeScenario("Other", 0.2)]
    told = compare(plans, baseline=FakeScenario("baseline"), jobs=1, replicates=12, parameters="fitted", opener=open_fake,
                   sample=0.1)  # fmt: skip
    rows = told.frame[(told.frame["group"] == "all") & (told.frame["horizon_weeks"] == 30)]
    rows = rows.set_index(["scenario", "outcome"])
    price, years = rows.loc[("plan", "cost_per_person_year")], rows.loc[("plan", "person_years_moved")]
    spent = rows.loc[("plan", "cost"), "difference"]  # the same in every run: prices are people turned round
    assert [price["range_low"], price["range_high"]] == pytest.approx(
        [spent / years["range_high"], spent / years["range_low"]]
    )
    (row,) = told.versus[told.versus["outcome"] == "person_years_moved"].to_dict("records")
    off = 0.06 * np.hypot(
        *rows.loc[[("plan", "person_years_moved"), ("other", "person_years_moved")], "difference"]
    )
    for end in ("low", "high"):
        by_chance = row[f"ci_{end}"] - row["difference"]
        assert abs(row[f"range_{end}"] - row["difference"]) == pytest.approx(np.hypot(by_chance, off))
