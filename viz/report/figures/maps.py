"""Maps by zone: plain SVG, outlines drawn once and coloured many times by reference."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from viz import theme, words
from viz.report.figures.panel import Drawn, drawn, opening

WIDTH = 300.0
HEADING = 24.0
FEWEST = 20
"""Zones with fewer residents than this are hatched, not shown."""


@dataclass(frozen=True)
class Atlas:
    """Zone shapes in a box of WIDTH by `height`.

    `shapes` maps a zone code to its path; one unit is so many `metres`; `left` and `top` are its corner on the ground.
    """

    height: float
    metres: float
    shapes: dict[str, str]
    names: dict[str, str]
    hidden: frozenset[str]
    left: float = 0.0
    top: float = 0.0

    def at(self, easting: float, northing: float) -> tuple[float, float]:
        """Where a point on the ground stands in the box."""
        return (easting - self.left) / self.metres, (self.top - northing) / self.metres

    def definitions(self) -> Markup:
        """The outlines and the hatching, once a page."""
        paths = Markup("").join(
            Markup('<path id="zone-{}" d="{}"/>').format(k, d) for k, d in enumerate(self.shapes.values())
        )
        hatch = Markup(
            '<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)">'
            '<rect width="5" height="5" fill="#fff"/><rect width="1.6" height="5" fill="#8a949b"/></pattern>'
        )
        return Markup(
            '<svg width="0" height="0" style="position:absolute" aria-hidden="true" focusable="false">'
            "<defs>{}{}</defs></svg>"
        ).format(paths, hatch)


def atlas(place: Mapping[str, Any]) -> Atlas | None:
    """Shapes of the zones of place.json; a disc where a zone has no outline. None when there are no zones."""
    zones = [zone for zone in place.get("zones") or [] if "code" in zone]
    rings = {str(zone["code"]): _rings(zone) for zone in zones}
    corners = [point for found in rings.values() for ring in found for point in ring]
    if not corners:
        return None
    east, north = [p[0] for p in corners], [p[1] for p in corners]
    metres = max(max(east) - min(east), 1.0) / (WIDTH - 4)
    metres = max(metres, (max(north) - min(north)) / 380.0)
    left = min(east) - (WIDTH * metres - (max(east) - min(east))) / 2
    top = max(north) + 2 * metres
    shapes = {
        code: "".join(_path(ring, left, top, metres) for ring in found) for code, found in rings.items()
    }
    return Atlas(
        height=round((max(north) - min(north)) / metres + 4, 1),
        metres=metres,
        shapes=shapes,
        names={str(zone["code"]): words.plain(zone.get("name") or zone["code"]) for zone in zones},
        hidden=frozenset(str(z["code"]) for z in zones if _few(z.get("adults"))),
        left=left,
        top=top,
    )


def _few(adults: Any) -> bool:
    return isinstance(adults, int | float) and adults < FEWEST


def _rings(zone: Mapping[str, Any]) -> list[list[tuple[float, float]]]:
    """Outlines in metres; a disc of 250 m around the centroid when there are none that can be read."""
    try:
        found = [
            [(float(e), float(n)) for e, n, *_ in ring] for ring in zone.get("rings") or [] if len(ring) > 2
        ]
    except (TypeError, ValueError):
        found = []
    if found:
        return found
    try:
        east, north = float(zone["easting"]), float(zone["northing"])
    except (KeyError, TypeError, ValueError):
        return []
    turns = [2 * math.pi * k / 12 for k in range(12)]
    return [[(east + 250 * math.cos(a), north + 250 * math.sin(a)) for a in turns]]


def _path(ring: list[tuple[float, float]], left: float, top: float, metres: float) -> str:
    """One ring as a path, without points closer than half a unit to the one before."""
    kept: list[tuple[float, float]] = []
    for east, north in ring:
        x, y = (east - left) / metres, (top - north) / metres
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) > 0.5:
            kept.append((x, y))
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept) + "Z" if len(kept) > 2 else ""


@dataclass(frozen=True)
class Paint:
    """What a map shows: a colour and a label by zone. `labels` show under a pointer; `strong` zones have a dark outline;
    `values` (shares) are what the colours tell; `over` is on top, and `behind` the numbers it shows, in place of those of
    zones."""

    colours: Mapping[str, str]
    labels: Mapping[str, str]
    strong: frozenset[str] = frozenset()
    values: Mapping[str, float] | None = None
    over: Markup = field(default_factory=Markup)
    behind: pd.DataFrame | None = None


def zone_map(
    key: str,
    name: str,
    title: str,
    text: str,
    atlas: Atlas,
    paint: Paint,
) -> Drawn:
    """One map under its name."""
    strong = paint.strong
    ordered = sorted(enumerate(atlas.shapes), key=lambda pair: pair[1] in strong)
    parts = []
    for k, code in ordered:
        fill = "url(#hatch)" if code in atlas.hidden else paint.colours.get(code, theme.EMPTY)
        style = ' class="told"' if code in strong and code not in atlas.hidden else ""
        label = "fewer than 20 residents" if code in atlas.hidden else paint.labels.get(code, "no value")
        parts.append(
            Markup('<use href="#zone-{}" fill="{}"{}><title>{}: {}</title></use>').format(
                k, fill, Markup(style), escape(atlas.names[code]), label
            )
        )
    box = f"0 {-HEADING:g} {WIDTH:g} {atlas.height + HEADING + 16:g}"
    picture = opening(key, title, text, box) + Markup(
        '<text x="2" y="-8" class="map-name">{}</text><g class="zones">{}</g>{}{}</svg>'
    ).format(words.shorten(name, 38), Markup("").join(parts), paint.over, _scale(atlas))
    behind = _numbers(title, atlas, paint.values or {}, strong) if paint.behind is None else paint.behind
    return drawn(picture, behind)


def _numbers(chart: str, atlas: Atlas, values: Mapping[str, float], strong: frozenset[str]) -> pd.DataFrame:
    """What a map shows, a row a zone, in per cent or percentage points; nothing of zones that are hidden."""
    shown = [code for code in atlas.shapes if code in values and code not in atlas.hidden]
    return pd.DataFrame({
        "chart": chart,
        "zone": shown,
        "zone_name": [atlas.names[code] for code in shown],
        "value": [100 * values[code] for code in shown],
        "beyond_chance": ["yes" if code in strong else "" for code in shown],
    })  # fmt: skip


def _scale(atlas: Atlas) -> Markup:
    """A scale bar of a round length near a quarter of the width."""
    wanted = WIDTH * atlas.metres / 4
    metres = max((m for m in (100, 200, 500, 1000, 2000, 5000, 10000, 20000) if m <= wanted), default=100)
    label = f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
    y = atlas.height + 8
    return Markup(
        '<path d="M4 {}v4h{}v-4" fill="none" stroke="#52616b"/><text x="{}" y="{}" class="scale">{}</text>'
    ).format(
        f"{y:.1f}", f"{metres / atlas.metres:.1f}", f"{metres / atlas.metres + 9:.1f}", f"{y + 5:.1f}", label
    )


@dataclass(frozen=True)
class Legend:
    """Steps of colour with their words, and the function that colours a value."""

    steps: list[tuple[str, str]]
    colour: Callable[[float], str]


def level_legend(values: list[float]) -> Legend:
    """Five to seven steps of cividis that cover `values` (shares), with round borders."""
    finite = [100 * v for v in values if math.isfinite(v)] or [0.0, 1.0]
    low, high = min(finite), max(finite)
    step = next((s for s in (0.5, 1, 2, 3, 4, 5, 10, 20) if (high - low) / s <= 6.5), 25)
    first = math.floor(low / step) * step
    count = max(1, math.ceil((high - first) / step + 1e-9))
    shades = [theme.CIVIDIS[round(k * 9 / max(1, count - 1))] for k in range(count)]
    steps = [(shades[k], f"{first + k * step:g} to {first + (k + 1) * step:g}%") for k in range(count)]

    def colour(value: float) -> str:
        if not math.isfinite(value):
            return theme.EMPTY
        return shades[min(count - 1, max(0, int((100 * value - first) / step)))]

    return Legend(steps, colour)


def difference_legend(values: list[float]) -> Legend:
    """Blue and orange steps on a scale that is the same to both sides of zero."""
    limit = max((abs(v) for v in values if math.isfinite(v)), default=0.0) * 100
    top = next(
        (t for t in (0.03, 0.06, 0.15, 0.3, 0.6, 0.9, 1.5, 2.1, 3, 4.5, 6, 9, 15, 30, 60) if limit <= t),
        100.0,
    )
    marks = [top / 3, 2 * top / 3, top]
    worded = [f"{words.number(m, 2 if top < 0.3 else 0 if top % 3 == 0 else 1)}" for m in marks]
    blue = [theme.BLUES[5], theme.BLUES[3], theme.BLUES[1]]
    orange = [theme.ORANGES[1], theme.ORANGES[3], theme.ORANGES[5]]
    names = [f"{worded[1]} to {worded[2]}", f"{worded[0]} to {worded[1]}", f"up to {worded[0]}"]
    steps = [(c, f"{n} fewer") for c, n in zip(blue, names, strict=True)]
    steps += [(c, f"{n} more") for c, n in zip(orange, reversed(names), strict=True)]

    def colour(value: float) -> str:
        if not math.isfinite(value):
            return theme.EMPTY
        if value == 0:
            return "#f7f7f5"
        step = min(2, int(abs(value) * 100 / (top / 3)))
        return (blue[2 - step]) if value < 0 else orange[step]

    return Legend(steps, colour)
