"""Delivering community champions: who is looked for, who becomes active, what they tell, start and bring on."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from model import rng
from model.interventions.community_champions import CommunityChampions
from model.outcomes.delivery import Served
from model.parameters import WEEKS_A_YEAR
from model.processes import founding
from model.programmes.ahead import Doubt, Offer
from model.programmes.base import Programme, few_left, peak, real_people
from model.programmes.telling import make_known, tell_of_programmes
from model.state import State

NEARBY_KM = 3.0
"""How far a group may meet to which a champion brings somebody (judgement)."""


class CommunityChampionsProgramme(Programme):
    """Champions. Acts through news along their own ties, the founding of groups and the organising of others."""

    settings: CommunityChampions

    def zones(self, state: State) -> np.ndarray:
        return self.settings.zone_shares(state.place.zones) > 0

    def offer(self, state: State, weeks: int) -> Offer:
        full = peak(self.settings, weeks)
        return Offer("champions trained", "champions", self.settings.champions * full,
                     lambda sample: self.wanted(sample, full), room=True)  # fmt: skip

    def doubts(self, state: State, weeks: int) -> list[Doubt]:
        s = self.settings
        if not s.active_share:
            return [
                Doubt("active_share", "champions are trained, and none of them becomes active", False, "0")
            ]
        return few_left("active_share", "trained champions who become active", s.active_share,
                        self.wanted(state.sample, peak(s, weeks)))  # fmt: skip

    def wanted(self, sample: float, strength: float) -> int:
        """Champions, in residents, at a share simulated and a strength of delivery."""
        return round(self.settings.champions * strength * sample + 1e-9)

    def prepare(self, state: State) -> None:
        people = state.people
        self.key = state.key(f"programme/{self.label}")
        self.active = np.zeros(people.n, dtype=bool)
        self.trained = np.zeros(people.n, dtype=bool)
        self.told = np.zeros(people.n, dtype=bool)
        self.work_out(state)

    def work_out(self, state: State) -> None:
        self.eligible = self.meant(state)

    def strength(self, state: State) -> Hashable:
        # Who is active changes with people who stop; that they stop at the end is their own choice too.
        return tuple(np.flatnonzero(self.active).tolist())

    def contribute(self, state: State) -> None:
        s, p = self.settings, state.parameters
        if not self.active.any() or s.leaders == "professional":
            return
        rows = np.flatnonzero(self.active)
        state.quantities.add("founding", 1000.0 * s.starts_per_year / p.group_found, rows)
        state.quantities.add("organising", s.brings_on, rows)

    def hear(self, state: State) -> None:
        """Active champions tell a strong tie of the nearest places and programmes, and bring them to a group nearby."""
        s, people, ties = self.settings, state.people, state.ties
        rows = state.in_order(np.flatnonzero(self.active & (ties.strong_degree > 0)))
        if not len(rows):
            return
        often = rng.uniform(self.key, people.id[rows], state.clock, 0) < s.tells_per_week
        rows = rows[often]
        pick = (rng.uniform(self.key, people.id[rows], state.clock, 1) * ties.strong_degree[rows]).astype(
            np.int64
        )
        told = np.unique(ties.strong[rows, pick]).astype(np.int64)
        make_known(state, told, 1)
        tell_of_programmes(state, told)
        for row in state.in_order(told):
            founding.show_group(state, int(row), NEARBY_KM, known=True)
        self.joined_now += real_people(state, told[~self.told[told]])
        self.told[told] = True

    def recruit(self, state: State) -> None:
        """Champions stop, and new ones are looked for while the programme runs."""
        s, people = self.settings, state.people
        rows = np.flatnonzero(self.active)
        if len(rows):
            leaves = 1.0 - s.stays ** (1.0 / WEEKS_A_YEAR)
            self.active[rows[rng.uniform(self.key, people.id[rows], state.clock, 2) < leaves]] = False
        strength = s.when.strength(state.week)
        if strength > 0:
            wanted = self.wanted(state.sample, strength) - int(self.trained.sum())
            if wanted > 0:
                self.train(state, wanted)
        elif s.leaders == "professional":
            self.active[:] = False  # paid hours end with the money

    def train(self, state: State, wanted: int) -> None:
        """Train `wanted` more people by the rule of seeding; some become active, and organise the group they are in."""
        people = state.people
        asked = self.eligible & self.settings.who.levels[people.level]
        pool = np.flatnonzero(asked & ~self.trained & (people.ill == 0))
        lots = rng.uniform(state.key(f"programme/{self.label}/seeding"), people.id)
        found = _SEEDING[self.settings.seeding](state, pool, lots, wanted)
        self.trained[found] = True
        takes = rng.uniform(state.key(f"programme/{self.label}/takes"), people.id[found])
        ready = found[takes < self.settings.active_share]
        self.active[ready] = True
        if self.settings.leaders == "peer":
            for row in state.in_order(ready):
                founding.show_group(state, int(row), NEARBY_KM, known=True)
            # Whoever is in a group helps to organise it.
            state.people.organiser[ready[people.group[ready] >= 0]] = 1

    def served(self, state: State) -> list[Served]:
        """Active champions against those paid for, and people told for the first time; no venue."""
        s = self.settings
        room = s.champions * s.when.strength(state.week)
        told = {"members": real_people(state, self.active), "joined": self.joined_now, "room": room}
        return [Served("champion", np.array([-1]), told)]

    def ever_joined(self, state: State) -> np.ndarray:
        return self.trained | self.told

    def stocks(self, state: State) -> dict[str, float]:
        return {"members": real_people(state, self.active), "waiting": 0.0}


def _least(pool: np.ndarray, lots: np.ndarray, wanted: int, *by: np.ndarray) -> np.ndarray:
    """The first `wanted` of `pool` in rising order of `by` (n,), then of lots."""
    order = np.lexsort((lots[pool], *(values[pool] for values in reversed(by))))
    return pool[order[:wanted]]


def _clustered(state: State, pool: np.ndarray, lots: np.ndarray, wanted: int) -> np.ndarray:
    """Somebody by lot and all their strong ties in the pool, then somebody else."""
    ties, inside = state.ties, np.zeros(state.people.n, dtype=bool)
    inside[pool] = True
    found: list[int] = []
    for row in _least(pool, lots, len(pool)):
        for one in (row, *ties.strong[row, : ties.strong_degree[row]]):
            if inside[one] and len(found) < wanted:
                inside[one] = False
                found.append(int(one))
        if len(found) >= wanted:
            break
    return np.array(found, dtype=np.int64)


def _connected(state: State, pool: np.ndarray, lots: np.ndarray, wanted: int) -> np.ndarray:
    """People whose week was mostly spent where most people went."""
    place = state.people.place
    visits = np.append(state.assets.visits, 0)  # the last stands for around home
    return _least(pool, lots, wanted, -visits[place])


_SEEDING = {
    "random": lambda state, pool, lots, wanted: _least(pool, lots, wanted),
    "popular": lambda state, pool, lots, wanted: _least(
        pool, lots, wanted, -state.ties.strong_degree.astype(int)
    ),
    "least_active": lambda state, pool, lots, wanted: _least(pool, lots, wanted, state.people.minutes_mean),
    "clustered": _clustered,
    "connected_place": _connected,
}
