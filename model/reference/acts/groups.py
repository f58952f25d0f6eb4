"""Groups: people turn up, leave, are asked along, take on organising; groups feel, end, split and begin."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.reference.acts.joining import deprivation_risk
from model.reference.acts.meeting import WEEKS_A_YEAR, by_identity
from model.reference.acts.persuasion import pressure
from model.reference.arithmetic import draws, exp, logistic, single
from model.reference.delivery.programme import real_people

if TYPE_CHECKING:
    from model.reference.asset import Asset
    from model.reference.resident import Resident
    from model.reference.town import ReferenceTown

MEETING_PLACES = ("community_centre", "park", "library")
"""Where a group meets whose founder goes nowhere for what it does."""
FOUNDED_FOR = (0, 2, 3, 4)
"""Groups walk for leisure, cycle, exercise or do a sport; nobody founds one to get somewhere, or to garden."""


@dataclass(eq=False)
class Group:
    """People who move together. Members know their group; a group knows how it is doing."""

    number: int
    founder: Resident
    founded: int
    place: Asset
    kind: int
    energy: float
    limit: int
    origin: str
    weight: int
    parent: int = -1
    autonomy: float = 1.0
    ended: int = -1
    """The week of its end, -1 while it lives."""
    supported: int = 0
    """The first week without a grant."""
    strings: bool = False
    """Whether the grant has conditions."""
    came: int = 0
    """Members at this week's session."""
    led: bool = False

    def members(self) -> list[Resident]:
        """Everybody on the books, in the order of identities."""
        return by_identity([one for one in self.founder.model.residents if one.group is self])

    def lot(self, slot: int) -> float:
        """This week's chance of the group as a whole."""
        town = self.founder.model
        return draws(town.keys["group_life"], self.founder.id, self.founded + town.clock * 65536, slot, 1)[0]


def living(town: ReferenceTown) -> list[Group]:
    """Groups that have not ended."""
    return [group for group in town.groups if group.ended < 0]


def organisers(members: list[Resident]) -> list[Resident]:
    """Those of some members who help to organise."""
    return [member for member in members if member.organiser]


def tell(town: ReferenceTown, event: str, group: Group, people: int) -> None:
    """Write down what happened, to how many."""
    town.events.append((town.clock, event, group.number, people))


def stocks(town: ReferenceTown) -> dict[str, float]:
    """Groups, members and organisers now, and friendships made by meeting this week, in real numbers."""
    everybody = sum(resident.real_people for resident in town.residents)
    return {
        "groups_alive": sum(group.weight for group in living(town)) / 256,
        "group_members": real_people([resident for resident in town.residents if resident.group]),
        "organisers": real_people([resident for resident in town.residents if resident.organiser]),
        "ties_made": town.ties_made * float(everybody) / 256 / max(len(town.residents), 1),
    }


# The session of the week


def attend(town: ReferenceTown) -> None:
    """Members who are not ill come to the weekly session; more come where there is energy."""
    p = town.parameters
    for group in living(town):
        group.came = 0
        for member in group.members():
            u, _, _, _ = draws(town.keys["groups"], member.id, week=town.clock, slot=0)
            chance = p.attendance * (1.0 - p.energy_attends + p.energy_attends * group.energy)
            if member.ill or member.stopped(group.kind) or u >= chance:
                continue
            member.came = True
            group.came += 1
            # Where somebody walks with a programme too, the place of the week is the programme's.
            if member.group_sessions < 1:
                member.group_kind, member.group_place = group.kind, group.place
            member.group_sessions += 1
            member.group_minutes = single(member.group_minutes + p.group_minutes)


# The week of groups


def act(town: ReferenceTown) -> None:
    """Members leave and are asked along, organisers come and go; then groups feel, end and split; others begin."""
    if living(town):
        let_go(town)
        ask_along(town)
        bring_on(town)
        for group in living(town):
            feel(group)
        end(town)
        split(town)
    if town.parameters.groups == "living":
        begin(town)


def let_go(town: ReferenceTown) -> None:
    """Members leave, organisers stand down; each decides by what the group was before anybody went."""
    gone, down = [], []
    for group in living(town):
        members = group.members()
        ages = sum(float(member.age) for member in members) / max(len(members), 1)
        for member in members:
            u_leaves, u_stands_down, _, _ = draws(town.keys["groups"], member.id, week=town.clock, slot=1)
            if not member.organiser and u_leaves < risk_of_leaving(member, group, ages):
                gone.append(member)
            if member.organiser and u_stands_down < risk_of_standing_down(group, members):
                down.append(member)
    for member in gone:
        member.group = None
    for member in down:
        member.organiser = False


def risk_of_leaving(member: Resident, group: Group, mean_age: float) -> float:
    """Chance of a week: by weeks in it, deprivation and energy; less among people of one's age and with a friend."""
    town = member.model
    p, tenure = town.parameters, town.clock - member.group_since
    risk = p.drop_early if tenure <= 6 else (p.drop_middle if tenure <= 24 else p.drop_late)
    risk *= deprivation_risk(town, member) * holding(group)
    if abs(float(member.age) - mean_age) <= p.group_age_span:
        risk *= p.drop_alike
    if any(friend.group is group for friend in member.friends):
        risk *= p.drop_friend
    return risk


