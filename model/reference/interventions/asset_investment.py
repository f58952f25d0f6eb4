"""Investment in places: it adds to what places offer, once the work is done and while it is kept up."""

from __future__ import annotations

import statistics

from model.reference.acts.world import add_to_asset
from model.reference.arithmetic import whole_numbers
from model.reference.asset import Asset
from model.reference.delivery.programme import Programme
from model.reference.delivery.targeting import zone_shares, zones_of

NEW = {"capacity_week": 3000.0, "price": 0.0, "step_free": 1.0, "welcome": 0.7, "upkeep": 0.8, "opening": 0.8}
"""What a new place offers where the place's own assets of the kind tell nothing."""


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

    def strength(self) -> float:
        """1 while what was made can be used: after the work, and (unless it stands for good) until the end."""
        s, week = self.settings, self.town.week
        if week < s.when.start_week + s.construction_weeks:
            return 0.0
        for_good = s.action in ("new", "step_free")
        return 1.0 if for_good or s.when.weeks is None or week < s.when.start_week + s.when.weeks else 0.0

    def contribute(self) -> None:
        if not self.strength():
            return
        change = self.settings.change
        for asset in self.chosen:
            for name in ("upkeep", "welcome", "opening", "step_free"):
                if getattr(change, name):
                    add_to_asset(self.town, asset, name, getattr(change, name))
            for name in ("capacity", "price"):
                if getattr(change, name):
                    add_to_asset(self.town, asset, name, getattr(change, name) * asset.offer[name])
            if self.settings.action == "new":
                add_to_asset(self.town, asset, "open", 1.0)

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
