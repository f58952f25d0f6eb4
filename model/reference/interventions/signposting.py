"""Signposting: who looks finds places, programmes and the nearest group with room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.reference.arithmetic import draws
from model.reference.delivery.programme import Programme, real_people
from model.reference.delivery.targeting import asks, chosen_zones, is_for, zones_of
from model.reference.delivery.telling import in_order, make_known, show_group, tell_of_programmes

if TYPE_CHECKING:
    from model.reference.resident import Resident


class Signposting(Programme):
    """A finder. It acts through knowing of places and programmes, and by showing groups that would take people in."""

    def prepare(self) -> None:
        s, town = self.settings, self.town
        chosen = chosen_zones(s.where, zones_of(town))
        self.key = town.key(f"programme/{self.label}")
        online = town.key(f"programme/{self.label}/online")
        self.users = [resident for resident in town.residents
                      if chosen[resident.zone] and is_for(s.who, resident)
                      and draws(online, resident.id)[0] < self.share_online(resident.age)]  # fmt: skip
        self.looked: set[Resident] = set()

    def share_online(self, age: int) -> float:
        """Share of people of an age who are online."""
        young: float
        old: float
        very_old: float
        young, old, very_old = self.settings.online
        return young if age < 65 else (old if age < 75 else very_old)

    def hear(self) -> None:
        s, town = self.settings, self.town
        looking = [user for user in self.users if asks(s.who, user)
                   and draws(self.key, user.id, week=town.clock)[0] < s.users_per_week * self.delivered()]  # fmt: skip
        for user in looking:
            make_known(user, s.places)
            tell_of_programmes(user)
        self.joined_now += real_people([user for user in looking if user not in self.looked])
        self.looked.update(looking)
        for user in in_order(looking):
            show_group(user, s.groups_within_km)

    def has_reached(self, resident: Resident) -> bool:
        return resident in self.looked
