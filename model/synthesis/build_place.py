"""The parts of a place, built from a folder of tables or from a profile; `model.place.place` wraps them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.errors import Fault, nearest
from model.files.text import shorten
from model.files.yaml_words import found_words
from model.parameters import Parameters
from model.place.assets import read_asset_features, read_assets
from model.place.boundaries import Rings, area_km2, overlaps, read_boundaries
from model.place.columns import ASSET
from model.place.files import read_yaml
from model.place.profile import read_profile
from model.place.report import READ, PlaceNotes
from model.place.tables import read_zones
from model.population.columns import ASSET_KINDS
from model.synthesis import grid as grids
from model.synthesis.assets import GENERATED, complete_assets, outside
from model.synthesis.england import RANKS, complete
from model.synthesis.geography import from_profile

SETTINGS = ("schema_version", "name", "title", "description", "projection", "cell_m", "sources", "licence",
            "complete_kinds")  # fmt: skip
MAX_CELLS = 1_000_000
FAR_M = 10_000.0
Built = tuple[dict[str, Any] | None, list[Fault]]


def from_profile_file(path: Path, p: Parameters) -> Built:
    """The parts of the synthetic place that a profile describes, or what is wrong with the profile."""
    profile, faults = read_profile(path)
    if faults:
        return None, faults
    zones, boundaries = from_profile(profile, p)
    parts = {"name": str(profile["name"]), "title": str(profile["title"]), "synthetic": True,
             "cell_m": profile.get("cell_m"), "licence": str(profile["licence"]),
             "sources": [str(source) for source in profile["sources"]]}  # fmt: skip
    filled = [("boundaries", "generated from the profile"), ("zones", "generated from the profile")]
    return _assemble(parts, zones, boundaries, filled, pd.DataFrame(), p, str(path), None,
                     {kind: int(number) for kind, number in profile["assets"].items()})  # fmt: skip


def from_folder(path: Path, p: Parameters, told: PlaceNotes) -> Built:
    """The parts of the place in a folder (place.yaml, zones.csv, boundaries, assets), or what is wrong.

    told: takes the columns used and not used, and warnings.
    """
    told.folder(path)
    folders = [
        Fault("is a folder", str(path / name), allowed="a file") for name in READ if (path / name).is_dir()
    ]
    parts, faults = _settings(path, p)
    faults += folders
    if (path / "zones.csv").is_dir():
        return None, faults
    if not (path / "zones.csv").is_file():
        files = [found.name for found in path.iterdir()]
        return None, [*faults, Fault("zones.csv is missing", str(path), allowed="one row a zone",
                                     hint=nearest("zones.csv", files))]  # fmt: skip
    read, found = read_zones(path / "zones.csv")
    faults += found
    zones = read.zones
    told.zones(str(path / "zones.csv"), read.heads)
    told.warnings += read.warnings
    told.vintage = asdict(read.vintage)
    listed, found = _listed(path, told)
    faults += found
    boundaries = None
    if (path / "boundaries.geojson").is_file() and "code" in zones and len(zones):
        boundaries, found = read_boundaries(path / "boundaries.geojson", zones["code"], told.warnings)
        faults += found
        if boundaries and not faults:
            faults += overlaps(zones, boundaries, str(path / "boundaries.geojson"))
    if faults:
        return None, faults
    parts["ranked"] = read.vintage.ranked
    return _assemble(parts, zones, boundaries, [], listed, p, str(path / "zones.csv"), path, None)


def _settings(path: Path, p: Parameters) -> tuple[dict[str, Any], list[Fault]]:
    """What place.yaml says, with defaults: the folder's name, the British National Grid, the usual cell."""
    name = path.resolve().name
    title = name.replace("_", " ").title()
    parts: dict[str, Any] = {"name": name, "title": title, "synthetic": False, "licence": "",
                             "cell_m": None, "sources": [], "known": ()}  # fmt: skip
    file = path / "place.yaml"
    if not file.is_file():
        return parts, []
    content, lines, faults = read_yaml(file, SETTINGS)

    def wrong(key: str, allowed: str) -> None:
        faults.append(
            Fault(
                "has an impossible value", str(file), lines.get(key), key, found_words(content[key]), allowed
            )
        )

    for key in ("name", "title", "licence", "description"):
        if key in content and not isinstance(content[key], str):
            wrong(key, "text")
    if content.get("schema_version", 1) != 1:
        wrong("schema_version", "1")
    if str(content.get("projection", "EPSG:27700")).upper() not in ("EPSG:27700", "27700"):
        wrong("projection", "EPSG:27700 (the British National Grid, metres)")
    cell = content.get("cell_m", p.place_cell_m)
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not 50 <= cell <= 2_000:
        wrong("cell_m", "50 to 2000 m")
    sources = content.get("sources", [])
    if not isinstance(sources, str | list) or not all(isinstance(line, str) for line in sources):
        wrong("sources", "a list of texts")
    known = content.get("complete_kinds", [])
    for kind in known if isinstance(known, list) else [known]:
        if kind not in ASSET_KINDS:
            faults.append(
                Fault(
                    "unknown kind of asset",
                    str(file),
                    lines["complete_kinds"],
                    "complete_kinds",
                    str(kind),
                    ", ".join(ASSET_KINDS),
                    nearest(kind, ASSET_KINDS),
                )
            )
    if not faults:
        parts.update({key: content[key] for key in ("name", "title", "licence") if key in content})
        parts.update(
            cell_m=float(cell) if "cell_m" in content else None,
            known=tuple(known),
            sources=[sources] if isinstance(sources, str) else sources,
        )
    return parts, faults


