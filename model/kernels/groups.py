"""Groups: members turn up, leave, ask their ties along; organisers stand down and bring on others.

What reads others' columns works on a snapshot, or goes through residents one by one in the order of identities.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.elementary import exp, logistic
from model.kernels.persuasion import pressure
from model.rng import philox, unit

BLOCK = 512
"""Residents whose luck is drawn together."""


class GroupSettings(NamedTuple):
    """See ledger/movement.yaml and ledger/programmes.yaml; chances a week."""

    invite: float
    strong: float
    uptake: float
    female: float
    older: float
    knowhow: float
    limited: float
    distance: float
    motivation: float
    friend: float
    reinforced: float
    novelty: float
    detour_km: float
    drop_early: float
    drop_middle: float
    drop_late: float
    drop_alike: float
    drop_friend: float
    age_span: float
    stands_down: float
    overload: float
    share: float
    develops: float
    accepts: float
    tenure: int
    civic: float
    civic_limit: float
    holds: float
    asks: float


@njit(inline="always", cache=True, error_model="numpy")
def civic(knowhow, settings):
    """How many times likelier than somebody of average know-how somebody starts or organises a group."""
    return exp(settings.civic * min(max(np.float64(knowhow), -settings.civic_limit), settings.civic_limit))


@njit(inline="always", cache=True, error_model="numpy")
def by_energy(spread, energy):
    """1 at middling energy, and `spread` more from none to full: how far the energy of a group does something."""
    return 1.0 - 0.5 * spread + spread * energy


@njit(nogil=True, cache=True, error_model="numpy")
def come(rows, key, week, chance, minutes, kind, place, ids, group, ill, came, turnout,
         group_sessions, group_kind, group_minutes, group_place):  # fmt: skip
    """Let members (`rows`) turn up to their group's session with its `chance` (groups,); nobody ill comes."""
    turnout[:] = 0
    for i in rows:
        g = group[i]
        word, _, _, _ = philox(key, ids[i], 0, week, 0)
        if ill[i] or unit(word) >= chance[g]:
            continue
        came[i] = 1
        turnout[g] += 1
        # Somebody may belong to a programme too: the week holds both, and the place is the one of the larger.
        if group_sessions[i] < 1:
            group_kind[i] = kind[g]
            group_place[i] = place[g]
        group_sessions[i] += 1
        group_minutes[i] += minutes


@njit(nogil=True, cache=True, error_model="numpy")
def leave(rows, settings, key, week, ids, age, group, since, organiser, risk, mean_age, energy, members, organisers,
          strong, degree, gone, down):  # fmt: skip
    """Mark which members (`rows`) leave (`gone`) and which organisers stand down (`down`): both (rows,) uint8, as `risk`."""
    s = settings
    for r in range(rows.shape[0]):
        i = rows[r]
        g = group[i]
        w0, w1, _, _ = philox(key, ids[i], 0, week, 1)
        tenure = week - since[i]
        hazard = s.drop_early if tenure <= 6 else (s.drop_middle if tenure <= 24 else s.drop_late)
        hazard *= np.float64(risk[r]) * by_energy(-s.holds, energy[g])
        if abs(np.float64(age[i]) - mean_age[g]) <= s.age_span:
            hazard *= s.drop_alike
        for slot in range(degree[i]):
            if group[strong[i, slot]] == g:
                hazard *= s.drop_friend
                break
        gone[r] = not organiser[i] and unit(w0) < hazard
        burden = max(members[g] / (organisers[g] * s.share) - 1.0, 0.0) if organisers[g] > 0 else 0.0
        tired = s.stands_down * (1.0 + s.overload * burden) * by_energy(-s.holds, energy[g])
        down[r] = organiser[i] and unit(w1) < tired


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
def accepts(i, g, known, kind, east, north, founder, founded, settings, persuasion, key, ids, age, sex, disability, knowhow,
            household, x_m, y_m, motivation, threshold, group, strong, degree):  # fmt: skip
    """Whether i, asked along, joins group `g` at (east, north), known by its founder and week of founding.

    known: whether a strong tie of i is in it already.

    One draw a person and group, kept, so that somebody who would not come is won only by what changes.
    """
    s = settings
    dx, dy = np.float64(x_m[i]) - east, np.float64(y_m[i]) - north
    km = np.sqrt(dx * dx + dy * dy) * s.detour_km
    u = s.uptake + s.knowhow * np.float64(knowhow[i]) + s.distance * min(km, 5.0)
    u += s.motivation * np.float64(motivation[i])
    if kind == 0 and sex[i] == 0:
        u += s.female
    if kind == 0 and 55 <= age[i] < 85:
        u += s.older
    if disability[i] == 2:
        u += s.limited
    for slot in range(degree[i]):
        known = known or group[strong[i, slot]] == g
    if known:
        u += s.friend
    active = sources(i, group, strong, degree, household)
    u += s.reinforced * pressure(active, degree[i], s.novelty * np.float64(threshold[i]), persuasion)
    word, _, _, _ = philox(key, ids[i], founder, founded, 0)
    return unit(word) < logistic(u)


