"""The shipped profiles: published figures hold, the geography is whole, luck belongs to the place's name."""

import pickle
import time

import numpy as np
import pytest
import yaml

from model.place.columns import AGE_COLUMNS, ETHNIC_COLUMNS, FILLABLE, HOUSEHOLD_COLUMNS, NEVER_FILLED, ZONE
from model.place.files import PLACES
from model.place.place import Place, check, describe, list_places
from model.place.profile import shipped
from model.population.columns import ASSET_KINDS
from model.synthesis.geography import moran, six_nearest
from model.synthesis.grid import LAYERS


def profile(name):
    return yaml.safe_load((PLACES / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def places():
    return {name: Place.load(name) for name in shipped()}


def test_seventeen_districts_and_england_ship():
    rows = list_places()
    assert len(rows) == 18 and {"erewash", "nottingham", "england"} <= {row["name"] for row in rows}
    assert [row["name"] for row in rows if row["default"]] == ["erewash"]
    assert all(row["residents"] > 0 and row["zones"] > 0 for row in rows)


@pytest.mark.parametrize("name", shipped())
def test_published_figures_hold(places, name):
    place, wanted = places[name], profile(name)
    weight = place.zones["residents"]
    assert place.residents == wanted["residents"] and len(place.zones) == wanted["zones"]
    assert place.zones["area_km2"].sum() == pytest.approx(wanted["area_km2"], rel=0.001)
    for column, figure in wanted["margins"].items():
        assert np.average(place.zones[column], weights=weight) == pytest.approx(figure, rel=0.005), column
    assert np.average(place.zones["urban"], weights=weight) == pytest.approx(wanted["share_urban"], abs=0.04)


@pytest.mark.parametrize("name", shipped())
def test_deprivation_has_the_published_mix_and_clustering(places, name):
    place, wanted = places[name], profile(name)
    zones, weight = place.zones, place.zones["residents"] / place.residents
    shares = weight.groupby(zones["imd_decile"]).sum().reindex(range(1, 11), fill_value=0)
    step = 1.1 * weight.max()
    assert (shares - wanted["share_residents_by_imd_decile"]).abs().max() < step
    assert moran(zones["imd_score"], six_nearest(zones)) == pytest.approx(wanted["imd_moran_6nn"], abs=0.08)
    if "imd_score_mean" in wanted:
        assert zones["imd_score"].mean() == pytest.approx(wanted["imd_score_mean"], abs=1.5)
    for column, r in wanted["correlation_with_imd_score"].items():
        if column in zones:
            assert np.corrcoef(zones[column], zones["imd_score"])[0, 1] == pytest.approx(r, abs=0.15), column


@pytest.mark.parametrize("name", shipped())
def test_the_geography_is_whole(places, name):
    place = places[name]
    zones, zone = place.zones, place.layers["zone"]
    assert place.synthetic and zone.shape == (place.height, place.width)
    assert set(ZONE) - set(NEVER_FILLED) <= set(zones.columns) and zones[list(FILLABLE)].notna().all().all()
    for group in (AGE_COLUMNS, ETHNIC_COLUMNS, HOUSEHOLD_COLUMNS):
        assert np.allclose(zones[list(group)].sum(axis=1), 1)
    assert (np.bincount(zone[zone >= 0], minlength=len(zones)) >= 1).all()
    sums = np.bincount(zone[zone >= 0], weights=place.layers["homes"][zone >= 0])
    assert np.allclose(sums, 1, atol=1e-4)
    for layer in LAYERS:
        values = place.layers[layer]
        assert values.dtype == np.float32 and values.min() >= 0 and values.max() <= 1
    assert set(place.boundaries) == set(zones["code"])
    cells_km2 = (zone >= 0).sum() * (place.cell_m / 1000) ** 2
    assert cells_km2 == pytest.approx(zones["area_km2"].sum(), rel=0.03)


@pytest.mark.parametrize("name", shipped())
def test_every_kind_of_asset_stands_in_the_place(places, name):
    place = places[name]
    assets = place.assets
    assert set(assets["kind"]) == set(ASSET_KINDS) and assets["synthetic"].all()
    assert assets["asset"].tolist() == list(range(len(assets)))
    row, column = np.divmod(assets["cell"].to_numpy(), place.width)
    assert np.array_equal(place.layers["zone"][row, column], assets["zone"])
    assert np.array_equal((assets["x_m"] // place.cell_m).astype(int), column)
    assert np.array_equal((assets["y_m"] // place.cell_m).astype(int), row)
    for share in ("step_free", "welcome", "upkeep", "opening", "lit"):
        assert assets[share].between(0, 1).all()
    assert (assets["capacity_week"] > 0).all() and (assets.loc[assets["kind"] == "park", "price"] == 0).all()
    for kind, number in profile(name)["assets"].items():
        count = int((assets["kind"] == kind).sum())
        assert count >= number if kind == "park" else count == number
    centres = int((assets["kind"] == "leisure_centre").sum())
    assert centres == pytest.approx(place.residents / 25_000, abs=1)


def test_homes_are_as_far_from_green_as_published(places):
    for place in places.values():
        parks = place.assets.loc[place.assets["kind"] == "park", ["x_m", "y_m"]].to_numpy()
        rows, columns = np.nonzero(place.layers["homes"] > 0)
        x, y = (columns + 0.5) * place.cell_m, (rows + 0.5) * place.cell_m
        nearest = np.min(np.hypot(x[:, None] - parks[:, 0], y[:, None] - parks[:, 1]), axis=1)
        nearest = np.hypot(nearest, 0.38 * place.cell_m)
        zone = place.layers["zone"][rows, columns]
        mean = np.bincount(zone, weights=nearest * place.layers["homes"][rows, columns])
        model = np.average(mean, weights=place.zones["residents"])
        published = np.average(place.zones["greenspace_m"], weights=place.zones["residents"])
        assert model == pytest.approx(published, rel=0.15), place.name


def test_england_has_its_fifths():
    zones = Place.load("england").zones
    fifth = (zones["imd_decile"] + 1) // 2
    weight = zones["residents"]
    assert weight.groupby(fifth).sum().div(weight.sum()).sub(0.2).abs().max() < 0.001
    adults = zones[list(AGE_COLUMNS[3:])].sum(axis=1)
    young = (zones["share_age_16_24"] / adults)[fifth == 1]
    assert np.allclose(young, 0.1507, atol=0.001)
    assert np.allclose(zones.loc[fifth == 5, "share_households_no_car"], 0.1134)
    assert np.allclose(zones.loc[fifth == 1, "share_disabled"], 0.2115)


def test_the_same_name_gives_the_same_place_and_another_name_another():
    one, two, other = Place.load("erewash"), Place.load(PLACES / "erewash.yaml"), Place.load("gedling")
    assert one.digest == two.digest != other.digest
    assert len({Place.load(name).digest for name in ("erewash", "gedling", "derby")}) == 3
    again = pickle.loads(pickle.dumps(one))
    assert again.digest == one.digest and again.zones.equals(one.zones)


def test_names_are_forgiving_and_parameters_reach_the_layers():
    from model.parameters import Parameters

    assert Place.load("South Derbyshire").name == "south_derbyshire" and check("North-East Derbyshire") == []
    dark = Place.load("erewash", Parameters.default().with_values({"layer_lighting_urban": 0.6}))
    assert dark.layers["lighting"].max() == pytest.approx(0.6) and dark.digest != Place.load("erewash").digest


def test_describe_tells_the_obvious_facts(places):
    facts = describe(places["erewash"])
    assert facts["zones"] == 73 and facts["residents"] == 112_908 and facts["synthetic"]
    assert facts["adults"] == pytest.approx(112_908 * (1 - 0.05 - 0.0711 - 0.0567), rel=0.001)
    assert sum(facts["share_residents_by_imd_quintile"].values()) == pytest.approx(1, abs=0.001)
    assert facts["assets"]["gp_practice"] == {"listed": 0, "synthetic": 12}
    assert (
        "share_female" in {row["column"] for row in facts["filled"]} and facts["sources"] and facts["licence"]
    )
    import json

    assert json.loads(json.dumps(facts)) == facts


def test_loading_is_quick():
    Place.load("erewash")
    start = time.perf_counter()
    Place.load("nottingham")
    assert time.perf_counter() - start < 1.5
