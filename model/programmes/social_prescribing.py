"""Delivering social prescribing: the practice refers, a link worker plans with the person, a group takes them in."""

from __future__ import annotations

import numpy as np

from model import rng
from model.interventions.social_prescribing import SocialPrescribing
from model.kernels.joining import COMPLETED, LEFT, MEMBER, NEVER, contacts
from model.outcomes.delivery import Served
from model.processes.joining import deprivation_risk
from model.programmes.ahead import Doubt, Offer, Spread
from model.programmes.base import few_left, full_weeks, whole_places
from model.programmes.membership import Membership
from model.programmes.sites import meeting_places, nearest_site
from model.programmes.telling import make_known
from model.programmes.walking_scheme import WalkingSchemeProgramme
from model.state import State

GROUP_MINUTES = 60.0
"""Length of a session of the group a plan leads on to; as a led walk's."""


class SocialPrescribingProgramme(Membership):
    """Link workers. Acts through motivation (meetings), knowing of places, and company in a group (experience)."""

    settings: SocialPrescribing

    def zones(self, state: State) -> np.ndarray:
        return self.settings.zone_shares(state.place.zones) > 0

    def offer(self, state: State, weeks: int) -> Offer:
        s, run = self.settings, range(weeks)
        seen = s.places_per_week * full_weeks(s, weeks)
        return Offer("people referred to link workers over the run", "link_workers", seen,
                     lambda sample: sum(self.places(week, sample) for week in run), room=True)  # fmt: skip

    def places(self, week: int, sample: float) -> int:
        """Residents who can be referred in a week of the scenario, at a share simulated."""
        return whole_places(self.settings.places_per_week * sample, self.settings.when, week)

    def spread(self, state: State, weeks: int) -> Spread:
        shares = self.settings.zone_shares(state.place.zones)
        return Spread(shares * self.offer(state, weeks).town, int((shares > 0).sum()), by_lot=True)

    def doubts(self, state: State, weeks: int) -> list[Doubt]:
        s = self.settings
        if not s.accept * s.engage:
            return [
                Doubt(key, "nobody who is referred starts on a plan", False, "0")
                for key in ("accept", "engage")
                if not getattr(s, key)
            ]
        referred = sum(self.places(week, state.sample) for week in range(weeks))
        return few_left("link_workers", "referred people who start on a plan", s.accept * s.engage, referred)

    def prepare(self, state: State) -> None:
        people, n = state.people, state.people.n
        self.start_membership(state)
        self.group = np.zeros(n, np.uint8)
        self.group_since = np.zeros(n, np.int32)
        self.led_on = np.zeros(0, np.int64)
        self.found = np.zeros(n, np.float64)
        self.lots = {
            name: rng.uniform(state.key(f"programme/{self.label}/{name}"), people.id).astype(np.float32)
            for name in ("accept", "engage", "onward")
        }
        self.work_out(state)

    def work_out(self, state: State) -> None:
        s, p, people = self.settings, state.parameters, state.people
        zones = state.place.zones
        shares = s.zone_shares(zones)
        self.eligible = self.meant(state).astype(np.uint8)
        self.site_asset, _ = meeting_places(state, (shares > 0).astype(float), "community_centre")
        self.site, _ = nearest_site(state, self.site_asset)
        self.risk = deprivation_risk(people.imd_quintile, p)
        # Referral: people with a condition come more often, people with little money are referred more.
        odds = p.referral_poor ** (1.0 - people.means)
        spread = shares / np.maximum(zones["residents"].to_numpy(float), 1.0)
        need = spread[people.zone] / max(spread.max(), 1e-12)
        self.rate = np.minimum(
            1.0, p.gp_visit * np.where(people.condition > 0, p.gp_visit_condition, 1.0) * odds
        )
        self.turn = np.maximum(need, 1e-9)
        self.meeting_gap = max(1, s.plan_weeks // s.sessions)

    def attend(self, state: State) -> None:
        """Members of the group that a plan led to turn up, for as long as they stay."""
        if self.group.any():
            self.turn_up(state, self._in_group(), 1, GROUP_MINUTES)

    def recruit(self, state: State) -> None:
        strength = self.settings.when.strength(state.week)
        self._leave_groups(state)
        self._plans(state)
        if strength > 0:
            self._refer(state)

    def served(self, state: State) -> list[Served]:
        """People with a link worker, who meet nowhere in particular; and the groups that plans led to, by venue.

        Room is what link workers have once plans fill it: people who can start in a week, times weeks of a plan.
        """
        s = self.settings
        plan = {
            **self.stocks(state), "joined": self.joined_now, "completed": self.completed_now,
            "room": s.places_per_week * s.plan_weeks * s.when.strength(state.week),
        }  # fmt: skip
        group = {
            "members": self.at_sites(state, np.flatnonzero(self.group)),
            "joined": self.at_sites(state, self.led_on),
        }
        return [Served("plan", np.array([-1]), plan), Served("group", self.site_asset, group)]

    def _refer(self, state: State) -> None:
        s, people = self.settings, state.people
        state.chunks.run(contacts, self.key, state.clock, self.rate, people.id, self.eligible, people.level,
                         s.who.levels, self.status, self.found)  # fmt: skip
        places = self.places(state.week, state.sample)
        rows = np.flatnonzero(self.found < 1.5)
        # A lot weighted by need: the smallest are referred while link workers have room.
        lots = -np.log(self.found[rows]) / self.turn[rows]
        if places < len(rows):
            first = lots <= np.partition(lots, places)[places]
            rows, lots = rows[first], lots[first]
        rows = rows[np.lexsort((people.id[rows], lots))][:places]
        refused = self.lots["accept"][rows] >= s.accept
        absent = self.lots["engage"][rows] >= s.engage
        self.status[rows[refused | absent]] = LEFT
        self.enrol(state, rows[~(refused | absent)])

    def _plans(self, state: State) -> None:
        """Meetings, what they make known, the way on to a group, and the end of plans."""
        s, p, people = self.settings, state.parameters, state.people
        rows = np.flatnonzero(self.status == MEMBER)
        self.led_on = rows[:0]
        if len(rows) == 0:
            return
        tenure = state.clock - self.since[rows]
        meeting = (tenure % self.meeting_gap == 0) & (tenure // self.meeting_gap <= s.sessions)
        people.motivation[rows[meeting]] += np.float32(p.plan_gain)
        make_known(state, rows[tenure == 1], int(p.plan_places))
        onward = rows[(tenure == self.meeting_gap) & (self.lots["onward"][rows] < p.onward_share)]
        if "walking_group" in s.onward:
            for programme in state.programmes:
                if isinstance(programme, WalkingSchemeProgramme):
                    onward = onward[~programme.introduce(state, onward)]
        if "community" in s.onward:
            self.group[onward] = 1
            self.group_since[onward] = state.clock
            self.led_on = onward
        ended = rows[tenure >= s.plan_weeks]
        self.complete(state, ended)
        self.status[ended] = COMPLETED

    def _leave_groups(self, state: State) -> None:
        """People drop out of the group a plan led to as they do from any."""
        if self.group.any():
            status = self._in_group()
            self.lose(state, status, self.group_since)
            self.group[status == LEFT] = 0

    def _in_group(self) -> np.ndarray:
        """(n,) status in the group that a plan led to, apart from the status of the plan."""
        return np.where(self.group == 1, MEMBER, NEVER).astype(np.uint8)
