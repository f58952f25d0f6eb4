"""Groups: members turn up, leave, ask their ties along; organisers stand down and bring on others.

What reads others' columns works on a snapshot, or goes through residents one by one in the order of identities.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.elementary import exp, logistic
from model.kernels.persuasion import PersuasionSettings, pressure
from model.kernels.slots import Network
from model.rng import philox, unit

BLOCK = 512
"""Residents whose draws are made together."""


class GroupSettings(NamedTuple):
    """See ledger/movement.yaml and ledger/programmes.yaml; chances a week. novelty: thresholds for a new thing against those
    for an old one; detour_km: kilometres of way a metre of straight line; stands_down: chance of a week."""

    group_invite: float
    invite_strong: float
    group_uptake: float
    uptake_female: float
    uptake_older: float
    uptake_knowhow: float
    uptake_limited: float
    uptake_distance: float
    uptake_motivation: float
    uptake_friend: float
    uptake_reinforced: float
    novelty: float
    detour_km: float
    drop_early: float
    drop_middle: float
    drop_late: float
    drop_alike: float
    drop_friend: float
    group_age_span: float
    stands_down: float
    organiser_overload: float
    organiser_share: float
    organiser_develops: float
    organiser_accepts: float
    organiser_tenure: int
    found_knowhow: float
    found_knowhow_limit: float
    energy_holds: float
    energy_asks: float


class Coming(NamedTuple):
    """The week's sessions; all (groups,): chance to come, kind of activity, place, and, filled, how many `came`."""

    kind: np.ndarray
    place: np.ndarray
    came: np.ndarray
    chance: np.ndarray


class ComingPeople(NamedTuple):
    """Columns read, and filled: `came` and the four of what is done in company; all (n,)."""

    id: np.ndarray
    group: np.ndarray
    ill: np.ndarray
    injured: np.ndarray
    injured_kind: np.ndarray
    came: np.ndarray
    group_sessions: np.ndarray
    group_kind: np.ndarray
    group_minutes: np.ndarray
    group_place: np.ndarray


class Standing(NamedTuple):
    """How groups stand; all (groups,): energy, mean age, members, organisers."""

    energy: np.ndarray
    mean_age: np.ndarray
    members: np.ndarray
    organisers: np.ndarray


class Members(NamedTuple):
    """Columns of members, and, moved, of who organises; all (n,)."""

    id: np.ndarray
    age: np.ndarray
    knowhow: np.ndarray
    group: np.ndarray
    group_since: np.ndarray
    organiser: np.ndarray


class Offer(NamedTuple):
    """One group as somebody is asked along: number (-2 = not yet founded), kind of activity, where it meets (metres),
    identity of its founder and week of founding."""

    number: int
    kind: int
    east: float
    north: float
    founder: int
    founded: int


class AskedPeople(NamedTuple):
    """Columns by which people join when asked, and, moved, whose they are from now on; all (n,)."""

    id: np.ndarray
    age: np.ndarray
    sex: np.ndarray
    disability: np.ndarray
    knowhow: np.ndarray
    household: np.ndarray
    x_m: np.ndarray
    y_m: np.ndarray
    motivation: np.ndarray
    threshold: np.ndarray
    ill: np.ndarray
    group: np.ndarray
    group_since: np.ndarray


class Inviting(NamedTuple):
    """Groups that ask people along; all (groups,); `members` grows."""

    energy: np.ndarray
    limit: np.ndarray
    kind: np.ndarray
    founder: np.ndarray
    founded: np.ndarray
    autonomy: np.ndarray
    members: np.ndarray
    east: np.ndarray
    north: np.ndarray


class Founding(NamedTuple):
    """Columns of who may start a group; all (n,). spur: times likelier, or empty."""

    id: np.ndarray
    knowhow: np.ndarray
    ill: np.ndarray
    group: np.ndarray
    moving: np.ndarray
    spur: np.ndarray


@njit(inline="always", cache=True, error_model="numpy")
def civic(knowhow, settings):
    """How many times likelier than somebody of average know-how somebody starts or organises a group."""
    limit = settings.found_knowhow_limit
    return exp(settings.found_knowhow * min(max(np.float64(knowhow), -limit), limit))


@njit(inline="always", cache=True, error_model="numpy")
def by_energy(spread, energy):
    """1 at middling energy, and `spread` more from none to full: how far the energy of a group does something."""
    return 1.0 - 0.5 * spread + spread * energy


