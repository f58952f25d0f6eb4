"""Delivering signposting: who looks finds places, programmes and the nearest group with room."""

from __future__ import annotations

import numpy as np

from model import rng
from model.interventions.signposting import Signposting
from model.processes import founding
from model.programmes.base import Programme, real_people
from model.programmes.telling import make_known, tell_of_programmes
from model.state import State


class SignpostingProgramme(Programme):
    """A finder. Acts through knowing of places and programmes, and by showing groups that would take people in."""

    settings: Signposting

    def prepare(self, state: State) -> None:
        s, people = self.settings, state.people
        self.key = state.key(f"programme/{self.label}")
        chosen = s.where.zone_mask(state.place.zones)[people.zone] & s.who.mask(people)
        share = np.array(s.online)[(people.age >= 65).astype(int) + (people.age >= 75)]
        online = rng.uniform(state.key(f"programme/{self.label}/online"), people.id) < share
        self.users = chosen & online
        self.looked = np.zeros(people.n, dtype=bool)

    def hear(self, state: State) -> None:
        s, people = self.settings, state.people
        strength = s.when.strength(state.week)
        if strength <= 0:
            return
        looks = rng.uniform(self.key, people.id, state.clock) < s.users_per_week * strength
        rows = np.flatnonzero(looks & self.users & s.who.levels[people.level])
        make_known(state, rows, s.places)
        tell_of_programmes(state, rows)
        self.joined_now += real_people(state, rows[~self.looked[rows]])
        self.looked[rows] = True
        for row in state.in_order(rows):
            founding.show_group(state, int(row), s.groups_within_km)

    def ever_joined(self, state: State) -> np.ndarray:
        return self.looked
