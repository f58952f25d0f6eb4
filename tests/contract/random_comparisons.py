"""Comparisons drawn at random on the stand-in town: plans that help, harm, do nothing, do next to nothing, or cannot be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from fake_town import FakeScenario, FakeTown

from model import rng
from model.outcomes.record import UNIT, Record
from scenarios import Effects, compare
from scenarios.findings.findings import RANK_BY

BRACKETS = "Plan [b] of <i>& more"
SETS = "habit_gain,peer_weight\n0.03,1.0\n0.05,2.0\n0.06,2.5\n0.08,2.0\n"
USUAL_GAIN = 0.05


@dataclass(frozen=True)
class Drawn:
    """One plan. push: share of inactive weeks spared, in all; tilt: how much more of it in the most deprived fifth.

    luck: share of residents whose weeks fall otherwise with the plan, for better or worse. lasts: share of the effect that
    stays after the end. cost: pounds a week of delivery, varying from run to run by the share `varies`.
    """

    title: str
    push: float = 0.0
    tilt: float = 0.0
    luck: float = 0.0
    start: int = 0
    weeks: int | None = None
    lasts: float = 0.3
    cost: float = 0.0
    varies: float = 0.0


class DrawnScenario(FakeScenario):
    """A scenario of one such plan."""

    def __init__(self, drawn: Drawn, weeks: int) -> None:
        super().__init__(drawn.title, weeks=weeks)
        end = None if drawn.weeks is None else drawn.start + drawn.weeks
        when = SimpleNamespace(start_week=drawn.start, end_week=end)
        self.drawn = drawn
        self.slug = drawn.title.lower().replace(" ", "_")
        self.interventions = (SimpleNamespace(drawn=drawn, type="drawn", inert=False, when=when,
                                              cost=SimpleNamespace(price_year=2024)),)  # fmt: skip

    def as_dict(self) -> dict:
        when = {"start_week": self.drawn.start, "weeks": self.drawn.weeks}
        told = vars(self.drawn) | {"type": "drawn", "when": when}
        return {"name": self.name, "interventions": [told], "parameters": {}}


class DrawnTown(FakeTown):
    """Residents inactive by keyed chance, week by week, whom plans spare or not."""

    def __init__(self, job, drawn: Drawn | None = None) -> None:
        super().__init__(job)
        self.drawn = drawn

    def fork(self, interventions: list) -> DrawnTown:
        return DrawnTown(self.job, interventions[0].drawn if interventions else None)

    def run(self, weeks: int, progress=None) -> None:
        self.weeks = weeks

    def record(self) -> Record:
        ids, weeks = np.arange(300), np.arange(self.weeks)
        quintile, condition, zone = ids % 5, (ids // 5) % 2, ids % 3
        strata = [("all", "all"), *(("imd_quintile", str(k)) for k in range(1, 6)), ("condition", "no"), ("condition", "yes"),
                  *(("zone", code) for code in ("E01", "E02", "E03"))]  # fmt: skip
        member = np.stack([ids >= 0, *(quintile == k for k in range(5)), condition == 0, condition == 1,
                           *(zone == k for k in range(3))])  # fmt: skip
        risk = 0.2 + 0.04 * (4 - quintile) + 0.1 * condition
        still = self._chance(ids) < risk * (1 - self._push(quintile))
        inactive, active = ((side.astype(np.int64) @ member.T) * 4 * UNIT for side in (still, ~still))
        counts = np.stack([inactive, np.zeros_like(inactive), active], axis=2)
        flows = (
            {"joined": np.ones(self.weeks), "cost": self._cost()} if self.drawn and self.drawn.cost else {}
        )
        return Record(strata, weeks, counts, active * 200, np.zeros((self.weeks, 6), np.int64), flows, {},
                      np.array([5.0, 1.0]), np.array([10.0, 4.0]))  # fmt: skip

    def _chance(self, ids: np.ndarray) -> np.ndarray:
        """(weeks, residents) uniforms: the same in every arm, but for those whose luck a plan changes."""
        job, numbers = self.job, np.arange(self.weeks * len(ids))
        found = rng.uniform(rng.key(job.seed, job.replicate, "drawn"), numbers).reshape(self.weeks, len(ids))
        if self.drawn and self.drawn.luck:
            other = rng.uniform(rng.key(job.seed, job.replicate, self.drawn.title), numbers)
            changed = ids < self.drawn.luck * len(ids)
            found[:, changed] = other.reshape(found.shape)[:, changed]
        return found

    def _push(self, quintile: np.ndarray) -> np.ndarray:
        """(weeks, residents) the share of inactive weeks spared; it grows with the habit that the parameters make."""
        if self.drawn is None:
            return np.zeros((self.weeks, len(quintile)))
        gain = self.job.town.parameters.habit_gain / USUAL_GAIN
        standing = np.where(self._delivered(), 1.0, self.drawn.lasts) * (
            np.arange(self.weeks) >= self.drawn.start
        )
        return np.outer(standing, self.drawn.push * gain * (1 + self.drawn.tilt * (2 - quintile) / 2))

    def _delivered(self) -> np.ndarray:
        """(weeks,) whether the plan is delivered."""
        week, end = np.arange(self.weeks), self.weeks
        if self.drawn.weeks is not None:
            end = self.drawn.start + self.drawn.weeks
        return (week >= self.drawn.start) & (week < end)

    def _cost(self) -> np.ndarray:
        luck = rng.uniform(rng.key(self.job.seed, self.job.replicate, "cost"), np.arange(1))[0] - 0.5
        return self.drawn.cost * (1 + self.drawn.varies * luck) * self._delivered()


@dataclass(frozen=True)
class Comparison:
    """What one drawn comparison is asked for."""

    plans: tuple[Drawn, ...]
    weeks: int
    replicates: int
    rank_by: str
    parameters: str
    baseline: Drawn | None = None
    more: dict = field(default_factory=dict)

    @property
    def against(self) -> str | None:
        """The first two plans added up, where there is a third to hold against them."""
        return f"{self.plans[0].title}+{self.plans[1].title}" if len(self.plans) > 2 else None

    def run(self, folder: Path) -> Effects:
        """The comparison, run and read back from its folder."""
        several = folder.with_suffix(".csv")
        several.write_text(SETS, encoding="utf-8")
        base = FakeScenario("Baseline", weeks=self.weeks)
        if self.baseline is not None:
            base = DrawnScenario(self.baseline, self.weeks)
        compare([DrawnScenario(one, self.weeks) for one in self.plans], replicates=self.replicates, jobs=1, baseline=base,
                opener=DrawnTown, out=folder, rank_by=self.rank_by, against=self.against,
                parameters=several if self.parameters == "several" else "fitted")  # fmt: skip
        return Effects.load(folder)


KINDS = ("helps", "helps", "helps", "alike", "harms", "null", "tiny", "unclear")
NAMES = ("Led walks", "Cheaper bikes", "A better park", "Health checks", "Social prescribing and more besides", "Yoga",
         BRACKETS)  # fmt: skip


MANY = (1, 2, 3, 2, 4, 1, 3, 2, 2, 5, 2, 1, 3, 2, 6, 2, 3, 2, 7, 2)
"""How many plans, in turn."""


def drawn(seed: int) -> Comparison:
    """The comparison of a seed. Every way of ranking comes in turn; the rest by chance."""
    luck = np.random.default_rng(seed)
    weeks = int(luck.choice([20, 20, 20, 20, 64, 122]))
    replicates = int(luck.choice([1, 2, 2, 6, 6, 8]))
    several = replicates >= 6 and luck.random() < 0.5
    plans = tuple(_plan(name, luck, weeks) for name in luck.permutation(NAMES)[: MANY[seed % len(MANY)]])
    other = _plan("The plan as agreed", luck, weeks) if luck.random() < 0.25 else None
    by = tuple(RANK_BY)[seed % len(RANK_BY)]
    return Comparison(plans, weeks, replicates, by, "several" if several else "fitted", other)


def _plan(title: str, luck: np.random.Generator, weeks: int) -> Drawn:
    kind = str(luck.choice(KINDS))
    push = {"helps": luck.uniform(0.02, 0.3), "alike": 0.1, "harms": -luck.uniform(0.02, 0.3), "tiny": 0.0012,
            "unclear": 0.005}.get(kind, 0.0)  # fmt: skip
    shuffled = {"null": 0.0, "tiny": 0.0, "unclear": 0.5}.get(kind, 0.05)
    start = int(luck.integers(0, 8))
    ends = luck.random() < 0.75
    return Drawn(title, float(push), float(luck.choice([-0.8, 0.0, 0.8])), shuffled, start,
                 int(luck.integers(4, 16)) if ends else None, float(luck.choice([0.0, 0.4, 1.0])),
                 float(luck.choice([0.0, 40.0, 900.0, 90_000.0])), float(luck.choice([0.0, 0.4])))  # fmt: skip
