"""Neighbourhood: a town as a Mesa model over columns, moved on a week at a time."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from numbers import Integral
from pathlib import Path
from typing import Any, Self, TypedDict, Unpack

import numpy as np
import pandas as pd
from mesa.agent import AgentSet
from mesa.discrete_space import OrthogonalMooreGrid, PropertyLayer

from model import schedule
from model.delivery.barrier import Barrier
from model.delivery.settings import Intervention
from model.errors import Fault, InputError, nearest
from model.machine import compiled
from model.outcomes.events import events
from model.outcomes.readout import Readout
from model.outcomes.record import Record
from model.outcomes.strata import JOINT, crossing_of
from model.parameters import Parameters, bearable
from model.place.place import Place
from model.state import State
from model.town import frames, plans, saving
from model.town.agents import Resident
from model.town.changing import ChangingModel
from model.town.mesa_model import iteration, seeds
from model.town.start import new_state

START = date(2026, 1, 5)
PARTS = ("place", "parameters", "people", "ties", "assets", "groups")
"""What somebody's own attributes may hold of a state; in a fork they hold the fork's."""
DEFINITIONS = ("sport_england", "ohid")


class More(TypedDict, total=False):
    """What else a town can be told."""

    threads: int
    by: Sequence[str] | str | None
    """Attributes; people are recorded by their crossing too."""
    rng: int | None
    """Mesa's newer name of `seed`."""


