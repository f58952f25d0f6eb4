"""places_used.csv, costs.csv and effects on crossed groups: they agree with the effects beside them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from door import door

from model import Neighbourhood
from model.outcomes.strata import FEWEST
from scenarios import Scenario, compare
from scenarios.results import costs, programmes

PLAN = """
schema_version: 1
name: Mixed
place: erewash
interventions:
  - {type: walking_scheme, groups: 300, invite_per_week: 0.2, where: {imd_quintile: [1, 2]}, when: {weeks: 54}}
  - {type: social_prescribing, name: Links, link_workers: 80, plan_weeks: 12, cost: {price_year: 2025}}
  - {type: none}
  - {type: walking_scheme, groups: 100}
"""
NULL = "schema_version: 1\nname: Nought\nplace: erewash\ninterventions: [{type: none}]\n"
BY = ["ethnicity", "disabled", "over_65"]
GROUP = "ethnicity+disabled+over_65"
WEEKS = 56


@pytest.fixture(scope="module")
def plans(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plans")
    files = []
    for name, text in (("mixed", PLAN), ("nought", NULL)):
        files.append(folder / f"{name}.yaml")
        files[-1].write_text(text)
    return [Scenario.load(str(path)) for path in files]


@pytest.fixture(scope="module")
def crossed_town(erewash, quick):
    return Neighbourhood(erewash, seed=7, sample=0.03, parameters=quick, by=BY).warm_up()


@pytest.fixture(scope="module")
def crossed(plans, crossed_town, tmp_path_factory):
    return compare(plans, replicates=2, sample=0.03, weeks=WEEKS, jobs=1, by=BY, opener=lambda job: crossed_town,
                   out=tmp_path_factory.mktemp("results") / "crossed")  # fmt: skip


@pytest.fixture(scope="module")
def folder(crossed):
    return crossed.directory


@pytest.fixture(scope="module")
def used(folder):
    return pd.read_csv(folder / programmes.FILE)


def value(effects, outcome: str) -> float:
    frame = effects.frame[(effects.frame["scenario"] == "mixed") & (effects.frame["horizon_weeks"] == WEEKS)]
    return frame.set_index(["outcome", "group"]).loc[(outcome, "all"), "scenario_value"]


def test_places_used_say_which_intervention_and_which_zone(used, plans):
    assert list(used.columns) == list(programmes.COLUMNS)
    assert set(used["scenario"]) == {"mixed"}
    named = used[["intervention", "type", "name"]].drop_duplicates().to_numpy().tolist()
    assert named == [[1, "walking_scheme", plans[0].interventions[0].title], [2, "social_prescribing", "Links"],
                     [4, "walking_scheme", plans[0].interventions[0].title]]  # fmt: skip
    groups = used[used["part"] == "group"]
    assert groups[["zone", "zone_name", "venue", "kind", "easting", "northing"]].notna().all(axis=None)
    first = used[(used["intervention"] == 1) & (used["year"] == 1)]
    assert first["groups"].sum() == 300 and not used.duplicated(list(programmes.COLUMNS[:12])).any()


def test_joining_in_places_used_is_that_of_the_effects(crossed, used):
    main = used[~((used["type"] == "social_prescribing") & (used["part"] == "group"))]
    for outcome in ("joined", "completed"):
        assert main[outcome].sum() == pytest.approx(value(crossed, outcome), abs=0.01 * len(main))


def test_costs_by_year_and_part_add_up_to_the_cost(crossed, folder):
    money = costs.of_folder(folder)
    assert list(money.columns) == list(costs.COLUMNS)
    # The cost of the last horizon is what had been spent by its end.
    assert money["pounds"].sum() == pytest.approx(value(crossed, "cost"), abs=1)
    assert set(money["discounting"]) == {"not discounted"}
    years = money.drop_duplicates("intervention").set_index("intervention")["price_year"]
    assert years.to_dict() == {1: 2024, 2: 2025, 4: 2024}
    table = costs.by_year(money, "mixed")
    assert list(table.columns) == [1, 2, "total"] and table.index[0] == costs.PARTS["setup"]
    assert table["total"].sum() == pytest.approx(money["pounds"].sum())
    assert "2024 and 2025 prices, not discounted" in costs.prices(money)


def test_the_summary_tells_zones_venues_years_and_costs_of_every_intervention(folder, used, plans):
    told = programmes.of_folder(folder)
    assert told == json.loads((folder / "summary.json").read_text())["programmes"]
    assert [(one["scenario"], one["intervention"], one["type"]) for one in told] == [
        ("mixed", 1, "walking_scheme"), ("mixed", 2, "social_prescribing"), ("mixed", 4, "walking_scheme")]  # fmt: skip
    zones = pd.DataFrame(json.loads((folder / "place.json").read_text())["zones"])
    poor = zones.loc[zones["imd_quintile"] <= 2, "code"]
    assert {zone["code"] for zone in told[0]["zones"]} == set(poor)
    assert len(told[2]["zones"]) == len(zones)
    here = used[used["intervention"] == 1]
    assert len(told[0]["venues"]) == here["venue"].nunique()
    year = told[0]["by_year"][0]
    assert year["members"] == pytest.approx(here.loc[here["year"] == 1, "members"].sum())
    assert year["visits"] is None and told[1]["by_year"][0]["part"] in ("group", "plan")
    assert told[1]["price_year"] == 2025 and told[1]["discounting"] == "not discounted"


def test_everybody_is_in_one_crossed_group_and_it_says_how_many(crossed, crossed_town):
    frame = crossed.frame[(crossed.frame["group"] == GROUP) & (crossed.frame["scenario"] == "mixed")]
    adults = frame[frame["outcome"] == "adults"].set_index("level")
    simulated = frame[frame["outcome"] == "residents_simulated"].set_index("level")
    assert adults["scenario_value"].sum() == pytest.approx(crossed_town.state.counted.sum() / 256)
    assert simulated["scenario_value"].sum() == (crossed_town.state.counted > 0).sum()
    assert set(adults.index) == set(frame["level"])


def test_effects_on_few_are_hidden_and_on_others_told(crossed, folder):
    frame = crossed.frame[crossed.frame["group"] == GROUP]
    count = frame[frame["outcome"] == "residents_simulated"].groupby("level")["scenario_value"].first()
    few = set(count[count < FEWEST].index)
    assert few and few != set(count.index)
    told = frame[~frame["outcome"].isin(["adults", "residents_simulated"])]
    numbers = told[["baseline_value", "scenario_value", "difference", "ci_low", "ci_high"]]
    assert numbers[told["level"].isin(few)].isna().all(axis=None)
    assert numbers[~told["level"].isin(few)].notna().all(axis=None)
    weekly = pd.read_parquet(folder / "weekly.parquet")
    weekly = weekly[weekly["group"] == GROUP]
    assert weekly["value"].isna().to_numpy().tolist() == weekly["level"].isin(few).to_numpy().tolist()


def test_a_plan_that_does_nothing_changes_nothing_in_crossed_groups(crossed):
    frame = crossed.frame[(crossed.frame["scenario"] == "nought") & (crossed.frame["group"] == GROUP)]
    assert len(frame) and (frame["difference"].dropna() == 0).all()


def test_a_crossing_leaves_all_other_effects_as_they_are(crossed, plans, town):
    plain = compare(plans, replicates=2, sample=0.03, weeks=WEEKS, jobs=1, opener=lambda job: town)
    same = crossed.frame[crossed.frame["group"] != GROUP].reset_index(drop=True)
    pd.testing.assert_frame_equal(plain.frame, same)
    assert crossed.manifest["by"] == BY and "by" not in plain.manifest
    assert crossed.manifest["plan_digest"] != plain.manifest["plan_digest"]


def test_an_unknown_attribute_is_refused_with_the_nearest(plans, tmp_path):
    out = tmp_path / "out"
    result = door("compare", "none", "--by", "disability,sexx", "--out", str(out))
    assert result.exit_code == 2 and "Did you mean 'sex'?" in result.stderr
    assert not out.exists()
