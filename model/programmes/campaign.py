"""Delivering a campaign: people take notice, and hear of a place or a programme."""

from __future__ import annotations

import numpy as np

from model import rng
from model.interventions.campaign import Campaign
from model.kernels.joining import learn_near
from model.programmes.base import Programme
from model.programmes.membership import Membership
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
        s, people, reach = self.settings, state.people, state.reach
        strength = s.when.strength(state.week)
        if strength <= 0:
            return
        notice = rng.uniform(self.key, people.id, state.clock) < self.chance * strength
        rows = np.flatnonzero(notice & s.who.levels[people.level])
        people.motivation[rows] += np.float32(s.lift)
        if s.about != "programmes":
            learn_near(
                rows, 1, state.cell_row, reach.asset, reach.first, state.assets.now["open"], people.knows
            )
        if s.about != "places":
            tell_of_programmes(state, rows)


def tell_of_programmes(state: State, rows: np.ndarray) -> None:
    """Let `rows` know of the plan's programmes that they could join."""
    for programme in state.programmes:
        if isinstance(programme, Membership) and programme.settings.when.strength(state.week) > 0:
            programme.aware[rows[programme.eligible[rows] > 0]] = 1
