"""Groups: people who move together, started by themselves or left behind by a programme; one column a feature."""

# ruff: noqa: RUF009 - each call makes a field
from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

from model.parameters import Parameters

ORIGINS = ("residents", "split", "programme", "crisis")
"""What brought a group about."""
STAGES = ("crisis", "emergence", "impact", "institutionalised", "declining", "ended")


def _column(dtype: type[np.generic]) -> np.ndarray:
    return field(default_factory=lambda: np.zeros(0, dtype))


@dataclass
class Groups:
    """One entry a group in every array, in the order of founding; nobody is forgotten, `ended` tells who is gone.

    founder: identity; founded, ended: weeks of the clock (-1 = alive); place: asset; kind: of activity; energy and
    autonomy 0-1; limit: people on the books; origin: index into ORIGINS; parent: group it split from, or -1;
    supported: first week without a grant; strings: whether that grant has conditions; came: turnout of the last week;
    weight: real groups it stands for, in 1/256.
    """

    founder: np.ndarray = _column(np.int64)
    founded: np.ndarray = _column(np.int64)
    ended: np.ndarray = _column(np.int64)
    place: np.ndarray = _column(np.int32)
    kind: np.ndarray = _column(np.uint8)
    energy: np.ndarray = _column(np.float64)
    autonomy: np.ndarray = _column(np.float64)
    limit: np.ndarray = _column(np.int64)
    origin: np.ndarray = _column(np.uint8)
    parent: np.ndarray = _column(np.int64)
    supported: np.ndarray = _column(np.int64)
    strings: np.ndarray = _column(np.uint8)
    came: np.ndarray = _column(np.int64)
    weight: np.ndarray = _column(np.int64)
    events: list[tuple[int, str, int, int]] = field(default_factory=list)
    """(clock, what happened, group, people concerned): a story that can be told."""

    @property
    def n(self) -> int:
        """How many there ever were."""
        return len(self.founder)

    @property
    def alive(self) -> np.ndarray:
        """(n,) bool: which have not ended."""
        return self.ended < 0

    def add(self, **values: float) -> int:
        """A new group; what is not named is 0, nothing ended, no parent, full autonomy. Returns its number."""
        values = {"ended": -1, "parent": -1, "autonomy": 1.0, **values}
        for one in fields(self):
            if one.name != "events":
                old = getattr(self, one.name)
                setattr(self, one.name, np.append(old, np.asarray(values.get(one.name, 0)).astype(old.dtype)))
        return self.n - 1

    def tell(self, clock: int, event: str, group: int, people: int) -> None:
        """Write an event down."""
        self.events.append((clock, event, group, people))

    def copy(self) -> Groups:
        """A copy that goes its own way."""
        arrays = {one.name: getattr(self, one.name).copy() for one in fields(self) if one.name != "events"}
        return Groups(**arrays, events=list(self.events))

    def stage(self, clock: int, parameters: Parameters) -> np.ndarray:
        """(n,) stage of life of each group in a week of the clock: index into STAGES."""
        p, age = parameters, clock - self.founded
        stage = np.where(self.energy >= p.stage_energy, 2, 4)
        stage = np.where(self.autonomy < p.stage_autonomy, 3, stage)
        stage = np.where(age < p.stage_young, 1, stage)
        stage = np.where((age < p.stage_crisis) & (self.origin == ORIGINS.index("crisis")), 0, stage)
        return np.where(self.alive, stage, 5)
