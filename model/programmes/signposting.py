"""Delivering signposting: who looks finds places, programmes and the nearest group with room."""

from __future__ import annotations

import numpy as np

from model import rng
from model.interventions.signposting import Signposting
from model.outcomes.delivery import Served
from model.outcomes.record import UNIT
from model.processes import founding
from model.programmes.ahead import Offer
from model.programmes.base import Programme, full_weeks, peak, real_people
from model.programmes.telling import make_known, tell_of_programmes
from model.state import State


class SignpostingProgramme(Programme):
    """A finder. Acts through knowing of places and programmes, and by showing groups that would take people in."""

    settings: Signposting

    def offer(self, state: State, weeks: int) -> Offer:
        s, meant = self.settings, self.meant(state)
        online = float(state.weight[meant] @ self.online(state)[meant]) / UNIT
        looks = s.users_per_week * online
        return Offer("people who look in a week", "users_per_week", looks * peak(s, weeks),
                     chance=looks * full_weeks(s, weeks))  # fmt: skip

    def online(self, state: State) -> np.ndarray:
        """(n,) chance of being online, by age."""
        age = state.people.age
        return np.array(self.settings.online)[(age >= 65).astype(int) + (age >= 75)]

    def prepare(self, state: State) -> None:
        self.key = state.key(f"programme/{self.label}")
        self.looked = np.zeros(state.people.n, dtype=bool)
        self.work_out(state)

    def work_out(self, state: State) -> None:
        people = state.people
        online = rng.uniform(state.key(f"programme/{self.label}/online"), people.id) < self.online(state)
        self.users = self.meant(state) & online

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

    def served(self, state: State) -> list[Served]:
        """People who looked for the first time; no venue."""
        return [Served("finder", np.array([-1]), {"joined": self.joined_now})]

    def ever_joined(self, state: State) -> np.ndarray:
        return self.looked