def risk_of_standing_down(group: Group, members: list[Resident]) -> float:
    """Chance of a week that an organiser has had enough: more with more members each than one can carry."""
    p = members[0].model.parameters
    burden = max(len(members) / (len(organisers(members)) * p.organiser_share) - 1.0, 0.0)
    return p.organiser_leaves / WEEKS_A_YEAR * (1.0 + p.organiser_overload * burden) * holding(group)


def holding(group: Group) -> float:
    """Risk of going and of ending against that at middling energy: less where there is more of it."""
    spread = group.founder.model.parameters.energy_holds
    return 1.0 + 0.5 * spread - spread * group.energy


def ask_along(town: ReferenceTown) -> None:
    """Each member in turn asks at most one tie along; who accepts is a member at once."""
    p = town.parameters
    on_the_books = {group: len(group.members()) for group in living(town)}
    for member in by_identity([resident for resident in town.residents if resident.group]):
        group = member.group
        u_asks, u_strong, u_weak, _ = draws(town.keys["groups"], member.id, week=town.clock, slot=2)
        if on_the_books[group] >= group.limit:
            continue
        eager = 1.0 - 0.5 * p.energy_asks + p.energy_asks * group.energy
        if u_asks >= p.group_invite * eager * group.autonomy:
            continue
        if u_strong < p.invite_strong and member.friends:
            other = member.friends[int(u_strong / p.invite_strong * len(member.friends))]
        elif member.acquaintances:
            other = member.acquaintances[int(u_weak * len(member.acquaintances))]
        else:
            continue
        if other.group or other.ill:
            continue
        known = any(friend.group is group for friend in other.friends)
        if accepts(other, group.founder, group.founded, group.kind, group.place.x_m, group.place.y_m, known):
            other.group, other.group_since = group, town.clock
            on_the_books[group] += 1


def accepts(
    resident: Resident, founder: Resident, founded: int, kind: int, x_m: float, y_m: float, known: bool
) -> bool:
    """Whether somebody asked joins a group that meets at a point; known: a strong tie is in it.

    One draw a person and group, kept, so that somebody who would not come is won only by what changes.
    """
    town = resident.model
    p = town.parameters
    dx, dy = resident.x_m - x_m, resident.y_m - y_m
    km = math.sqrt(dx * dx + dy * dy) * (p.detour / 1000.0)
    u = p.group_uptake + p.uptake_knowhow * resident.knowhow + p.uptake_distance * min(km, 5.0)
    u += p.uptake_motivation * resident.motivation
    if kind == 0 and resident.sex == 0:
        u += p.uptake_female
    if kind == 0 and 55 <= resident.age < 85:
        u += p.uptake_older
    if resident.disability == 2:
        u += p.uptake_limited
    if known:
        u += p.uptake_friend
    # The same social pressure as of persuasion, from ties who are in any group.
    threshold = p.threshold_new / p.threshold_mean * resident.threshold
    u += p.uptake_reinforced * pressure(town, sources(resident), len(resident.friends), threshold)
    joins: bool = draws(town.keys["group_uptake"], resident.id, founder.id, week=founded)[0] < logistic(u)
    return joins


def sources(resident: Resident) -> int:
    """Independent strong ties who are in a group: a household counts once."""
    return len({friend.household for friend in resident.friends if friend.group})


def bring_on(town: ReferenceTown) -> None:
    """Organisers ask a member to help organise; who agrees asks others from next week on."""
    p = town.parameters
    agreed = []
    for group in living(town):
        members = group.members()
        for member in organisers(members):
            u_asks, u_whom, u_agrees, _ = draws(town.keys["groups"], member.id, week=town.clock, slot=3)
            if u_asks >= p.organiser_develops * (1.0 + group.founder.spur("organising")) * group.energy:
                continue
            other = members[int(u_whom * len(members))]
            if other.organiser or other in agreed or town.clock - other.group_since < int(p.organiser_tenure):
                continue
            if u_agrees < p.organiser_accepts * civic(other):
                agreed.append(other)
    for other in agreed:
        other.organiser = True
        tell(town, "organiser", other.group, 1)


def civic(resident: Resident) -> float:
    """How many times likelier than somebody of average know-how they start or organise a group."""
    p = resident.model.parameters
    return exp(p.found_knowhow * min(max(resident.knowhow, -p.found_knowhow_limit), p.found_knowhow_limit))


def feel(group: Group) -> None:
    """Autonomy is lost under strings and returns without; energy goes to what organisers, turnout and money allow."""
    town = group.founder.model
    p = town.parameters
    members = group.members()
    many = max(len(members), 1)
    supported = group.supported > town.clock
    if supported and group.strings:
        group.autonomy -= p.autonomy_lost * group.autonomy
    else:
        group.autonomy += p.autonomy_back * (1.0 - group.autonomy)
    target = (
        p.energy_base
        + p.energy_organised * min(len(organisers(members)) * p.organiser_share / many, 1.0)
        + p.energy_turnout * min(group.came / (p.attendance * many), 1.0)
        + p.energy_grant * supported
        - p.energy_strings * (1.0 - group.autonomy)
    )
    group.energy += p.energy_rate * (min(max(target, 0.0), 1.0) - group.energy)


