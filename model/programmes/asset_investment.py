"""Delivering investment in places: it adds to what places offer, once the work is done and while it is kept up."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd

from model.columns import ASSET_KINDS
from model.interventions.asset_investment import AssetInvestment
from model.programmes.base import Programme
from model.programmes.sites import whole
from model.state import State

NEW = {"capacity_week": 3000.0, "price": 0.0, "step_free": 1.0, "welcome": 0.7, "upkeep": 0.8, "opening": 0.8}
"""What a new place offers where the place's own assets of the kind tell nothing (guess)."""


class AssetInvestmentProgramme(Programme):
    """Investment in places. Acts through the offer of each place; people must come to know of a new one."""

    settings: AssetInvestment

    def new_assets(self, state: State) -> pd.DataFrame | None:
        """Places this programme will open, as rows like those of `Place.assets`; None when it opens none."""
        s = self.settings
        if s.action != "new":
            return None
        place = state.place
        points = self._points(state)
        x, y = points[:, 0] - place.origin_m[0], points[:, 1] - place.origin_m[1]
        column = np.clip((x // place.cell_m).astype(int), 0, place.width - 1)
        row = np.clip((y // place.cell_m).astype(int), 0, place.height - 1)
        like = place.assets[place.assets["kind"] == s.kind]
        offer = {name: float(like[name].median()) if len(like) else value for name, value in NEW.items()}
        offer["step_free"], offer["upkeep"] = 1.0, max(offer["upkeep"], NEW["upkeep"])
        names = [f"{self.label} {number}" for number in range(1, len(points) + 1)]
        return pd.DataFrame({
            "kind": s.kind, "name": names, "easting": points[:, 0], "northing": points[:, 1], "x_m": x, "y_m": y,
            "cell": row * place.width + column, "lit": 1, "synthetic": True, "source": "scenario", **offer,
        })  # fmt: skip

    def prepare(self, state: State) -> None:
        s, assets = self.settings, state.assets
        of_kind = assets.kind == ASSET_KINDS.index(s.kind)
        if s.action == "new":
            names = assets.frame["name"].astype(str).str.startswith(f"{self.label} ").to_numpy()
            self.rows = np.flatnonzero(of_kind & names & (assets.frame["source"] == "scenario").to_numpy())
        else:
            self.rows = self._nearest_standing(state, np.flatnonzero(of_kind & (assets.offer["open"] > 0)))

    def strength(self, state: State) -> Hashable:
        """1 while what was made can be used: after the work, and (unless it stands for good) until the end."""
        s = self.settings
        week, opens = state.week, s.when.start_week + s.construction_weeks
        if week < opens:
            return 0.0
        lasting = s.action in ("new", "step_free")
        return 1.0 if lasting or s.when.end_week is None or week < s.when.end_week else 0.0

    def contribute(self, state: State) -> None:
        if not self.strength(state):
            return
        change, add, assets = self.settings.change, state.quantities.add, state.assets
        for name in ("upkeep", "welcome", "opening", "step_free"):
            if getattr(change, name):
                add(name, getattr(change, name), self.rows)
        for name in ("capacity", "price"):
            if getattr(change, name):
                add(name, getattr(change, name) * assets.offer[name][self.rows], self.rows)
        if self.settings.action == "new":
            add("open", 1.0, self.rows)

    def _points(self, state: State) -> np.ndarray:
        """(places, 2) easting and northing: as written, else the middles of the chosen zones, by need."""
        s, zones = self.settings, state.place.zones
        if s.at:
            return np.array([[point.easting, point.northing] for point in s.at], dtype=np.float64)
        counts = whole(s.zone_shares(zones), s.number)
        return np.repeat(zones[["easting", "northing"]].to_numpy(np.float64), counts, axis=0)

    def _nearest_standing(self, state: State, rows: np.ndarray) -> np.ndarray:
        """The standing places meant: nearest to each point in turn, none twice."""
        origin = np.asarray(state.place.origin_m, dtype=np.float64)
        assets = state.assets
        taken: list[int] = []
        for point in self._points(state) - origin:
            left = np.setdiff1d(rows, taken)
            if len(left) == 0:
                break
            away = (assets.x_m[left] - point[0]) ** 2 + (assets.y_m[left] - point[1]) ** 2
            taken.append(int(left[np.argmin(away)]))
        return np.array(taken, dtype=np.int64)
