"""Meeting: people who keep meeting become friends, friendships not kept end, friends' friends are met."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from model.reference.arithmetic import draws, exp, single

if TYPE_CHECKING:
    from model.reference.resident import Resident
    from model.reference.town import ReferenceTown

WEEKS_A_YEAR = 52.18
ACQUAINTANCES = 4
"""People whom somebody can be getting to know at a time."""


@dataclass
class Bond:
    """What a strong tie means to one of its two ends: trust, as it stood in the week of the last contact."""

    trust: float
    contact: int = 0


@dataclass
class Met:
    """Somebody one is getting to know: hours together, as they stood when last seen."""

    person: Resident | None = None
    hours: float = 0.0
    seen: int = 0


def begin(resident: Resident) -> None:
    """Trust is full at home and at its rest among friends; there is room for a few friends more."""
    p = resident.model.parameters
    resident.bonds = [Bond(1.0 if friend.household == resident.household else single(p.trust_rest))
                      for friend in resident.friends]  # fmt: skip
    resident.room = min(len(resident.friends) + int(p.tie_spare), 12)
    resident.met = [Met() for _ in range(ACQUAINTANCES)]


def act(town: ReferenceTown) -> None:
    """Company meets, every fourth week people at their usual places meet, then ties fade and begin elsewhere."""
    town.ties_made = 0
    if town.parameters.ties == "fixed":
        return
    if any(resident.group_sessions > 0 for resident in town.residents):
        meet(town, {resident: company(resident) for resident in town.residents}, 0)
    if town.clock % 4 == 3:
        meet(town, {resident: usual_place(resident) for resident in town.residents}, 1)
    tend(town)


def company(resident: Resident) -> Any:
    """The gathering that somebody came to this week: their group, else all who walked from one place."""
    if resident.came:
        return resident.group
    return resident.group_place if resident.group_sessions > 0 else None


def usual_place(resident: Resident) -> Any:
    """The place where the week was mostly spent and the time of the week at which one goes."""
    town = resident.model
    if resident.place is None:
        return None
    u = draws(town.keys["meeting"], resident.id, week=0, slot=2)[0]
    return resident.place, int(u * int(town.parameters.meet_times))


def meet(town: ReferenceTown, where: dict[Resident, Any], slot: int) -> None:
    """Everybody at a gathering (slot 0) or a usual place (slot 1) spends time with somebody there."""
    p = town.parameters
    chance, hours = (1.0, p.meet_hours_group) if slot == 0 else (p.meet_chance, p.meet_hours_place)
    present: dict[Any, list[Resident]] = {}
    for resident in by_identity(town.residents):
        if where[resident] is not None:
            present.setdefault(where[resident], []).append(resident)
    together_with = {
        resident: company_of(resident, where, present, chance, slot) for resident in town.residents
    }
    for resident in by_identity(town.residents):
        other = together_with[resident]
        if other is not None and other not in resident.friends:
            spend_time(resident, other, hours)


def company_of(resident: Resident, where: dict[Resident, Any], present: dict[Any, list[Resident]], chance: float,
               slot: int) -> Resident | None:  # fmt: skip
    """With whom somebody spends time there: mostly whom they know best, else anybody who is no tie yet."""
    town = resident.model
    here = where[resident]
    if here is None:
        return None
    if slot == 0:
        grow_trust(resident, [friend for friend in resident.friends if where[friend] == here])
    others = [other for other in present[here] if other is not resident]
    if not others:
        return None
    u_any, u_again, u_whom, _ = draws(town.keys["meeting"], resident.id, week=town.clock, slot=slot)
    if u_any >= chance:
        return None
    known = [one for one in resident.met if one.person is not None and where[one.person] == here]
    best = max(known, key=lambda one: one.hours, default=None)  # the first of those with most
    if best is not None and u_again < town.parameters.meet_again:
        return best.person
    other = others[int(u_whom * len(others))]
    return None if other.household == resident.household or other in resident.friends else other


def spend_time(one: Resident, other: Resident, hours: float) -> None:
    """Hours together count for both; enough of them make friends."""
    town = one.model
    enough = True
    for a, b in ((one, other), (other, one)):
        known = keep_in_mind(a, b)
        known.hours, known.seen = single(hours_left(known, town) + hours), town.clock
        enough = enough and known.hours >= town.parameters.friend_hours
    if enough and befriend(one, other):
        town.ties_made += 1


def grow_trust(resident: Resident, present: list[Resident]) -> None:
    """A session together brings trust part of the way to full."""
    town = resident.model
    for friend, bond in zip(resident.friends, resident.bonds, strict=True):
        if friend in present:
            held = trust_now(bond, town)
            bond.trust = single(held + town.parameters.trust_gain * (1.0 - held))
            bond.contact = town.clock


def trust_now(bond: Bond, town: ReferenceTown) -> float:
    """Trust returns to its rest, from above and from below."""
    p = town.parameters
    back = -math.log1p(-p.trust_return) / WEEKS_A_YEAR
    return p.trust_rest + (bond.trust - p.trust_rest) * exp(-back * (town.clock - bond.contact))


def hours_left(one: Met, town: ReferenceTown) -> float:
    """Hours together that are not forgotten yet: nothing in the first weeks without meeting, then more and more."""
    forget = -math.log1p(-town.parameters.acquaintance_fade) / WEEKS_A_YEAR
    return one.hours * exp(-forget * max(town.clock - one.seen - int(town.parameters.hours_kept), 0))


def keep_in_mind(resident: Resident, other: Resident) -> Met:
    """Somebody new takes a free slot, or that of the one with the fewest hours left."""
    town = resident.model
    for one in resident.met:
        if one.person is other:
            return one
    least = min(resident.met, key=lambda one: -1.0 if one.person is None else hours_left(one, town))
    least.person, least.hours, least.seen = other, 0.0, town.clock
    return least


def tend(town: ReferenceTown) -> None:
    """Some friendships end; who has room begins one with a friend's friend or an acquaintance."""
    endings, beginnings = [], []
    for resident in by_identity(town.residents):
        u_end, u_begin, u_way, u_whom = draws(town.keys["ties"], resident.id, week=town.clock)
        lost = ending(resident, u_end)
        found = beginning(resident, u_begin, u_way, u_whom)
        endings += [(resident, lost)] if lost else []
        beginnings += [(resident, found)] if found else []
    for resident, other in endings:
        part(resident, other)
    for resident, other in beginnings:
        befriend(resident, other)


