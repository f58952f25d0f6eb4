"""Maps of the live view: a PNG for each arm from cells or neighbourhoods, and the outlines that lie above it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

from model.outcomes.record import UNIT
from model.place.place import Place
from model.state import State
from viz.theme import BLUES, CIVIDIS, ORANGES

SMALLEST = 20
"""Simulated residents below which a square shows no share: chance alone would speak."""

RASTER = 640
"""Width in pixels of a map of neighbourhoods."""

LAYERS: dict[str, str] = {
    "inactive": "Share inactive",
    "change": "Change against today’s plans",
    "minutes": "Minutes of activity a week",
    "visits": "Visits to places",
    "deprivation": "Deprivation",
    "safety": "Disorder and poor lighting",
    "green": "Green space",
}
"""What the maps can show, in plain words."""


@dataclass(frozen=True)
class Scale:
    """The colours of a layer: from `low` to `high`, and how its ends read."""

    low: float
    high: float
    low_text: str
    high_text: str
    unit: str
    diverging: bool = False

    @property
    def colours(self) -> np.ndarray:
        """(steps, 3) uint8, low to high."""
        steps = (*reversed(BLUES), "#f7f7f5", *ORANGES) if self.diverging else CIVIDIS
        return np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in steps], np.uint8)

    def codes(self, values: np.ndarray) -> np.ndarray:
        """The step of each value; -1 where not finite."""
        steps = len(self.colours)
        share = (values - self.low) / (self.high - self.low)
        with np.errstate(invalid="ignore"):
            code = np.clip(np.floor(share * steps), 0, steps - 1)
        return np.where(np.isfinite(values), code, -1).astype(np.int16)


SCALES: dict[str, Scale] = {
    "inactive": Scale(0.10, 0.40, "10% or less", "40% or more", "share inactive"),
    "change": Scale(-0.026, 0.026, "2.6 points fewer inactive", "2.6 points more", "points", diverging=True),
    "minutes": Scale(250, 650, "250 or less", "650 or more", "minutes a week"),
    "visits": Scale(0.0, 25_000.0, "none", "25,000 or more", "visits a week"),
    "deprivation": Scale(0.5, 10.5, "most deprived tenth", "least deprived tenth", "national tenth"),
    "safety": Scale(0.0, 0.8, "little", "much", "on a scale of 0 to 1"),
    "green": Scale(0.0, 0.8, "little", "much", "on a scale of 0 to 1"),
}


class Ground:
    """A place as the maps need it, for one set of residents: what never changes while weeks go by."""

    def __init__(self, state: State, unit: str) -> None:
        place = state.place
        self.place, self.unit = place, unit
        self.width_m, self.height_m = place.width * place.cell_m, place.height * place.cell_m
        people = state.people
        if unit == "zones":
            self.areas = people.zone.astype(np.int64)
            self.count = len(place.zones)
        else:
            self.areas = self._blocks[people.cell]
            self.count = int(self._blocks.max()) + 1
        self.weight = state.counted.astype(np.float64) / UNIT
        self.total = np.bincount(self.areas, self.weight, self.count)
        simulated = np.bincount(self.areas, minlength=self.count)
        self.shown = simulated >= SMALLEST
        self.inhabited = simulated > 0

    @cached_property
    def _blocks(self) -> np.ndarray:
        """(cells,) block of two by two cells: half-kilometre squares of the usual grid."""
        place = self.place
        row, column = np.divmod(np.arange(place.width * place.height), place.width)
        blocks: np.ndarray = (row // 2) * self.columns + column // 2
        return blocks

    @property
    def columns(self) -> int:
        """Blocks from west to east."""
        return (self.place.width + 1) // 2

    @property
    def rows(self) -> int:
        """Blocks from south to north."""
        return (self.place.height + 1) // 2

    def mean(self, values: np.ndarray) -> np.ndarray:
        """(areas,) weighted mean over residents; nan where too few are simulated."""
        total = np.bincount(self.areas, self.weight * values, self.count)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.shown & (self.total > 0), total / self.total, np.nan)

    def of_cells(self, layer: np.ndarray) -> np.ndarray:
        """(areas,) mean of a layer of cells over the residents of each area."""
        return self.mean(layer.ravel()[self._cells])

    @cached_property
    def _cells(self) -> np.ndarray:
        raise RuntimeError("set by ground()")

    @cached_property
    def raster(self) -> np.ndarray:
        """(height, width) area of every pixel, -1 outside; the north on top."""
        return self._zone_raster() if self.unit == "zones" else self._block_raster()

    def _zone_raster(self) -> np.ndarray:
        place = self.place
        scale = RASTER / self.width_m
        picture = Image.new("I", (RASTER, max(1, round(self.height_m * scale))), 0)
        draw = ImageDraw.Draw(picture)
        for number, code in enumerate(place.zones["code"].astype(str), 1):
            for ring in place.boundaries.get(code, []):
                points = (np.asarray(ring) - place.origin_m) * scale
                draw.polygon([(float(x), picture.height - float(y)) for x, y in points], fill=number)
        return np.asarray(picture, dtype=np.int32) - 1

    def _block_raster(self) -> np.ndarray:
        blocks = np.arange(self.rows * self.columns).reshape(self.rows, self.columns)
        return np.where(self.inhabited[blocks] & self.shown[blocks], blocks, -1)[::-1]

    def hatched(self) -> str:
        """An SVG path of the squares with too few residents to show, metres from the south-west corner, y down."""
        if self.unit == "zones":
            return ""
        side = 2 * self.place.cell_m
        few = np.flatnonzero(self.inhabited & ~self.shown)
        corners = [
            ((n % self.columns) * side, self.height_m - (n // self.columns + 1) * side) for n in few.tolist()
        ]
        return "".join(f"M{x:.0f} {y:.0f}h{side:.0f}v{side:.0f}h-{side:.0f}z" for x, y in corners)

    def box(self) -> tuple[float, float, float, float]:
        """x, y, width, height of the picture in metres, y down: squares may stand over the grid's edge."""
        if self.unit == "zones":
            return 0.0, 0.0, self.width_m, self.height_m
        side = 2 * self.place.cell_m
        return 0.0, self.height_m - self.rows * side, self.columns * side, self.rows * side


