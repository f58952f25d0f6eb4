"""Neighbourhood: a town as a Mesa model over columns; Resident: a light view of one row, made when somebody asks."""

from __future__ import annotations

import copy
import weakref
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from types import MethodType
from typing import Any

import mesa
import numpy as np
import pandas as pd
from mesa.agent import AgentSet
from mesa.discrete_space import OrthogonalMooreGrid, PropertyLayer

from model import compiled
from model.columns import KINDS, RESIDENT
from model.errors import Fault, InputError, nearest
from model.interventions.barrier import Barrier
from model.interventions.base import Intervention
from model.outcomes.events import events
from model.outcomes.readout import Readout
from model.outcomes.record import Record
from model.outcomes.strata import JOINT, crossing_of
from model.parameters import Parameters
from model.place import Place
from model.processes import opportunity
from model.programmes import programmes_for
from model.quantities import MET_AROUND, OF_CELLS
from model.reach import build
from model.schedule import one_week
from model.start import new_state
from model.state import State

START = date(2026, 1, 5)
DEFINITIONS = ("sport_england", "ohid")


class Resident(mesa.Agent):
    """One resident: reads and writes one row of the columns, so nothing is kept twice."""

    def __init__(self, model: Neighbourhood, row: int) -> None:
        # Mesa's own constructor would count and keep every agent for ever; a view needs neither.
        self.model = model
        self.row = row
        self.unique_id = int(model.state.people.id[row])
        self.pos = None

    def __getattr__(self, name: str) -> Any:
        column = RESIDENT.get(name)
        if column is None:
            raise AttributeError(f"a resident has no {name!r}")
        value = getattr(self.model.state.people, name)[..., self.row]
        if column.levels:
            return column.levels[int(value)]
        return value.item() if np.ndim(value) == 0 else dict(zip(KINDS, value.tolist(), strict=False))

    def __setattr__(self, name: str, value: Any) -> None:
        column = RESIDENT.get(name)
        if column is None:
            object.__setattr__(self, name, value)
            return
        if column.levels and isinstance(value, str):
            value = column.levels.index(value)
        getattr(self.model.state.people, name)[..., self.row] = value

    @property
    def home_cell(self) -> Any:
        """The Mesa cell of home."""
        return self.model.cell_at(int(self.model.state.people.cell[self.row]))

    @property
    def cell(self) -> Any:
        """The Mesa cell where this resident mostly was this week: a place, or home."""
        return self.model.cell_at(int(self.model.whereabouts()[self.row]))

    @property
    def friends(self) -> list[Resident]:
        """Strong ties."""
        ties = self.model.state.ties
        return [
            Resident(self.model, int(row)) for row in ties.strong[self.row, : ties.strong_degree[self.row]]
        ]

    def __repr__(self) -> str:
        return f"Resident({self.unique_id}, {self.age}, {self.sex}, {self.level})"


