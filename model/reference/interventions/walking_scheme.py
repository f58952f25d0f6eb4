"""Led walks: groups meet near their zones; people hear, join, come, drift off or stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.population.columns import WORK
from model.reference.acts.joining import deprivation_risk
from model.reference.arithmetic import single, whole_numbers
from model.reference.delivery.membership import LEFT, MEMBER, NEVER, WAITING, Membership
from model.reference.delivery.sites import meeting_places, nearest_site, share_places
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
        share = 1.0 if self.settings.leaders == "peer" else p.carry_on_professional
        size = max(round(self.settings.group_size / p.attendance), 2)
        self.go_on_alone([(card, card.since) for card in self.members()], size, share)
        for card in self.cards:
            if card.status in (WAITING, MEMBER):
                card.status = LEFT


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
    if p.uptake_rule == "by_group":
        # Walks are led on weekday mornings.
        at_work = {"part_time": 0.5, "full_time": 1.0, "long_hours": 1.0}
        u += p.uptake_working * at_work.get(WORK[resident.work], 0.0)
    return single(u)
