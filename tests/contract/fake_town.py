"""A stand-in for the engine with its surface: a few residents, keyed chance, arms that start from one state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import SimpleNamespace

import numpy as np
import pandas as pd

from model import rng
from model.outcomes.record import UNIT, Record
from model.outcomes.recorder import Recorder
from model.population.columns import ATTRIBUTES

ZONES = ("E01", "E02", "E03")


@dataclass
class FakePlace:
    """Three zones and two assets."""

    name: str = "testtown"
    title: str = "Testtown"
    synthetic: bool = True
    cell_m: float = 250.0
    licence: str = "OGL"
    digest: str = "d0"
    sources: list = field(default_factory=lambda: ["nobody"])
    boundaries: dict = field(default_factory=lambda: {code: [[[0, 0], [1, 0], [1, 1]]] for code in ZONES})

    @cached_property
    def zones(self) -> pd.DataFrame:
        return pd.DataFrame({"code": ZONES, "name": ["=A", "B", "C"], "easting": [1.0, 2, 3], "northing": [1.0, 2, 3],
                             "imd_decile": [1, 5, 10], "residents": [400, 400, 400]})  # fmt: skip

    @cached_property
    def assets(self) -> pd.DataFrame:
        return pd.DataFrame({"kind": ["park", "club"], "name": ["P", "C"], "easting": [1.0, 2], "northing": [1.0, 2],
                             "synthetic": [True, True]})  # fmt: skip


class FakeScenario:
    """A scenario whose one intervention spares a share of people from being inactive."""

    def __init__(self, name: str, push: float = 0.0, weeks: int = 30, **more) -> None:
        self.name, self.slug, self.description, self.weeks = name, name.lower(), f"About {name}", weeks
        self.place, self.start, self.definition = (
            more.get("place", FakePlace()),
            date(2026, 1, 5),
            "sport_england",
        )
        self.parameters = more.get("parameters", {})
        one = SimpleNamespace(push=push, type="fake" if push else "none", inert=not push, when=SimpleNamespace(start_week=0, end_week=more.get("end_week")),
                              cost=SimpleNamespace(price_year=2024))  # fmt: skip
        self.interventions = (one,) if push or more.get("null") else ()
        self.barriers = ()

    def as_dict(self) -> dict:
        told = [{"type": "fake", "push": one.push} for one in self.interventions]
        return {"name": self.name, "interventions": told, "parameters": self.parameters}


class FakeTown:
    """Residents inactive by keyed chance; an intervention spares a share of those who would be."""

    def __init__(self, job, push: float = 0.0) -> None:
        self.job, self.push, self.progress = job, push, None
        self.state = SimpleNamespace(people=SimpleNamespace(weight=np.full(300, 4.0, np.float32)))
        self.weeks = 0

    def warm_up(self) -> None:
        """Nothing to settle."""

    def fork(self, interventions: list) -> FakeTown:
        return type(self)(self.job, sum(one.push for one in interventions))

    def run(self, weeks: int, progress=None) -> None:
        self.weeks = weeks
        for week in range(weeks):
            if progress is not None:
                progress(week + 1)

    def record(self) -> Record:
        strata = [("all", "all")]
        strata += [
            (group, level) for group in ("imd_quintile", "condition", "sex") for level in ATTRIBUTES[group]
        ]
        strata += [("zone", code) for code in ZONES]
        ids = np.arange(300)
        quintile, condition, zone = ids % 5, (ids // 5) % 2, ids % 3
        rows = [np.ones(300, bool), *(quintile == k for k in range(5)), condition == 0, condition == 1,
                ids % 2 == 0, ids % 2 == 1, *(zone == k for k in range(3))]  # fmt: skip
        member = np.stack(rows)
        key = rng.key(self.job.seed, self.job.replicate, "fake")
        risk = 0.2 + 0.04 * (4 - quintile) + 0.1 * condition
        counts = np.zeros((self.weeks, len(strata), 3), np.int64)
        recorder = Recorder(SimpleNamespace(names=strata, sums=lambda values: member @ values))
        for week in range(self.weeks):
            still = rng.uniform(key, ids, week) < risk * (1 - self.push * (week >= 2))
            counts[week, :, 0] = (member & still).sum(axis=1) * 4 * UNIT
            counts[week, :, 2] = (member & ~still).sum(axis=1) * 4 * UNIT
            people = SimpleNamespace(n=300, minutes=np.tile(np.where(still, 5.0, 40.0), (6, 1)))
            recorder.measure(SimpleNamespace(people=people, counted=np.full(300, 4 * UNIT)))
        flows = {"joined": np.ones(self.weeks), "members": np.full(self.weeks, 7.0),
                 "cost": np.full(self.weeks, 100.0)} if self.push else {}  # fmt: skip
        reach = {("all", "all"): 0.1, ("imd_quintile", "1"): 0.2} if self.push else {}
        return Record(strata, np.arange(self.weeks), counts, counts[:, :, 2] * 200,
                      np.zeros((self.weeks, 6), np.int64), flows, reach,
                      np.array([5.0, 1.0]), np.array([10.0, 4.0]),
                      measured={name: np.stack(told) for name, told in recorder.measured.items()})  # fmt: skip


def open_fake(job) -> FakeTown:
    """The engine of the tests."""
    return FakeTown(job)
