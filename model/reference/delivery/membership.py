"""Membership: eligible people hear of a programme, want in, wait, come, and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from model.reference.acts import groups, repertoire
from model.reference.acts.news import one_tie
from model.reference.arithmetic import draws, logistic, quantile_of_binomial, single
from model.reference.delivery.programme import Programme, real_people
from model.reference.delivery.sites import Site
from model.reference.delivery.targeting import asks

if TYPE_CHECKING:
    from model.reference.resident import Resident

UNTRIED, TRIED, LET_DOWN = range(3)
NEVER, WAITING, MEMBER, LEFT, COMPLETED = range(5)
WALKING = 0
"""The kind of activity done together: walking for leisure."""


class Card:
    """What one programme knows of one resident."""

    def __init__(self, resident: Resident, eligible: bool, draw: float) -> None:
        self.resident, self.eligible = resident, eligible
        self.draw = draw
        """One number for this person and programme, so that more places only add people."""
        self.aware = self.told = False
        self.status = NEVER
        self.since = self.asked = 0
        self.risk = 1.0
        self.site = 0
        self.lasting = 0.0
        self.joined_ever = False
        self.tried = UNTRIED
        # Social prescribing only: the group that a plan led on to, or the list for it.
        self.group, self.group_since, self.listed = False, 0, False
        self.lots: dict[str, float] = {}
        self.rate = self.turn = 0.0


class Membership(Programme):
    """A programme with members."""

    def open_books(self, eligible: list[bool]) -> None:
        """A card for every resident."""
        town = self.town
        self.key = town.key(f"programme/{self.label}")
        self.news_key = town.key(f"programme/{self.label}/news")
        self.cards = [Card(resident, yes, self.lot(resident, "uptake"))
                      for resident, yes in zip(town.residents, eligible, strict=True)]  # fmt: skip
        self.sites: list[Site] = []

    COLUMNS: tuple[str, ...] = (
        "eligible",
        "aware",
        "status",
        "since",
        "asked",
        "risk",
        "site",
        "draw",
        "joined_ever",
        "tried",
    )

    def columns(self) -> dict[str, list[Any]]:
        """What stands on the cards."""
        return {name: [getattr(card, name) for card in self.cards] for name in self.COLUMNS}

    def lot(self, resident: Resident, purpose: str) -> float:
        """A lot drawn once for one person, purpose and programme."""
        u, _, _, _ = draws(self.town.key(f"programme/{self.label}/{purpose}"), resident.id)
        return single(u)

    def card(self, resident: Resident) -> Card:
        """The card of a resident."""
        return self.cards[resident.row]

    def spread_word(self, invite: float) -> None:
        """People are told by a tie who goes, or hear from the programme itself."""
        town = self.town
        # One tie is asked, so the chance is raised to that of hearing from any of about twenty.
        passes_on = min(1.0, 20.0 * town.parameters.news_programme)
        for card in self.cards:
            card.told = False
            if card.aware:
                continue
            which, u, _, _ = draws(self.news_key, card.resident.id, week=town.clock)
            friend = one_tie(card.resident, which)
            card.told = friend is not None and self.card(friend).status == MEMBER and u < passes_on
        for card in self.cards:
            if card.eligible and not card.aware:
                u, _, _, _ = draws(self.key, card.resident.id, week=town.clock, slot=0)
                card.aware = card.told or u < invite
                if card.aware:
                    repertoire.hear(card.resident, WALKING)

    def list_wanting(self) -> None:
        """People of the asked levels who know of it and were never in decide whether they want to join."""
        p = self.town.parameters
        for card in self.cards:
            resident = card.resident
            if not (
                card.eligible and card.aware and card.status == NEVER and asks(self.settings.who, resident)
            ):
                continue
            friend_goes = any(self.card(friend).status == MEMBER for friend in resident.friends)
            u = (
                card.lasting
                + p.uptake_motivation * resident.motivation
                + (p.uptake_friend if friend_goes else 0.0)
            )
            if card.draw < logistic(u):
                card.status = WAITING
                card.asked = self.town.clock

    def admit(self, places: list[int]) -> None:
        """Take in as many as there is room for."""
        waiting = [card for card in self.cards if card.status == WAITING]
        waiting.sort(key=lambda card: (card.asked, card.draw, card.resident.id))
        self.enrol(self.first_in_line(waiting, self.members(), places))

    def first_in_line(self, waiting: list[Card], inside: list[Card], places: list[int]) -> list[Card]:
        """Each pool of sites takes in those who waited longest while it has room; in a sample sites may share."""
        room = [0] * len(self.sites)
        for number, site in enumerate(self.sites):
            room[site.pool] += places[number]
        for card in inside:
            room[self.sites[card.site].pool] -= 1
        admitted = []
        for card in waiting:
            pool = self.sites[card.site].pool
            if room[pool] > 0:
                room[pool] -= 1
                admitted.append(card)
        return admitted

    def enrol(self, cards: list[Card]) -> None:
        """Make people members from now on."""
        for card in cards:
            card.status, card.since, card.joined_ever = MEMBER, self.town.clock, True
        self.joined_now += real_people([card.resident for card in cards])

    def lose(self) -> None:
        """People waiting give up; members drop out, mostly in the first weeks."""
        town = self.town
        for card in self.cards:
            if card.status not in (WAITING, MEMBER):
                continue
            u, _, _, _ = draws(self.key, card.resident.id, week=town.clock, slot=1)
            gone = town.parameters.give_up if card.status == WAITING else self.leaves(card, card.since)
            if u < gone:
                card.status = LEFT

    def leaves(self, card: Card, since: int) -> float:
        """Chance of a member to leave this week; more after a first session that disappointed, until they come again."""
        gone = self.hazard(since) * card.risk
        if card.tried == LET_DOWN:
            gone = 1.0 - (1.0 - gone) * (1.0 - self.town.parameters.first_leaves)
        return gone

    def hazard(self, since: int) -> float:
        """Chance to leave in a week by time in the group: weeks 1-6, 7-24, later."""
        p, tenure = self.town.parameters, self.town.clock - since
        return p.drop_early if tenure <= 6 else (p.drop_middle if tenure <= 24 else p.drop_late)

    def finish(self, after_weeks: int, leaves: bool) -> None:
        """Members reach the weeks that count as having completed; they go when it `leaves` them no longer place."""
        done = [
            card
            for card in self.cards
            if card.status == MEMBER and self.town.clock - card.since == after_weeks
        ]
        self.completed_now += real_people([card.resident for card in done])
        if leaves:
            for card in done:
                card.status = COMPLETED

    def turn_up(self, cards: list[Card], times: int, minutes: float) -> None:
        """Members come or not, `times` chances a week; nobody ill comes."""
        town = self.town
        chance = float(town.parameters.attendance)
        for card in cards:
            resident: Any = card.resident
            if resident.ill or resident.stopped(WALKING):
                continue
            u = draws(self.key, resident.id, week=town.clock, slot=2)
            rare = 1.0 - chance if chance > 0.5 else chance
            came = quantile_of_binomial(u[0], times, rare / (1.0 - rare), chance > 0.5)
            if came > 0:
                if town.parameters.setbacks == "some":
                    first = card.tried == UNTRIED
                    card.tried = LET_DOWN if first and u[1] < town.parameters.first_disappoints else TRIED
                # Somebody may belong to two groups: the week holds both, and the place is the one of the larger.
                if came > resident.group_sessions:
                    resident.group_kind, resident.group_place = WALKING, self.sites[card.site].asset
                resident.group_sessions += came
                resident.group_minutes = single(resident.group_minutes + came * minutes)

    def go_on_alone(self, members: list[tuple[Card, int]], size: int, share: float) -> None:
        """Money ends: each group of `size` goes on by itself where a member volunteers to organise it, or ends.

        members: cards, and since when each is in their group; share: of the usual chance to volunteer.
        """
        if self.town.parameters.groups != "living":
            return
        # Site after site, but cut without regard to them: in a sample a site has but a part of its group.
        members = sorted(members, key=lambda one: (one[0].site, one[0].resident.id))
        for first in range(0, len(members), size):
            here = members[first : first + size]
            site = self.sites[here[0][0].site]
            self.carry_on(sorted(here, key=lambda one: one[0].resident.id), site, share)

    def carry_on(self, members: list[tuple[Card, int]], site: Site, share: float) -> None:
        """One group goes on by itself if somebody long enough in it, and in no other group, volunteers."""
        town = self.town
        p = town.parameters
        free = [(card.resident, since) for card, since in members if card.resident.group is None]
        volunteers = []
        for resident, since in free:
            u, _, _, _ = draws(self.key, resident.id, week=town.clock, slot=4)
            limit = p.found_knowhow_limit
            able = float(np.exp(p.found_knowhow * min(max(resident.knowhow, -limit), limit)))
            if town.clock - since >= p.organiser_tenure and u < p.volunteers * share * able:
                volunteers.append(resident)
        if not volunteers or len(free) < p.group_least:
            return
        group = groups.start(volunteers[0], WALKING, site.asset, "programme")
        for resident, _ in free:
            resident.group, resident.group_since = group, town.clock
        for resident in volunteers:
            resident.organiser = True
        groups.tell(town, "carried on", group, len(free))

    def members(self) -> list[Card]:
        """The cards of members."""
        return [card for card in self.cards if card.status == MEMBER]

    def has_reached(self, resident: Resident) -> bool:
        return self.card(resident).joined_ever

    def stocks(self) -> dict[str, float]:
        return {
            "members": real_people([card.resident for card in self.cards if card.status == MEMBER]),
            "waiting": real_people([card.resident for card in self.cards if card.status == WAITING]),
        }