class Neighbourhood(mesa.Model):
    """A town: people, ties and places, moved on a week at a time by `schedule.WEEK`.

    `sample` is the share of residents simulated (0-1]; `definition` of inactive is `sport_england` (16+, gardening
    not counted) or `ohid` (19+, counted). Weeks count from the end of a warm-up that makes levels stationary.
    `by`: attributes, as a list; people are recorded by their crossing too.
    """

    def __init__(
        self,
        place: Place | str = "erewash",
        seed: int = 1,
        sample: float = 0.1,
        replicate: int = 0,
        parameters: Parameters | None = None,
        definition: str = "sport_england",
        interventions: Iterable[Intervention | Barrier] = (),
        start: date = START,
        threads: int = 1,
        by: Sequence[str] | str | None = None,
        *,
        _state: State | None = None,
    ) -> None:
        _check(sample, definition, seed)
        super().__init__(rng=seed)
        _untie(self)
        if _state is None:
            place = place if isinstance(place, Place) else Place.load(place)
            with compiled.unhurried():
                _state = new_state(place, parameters or Parameters.default(), seed, replicate, sample, definition, start,
                                   threads, crossing_of(by))  # fmt: skip
        self.state = _state
        self.seconds: dict[str, float] = {}
        self._views: list[Resident] = []
        self._set: AgentSet | None = None
        interventions = list(interventions)
        if interventions:
            self._add(interventions)

    def _add(self, interventions: list[Intervention | Barrier]) -> None:
        """Bring in the programmes of the plan, and the places it will open."""
        state = self.state
        programmes = programmes_for(interventions)
        new = [frame for programme in programmes if (frame := programme.new_assets(state)) is not None]
        if new:
            standing = state.assets.n
            state.assets = state.assets.extended(pd.concat(new, ignore_index=True))
            cells = np.flatnonzero(state.reach.cell_row >= 0)
            place = state.place
            state.see(
                build(cells, place.width, place.width * place.height, place.cell_m, state.assets, standing)
            )
            state.quantities = state.no_sums()
            state.signature = None
        for programme in programmes:
            programme.prepare(state)
        state.programmes = [*state.programmes, *programmes]

    # Running

    def step(self) -> None:
        """Move the town on by one week."""
        with compiled.unhurried():
            one_week(self.state, self.seconds)

    def warm_up(self) -> Neighbourhood:
        """Run the weeks before week 0, once; interventions wait for week 0."""
        while self.state.warming:
            self.step()
        return self

    def run(self, weeks: int, progress: Callable[[int], None] | None = None) -> Neighbourhood:
        """Run `weeks` weeks (after the warm-up, which is run first when it has not been)."""
        self.warm_up()
        for done in range(1, weeks + 1):
            self.step()
            if progress is not None:
                progress(done)
        return self

    def fork(
        self, interventions: Iterable[Intervention | Barrier] = (), seeing: Neighbourhood | None = None
    ) -> Neighbourhood:
        """This town as it stands, with a plan of its own: same people, same past, same luck from here on.

        seeing: another branch of this town, a week behind or level; people are then moved by what the others do
        there, and hear of the places used there, so that what spreads from person to person here is taken out.
        """
        state = self.state
        twin = copy.copy(state)
        twin.people, twin.assets, twin.ties = state.people.copy(), state.assets.copy(), state.ties.copy()
        twin.groups = state.groups.copy()
        twin.recorder = state.recorder.fresh()
        twin.changed_rows, twin.changed_people = state.changed_rows.copy(), state.changed_people.copy()
        twin.quantities = twin.no_sums()
        if state.quantities.any_of((*OF_CELLS, *MET_AROUND)):
            opportunity.step(twin)  # what this town's plans changed around homes stays with them
        twin.signature, twin.programmes = None, []
        twin.seen = None if seeing is None else seeing.state
        return Neighbourhood(state.place, state.seed, state.sample, interventions=interventions, _state=twin)

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
            record.served, record.spent = delivery.served(state), delivery.spent()
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
        if self._set is None:
            self._views = [Resident(self, row) for row in range(self.state.people.n)]
            self._set = AgentSet(self._views, random=self.random)
        return self._set

    @agents.setter
    def agents(self, value: Any) -> None:
        raise AttributeError("residents are columns; read town.agents or town.state.people")

    def resident(self, row: int) -> Resident:
        """The resident in one row."""
        return Resident(self, row)

    def whereabouts(self) -> np.ndarray:
        """(n,) int32 flat cell where each resident mostly was this week: the cell of a place, or of home."""
        people = self.state.people
        at_home = people.place < 0
        return np.where(at_home, people.cell, self.state.assets.cell[people.place])

    @cached_property
    def grid(self) -> OrthogonalMooreGrid:
        """Mesa's grid of cells with the place's layers as property layers; coordinates are (column, row)."""
        place = self.state.place
        grid = OrthogonalMooreGrid((place.width, place.height), torus=False, random=self.random)
        for name, layer in place.layers.items():
            grid.add_property_layer(PropertyLayer.from_data(name, np.ascontiguousarray(layer.T)))
        return grid

    def cell_at(self, flat: int) -> Any:
        """The Mesa cell of a flat cell number."""
        return self.grid[(flat % self.state.place.width, flat // self.state.place.width)]

    def fill_cells(self) -> None:
        """Put every resident's view into the Mesa cell where they were this week."""
        cells = self.whereabouts()
        for cell in self.grid.all_cells:
            cell._agents.clear()
        for view, flat in zip(self.agents, cells, strict=True):
            self.cell_at(int(flat)).add_agent(view)


def _untie(model: mesa.Model) -> None:
    """Let what Mesa hangs on a new model (its own steps, a clock, a scenario) hold the model weakly.

    Else a dropped town, hundreds of bytes a resident, would stay in memory until Python next looks for circles.
    """
    weak = weakref.proxy(model)
    for name, value in list(vars(model).items()):
        if isinstance(value, MethodType) and value.__self__ is model:
            vars(model)[name] = MethodType(value.__func__, weak)
        elif getattr(value, "model", None) is model:
            object.__setattr__(value, "model", weak)  # a scenario of Mesa refuses plain changes


def _check(sample: float, definition: str, seed: int) -> None:
    faults = []
    if not 0.0 < sample <= 1.0:
        faults.append(
            Fault("must be above 0 and at most 1", key="sample", found=str(sample), allowed="0 to 1")
        )
    if definition not in DEFINITIONS:
        faults.append(Fault("unknown definition of inactive", key="definition", found=str(definition),
                            allowed=", ".join(DEFINITIONS), hint=nearest(definition, DEFINITIONS)))  # fmt: skip
    if seed < 0:
        faults.append(Fault("must not be negative", key="seed", found=str(seed), allowed="0 or more"))
    if faults:
        raise InputError(faults)
