"""Delivering a campaign: people take notice, and hear of a place or a programme."""

from __future__ import annotations

import numpy as np

from model import rng
from model.interventions.campaign import Campaign
from model.programmes.base import Programme
from model.programmes.telling import make_known, tell_of_programmes
from model.state import State


class CampaignProgramme(Programme):
    """Mass media. Acts through news of places and programmes, and a little motivation."""

    settings: Campaign

    def prepare(self, state: State) -> None:
        s, people = self.settings, state.people
        self.key = state.key(f"programme/{self.label}")
        chosen = s.where.zone_mask(state.place.zones)[people.zone] & s.who.mask(people)
        self.chance = np.where(chosen, s.reach_per_week * np.exp(s.knowhow_effect * people.knowhow), 0.0)

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
