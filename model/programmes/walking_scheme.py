"""Delivering led walks: groups meet near their zones; people hear, join, come, drift off or stay."""

from __future__ import annotations

import numpy as np

from model import rng
from model.interventions.walking_scheme import WalkingScheme
from model.kernels.joining import LEFT, MEMBER, NEVER, WAITING
from model.outcomes.delivery import Served
from model.processes import founding
from model.processes.joining import deprivation_risk
from model.programmes.ahead import Doubt, Offer, Spread
from model.programmes.base import peak
from model.programmes.membership import Membership, lasting_uptake
from model.programmes.sites import meeting_places, nearest_site, sharing, whole
from model.state import State


class WalkingSchemeProgramme(Membership):
    """Led walks. Acts through news, company on walks (experience, habit) and the walk itself."""

    settings: WalkingScheme

    def prepare(self, state: State) -> None:
        self.start_membership(state)
        self.work_out(state)

    def work_out(self, state: State) -> None:
        s, p, people = self.settings, state.parameters, state.people
        self.eligible = self.meant(state).astype(np.uint8)
        self.site_asset, self.books = self.groups(state)
        self.site, distance_km = nearest_site(state, self.site_asset)
        self.site_groups = np.rint(self.books * p.attendance / s.group_size)
        x_m, y_m = state.assets.x_m[self.site_asset], state.assets.y_m[self.site_asset]
        number = self.site_groups.astype(np.int64)
        self.pool = sharing(x_m, y_m, number, float(self.books.sum()) * state.sample)
        self.lasting = lasting_uptake(people, p, distance_km, s.leaders == "peer")
        alike = p.drop_alike if s.similar_age else 1.0
        self.risk = (deprivation_risk(people.imd_quintile, p) * alike).astype(np.float32)

    def groups(self, state: State) -> tuple[np.ndarray, np.ndarray]:
        """Where groups meet, and the places on the books there: both (sites,)."""
        s = self.settings
        zone_groups = whole(s.zone_shares(state.place.zones), s.groups)
        sites, site_groups = meeting_places(state, zone_groups, s.start)
        # Members come only some weeks, so a group of twelve has more on its books.
        return sites, site_groups * (s.group_size / state.parameters.attendance)

    def places(self, books: np.ndarray, sample: float, strength: float) -> np.ndarray:
        """(sites,) places in residents, at a share simulated and a strength of delivery."""
        return whole(books.astype(np.float64), float(books.sum()) * sample * strength)

    def offer(self, state: State, weeks: int) -> Offer:
        books, full = self.groups(state)[1], peak(self.settings, weeks)
        return Offer("places on the books of its groups", "groups", float(books.sum()) * full,
                     lambda sample: int(self.places(books, sample, full).sum()), room=True)  # fmt: skip

    def spread(self, state: State, weeks: int) -> Spread:
        s, shares = self.settings, self.settings.zone_shares(state.place.zones)
        books = s.group_size / state.parameters.attendance * peak(s, weeks)
        return Spread(whole(shares, s.groups) * books, int((shares > 0).sum()))

    def doubts(self, state: State, weeks: int) -> list[Doubt]:
        if self.settings.invite_per_week:
            return []
        return [Doubt("invite_per_week", "nobody hears of it from the scheme itself; unless another plan tells of "
                      "it, nobody joins", False, "0")]  # fmt: skip

    def hear(self, state: State) -> None:
        strength = self.settings.when.strength(state.week)
        if strength > 0:
            self.spread_word(state, self.settings.invite_per_week * strength)

    def attend(self, state: State) -> None:
        if self.settings.when.strength(state.week) > 0:
            self.turn_up(state, self.status, self.settings.walks_per_week, float(self.settings.minutes))

    def recruit(self, state: State) -> None:
        strength = self.settings.when.strength(state.week)
        if strength <= 0:
            self.close(state)
            return
        self.lose(state, self.status, self.since)
        length = self.settings.length_weeks
        self.finish(state, length or int(state.parameters.complete_weeks), leaves=length is not None)
        self.list_wanting(state, self.lasting)
        self.admit(state, self.places(self.books, state.sample, strength))

    def served(self, state: State) -> list[Served]:
        """Members and people waiting at each venue, and the places its groups have on their books."""
        strength = self.settings.when.strength(state.week)
        rows = [np.flatnonzero(self.status == status) for status in (MEMBER, WAITING)]
        rows += [np.concatenate([*told, []]).astype(np.int64) for told in (self.newcomers, self.completers)]
        names = ("members", "waiting", "joined", "completed")
        told = {name: self.at_sites(state, here) for name, here in zip(names, rows, strict=True)}
        room, groups = self.books * strength, self.site_groups * (strength > 0)
        return [Served("group", self.site_asset, {**told, "room": room, "groups": groups})]

    def introduce(self, state: State, rows: np.ndarray) -> np.ndarray:
        """Put people whom somebody brings along on the list; returns which of `rows` it takes, (rows,) bool."""
        running = self.settings.when.strength(state.week) > 0
        taken = (self.eligible[rows] == 1) & (self.status[rows] == NEVER) & running
        self.aware[rows[taken]] = 1
        self.status[rows[taken]] = WAITING
        self.asked[rows[taken]] = state.clock
        return taken

    def close(self, state: State) -> None:
        """When money ends, groups go on by themselves where members volunteer to organise them; the others end."""
        members = state.in_order(np.flatnonzero(self.status == MEMBER))
        if len(members) and state.parameters.groups == "living":
            size = max(round(self.settings.group_size / state.parameters.attendance), 2)
            share = 1.0 if self.settings.leaders == "peer" else float(state.parameters.carry_on_professional)
            lots = rng.uniform(self.key, state.people.id, state.clock, 4)
            # Site after site, but cut without regard to them: in a sample a site has but a part of its group.
            members = members[np.argsort(self.site[members], kind="stable")]
            for first in range(0, len(members), size):
                here = members[first : first + size]
                place = int(self.site_asset[self.site[here[0]]])
                founding.carry_on(state, state.in_order(here), self.kind, place, share, self.since, lots)
        self.status[(self.status == WAITING) | (self.status == MEMBER)] = LEFT
