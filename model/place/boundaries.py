"""Boundaries of zones: GeoJSON in degrees or metres to rings in metres of the British National Grid."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.errors import Fault
from model.files.text import read_json, shorten
from model.place.columns import ZONE_CODE_ALIASES, canonical, plain

Rings = list[np.ndarray]
"""Rings of one zone, each float64 (points, 2), easting and northing; holes are rings too (even-odd rule)."""


def bng(longitude: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Easting and northing, metres, of WGS84 degrees; right to about five metres.

    Helmert shift to OSGB36 and the transverse Mercator projection: Ordnance Survey, "A guide to coordinate
    systems in Great Britain" (2020), sections 6.6 and C.1.
    """
    x, y, z = _cartesian(np.radians(latitude), np.radians(longitude), 6_378_137.0, 6_356_752.3142)
    scale, second = 1 + 20.4894e-6, np.pi / 180 / 3600
    rx, ry, rz = -0.1502 * second, -0.2470 * second, -0.8421 * second
    a, b = 6_377_563.396, 6_356_256.909  # the Airy 1830 ellipsoid
    x, y, z = (-446.448 + scale * x - rz * y + ry * z, 125.157 + rz * x + scale * y - rx * z,
               -542.060 - ry * x + rx * y + scale * z)  # fmt: skip
    e2, p = 1 - (b / a) ** 2, np.hypot(x, y)
    phi = np.arctan2(z, p * (1 - e2))
    for _ in range(6):
        phi = np.arctan2(z + e2 * a / np.sqrt(1 - e2 * np.sin(phi) ** 2) * np.sin(phi), p)
    return project(np.arctan2(y, x), phi)


