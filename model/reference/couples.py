"""Couples: who lives as one, and what two have in common, under the switch `couples: alike`."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from model.population.columns import KINDS
from model.reference.arithmetic import draws, normal

if TYPE_CHECKING:
    from model.reference.resident import Resident

LIKE_AGE = 15


def settle(residents: list[Resident]) -> None:
    """The two oldest of a household live as a couple when they are within 15 years of each other."""
    households: dict[int, list[Resident]] = defaultdict(list)
    for resident in residents:
        households[resident.household].append(resident)
    for household, members in households.items():
        two = sorted(members, key=lambda one: (-one.age, one.id))[:2]
        if len(two) == 2 and two[0].age - two[1].age <= LIKE_AGE:
            for one in two:
                one.couple = household


def mixed(resident: Resident, draw: float, purpose: str, kind: int = 0) -> float:
    """A standard normal draw, for one of a couple mixed with what the two have in common for this purpose and kind."""
    town = resident.model
    if town.parameters.couples != "alike" or resident.couple is None:
        return draw
    share = town.parameters.couple_alike
    common = normal(draws(town.key(f"couple/{purpose}"), resident.couple * len(KINDS) + kind)[0])
    return math.sqrt(1.0 - share) * draw + math.sqrt(share) * common
