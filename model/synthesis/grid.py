"""Zones to a grid: which cell belongs to which zone, where homes stand, and the layers of surroundings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial import Delaunay, QhullError, cKDTree

from model.parameters import Parameters
from model.place.boundaries import Rings

LAYERS = ("walkability", "lighting", "traffic", "disorder", "upkeep", "green")


@dataclass(frozen=True)
class Frame:
    """A square grid: `origin` is the easting and northing of the south-west corner; row 0 is the south."""

    cell_m: float
    origin: tuple[float, float]
    width: int
    height: int

    def centres(self) -> tuple[np.ndarray, np.ndarray]:
        """Easting (width,) and northing (height,) of the cells' centres."""
        return (self.origin[0] + (np.arange(self.width) + 0.5) * self.cell_m,
                self.origin[1] + (np.arange(self.height) + 0.5) * self.cell_m)  # fmt: skip

    def cell(self, easting: np.ndarray, northing: np.ndarray) -> np.ndarray:
        """Flat index row * width + column of the cell that holds each point, clipped to the grid."""
        column = np.floor((np.asarray(easting) - self.origin[0]) / self.cell_m).astype(np.int64)
        row = np.floor((np.asarray(northing) - self.origin[1]) / self.cell_m).astype(np.int64)
        cell: np.ndarray = row.clip(0, self.height - 1) * self.width + column.clip(0, self.width - 1)
        return cell


def frame(boundaries: dict[str, Rings], zones: pd.DataFrame, cell_m: float) -> Frame:
    """The grid that holds all shapes and centroids, with a border of one cell, aligned to whole cells."""
    points = np.concatenate([ring for rings in boundaries.values() for ring in rings]
                            + [zones[["easting", "northing"]].to_numpy(dtype=float)])  # fmt: skip
    low = np.floor(points.min(axis=0) / cell_m) - 1
    high = np.floor(points.max(axis=0) / cell_m) + 2
    width, height = (high - low).astype(int)
    return Frame(cell_m, (float(low[0] * cell_m), float(low[1] * cell_m)), int(width), int(height))


def rasterise(boundaries: dict[str, Rings], zones: pd.DataFrame, grid: Frame) -> np.ndarray:
    """Row of the zone that holds each cell's centre, -1 outside: int32 (height, width); a cell for all."""
    zone = np.full((grid.height, grid.width), -1, dtype=np.int32)
    for row, code in enumerate(zones["code"]):
        _paint(zone, row, boundaries[code], grid)
    _give_each_a_cell(zone, zones, grid)
    return zone


def _paint(zone: np.ndarray, row: int, rings: Rings, grid: Frame) -> None:
    """Even-odd filling: every edge flips all cells to the right of it on the rows it crosses."""
    starts, ends = [], []
    for ring in rings:
        cells = (ring - np.array(grid.origin)) / grid.cell_m - 0.5
        starts.append(cells)
        ends.append(np.roll(cells, -1, axis=0))
    a, b = np.concatenate(starts), np.concatenate(ends)
    low, high = np.minimum(a[:, 1], b[:, 1]), np.maximum(a[:, 1], b[:, 1])
    first, last = np.ceil(low).astype(int), np.ceil(high).astype(int)
    crossings = last - first
    edge = np.repeat(np.arange(len(a)), crossings)
    if not edge.size:
        return
    y = np.arange(edge.size) - np.repeat(np.cumsum(crossings) - crossings, crossings) + first[edge]
    slope = (b[edge, 0] - a[edge, 0]) / (b[edge, 1] - a[edge, 1])
    x = np.ceil(a[edge, 0] + (y - a[edge, 1]) * slope).astype(int)
    bottom, left = y.min(), max(int(x.min()), 0)
    flips = np.zeros((y.max() - bottom + 1, max(int(x.max()) - left + 1, 1)), dtype=np.int64)
    np.add.at(flips, (y - bottom, (x - left).clip(0)), 1)
    inside = np.cumsum(flips, axis=1) % 2 == 1
    window = zone[bottom : bottom + inside.shape[0], left : left + inside.shape[1]]
    window[inside[: window.shape[0], : window.shape[1]]] = row


def _give_each_a_cell(zone: np.ndarray, zones: pd.DataFrame, grid: Frame) -> None:
    """A zone too small to hold a cell's centre takes the nearest cell that nobody needs."""
    counts = np.bincount(zone[zone >= 0], minlength=len(zones))
    x, y = grid.centres()
    for row in np.flatnonzero(counts == 0):
        distance = np.hypot(x[None, :] - zones["easting"].iloc[row], y[:, None] - zones["northing"].iloc[row])
        needed = (zone >= 0) & (counts[zone] <= 1)
        best = np.unravel_index(np.argmin(np.where(needed, np.inf, distance)), zone.shape)
        if zone[best] >= 0:
            counts[zone[best]] -= 1
        zone[best] = row
        counts[row] = 1


