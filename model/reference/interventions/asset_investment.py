"""Investment in places: it adds to what places offer, once the work is done and while it is kept up."""

from __future__ import annotations

import statistics
from collections.abc import Hashable

from model.reference.acts.world import add_to_asset
from model.reference.arithmetic import whole_numbers
from model.reference.asset import Asset
from model.reference.delivery.programme import Programme
from model.reference.delivery.targeting import zone_shares, zones_of

NEW = {"capacity_week": 3000.0, "price": 0.0, "step_free": 1.0, "welcome": 0.7, "upkeep": 0.8, "opening": 0.8}
"""What a new place offers where the place's own assets of the kind tell nothing."""

BUILT = ("new", "improve", "step_free")
"""Actions that build something, which stays when the money ends, and wears."""


class AssetInvestment(Programme):
    """Investment in places. Acts through what each place offers; people must come to know of a new one."""

    def new_assets(self) -> list[Asset]:
        if self.settings.action != "new":
            return []
        town = self.town
        like = town.place.assets[town.place.assets["kind"] == self.settings.kind]
        usual = {
            name: float(statistics.median(like[name])) if len(like) else value for name, value in NEW.items()
        }
        usual["step_free"], usual["upkeep"] = 1.0, max(usual["upkeep"], NEW["upkeep"])
        origin = town.place.origin_m
        self.opened = [
            Asset.from_row(-1, {
                "kind": self.settings.kind, "name": f"{self.label} {number}", "easting": east, "northing": north,
                "x_m": east - origin[0], "y_m": north - origin[1], **usual,
            }, is_open=False)
            for number, (east, north) in enumerate(self.points(), 1)
        ]  # fmt: skip
        return self.opened

    def prepare(self) -> None:
        self.chosen = self.opened if self.settings.action == "new" else self.nearest_standing()

    def strength(self) -> Hashable:
        """1 while what was made can be used: after the work, and (unless it stands for good) until the end.

        By the one rule what is built stays: then with the whole years since its money ended.
        """
        s, week = self.settings, self.town.week
        if week < s.when.start_week + s.construction_weeks:
            return 0.0
        if self.town.parameters.leave_rule == "one":
            years = self.years_unpaid()
            return (
                0.0 if years is not None and s.action not in BUILT else (1.0, -1 if years is None else years)
            )
        for_good = s.action in ("new", "step_free")
        return 1.0 if for_good or s.when.weeks is None or week < s.when.start_week + s.when.weeks else 0.0

    def contribute(self) -> None:
        if not self.strength():
            return
        change = self.settings.change
        left, staffed = self.left(), self.left() is None
        for asset in self.chosen:
            for name in ("upkeep", "welcome"):
                if getattr(change, name):
                    add_to_asset(
                        self.town, asset, name, getattr(change, name) * (1.0 if left is None else left)
                    )
            if change.opening and staffed:
                add_to_asset(self.town, asset, "opening", change.opening)
            if change.step_free:
                add_to_asset(self.town, asset, "step_free", change.step_free)
            if change.capacity:
                add_to_asset(self.town, asset, "capacity", change.capacity * asset.offer["capacity"])
            if change.price and staffed:
                add_to_asset(self.town, asset, "price", change.price * asset.offer["price"])
            if self.settings.action == "new" and left is not None:
                add_to_asset(self.town, asset, "upkeep", (left - 1.0) * asset.offer["upkeep"])
            if self.settings.action == "new":
                add_to_asset(self.town, asset, "open", 1.0)

    def years_unpaid(self) -> int | None:
        """Whole years since the money ended; None while it is there."""
        when, week = self.settings.when, self.town.week
        if when.weeks is None or week < when.start_week + when.weeks:
            return None
        return int(week - when.start_week - when.weeks) // 52

    def left(self) -> float | None:
        """By the one rule, the share of what was built that has not worn off; None while money keeps it whole."""
        p, years = self.town.parameters, self.years_unpaid()
        if p.leave_rule != "one" or years is None:
            return None
        return float((1.0 - p.upkeep_wear) ** years)

    def points(self) -> list[tuple[float, float]]:
        """Easting and northing of each place: as written, else the middles of the chosen zones, by need."""
        s = self.settings
        if s.at:
            return [(point.easting, point.northing) for point in s.at]
        zones = zones_of(self.town)
        counts = whole_numbers(zone_shares(s, zones), s.number)
        return [(float(zone["easting"]), float(zone["northing"]))
                for zone, count in zip(zones, counts, strict=True) for _ in range(count)]  # fmt: skip

    def nearest_standing(self) -> list[Asset]:
        """The standing places meant: nearest to each point in turn, none twice."""
        east, north = self.town.place.origin_m
        left = [asset for asset in self.town.assets if asset.standing and asset.kind == self.settings.kind]
        chosen = []
        for point in self.points():
            if not left:
                break
            x, y = point[0] - east, point[1] - north
            asset = min(left, key=lambda one: (one.x_m - x) * (one.x_m - x) + (one.y_m - y) * (one.y_m - y))
            chosen.append(asset)
            left.remove(asset)
        return chosen
