"""Degrees to the British National Grid, GeoJSON to rings, rings to area."""

import json

import numpy as np
import pytest

from model.place.boundaries import area_km2, bng, project, read_boundaries, to_grid

SQUARE = [[450_000.0, 340_000.0], [451_000.0, 340_000.0], [451_000.0, 341_000.0], [450_000.0, 341_000.0],
          [450_000.0, 340_000.0]]  # fmt: skip


def geojson(path, *features):
    shapes = [{"type": "Feature", "properties": {"zone_code": code}, "geometry": geometry}
              for code, geometry in features]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}))
    return path


def test_projection_gives_the_ordnance_surveys_worked_example():
    """Caister water tower, OSGB36 52 39' 27.2531" N, 1 43' 4.5177" E: OS guide (2020), annexe C."""
    east, north = project(np.radians(1 + 43 / 60 + 4.5177 / 3600), np.radians(52 + 39 / 60 + 27.2531 / 3600))
    assert east == pytest.approx(651_409.903, abs=0.002)
    assert north == pytest.approx(313_177.270, abs=0.002)


def test_wgs84_degrees_land_within_five_metres():
    """Two zone centroids as ONS publishes them in both systems."""
    east, north = bng(np.array([-1.495013, -1.496186]), np.array([52.918947, 52.915752]))
    assert np.allclose(east, [434_051, 433_975], atol=5)
    assert np.allclose(north, [335_845, 335_489], atol=5)


def test_metres_are_left_alone_and_degrees_are_turned():
    x, y = to_grid(np.array([450_000.0]), np.array([340_000.0]))
    assert (x[0], y[0]) == (450_000, 340_000)
    assert to_grid(np.array([-1.5]), np.array([52.9]))[0][0] > 400_000


def test_area_takes_holes_off():
    hole = [[450_250.0, 340_250.0], [450_250.0, 340_750.0], [450_750.0, 340_750.0], [450_750.0, 340_250.0]]
    assert area_km2([np.array(SQUARE)]) == pytest.approx(1.0)
    assert area_km2([np.array(SQUARE), np.array(hole)]) == pytest.approx(0.75)


def test_multipolygons_and_features_of_other_places(tmp_path):
    both = {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}
    path = geojson(tmp_path / "b.geojson", ("A", both),
                   ("elsewhere", {"type": "Polygon", "coordinates": [SQUARE]}))  # fmt: skip
    rings, faults = read_boundaries(path, ["A"])
    assert not faults and list(rings) == ["A"] and len(rings["A"]) == 2


@pytest.mark.parametrize(
    ("geometry", "message"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, "cannot be used"),
        ({"type": "Polygon", "coordinates": []}, "cannot be used"),
        ({"type": "Polygon", "coordinates": [[["a", 1], [2, 3], [4, 5]]]}, "cannot be used"),
        ({"type": "Polygon", "coordinates": [[[0, 1]]]}, "cannot be used"),
        (None, "cannot be used"),
        ({"type": "Polygon", "coordinates": [[[53, -1], [53, -1.1], [53.1, -1]]]}, "outside Great Britain"),
        ({"type": "Polygon", "coordinates": [[[9e5, 1], [9e5, 2], [8e5, 3]]]}, "outside Great Britain"),
    ],
)
def test_broken_shapes_are_faults(tmp_path, geometry, message):
    rings, faults = read_boundaries(geojson(tmp_path / "b.geojson", ("A", geometry)), ["A"])
    assert not rings and message in faults[0].message


def test_missing_doubled_and_unmatched_zones_are_faults(tmp_path):
    shape = {"type": "Polygon", "coordinates": [SQUARE]}
    path = geojson(tmp_path / "b.geojson", ("A", shape), ("A", shape))
    assert "two shapes" in read_boundaries(path, ["A"])[1][0].message
    path = geojson(tmp_path / "b.geojson", ("A", shape))
    assert read_boundaries(path, ["A", "B"])[1][0].found == "B"
    assert "no feature" in read_boundaries(path, ["Z"])[1][0].message


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", '{"features": {}}', "[" * 5000])
def test_files_that_are_no_geojson_are_faults(tmp_path, text):
    path = tmp_path / "b.geojson"
    path.write_text(text)
    rings, faults = read_boundaries(path, ["A"])
    assert not rings and faults and faults[0].file == str(path)
