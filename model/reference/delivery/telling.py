"""Telling: what programmes let people know of, nearby places and the plan's programmes; groups that they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.reference.acts import groups, repertoire
from model.reference.delivery.membership import WALKING, Membership

if TYPE_CHECKING:
    from model.reference.resident import Resident


def make_known(resident: Resident, wanted: int) -> None:
    """The nearest open places of every kind."""
    town, before = resident.model, set(resident.knows)
    for kind in range(5):
        here = [slot for slot in town.slots_of(kind)
                if resident.candidates[slot][0] is not None and resident.candidates[slot][0].is_open]  # fmt: skip
        resident.knows.update(here[:wanted])
    repertoire.learn(resident, before)


def tell_of_programmes(resident: Resident) -> None:
    """Every programme with members that is running and that somebody could join."""
    for programme in resident.model.programmes:
        if isinstance(programme, Membership) and programme.delivered() > 0:
            card = programme.card(resident)
            if card.eligible and not card.aware:
                card.aware = True
                repertoire.hear(resident, WALKING)


def show_group(resident: Resident, within_km: float, known: bool = False) -> None:
    """The nearest group with room, if it meets near enough; known: somebody they know brings them along."""
    town = resident.model
    if resident.group or resident.ill:
        return
    with_room = [group for group in groups.living(town) if len(group.members()) < group.limit]
    if not with_room:
        return

    def away(group: groups.Group) -> float:
        east, north = group.place.x_m - resident.x_m, group.place.y_m - resident.y_m
        square: float = east * east + north * north
        return square

    group = min(with_room, key=away)
    # Where a share of residents is simulated there are as many fewer groups, which stand further apart.
    closer = town.sample**0.5
    east, north = closer * (group.place.x_m - resident.x_m), closer * (group.place.y_m - resident.y_m)
    if (east * east + north * north) ** 0.5 * town.parameters.detour / 1000.0 > within_km:
        return
    known = known or any(friend.group is group for friend in resident.friends)
    if groups.accepts(
        resident, group.founder, group.founded, group.kind, resident.x_m + east, resident.y_m + north, known
    ):
        resident.group, resident.group_since = group, town.clock


def in_order(residents: list[Resident]) -> list[Resident]:
    """Residents in the order of identities: who comes first takes the room that is left."""
    return sorted(residents, key=lambda resident: resident.id)
