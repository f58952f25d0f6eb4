"""What all visitors share: limits, the places on offer, warm towns, turns at the processor. No visitor's state."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from model.place.place import list_places
from scenarios.batches import backends
from scenarios.files.library import list_scenarios
from scenarios.files.schema import Scenario
from viz.live.towns.towns import Setup, WarmRoom

FIRST_PLAN = "walk_and_talk"
"""The plan that plays when the page opens."""


@dataclass(frozen=True)
class Limits:
    """What one visitor, and all together, may ask for."""

    visitors: int = 40
    residents: int = 120_000
    weeks: int = 1560
    batches: int = 1
    batch_resident_weeks: float = 4e9
    quiet_runs: int = 5
    quiet_resident_weeks: float = 1e8
    idle_minutes: int = 10


@dataclass(frozen=True)
class Opening:
    """How the page opens: a place on offer, a share of its residents, a seed."""

    place: str = "erewash"
    sample: float | None = None
    seed: int = 1
    residents: int = 20_000


class House:
    """One server's shared rooms. `places` maps what a visitor may ask for to a name or path and a title."""

    def __init__(self, opening: Opening, limits: Limits, imported: dict[str, str] | None = None) -> None:
        self.opening, self.limits = opening, limits
        cores = backends.cores()
        self.room = WarmRoom(threads=min(2, cores))
        self.gate = threading.BoundedSemaphore(max(1, cores // 2))
        self.batches = threading.BoundedSemaphore(limits.batches)
        self.quiet = threading.BoundedSemaphore(limits.batches)
        self.baseline = Scenario.load("baseline")
        self.first = Scenario.load(FIRST_PLAN)
        self.places = {
            row["name"]: (row["name"], row["title"], int(row["residents"])) for row in list_places()
        }
        for name, path in (imported or {}).items():
            place = self.room.place(path)
            self.places[name] = (path, place.title, place.residents)
        self._visitors = 0
        self._lock = threading.Lock()

    def usual_sample(self, place: str) -> float:
        """The share that gives about as many residents as the page opens with."""
        if self.opening.sample is not None and place == self.opening.place:
            return self.opening.sample
        return min(1.0, max(0.005, round(self.opening.residents / max(1, self.places[place][2]), 3)))

    def first_setup(self) -> Setup:
        """What the page opens with."""
        place = self.opening.place
        return Setup(self.first, self.places[place][0], self.usual_sample(place), self.opening.seed)

    def warm(self) -> None:
        """Make the first town ready before anybody asks, on a thread of its own."""
        setup = self.first_setup()
        threading.Thread(target=lambda: self.room.town(setup), name="everystep-warm", daemon=True).start()

    def spacing(self) -> float:
        """Least seconds between two frames of one visitor: none for one, half a second for twenty."""
        return 0.025 * max(0, self._visitors - 1)

    def enter(self) -> bool:
        """Count a visitor in; False when the house is full."""
        with self._lock:
            if self._visitors >= self.limits.visitors:
                return False
            self._visitors += 1
            return True

    def leave(self) -> None:
        """Count a visitor out."""
        with self._lock:
            self._visitors -= 1

    @property
    def visitors(self) -> int:
        """Visitors now."""
        return self._visitors

    @cached_property
    def presets(self) -> list[dict[str, str]]:
        """Ready plans in the order of their buttons: name, title, help."""
        rows = [
            {"name": row["name"], "title": row["title"], "help": row["description"]}
            for row in list_scenarios()
            if row["name"] not in ("none", "baseline")
        ]
        rows.sort(key=lambda one: one["name"] != FIRST_PLAN)
        nothing = {"name": "baseline", "title": "No plan", "help": "Only what you switch on under “And if…”."}
        return [*rows, nothing]

    def place_list(self) -> list[list[Any]]:
        """Places on offer: name, title, residents."""
        return [[name, title, residents] for name, (_, title, residents) in self.places.items()]


_HOUSE: list[House] = []


def open_house(house: House) -> House:
    """Set the house of this server."""
    _HOUSE[:] = [house]
    return house


def house() -> House:
    """The house of this server; one with the usual limits when nobody has opened one."""
    return _HOUSE[0] if _HOUSE else open_house(House(Opening(), Limits()))
