"""What the browser draws once for a town (outlines, places) and with every frame (pictures, use, dots)."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.population.columns import ASSET_KINDS
from viz import words
from viz.live.maps import groups, maps
from viz.live.maps.maps import LAYERS, SCALES, Ground
from viz.live.page.live_words import map_words
from viz.live.towns.towns import Pair
from viz.live.view import View

DOTS = 900
"""Residents drawn as dots when the map is zoomed; a third of them on the whole map."""


def drawn(pair: Pair) -> np.ndarray:
    """Positions in `history.rows` of the residents drawn as dots: evenly through them, since rows run by zone.

    The first third lies evenly too.
    """
    many = len(pair.histories[1].rows)
    spots = np.unique(np.linspace(0, many - 1, min(DOTS, many)).astype(int))
    return np.concatenate([spots[first::3] for first in range(3)])


def scene(pair: Pair, land: Ground) -> dict[str, Any]:
    """The parts of the maps that stay: metres from the south-west corner, y down."""
    state, place = pair.plan.state, land.place
    assets, people = state.assets, state.people
    rows = pair.histories[1].rows[drawn(pair)]
    x, y, width, height = land.box()
    return {
        "size": [land.width_m, land.height_m],
        "box": [round(v) for v in (x, y, width, height)],
        "outlines": maps.outlines(place),
        "hatched": land.hatched(),
        "unit": land.unit,
        "title": place.title,
        "synthetic": place.synthetic,
        "kinds": [words.humanise(kind) for kind in ASSET_KINDS],
        "assets": {
            "x": _whole(assets.x_m),
            "y": _whole(land.height_m - assets.y_m),
            "kind": assets.kind.tolist(),
            "standing": pair.today.state.assets.n,
        },
        "homes": {"x": _whole(people.x_m[rows]), "y": _whole(land.height_m - people.y_m[rows])},
        "zones": [str(name) for name in place.zones["name" if "name" in place.zones else "code"]],
    }


def pictures(pair: Pair, land: Ground, view: View) -> dict[str, Any]:
    """Both maps of the chosen layer with their words; in `change` the left one shows the level today."""
    today, plan = (town.state for town in pair.towns)
    left_layer = "inactive" if view.layer == "change" else view.layer
    names = (
        [str(name) for name in land.place.zones["name"]]
        if view.unit == "zones" and "name" in land.place.zones
        else []
    )
    unit = "neighbourhoods" if view.unit == "zones" else "half-kilometre squares"
    out: dict[str, Any] = {"layer": LAYERS[view.layer]}
    sides = (("today", left_layer, today, "Today’s plans"), ("plan", view.layer, plan, "Your plan"))
    for side, layer, state, title in sides:
        values = maps.values(land, layer, state, today)
        scale = SCALES[layer]
        out[side] = {
            "png": maps.picture(land, scale.codes(values), scale),
            "title": title if layer == view.layer != "change" else f"{title}: {LAYERS[layer].lower()}",
            "words": f"Map of {LAYERS[layer].lower()}, {title.lower()}: {map_words(values, names, layer, unit)}",
            "legend": _legend(layer),
        }
    return out


def _legend(layer: str) -> dict[str, Any]:
    scale = SCALES[layer]
    colours = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in scale.colours.tolist()]
    return {"colours": colours, "low": scale.low_text, "high": scale.high_text, "title": LAYERS[layer]}


def marks(pair: Pair, view: View, playing: bool) -> dict[str, Any]:
    """What changes by the week above the maps: use of places, sites of programmes, where the dots are."""
    out: dict[str, Any] = {}
    if view.kind:
        out["use"] = {
            side: _use(town.state, view.kind)
            for side, town in zip(("today", "plan"), pair.towns, strict=True)
        }
    if view.groups:
        towns = dict(zip(groups.SIDES, pair.towns, strict=True))
        out["groups"] = {side: groups.marks(town.state) for side, town in towns.items()}
        out["listed"] = {side: groups.listed(town.state) for side, town in towns.items()}
    if view.people == "always" or (view.people == "auto" and (view.zoomed or not playing)):
        spots = drawn(pair)
        out["dots"] = {
            side: {
                "at": history.of("place")[-1, spots].tolist(),
                "level": history.of("level")[-1, spots].tolist(),
            }
            for side, history in zip(("today", "plan"), pair.histories, strict=True)
        }
    return out


def _use(state: Any, kind: str) -> list[list[int]]:
    """Asset, use in percent of capacity, and whether a programme meets there, for those to be drawn."""
    sites = {int(a) for one in state.programmes for a in getattr(one, "site_asset", ()) if a >= 0}
    sites |= {int(a) for one in state.programmes for a in getattr(one, "rows", ())}
    opened = state.assets.now["open"] > 0
    if kind == "sites":
        chosen = sorted(sites)
    else:
        chosen = np.flatnonzero((state.assets.kind == ASSET_KINDS.index(kind)) & opened).tolist()
    load = state.assets.load
    return [[a, min(999, round(100 * float(load[a]))), int(a in sites)] for a in chosen if opened[a]]


def ties_of(pair: Pair, land: Ground, row: int) -> dict[str, Any]:
    """Home, close ties and up to 60 others of one resident, as points."""
    people, ties = pair.plan.state.people, pair.plan.state.ties
    strong = ties.strong[row, : int(ties.strong_degree[row])]
    weak = ties.weak[ties.weak_start[row] : ties.weak_start[row + 1]][:60]

    def points(rows: np.ndarray) -> list[list[int]]:
        y = land.height_m - people.y_m[rows]
        return [
            [round(float(a)), round(float(b)), int(c)]
            for a, b, c in zip(people.x_m[rows], y, people.level[rows], strict=True)
        ]

    return {"home": points(np.array([row]))[0], "strong": points(strong), "weak": points(weak)}


def _whole(values: np.ndarray) -> list[int]:
    whole: list[int] = np.rint(values).astype(int).tolist()
    return whole
