"""What a visitor can take away: the scenario file, weekly figures, a picture of both maps, a batch's report."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image, ImageDraw, ImageFont

from model.errors import Fault, InputError
from model.outcomes import summary
from viz.live import course
from viz.live.builder import sharing
from viz.live.maps import maps
from viz.live.maps.maps import LAYERS, SCALES, Ground
from viz.live.page import live_words
from viz.live.towns.towns import Pair, Setup
from viz.live.view import View
from viz.theme import INK, MUTED, RULE

KINDS = ("scenario", "csv", "png", "report", "effects")
OF_PAIR = ("csv", "png")
"""Downloads made by the simulation's own thread."""

MOST_BYTES = 12 * 1024 * 1024


def of_files(kind: str, setup: Setup, results: Path | None) -> dict[str, Any]:
    """A scenario file, or a file of a finished batch. Raises InputError when there is none."""
    slug = setup.scenario.slug
    if kind == "scenario":
        return _file(f"{slug}.yaml", "text/yaml", sharing.to_text(setup.scenario).encode())
    name, mime = {"report": ("report.html", "text/html"), "effects": ("effects.csv", "text/csv")}[kind]
    if kind == "report" and results is not None and not (results / name).is_file():
        from viz.report.report import build

        build(results)
    if results is None or not (results / name).is_file():
        raise InputError(Fault("there is no finished batch yet", hint="Press “Run it properly” first."))
    return _file(f"{slug}-{name}", mime, (results / name).read_bytes())


def of_pair(kind: str, pair: Pair, land: Ground, view: View) -> dict[str, Any]:
    """Weekly figures of both arms, or a picture of both maps."""
    slug = pair.setup.scenario.slug
    if kind == "png":
        return _file(f"{slug}-maps.png", "image/png", poster(pair, land, view))
    tables = [
        summary.frame(town.record(), pair.setup.scenario.start, zone_step=13).assign(scenario=name)
        for town, name in zip(pair.towns, ("todays_plans", slug), strict=True)
    ]
    table = pd.concat(tables, ignore_index=True)
    table["value"] = table["value"].map(lambda value: f"{value:.6g}")
    # A spreadsheet must not take a name for a formula.
    table["level"] = (
        table["level"].astype(str).map(lambda text: f"'{text}" if text[:1] in "=+-@\t\r" else text)
    )
    return _file(f"{slug}-weekly.csv", "text/csv", table.to_csv(index=False, lineterminator="\n").encode())


def _file(name: str, mime: str, content: bytes) -> dict[str, Any]:
    if len(content) > MOST_BYTES:
        raise InputError(
            Fault("is too large to hand over in a browser", key=name, hint="Use run.py compare --out.")
        )
    return {"name": name, "mime": mime, "data": base64.b64encode(content).decode()}


def poster(pair: Pair, land: Ground, view: View) -> bytes:
    """Both maps with headline and legend, a PNG."""
    wide, margin, gap = 1600, 40, 40
    side = (wide - 2 * margin - gap) // 2
    _, _, width, height = land.box()
    tall = round(side * height / width)
    picture = Image.new("RGB", (wide, tall + 270), "#ffffff")
    draw = ImageDraw.Draw(picture)
    fonts = {size: ImageFont.load_default(size) for size in (18, 22, 30)}
    draw.text((margin, 24), course.text(live_words.headline(pair)), INK, fonts[30])
    place = land.place.title + (" (synthetic geography)" if land.place.synthetic else "")
    about = f"{place}, week {pair.week} of {pair.weeks}. One run: a what-if, not a forecast."
    draw.text((margin, 70), about, MUTED, fonts[18])
    layers = ("inactive" if view.layer == "change" else view.layer, view.layer)
    for k, (town, layer) in enumerate(zip(pair.towns, layers, strict=True)):
        left, scale = margin + k * (side + gap), SCALES[layer]
        codes = scale.codes(maps.values(land, layer, town.state, pair.today.state))
        raw = base64.b64decode(maps.picture(land, codes, scale).partition(",")[2])
        image = Image.open(BytesIO(raw)).convert("RGBA").resize((side, tall), Image.Resampling.NEAREST)
        picture.paste(image, (left, 140), image)
        _borders(draw, land, left, 140, side / width)
        name = ("Today’s plans", f"Your plan: {pair.setup.scenario.name}")[k]
        draw.text((left, 106), f"{name}. {LAYERS[layer]}", INK, fonts[22])
        step = side // 2 // len(scale.colours)
        for n, colour in enumerate(scale.colours.tolist()):
            draw.rectangle(
                [left + n * step, tall + 165, left + (n + 1) * step, tall + 185], fill=tuple(colour)
            )
        draw.text((left, tall + 195), f"{scale.low_text} to {scale.high_text}", MUTED, fonts[18])
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _borders(draw: ImageDraw.ImageDraw, land: Ground, left: int, top: int, scale: float) -> None:
    x0, y0, _, _ = land.box()
    for rings in land.place.boundaries.values():
        for ring in rings:
            points = np.asarray(ring) - land.place.origin_m
            drawn = [(left + (x - x0) * scale, top + (land.height_m - y - y0) * scale) for x, y in points]
            draw.line([*drawn, drawn[0]], fill=RULE, width=1)
