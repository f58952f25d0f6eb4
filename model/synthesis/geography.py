"""From a profile (a district's published figures) to a plausible geography of zones.

Nothing here depends on the seed of a simulation: chance is keyed by the place's name, so that a place stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from model import rng
from model.parameters import Parameters
from model.place.boundaries import Rings, area_km2
from model.synthesis.england import RANKS, england
from model.synthesis.grid import tessellate
from model.synthesis.margins import spread_margins

POINTS_PER_ZONE = 120


def key(place: str, purpose: str) -> np.uint64:
    """The key of one purpose of one place's geography."""
    return rng.key(0, 0, f"geography:{place}:{purpose}")


def from_profile(profile: Mapping[str, Any], parameters: Parameters) -> tuple[pd.DataFrame, dict[str, Rings]]:
    """Zones (canonical columns; those without a published margin are left out) and their shapes."""
    name, count = str(profile["name"]), int(profile["zones"])
    outline = _outline(profile)
    seeds, homes = _settle(profile, outline, parameters)
    rings = tessellate(seeds, [[(float(x), float(y)) for x, y in outline]] * count)
    codes = [f"{name}-{row + 1:03d}" for row in range(count)]
    zones = pd.DataFrame(
        {"code": codes, "name": [f"{profile['title']} {row + 1:03d}" for row in range(count)]}
    )
    zones["easting"], zones["northing"] = homes.round().T
    zones["area_km2"] = [area_km2([ring]) for ring in rings]
    zones["residents"] = _residents(profile, parameters)
    zones["urban"] = _urban(zones, float(profile["share_urban"]))
    zones["imd_rank"] = _imd_rank(zones, profile, parameters)
    zones["imd_decile"] = np.ceil(zones["imd_rank"] * 10 / RANKS).clip(1, 10)
    zones["imd_score"] = england().score(zones["imd_rank"].to_numpy())
    spread_margins(zones, profile, parameters, lambda purpose: _noise(name, purpose, count))
    return zones, {code: [ring] for code, ring in zip(codes, rings, strict=True)}


def _noise(name: str, purpose: str, count: int) -> np.ndarray:
    return rng.gaussian(key(name, purpose), np.arange(count))


def _outline(profile: Mapping[str, Any], corners: int = 72) -> np.ndarray:
    """A compact, slightly lobed outline of exactly the district's area: (corners, 2) m."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    two, three = 2 * np.pi * rng.uniform(key(profile["name"], "outline"), np.arange(2))
    radius = 1 + 0.14 * np.cos(2 * angle + two) + 0.07 * np.cos(3 * angle + three)
    ring = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    scale = np.sqrt(float(profile["area_km2"]) / area_km2([ring]))
    outline: np.ndarray = ring * scale + np.array(profile["centre_m"], dtype=float)
    return outline


def _settle(profile: Mapping[str, Any], outline: np.ndarray, p: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Where the zones' seeds lie and where their people do: two arrays (zones, 2), m.

    Sample homes lie in towns (rank-size, Gaussian) and villages; some of them seed the zones, so that zones
    are as dense as people; a few steps of Lloyd's rule make them compact.
    """
    count, urban = int(profile["zones"]), float(profile["share_urban"])
    homes = _sample_homes(profile, outline, p)
    chosen = np.argsort(rng.uniform(key(profile["name"], "seeds"), np.arange(len(homes))))[:count]
    seeds = homes[chosen]
    for _ in range(2 if urban < 1 else 4):
        seeds = _means(homes, seeds)
    return seeds, _means(homes, seeds)