@njit(nogil=True, cache=True, error_model="numpy")
def come(rows, key, week, minutes, coming, people):
    """Let members (`rows`) turn up to their group's session of so many `minutes`; nobody comes who is ill, or whom an injury
    keeps from it."""
    coming, people = Coming(*coming), ComingPeople(*people)
    ids, group, ill, came = people.id, people.group, people.ill, people.came
    turnout, chance = coming.came, coming.chance
    group_sessions, group_minutes = people.group_sessions, people.group_minutes
    turnout[:] = 0
    for i in rows:
        g = group[i]
        word, _, _, _ = philox(key, ids[i], 0, week, 0)
        stopped = people.injured[i] > 0 and people.injured_kind[i] == coming.kind[g]
        if ill[i] or stopped or unit(word) >= chance[g]:
            continue
        came[i] = 1
        turnout[g] += 1
        # Somebody may belong to a programme too: the week holds both, and the place is the one of the larger.
        if group_sessions[i] < 1:
            people.group_kind[i] = coming.kind[g]
            people.group_place[i] = coming.place[g]
        group_sessions[i] += 1
        group_minutes[i] += minutes


@njit(nogil=True, cache=True, error_model="numpy")
def leave(rows, risk, settings, key, week, people, groups, ties):
    """Which members (`rows`) leave, by their own `risk`, and which organisers stand down: two (rows,) uint8."""
    settings, people = GroupSettings(*settings), Members(*people)
    groups, ties = Standing(*groups), Network(*ties)
    s, group, organiser, energy = settings, people.group, people.organiser, groups.energy
    members, organisers, mean_age = groups.members, groups.organisers, groups.mean_age
    ids, age, since, strong, degree = (
        people.id,
        people.age,
        people.group_since,
        ties.strong,
        ties.strong_degree,
    )
    gone, down = np.zeros(rows.shape[0], np.uint8), np.zeros(rows.shape[0], np.uint8)
    for r in range(rows.shape[0]):
        i = rows[r]
        g = group[i]
        w0, w1, _, _ = philox(key, ids[i], 0, week, 1)
        tenure = week - since[i]
        hazard = s.drop_early if tenure <= 6 else (s.drop_middle if tenure <= 24 else s.drop_late)
        hazard *= np.float64(risk[r]) * by_energy(-s.energy_holds, energy[g])
        if abs(np.float64(age[i]) - mean_age[g]) <= s.group_age_span:
            hazard *= s.drop_alike
        for slot in range(degree[i]):
            if group[strong[i, slot]] == g:
                hazard *= s.drop_friend
                break
        gone[r] = not organiser[i] and unit(w0) < hazard
        burden = (
            max(members[g] / (organisers[g] * s.organiser_share) - 1.0, 0.0) if organisers[g] > 0 else 0.0
        )
        tired = s.stands_down * (1.0 + s.organiser_overload * burden) * by_energy(-s.energy_holds, energy[g])
        down[r] = organiser[i] and unit(w1) < tired
    return gone, down


@njit(cache=True, error_model="numpy")
def sources(i, group, strong, degree, household):
    """Independent strong ties of i who are in a group: a household counts once."""
    found = 0
    for slot in range(degree[i]):
        j = strong[i, slot]
        if group[j] < 0:
            continue
        new = 1
        for before in range(slot):
            other = strong[i, before]
            if group[other] >= 0 and household[other] == household[j]:
                new = 0
        found += new
    return found


@njit(cache=True, error_model="numpy")
def accepts(i, offer, known, settings, persuasion, key, people, ties):
    """Whether i, asked along, joins the group of the `Offer`.

    known: whether a strong tie of i is in it already.

    One draw a person and group, kept, so that somebody who would not come is won only by what changes.
    """
    s, group, degree = settings, people.group, ties.strong_degree
    dx, dy = np.float64(people.x_m[i]) - offer.east, np.float64(people.y_m[i]) - offer.north
    km = np.sqrt(dx * dx + dy * dy) * s.detour_km
    u = s.group_uptake + s.uptake_knowhow * np.float64(people.knowhow[i]) + s.uptake_distance * min(km, 5.0)
    u += s.uptake_motivation * np.float64(people.motivation[i])
    if offer.kind == 0 and people.sex[i] == 0:
        u += s.uptake_female
    if offer.kind == 0 and 55 <= people.age[i] < 85:
        u += s.uptake_older
    if people.disability[i] == 2:
        u += s.uptake_limited
    for slot in range(degree[i]):
        known = known or group[ties.strong[i, slot]] == offer.number
    if known:
        u += s.uptake_friend
    active = sources(i, group, ties.strong, degree, people.household)
    u += s.uptake_reinforced * pressure(
        active, degree[i], s.novelty * np.float64(people.threshold[i]), persuasion
    )
    word, _, _, _ = philox(key, people.id[i], offer.founder, offer.founded, 0)
    return unit(word) < logistic(u)


@njit(cache=True, error_model="numpy")
def along(head, offer, settings, persuasion, key, people, ties):
    """Which strong ties of `head`, free and well, would come to the new group of theirs that the `Offer` is of: rows."""
    offer, settings, persuasion = Offer(*offer), GroupSettings(*settings), PersuasionSettings(*persuasion)
    people, ties = AskedPeople(*people), Network(*ties)
    degree = ties.strong_degree[head]
    coming = np.empty(degree, np.int64)
    count = 0
    for slot in range(degree):
        j = np.int64(ties.strong[head, slot])
        if people.group[j] >= 0 or people.ill[j]:
            continue
        coming[count] = j
        count += accepts(j, offer, np.bool_(True), settings, persuasion, key, people, ties)
    return coming[:count]


