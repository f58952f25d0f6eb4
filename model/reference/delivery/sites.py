"""Sites: where a programme meets, and which site is nearest to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.population.columns import ASSET_KINDS
from model.reference.reach import distance_m

if TYPE_CHECKING:
    from model.reference.asset import Asset
    from model.reference.resident import Resident
    from model.reference.town import ReferenceTown


class Site:
    """A meeting place and the groups that meet there."""

    def __init__(self, asset: Asset, groups: int) -> None:
        self.asset, self.groups = asset, groups
        self.pool = 0
        """Number of the sites that it shares its places with, in a sample that leaves each few."""


def meeting_places(
    town: ReferenceTown, zones: list[dict[str, Any]], groups: list[int], kind: str
) -> list[Site]:
    """The standing place of `kind` nearest to each chosen zone's middle; else a centre, park or library; else any."""
    for kinds in ([kind], ["community_centre", "park", "library"], list(ASSET_KINDS)):
        standing = [asset for asset in town.assets if asset.standing and asset.kind in kinds]
        if standing:
            break
    else:
        raise ValueError("the place has no assets where a group could meet")
    east, north = town.place.origin_m
    found: dict[int, Site] = {}
    for zone, number in zip(zones, groups, strict=True):
        if number > 0:
            x, y = float(zone["easting"]) - east, float(zone["northing"]) - north
            asset = min(standing, key=lambda one: distance_m(x, y, one))
            found.setdefault(asset.row, Site(asset, 0)).groups += number
    return [found[row] for row in sorted(found)]


def share_places(sites: list[Site], places: float) -> None:
    """Sites side by side share places until they have five, on a way from the west always on to the nearest left.

    places: of all sites together, in residents.
    """
    pools = max(int(places / 5), 1)
    for number, site in enumerate(sites):
        site.pool = number
    if pools >= len(sites):
        return
    left, here = list(sites), min(sites, key=lambda one: one.asset.x_m)
    all_groups, before = sum(site.groups for site in sites), 0
    while True:
        here.pool = (2 * before + here.groups) * pools // (2 * all_groups)
        before += here.groups
        left.remove(here)
        if not left:
            return
        x, y = float(here.asset.x_m), float(here.asset.y_m)
        here = min(left, key=lambda one: (float(one.asset.x_m) - x) ** 2 + (float(one.asset.y_m) - y) ** 2)


def nearest_site(resident: Resident, sites: list[Site]) -> tuple[int, float]:
    """The number of the nearest site, and the way to it in kilometres."""
    metres = [distance_m(resident.x_m, resident.y_m, site.asset) for site in sites]
    number = metres.index(min(metres))
    return number, metres[number] * resident.model.parameters.detour / 1000.0
