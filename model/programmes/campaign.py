"""Delivering a campaign: people take notice, and hear of a place or a programme."""

from __future__ import annotations

import numpy as np

from model import rng
from model.interventions.campaign import Campaign
from model.programmes.ahead import Doubt, Offer
from model.programmes.base import Programme, full_weeks, peak, real_people
from model.programmes.membership import Membership
from model.programmes.telling import make_known, tell_of_programmes
from model.state import State


class CampaignProgramme(Programme):
    """Mass media. Acts through news of places and programmes, and a little motivation."""

    settings: Campaign

    def offer(self, state: State, weeks: int) -> Offer:
        s = self.settings
        reached = s.reach_per_week * real_people(state, self.meant(state))
        return Offer("people who take notice in a week", "reach_per_week", reached * peak(s, weeks),
                     chance=reached * full_weeks(s, weeks))  # fmt: skip

    def doubts(self, state: State, weeks: int) -> list[Doubt]:
        with_places = any(isinstance(one, Membership) for one in state.programmes)
        if self.settings.about != "programmes" or with_places:
            return []
        return [Doubt("about", "tells of the plan's programmes, and it has none that people can join", False,
                      "programmes", "places, both")]  # fmt: skip

    def prepare(self, state: State) -> None:
        self.key = state.key(f"programme/{self.label}")
        self.work_out(state)

    def work_out(self, state: State) -> None:
        s, people = self.settings, state.people
        self.chance = np.where(
            self.meant(state), s.reach_per_week * np.exp(s.knowhow_effect * people.knowhow), 0.0
        )

    def hear(self, state: State) -> None:
        s, people = self.settings, state.people
        strength = s.when.strength(state.week)
        if strength <= 0:
            return
        notice = rng.uniform(self.key, people.id, state.clock) < self.chance * strength
        rows = np.flatnonzero(notice & s.who.levels[people.level])
        people.motivation[rows] += np.float32(s.lift)
        if s.about != "programmes":
            make_known(state, rows, 1)
        if s.about != "places":
            tell_of_programmes(state, rows)