@njit(cache=True, error_model="numpy")
def invite(rows, settings, persuasion, key, uptake_key, week, people, groups, ties):
    """Let members (`rows`, in order) each ask at most one tie along; who accepts is a member from now on.

    Mostly strong ties are asked. A group under the grip of its funder asks less. Returns who joined (rows).
    """
    settings, persuasion, people = (
        GroupSettings(*settings),
        PersuasionSettings(*persuasion),
        AskedPeople(*people),
    )
    groups, ties = Inviting(*groups), Network(*ties)
    s, group, members = settings, people.group, groups.members
    strong, degree, weak_start, weak = ties.strong, ties.strong_degree, ties.weak_start, ties.weak
    joined = np.empty(rows.shape[0], np.int64)
    count = 0
    for i in rows:
        g = group[i]
        w0, w1, w2, _ = philox(key, people.id[i], 0, week, 2)
        asking = s.group_invite * by_energy(s.energy_asks, groups.energy[g]) * groups.autonomy[g]
        if members[g] >= groups.limit[g] or unit(w0) >= asking:
            continue
        u1, u2 = unit(w1), unit(w2)
        first, last = weak_start[i], weak_start[i + 1]
        if u1 < s.invite_strong and degree[i] > 0:
            j = np.int64(strong[i, np.int64(u1 / s.invite_strong * degree[i])])
        elif last > first:
            j = np.int64(weak[first + np.int64(u2 * (last - first))])
        else:
            continue
        if group[j] >= 0 or people.ill[j]:
            continue
        offer = Offer(
            np.int64(g), np.int64(groups.kind[g]), groups.east[g], groups.north[g], groups.founder[g], groups.founded[g]
        )  # fmt: skip
        if accepts(j, offer, np.bool_(False), s, persuasion, uptake_key, people, ties):
            group[j] = g
            people.group_since[j] = week
            members[g] += 1
            joined[count] = j
            count += 1
    return joined[:count]


@njit(cache=True, error_model="numpy")
def bring_on(rows, start, settings, key, week, boost, energy, people):
    """Let organisers ask a member to help organise; `rows` by group, those of group g from start[g] on.

    boost: (groups,) times more often; energy: (groups,); returns who agreed (rows), who are organisers from now on.
    """
    settings, people = GroupSettings(*settings), Members(*people)
    s, organiser = settings, people.organiser
    agreed = np.empty(rows.shape[0], np.int64)
    count = 0
    for r in range(rows.shape[0]):
        i = rows[r]
        if organiser[i] != 1:
            continue
        g = people.group[i]
        w0, w1, w2, _ = philox(key, people.id[i], 0, week, 3)
        if unit(w0) >= s.organiser_develops * boost[g] * energy[g]:
            continue
        j = rows[start[g] + np.int64(unit(w1) * (start[g + 1] - start[g]))]
        if organiser[j] or week - people.group_since[j] < s.organiser_tenure:
            continue
        if unit(w2) < s.organiser_accepts * civic(people.knowhow[j], s):
            organiser[j] = 2  # from next week on: nobody asks in the week of agreeing
            agreed[count] = j
            count += 1
    for r in range(count):
        organiser[agreed[r]] = 1
    return agreed[:count]


@njit(nogil=True, cache=True, error_model="numpy")
def seek(lo, hi, settings, key, week, rate, most, people, founding):
    """Mark, for rows lo..hi, active people outside groups who try to start one this week.

    rate: weekly chance of somebody of average know-how; most: the largest of `spur`, so that few need a closer look.
    """
    settings, people = GroupSettings(*settings), Founding(*people)
    spur = people.spur
    likeliest = rate * civic(settings.found_knowhow_limit, settings) * most
    founding[lo:hi] = 0
    u = np.empty(BLOCK)
    likely = np.empty(BLOCK + 1, np.int64)
    for first in range(lo, hi, BLOCK):
        who = people.id[first : min(first + BLOCK, hi)]
        for j in range(who.shape[0]):
            word, _, _, _ = philox(key, who[j], 0, week, 4)
            u[j] = unit(word)
        found = 0
        for j in range(who.shape[0]):
            likely[found] = j
            found += u[j] < likeliest
        for r in range(found):
            i = first + likely[r]
            own = (
                rate
                * civic(people.knowhow[i], settings)
                * (np.float64(spur[i]) if spur.shape[0] > 0 else 1.0)
            )
            founding[i] = (
                u[likely[r]] < own and people.moving[i] and not people.ill[i] and people.group[i] < 0
            )


@njit(nogil=True, cache=True, error_model="numpy")
def draws(key, week, slot, founder, founded, out):
    """One uniform for each group in `out`, by its founder and week of founding."""
    for g in range(founder.shape[0]):
        word, _, _, _ = philox(key, founder[g], founded[g] + np.int64(week) * 65536, slot, 1)
        out[g] = unit(word)
