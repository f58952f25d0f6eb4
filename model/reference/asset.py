"""An asset: a place where people can be active, what it offers, and how full it is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

OFFERS = ("price", "upkeep", "step_free", "welcome", "opening", "capacity", "open")
LIMITS = {"upkeep": (0.0, 1.0), "step_free": (0.0, 1.0), "welcome": (0.0, 1.0), "opening": (0.0, 1.0),
          "open": (0.0, 1.0), "price": (0.0, float("inf")), "capacity": (1.0, float("inf"))}  # fmt: skip


class Asset:
    """One place. `offer` is what stands without plans, `now` with what plans add to it."""

    def __init__(self, row: int, kind: str, name: str, easting: float, northing: float, x_m: float, y_m: float,
                 offer: dict[str, float], is_open: bool = True) -> None:  # fmt: skip
        self.row, self.kind, self.name = row, kind, name
        self.easting, self.northing = easting, northing
        self.x_m, self.y_m = x_m, y_m
        self.offer = {**offer, "open": 1.0 if is_open else 0.0}
        self.now = dict(self.offer)
        self.added: dict[str, float] = {}
        self.load = 0.0
        """Expected use as a share of capacity, remembered from the weeks behind."""
        self.visits = 0
        """Visits this week, in 1/256 of a real person."""
        # Tastes for a place are keyed by its name, so they never depend on the order of places.
        text = f"{kind}|{name}|{easting:.0f}|{northing:.0f}".encode()
        self.key = int.from_bytes(hashlib.blake2b(text, digest_size=4).digest(), "little") & 0x7FFFFFFF

    @classmethod
    def from_row(cls, number: int, row: dict[str, Any], is_open: bool = True) -> Asset:
        """An asset of a place's table."""
        offer = {name: float(row["capacity_week" if name == "capacity" else name]) for name in OFFERS[:-1]}
        return cls(number, row["kind"], str(row["name"]), float(row["easting"]), float(row["northing"]),
                   float(row["x_m"]), float(row["y_m"]), offer, is_open)  # fmt: skip

    @property
    def standing(self) -> bool:
        """Whether it is there without any plan."""
        return self.offer["open"] > 0

    @property
    def is_open(self) -> bool:
        """Whether people can go there this week."""
        return self.now["open"] > 0

    def apply(self, names: set[str]) -> bool:
        """Set what it offers now from what plans add; whether anything changed.

        names: what plans add to anywhere in the town (a sum that is there is held within its limits).
        """
        before = dict(self.now)
        for name in OFFERS:
            value = self.offer[name]
            if name in names:
                low, high = LIMITS[name]
                value = min(max(value + self.added.get(name, 0.0), low), high)
            self.now[name] = value
        return self.now != before

    def count_week(self, memory: float) -> None:
        """Remember how full the week was."""
        use = self.visits / 256.0 / self.now["capacity"]
        self.load += memory * (use - self.load)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as a dictionary a row."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
