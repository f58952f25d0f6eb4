"""Whether zones stand where they can: axes, grid, points shared, zones far away or not where their code says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.errors import Fault
from model.place.codes import district, of_2021

FAR_KM = 15.0
"""A zone further than this from its district is not in it."""
APART_KM = 50.0
"""Zones of one place with a gap as wide as this between them are in two places."""
_KEY = "easting, northing"


def other_grid(easting: np.ndarray, northing: np.ndarray, line: int, file: str) -> Fault | None:
    """What coordinates as typed look like when most can be no metres of the British National Grid."""
    good = np.isfinite(easting) & np.isfinite(northing)
    if not good.any():
        return None
    east, north = easting[good], northing[good]
    wide = np.maximum(np.abs(east), np.abs(north))
    looks = None
    if (wide <= 180).mean() > 0.5 and (np.minimum(east, north) < 15).mean() > 0.5:
        looks = "degrees"
    elif ((north > 6.3e6) & (north < 8.3e6) & (np.abs(east) < 1e6)).mean() > 0.5:
        looks = "Web Mercator (EPSG:3857), as web maps use it"
    elif ((north > 5.4e6) & (north < 6.8e6) & (east > 1e5)).mean() > 0.5:
        looks = "UTM"
    elif (np.abs(east) < 700).mean() > 0.9 and (np.abs(north) < 1300).mean() > 0.9:
        looks = "kilometres"
    if looks is None:
        return None
    hint = f"These look like {looks}: give metres of the British National Grid."
    return Fault("coordinates are not of the British National Grid", file, line, _KEY,
                 f"{east[0]:g}, {north[0]:g}", "easting 0 to 700,000, northing 0 to 1,300,000", hint)  # fmt: skip


def faults_of(zones: pd.DataFrame, lines: list[int], file: str) -> list[Fault]:
    """What is wrong with where zones stand. zones: code, easting, northing, perhaps name; all numbers finite."""
    at = zones[["easting", "northing"]].to_numpy(dtype=float) / 1000
    codes = zones["code"].astype(str).tolist()
    names = zones["name"].astype(str).tolist() if "name" in zones else [""] * len(codes)
    if len(at) == 0:
        return []
    return _by_district(codes, names, at, lines, file) or [
        *_shared(codes, at, lines, file),
        *_apart(codes, at, lines, file),
    ]


def _point(code: str, at: np.ndarray) -> str:
    return f"{code} at {at[0] * 1000:.0f}, {at[1] * 1000:.0f}"


def _by_district(
    codes: list[str], names: list[str], at: np.ndarray, lines: list[int], file: str
) -> list[Fault]:
    """Zones that are not in the district that their codes or names tell."""
    districts = [district(code, name) for code, name in zip(codes, names, strict=True)]
    rows = [row for row, one in enumerate(districts) if one is not None]
    if not rows:
        return []
    spans = np.array([one[1:] for one in districts if one is not None])
    off, swapped = _beyond(at[rows], spans), _beyond(at[rows][:, ::-1], spans)
    first = rows[0]
    told = districts[first]
    assert told is not None
    if off.mean() > 1 and swapped.mean() < off.mean() / 4:
        return [Fault("easting and northing are swapped", file, lines[first], _KEY, _point(codes[first], at[first]),
                      f"easting {told.west:.0f},000 to {told.east:.0f},000 and northing {told.south:.0f},000 to "
                      f"{told.north:.0f},000 for {told.name}",
                      "Exchange the headings of the two columns.")]  # fmt: skip
    wrong = np.flatnonzero(off > FAR_KM)
    if len(wrong) > 5 and len(wrong) > len(rows) / 2:
        return [Fault("the zones are not where their codes say: is this another grid?", file, lines[first], _KEY,
                      f"{_point(codes[first], at[first])}, {np.median(off[wrong]):.0f} km from {told.name}",
                      "metres of the British National Grid (EPSG:27700)")]  # fmt: skip
    faults = []
    for k in wrong.tolist():
        one = districts[rows[k]]
        assert one is not None
        faults.append(Fault("the zone is not where its code says", file, lines[rows[k]], _KEY,
                            f"{_point(codes[rows[k]], at[rows[k]])}, {off[k]:.0f} km from {one.name}",
                            f"easting {one.west:.0f},000 to {one.east:.0f},000, northing {one.south:.0f},000 to "
                            f"{one.north:.0f},000"))  # fmt: skip
    return faults


def _beyond(at: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """Kilometres of each point beyond its span (west, east, south, north); 0 within."""
    east = np.maximum(np.maximum(spans[:, 0] - at[:, 0], at[:, 0] - spans[:, 1]), 0)
    north = np.maximum(np.maximum(spans[:, 2] - at[:, 1], at[:, 1] - spans[:, 3]), 0)
    away: np.ndarray = np.hypot(east, north)
    return away


def _shared(codes: list[str], at: np.ndarray, lines: list[int], file: str) -> list[Fault]:
    """Zones on one and the same point: all of them, or a zone beside what it was split or merged into."""
    if len(at) > 1 and (at == at[0]).all():
        return [Fault("all zones stand on one point", file, lines[0], _KEY, _point(codes[0], at[0]),
                      "the centre of each zone", "Were the district's coordinates joined to every row?")]  # fmt: skip
    first: dict[tuple[float, float], int] = {}
    faults = []
    for row, point in enumerate(map(tuple, at.tolist())):
        other = first.setdefault(point, row)
        if other == row:
            continue
        hint = "Give the centre of each."
        if of_2021(codes[row]) != of_2021(codes[other]):
            old, new = sorted((codes[row], codes[other]), key=of_2021)
            hint = f"It looks like {old}, a zone of 2011, beside its successor of 2021, {new}: take one of them away."
        faults.append(Fault("two zones stand on one point", file, lines[row], _KEY, _point(codes[row], at[row]),
                            f"a point of its own ({codes[other]} on line {lines[other]} has this one)",
                            hint))  # fmt: skip
    return faults


def _apart(codes: list[str], at: np.ndarray, lines: list[int], file: str) -> list[Fault]:
    """Zones with a wide gap between them and all the rest, when they are few."""
    parts = _parts(at)
    sizes = np.bincount(parts)
    if len(sizes) == 1:
        return []
    main = int(sizes.argmax())
    few = [row for row in range(len(codes)) if parts[row] != main]
    middle = np.median(at[parts == main], axis=0)
    if len(few) > max(1, len(codes) // 4):
        return [Fault("the place lies in parts far from each other", file, key=_KEY,
                      found=f"{len(sizes)} parts, {_point(codes[few[0]], at[few[0]])}",
                      allowed=f"less than {APART_KM:.0f} km from zone to zone",
                      hint=f"Is {codes[few[0]]} in the right spot?")]  # fmt: skip
    return [Fault("the zone lies far from all others", file, lines[row], _KEY,
                  f"{_point(codes[row], at[row])}, {np.hypot(*(at[row] - middle)):.0f} km from the others",
                  f"less than {APART_KM:.0f} km from zone to zone",
                  f"Is {codes[row]} in the right spot?") for row in few]  # fmt: skip


def _parts(at: np.ndarray) -> np.ndarray:
    """The part of the place each point belongs to: points in touching squares of `APART_KM` are in one part."""
    squares = [tuple(square) for square in np.floor(at / APART_KM).astype(int).tolist()]
    taken, part = set(squares), dict[tuple[int, ...], int]()
    for number, start in enumerate(dict.fromkeys(squares)):
        waiting = [start]
        while waiting:
            square = waiting.pop()
            if square not in part and square in taken:
                part[square] = number
                waiting += [(square[0] + i, square[1] + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    order = {number: k for k, number in enumerate(dict.fromkeys(part.values()))}
    return np.array([order[part[square]] for square in squares])
