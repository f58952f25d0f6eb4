"""What the live view simulates: a setup, the warm town it starts from, and the pair of arms forked from that."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from model import rng
from model.place.place import Place
from model.town.town import Neighbourhood
from scenarios.files.schema import Scenario
from viz.live.towns.history import History

WATCHED = 1000
"""Residents whose weeks are kept for stories."""


class Overtaken(Exception):
    """A newer request has come; what was being made is no longer wanted."""


@dataclass(frozen=True)
class Setup:
    """What is simulated: a scenario on a share of a place, with one seed; `against` another plan than today's."""

    scenario: Scenario
    place: str
    sample: float
    seed: int = 1
    against: Scenario | None = None

    def residents(self, place: Place) -> int:
        """About how many residents are simulated."""
        return round(place.residents * self.sample)

    @property
    def town_key(self) -> tuple[Any, ...]:
        """What shapes the warm town: equal keys can share one."""
        one = self.scenario
        return (self.place, self.sample, self.seed, one.parameter_set.digest, one.definition, one.start)


class WarmRoom:
    """Places read and towns warmed up, kept for the next visitor. A town here is only ever forked, never stepped."""

    def __init__(self, kept: int = 3, threads: int = 2) -> None:
        self._kept, self._threads = kept, threads
        self._towns: OrderedDict[tuple[Any, ...], Neighbourhood] = OrderedDict()
        self._places: OrderedDict[str, Place] = OrderedDict()
        self._lock = threading.Lock()
        self._building = threading.Lock()

    def place(self, name: str) -> Place:
        """A place by name or path. Raises InputError."""
        with self._lock:
            if name in self._places:
                return self._places[name]
        loaded = Place.load(name)
        with self._lock:
            self._places[name] = loaded
            while len(self._places) > 8:
                self._places.popitem(last=False)
        return loaded

    def town(self, setup: Setup, tell: Callable[[float], None] = lambda share: None) -> Neighbourhood:
        """A warm town for `setup`. `tell` hears the share done and may raise to stop."""
        key = setup.town_key
        while not self._building.acquire(timeout=0.2):
            tell(0.0)
        try:
            with self._lock:
                if key in self._towns:
                    self._towns.move_to_end(key)
                    return self._towns[key]
            town = self._warm(setup, tell)
            with self._lock:
                self._towns[key] = town
                while len(self._towns) > self._kept:
                    self._towns.popitem(last=False)
            return town
        finally:
            self._building.release()

    def _warm(self, setup: Setup, tell: Callable[[float], None]) -> Neighbourhood:
        one = setup.scenario
        tell(0.0)
        town = Neighbourhood(
            self.place(setup.place),
            seed=setup.seed,
            sample=setup.sample,
            parameters=one.parameter_set,
            definition=one.definition,
            start=one.start,
            threads=self._threads,
        )
        total = max(1, town.state.warm_up_weeks)
        return town.warm_up(lambda done: tell(done / total))


class Pair:
    """Both arms of one comparison. `today` and `plan` share people, past and luck."""

    def __init__(self, town: Neighbourhood, setup: Setup, baseline: Scenario) -> None:
        self.setup = setup
        self.today = town.fork((setup.against or baseline).acts)
        self.plan = town.fork(setup.scenario.acts)
        people = town.state.people
        lots = rng.uniform(rng.key(setup.seed, 0, "view/watched"), people.id)
        rows = np.sort(np.argsort(lots, kind="stable")[: min(WATCHED, people.n)])
        self.histories = (History(self.today.state, rows), History(self.plan.state, rows))
        self.weeks = setup.scenario.weeks
        self._pool = ThreadPoolExecutor(1)

    @property
    def week(self) -> int:
        """Weeks done."""
        return self.histories[0].weeks

    @property
    def done(self) -> bool:
        """Whether the scenario has come to its end."""
        return self.week >= self.weeks

    @property
    def towns(self) -> tuple[Neighbourhood, Neighbourhood]:
        """Today's plans and yours."""
        return self.today, self.plan

    def step(self) -> None:
        """Move both arms on by a week, side by side on two threads."""
        other = self._pool.submit(self.today.step)
        try:
            self.plan.step()
        finally:
            other.result()
        for town, history in zip(self.towns, self.histories, strict=True):
            history.take(town.state)

    def close(self) -> None:
        """Let the thread go."""
        self._pool.shutdown(wait=False)
