"""Sites: where a programme meets, and which site is nearest to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.columns import ASSET_KINDS

from ..reach import distance_m

if TYPE_CHECKING:
    from ..asset import Asset
    from ..resident import Resident
    from ..town import ReferenceTown


class Site:
    """A meeting place and the groups that meet there."""

    def __init__(self, asset: Asset, groups: int) -> None:
        self.asset, self.groups = asset, groups


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


def nearest_site(resident: Resident, sites: list[Site]) -> tuple[int, float]:
    """The number of the nearest site, and the way to it in kilometres."""
    metres = [distance_m(resident.x_m, resident.y_m, site.asset) for site in sites]
    number = metres.index(min(metres))
    return number, metres[number] * resident.model.parameters.detour / 1000.0