def _listed(path: Path, told: PlaceNotes) -> tuple[pd.DataFrame, list[Fault]]:
    """The folder's own assets: both files may be there."""
    frames, faults = [], []
    for file, read in (("assets.csv", read_assets), ("assets.geojson", read_asset_features)):
        if (path / file).is_file():
            frame, found = read(path / file)
            faults += found
            told.assets(str(path / file), frame.drop(columns="line", errors="ignore"))
            if not len(frame) and not found:
                told.warnings.append(Fault("no assets are read: they are made up instead", str(path / file),
                                           found="a head and no rows" if file.endswith("csv") else "no features",
                                           hint="Kinds in `complete_kinds` of place.yaml are never made up."))  # fmt: skip
            if len(frame):
                frames.append(frame.assign(file=str(path / file)))
    return (pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()), faults


def _assemble(
    parts: dict[str, Any],
    zones: pd.DataFrame,
    boundaries: dict[str, Rings] | None,
    filled: list[tuple[str, str]],
    listed: pd.DataFrame,
    p: Parameters,
    file: str,
    path: Path | None,
    counts: dict[str, int] | None,
) -> Built:
    """Complete the zones, lay the grid, place the assets."""
    areas = None if boundaries is None else np.array([area_km2(boundaries[code]) for code in zones["code"]])
    zones, more = complete(zones, areas, p, parts.pop("ranked", RANKS))
    filled = [*filled, *more]
    if boundaries is None:
        rings = grids.tessellate(zones[["easting", "northing"]].to_numpy(dtype=float), grids.discs(zones))
        boundaries = {code: [ring] for code, ring in zip(zones["code"], rings, strict=True)}
        filled.append(("boundaries", "the land nearest to each centroid, within the zone's area"))
    parts["cell_m"] = float(parts["cell_m"] or _cell(boundaries, p, filled))
    frame = grids.frame(boundaries, zones, parts["cell_m"])
    faults = _too_far(zones, boundaries, frame, file)
    if faults:
        return None, faults
    layers = grids.layers(boundaries, zones, frame, p)
    known = parts.pop("known", ())
    if len(listed):
        away = outside(listed, layers["zone"], frame, p.place_asset_margin_m)
        faults = [Fault("the asset lies outside the place", row["file"], row["line"], "easting, northing",
                        f"{row['easting']:.0f}, {row['northing']:.0f}",
                        f"within {p.place_asset_margin_m:g} m of a zone")
                  for _, row in listed[away].iterrows()]  # fmt: skip
        if faults:
            return None, shorten(faults, str(path))
        listed = listed.drop(columns=["file", "line"])
        for name in ASSET:
            if blank := int(listed[name].isna().sum()):
                filled.append(
                    (f"assets.{name}", f"the ledger's value for the kind ({blank} of {len(listed)} listed)")
                )
    assets = complete_assets(listed, zones, layers, frame, parts["name"], p, counts, known)
    for kind, rows in assets[assets["synthetic"]].groupby("kind", sort=False):
        filled.append((f"assets.{kind}", f"{len(rows)} {GENERATED.split(':')[0]}"))
    return {**parts, "origin_m": frame.origin, "width": frame.width, "height": frame.height, "zones": zones,
            "assets": assets, "layers": layers, "boundaries": boundaries, "filled": filled}, []  # fmt: skip


def _cell(boundaries: dict[str, Rings], p: Parameters, filled: list[tuple[str, str]]) -> float:
    """The usual cell, halved until there are four to a zone where the zones are small."""
    land = sum(area_km2(rings) for rings in boundaries.values()) * 1e6
    cell = float(p.place_cell_m)
    while land / cell**2 < 4 * len(boundaries) and cell > 50:
        cell /= 2
    if cell != p.place_cell_m:
        filled.append(("cell_m", f"{cell:g} m, so that small zones have cells of their own"))
    return cell


def _too_far(zones: pd.DataFrame, boundaries: dict[str, Rings], frame: grids.Frame, file: str) -> list[Fault]:
    """Faults of zones far from their own shape, and of a place and cells that do not fit each other."""
    faults = []
    for row, code in enumerate(zones["code"]):
        points = np.concatenate(boundaries[code])
        at = zones[["easting", "northing"]].iloc[row].to_numpy(dtype=float)
        if (np.maximum(points.min(axis=0) - at, at - points.max(axis=0)) > FAR_M).any():
            faults.append(
                Fault(
                    "the centroid lies far from the zone's shape",
                    file,
                    key="easting, northing",
                    found=f"{code} at {at[0]:.0f}, {at[1]:.0f}",
                    allowed="within 10 km of the shape",
                )
            )
    if not faults and frame.width * frame.height > MAX_CELLS:
        middle = zones[["easting", "northing"]].median()
        distance = np.hypot(zones["easting"] - middle["easting"], zones["northing"] - middle["northing"])
        far = zones["code"].iloc[int(distance.argmax())]
        faults.append(
            Fault(
                "the place is too wide for its cells",
                file,
                key="easting, northing",
                found=f"{frame.width} x {frame.height} cells of {frame.cell_m:g} m",
                allowed=f"at most {MAX_CELLS} cells",
                hint=f"Is {far} in the right spot? If so, set a larger cell_m in place.yaml.",
            )
        )
    land = sum(area_km2(rings) for rings in boundaries.values()) * 1e6 / frame.cell_m**2
    if not faults and len(zones) > 1 and land < 1.5 * len(zones):
        faults.append(
            Fault(
                "the cells are too wide for the zones",
                file,
                key="cell_m",
                found=f"{frame.cell_m:g} m",
                allowed="cells smaller than most zones",
                hint="Set a smaller cell_m in place.yaml.",
            )
        )
    return shorten(faults, file)
