"""Settings of interventions: masks over zones and people, weeks, money, and how places are spread."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import model.interventions as interventions
from model.delivery.settings import INACTIVE_BY_FIFTH
from model.delivery.targeting import fifths_within
from model.errors import InputError
from model.interventions import (
    REGISTRY,
    AssetInvestment,
    Campaign,
    CommunityChampions,
    Cost,
    MovementSupport,
    Nothing,
    PeerSupport,
    Signposting,
    SocialPrescribing,
    WalkingScheme,
    When,
    Where,
    Who,
)
from model.population.columns import DISABILITIES, FIXED, LEVELS
from model.population.people import People


@pytest.fixture
def zones() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": ["A", "B", "C", "D", "E"],
            "imd_decile": [1, 2, 3, 6, 10],
            "imd_rank": [100, 5000, 9000, 20000, 33000],
            "residents": [1000, 1000, 1000, 1000, 1000],
            "urban": [1, 1, 0, 1, 0],
            "ward_name": ["Cotmanhay", "Cotmanhay ", "Kirk Hallam", "Sandiacre", "Breaston"],
            "own_score": [1.0, 2.0, 2.0, np.nan, 5.0],
        }
    )


@pytest.fixture
def people() -> People:
    rows = 6
    fixed = {column.name: column.empty(rows) for column in FIXED}
    fixed["age"][:] = [16, 39, 40, 64, 65, 110]
    fixed["sex"][:] = [0, 1, 0, 1, 0, 1]
    fixed["disability"][:] = [0, 0, 1, 1, 2, 2]
    fixed["condition"][:] = [0, 0, 1, 1, 1, 1]
    fixed["cars"][:] = [0, 1, 2, 0, 1, 2]
    fixed["imd_quintile"][:] = [1, 2, 3, 4, 5, 1]
    fixed["carer"][:] = [0, 0, 0, 1, 0, 0]
    fixed["work"][:] = [0, 1, 2, 3, 4, 5]
    fixed["ethnicity"][:] = [0, 1, 2, 3, 4, 0]
    return People(fixed)


@pytest.mark.parametrize(
    ("where", "codes"),
    [
        ({}, "ABCDE"),
        ({"zones": ["B", "E"]}, "BE"),
        ({"imd_quintile": [1]}, "AB"),
        ({"imd_quintile": [2, 5]}, "CE"),
        ({"imd_decile": [2, 6]}, "BD"),
        ({"imd_within_place": [1, 5]}, "AE"),
        ({"urban": True}, "ABD"),
        ({"urban": False}, "CE"),
        ({"columns": {"ward_name": ["Cotmanhay"]}}, "AB"),
        ({"columns": {"own_score": [2]}}, "BC"),
        ({"columns": {"own_score": ["5", "x"]}}, "E"),
        ({"imd_quintile": [1, 2], "urban": True, "columns": {"own_score": [1, 2]}}, "AB"),
    ],
)
def test_where_chooses_zones(zones: pd.DataFrame, where: dict, codes: str) -> None:
    mask = Where(**where).zone_mask(zones)
    assert mask.dtype == bool and "".join(zones["code"][mask]) == codes


def test_where_names_what_the_place_lacks(zones: pd.DataFrame) -> None:
    faults = Where(zones=["A", "Z"], columns={"ward": ["x"]}).faults(zones)
    assert [fault.key for fault in faults] == ["where.zones", "where.columns.ward"]
    assert "ward_name" in str(faults[1].hint)
    with pytest.raises(InputError, match="no zone of this place"):
        Where(imd_quintile=[4]).zone_mask(zones)


def test_fifths_within_a_place_go_by_residents(zones: pd.DataFrame) -> None:
    assert list(fifths_within(zones)) == [1, 2, 3, 4, 5]
    assert list(fifths_within(zones.drop(columns="imd_rank").assign(imd_score=[5, 4, 3, 2, 1]))) == [
        1,
        2,
        3,
        4,
        5,
    ]
    heavy = zones.assign(residents=[6000, 1000, 1000, 1000, 1000])
    assert list(fifths_within(heavy)) == [2, 4, 4, 5, 5]
    shuffled = zones.sample(frac=1, random_state=1)
    assert dict(zip(shuffled["code"], fifths_within(shuffled), strict=True))["A"] == 1


@pytest.mark.parametrize(
    ("who", "rows"),
    [
        ({}, [0, 1, 2, 3, 4, 5]),
        ({"age": {"min": 40}}, [2, 3, 4, 5]),
        ({"age": {"max": 39}}, [0, 1]),
        ({"age": {"min": 40, "max": 64}}, [2, 3]),
        ({"sex": ["female"]}, [0, 2, 4]),
        ({"disability": ["limited_a_little", "limited_a_lot"]}, [2, 3, 4, 5]),
        ({"condition": False}, [0, 1]),
        ({"car": ["none"]}, [0, 3]),
        ({"work": ["long_hours", "none"]}, [0, 5]),
        ({"carer": True}, [3]),
        ({"ethnicity": ["asian", "other"]}, [1, 4]),
        ({"imd_quintile": [1]}, [0, 5]),
        ({"sex": ["male"], "condition": True, "car": ["none"]}, [3]),
        ({"level": ["inactive"]}, [0, 1, 2, 3, 4, 5]),
    ],
)
def test_who_chooses_people(people: People, who: dict, rows: list[int]) -> None:
    assert np.flatnonzero(Who.model_validate(who).mask(people)).tolist() == rows


def test_level_stands_apart_because_it_changes() -> None:
    assert Who().levels.all() and len(Who().levels) == len(LEVELS)
    assert Who(level=["inactive", "active"]).levels.tolist() == [True, False, True]


def test_names_of_levels_are_those_of_the_columns() -> None:
    Who(disability=list(DISABILITIES))
    with pytest.raises(ValidationError):
        Who(disability=["a_lot"])


def test_delivery_ramps_up_and_stops() -> None:
    when = When(start_week=4, weeks=10, ramp_weeks=4)
    assert [when.strength(week) for week in range(3, 15)] == pytest.approx(
        [0, 0.2, 0.4, 0.6, 0.8] + [1.0] * 6 + [0.0]
    )
    assert When().strength(0) == 1.0 and When().strength(10_000) == 1.0
    assert When(start_week=3).end_week is None


@given(st.integers(0, 200), st.integers(1, 200), st.integers(0, 200), st.integers(0, 500))
def test_delivery_stays_between_nothing_and_full(start: int, weeks: int, ramp: int, week: int) -> None:
    strength = When(start_week=start, weeks=weeks, ramp_weeks=min(ramp, weeks)).strength(week)
    assert 0 <= strength <= 1
    assert (strength > 0) == (start <= week < start + weeks)


def test_price_is_as_written_else_as_usual() -> None:
    assert WalkingScheme(groups=12).price == (12_000, 450, 0)
    assert WalkingScheme(groups=12, cost=Cost(setup=5.0)).price == (5, 450, 0)
    assert WalkingScheme(groups=2, leaders="professional", walks_per_week=2).price.per_week == 300
    assert SocialPrescribing(link_workers=1).price.per_week * 52 == pytest.approx(40_159)
    assert AssetInvestment(count=3).price.setup == 3 * AssetInvestment().price.setup
    assert Nothing().price == (0, 0, 0)


@pytest.mark.parametrize(("plan", "setup", "week"), [
    (WalkingScheme(groups=1), 1000, 37.5), (WalkingScheme(groups=1, leaders="professional"), 1000, 75),
    (PeerSupport(groups=1), 800, 30), (PeerSupport(groups=1, leaders="professional"), 800, 75),
    (CommunityChampions(champions=1), 250, 12), (CommunityChampions(champions=1, leaders="professional"), 250, 120),
    (Campaign(reach_per_week=0.01), 15_000, 400), (Signposting(), 10_000, 200), (MovementSupport(grants_per_year=0), 0, 350),
])  # fmt: skip
def test_the_usual_price_of_one_is_what_its_page_says_in_pounds(plan, setup, week) -> None:
    assert plan.price == (pytest.approx(setup), pytest.approx(week), 0)
    page = sys.modules[type(plan).__module__].__doc__
    assert all(re.search(rf"£{pounds:,g}0?(?![\d,])", page) for pounds in (setup, week) if pounds)


def test_planned_cost_counts_weeks_inside_the_scenario() -> None:
    scheme = WalkingScheme(groups=10, when=When(start_week=10, weeks=20))
    assert scheme.planned_cost(100) == 10_000 + 20 * 375
    assert scheme.planned_cost(15) == 10_000 + 5 * 375
    assert scheme.planned_cost(10) == 0
    half = WalkingScheme(groups=10, when=When(weeks=2, ramp_weeks=1))
    assert half.planned_cost(100) == 10_000 + 1.5 * 375


def test_places_are_spread_by_need(zones: pd.DataFrame) -> None:
    even = WalkingScheme().zone_shares(zones)
    assert even == pytest.approx([0.2] * 5)
    share = WalkingScheme(need="proportionate").zone_shares(zones)
    assert share.sum() == pytest.approx(1)
    assert share[0] / share[4] == pytest.approx(INACTIVE_BY_FIFTH[0] / INACTIVE_BY_FIFTH[4])
    assert np.all(np.diff(share) <= 1e-12), "never less for the more deprived"
    assert WalkingScheme(need="targeted").zone_shares(zones) == pytest.approx([0.5, 0.5, 0, 0, 0])
    rural = WalkingScheme(need="targeted", where=Where(urban=False)).zone_shares(zones)
    assert rural == pytest.approx([0, 0, 1, 0, 0])
    empty = WalkingScheme(where=Where(zones=["A", "B"])).zone_shares(zones.assign(residents=0))
    assert empty == pytest.approx([0.5, 0.5, 0, 0, 0])


def test_investment_takes_the_usual_change_unless_told() -> None:
    assert AssetInvestment(action="step_free").change.step_free == 1
    usual, own = AssetInvestment(), AssetInvestment(upkeep_gain=0.05, price_change=-1.0)
    assert own.change == usual.change._replace(upkeep=0.05, price=-1.0)
    assert AssetInvestment(upkeep_gain=0.0).change.upkeep == 0
    spots = [{"easting": 446000.0, "northing": 342000.0}] * 2
    assert AssetInvestment.model_validate({"at": spots}).number == 2
    assert AssetInvestment().number == 1


def test_numbers_of_evidence_carry_their_source() -> None:
    for kind in REGISTRY.values():
        for name, field in kind.model_json_schema()["properties"].items():
            if "quality" in field:
                assert field["source"] and field["quality"] in {
                    "measured",
                    "derived",
                    "recalled",
                    "judgement",
                    "guess",
                }, name


def test_a_type_is_the_name_of_its_file() -> None:
    folder = Path(interventions.__file__).parent
    assert {path.stem for path in folder.glob("*.py")} - {"__init__", "barrier", "base", "targeting"} == set(
        REGISTRY
    )


def test_settings_are_frozen_strict_and_closed() -> None:
    scheme = WalkingScheme()
    with pytest.raises(ValidationError):
        scheme.groups = 3  # type: ignore[misc]
    for wrong in (
        {"groups": "3"},
        {"groups": 3.0},
        {"groups": True},
        {"gruops": 3},
        {"invite_per_week": float("nan")},
    ):
        with pytest.raises(ValidationError):
            WalkingScheme.model_validate(wrong)
    assert WalkingScheme() == WalkingScheme() and hash(WalkingScheme().when) == hash(When())