@njit(cache=True, error_model="numpy")
def along(head, kind, east, north, founded, settings, persuasion, key, ill, ids, age, sex, disability, knowhow, household,
          x_m, y_m, motivation, threshold, group, strong, degree):  # fmt: skip
    """Which strong ties of `head`, free and well, would come to a new group of theirs at (east, north): rows."""
    coming = np.empty(degree[head], np.int64)
    count = 0
    for slot in range(degree[head]):
        j = np.int64(strong[head, slot])
        if group[j] >= 0 or ill[j]:
            continue
        coming[count] = j
        count += accepts(j, np.int64(-2), np.bool_(True), kind, east, north, np.int64(ids[head]), founded, settings, persuasion, key, ids, age, sex,
                         disability, knowhow, household, x_m, y_m, motivation, threshold, group, strong, degree)  # fmt: skip
    return coming[:count]


@njit(cache=True, error_model="numpy")
def invite(rows, settings, persuasion, key, uptake_key, week, ids, age, sex, disability, knowhow, household, x_m, y_m,
           motivation, threshold, ill, group, since, strong, degree, weak_start, weak, energy, members, limit, kind,
           east, north, founder, founded, autonomy):  # fmt: skip
    """Let members (`rows`, in order) each ask at most one tie along; who accepts is a member from now on.

    Mostly strong ties are asked. A group under the grip of its funder asks less. Returns who joined (rows).
    """
    s = settings
    joined = np.empty(rows.shape[0], np.int64)
    count = 0
    for i in rows:
        g = group[i]
        w0, w1, w2, _ = philox(key, ids[i], 0, week, 2)
        if members[g] >= limit[g] or unit(w0) >= s.invite * by_energy(s.asks, energy[g]) * autonomy[g]:
            continue
        u1, u2 = unit(w1), unit(w2)
        first, last = weak_start[i], weak_start[i + 1]
        if u1 < s.strong and degree[i] > 0:
            j = np.int64(strong[i, np.int64(u1 / s.strong * degree[i])])
        elif last > first:
            j = np.int64(weak[first + np.int64(u2 * (last - first))])
        else:
            continue
        if group[j] >= 0 or ill[j]:
            continue
        if accepts(j, np.int64(g), np.bool_(False), np.int64(kind[g]), east[g], north[g], founder[g], founded[g], s, persuasion, uptake_key, ids, age, sex,
                   disability, knowhow, household, x_m, y_m, motivation, threshold, group, strong, degree):  # fmt: skip
            group[j] = g
            since[j] = week
            members[g] += 1
            joined[count] = j
            count += 1
    return joined[:count]


@njit(cache=True, error_model="numpy")
def bring_on(rows, start, settings, key, week, boost, ids, knowhow, since, organiser, group, energy):
    """Let organisers ask a member to help organise; `rows` by group, those of group g from start[g] on.

    boost: (groups,) times more often; returns who agreed (rows), who are organisers from now on.
    """
    s = settings
    agreed = np.empty(rows.shape[0], np.int64)
    count = 0
    for r in range(rows.shape[0]):
        i = rows[r]
        if organiser[i] != 1:
            continue
        g = group[i]
        w0, w1, w2, _ = philox(key, ids[i], 0, week, 3)
        if unit(w0) >= s.develops * boost[g] * energy[g]:
            continue
        j = rows[start[g] + np.int64(unit(w1) * (start[g + 1] - start[g]))]
        if organiser[j] or week - since[j] < s.tenure:
            continue
        if unit(w2) < s.accepts * civic(knowhow[j], s):
            organiser[j] = 2  # from next week on: nobody asks in the week of agreeing
            agreed[count] = j
            count += 1
    for r in range(count):
        organiser[agreed[r]] = 1
    return agreed[:count]


@njit(nogil=True, cache=True, error_model="numpy")
def seek(lo, hi, settings, key, week, rate, most, spur, ids, knowhow, moving, ill, group, founding):
    """Mark, for rows lo..hi, active people outside groups who try to start one this week.

    rate: weekly chance of somebody of average know-how; spur: (n,) times likelier, or empty; most: the largest of
    spur, so that few need a closer look.
    """
    likeliest = rate * civic(settings.civic_limit, settings) * most
    founding[lo:hi] = 0
    u = np.empty(BLOCK)
    likely = np.empty(BLOCK + 1, np.int64)
    for first in range(lo, hi, BLOCK):
        who = ids[first : min(first + BLOCK, hi)]
        for j in range(who.shape[0]):
            word, _, _, _ = philox(key, who[j], 0, week, 4)
            u[j] = unit(word)
        found = 0
        for j in range(who.shape[0]):
            likely[found] = j
            found += u[j] < likeliest
        for r in range(found):
            i = first + likely[r]
            own = rate * civic(knowhow[i], settings) * (np.float64(spur[i]) if spur.shape[0] > 0 else 1.0)
            founding[i] = u[likely[r]] < own and moving[i] and not ill[i] and group[i] < 0


@njit(nogil=True, cache=True, error_model="numpy")
def draws(key, week, slot, founder, founded, out):
    """One uniform for each group in `out`, by its founder and week of founding."""
    for g in range(founder.shape[0]):
        word, _, _, _ = philox(key, founder[g], founded[g] + np.int64(week) * 65536, slot, 1)
        out[g] = unit(word)
