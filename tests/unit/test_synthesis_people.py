"""The people of a place: every zone's margins hold, households make sense, chance is keyed and fair."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from model.errors import InputError
from model.parameters import Parameters
from model.place.columns import ADULT_AGE_COLUMNS, AGE_COLUMNS, ETHNIC_COLUMNS
from model.place.place import Place
from model.population.columns import FIXED
from model.population.people import People
from model.synthesis.people import make_people, margins_report, synthesise

SHARED = Path("/work/shared/places")
P = Parameters.default()
NESTED = ("age by sex", "household size")
"""Margins made inside others: their cells may be one person further out."""


def load(name: str) -> Place:
    """A shipped profile by name, or the imported place when the name starts with `real_`."""
    if not name.startswith("real_"):
        return Place.load(name)
    folder = SHARED / name.removeprefix("real_")
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here")
    return Place.load(folder)


def columns(people: People) -> dict[str, np.ndarray]:
    return {column.name: getattr(people, column.name) for column in FIXED}


@pytest.fixture(scope="module")
def town() -> Place:
    return load("erewash")


@pytest.fixture(scope="module")
def people(town: Place) -> People:
    return make_people(town, 1, 1.0, P)


@pytest.fixture(scope="module")
def homes(people: People) -> pd.DataFrame:
    """One row a household."""
    frame = pd.DataFrame(columns(people))
    return frame.groupby("household").agg(
        size=("household_size", "first"), sizes=("household_size", "nunique"), adults=("age", "size"),
        children=("children", "first"), lone=("lone_parent", "first"), cells=("cell", "nunique"),
        zones=("zone", "nunique"), cars=("cars", "nunique"), oldest=("age", "max"), youngest=("age", "min"),
        women=("sex", lambda sex: (sex == 0).sum()), groups=("ethnicity", "nunique"),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["erewash", "nottingham", "real_erewash", "real_nottingham"])
@pytest.mark.parametrize("sample", [1.0, 0.1])
def test_margins_hold_in_every_zone(name: str, sample: float) -> None:
    place = load(name)
    report = margins_report(place, make_people(place, 1, sample, P)).set_index("margin")
    single = report.drop(index=list(NESTED))
    assert single["largest_gap"].max() < 1.0 + 1e-6, single
    assert report.loc[list(NESTED), "largest_gap"].max() < 2.0, report
    assert single["place_gap"].max() < 1.0 + 1e-6, "the whole place holds too"


def test_margins_hold_counted_straight_from_the_zones(town: Place, people: People) -> None:
    zones, n = town.zones, len(town.zones)
    adults = np.bincount(people.zone, minlength=n)
    share = zones[list(ADULT_AGE_COLUMNS)].sum(axis=1) / zones[list(AGE_COLUMNS)].sum(axis=1)
    assert np.abs(adults - zones["residents"] * share).max() < 1
    young = np.bincount(people.zone[people.age < 25], minlength=n)
    wanted = zones["residents"] * zones["share_age_16_24"] / zones[list(AGE_COLUMNS)].sum(axis=1)
    assert np.abs(young - wanted).max() < 2
    white = np.bincount(people.zone[people.ethnicity == 0], minlength=n)
    whole = zones[list(ETHNIC_COLUMNS)].sum(axis=1)
    assert np.abs(white - adults * zones["share_ethnic_white"] / whole).max() < 1
    weighted = np.bincount(people.zone, weights=people.weight, minlength=n)
    assert np.allclose(weighted, zones["residents"] * share, rtol=1e-5)


def test_columns_stay_within_their_bounds(people: People) -> None:
    for column in FIXED:
        values = getattr(people, column.name)
        assert values.dtype == column.dtype and np.isfinite(values).all()
        assert column.low is None or values.min() >= column.low, column.name
        assert column.high is None or values.max() <= column.high, column.name


def test_households_make_sense(homes: pd.DataFrame) -> None:
    for shared in ("sizes", "cells", "zones", "cars"):
        assert (homes[shared] == 1).all(), f"a household shares its {shared}"
    assert (homes["adults"] <= homes["size"]).all()
    assert ((homes["size"] > homes["adults"]) == (homes["children"] == 1)).all()
    assert ((homes["lone"] == 1) == ((homes["children"] == 1) & (homes["adults"] == 1))).all()
    assert 0.20 < homes["children"].mean() < 0.33
    assert 0.04 < homes["lone"].mean() < 0.11
    assert homes.loc[homes["lone"] == 1, "women"].mean() > 0.8
    couples = homes[homes["adults"] == 2]
    assert np.corrcoef(couples["oldest"], couples["youngest"])[0, 1] > 0.85
    assert (couples["women"] == 1).mean() > 0.85
    crowded = homes[homes["adults"] > 2]
    assert (crowded["oldest"] - crowded["youngest"]).mean() > 12, "grown children live with their parents"


def test_residents_make_sense(people: People) -> None:
    disabled, old = people.disability > 0, people.age >= 85
    assert disabled[old].mean() > 0.5 > 0.2 > disabled[people.age < 35].mean()
    assert (people.condition[disabled] == 1).all()
    assert people.condition.mean() / disabled.mean() == pytest.approx(P.condition_ratio, abs=0.01)
    assert (people.work[people.age >= 75] == 0).all()
    assert (
        (people.household_size[old] == 1).mean() > 0.35 > (people.household_size[people.age < 55] == 1).mean()
    )
    sick, lot = people.work == 2, people.disability == 2
    assert sick[lot & (people.age < 66)].mean() > 5 * sick[~disabled].mean()
    poor, rich = people.imd_quintile == 1, people.imd_quintile == 5
    assert people.means[rich].mean() - people.means[poor].mean() > 0.2
    assert people.knowhow[rich].mean() - people.knowhow[poor].mean() > 0.35
    assert people.condition[poor].mean() > 1.2 * people.condition[rich].mean()
    assert np.abs(people.knowhow.mean()) < 0.3 and 0.85 < people.knowhow.std() < 1.15
    assert 0.4 < people.means.mean() < 0.6


def test_homes_stand_in_their_own_zone(town: Place, people: People) -> None:
    assert (town.layers["zone"].ravel()[people.cell] == people.zone).all()
    assert (np.floor(people.x_m / town.cell_m) == people.cell % town.width).mean() > 0.999
    assert (np.floor(people.y_m / town.cell_m) == people.cell // town.width).mean() > 0.999
    count = np.bincount(people.cell, minlength=town.width * town.height)
    weight = town.layers["homes"].ravel() * np.bincount(people.zone, minlength=len(town.zones))[
        np.maximum(town.layers["zone"].ravel(), 0)] * (town.layers["zone"].ravel() >= 0)  # fmt: skip
    assert np.corrcoef(count, weight)[0, 1] > 0.9


def test_neighbours_are_stored_side_by_side(people: People) -> None:
    step = np.hypot(np.diff(people.x_m), np.diff(people.y_m))
    assert np.median(step) < 60
    changes = np.count_nonzero(np.diff(people.household)) + 1
    assert changes == len(np.unique(people.household)), "a household stands in one piece"
    assert len(np.unique(people.id)) == people.n


@pytest.mark.parametrize("sample", [1.0, 0.1])
def test_identity_says_nothing_about_a_resident(town: Place, sample: float) -> None:
    """A tenth of a zone by identity is like the rest of it, and so is a tenth by row of a small run."""
    made = make_people(town, 1, sample, P)
    names = ("age", "sex", "disability", "ethnicity", "work", "means")
    frame = pd.DataFrame({name: getattr(made, name) for name in ("id", "zone", *names)}).sort_values("id")
    place = frame.groupby("zone").cumcount() / frame.groupby("zone")["id"].transform("size")
    for name in names:
        own = frame[name] - frame.groupby("zone")[name].transform("mean")
        assert abs(np.corrcoef(place, own)[0, 1]) < 4.5 / np.sqrt(made.n), name
    first = frame["age"][place < 0.1]
    assert abs((first < 25).mean() - (frame["age"] < 25).mean()) < 4 * np.sqrt(0.1 / len(first))


def test_same_seed_same_people_other_seed_others(town: Place) -> None:
    first, again = make_people(town, 7, 0.1, P), make_people(town, 7, 0.1, P)
    assert all(
        np.array_equal(a, b) for a, b in zip(columns(first).values(), columns(again).values(), strict=True)
    )
    for other in (make_people(town, 8, 0.1, P), make_people(town, 7, 0.1, P, replicate=1)):
        assert not np.array_equal(first.age, other.age) and not np.array_equal(first.cell, other.cell)


def test_one_purpose_does_not_shift_the_others(town: Place) -> None:
    changed = P.with_values({"knowhow_zone": 0.4, "tie_same_sex": 0.8})
    before, after = columns(make_people(town, 1, 0.1, P)), columns(make_people(town, 1, 0.1, changed))
    differ = {name for name in before if not np.array_equal(before[name], after[name])}
    assert differ == {"knowhow"}


def test_a_sample_is_like_the_whole(town: Place, people: People) -> None:
    sample = make_people(town, 1, 0.1, P)
    assert sample.n == pytest.approx(people.n / 10, abs=1)
    assert sample.weight.sum() == pytest.approx(people.weight.sum(), rel=1e-4)
    for name, noise in (("age", 0.35), ("means", 0.012), ("knowhow", 0.045), ("household_size", 0.06)):
        gap = np.average(getattr(sample, name), weights=sample.weight) - getattr(people, name).mean()
        assert abs(gap) < noise, name
    for column, level in (("disability", 2), ("work", 2), ("ethnicity", 1), ("cars", 0), ("carer", 1)):
        share = np.average(getattr(sample, column) == level, weights=sample.weight)
        assert abs(share - (getattr(people, column) == level).mean()) < 0.012, column


def tiny(residents: list[int], **changes: object) -> SimpleNamespace:
    """A row of zones, one 100 m cell each."""
    zones = load("erewash").zones.head(len(residents)).assign(residents=residents, **changes)
    row = np.arange(len(residents), dtype=np.int32)[None, :]
    layers = {"zone": row, "homes": np.ones(row.shape, dtype=np.float32)}
    return SimpleNamespace(
        zones=zones, layers=layers, width=len(residents), height=1, cell_m=100.0, name="tiny"
    )


@pytest.mark.parametrize("residents", [[0], [1], [2, 0, 3], [0, 40, 0], [1000]])
@pytest.mark.parametrize("sample", [1.0, 0.01])
def test_tiny_places(residents: list[int], sample: float) -> None:
    made, ties = synthesise(tiny(residents), 1, sample, P)
    assert ties.n == made.n and not ties.faults()
    living = np.bincount(made.zone, minlength=len(residents)) > 0
    assert (living == (np.array(residents) > 0)).all(), "every zone where anybody lives is represented"


def test_one_age_one_household_size() -> None:
    """Zones at the edge: only old people, each alone; and only families of eight."""
    ages = dict.fromkeys(AGE_COLUMNS, 0.0) | {"share_age_85_plus": 1.0}
    sizes = {f"share_households_size_{k}": 0.0 for k in (*range(1, 8), "8_plus")}
    alone, _ = synthesise(tiny([50], **ages, **sizes | {"share_households_size_1": 1.0}), 1, 1.0, P)
    assert (alone.household_size == 1).all() and alone.age.min() >= 85 and alone.n == 50
    full, _ = synthesise(tiny([80], **ages, **sizes | {"share_households_size_8_plus": 1.0}), 1, 1.0, P)
    assert (full.household_size == 8).all() and not full.children.any()


@pytest.mark.parametrize("sample", [0.0, -1.0, 1.5, float("nan")])
def test_a_sample_must_be_a_share(sample: float) -> None:
    with pytest.raises(InputError, match="sample"):
        synthesise(tiny([100]), 1, sample, P)


def test_missing_columns_and_cells_are_named() -> None:
    place = tiny([100])
    place.zones = place.zones.drop(columns=["share_age_16_24", "share_age_25_34"])
    with pytest.raises(InputError) as caught:
        synthesise(place, 1, 1.0, P)
    assert {fault.key for fault in caught.value.faults} == {"share_age_16_24", "share_age_25_34"}
    place = tiny([100, 100])
    place.layers["zone"][0, 1] = 0
    with pytest.raises(InputError, match="no cell"):
        synthesise(place, 1, 1.0, P)