def _cartesian(
    phi: np.ndarray, lam: np.ndarray, a: float, b: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Earth-centred x, y, z of latitude and longitude in radians at height zero."""
    e2 = 1 - (b / a) ** 2
    nu = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    return nu * np.cos(phi) * np.cos(lam), nu * np.cos(phi) * np.sin(lam), (1 - e2) * nu * np.sin(phi)


def project(lam: np.ndarray, phi: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Easting and northing of OSGB36 longitude and latitude in radians (transverse Mercator on Airy 1830)."""
    a, b, f0 = 6_377_563.396, 6_356_256.909, 0.9996012717
    e2, n, phi0 = 1 - (b / a) ** 2, (a - b) / (a + b), np.radians(49)
    s, c, t = np.sin(phi), np.cos(phi), np.tan(phi)
    nu = a * f0 / np.sqrt(1 - e2 * s**2)
    rho = a * f0 * (1 - e2) * (1 - e2 * s**2) ** -1.5
    eta2, down, up = nu / rho - 1, phi - phi0, phi + phi0
    arc = b * f0 * (
        (1 + n + 1.25 * n**2 + 1.25 * n**3) * down
        - (3 * n + 3 * n**2 + 2.625 * n**3) * np.sin(down) * np.cos(up)
        + 1.875 * (n**2 + n**3) * np.sin(2 * down) * np.cos(2 * up)
        - 35 / 24 * n**3 * np.sin(3 * down) * np.cos(3 * up)
    )  # fmt: skip
    d = lam - np.radians(-2)
    north = (arc - 100_000 + nu / 2 * s * c * d**2 + nu / 24 * s * c**3 * (5 - t**2 + 9 * eta2) * d**4
             + nu / 720 * s * c**5 * (61 - 58 * t**2 + t**4) * d**6)  # fmt: skip
    east = (400_000 + nu * c * d + nu / 6 * c**3 * (nu / rho - t**2) * d**3
            + nu / 120 * c**5 * (5 - 18 * t**2 + t**4 + 14 * eta2 - 58 * t**2 * eta2) * d**5)  # fmt: skip
    return east, north


def to_grid(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates as given, turned to the British National Grid when all of them can only be degrees."""
    degrees = x.size > 0 and np.abs(x).max() <= 180 and np.abs(y).max() <= 90
    return bng(x, y) if degrees else (x, y)


def read_boundaries(
    path: Path, codes: Iterable[str], warnings: list[Fault] | None = None
) -> tuple[dict[str, Rings], list[Fault]]:
    """Rings of every zone in `codes`; other features are passed over. A zone without a shape is a fault.

    warnings: takes how many features were passed over.
    """
    file = str(path)
    content, faults = read_json(path)
    if faults:
        return {}, faults
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        return {}, [Fault("must be a GeoJSON FeatureCollection with features", file, key="features")]
    codes = list(codes)
    wanted, rings, passed = set(codes), {}, 0
    for position, feature in enumerate(features):
        code = _code(feature, wanted)
        if code is None:
            passed += 1
            continue
        key = f"features[{position}]"
        shapes = _rings(feature.get("geometry"))
        if shapes is None:
            faults.append(
                Fault(
                    "the shape cannot be used",
                    file,
                    key=key,
                    found=code,
                    allowed="Polygon or MultiPolygon of finite coordinates",
                )
            )
        elif code in rings:
            faults.append(
                Fault("the zone has two shapes", file, key=key, found=code, allowed="one feature a zone")
            )
        else:
            rings[code] = shapes
    missing = [code for code in codes if code not in rings]
    if not rings and not faults:
        return {}, [
            Fault(
                "no feature has the code of a zone in zones.csv",
                file,
                key="properties",
                allowed=f"a property such as zone_code with codes like {codes[0]}",
            )
        ]
    if not faults:
        faults = [
            Fault("the zone has no shape", file, key="features", found=code, allowed="one feature a zone")
            for code in missing
        ]
    if passed and warnings is not None:
        warnings.append(Fault("shapes that match no zone of zones.csv are passed over", file, key="features",
                              found=f"{passed:,} of {len(features):,}"))  # fmt: skip
    return (_metres(rings, file, faults) if not faults else {}), shorten(faults, file)


def _code(feature: Any, wanted: set[str]) -> str | None:
    """The wanted code a feature carries: under a known name first, else under any."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return None
    known = [
        value
        for key, value in properties.items()
        if plain(key) in ZONE_CODE_ALIASES or canonical(key) == "code"
    ]
    for value in (*known, *properties.values()):
        if isinstance(value, str | int) and str(value).strip() in wanted:
            return str(value).strip()
    return None


def _rings(geometry: Any) -> Rings | None:
    """The rings of a polygon or multipolygon, or None when they cannot be read."""
    try:
        wrap: dict[str, Callable[[Any], Any]] = {"Polygon": lambda c: [c], "MultiPolygon": lambda c: c}
        polygons = wrap[geometry["type"]](geometry["coordinates"])
        rings = [
            np.array([point[:2] for point in ring], dtype=float) for polygon in polygons for ring in polygon
        ]
    except (KeyError, TypeError, ValueError, IndexError):
        return None
    usable = bool(rings) and all(
        ring.ndim == 2 and ring.shape[0] >= 3 and ring.shape[1] == 2 and np.isfinite(ring).all()
        for ring in rings
    )
    return rings if usable else None


def _metres(rings: dict[str, Rings], file: str, faults: list[Fault]) -> dict[str, Rings]:
    """All rings on the British National Grid; a shape beyond Great Britain is a fault."""
    points = np.concatenate([ring for shapes in rings.values() for ring in shapes])
    east, north = to_grid(points[:, 0], points[:, 1])
    inside = (east >= 0) & (east <= 700_000) & (north >= 0) & (north <= 1_300_000)
    if not inside.all():
        faults.append(
            Fault(
                "shapes lie outside Great Britain",
                file,
                key="coordinates",
                found=f"{points[:, 0].min():g} to {points[:, 0].max():g} east",
                allowed="WGS84 degrees or metres of the British National Grid",
            )
        )
        return {}
    both, start = np.column_stack([east, north]), 0
    result: dict[str, Rings] = {}
    for code, shapes in rings.items():
        result[code] = []
        for ring in shapes:
            result[code].append(both[start : start + len(ring)])
            start += len(ring)
    return result


def area_km2(rings: Rings) -> float:
    """Area of a zone by the shoelace rule, holes (rings of the opposite turn) taken off."""
    total = 0.0
    for ring in rings:
        x, y = (ring - ring[0]).T
        total += 0.5 * float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
    return abs(total) / 1e6


def inside(rings: Rings, points: np.ndarray) -> np.ndarray:
    """Whether each point, (points, 2), lies within the rings of a zone: bool (points,), by the even-odd rule."""
    crossings = np.zeros(len(points), dtype=int)
    for ring in rings:
        a, b = ring, np.roll(ring, -1, axis=0)
        y = points[:, 1][:, None]
        spans = (a[:, 1] > y) != (b[:, 1] > y)
        rise = np.where(a[:, 1] == b[:, 1], 1.0, b[:, 1] - a[:, 1])
        x = a[:, 0] + (y - a[:, 1]) * (b[:, 0] - a[:, 0]) / rise
        crossings += (spans & (points[:, 0][:, None] < x)).sum(axis=1)
    within: np.ndarray = crossings % 2 == 1
    return within


def overlaps(zones: pd.DataFrame, boundaries: dict[str, Rings], file: str) -> list[Fault]:
    """Zones whose centre lies in their own shape and in another's too: one of the two is not of this set."""
    codes, at = zones["code"].tolist(), zones[["easting", "northing"]].to_numpy(dtype=float)
    faults = []
    for row, code in enumerate(codes):
        points = np.concatenate(boundaries[code])
        near = np.flatnonzero(((at >= points.min(axis=0)) & (at <= points.max(axis=0))).all(axis=1))
        for other in near[inside(boundaries[code], at[near])].tolist():
            if other != row and inside(boundaries[codes[other]], at[[other]])[0]:
                faults.append(Fault("two zones lie on the same ground", file, key="features",
                                    found=f"{codes[other]} and {code}", allowed="zones side by side",
                                    hint="Is a zone of 2011 beside its successors of 2021?"))  # fmt: skip
    return shorten(faults, file)