def ground(state: State, unit: str) -> Ground:
    """The ground of a town: `unit` is `zones` or `squares`."""
    made = Ground(state, unit)
    made.__dict__["_cells"] = state.people.cell
    return made


def values(land: Ground, layer: str, state: State, other: State) -> np.ndarray:
    """(areas,) what `layer` shows in a town; `other` is the town of today's plans."""
    people = state.people
    if layer == "inactive":
        return land.mean(people.level == 0)
    if layer == "change":
        return land.mean((people.level == 0).astype(np.int8) - (other.people.level == 0))
    if layer == "minutes":
        return land.mean(people.minutes_mean)
    if layer == "deprivation":
        return land.mean(people.imd_decile)
    if layer == "green":
        return land.of_cells(state.place.layers["green"])
    if layer == "safety":
        return land.of_cells((state.place.layers["disorder"] + 1.0 - state.place.layers["lighting"]) / 2)
    assets = state.assets
    areas = _areas_of_assets(land, state)
    total = np.bincount(areas[areas >= 0], assets.visits[areas >= 0] / UNIT, land.count)
    return np.where(land.shown, total, np.nan)


def _areas_of_assets(land: Ground, state: State) -> np.ndarray:
    cells = state.assets.cell
    if land.unit == "zones":
        zones: np.ndarray = state.place.layers["zone"].ravel()[cells].astype(np.int64)
        return zones
    blocks: np.ndarray = land._blocks[cells]
    return blocks


def picture(land: Ground, codes: np.ndarray, scale: Scale) -> str:
    """A PNG as a data address: one pixel a square, or RASTER pixels across for neighbourhoods."""
    colours = scale.colours
    palette = np.zeros((256, 3), np.uint8)
    palette[: len(colours)] = colours
    clear = len(colours)
    of_area = np.append(np.where(codes < 0, clear, codes), clear).astype(np.uint8)
    image = Image.fromarray(of_area[land.raster], mode="P")
    image.putpalette(palette.tobytes())
    out = BytesIO()
    image.save(out, "PNG", transparency=clear, compress_level=1 if image.width > 200 else 6)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def outlines(place: Place) -> str:
    """The borders of all neighbourhoods as one SVG path, metres, y down."""
    height = place.height * place.cell_m
    parts = []
    for rings in place.boundaries.values():
        for ring in rings:
            points = np.asarray(ring) - place.origin_m
            parts.append("M" + "L".join(f"{x:.0f} {height - y:.0f}" for x, y in points) + "z")
    return "".join(parts)
