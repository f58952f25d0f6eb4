"""The town: the order of a week, written to be read. One object a resident, one an asset, one a programme."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import mesa
import numpy as np

from model import rng
from model.delivery.settings import Intervention
from model.parameters import Parameters
from model.place.place import Place
from model.population.people import People
from model.population.ties import Ties
from model.reference import couples
from model.reference.acts import choice, groups, joining, meeting, persuasion, reading, world
from model.reference.acts.opportunity import LAYERS
from model.reference.asset import Asset, records
from model.reference.delivery.programme import Programme
from model.reference.interventions import programmes_for
from model.reference.reach import SLOTS, candidates
from model.reference.resident import Resident
from model.reference.surroundings import density_near

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


class ReferenceTown(mesa.Model):
    """A plain Mesa model of the rules that `model/` computes fast. Compare `step` with docs/ODD.md, section 3.

    people, ties: the starting population, as synthesised; everything after it is worked out here again.
    """

    def __init__(self, place: Place, parameters: Parameters, people: People, ties: Ties, chance: tuple[int, int] = (1, 0),
                 sample: float = 0.1, definition: str = "sport_england", start: date = date(2026, 1, 5),
                 interventions: Iterable[Intervention] = ()) -> None:  # fmt: skip
        super().__init__(rng=chance[0])
        self.place, self.parameters = place, parameters
        self.chance, self.sample, self.definition, self.start = chance, sample, definition, start
        self.clock = 0
        self.mean_pressure, self.pressure_now = -1.0, 0
        self.season, self.darkness = [0.0] * 6, 0.5
        self.keys = {purpose: self.key(purpose) for purpose in PURPOSES}
        self.zones = records(place.zones)
        self.zone_codes = [str(zone["code"]) for zone in self.zones]
        self.layers = {name: place.layers[name].astype(float).ravel().tolist() for name in LAYERS}
        self.density_near = density_near(place) if parameters.country_rule == "felt" else []
        self.added_to_cells: dict[str, dict[int, float]] = {}
        self.added_to_assets: set[str] = set()
        self.met_anywhere: set[str] = set()
        """Quantities that barriers change for somebody this week."""
        self.changed: set[Asset] = set()
        self.strengths: list[Any] | None = None
        self.programmes: list[Programme] = []
        self.flows: dict[str, float] = {}
        self.groups: list[groups.Group] = []
        self.events: list[tuple[int, str, int, int]] = []
        """What happened to groups: (clock, event, number of the group, people)."""
        self.ties_made = 0

        self.assets = [Asset.from_row(n, row) for n, row in enumerate(records(place.assets))]
        self.residents = [Resident(self, people, row) for row in range(people.n)]
        self.tie(ties)
        couples.settle(self.residents)
        self.find_candidates()
        for resident in self.residents:
            resident.real_people = round(resident.weight * 256)
            resident.counted = 0 if definition == "ohid" and resident.age < 19 else resident.real_people
            resident.start_out()
            resident.strata = reading.strata(resident)
        self.plan(interventions)

    # One week

    def step(self) -> None:
        """One week, in order. An act reads of other people only what they were before it began."""
        world.act(self)
        self.each("hear_news")
        for programme in self.programmes:
            programme.hear()
        self.each("be_persuaded")
        persuasion.settle(self)
        self.each("choose_places")
        for programme in self.programmes:
            programme.attend()
        groups.attend(self)
        self.each("be_active")
        self.count_visits()
        self.each("learn_from_it")
        meeting.act(self)
        joining.act(self)
        groups.act(self)
        self.each("live_on")
        self.each("read_level")
        if not self.warming:
            self.write_down()
        self.clock += 1

    def each(self, act: str) -> None:
        """Let every resident do one act, in any order."""
        self.agents.do(act)

    def count_visits(self) -> None:
        """Count this week's visits against the room of each place."""
        for asset in self.assets:
            asset.visits = 0
        for resident in self.residents:
            choice.count_visits(resident)
        for asset in self.assets:
            asset.count_week(self.parameters.crowding_memory)

    def write_down(self) -> None:
        """The counts of this week, and the flows of all programmes together."""
        self.counts = reading.Counts(self)
        self.flows = {**dict.fromkeys(("joined", "completed", "members", "waiting", "cost"), 0.0),
                      **groups.stocks(self)}  # fmt: skip
        for programme in self.programmes:
            for name, value in programme.flows().items():
                self.flows[name] += value

    # Time and chance

    def key(self, purpose: str) -> np.uint64:
        """The key of one purpose of chance."""
        return rng.key(*self.chance, f"week/{purpose}")

    @property
    def week(self) -> int:
        """The week of the scenario; negative in the warm-up."""
        return self.clock - int(self.parameters.warm_up_weeks)

    @property
    def warming(self) -> bool:
        """Whether the warm-up is still running."""
        return self.week < 0

    @property
    def date(self) -> date:
        """The day on which this week starts."""
        return self.start + timedelta(weeks=self.week)

    # Making the town

    def tie(self, ties: Ties) -> None:
        """Introduce people to each other."""
        for resident in self.residents:
            row = resident.row
            strong = ties.strong[row, : ties.strong_degree[row]].tolist()
            weak = ties.weak[ties.weak_start[row] : ties.weak_start[row + 1]].tolist()
            resident.friends = [self.residents[other] for other in strong]
            resident.acquaintances = [self.residents[other] for other in weak]

    def find_candidates(self) -> None:
        """Tell each home cell which places are within its reach."""
        place = self.place
        standing = [asset for asset in self.assets if asset.standing]
        planned = [asset for asset in self.assets if not asset.standing]
        of_cell = {cell: candidates(cell, place.width, place.cell_m, standing, planned)
                   for cell in {resident.home for resident in self.residents}}  # fmt: skip
        for resident in self.residents:
            resident.candidates = of_cell[resident.home]

    def plan(self, interventions: Iterable[Intervention]) -> None:
        """Bring in programmes, and the places they will open."""
        programmes = programmes_for(list(interventions), self)
        new = [asset for programme in programmes for asset in programme.new_assets()]
        if new:
            for number, asset in enumerate(new, len(self.assets)):
                asset.row = number
            self.assets += new
            self.find_candidates()
        for programme in programmes:
            programme.prepare()
        self.programmes += programmes
        self.strengths = None

    # Slots

    slots = sum(SLOTS)

    @staticmethod
    def slots_of(kind: int) -> range:
        """The slots of the places that serve one kind of activity."""
        first = sum(SLOTS[:kind])
        return range(first, first + SLOTS[kind])

    def kind_of(self, slot: int) -> int:
        """The kind of activity that a slot serves."""
        return next(kind for kind in range(5) if slot in self.slots_of(kind))

    def candidates_changed(self, resident: Resident) -> bool:
        """Whether a place within reach of a resident changed what it offers this week."""
        return bool(self.changed) and any(asset in self.changed for asset, _ in resident.candidates)
