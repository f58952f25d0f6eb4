"""Social prescribing: the practice refers, a link worker plans with the person, a group takes them in."""

from __future__ import annotations

import numpy as np

from model.delivery.settings import Price
from model.reference.acts.joining import deprivation_risk
from model.reference.arithmetic import draws, single, whole_numbers
from model.reference.delivery.membership import COMPLETED, LEFT, MEMBER, NEVER, Card, Membership
from model.reference.delivery.programme import real_people, whole_places
from model.reference.delivery.sites import meeting_places, nearest_site, share_places
from model.reference.delivery.targeting import asks, chosen_zones, is_for, zone_shares, zones_of
from model.reference.delivery.telling import make_known

GROUP_MINUTES = 60.0


class SocialPrescribing(Membership):
    """Link workers. They act through motivation (meetings), knowing of places, and company in a group."""

    COLUMNS = (*Membership.COLUMNS, "group", "group_since", "listed", "rate", "turn")

    def prepare(self) -> None:
        s, town = self.settings, self.town
        p = town.parameters
        zones = zones_of(town)
        chosen, shares = chosen_zones(s.where, zones), zone_shares(s, zones)
        self.open_books([
            is_for(s.who, resident) and chosen[resident.zone] and shares[resident.zone] > 0
            for resident in town.residents
        ])  # fmt: skip
        self.one_rule = p.leave_rule == "one"
        groups = self.paid_groups()
        of_zone = whole_numbers(shares, groups) if groups else [int(share > 0) for share in shares]
        self.sites = meeting_places(town, zones, of_zone, "community_centre")
        # Members come only some weeks, so a group of twelve has more on its books.
        self.books = [site.groups * (p.onward_size / p.attendance) if groups else 0.0 for site in self.sites]
        if groups:
            share_places(self.sites, float(np.sum(self.books)) * town.sample)
        self.gap = max(1, s.plan_weeks // s.sessions)
        # Places by zone against residents: how much more likely a lot from there is drawn.
        spread = [
            share / max(float(zone["residents"]), 1.0) for share, zone in zip(shares, zones, strict=True)
        ]
        for card in self.cards:
            resident = card.resident
            card.site, _ = nearest_site(resident, self.sites)
            card.risk = deprivation_risk(town, resident)
            card.lots = {purpose: self.lot(resident, purpose) for purpose in ("accept", "engage", "onward")}
            # People with a condition come more often; people with little money are referred more.
            poor = float(np.power(np.float32(p.referral_poor), np.float32(1.0) - np.float32(resident.means)))
            visits = p.gp_visit * (p.gp_visit_condition if resident.condition > 0 else 1.0)
            if p.uptake_rule == "by_group" and resident.sex == 0:
                visits *= p.gp_visit_women
            card.rate = min(1.0, visits * poor)
            card.turn = max(spread[resident.zone] / max(max(spread), 1e-12), 1e-9)

    def attend(self) -> None:
        """Members of the group that a plan led to turn up, for as long as they stay and, by the one rule, it is paid."""
        if self.one_rule and not self.delivered() > 0:
            return
        self.turn_up([card for card in self.cards if card.group], 1, GROUP_MINUTES)

    def recruit(self) -> None:
        if self.one_rule and not self.delivered() > 0:
            self.close()
            return
        self.leave_groups()
        self.plans()
        if self.one_rule:
            self.take_in()
        if self.delivered() > 0:
            self.refer(self.delivered())

    def leave_groups(self) -> None:
        """People drop out of the group a plan led to, and off the list for it, as they do from any."""
        for card in self.cards:
            if card.group or card.listed:
                u, _, _, _ = draws(self.key, card.resident.id, week=self.town.clock, slot=1)
                give_up = self.town.parameters.give_up
                if u < (give_up if card.listed else self.leaves(card, card.group_since)):
                    card.group = card.listed = False

    def plans(self) -> None:
        """Meetings, what they make known, the way on to a group, and the end of plans."""
        s, town = self.settings, self.town
        p = town.parameters
        ended = []
        for card in self.members():
            tenure = town.clock - card.since
            now, first = self.meetings(tenure)
            if now:
                gain = single(single(p.plan_gain) * now)
                card.resident.motivation = single(card.resident.motivation + gain)
            if tenure == 1:
                make_known(card.resident, int(p.plan_places))
            if first and card.lots["onward"] < single(p.onward_share):
                self.lead_on(card)
            if tenure >= s.plan_weeks:
                ended.append(card)
        self.completed_now += real_people([card.resident for card in ended])
        for card in ended:
            card.status = COMPLETED

    def meetings(self, tenure: int) -> tuple[int, bool]:
        """How many meetings a person has in a week of the plan, and whether the first is among them."""
        s = self.settings
        if self.one_rule:
            before, now = (
                min(weeks, s.plan_weeks) * s.sessions // s.plan_weeks for weeks in (tenure - 1, tenure)
            )
            return now - before, before == 0 and now > 0
        return int(tenure % self.gap == 0 and tenure // self.gap <= s.sessions), tenure == self.gap

    def lead_on(self, card: Card) -> None:
        """To a led walk that has not had this person yet, else to a group nearby, or by the one rule to its list."""
        s, town = self.settings, self.town
        if "walking_group" in s.onward and any(one.introduce(card.resident) for one in town.programmes):
            return
        if "community" in s.onward:
            card.group, card.listed = not self.one_rule, self.one_rule
            card.group_since = town.clock

    def take_in(self) -> None:
        """Groups take in from their lists while they have places."""
        wanted = float(np.sum(self.books)) * self.town.sample * self.delivered()
        waiting = [card for card in self.cards if card.listed]
        waiting.sort(key=lambda card: (card.group_since, card.draw, card.resident.id))
        inside = [card for card in self.cards if card.group]
        for card in self.first_in_line(waiting, inside, whole_numbers(self.books, wanted)):
            card.group, card.listed, card.group_since = True, False, self.town.clock

    def close(self) -> None:
        """When money ends plans end unfinished, and groups go on by themselves or end."""
        p = self.town.parameters
        size = max(round(p.onward_size / p.attendance), 2)
        self.go_on_alone([(card, card.group_since) for card in self.cards if card.group], size, 1.0)
        for card in self.cards:
            card.group = card.listed = False
            if card.status == MEMBER:
                card.status = LEFT

    def paid_groups(self) -> int:
        """Groups that are paid for beside the link workers, at least one where there are any."""
        s, p = self.settings, self.town.parameters
        if p.leave_rule != "one" or "community" not in s.onward or s.link_workers == 0:
            return 0
        return max(int(np.floor(p.onward_groups * s.link_workers + 0.5 + 1e-9)), 1)

    def price(self) -> Price:
        """Link workers, and the groups paid for beside them."""
        p, price, groups = self.town.parameters, self.settings.price, self.paid_groups()
        return Price(price.setup + groups * p.onward_setup, price.per_week + groups * p.onward_week,
                     price.per_participant)  # fmt: skip

    def refer(self, strength: float) -> None:
        """Of those who see the practice this week, as many are referred as link workers have room for."""
        s, town = self.settings, self.town
        found = []
        for card in self.cards:
            if not (card.eligible and card.status == NEVER and asks(s.who, card.resident)):
                continue
            u, lot, _, _ = draws(self.key, card.resident.id, week=town.clock, slot=3)
            if u < card.rate:
                # A lot weighted by need: the smallest come first.
                found.append((-float(np.log(lot)) / card.turn, card.resident.id, card))
        found.sort(key=lambda one: one[:2])
        places = whole_places(s.places_per_week * town.sample, self)
        starting = []
        for _, _, card in found[:places]:
            if card.lots["accept"] >= single(s.accept) or card.lots["engage"] >= single(s.engage):
                card.status = LEFT
            else:
                starting.append(card)
        self.enrol(starting)
