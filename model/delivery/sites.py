"""Sites: where a programme meets, and which site is nearest to each resident."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy

from model.population.columns import ASSET_KINDS

if TYPE_CHECKING:
    from model.state import State


FEWEST_PLACES = 5
"""Places that sites share in a sample, at the least (docs/sample.md)."""


def whole(shares: np.ndarray, total: float) -> np.ndarray:
    """`total` spread by `shares` into whole numbers that add up to the rounded total, by running remainder."""
    edges = np.rint(np.cumsum(shares) / max(shares.sum(), 1e-12) * total + 1e-9).astype(np.int64)
    return np.diff(edges, prepend=0)


def sharing(x_m: np.ndarray, y_m: np.ndarray, groups: np.ndarray, places: float) -> np.ndarray:
    """Number of the pool of each site, (sites,) int64: neighbours that share what places a sample leaves them.

    So few places at one site would stand empty or turn people away by chance alone. So sites form pools of
    `FEWEST_PLACES` or more, side by side on a way from the westernmost always on to the nearest that is left; with enough
    at every site each is its own. x_m, y_m, groups: (sites,); places: of all sites together, in residents.
    """
    sites = len(groups)
    pools = max(int(places / FEWEST_PLACES), 1)
    if pools >= sites:
        return np.arange(sites)
    x, y = x_m.astype(np.float64), y_m.astype(np.float64)
    order, left = [int(np.argmin(x))], np.ones(sites, dtype=bool)
    while len(order) < sites:
        left[order[-1]] = False
        away = (x - x[order[-1]]) ** 2 + (y - y[order[-1]]) ** 2
        order.append(int(np.argmin(np.where(left, away, np.inf))))
    upto = np.cumsum(groups[order])
    pool = np.empty(sites, np.int64)
    pool[order] = (2 * upto - groups[order]) * pools // (2 * upto[-1])
    return pool


def meeting_places(state: State, zone_groups: np.ndarray, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Assets where groups meet and the groups at each: the open place of `kind` nearest to each zone's middle.

    Falls back on any park, centre or library, then on any asset at all; raises ValueError in a town without assets.
    """
    assets, zones = state.assets, state.place.zones
    standing = assets.offer["open"] > 0
    for kinds in ([kind], ["community_centre", "park", "library"], list(ASSET_KINDS)):
        rows = np.flatnonzero(standing & np.isin(assets.kind, [ASSET_KINDS.index(name) for name in kinds]))
        if len(rows):
            break
    else:
        raise ValueError("the place has no assets where a group could meet")
    chosen = np.flatnonzero(zone_groups > 0)
    origin = np.asarray(state.place.origin_m, dtype=np.float64)
    middles = zones[["easting", "northing"]].to_numpy(np.float64)[chosen] - origin
    # All against all: there are few, and a tree's library takes longer to load than this to run.
    away = np.subtract.outer(middles[:, 0], assets.x_m[rows]) ** 2
    away += np.subtract.outer(middles[:, 1], assets.y_m[rows]) ** 2
    nearest = rows[np.argmin(away, axis=1)]
    sites, which = np.unique(nearest, return_inverse=True)
    return sites.astype(np.int32), np.bincount(which, weights=zone_groups[chosen]).astype(np.int64)


def nearest_site(state: State, sites: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The number of the nearest site of each resident, (n,) int32, and the way to it in kilometres, (n,)."""
    assets, people = state.assets, state.people
    tree = scipy.spatial.cKDTree(np.column_stack([assets.x_m[sites], assets.y_m[sites]]))
    metres, index = tree.query(np.column_stack([people.x_m, people.y_m]), workers=state.chunks.threads)
    return index.astype(np.int32), metres * state.parameters.detour / 1000.0
