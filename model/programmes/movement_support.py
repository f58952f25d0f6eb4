"""Delivering movement support: grants to groups by lot, coaching of organisers, an offer that brings people forward."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from model import rng
from model.interventions.movement_support import MovementSupport
from model.outcomes.delivery import Served
from model.outcomes.record import UNIT
from model.parameters import WEEKS_A_YEAR
from model.programmes.ahead import Doubt, Offer, Spread
from model.programmes.base import Programme, full_weeks, real_people, whole_places
from model.state import State


class MovementSupportProgramme(Programme):
    """Small grants. Acts through energy (grants), autonomy (strings), founding and organising; never on minutes."""

    settings: MovementSupport

    def zones(self, state: State) -> np.ndarray:
        return self.settings.zone_shares(state.place.zones) > 0

    def offer(self, state: State, weeks: int) -> Offer:
        s, run = self.settings, range(weeks)
        town = s.grants_per_year / WEEKS_A_YEAR * full_weeks(s, weeks)
        return Offer("grants over the run", "grants_per_year", town,
                     lambda sample: sum(self.grants(week, sample) for week in run))  # fmt: skip

    def grants(self, week: int, sample: float) -> int:
        """Whole grants in a week of the scenario, at a share simulated."""
        return whole_places(self.settings.grants_per_year / WEEKS_A_YEAR * sample, self.settings.when, week)

    def spread(self, state: State, weeks: int) -> Spread:
        shares = self.settings.zone_shares(state.place.zones)
        return Spread(shares * self.offer(state, weeks).town, int((shares > 0).sum()), by_lot=True)

    def doubts(self, state: State, weeks: int) -> list[Doubt]:
        s = self.settings
        if s.trigger_week is None or s.trigger_week < weeks:
            return []
        return [Doubt("trigger_week", f"stirs nobody: the run ends before week {weeks}", False,
                      str(s.trigger_week), f"0 to {weeks - 1}")]  # fmt: skip

    def prepare(self, state: State) -> None:
        self.key = state.key(f"programme/{self.label}")
        self.reached = np.zeros(state.people.n, dtype=bool)
        self.granted: set[int] = set()
        self.newly = self.newly_at = np.zeros(0, np.int64)
        self.found = 1.0
        """Share of this week's grants that find a group; in weeks without a whole one, whether one would."""
        self.work_out(state)

    def work_out(self, state: State) -> None:
        zones = state.place.zones
        spread = self.settings.zone_shares(zones) / np.maximum(zones["residents"].to_numpy(float), 1.0)
        self.eligible = self.meant(state)
        self.turn = np.maximum(spread / max(spread.max(), 1e-12), 1e-9)

    def stirred(self, state: State) -> bool:
        """Whether the event stirs people up this week."""
        start = self.settings.trigger_week
        return start is not None and start <= state.week < start + self.settings.trigger_weeks

    def strength(self, state: State) -> Hashable:
        return self.settings.when.strength(state.week), self.stirred(state)

    def contribute(self, state: State) -> None:
        s, strength = self.settings, self.settings.when.strength(state.week)
        if strength > 0 and s.spur:
            state.quantities.add("founding", s.spur * strength * self.eligible)
        if strength > 0 and s.coaching and s.strings == "none":
            state.quantities.add("organising", s.coaching * strength * self.eligible)
        if self.stirred(state):
            state.quantities.add("founding", s.trigger_spur * self.eligible)
            state.quantities.add("urgency", 1.0 * self.eligible)

    def recruit(self, state: State) -> None:
        """Make this week's grants; members of groups that had one have been reached."""
        s, groups, people = self.settings, state.groups, state.people
        strength = s.when.strength(state.week)
        self.found = 0.0
        self.newly = self.newly_at = np.zeros(0, np.int64)
        if strength > 0 and groups.n:
            self.make_grants(state, self.grants(state.week, state.sample))
        if self.granted:
            ours = np.isin(people.group, sorted(self.granted)) & ~self.reached
            self.reached |= ours
            self.joined_now += real_people(state, ours)
            self.newly = np.flatnonzero(ours)
            self.newly_at = groups.place[people.group[self.newly]]

    def make_grants(self, state: State, grants: int) -> None:
        """Give `grants` to groups alive, here and without a grant, by lot weighted by the need of the founder's zone."""
        s, groups, people = self.settings, state.groups, state.people
        founders = state.row_of(groups.founder)
        open_to = groups.alive & (groups.supported <= state.clock) & self.eligible[founders]
        rows = np.flatnonzero(open_to)
        self.found = min(len(rows) / max(grants, 1), 1.0)
        lots = (
            -np.log(rng.uniform(self.key, groups.founder[rows], state.clock))
            / self.turn[people.zone[founders[rows]]]
        )
        for number in rows[np.lexsort((rows, lots))][:grants]:
            groups.supported[number] = state.clock + s.grant_weeks
            groups.strings[number] = s.strings == "heavy"
            groups.tell(state.clock, "grant", int(number), 0)
            self.granted.add(int(number))

    def costs(self, state: State) -> dict[str, float]:
        """What was planned, less the grants that found no group: money not spent."""
        s, strength = self.settings, self.settings.when.strength(state.week)
        kept = (1.0 - self.found) * min(s.grants_a_week, s.price.per_week) * strength
        return {**super().costs(state), "grants_not_paid": -kept}

    def served(self, state: State) -> list[Served]:
        """Groups with a grant, and the people in them, where they meet."""
        groups, group = state.groups, state.people.group
        ours = np.array([number for number in sorted(self.granted) if groups.alive[number]], dtype=np.int64)
        inside = np.flatnonzero(np.isin(group, ours))
        asset = np.unique(np.concatenate([groups.place[ours], self.newly_at]))

        def there(places: np.ndarray, weight: np.ndarray) -> np.ndarray:
            return np.bincount(np.searchsorted(asset, places), weight, len(asset)) / UNIT

        return [
            Served("grant", asset, {
                "members": there(groups.place[group[inside]], state.weight[inside]),
                "joined": there(self.newly_at, state.weight[self.newly]),
                "groups": there(groups.place[ours], groups.weight[ours]),
            })
        ]  # fmt: skip

    def ever_joined(self, state: State) -> np.ndarray:
        return self.reached

    def stocks(self, state: State) -> dict[str, float]:
        ours = np.isin(state.people.group, sorted(self.granted))
        return {"members": real_people(state, ours), "waiting": 0.0}
