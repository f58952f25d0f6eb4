"""The state of one run: columns, ties, places, programmes, the week; what processes read and write."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from model import kernels
from model.machine.parallel import Chunks
from model.outcomes.record import UNIT
from model.outcomes.recorder import Recorder
from model.parameters import Parameters
from model.place.place import Place
from model.population.assets import Assets
from model.population.couples import couples
from model.population.groups import Groups
from model.population.people import People
from model.population.reach import Candidates
from model.population.ties import Ties
from model.quantities import Quantities

PURPOSES = (
    "persuasion",
    "news",
    "places",
    "sessions",
    "minutes",
    "meeting",
    "ties",
    "groups",
    "group_uptake",
    "group_life",
    "life",
    "taste",
    "injury",
    "repertoire",
    "couple",
)


@dataclass
class State:
    """Everything that one run is made of. `clock` counts weeks from the start of the warm-up.

    weight: (n,) int64 real people in 1/256 that each resident stands for; counted: the same, 0 for those whom the
    definition of inactive leaves out. Behaviour follows `weight`, outcomes are read by `counted`.
    """

    place: Place
    parameters: Parameters
    people: People
    ties: Ties
    assets: Assets
    candidates: Candidates
    quantities: Quantities
    recorder: Recorder
    chunks: Chunks
    seed: int
    replicate: int
    sample: float
    definition: str
    start: date
    cell_row: np.ndarray
    weight: np.ndarray
    counted: np.ndarray
    nearness: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    clock: int = 0
    mean_pressure: float = -1.0
    season: np.ndarray = field(default_factory=lambda: np.zeros(6))
    darkness: float = 0.5
    groups: Groups = field(default_factory=Groups)
    ties_made: int = 0
    """Friendships made by meeting this week."""
    boost: np.ndarray = field(default_factory=lambda: np.zeros((6, 0), np.float32))
    programmes: list[Any] = field(default_factory=list)
    """Those delivered (model/delivery/programme.py), in the order of their labels."""
    changed_rows: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint8))
    changed_people: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint8))
    signature: Any = None
    keys: dict[str, np.uint64] = field(default_factory=dict)
    seen: State | None = None
    """The town whose activity people see, when it is not their own (to take influence apart, draw for draw)."""
    by_id: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    acts: tuple[str, ...] = ()
    """Names of the acts of somebody's own that are part of its weeks (model/schedule.py)."""

    def __post_init__(self) -> None:
        if not self.nearness.size:
            self.see(self.candidates)
        if not self.changed_people.size:
            self.changed_people = np.zeros(self.people.n, np.uint8)
        if not self.keys:
            self.keys = {name: self.key(name) for name in PURPOSES}
        if not self.by_id.size:
            self.by_id = np.argsort(self.people.id, kind="stable")

    def see(self, candidates: Candidates) -> None:
        """Take `candidates` as what people have around home."""
        self.candidates = candidates
        self.nearness = candidates.nearness(self.parameters.know_reach)

    def in_order(self, rows: np.ndarray) -> np.ndarray:
        """`rows` (each once) in the order of identities."""
        if 8 * rows.size < self.people.n:
            return rows[np.argsort(self.people.id[rows], kind="stable")]
        named = np.zeros(self.people.n, dtype=np.uint8)
        named[rows] = 1
        ordered: np.ndarray = kernels.memory.marked(self.by_id, named)
        return ordered

    def row_of(self, ids: np.ndarray) -> np.ndarray:
        """The rows of residents by their identities."""
        return self.by_id[np.searchsorted(self.people.id[self.by_id], ids)]

    def no_sums(self) -> Quantities:
        """Quantities of this town's sizes with nothing added."""
        return Quantities(self.people.n, self.assets.n, self.place.width * self.place.height)

    def key(self, purpose: str) -> np.uint64:
        """The key of one purpose of chance in this run."""
        from model import rng

        return rng.key(self.seed, self.replicate, f"week/{purpose}")

    @cached_property
    def couple(self) -> np.ndarray:
        """(n,) household of those who live as a couple, -1 for everybody else."""
        return couples(self.people)

    @cached_property
    def real_people(self) -> float:
        """Real people whom the residents stand for."""
        return float(self.weight.sum()) / UNIT

    @property
    def warm_up_weeks(self) -> int:
        """Weeks before week 0."""
        return int(self.parameters.warm_up_weeks)

    @property
    def week(self) -> int:
        """The week of the scenario; negative in the warm-up."""
        return self.clock - self.warm_up_weeks

    @property
    def warming(self) -> bool:
        """Whether the warm-up is still running."""
        return self.week < 0

    @property
    def date(self) -> date:
        """The day on which this week starts."""
        return self.start + timedelta(weeks=self.week)
