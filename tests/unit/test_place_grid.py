"""Zones to cells: who owns a cell, where homes stand, the scale of the layers."""

import numpy as np
import pandas as pd
import pytest

from model.parameters import Parameters
from model.synthesis import grid as grids

P = Parameters.default()


def zones(*rows):
    return pd.DataFrame(rows, columns=["code", "easting", "northing", "area_km2"])


def square(east, north, side):
    return np.array(
        [[east, north], [east + side, north], [east + side, north + side], [east, north + side]], float
    )


def test_cells_belong_to_the_zone_that_holds_their_centre():
    table = zones(("A", 500, 500, 1.0), ("B", 1500, 500, 1.0))
    shapes = {"A": [square(0, 0, 1000)], "B": [square(1000, 0, 1000)]}
    grid = grids.frame(shapes, table, 250.0)
    zone = grids.rasterise(shapes, table, grid)
    assert np.bincount(zone[zone >= 0]).tolist() == [16, 16]
    x, y = grid.centres()
    row, column = int(np.argmin(abs(y - 375))), int(np.argmin(abs(x - 1125)))
    assert zone[row, column] == 1 and zone[row, column - 1] == 0 and zone[0].max() == -1


def test_holes_are_left_out():
    table = zones(("A", 200, 200, 1.0))
    shapes = {"A": [square(0, 0, 1000), square(250, 250, 500)]}
    zone = grids.rasterise(shapes, table, grids.frame(shapes, table, 250.0))
    assert (zone == 0).sum() == 12


def test_filling_agrees_with_a_point_in_polygon_test():
    from matplotlib.path import Path

    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    radius = 2000 + 900 * np.sin(5 * angle)
    ring = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]) + 5013.7
    table = zones(("A", 5000, 5000, 12.0))
    grid = grids.frame({"A": [ring]}, table, 100.0)
    zone = grids.rasterise({"A": [ring]}, table, grid)
    x, y = np.meshgrid(*grid.centres())
    inside = Path(np.vstack([ring, ring[:1]])).contains_points(np.column_stack([x.ravel(), y.ravel()]))
    assert np.array_equal((zone == 0).ravel(), inside)


def test_every_zone_has_a_cell_even_when_two_are_smaller_than_one():
    table = zones(("A", 500, 500, 1.0), ("B", 510, 510, 0.001), ("C", 520, 520, 0.001))
    shapes = {"A": [square(0, 0, 1000)], "B": [square(505, 505, 10)], "C": [square(515, 515, 10)]}
    zone = grids.rasterise(shapes, table, grids.frame(shapes, table, 250.0))
    assert (np.bincount(zone[zone >= 0], minlength=3) >= 1).all()


def test_homes_sum_to_one_and_thin_out_from_the_centre():
    table = zones(("A", 500, 500, 25.0))
    shapes = {"A": [square(0, 0, 5000)]}
    grid = grids.frame(shapes, table, 250.0)
    zone = grids.rasterise(shapes, table, grid)
    homes = grids.homes(zone, table, grid, P)
    assert homes[zone == 0].sum() == pytest.approx(1, abs=1e-5) and homes[zone < 0].sum() == 0
    x, y = np.meshgrid(*grid.centres())
    distance = np.hypot(x - 500, y - 500)[zone == 0]
    assert np.corrcoef(distance, np.log(homes[zone == 0]))[0, 1] < -0.8
    assert homes[zone == 0].min() > 0


def test_layers_read_one_half_at_englands_means_and_move_the_right_way():
    columns = {"antisocial_rate": 12.56, "violence_rate": 6.69, "road_accidents": 0.75, "greenspace_m": 380,
               "shop_km": 0.71, "gp_km": 1.3, "school_km": 0.86, "connectivity": 50,
               "decile_environment": 5.5, "decile_housing": 5.5, "urban": 1}  # fmt: skip
    worse = {
        "antisocial_rate": 60,
        "road_accidents": 3,
        "greenspace_m": 2000,
        "shop_km": 5,
        "decile_environment": 1,
    }
    table = pd.DataFrame([columns, {**columns, **worse, "urban": 0}])
    scores = grids.scores(table, P)
    for name in ("disorder", "traffic", "green", "walkability", "upkeep"):
        assert scores[name][0] == pytest.approx(0.5, abs=0.01), name
    assert scores["disorder"][1] > 0.7 and scores["traffic"][1] == pytest.approx(0.8)
    assert all(scores[name][1] < scores[name][0] for name in ("green", "walkability", "upkeep", "lighting"))


def test_tessellation_parts_the_land_without_gaps_or_overlap():
    points = np.array([[10.0, 20], [80, 30], [50, 90], [60, 55], [20, 70]])
    box = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]
    rings = grids.tessellate(points, [box] * 5)
    areas = [
        abs(np.dot(r[:, 0], np.roll(r[:, 1], -1)) - np.dot(r[:, 1], np.roll(r[:, 0], -1))) / 2 for r in rings
    ]
    assert sum(areas) == pytest.approx(10_000)
    for ring, point in zip(rings, points, strict=True):
        away = np.hypot(*(points - ring.mean(axis=0)).T)
        assert np.argmin(away) == np.flatnonzero((points == point).all(axis=1))[0]


@pytest.mark.parametrize(
    "points", [[[5.0, 5]], [[2.0, 5], [8, 5]], [[1.0, 1], [5, 5], [9, 9]], [[5.0, 5], [5, 5]]]
)
def test_tessellation_of_too_few_points_to_triangulate(points):
    box = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    rings = grids.tessellate(np.array(points), [box] * len(points))
    assert len(rings) == len(points) and all(len(ring) >= 3 for ring in rings)
