"""Membership: eligible people hear of a programme, want in, wait, come, and go. Shared by programmes with places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import model
from model import kernels, processes
from model.arguments import columns_of, settings_of
from model.delivery.programme import Programme, real_people
from model.outcomes.record import UNIT
from model.population.columns import WORK
from model.population.status import COMPLETED, MEMBER, WAITING

if TYPE_CHECKING:
    from model.parameters import Parameters
    from model.population.people import People
    from model.state import State


AT_WORK = np.array([{"part_time": 0.5, "full_time": 1.0, "long_hours": 1.0}.get(work, 0.0) for work in WORK])
"""Share of weekday mornings that work takes, by `work`."""
GO_ON = "groups go on by themselves where a member volunteers to organise them; the others end"
"""What is left of groups when their money ends."""


def lasting_uptake(people: People, p: Parameters, distance_km: np.ndarray, peer: bool) -> np.ndarray:
    """(n,) float32 logits of taking up a free group: what does not change from week to week.

    Sources: ledger/programmes.yaml, entries uptake_*.
    """
    u = np.full(people.n, p.uptake_base, dtype=np.float64)
    u += p.uptake_female * (people.sex == 0)
    u += p.uptake_older * ((people.age >= 55) & (people.age < 85))
    u += p.uptake_knowhow * people.knowhow
    u += p.uptake_limited * (people.disability == 2)
    if peer:
        u += p.uptake_peer
    else:
        u += p.uptake_minority * (people.ethnicity > 0)
    u += p.uptake_distance * np.minimum(distance_km, 5.0)
    if p.uptake_rule == "by_group":
        # Walks are led on weekday mornings.
        u += p.uptake_working * AT_WORK[people.work]
    return u.astype(np.float32)


def _settings(state: State) -> Any:
    p = state.parameters
    let_down_leaves = p.first_leaves if p.setbacks == "some" else 0.0
    return settings_of(kernels.joining.JoiningSettings, p, let_down_leaves=let_down_leaves)


class Membership(Programme):
    """A programme with members. Subclasses say where it meets, who is eligible, and how many places there are."""

    kind = 0
    """Index of the kind of activity done together (walking for leisure)."""

    def start_membership(self, state: State) -> None:
        """Make the columns of this programme's own: all (n,). Who is eligible is for `work_out` to say."""
        n = state.people.n
        self.key = state.key(f"programme/{self.label}")
        self.news_key = state.key(f"programme/{self.label}/news")
        self.eligible = np.zeros(n, np.uint8)
        self.aware = np.zeros(n, np.uint8)
        self.status = np.zeros(n, np.uint8)
        self.since = np.zeros(n, np.int32)
        self.asked = np.zeros(n, np.int32)
        self.risk = np.ones(n, np.float32)
        self.tried = np.zeros(n, np.uint8)
        self.site = np.zeros(n, np.int32)
        self.site_asset = np.full(1, -1, np.int32)
        self.pool = np.zeros(1, np.int64)
        self.draw = model.rng.uniform(state.key(f"programme/{self.label}/uptake"), state.people.id).astype(
            np.float32
        )
        self.joined_ever = np.zeros(n, dtype=bool)
        self.newcomers: list[np.ndarray] = []
        self.completers: list[np.ndarray] = []

    def members(self) -> np.ndarray:
        """(n,) uint8: who is a member now."""
        member: np.ndarray = (self.status == MEMBER).astype(np.uint8)
        return member

    def spread_word(self, state: State, invite: float) -> None:
        """Let eligible people hear of it: from the programme itself, and from ties who go."""
        joining, before = kernels.joining, self.aware.copy() if processes.repertoire.on(state) else None
        hearing = joining.Hearing(self.eligible, self.members(), self.aware, invite)
        ties = columns_of(kernels.slots.Network, state.ties)
        state.chunks.run(
            joining.hear,
            _settings(state),
            self.key,
            self.news_key,
            state.clock,
            state.people.id,
            hearing,
            ties,
        )
        if before is not None:
            processes.repertoire.hear(state, np.flatnonzero(self.aware > before), self.kind)

    def list_wanting(self, state: State, lasting: np.ndarray) -> None:
        """Put on the list who wants to join this week."""
        joining, people = kernels.joining, state.people
        wanting = columns_of(
            joining.Wanting, self, lasting=lasting, member=self.members(), levels=self.settings.who.levels
        )
        ties = columns_of(kernels.slots.Network, state.ties)
        state.chunks.run(
            joining.want, _settings(state), state.clock, people.level, people.motivation, wanting, ties
        )

    def admit(self, state: State, places: np.ndarray) -> None:
        """Take in as many as there is room for: places: (sites,) places now, in residents."""
        waiting, inside = self.status == WAITING, self.status == MEMBER
        self.enrol(state, self.first_in_line(state, waiting, inside, self.asked, places))

    def first_in_line(self, state: State, waiting: np.ndarray, inside: np.ndarray, asked: np.ndarray,
                      places: np.ndarray) -> np.ndarray:  # fmt: skip
        """Rows of those who waited longest while their pool of sites has room.

        waiting, inside: (n,) bool; asked: (n,) week in which each asked; places: (sites,) places now, in residents;
        `pool`: (sites,) which sites share theirs (`sites.sharing`).
        """
        pool = self.pool[self.site]
        places = np.bincount(self.pool, places).astype(np.int64)
        room = places - np.bincount(pool[inside], minlength=len(places))
        rows = np.flatnonzero(waiting)
        rows = rows[room[pool[rows]] > 0]
        order = rows[np.lexsort((state.people.id[rows], self.draw[rows], asked[rows]))]
        sites = pool[order]
        # Position of each waiting person in the queue of their own pool.
        by_site = np.argsort(sites, kind="stable")
        first = np.searchsorted(sites[by_site], np.arange(len(places)))
        position = np.empty(len(order), dtype=np.int64)
        position[by_site] = np.arange(len(order)) - first[sites[by_site]]
        taken: np.ndarray = order[position < room[sites]]
        return taken

    def enrol(self, state: State, rows: np.ndarray) -> None:
        """Make `rows` members from now on."""
        self.status[rows] = MEMBER
        self.since[rows] = state.clock
        self.joined_ever[rows] = True
        self.joined_now += real_people(state, rows)
        self.newcomers.append(rows)

    def complete(self, state: State, rows: np.ndarray) -> None:
        """Count `rows` (bool or indices) as having completed."""
        self.completed_now += real_people(state, rows)
        self.completers.append(np.flatnonzero(rows) if rows.dtype == bool else rows)

    def lose(self, state: State, status: np.ndarray, since: np.ndarray) -> None:
        """Let members by `status` drop out, who are in it `since` those weeks: both (n,), `status` is changed."""
        members = kernels.joining.Staying(self.risk, self.tried, since, status)
        state.chunks.run(
            kernels.joining.drop, _settings(state), self.key, state.clock, state.people.id, members
        )

    def finish(self, state: State, after_weeks: int, leaves: bool) -> None:
        """Count members who reach `after_weeks` of membership as having completed; let them go when it `leaves`."""
        done = (self.status == MEMBER) & (state.clock - self.since == after_weeks)
        self.complete(state, done)
        if leaves:
            self.status[done] = COMPLETED

    def go_on_alone(self, state: State, rows: np.ndarray, since: np.ndarray, size: int, share: float) -> None:
        """Money ends: each group of `size` goes on by itself where a member volunteers to organise it, or ends.

        rows: of members; since: (n,) week in which each came into the group; share: of the usual chance to volunteer.
        """
        members = state.in_order(rows)
        if not len(members) or state.parameters.groups != "living":
            return
        lots = model.rng.uniform(self.key, state.people.id, state.clock, 4)
        # Site after site, but cut without regard to them: in a sample a site has but a part of its group.
        members = members[np.argsort(self.site[members], kind="stable")]
        for first in range(0, len(members), size):
            here = members[first : first + size]
            place = int(self.site_asset[self.site[here[0]]])
            processes.founding.carry_on(state, state.in_order(here), self.kind, place, share, since, lots)

    def turn_up(self, state: State, status: np.ndarray, times: int, length: float) -> None:
        """Let members by `status` (n,) attend, `times` chances a week of `length` minutes."""
        joining = kernels.joining
        p = state.parameters
        disappoints = p.first_disappoints if p.setbacks == "some" else -1.0
        session = joining.Session(float(p.attendance), times, length, self.kind, disappoints)
        members = columns_of(joining.Members, self, status=status)
        people = columns_of(joining.Attending, state.people)
        state.chunks.run(joining.attend, self.key, state.clock, session, members, people)

    def flows(self, state: State) -> dict[str, float]:
        self.newcomers, self.completers = [], []
        return super().flows(state)

    def at_sites(self, state: State, rows: np.ndarray) -> np.ndarray:
        """(sites,) real people that the residents in `rows` (indices) stand for, by their site."""
        return np.bincount(self.site[rows], state.weight[rows], len(self.site_asset)) / UNIT

    def ever_joined(self, state: State) -> np.ndarray:
        return self.joined_ever

    def stocks(self, state: State) -> dict[str, float]:
        return {
            "members": real_people(state, self.status == MEMBER),
            "waiting": real_people(state, self.status == WAITING),
        }
