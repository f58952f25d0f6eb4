"""A place: its zones, its assets, and the grid over them. `Place.load("erewash")`, or a path."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.errors import Fault, InputError, nearest
from model.files.names import foreign_fault
from model.parameters import Parameters
from model.place.columns import ADULT_AGE_COLUMNS
from model.place.density import density_near
from model.place.files import PLACES, read_yaml
from model.place.profile import KEYS, shipped
from model.place.report import PlaceNotes
from model.population.columns import ASSET_KINDS

if TYPE_CHECKING:
    import pandas as pd

DEFAULT = "erewash"


@dataclass(frozen=True)
class Place:
    """Where people live and where they can move. Built by `Place.load`; never changed afterwards.

    zones: one row a zone, canonical columns (`model.place.columns`) then the user's own; RangeIndex.
    assets: one row an asset, listed ones first, then those generated (`synthetic`); RangeIndex.
    layers: name -> (height, width); `zone` int32, row of the zone or -1; others float32. Row 0 is the south.
    boundaries: zone code -> rings, each (points, 2) of easting and northing, even-odd rule.
    origin_m: easting and northing of the grid's south-west corner.
    filled: (column, how) for all that the place's own files did not say.
    warnings: what is doubtful in them, such as files that are not read.
    vintage: census of the zones, year of their deprivation, and how that was found; empty for a profile.
    """

    name: str
    title: str
    synthetic: bool
    cell_m: float
    origin_m: tuple[float, float]
    width: int
    height: int
    zones: pd.DataFrame
    assets: pd.DataFrame
    layers: dict[str, np.ndarray]
    boundaries: dict[str, list[np.ndarray]]
    sources: list[str] = field(default_factory=list)
    licence: str = ""
    filled: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    vintage: dict[str, Any] = field(default_factory=dict)

    @staticmethod
    def load(name_or_path: str | Path = DEFAULT, parameters: Parameters | None = None) -> Place:
        """A shipped place by name, or the place in a folder or profile file; InputError names every fault."""
        told = PlaceNotes()
        parts, faults = _build(name_or_path, parameters or Parameters.default(), told)
        if parts is None:
            raise InputError(faults)
        return Place(**parts, warnings=told.warnings, vintage=told.vintage)

    @property
    def residents(self) -> int:
        """People of any age."""
        return int(self.zones["residents"].sum())

    @cached_property
    def flat_layers(self) -> dict[str, np.ndarray]:
        """The layers but `zone` as float64, one value a cell in the order of flat indices."""
        return {
            name: layer.astype(np.float64).ravel() for name, layer in self.layers.items() if name != "zone"
        }

    @cached_property
    def density_near(self) -> np.ndarray:
        """(cells,) residents to the square kilometre of the land around each cell."""
        residents = self.zones["residents"].to_numpy()
        return density_near(self.layers["zone"], self.layers["homes"], residents, self.cell_m)

    @cached_property
    def digest(self) -> str:
        """A fingerprint of all that a simulation can read: equal places have equal digests."""
        total = hashlib.blake2b(digest_size=16)
        total.update(repr((self.name, self.cell_m, self.origin_m, self.width, self.height)).encode())
        for table in (self.zones, self.assets):
            for name in table.columns:
                values = table[name].to_numpy()
                total.update(f"|{name}|".encode())
                plain = values.dtype.kind in "iufb"
                total.update(values.tobytes() if plain else "\x1f".join(map(str, values)).encode())
        for name in sorted(self.layers):
            total.update(name.encode() + np.ascontiguousarray(self.layers[name]).tobytes())
        for code, rings in self.boundaries.items():
            total.update(code.encode() + b"".join(np.asarray(ring, dtype=float).tobytes() for ring in rings))
        return total.hexdigest()


def _build(
    name_or_path: str | Path, parameters: Parameters, told: PlaceNotes
) -> tuple[dict[str, Any] | None, list[Fault]]:
    """The parts of a place, or what is wrong."""
    # Imported here because synthesis stands above this module: the type must be known without its builders.
    from model.synthesis.build_place import from_folder, from_profile_file

    path = find(name_or_path)
    if isinstance(path, Fault):
        return None, [path]
    return from_folder(path, parameters, told) if path.is_dir() else from_profile_file(path, parameters)


def find(name_or_path: str | Path) -> Path | Fault:
    """The folder or profile file that a name or path means; else a Fault with the nearest shipped name."""
    text = str(name_or_path).strip()
    name = text.lower().replace(" ", "_").replace("-", "_")
    if name in shipped():
        return PLACES / f"{name}.yaml"
    path = Path(text).expanduser()
    if text and path.is_dir():
        return path
    if text and path.is_file():
        if path.suffix.lower() in (".yaml", ".yml"):
            return path.parent if path.name == "place.yaml" else path
        return Fault(
            "is neither a folder nor a profile",
            text,
            key="place",
            found=path.name,
            allowed="a folder with zones.csv, or a .yaml profile",
            hint=f"Give the folder: {path.parent}" if path.name == "zones.csv" else None,
        )
    if fault := foreign_fault(text, key="place"):
        return fault
    return Fault(
        "there is no such place",
        key="place",
        found=text or "nothing",
        allowed=f"a path that exists, or one of {', '.join(shipped())}",
        hint=nearest(name, shipped()),
    )


def list_places() -> list[dict[str, Any]]:
    """The shipped places: name, title, zones, residents, and whether the geography is synthetic."""
    rows = []
    for name in shipped():
        content, _, _ = read_yaml(PLACES / f"{name}.yaml", KEYS)
        rows.append({"name": name, "title": content["title"], "zones": content["zones"],
                     "residents": content["residents"], "area_km2": content["area_km2"], "synthetic": True,
                     "default": name == DEFAULT})  # fmt: skip
    return rows


def check(name_or_path: str | Path) -> list[Fault]:
    """Every fault of a place; an empty list when it can be used."""
    return _build(name_or_path, Parameters.default(), PlaceNotes())[1]


def examine(name_or_path: str | Path) -> dict[str, Any]:
    """The verdict on a place: valid, columns used, unused and filled (and by what), vintage, warnings, errors."""
    told = PlaceNotes()
    parts, faults = _build(name_or_path, Parameters.default(), told)
    filled = [] if parts is None else _filled(parts["filled"])
    return {"valid": not faults, "used": told.used, "unused": told.unused, "filled": filled, "vintage": told.vintage,
            "warnings": told.warnings, "errors": faults}  # fmt: skip


def _filled(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"column": column, "how": how} for column, how in pairs]


def describe(place: Place) -> dict[str, Any]:
    """The obvious facts of a place, as plain values ready for JSON."""
    zones, assets, people = place.zones, place.assets, place.residents
    residents = zones["residents"].to_numpy(dtype=float)
    fifth = (zones["imd_decile"].to_numpy() + 1) // 2
    kinds = {}
    for kind in ASSET_KINDS:
        rows = assets[assets["kind"] == kind]
        kinds[kind] = {"listed": int((~rows["synthetic"]).sum()), "synthetic": int(rows["synthetic"].sum())}

    def mean(column: str) -> float:
        return round(float(np.average(zones[column].to_numpy(dtype=float), weights=residents)), 4)

    return {
        "name": place.name, "title": place.title, "synthetic": place.synthetic, "zones": len(zones),
        "residents": people,
        "adults": round(float(residents @ zones[list(ADULT_AGE_COLUMNS)].sum(axis=1).to_numpy())),
        "area_km2": round(float(zones["area_km2"].sum()), 2),
        "share_urban": mean("urban"), "share_disabled": mean("share_disabled"),
        "share_households_no_car": mean("share_households_no_car"), "imd_score_mean": mean("imd_score"),
        "share_residents_by_imd_quintile": {
            str(k): round(float(residents[fifth == k].sum() / people), 4) for k in range(1, 6)},
        "grid": {"cell_m": place.cell_m, "width": place.width, "height": place.height,
                 "origin_m": list(place.origin_m)},
        "assets": kinds, "filled": _filled(place.filled), "vintage": dict(place.vintage),
        "warnings": [str(warning) for warning in place.warnings],
        "sources": list(place.sources), "licence": place.licence, "digest": place.digest,
    }  # fmt: skip