def homes(zone: np.ndarray, zones: pd.DataFrame, grid: Frame, parameters: Parameters) -> np.ndarray:
    """Share of a zone's homes in each cell: float32 (height, width), summing to one over each zone.

    Homes thin out exponentially from the residents' centroid, over the radius of a dense zone or, in a wide
    one, over the built core of a village; a thin floor stands for scattered farms.
    """
    rows, columns = np.nonzero(zone >= 0)
    of = zone[rows, columns]
    x, y = grid.centres()
    distance = np.hypot(
        x[columns] - zones["easting"].to_numpy()[of], y[rows] - zones["northing"].to_numpy()[of]
    )
    radius = np.sqrt(zones["area_km2"].to_numpy() * 1e6 / np.pi)
    scale = np.minimum(radius, parameters.homes_scale_m)
    nearest = np.full(len(zones), np.inf)
    np.minimum.at(nearest, of, distance)
    weight = np.exp(-(distance - nearest[of]) / scale[of]) + parameters.homes_floor
    weight /= np.bincount(of, weights=weight, minlength=len(zones))[of]
    result = np.zeros(zone.shape, dtype=np.float32)
    result[rows, columns] = weight
    return result


def scores(zones: pd.DataFrame, p: Parameters) -> dict[str, np.ndarray]:
    """The surroundings of each zone, 0-1 national scale: 0.5 is England's mean for dangers and green.

    A danger d with England's mean h reads d / (d + h); a distance reads h / (h + distance).
    """
    z = {name: zones[name].to_numpy(dtype=float) for name in (
        "antisocial_rate", "violence_rate", "road_accidents", "greenspace_m", "shop_km", "gp_km", "school_km",
        "connectivity", "decile_environment", "decile_housing", "urban")}  # fmt: skip
    incidents = z["antisocial_rate"] + z["violence_rate"]
    halves = {
        "shop_km": p.layer_shop_half_km,
        "gp_km": p.layer_gp_half_km,
        "school_km": p.layer_school_half_km,
    }
    near = np.mean([half / (half + z[name]) for name, half in halves.items()], axis=0)
    decile = (p.layer_environment_weight * z["decile_environment"]
              + (1 - p.layer_environment_weight) * z["decile_housing"])  # fmt: skip
    return {
        "walkability": p.layer_connectivity_weight * z["connectivity"] / 100
        + (1 - p.layer_connectivity_weight) * near,
        "lighting": np.where(z["urban"] > 0.5, p.layer_lighting_urban, p.layer_lighting_rural),
        "traffic": z["road_accidents"] / (z["road_accidents"] + p.layer_traffic_half),
        "disorder": incidents / (incidents + p.layer_disorder_half),
        "upkeep": (decile - 0.5) / 10,
        "green": p.layer_green_half_m / (p.layer_green_half_m + z["greenspace_m"]),
    }


def layers(
    boundaries: dict[str, Rings], zones: pd.DataFrame, grid: Frame, p: Parameters
) -> dict[str, np.ndarray]:
    """All layers: `zone` int32, `homes` and the surroundings float32 (height, width), 0 outside the zones."""
    zone = rasterise(boundaries, zones, grid)
    result = {"zone": zone, "homes": homes(zone, zones, grid, p)}
    for name, values in scores(zones, p).items():
        result[name] = np.where(zone >= 0, values[zone], 0.0).astype(np.float32)
    return result


def discs(zones: pd.DataFrame, sides: int = 24) -> list[list[tuple[float, float]]]:
    """A disc round each centroid, a third wider than its area, to be cut down where neighbours meet."""
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    radius = 1.33 * np.sqrt(zones["area_km2"].to_numpy(dtype=float) * 1e6 / np.pi)
    return [[(e + r * c, n + r * s) for c, s in zip(np.cos(angle), np.sin(angle), strict=True)]
            for e, n, r in zip(zones["easting"], zones["northing"], radius, strict=True)]  # fmt: skip


def tessellate(points: np.ndarray, starts: list[list[tuple[float, float]]]) -> list[np.ndarray]:
    """The part of each starting polygon nearer to its own point than to any other: a ring (k, 2) each."""
    rings = []
    for i, others in enumerate(_neighbours(points)):
        ring, (x, y) = starts[i], points[i]
        for j in others:
            dx, dy = points[j, 0] - x, points[j, 1] - y
            if dx or dy:
                clipped = _cut(ring, dx, dy, dx * (x + dx / 2) + dy * (y + dy / 2))
                ring = clipped if len(clipped) >= 3 else ring
        rings.append(np.array(ring, dtype=float))
    return rings


def _neighbours(points: np.ndarray) -> list[list[int]]:
    """The natural neighbours of each point; all near ones when there are too few for a triangulation."""
    try:
        indptr, indices = Delaunay(points - points.mean(axis=0)).vertex_neighbor_vertices
        return [list(indices[indptr[i] : indptr[i + 1]]) for i in range(len(points))]
    except (QhullError, ValueError):
        near = cKDTree(points).query(points, k=min(len(points), 24))[1].reshape(len(points), -1)
        return [[j for j in row if j != i] for i, row in enumerate(near)]


def _cut(ring: list[tuple[float, float]], a: float, b: float, c: float) -> list[tuple[float, float]]:
    """The part of a polygon where a*x + b*y <= c (one step of Sutherland and Hodgman 1974)."""
    result = []
    side = [a * x + b * y - c for x, y in ring]
    for k, (x, y) in enumerate(ring):
        before = side[k - 1]
        if (before < 0) != (side[k] < 0) and before != side[k]:
            t = before / (before - side[k])
            px, py = ring[k - 1]
            result.append((px + t * (x - px), py + t * (y - py)))
        if side[k] < 0:
            result.append((x, y))
    return result
