"""The 17 districts built from official tables, where those stand beside the checkout."""

from pathlib import Path

import numpy as np
import pytest

from model.place.boundaries import bng
from model.place.columns import ASSET
from model.place.place import Place, check, describe
from model.population.columns import ASSET_KINDS
from model.synthesis.grid import LAYERS

SHARED = Path(__file__).parents[3] / "shared"
FOLDERS = sorted(path.parent for path in (SHARED / "places").glob("*/zones.csv"))
pytestmark = pytest.mark.skipif(
    not FOLDERS, reason="the folder of official tables does not stand beside the checkout"
)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_an_official_folder_becomes_a_place(folder):
    import pandas as pd

    raw, listed = pd.read_csv(folder / "zones.csv"), pd.read_csv(folder / "assets.csv")
    assert check(folder) == []
    place = Place.load(folder)
    zones, zone = place.zones, place.layers["zone"]
    assert (
        not place.synthetic and place.name == folder.name and place.residents == raw["residents_2021"].sum()
    )
    assert zones["imd_decile"].tolist() == raw["imd_decile_2025"].tolist()
    assert np.allclose(zones["share_disabled"], raw["share_disabled"])
    assert set(dict(place.filled)) <= {
        "share_female",
        "greenspace_m",
        *(f"assets.{kind}" for kind in ASSET_KINDS),
        *(f"assets.{name}" for name in ASSET),
    }
    assert "ward_name" in zones and zones["urban"].mean() == (raw["rural_urban_2021"] == "Urban").mean()
    assert (np.bincount(zone[zone >= 0], minlength=len(zones)) >= 1).all()
    cells_km2 = np.bincount(zone[zone >= 0]) * (place.cell_m / 1000) ** 2
    assert np.corrcoef(cells_km2, zones["area_km2"])[0, 1] > 0.97
    assert cells_km2.sum() == pytest.approx(zones["area_km2"].sum(), rel=0.02)
    real = place.assets[~place.assets["synthetic"]]
    assert len(real) == len(listed) and real["kind"].tolist() == listed["kind"].tolist()
    same = zones["code"].to_numpy()[real["zone"]] == listed["zone_code"]
    assert same.mean() > 0.6  # the rest stands on a border, in the next zone's cell
    assert set(place.assets["kind"]) == set(ASSET_KINDS)
    for layer in LAYERS:
        assert place.layers[layer].min() >= 0 and place.layers[layer].max() <= 1


def test_danger_follows_deprivation_as_published():
    place = Place.load(next(folder for folder in FOLDERS if folder.name == "nottingham"))
    zone = place.layers["zone"]
    inside = zone >= 0
    score = place.zones["imd_score"].to_numpy()[zone[inside]]
    assert np.corrcoef(score, place.layers["disorder"][inside])[0, 1] > 0.3
    assert np.corrcoef(score, place.layers["upkeep"][inside])[0, 1] < 0


def test_profile_and_folder_of_a_district_agree():
    folder = next(folder for folder in FOLDERS if folder.name == "erewash")
    real, made = describe(Place.load(folder)), describe(Place.load("erewash"))
    assert real["residents"] == made["residents"] and real["zones"] == made["zones"]
    for fact in ("area_km2", "share_disabled", "share_households_no_car", "imd_score_mean", "adults"):
        assert made[fact] == pytest.approx(real[fact], rel=0.03), fact


def test_grid_conversion_agrees_with_published_pairs():
    import pandas as pd

    pairs = pd.read_csv(SHARED / "raw" / "lsoa21_centroids.csv")
    east, north = bng(pairs["longitude"].to_numpy(), pairs["latitude"].to_numpy())
    assert np.hypot(east - pairs["easting"], north - pairs["northing"]).max() < 6
