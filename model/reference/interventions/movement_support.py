"""Movement support: grants to groups by lot, coaching of organisers, an offer that brings people forward."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from model.reference.acts import groups
from model.reference.acts.world import add_to_movement
from model.reference.arithmetic import draws
from model.reference.delivery.programme import Programme, real_people, whole_places
from model.reference.delivery.targeting import is_for, zone_shares, zones_of

if TYPE_CHECKING:
    from model.reference.resident import Resident

WEEKS_A_YEAR = 52.18


class MovementSupport(Programme):
    """Small grants. They act through energy (grants), autonomy (strings), founding and organising."""

    def prepare(self) -> None:
        s, town = self.settings, self.town
        zones = zones_of(town)
        shares = zone_shares(s, zones)
        self.key = town.key(f"programme/{self.label}")
        self.eligible = {one for one in town.residents if is_for(s.who, one) and shares[one.zone] > 0}
        # Grants by zone against residents: how much more likely a lot from there is drawn.
        spread = [
            share / max(float(zone["residents"]), 1.0) for share, zone in zip(shares, zones, strict=True)
        ]
        self.turn = [max(one / max(max(spread), 1e-12), 1e-9) for one in spread]
        self.granted: list[groups.Group] = []
        self.found = 1.0
        """Share of this week's grants that find a group; where no whole one is due, whether one would."""
        self.reached: set[Resident] = set()

    def stirred(self) -> bool:
        """Whether the event stirs people up this week."""
        start = self.settings.trigger_week
        return start is not None and start <= self.town.week < start + self.settings.trigger_weeks

    def strength(self) -> Any:
        return self.delivered(), self.stirred()

    def contribute(self) -> None:
        s, strength = self.settings, self.delivered()
        for resident in self.eligible:
            add_to_movement(resident, "founding", s.spur * strength)
            if s.strings == "none":
                add_to_movement(resident, "organising", s.coaching * strength)
            if self.stirred():
                add_to_movement(resident, "founding", s.trigger_spur)
                add_to_movement(resident, "urgency", 1.0)

    def recruit(self) -> None:
        """This week's grants; whoever is now in a group that ever had one has been reached."""
        s, town, strength = self.settings, self.town, self.delivered()
        if strength > 0:
            self.make_grants(whole_places(s.grants_per_year / WEEKS_A_YEAR * town.sample, self))
        new = [member for member in self.members() if member not in self.reached]
        self.joined_now += real_people(new)
        self.reached.update(new)

    def make_grants(self, number: int) -> None:
        """To groups alive and without a grant whose founder it is for; the smallest lots, by need, come first."""
        town = self.town
        lots = []
        for group in groups.living(town):
            if group.supported <= town.clock and group.founder in self.eligible:
                u, _, _, _ = draws(self.key, group.founder.id, week=town.clock)
                lots.append((-float(np.log(u)) / self.turn[group.founder.zone], group.number, group))
        self.found = min(len(lots) / max(number, 1), 1.0)
        for _, _, group in sorted(lots)[:number]:
            group.supported = town.clock + self.settings.grant_weeks
            group.strings = self.settings.strings == "heavy"
            groups.tell(town, "grant", group, 0)
            self.granted.append(group)

    def cost(self) -> float:
        """Grants that find no group are not paid."""
        s = self.settings
        grants = min(s.grants_per_year * s.grant / WEEKS_A_YEAR, s.price.per_week)
        paid: float = super().cost() - (1.0 - self.found) * grants * self.delivered()
        return paid

    def members(self) -> list[Resident]:
        """Everybody in a group that ever had a grant."""
        return [resident for resident in self.town.residents if resident.group in self.granted]

    def has_reached(self, resident: Resident) -> bool:
        return resident in self.reached

    def stocks(self) -> dict[str, float]:
        return {"members": real_people(self.members()), "waiting": 0.0}
