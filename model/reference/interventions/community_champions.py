"""Community champions: who is looked for, who becomes active, what they tell, start and bring on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.reference.acts.world import add_to_movement
from model.reference.arithmetic import draws
from model.reference.delivery.programme import Programme, real_people
from model.reference.delivery.targeting import asks, is_for, zone_shares, zones_of
from model.reference.delivery.telling import in_order, make_known, show_group, tell_of_programmes

if TYPE_CHECKING:
    from model.reference.resident import Resident

WEEKS_A_YEAR = 52.18
NEARBY_KM = 3.0
"""How far a group may meet to which a champion brings somebody."""


class CommunityChampions(Programme):
    """Champions. They act through news along their own ties, the founding of groups and the organising of others."""

    def prepare(self) -> None:
        s, town = self.settings, self.town
        shares = zone_shares(s, zones_of(town))
        self.key = town.key(f"programme/{self.label}")
        self.eligible = [one for one in town.residents if is_for(s.who, one) and shares[one.zone] > 0]
        self.trained: set[Resident] = set()
        self.active: set[Resident] = set()
        self.told: set[Resident] = set()

    def strength(self) -> Any:
        return {resident.row for resident in self.active}

    def contribute(self) -> None:
        s, p = self.settings, self.town.parameters
        if s.leaders == "peer":
            for champion in self.active:
                add_to_movement(champion, "founding", 1000.0 * s.starts_per_year / p.group_found)
                add_to_movement(champion, "organising", s.brings_on)

    def hear(self) -> None:
        """Each active champion tells at most one strong tie of what is nearby, and brings them to a group."""
        told = set()
        for champion in self.active:
            if champion.friends and self.lot(champion, 0) < self.settings.tells_per_week:
                told.add(champion.friends[int(self.lot(champion, 1) * len(champion.friends))])
        for resident in told:
            make_known(resident, 1)
            tell_of_programmes(resident)
        for resident in in_order(list(told)):
            show_group(resident, NEARBY_KM, known=True)
        self.joined_now += real_people(list(told - self.told))
        self.told |= told

    def lot(self, resident: Resident, slot: int) -> float:
        """This week's chance of one person for one purpose."""
        return draws(self.key, resident.id, week=self.town.clock, slot=slot)[0]

    def kept(self, resident: Resident, purpose: str) -> float:
        """A chance that stays with one person."""
        return draws(self.town.key(f"programme/{self.label}/{purpose}"), resident.id)[0]

    def recruit(self) -> None:
        """Champions stop, and new ones are looked for while the programme runs; paid hours end with the money."""
        s, strength = self.settings, self.delivered()
        leaves = 1.0 - s.stays ** (1.0 / WEEKS_A_YEAR)
        self.active = {champion for champion in self.active if self.lot(champion, 2) >= leaves}
        if strength > 0:
            wanted = round(s.champions * strength * self.town.sample + 1e-9) - len(self.trained)
            if wanted > 0:
                self.train(wanted)
        elif s.leaders == "professional":
            self.active = set()

    def train(self, wanted: int) -> None:
        """More people by the rule of seeding; some become active, and organise the group they are in."""
        found = self.look_for(wanted)
        self.trained.update(found)
        ready = [resident for resident in found if self.kept(resident, "takes") < self.settings.active_share]
        self.active.update(ready)
        if self.settings.leaders == "peer":
            for champion in in_order(ready):
                show_group(champion, NEARBY_KM, known=True)
            for champion in ready:
                if champion.group:
                    champion.organiser = True

    def look_for(self, wanted: int) -> list[Resident]:
        """Of those it is for, well and not trained yet, as many as wanted by the rule of seeding, then by lot."""
        pool = [one for one in self.eligible
                if one not in self.trained and not one.ill and asks(self.settings.who, one)]  # fmt: skip
        by_lot = sorted(pool, key=lambda resident: self.kept(resident, "seeding"))
        rule = self.settings.seeding
        if rule == "clustered":
            return clustered(by_lot, wanted)
        if rule == "popular":
            by_lot.sort(key=lambda resident: -len(resident.friends))
        elif rule == "least_active":
            by_lot.sort(key=lambda resident: resident.minutes_mean)
        elif rule == "connected_place":
            by_lot.sort(key=lambda resident: -(resident.place.visits if resident.place else 0))
        return by_lot[:wanted]

    def has_reached(self, resident: Resident) -> bool:
        return resident in self.trained or resident in self.told

    def stocks(self) -> dict[str, float]:
        return {"members": real_people(list(self.active)), "waiting": 0.0}


def clustered(by_lot: list[Resident], wanted: int) -> list[Resident]:
    """Somebody and all their strong ties who are looked for, then somebody else."""
    found: dict[Resident, None] = {}
    pool = set(by_lot)
    for resident in by_lot:
        for one in [resident, *resident.friends]:
            if one in pool and len(found) < wanted:
                found[one] = None
    return list(found)
