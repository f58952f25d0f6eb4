"""What a programme would do in a town, told before a week is run: what it offers, and what stands in its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SHARES = tuple(
    sorted({round(digits * 10.0**power, 5) for power in (-4, -3, -2) for digits in range(10, 100)} | {1.0})
)
"""Shares of residents worth advising: two digits, rising."""  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """What a programme has to give over a run.

    what: in words; key: the setting that says how much; town: how much in the whole town; rounded: how many of these
    are left for simulated residents at a share simulated, or None where nothing is rounded; room: whether it is room for
    people, so that more of it than people is too much; chance: where chance alone decides, how often over the run it
    reaches somebody in the whole town, as expected.
    """

    what: str
    key: str
    town: float
    rounded: Callable[[float], int] | None = None
    room: bool = False
    chance: float | None = None

    def reaches(self, sample: float) -> bool:
        """Whether at a share simulated it is there for anybody: one is left, or one is expected over the run."""
        if self.rounded is not None:
            return self.rounded(sample) >= 1
        return self.chance is None or self.chance * sample >= 1

    def least(self, sample: float) -> float | None:
        """The smallest share above `sample`, to two digits, at which it `reaches` anybody; None where none does."""
        return next((share for share in SHARES if share > sample and self.reaches(share)), None)


@dataclass(frozen=True)
class Spread:
    """Where what a programme has to give goes.

    by_zone: (zones,) how much of it goes to each, in the units of its `Offer`; among: zones over which `need` spreads it;
    by_lot: whether chance decides, so that `by_zone` only weights the lots.
    """

    by_zone: np.ndarray
    among: int
    by_lot: bool = False


@dataclass(frozen=True)
class Doubt:
    """What a programme says of itself: at `key` (its own, relative), `message`; whether it `stops` the run."""

    key: str
    message: str
    stops: bool
    found: str | None = None
    allowed: str | None = None
    hint: str | None = None
