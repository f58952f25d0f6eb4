"""A barrier put up or taken away: some people meet more or less of a named quantity, at no cost and without chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.reference.acts.world import meet
from model.reference.delivery.programme import Programme
from model.reference.delivery.targeting import asks, chosen_zones, is_for, zones_of

if TYPE_CHECKING:
    from model.reference.resident import Resident


class Barrier(Programme):
    """Changes what its people meet, from its first week to its last. The group is chosen once, as it begins."""

    def prepare(self) -> None:
        s, town = self.settings, self.town
        zones = chosen_zones(s.where, zones_of(town))
        self.meant = [one for one in town.residents if zones[one.zone] and is_for(s.who, one)]
        self.group: list[Resident] | None = None

    def contribute(self) -> None:
        amount = self.settings.change * self.delivered()
        if not amount:
            return
        if self.group is None:
            self.group = [one for one in self.meant if asks(self.settings.who, one)]
        for resident in self.group:
            meet(resident, self.settings.quantity, amount)

    def flows(self) -> dict[str, float]:
        return {"joined": 0.0, "completed": 0.0, "cost": 0.0, **self.stocks()}
