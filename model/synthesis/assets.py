"""Assets of a place: the listed ones completed from the ledger, the missing kinds placed by need.

Three rules place what nobody listed. By people: one for so many residents, spread along a space-filling
curve, so that each serves its share. By land: the same over area. By distance: parks and shops are added
until the homes of each zone are as far from one as the zone's published distance says. Chance is keyed by the
place's name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from model import rng
from model.parameters import Parameters
from model.place.columns import ASSET
from model.population.columns import ASSET_KINDS
from model.synthesis.grid import Frame, scores

OUTDOOR = ("park", "path", "waterside")
_PUBLIC = ("leisure_centre", "local_centre", "gp_practice", "library")
_LONG_HOURS = ("leisure_centre", "local_centre")
BY_PEOPLE = (
    "leisure_centre", "community_centre", "club", "school", "gp_practice", "library", "place_of_worship",
    "path",
)  # fmt: skip
BY_LAND = ("path", "waterside")
CANDIDATES, MOST_A_ZONE, NEAR_ENOUGH = 8, 40, 1.15
WITHIN_CELL = 0.38
"""Mean distance from a random point of a square to its middle, in sides."""

GENERATED = "generated: see the asset entries of the parameter ledger"


class _Land:
    """Where people and land are: flat arrays over the zones' cells, ordered along a space-filling curve."""

    def __init__(self, zones: pd.DataFrame, layers: Mapping[str, np.ndarray], grid: Frame, name: str) -> None:
        rows, columns = np.nonzero(layers["zone"] >= 0)
        order = np.argsort(_morton(rows, columns), kind="stable")
        rows, columns = rows[order], columns[order]
        self.zone = layers["zone"][rows, columns]
        self.homes = layers["homes"][rows, columns].astype(np.float64)
        self.people = self.homes * zones["residents"].to_numpy(dtype=float)[self.zone]
        east, north = grid.centres()
        self.x, self.y = east[columns], north[rows]
        self.cell_m, self.name, self.zones = grid.cell_m, name, zones
        self.cells_of = np.split(np.argsort(self.zone, kind="stable"),
                                 np.cumsum(np.bincount(self.zone, minlength=len(zones)))[:-1])  # fmt: skip

    def draw(self, purpose: str, ids: np.ndarray, slot: int = 0) -> np.ndarray:
        return rng.uniform(rng.key(0, 0, f"assets:{self.name}:{purpose}"), ids, slot=slot)

    def jitter(self, purpose: str, cells: np.ndarray) -> np.ndarray:
        """Points (n, 2) somewhere in the given cells."""
        ids = np.arange(len(cells))
        return np.column_stack([axis[cells] + (self.draw(purpose, ids, slot) - 0.5) * self.cell_m * 0.9
                                for axis, slot in ((self.x, 101), (self.y, 102))])  # fmt: skip


