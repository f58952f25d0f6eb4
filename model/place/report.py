"""What a place's files told: columns used and not used, files passed over, and what is doubtful."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.errors import Fault
from model.place.columns import ASSET, ZONE, canonical, plain

if TYPE_CHECKING:
    import pandas as pd

READ = ("place.yaml", "zones.csv", "boundaries.geojson", "assets.csv", "assets.geojson")
"""The files of a place that are read."""
QUIET = (".md", ".txt", ".pdf", ".docx", ".png", ".jpg", ".log", ".html", ".qmd", ".cpg", ".prj", ".dbf", ".shx", ".sbn",
         ".sbx", ".xml")  # fmt: skip
"""Endings of notes, and of the parts of a shapefile beside its .shp: nobody expects them to be read."""
CLOSE = 0.87


@dataclass
class PlaceNotes:
    """Collects what the readers of a place have to tell beside faults."""

    used: list[dict[str, Any]] = field(default_factory=list)
    unused: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    vintage: dict[str, Any] = field(default_factory=dict)

    def zones(self, file: str, heads: dict[str, str], line: int = 1) -> None:
        """The columns of zones.csv. heads: canonical name, or the user's own -> header."""
        for name, header in heads.items():
            if name in ZONE and canonical(header) == name:
                self.used.append({"file": file, "column": header, "as": name})
                continue
            self._unused(file, header, "kept for `where: columns` in scenarios")
            if near := get_close_matches(plain(header), [one for one in ZONE if one not in heads], 1, CLOSE):
                self.warnings.append(Fault("the column is not understood", file, line, header,
                                           hint=f"Did you mean '{near[0]}'?"))  # fmt: skip

    def assets(self, file: str, frame: pd.DataFrame) -> None:
        """The columns of a list of assets that hold anything."""
        headers = [str(name) for name in frame if (frame[name].notna() & (frame[name] != "")).any()]
        for header in headers:
            if header in (*ASSET, "kind", "name", "easting", "northing", "longitude", "latitude", "source"):
                self.used.append({"file": file, "column": header, "as": header})
            else:
                self._unused(file, header, "kept with the asset, used nowhere")
                if near := get_close_matches(header, [one for one in ASSET if one not in headers], 1, CLOSE):
                    self.warnings.append(Fault("the column is not understood", file, 1, header,
                                               hint=f"Did you mean '{near[0]}'?"))  # fmt: skip

    def _unused(self, file: str, column: str | None, why: str) -> None:
        self.unused.append({"file": file, "column": column, "why": why})

    def folder(self, path: Path) -> None:
        """Files beside zones.csv that are not read, and what is assumed in their stead."""
        here = {found.name for found in path.iterdir()}
        for name in sorted(here - set(READ)):
            if (
                name.startswith((".", "~", "_"))
                or (path / name).is_dir()
                or Path(name).suffix.lower() in QUIET
            ):
                continue
            instead, wanted = _instead(plain(Path(name).stem), here)
            self._unused(str(path / name), None, f"not read; {instead}")
            self.warnings.append(Fault(f"the file is not read: {instead}", str(path / name), hint=wanted))


def _instead(stem: str, here: set[str]) -> tuple[str, str]:
    """What is assumed without the file, and what to do that it be read."""
    if any(word in stem for word in ("bound", "shape", "polygon", "lsoa", "outline")) and "zones" not in stem:
        if "boundaries.geojson" in here:
            return "boundaries.geojson is read instead", "Take it away, or leave it."
        return ("each zone gets the land nearest to its centre",
                "Save it as boundaries.geojson (QGIS: Export, GeoJSON; or ogr2ogr -f GeoJSON).")  # fmt: skip
    if any(word in stem for word in ("asset", "venue", "facilit", "park", "greenspace", "place_of", "point")):
        if here & {"assets.csv", "assets.geojson"}:
            return "assets come from assets.csv or assets.geojson", "Add its rows there."
        return (
            "all assets are generated",
            "Save it as assets.csv (Excel: Save as, CSV UTF-8) or assets.geojson.",
        )
    if "zone" in stem:
        return "zones come from zones.csv", "Save it as zones.csv if it is the one you mean."
    if stem == "place":
        return "the title and settings are the usual ones", "Call it place.yaml."
    return "nothing is taken from it", f"Files that are read: {', '.join(READ)}."
