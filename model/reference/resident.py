"""A resident: who somebody is, what they carry from week to week, and the acts of their week in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from model.population.columns import FIXED, KINDS
from model.population.people import People
from model.reference import start
from model.reference.acts import choice, experience, life, news, opportunity, persuasion, places, reading

if TYPE_CHECKING:
    from model.reference.acts.meeting import Bond, Met
    from model.reference.asset import Asset
    from model.reference.town import ReferenceTown

NOWHERE = None
"""A session around home: no asset."""


class Resident(mesa.Agent):
    """One person. Their week is: news, persuasion, places, choice, experience, life, reading.

    Joining stands with the programmes, because places are shared out among everybody who waits.
    """

    # The acts of a week, each in a file of its own, in the order in which the town calls them.
    hear_news = news.act
    be_persuaded = persuasion.act
    choose_places = places.act
    be_active = choice.act
    learn_from_it = experience.act
    live_on = life.act
    read_level = reading.act

    # What is done once, before the first week (opportunity again whenever streets change).
    start_out = start.act
    weigh_opportunity = opportunity.act

    model: ReferenceTown

    def __init__(self, model: ReferenceTown, people: People, row: int) -> None:
        super().__init__(model)
        self.row = row
        for column in FIXED:  # who they are: id, age, sex, ... see model/population/columns.py
            setattr(self, column.name, getattr(people, column.name)[row].item())
        self.couple: int | None = None
        """The household whose couple they are one of."""
        self.friends: list[Resident] = []
        """Strong ties: household and friends."""
        self.bonds: list[Bond] = []
        """What each strong tie means to this end of it."""
        self.room = 0
        """Strong ties that this resident can keep."""
        self.acquaintances: list[Resident] = []
        """Weak ties."""
        self.met: list[Met] = []
        """People whom this resident is getting to know."""
        self.candidates: list[Any] = []
        """The places within reach, each with its distance, in numbered slots."""

        kinds = len(KINDS)
        self.propensity = self.drift = self.threshold = self.motivation = self.fitness = self.unsafe = 0.0
        self.new_taste = 0
        self.repertoire = 0
        """A bit for each kind that they do at all, under the switch `repertoire`."""
        self.taste, self.base, self.minutes_session = [0.0] * kinds, [0.0] * kinds, [0.0] * kinds
        self.habit, self.access, self.company = [0.0] * kinds, [0.0] * kinds, [0.0] * kinds
        self.destination: list[Asset | None] = [NOWHERE] * kinds
        self.knows: set[int] = set()
        """Slots of the places this resident knows of."""
        self.ill = False
        self.injured, self.injured_kind = 0, 0
        self.boost: dict[int, float] = {}
        """Logits that plans add to each kind this week."""
        self.added: dict[str, float] = {}
        """What plans add to founding, organising and urgency."""
        self.group: Any = None
        """The group of one's own."""
        self.group_since, self.organiser, self.came = 0, False, False
        self.barriers: dict[str, float] = {}
        """What barriers add, this week, to quantities as this resident meets them."""
        self.met_places_otherwise = False
        """Whether what they meet at places is not what it was last week."""

        self.sessions, self.minutes = [0] * kinds, [0.0] * kinds
        self.group_sessions, self.group_kind, self.group_minutes = 0, 0, 0.0
        self.group_place: Asset | None = NOWHERE
        self.place: Asset | None = NOWHERE
        self.recent, self.recent_garden = [0.0] * 4, [0.0] * 4
        self.minutes_mean, self.level, self.moving = 0.0, 0, False

    @property
    def ties(self) -> list[Resident]:
        """Everybody this resident knows, strong ties first."""
        return self.friends + self.acquaintances

    def stopped(self, kind: int) -> bool:
        """Whether an injury keeps them from a kind of activity this week."""
        return self.injured > 0 and self.injured_kind == kind

    def spur(self, name: str) -> float:
        """How many times likelier, less one, plans make `name`."""
        return self.added.get(name, 0.0)

    @property
    def home(self) -> int:
        """The grid cell of home."""
        cell: int = self.cell
        return cell