def _means(homes: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """The mean of the homes nearest to each seed; a seed without homes stays where it is."""
    nearest = cKDTree(seeds).query(homes)[1]
    size = np.bincount(nearest, minlength=len(seeds))
    total = np.column_stack([np.bincount(nearest, weights=homes[:, k], minlength=len(seeds)) for k in (0, 1)])
    return np.where(size[:, None] > 0, total / np.maximum(size, 1)[:, None], seeds)


def _sample_homes(profile: Mapping[str, Any], outline: np.ndarray, p: Parameters) -> np.ndarray:
    """Sample homes inside the outline: (n, 2) m."""
    name, count, urban = str(profile["name"]), int(profile["zones"]), float(profile["share_urban"])
    n, people = count * POINTS_PER_ZONE, float(profile["residents"]) * urban
    ids = np.arange(n)
    towns = max(1, round(people / p.geography_town_residents))
    villages = max(2, round(0.7 * count * (1 - urban)))
    size = 1 / np.arange(1, towns + 1)
    size /= size.sum()
    spread = np.sqrt(people * size / p.place_urban_density / 1.5 / np.pi) * 1e3 / np.sqrt(2)
    reach = np.concatenate([np.full(1, 0.2), np.full(towns - 1, 0.75), np.full(villages, 0.95)])
    turn, deep = (
        rng.uniform(key(name, "centres"), np.arange(towns + villages), slot=slot) for slot in (0, 1)
    )
    centres = _inside(outline, turn, reach**2 * deep)
    scale = np.concatenate([spread, np.full(villages, p.homes_scale_m / 2)])
    lot = rng.uniform(key(name, "homes"), ids, slot=0)
    town = np.searchsorted(np.cumsum(size), lot / max(urban, 1e-9)).clip(0, towns - 1)
    village = towns + (rng.uniform(key(name, "homes"), ids, slot=1) * villages).astype(int)
    centre = np.where(lot < urban, town, village)
    offset = np.column_stack([rng.gaussian(key(name, "homes"), ids, slot=slot) for slot in (2, 3)])
    points = centres[centre] + offset * scale[centre][:, None]
    lone = (lot >= urban) & (rng.uniform(key(name, "homes"), ids, slot=4) < 0.25)
    at, depth = (rng.uniform(key(name, "homes"), ids, slot=slot) for slot in (5, 6))
    points[lone] = _inside(outline, at, depth)[lone]
    return _pull_in(points, outline, depth)


def _radius(outline: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Distance from the middle to the outline in a direction (the outline is star-shaped)."""
    ring = outline - outline.mean(axis=0)
    theta = np.arctan2(ring[:, 1], ring[:, 0])
    order = np.argsort(theta)
    radius: np.ndarray = np.interp(angle, theta[order], np.hypot(*ring[order].T), period=2 * np.pi)
    return radius


def _inside(outline: np.ndarray, turn: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Points inside the outline from two uniforms: direction and share of the area within."""
    angle = 2 * np.pi * turn - np.pi
    r = _radius(outline, angle) * np.sqrt(depth) * 0.98
    points: np.ndarray = outline.mean(axis=0) + r[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return points


def _pull_in(points: np.ndarray, outline: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Points beyond the outline brought back inside it, in the same direction."""
    middle = outline.mean(axis=0)
    away = points - middle
    distance, limit = np.hypot(*away.T), _radius(outline, np.arctan2(away[:, 1], away[:, 0])) * 0.98
    factor = np.where(distance > limit, limit * (0.75 + 0.25 * depth) / np.maximum(distance, 1e-9), 1.0)
    inside: np.ndarray = middle + away * factor[:, None]
    return inside


def _residents(profile: Mapping[str, Any], p: Parameters) -> np.ndarray:
    """Residents of each zone: whole numbers that add to the district's."""
    count, total = int(profile["zones"]), int(profile["residents"])
    spread = float(profile.get("residents_cv", p.geography_residents_cv))
    share = (1 + spread * _noise(profile["name"], "residents", count)).clip(0.5, 1.7)
    exact = share / share.sum() * total
    whole: np.ndarray = np.floor(exact).astype(np.int64)
    whole[np.argsort(-(exact - whole), kind="stable")[: total - int(whole.sum())]] += 1
    return whole


def _urban(zones: pd.DataFrame, share: float) -> np.ndarray:
    """1 for the densest zones that together hold the urban share of residents."""
    order = np.argsort(-(zones["residents"] / zones["area_km2"]).to_numpy(), kind="stable")
    people = zones["residents"].to_numpy()[order]
    urban = np.zeros(len(zones), dtype=np.int64)
    urban[order] = np.cumsum(people) - people / 2 <= share * people.sum()
    return urban


def six_nearest(zones: pd.DataFrame) -> np.ndarray:
    """Rows of the six zones nearest to each (fewer in a small place): (zones, 6)."""
    points = zones[["easting", "northing"]].to_numpy(dtype=float)
    k = min(6, len(points) - 1)
    rows: np.ndarray = cKDTree(points).query(points, k=k + 1)[1].reshape(len(points), -1)[:, 1:]
    return rows


def moran(values: np.ndarray, near: np.ndarray) -> float:
    """Moran's I over the nearest neighbours: 0 = no clustering, 1 = neighbours alike."""
    z = np.asarray(values, dtype=float) - np.mean(values)
    return float(np.sum(z * z[near].mean(axis=1)) / np.sum(z * z)) if near.size and z.any() else 0.0


def _imd_rank(zones: pd.DataFrame, profile: Mapping[str, Any], p: Parameters) -> np.ndarray:
    """National ranks with the profile's shares of residents by decile and its clustering (Moran's I)."""
    count, near = len(zones), six_nearest(zones)
    smooth = _noise(profile["name"], "imd", count)
    other = _noise(profile["name"], "imd rough", count)
    for _ in range(4):
        smooth = 0.5 * smooth + 0.5 * smooth[near].mean(axis=1) if near.size else smooth
    density = np.log((zones["residents"] / zones["area_km2"]).to_numpy())
    tilt = p.geography_imd_urban_tilt * _standard(density)

    def ranks(share: float) -> np.ndarray:
        field = np.sqrt(share) * _standard(smooth) + np.sqrt(1 - share) * _standard(other) + tilt
        return _ranks(field, zones["residents"].to_numpy(), profile["share_residents_by_imd_decile"])

    target = float(profile["imd_moran_6nn"])
    options = np.linspace(0, 1, 21)
    found = [abs(moran(england().score(ranks(share)), near) - target) for share in options]
    return ranks(float(options[int(np.argmin(found))]))


def _standard(values: np.ndarray) -> np.ndarray:
    spread = values.std()
    return (values - values.mean()) / spread if spread > 0 else np.zeros_like(values)


def _ranks(field: np.ndarray, residents: np.ndarray, shares: list[float]) -> np.ndarray:
    """The highest of the field take the lowest ranks, so that residents by decile have the given shares."""
    order = np.argsort(-field, kind="stable")
    people = residents[order]
    middle = (np.cumsum(people) - people / 2) / people.sum()
    edges = np.concatenate([[0.0], np.cumsum(shares) / np.sum(shares)])
    national = np.interp(middle, *_steps(edges))
    ranks = np.empty(len(field))
    ranks[order] = np.round(national * RANKS).clip(1, RANKS)
    return ranks


def _steps(edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative share of residents against national rank, without the deciles that nobody lives in."""
    keep = np.concatenate([np.diff(edges) > 0, [True]])
    low, tenths = edges[:-1], np.arange(10) / 10
    xs, ys = [], []
    for k in np.flatnonzero(keep[:-1]):
        xs += [low[k], edges[k + 1] - 1e-9]
        ys += [tenths[k] + 1e-6, tenths[k] + 0.1 - 1e-6]
    return np.array(xs), np.array(ys)