def _morton(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Order of cells along a Z-curve: neighbours on the curve are mostly neighbours on the ground."""
    code = np.zeros(len(rows), dtype=np.int64)
    for bit in range(16):
        code |= (((columns >> bit) & 1) << (2 * bit)) | (((rows >> bit) & 1) << (2 * bit + 1))
    return code


def complete_assets(
    listed: pd.DataFrame,
    zones: pd.DataFrame,
    layers: Mapping[str, np.ndarray],
    grid: Frame,
    name: str,
    p: Parameters,
    counts: Mapping[str, int] | None = None,
    known: Collection[str] = (),
) -> pd.DataFrame:
    """The canonical table of assets, listed ones first.

    `listed` has kind, name, easting, northing and may have the columns of `ASSET` (nan = not said). `counts`
    are published numbers of a kind, `known` the kinds of which the listed ones are all there are.
    """
    land = _Land(zones, layers, grid, name)
    frames = [listed.assign(synthetic=False)] if len(listed) else []
    for kind in ASSET_KINDS:
        have = (
            listed.loc[listed["kind"] == kind, ["easting", "northing"]].to_numpy()
            if len(listed)
            else np.zeros((0, 2))
        )
        points = _missing(kind, have, land, p, dict(counts or {}), known)
        if len(points):
            title = kind.replace("_", " ").capitalize()
            frames.append(pd.DataFrame({
                "kind": kind, "name": [f"{title} {k + 1}" for k in range(len(points))],
                "easting": points[:, 0].round(), "northing": points[:, 1].round(), "synthetic": True,
                "source": GENERATED}))  # fmt: skip
    table = pd.concat(frames, ignore_index=True)
    return _attributes(table, zones, layers, grid, p)


def _missing(
    kind: str, have: np.ndarray, land: _Land, p: Parameters, counts: dict[str, int], known: Collection[str]
) -> np.ndarray:
    """Points (n, 2) of the assets of a kind that nobody listed."""
    if kind in known:
        return np.zeros((0, 2))
    if kind == "park":
        large = _systematic(land, np.ones(len(land.x)), 0 if len(have) else counts.get("park", 0), "park")
        target_m = land.zones["greenspace_m"].to_numpy(dtype=float)
        return np.concatenate([large, _by_distance(land, np.concatenate([have, large]), kind, target_m)])
    if len(have):
        return np.zeros((0, 2))
    if kind == "local_centre":
        return _by_distance(
            land, have, kind, land.zones["shop_km"].to_numpy(dtype=float) * 1000 / p.layer_detour
        )
    parts = []
    if kind in BY_PEOPLE:
        number = counts.get(kind, round(land.people.sum() / getattr(p, f"asset_residents_{kind}")))
        parts.append(_systematic(land, land.people, max(1, number), kind))
    if kind in BY_LAND:
        number = round(len(land.x) * (land.cell_m / 1000) ** 2 / getattr(p, f"asset_km2_{kind}"))
        parts.append(_systematic(land, np.ones(len(land.x)), max(1, number), f"{kind} by land"))
    return np.concatenate(parts)


def _systematic(land: _Land, weight: np.ndarray, number: int, purpose: str) -> np.ndarray:
    """`number` points, each serving an equal run of the weight along the curve."""
    total = np.cumsum(weight)
    steps = (np.arange(number) + land.draw(purpose, np.arange(1))) / max(number, 1) * total[-1]
    return land.jitter(purpose, np.searchsorted(total, steps).clip(0, len(weight) - 1))


def _by_distance(land: _Land, have: np.ndarray, purpose: str, target_m: np.ndarray) -> np.ndarray:
    """Points to add until each zone's homes are on average `target_m` from the nearest."""
    inside = WITHIN_CELL * land.cell_m
    nearest = np.full(len(land.x), np.inf)
    for x, y in have:
        np.minimum(nearest, np.hypot(land.x - x, land.y - y), out=nearest)
    added: list[int] = []
    for zone in np.argsort(land.draw(purpose, np.arange(len(target_m)), 1)):
        cells = land.cells_of[zone]
        weight, target = land.homes[cells], max(float(target_m[zone]), inside)
        cumulative = np.cumsum(weight)
        for attempt in range(MOST_A_ZONE):
            now = np.dot(weight, np.hypot(np.minimum(nearest[cells], 1e6), inside))
            if now <= NEAR_ENOUGH * target:
                break
            draws = land.draw(purpose, np.arange(CANDIDATES), 1000 + MOST_A_ZONE * int(zone) + attempt)
            half = CANDIDATES // 2
            among_homes = np.searchsorted(cumulative, draws[:half] * cumulative[-1])
            anywhere = (draws[half:] * len(cells)).astype(int)
            options = cells[np.concatenate([among_homes, anywhere]).clip(0, len(cells) - 1)]
            away = np.hypot(
                land.x[cells][:, None] - land.x[options], land.y[cells][:, None] - land.y[options]
            )
            after = weight @ np.hypot(np.minimum(nearest[cells][:, None], away), inside)
            best = int(np.argmin(np.abs(np.log(after / target))))
            if abs(np.log(after[best] / target)) >= abs(np.log(now / target)):
                break
            added.append(int(options[best]))
            np.minimum(nearest, np.hypot(land.x - land.x[added[-1]], land.y - land.y[added[-1]]), out=nearest)
    return land.jitter(f"{purpose} by distance", np.array(added, dtype=int))


def _group(kind: str) -> str:
    return "outdoor" if kind in OUTDOOR else "public" if kind in _PUBLIC else "community"


def defaults(kind: str, p: Parameters) -> dict[str, float]:
    """The ledger's attributes of a kind; `upkeep` and outdoor `lit` come from the surroundings instead."""
    group = _group(kind)
    hours = "public" if kind in _LONG_HOURS else "community"
    return {
        "capacity_week": getattr(p, f"asset_capacity_{kind}"),
        "price": p.values.get(f"asset_price_{kind}", 0.0),
        "step_free": getattr(p, f"asset_step_free_{group}"),
        "welcome": p.asset_welcome_club if kind == "club" else getattr(p, f"asset_welcome_{group}"),
        "opening": 1.0 if group == "outdoor" else getattr(p, f"asset_opening_{hours}"),
    }


def _attributes(
    table: pd.DataFrame, zones: pd.DataFrame, layers: Mapping[str, np.ndarray], grid: Frame, p: Parameters
) -> pd.DataFrame:
    """Canonical columns and types; what the list does not say comes from the ledger and the surroundings."""
    east, north = table["easting"].to_numpy(dtype=float), table["northing"].to_numpy(dtype=float)
    cell = grid.cell(east, north)
    zone = layers["zone"].ravel()[cell]
    for row in np.flatnonzero(zone < 0):  # just over the border: the zone of the nearest cell
        zone[row] = layers["zone"].ravel()[_nearest_cell(layers["zone"], grid, east[row], north[row])]
    by_kind = {kind: defaults(kind, p) for kind in ASSET_KINDS}
    urban = zones["urban"].to_numpy()[zone] == 1
    stand_in = {name: np.array([by_kind[kind].get(name, 0.0) for kind in table["kind"]]) for name in ASSET}
    stand_in["upkeep"] = scores(zones, p)["upkeep"][zone]
    kinds = table["kind"].to_numpy()
    stand_in["lit"] = np.where(np.isin(kinds, OUTDOOR), (kinds == "path") & urban, True).astype(float)
    names = table["name"].fillna("").astype(str)
    out = pd.DataFrame({"asset": np.arange(len(table)), "kind": kinds, "name": names,
                        "easting": east, "northing": north, "zone": zone.astype(np.int64), "cell": cell,
                        "x_m": east - grid.origin[0], "y_m": north - grid.origin[1]})  # fmt: skip
    for name in ASSET:
        given = table[name].to_numpy(dtype=float) if name in table else np.full(len(table), np.nan)
        out[name] = np.where(np.isnan(given), stand_in[name], given)
    out["lit"] = (out["lit"] > 0.5).astype(np.int64)
    out["synthetic"] = table["synthetic"].astype(bool)
    source = table["source"] if "source" in table else pd.Series("", index=table.index)
    out["source"] = source.fillna("").replace("", "listed by the place")
    unnamed = out["name"] == ""
    out.loc[unnamed, "name"] = out.loc[unnamed, "kind"].str.replace("_", " ").str.capitalize()
    extra = [name for name in table.columns if name not in out.columns and name != "line"]
    return pd.concat([out, table[extra]], axis=1) if extra else out


def _nearest_cell(zone: np.ndarray, grid: Frame, east: float, north: float) -> int:
    """Flat index of the place's cell nearest to a point."""
    rows, columns = np.nonzero(zone >= 0)
    x, y = grid.centres()
    nearest = int(np.argmin(np.hypot(x[columns] - east, y[rows] - north)))
    return int(rows[nearest]) * grid.width + int(columns[nearest])


def outside(listed: pd.DataFrame, zone: np.ndarray, grid: Frame, margin_m: float) -> np.ndarray:
    """True for listed assets that lie more than `margin_m` from every cell of the place."""
    rows, columns = np.nonzero(zone >= 0)
    x, y = grid.centres()
    east, north = listed["easting"].to_numpy(dtype=float), listed["northing"].to_numpy(dtype=float)
    limit = margin_m + grid.cell_m
    distance = [np.hypot(x[columns] - e, y[rows] - n).min() for e, n in zip(east, north, strict=True)]
    return ~(np.array(distance) <= limit)  # so written that a place that is no number is outside