def end(town: ReferenceTown) -> None:
    """Nobody is left to move with; or by chance, more without organisers or energy, less when long-standing."""
    p = town.parameters
    for group in living(town):
        members = group.members()
        a_year = p.group_ends if organisers(members) else p.group_ends_leaderless
        a_year *= p.group_ends_old if town.clock - group.founded > p.group_old else 1.0
        if len(members) >= 2 and group.lot(0) >= a_year / WEEKS_A_YEAR * holding(group):
            continue
        group.ended, group.came = town.clock, 0
        for member in members:
            member.group, member.organiser = None, False
        tell(town, "ended", group, len(members))


def split(town: ReferenceTown) -> None:
    """From a full group with energy an organiser goes with friends and some others; other organisers stay."""
    p = town.parameters
    for group in living(town):
        members = group.members()
        leaders = organisers(members)
        lot = group.lot(1)
        ready = len(members) >= group.limit and len(leaders) >= 2 and group.energy > p.split_energy
        if not ready or lot >= p.group_splits:
            continue
        head = leaders[int(lot / p.group_splits * len(leaders))]
        going = [member for member in members
                 if member is head or (not member.organiser and (member in head.friends or goes_along(member)))]  # fmt: skip
        new = start(
            head, group.kind, head.destination[group.kind] or group.place, "split", parent=group.number
        )
        for member in going:
            member.group = new
        tell(town, "split", new, len(going))


def goes_along(member: Resident) -> bool:
    """Whether somebody who is no friend of the one who goes leaves with them."""
    town = member.model
    return draws(town.keys["groups"], member.id, week=town.clock, slot=5)[0] < town.parameters.split_along


# Beginning


def start(head: Resident, kind: int, place: Asset, origin: str, parent: int = -1,
          energy: float | None = None) -> Group:  # fmt: skip
    """A group around somebody who organises it."""
    town = head.model
    p = town.parameters
    group = Group(len(town.groups), head, town.clock, place, kind, p.energy_start if energy is None else energy,
                  int(p.group_limit), origin, head.real_people, parent)  # fmt: skip
    town.groups.append(group)
    if head.group is None:
        head.group_since = town.clock
    head.group, head.organiser = group, True
    return group


def begin(town: ReferenceTown) -> None:
    """Active people in no group try to start one; before the first week nobody was seen to move, so all may."""
    p = town.parameters
    first = town.clock == 0
    rate = p.groups_start / 1000.0 if first else p.group_found / 1000.0 / WEEKS_A_YEAR
    trying = []
    for resident in by_identity(town.residents):
        if resident.group or resident.ill or not (first or resident.moving):
            continue
        u, _, _, _ = draws(town.keys["groups"], resident.id, week=town.clock, slot=4)
        if u < rate * civic(resident) * (1.0 + resident.spur("founding")):
            trying.append(resident)
    for resident in trying:
        if resident.group is None:  # else a friend was first, and asked them along
            stirred = resident.spur("urgency") > 0
            if stirred:
                try_to_found(resident, "crisis", energy=p.energy_crisis)
            else:
                try_to_found(resident, "residents")


def try_to_found(founder: Resident, origin: str, energy: float | None = None) -> Group | None:
    """All strong ties who are free are asked along; a group begins when enough come."""
    town = founder.model
    kind = what_for(founder)
    place = where_to_meet(founder, kind)
    if place is None:
        return None
    coming = [friend for friend in founder.friends if friend.group is None and not friend.ill
              and accepts(friend, founder, town.clock, kind, place.x_m, place.y_m, known=True)]  # fmt: skip
    if len(coming) + 1 < town.parameters.group_least:
        return None
    group = start(founder, kind, place, origin, energy=energy)
    for friend in coming:
        friend.group, friend.group_since = group, town.clock
    tell(town, "founded", group, len(coming) + 1)
    return group


def what_for(founder: Resident) -> int:
    """A kind of activity, drawn by the founder's habits."""
    town = founder.model
    habits = [founder.habit[kind] for kind in FOUNDED_FOR]
    left = draws(town.keys["groups"], founder.id, week=town.clock, slot=6)[0] * sum(habits)
    for kind, habit in zip(FOUNDED_FOR, habits, strict=True):
        left -= habit
        if left < 0:
            return kind
    return FOUNDED_FOR[0]


def where_to_meet(founder: Resident, kind: int) -> Asset | None:
    """Where the founder goes for it, else the nearest open place where people meet."""
    if founder.destination[kind] is not None:
        return founder.destination[kind]
    found = [asset for asset in founder.model.assets if asset.is_open and asset.kind in MEETING_PLACES]

    def away(asset: Asset) -> float:
        east, north = asset.x_m - founder.x_m, asset.y_m - founder.y_m
        square: float = east * east + north * north
        return square

    return min(found, key=away, default=None)
