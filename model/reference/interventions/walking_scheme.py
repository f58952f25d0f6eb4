"""Led walks: groups meet near their zones; people hear, join, come, drift off or stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.reference.acts import groups
from model.reference.acts.joining import deprivation_risk
from model.reference.arithmetic import draws, single, whole_numbers
from model.reference.delivery.membership import LEFT, MEMBER, NEVER, WAITING, WALKING, Card, Membership
from model.reference.delivery.sites import Site, meeting_places, nearest_site, share_places
from model.reference.delivery.targeting import chosen_zones, is_for, zone_shares, zones_of

if TYPE_CHECKING:
    from model.reference.resident import Resident


class WalkingScheme(Membership):
    """Led walks. They act through news, company on walks (experience, habit) and the walk itself."""

    def prepare(self) -> None:
        s, town = self.settings, self.town
        p = town.parameters
        zones = zones_of(town)
        chosen = chosen_zones(s.where, zones)
        self.open_books([is_for(s.who, resident) and chosen[resident.zone] for resident in town.residents])
        of_zone = whole_numbers(zone_shares(s, zones), s.groups)
        self.sites = meeting_places(town, zones, of_zone, s.start)
        # Members come only some weeks, so a group of twelve has more on its books.
        self.books = [site.groups * (s.group_size / p.attendance) for site in self.sites]
        for card in self.cards:
            card.site, distance_km = nearest_site(card.resident, self.sites)
            card.lasting = lasting_uptake(card.resident, distance_km, s.leaders == "peer")
            alike = p.drop_alike if s.similar_age else 1.0
            card.risk = single(deprivation_risk(town, card.resident) * single(alike))
        share_places(self.sites, float(np.sum(self.books)) * town.sample)

    def hear(self) -> None:
        if self.delivered() > 0:
            self.spread_word(self.settings.invite_per_week * self.delivered())

    def attend(self) -> None:
        if self.delivered() > 0:
            self.turn_up(self.members(), self.settings.walks_per_week, float(self.settings.minutes))

    def recruit(self) -> None:
        strength = self.delivered()
        if strength <= 0:
            self.close()
            return
        self.lose()
        length = self.settings.length_weeks
        self.finish(length or int(self.town.parameters.complete_weeks), leaves=length is not None)
        self.list_wanting()
        wanted = float(np.sum(self.books)) * self.town.sample * strength
        self.admit(whole_numbers(self.books, wanted))

    def introduce(self, resident: Resident) -> bool:
        """Put somebody whom a link worker brings along on the list; whether the walks take them."""
        card = self.card(resident)
        if not (self.delivered() > 0 and card.eligible and card.status == NEVER):
            return False
        card.aware, card.status, card.asked = True, WAITING, self.town.clock
        return True

    def close(self) -> None:
        """When money ends, groups go on by themselves where members volunteer to organise them; the others end."""
        p = self.town.parameters
        if p.groups == "living":
            size = max(round(self.settings.group_size / p.attendance), 2)
            share = 1.0 if self.settings.leaders == "peer" else p.carry_on_professional
            # Site after site, but cut without regard to them: in a sample a site has but a part of its group.
            members = sorted(self.members(), key=lambda card: (card.site, card.resident.id))
            for first in range(0, len(members), size):
                here = members[first : first + size]
                site = self.sites[here[0].site]
                self.carry_on(sorted(here, key=lambda card: card.resident.id), site, share)
        for card in self.cards:
            if card.status in (WAITING, MEMBER):
                card.status = LEFT

    def carry_on(self, cards: list[Card], site: Site, share: float) -> None:
        """One group goes on by itself if somebody long enough in it, and in no other group, volunteers."""
        town = self.town
        p = town.parameters
        free = [card for card in cards if card.resident.group is None]
        volunteers = []
        for card in free:
            u, _, _, _ = draws(self.key, card.resident.id, week=town.clock, slot=4)
            limit = p.found_knowhow_limit
            able = float(np.exp(p.found_knowhow * min(max(card.resident.knowhow, -limit), limit)))
            if town.clock - card.since >= p.organiser_tenure and u < p.volunteers * share * able:
                volunteers.append(card.resident)
        if not volunteers or len(free) < p.group_least:
            return
        group = groups.start(volunteers[0], WALKING, site.asset, "programme")
        for card in free:
            card.resident.group, card.resident.group_since = group, town.clock
        for resident in volunteers:
            resident.organiser = True
        groups.tell(town, "carried on", group, len(free))


def lasting_uptake(resident: Resident, distance_km: float, peer: bool) -> float:
    """Logits of taking up a free group: what does not change from week to week."""
    p = resident.model.parameters
    u = p.uptake_base
    u += p.uptake_female * (resident.sex == 0)
    u += p.uptake_older * (55 <= resident.age < 85)
    u += single(single(p.uptake_knowhow) * resident.knowhow)
    u += p.uptake_limited * (resident.disability == 2)
    u += p.uptake_peer if peer else p.uptake_minority * (resident.ethnicity > 0)
    u += p.uptake_distance * min(distance_km, 5.0)
    return single(u)
