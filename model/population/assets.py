"""Assets as columns: what each place offers, what was added by plans, and how full it is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from model.population.columns import ASSET_KINDS
from model.quantities import Quantities

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("price", "upkeep", "step_free", "welcome", "opening", "capacity", "open")
RANGES = {"upkeep": (0, 1), "step_free": (0, 1), "welcome": (0, 1), "opening": (0, 1), "open": (0, 1),
          "price": (0, np.inf), "capacity": (1, np.inf)}  # fmt: skip


def name_key(kind: str, name: str, easting: float, northing: float) -> int:
    """A stable 32-bit key of one place, so that tastes for it never depend on the order of places."""
    text = f"{kind}|{name}|{easting:.0f}|{northing:.0f}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=4).digest(), "little") & 0x7FFFFFFF


@dataclass
class Assets:
    """One entry an asset in every array. `offer` is what stands without plans, `now` with what plans add.

    kind: (A,) index into ASSET_KINDS; x_m, y_m: (A,) metres from the grid's origin; cell: (A,) flat cell;
    key: (A,) uint32; load: (A,) expected use as a share of capacity; visits: (A,) int64 this week, 1/256 person.
    """

    frame: pd.DataFrame
    kind: np.ndarray
    x_m: np.ndarray
    y_m: np.ndarray
    cell: np.ndarray
    key: np.ndarray
    offer: dict[str, np.ndarray]
    now: dict[str, np.ndarray] = field(default_factory=dict)
    load: np.ndarray = field(default_factory=lambda: np.zeros(0))
    visits: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        if not self.now:
            self.now = {name: values.copy() for name, values in self.offer.items()}
            self.load = np.zeros(len(self.kind))
            self.visits = np.zeros(len(self.kind), np.int64)

    @property
    def n(self) -> int:
        """How many assets there are, open or planned."""
        return len(self.kind)

    @staticmethod
    def from_frame(frame: pd.DataFrame) -> Assets:
        """Assets from a place's table (columns as in `Place.assets`, optional `open`)."""
        offer = {
            name: np.ascontiguousarray(
                frame["capacity_week" if name == "capacity" else name], dtype=np.float64
            )
            for name in COLUMNS
            if name != "open"
        }
        offer["open"] = np.asarray(
            frame["open"] if "open" in frame else np.ones(len(frame)), dtype=np.float64
        )
        keys = [
            name_key(k, str(n), e, g)
            for k, n, e, g in zip(
                frame["kind"], frame["name"], frame["easting"], frame["northing"], strict=True
            )
        ]
        return Assets(
            frame=frame.reset_index(drop=True),
            kind=np.array([ASSET_KINDS.index(kind) for kind in frame["kind"]], dtype=np.int32),
            x_m=np.asarray(frame["x_m"], dtype=np.float64),
            y_m=np.asarray(frame["y_m"], dtype=np.float64),
            cell=np.asarray(frame["cell"], dtype=np.int32),
            key=np.array(keys, dtype=np.uint32),
            offer=offer,
        )

    def copy(self) -> Assets:
        """A copy whose weekly state is its own."""
        return Assets(self.frame, self.kind, self.x_m, self.y_m, self.cell, self.key, self.offer,
                      {name: values.copy() for name, values in self.now.items()},
                      self.load.copy(), self.visits.copy())  # fmt: skip

    def extended(self, new: pd.DataFrame) -> Assets:
        """These assets and planned ones, still closed; the first keep their positions and their state."""
        import pandas as pd

        added = Assets.from_frame(new.assign(open=0.0))
        columns: dict[str, Any] = {
            name: np.concatenate([getattr(self, name), getattr(added, name)])
            for name in ("kind", "x_m", "y_m", "cell", "key")
        }
        both = Assets(
            frame=pd.concat([self.frame, added.frame], ignore_index=True),
            **columns,
            offer={name: np.concatenate([self.offer[name], added.offer[name]]) for name in COLUMNS},
        )  # fmt: skip
        both.load[: self.n] = self.load
        both.visits[: self.n] = self.visits
        return both

    def apply(self, quantities: Quantities) -> np.ndarray:
        """Set `now` from the offer and what is added; return which assets changed, (A,) bool."""
        changed = np.zeros(self.n, dtype=bool)
        for name in COLUMNS:
            added = quantities.of(name)
            value = self.offer[name] if added is None else np.clip(self.offer[name] + added, *RANGES[name])
            changed |= value != self.now[name]
            self.now[name][:] = value
        return changed