def ending(resident: Resident, u: float) -> Resident | None:
    """The friend whom somebody loses this week. Each end of a tie brings half of its risk."""
    town = resident.model
    p = town.parameters
    most = 2.0 * p.tie_bridge
    risk = 0.5 * (p.tie_fade / WEEKS_A_YEAR) * most
    slot = int(u / risk) if u < 12 * risk else 12
    if slot >= len(resident.friends):
        return None
    friend = resident.friends[slot]
    if friend.household == resident.household:
        return None
    common = any(third in friend.friends for third in resident.friends)
    own = 2.0 * (1.0 - trust_now(resident.bonds[slot], town)) * (1.0 if common else p.tie_bridge)
    return friend if (u / risk - slot) * most < own else None


def beginning(resident: Resident, u: float, u_way: float, u_whom: float) -> Resident | None:
    """Whom somebody with room befriends this week."""
    p = resident.model.parameters
    rate = (p.tie_renewal / WEEKS_A_YEAR) * max(resident.room - len(resident.friends), 0)
    if u >= rate:
        return None
    if resident.friends and u_way < p.tie_closure:
        friend = resident.friends[int(u_way / p.tie_closure * len(resident.friends))]
        other = friend.friends[int(u_whom * len(friend.friends))]
    elif resident.acquaintances:
        other = resident.acquaintances[int(u_whom * len(resident.acquaintances))]
    else:
        return None
    if other is resident or other in resident.friends:
        return None
    return other if u / rate < alikeness(resident, other) else None


def alikeness(one: Resident, other: Resident) -> float:
    """Chance that likeness and nearness let a friendship begin."""
    p = one.model.parameters
    east, north = one.x_m - other.x_m, one.y_m - other.y_m
    away = math.sqrt(east * east + north * north)
    age_gap = p.tie_age_gap / max(p.homophily, 1e-9)
    chance = exp(-abs(float(one.age) - float(other.age)) / age_gap - away / p.tie_far_m)
    if one.sex != other.sex:
        chance *= p.tie_other_sex**p.homophily
    if one.ethnicity != other.ethnicity:
        chance *= p.tie_other_ethnicity**p.homophily
    return chance


def part(one: Resident, other: Resident) -> None:
    """Two friends are friends no more."""
    if other not in one.friends:
        return
    for a, b in ((one, other), (other, one)):
        slot = a.friends.index(b)
        del a.friends[slot], a.bonds[slot]


def befriend(one: Resident, other: Resident) -> bool:
    """Two people become friends, where both have room; whether they did."""
    town = one.model
    if len(one.friends) >= one.room or len(other.friends) >= other.room or other in one.friends:
        return False
    for a, b in ((one, other), (other, one)):
        a.friends.append(b)
        a.bonds.append(Bond(single(town.parameters.trust_new), town.clock))
        for met in a.met:
            if met.person is b:
                met.person = None
    return True


def by_identity(residents: list[Resident]) -> list[Resident]:
    """In the order of identities, in which what is done one by one is done."""
    return sorted(residents, key=lambda resident: resident.id)