class Neighbourhood(ChangingModel):
    """A town: people, ties and places, moved on a week at a time by `schedule.WEEK`.

    `sample` is the share of residents simulated (0-1]; `definition` of inactive is `sport_england` (16+, gardening
    not counted) or `ohid` (19+, counted). Weeks count from the end of a warm-up that makes levels stationary.
    `by`: attributes, as a list; people are recorded by their crossing too.
    `seed` and `replicate` name the random numbers: 1 and 0 unless given; in Mesa's batch runner each iteration is a replicate of
    its own. `rng` is Mesa's newer name of `seed`.
    """

    MADE_ANEW = ("grid", "_cells", "_filled", "_views", "_set")

    def __init__(
        self,
        place: Place | str = "erewash",
        seed: int | None = None,
        sample: float = 0.1,
        replicate: int | None = None,
        parameters: Parameters | None = None,
        definition: str = "sport_england",
        interventions: Intervention | Barrier | Iterable[Intervention | Barrier] = (),
        start: date = START,
        **more: Unpack[More],
    ) -> None:
        threads, by, rng = more.pop("threads", 1), more.pop("by", None), more.pop("rng", None)
        if more:
            raise TypeError(f"Neighbourhood has no {', '.join(more)}")
        seed, replicate = seeds(seed, rng, iteration() if replicate is None else replicate)
        _check(sample, definition)
        interventions = plans.listed(interventions)
        super().__init__(seed, replicate)
        place = place if isinstance(place, Place) else Place.load(place)
        parameters = parameters or Parameters.default()
        with compiled.unhurried(), bearable(parameters):
            self.state = new_state(place, parameters, seed, replicate, sample, definition, start,
                                   threads, crossing_of(by))  # fmt: skip
            _check_numbers(self.state)
        self.state.acts = tuple(act.name for act in schedule.own())
        self.seconds: dict[str, float] = {}
        self._between: list[Callable[[Neighbourhood], Any]] = []
        self.add(interventions)

    # Running

    def step(self) -> None:
        """Move the town on by one week of the scenario; the warm-up comes first when it has not been."""
        self.warm_up()
        self._week()
        self._act_between()

    def advance(self) -> None:
        """Move the town on by one week of the clock: of the warm-up while it lasts, then a `step`."""
        if self.state.warming:
            self._week()
        else:
            self.step()

    def _week(self) -> None:
        with compiled.unhurried(), bearable(self.state.parameters):
            schedule.one_week(self.state, self.seconds)
            _check_numbers(self.state)

    def warm_up(self, progress: Callable[[int], None] | None = None) -> Self:
        """Run the weeks before week 0, once; interventions wait for week 0. `progress` hears the weeks done."""
        while self.state.warming:
            self._week()
            if progress is not None:
                progress(self.state.clock)
        return self

    def run(self, weeks: int, progress: Callable[[int], None] | None = None) -> Self:
        """Run `weeks` weeks (after the warm-up, which is run first when it has not been). Raises InputError when
        `weeks` is no whole number, or below 0."""
        if isinstance(weeks, bool) or not isinstance(weeks, Integral) or weeks < 0:
            raise InputError(
                Fault(
                    "must be a whole number, 0 or more",
                    key="weeks",
                    found=repr(weeks),
                    allowed="0, 1, 2, ...",
                )
            )
        self.warm_up()
        for done in range(1, weeks + 1):
            self.step()
            if progress is not None:
                progress(done)
        return self

    def between(self, act: Callable[[Neighbourhood], Any]) -> Callable[[Neighbourhood], Any]:
        """Call `act(town)` after every week of the scenario from now on, in forks and copies too; a decorator."""
        self._between.append(act)
        return act

    def _act_between(self) -> None:
        for act in self._between:
            act(self)

    def fork(
        self,
        interventions: Intervention | Barrier | Iterable[Intervention | Barrier] = (),
        seeing: Neighbourhood | None = None,
        keep_plans: bool = True,
    ) -> Self:
        """This town as it stands, with more plans: same people, same past, common random numbers from here on.

        Plans that run go on, and are paid for as they were; with `keep_plans` false they stop without a word. A plan
        whose first week is past begins now, and its start is paid for now; one whose last week is past is refused.
        seeing: another branch of this town, a week behind or level; people are then moved by what the others do
        there, and hear of the places used there, so that what spreads from person to person here is taken out.
        """
        state = plans.branch(self.state, keep_plans)
        parts = {id(getattr(self.state, name)): getattr(state, name) for name in PARTS} | {
            id(self.state): state
        }
        twin = self._branch(parts, state=state, seconds={})
        if seeing is not None:
            twin.state.seen = seeing.state
        twin.add(interventions)
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        # What never changes is shared, as between forks.
        memo |= {id(one): one for one in (self.state.place, self.state.parameters)}
        twin = type(self).__new__(type(self))
        memo[id(self)] = twin
        twin.__setstate__(copy.deepcopy(self.__getstate__(), memo))
        return twin

    def save(self, path: str | Path) -> Path:
        """Write the town as it stands to a file, whole or not at all."""
        return saving.save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """A town that was saved, to go on from where it stood; take it only from people you trust. Raises InputError."""
        return saving.load(cls, path)

    def record(self) -> Record:
        """The weeks since the warm-up as a `Record`."""
        state = self.state
        joined = np.zeros(state.people.n, dtype=bool)
        for programme in state.programmes:
            joined |= programme.ever_joined(state)
        record = state.recorder.record(self._shares(joined), state.assets.now["capacity"])
        simulated = state.recorder.strata.sums(state.counted > 0).astype(int).tolist()
        named = zip(state.recorder.strata.names, simulated, strict=True)
        record.simulated = {stratum: number for stratum, number in named if JOINT in stratum[0]}
        record.in_groups = self._shares(state.people.group >= 0)
        if len(record.weeks):
            delivery = state.recorder.delivery
            record.served, record.spent = (
                delivery.served(state.recorder.weeks, state.assets, state.place),
                delivery.spent(),
            )
            record.events = events(state, int(record.weeks[0]), int(record.weeks[-1]) + 1)
        return record

    def _shares(self, rows: np.ndarray) -> dict[tuple[str, str], float]:
        """The share of each stratum that the residents `rows` (n,) bool are."""
        state, strata = self.state, self.state.recorder.strata
        share = strata.sums(state.counted * rows) / np.maximum(strata.sums(state.counted), 1)
        return dict(zip(strata.names, share.tolist(), strict=True))

    # Reading

    @property
    def outcomes(self) -> Readout:
        """What can be read of the town now: `outcomes.share("inactive", by="imd_quintile")`."""
        return Readout(self.state.people, self.state.place, self.state.counted)

    @property
    def week(self) -> int:
        """The week of the scenario; negative in the warm-up."""
        return self.state.week

    @property
    def agents(self) -> AgentSet:
        """Mesa's AgentSet of residents, made when first asked for; each is a view of one row."""
        if "_set" not in vars(self):
            self._views = [Resident(self, row) for row in range(self.state.people.n)]
            self._set = AgentSet(self._views, random=self.random)
        return self._set

    @agents.setter
    def agents(self, value: Any) -> None:
        raise AttributeError("residents are columns; read town.agents or town.state.people")

    @property
    def agent_types(self) -> list[type]:
        """Residents alone."""
        return [Resident]

    @property
    def agents_by_type(self) -> dict[type, AgentSet]:
        """All are residents."""
        return {Resident: self.agents}

    def resident(self, row: int) -> Resident:
        """The resident in one row: the one in `agents` once these have been asked for."""
        return self._views[row] if "_views" in vars(self) else Resident(self, range(self.state.people.n)[row])

    def residents(self) -> pd.DataFrame:
        """Every resident as a row, every column by name (model/town/frames.py)."""
        return frames.residents(self.state)

    def ties(self) -> pd.DataFrame:
        """Every tie as a row: who with whom, how strong, how far apart (model/town/frames.py)."""
        return frames.ties(self.state)

    def graph(self, weak: bool = False) -> Any:
        """The strong ties, and the `weak` ones when asked, as a networkx graph of identities (model/town/frames.py)."""
        return frames.graph(self.state, weak)

    def whereabouts(self) -> np.ndarray:
        """(n,) int32 flat cell where each resident mostly was this week: the cell of a place, or of home."""
        people = self.state.people
        at_home = people.place < 0
        return np.where(at_home, people.cell, self.state.assets.cell[people.place])

    @cached_property
    def _cells(self) -> OrthogonalMooreGrid:
        place = self.state.place
        grid = OrthogonalMooreGrid((place.width, place.height), torus=False, random=self.random)
        for name, layer in place.layers.items():
            grid.add_property_layer(PropertyLayer.from_data(name, np.ascontiguousarray(layer.T)))
        return grid

    @property
    def grid(self) -> OrthogonalMooreGrid:
        """Mesa's grid of cells with the place's layers as property layers; coordinates are (column, row). Residents stand
        in the cells where they mostly were this week."""
        if vars(self).get("_filled") != self.state.clock:
            self.fill_cells()
        return self._cells

    def cell_at(self, flat: int) -> Any:
        """The Mesa cell of a flat cell number."""
        return self._cells[(flat % self.state.place.width, flat // self.state.place.width)]

    def fill_cells(self) -> None:
        """Put every resident's view into the Mesa cell where they were this week."""
        cells = self.whereabouts()
        for cell in self._cells.all_cells:
            cell._agents.clear()
        for view, flat in zip(self.agents, cells, strict=True):
            self.cell_at(int(flat)).add_agent(view)
        self._filled = self.state.clock


def _check_numbers(state: State) -> None:
    """Raises ArithmeticError when what moves people is no longer a number."""
    if not np.isfinite(state.people.motivation.sum() + state.people.habit.sum()):
        raise ArithmeticError("motivation or habit is not a number")


def _check(sample: float, definition: str) -> None:
    faults = []
    if not 0.0 < sample <= 1.0:
        faults.append(
            Fault("must be above 0 and at most 1", key="sample", found=str(sample), allowed="0 to 1")
        )
    if definition not in DEFINITIONS:
        faults.append(Fault("unknown definition of inactive", key="definition", found=str(definition),
                            allowed=", ".join(DEFINITIONS), hint=nearest(definition, DEFINITIONS)))  # fmt: skip
    if faults:
        raise InputError(faults)
