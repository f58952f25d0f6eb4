"""Friendships: what they are made of, which of them begin and which end.

Whatever is read of others does not change within an act, and each kernel writes rows of its own only; what joins two
people is put forward first (`tend`) and then done one by one in the order of identities (`befriend`). The order in
which friendships end (`part`) does not matter.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.elementary import exp
from model.kernels.memory import AHEAD, fetch
from model.kernels.slots import LivingTies, drop, tied
from model.rng import uniforms

BLOCK = 512
"""Residents whose draws are made together."""


class MeetingSettings(NamedTuple):
    """See ledger/meeting.yaml; fade, renewal, trust_back and forget are what a week has of chances and returns of a year;
    age_gap, other_sex and other_ethnicity hold how much liking of one's like there is."""

    fade: float
    tie_bridge: float
    renewal: float
    tie_closure: float
    age_gap: float
    other_sex: float
    other_ethnicity: float
    tie_far_m: float
    trust_rest: float
    trust_new: float
    trust_gain: float
    trust_back: float
    meet_again: float
    friend_hours: float
    forget: float
    hours_kept: int


class FriendshipPeople(NamedTuple):
    """Columns by which friends are found; all (n,)."""

    id: np.ndarray
    age: np.ndarray
    sex: np.ndarray
    ethnicity: np.ndarray
    x_m: np.ndarray
    y_m: np.ndarray
    household: np.ndarray


@njit(inline="always", cache=True, error_model="numpy")
def trust_now(trust, contact, week, settings):
    """Trust in `week` of a tie that stood at `trust` in the week of its last `contact`."""
    away = trust - settings.trust_rest
    return settings.trust_rest + away * exp(-settings.trust_back * (week - contact))


@njit(inline="always", cache=True, error_model="numpy")
def hours_left(hours, seen, week, settings):
    """Hours together not forgotten by `week`: nothing in the first weeks without meeting, then more and more."""
    return hours * exp(-settings.forget * max(week - seen - settings.hours_kept, 0))


@njit(cache=True, error_model="numpy")
def in_common(i, j, strong, degree):
    """Whether i and j have a strong tie in common."""
    for slot in range(degree[i]):  # noqa: SIM110 - numba
        if tied(strong, degree, j, np.int64(strong[i, slot])):
            return True
    return False


@njit(inline="always", cache=True, error_model="numpy")
def alikeness(i, j, settings, people):
    """Chance that likeness and nearness of i and j let a friendship begin, 1 for two alike next door."""
    age, x_m, y_m = people.age, people.x_m, people.y_m
    gap = abs(np.float64(age[i]) - np.float64(age[j]))
    east, north = np.float64(x_m[i]) - np.float64(x_m[j]), np.float64(y_m[i]) - np.float64(y_m[j])
    chance = exp(-gap / settings.age_gap - np.sqrt(east * east + north * north) / settings.tie_far_m)
    if people.sex[i] != people.sex[j]:
        chance *= settings.other_sex
    if people.ethnicity[i] != people.ethnicity[j]:
        chance *= settings.other_ethnicity
    return chance


@njit(nogil=True, cache=True, error_model="numpy")
def tend(lo, hi, settings, key, week, people, ties):
    """What rows lo..hi put forward: friendships that end and friendships that begin, each (k, 2) rows, one's own first.

    Each end of a tie brings half of its risk. A friendship begins with a friend's friend or with an acquaintance.
    Few people have something to put forward in a week: only they are looked at, one question after the other, so that
    waiting for what is far away in memory overlaps.
    """
    settings, people, ties = MeetingSettings(*settings), FriendshipPeople(*people), LivingTies(*ties)
    s, household = settings, people.household
    strong, degree, trust, contact = ties.strong, ties.strong_degree, ties.trust, ties.contact
    room, weak_start, weak = ties.room, ties.weak_start, ties.weak
    most = 2.0 * s.tie_bridge
    risk = 0.5 * s.fade * most
    u = np.empty((4, BLOCK))
    loose = np.empty(BLOCK + 1, np.int64)
    open_to = np.empty(BLOCK + 1, np.int64)
    friend, other = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    ending, making = np.empty((hi - lo, 2), np.int32), np.empty((hi - lo, 2), np.int32)
    ends, begins = 0, 0
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        rows = slice(first, first + m)
        who, held_now, space = people.id[rows], degree[rows], room[rows]
        uniforms(key, who, week, np.int64(0), u)
        some, few = 0, 0
        for j in range(m):
            loose[some] = j
            some += u[0, j] < held_now[j] * risk
            open_to[few] = j
            few += u[1, j] < s.renewal * max(np.int64(space[j]) - np.int64(held_now[j]), 0)
        for r in range(some):
            i = first + loose[r]
            fetch(strong, i)
            fetch(trust, i)
            fetch(contact, i)
        for r in range(few):
            fetch(strong, first + open_to[r])
            fetch(weak, weak_start[first + open_to[r]])
        for r in range(some):
            i = first + loose[r]
            slot = np.int64(u[0, loose[r]] / risk)
            lot = (u[0, loose[r]] / risk - slot) * most
            if slot >= degree[i]:
                continue
            j = np.int64(strong[i, slot])
            own = 2.0 * (1.0 - trust_now(np.float64(trust[i, slot]), contact[i, slot], week, s))
            if lot >= own * s.tie_bridge or household[j] == household[i]:
                continue
            # Friends in common are looked for only where they make the difference.
            if lot < own or not in_common(i, j, strong, degree):
                ending[ends, 0], ending[ends, 1] = i, j
                ends += 1
        # A friend, or an acquaintance; then a friend of the friend; then how alike they are.
        for r in range(few):
            i, u2, u3 = first + open_to[r], u[2, open_to[r]], u[3, open_to[r]]
            weak_first, weak_last = weak_start[i], weak_start[i + 1]
            friend[r] = other[r] = -1
            if degree[i] > 0 and u2 < s.tie_closure:
                friend[r] = strong[i, np.int64(u2 / s.tie_closure * degree[i])]
                fetch(degree, friend[r])
                fetch(strong, friend[r])
            elif weak_last > weak_first:
                other[r] = weak[weak_first + np.int64(u3 * (weak_last - weak_first))]
        for r in range(few):
            if friend[r] >= 0:
                other[r] = strong[friend[r], np.int64(u[3, open_to[r]] * degree[friend[r]])]
            for one in (first + open_to[r], max(other[r], 0)):
                fetch(people.age, one)
                fetch(people.sex, one)
                fetch(people.ethnicity, one)
                fetch(people.x_m, one)
                fetch(people.y_m, one)
        for r in range(few):
            i, j = first + open_to[r], other[r]
            if j < 0 or j == i:
                continue
            rate = s.renewal * max(np.int64(room[i]) - np.int64(degree[i]), 0)
            if u[1, open_to[r]] / rate >= alikeness(i, j, s, people):
                continue
            if not tied(strong, degree, i, j):
                making[begins, 0], making[begins, 1] = i, j
                begins += 1
    return ending[:ends].copy(), making[:begins].copy()


@njit(cache=True, error_model="numpy")
def join(i, j, week, settings, ties):
    """Make friends of i and j, who are not, where both have room; whether they are now. They are acquaintances no more."""
    strong, degree, room, met = ties.strong, ties.strong_degree, ties.room, ties.met
    if degree[i] >= room[i] or degree[j] >= room[j]:
        return False
    for a, b in ((i, j), (j, i)):
        slot = np.int64(degree[a])
        strong[a, slot], ties.trust[a, slot], ties.contact[a, slot] = b, settings.trust_new, week
        degree[a] += 1
        for k in range(met.shape[1]):
            if met[a, k] == b:
                met[a, k] = -1
    return True


@njit(cache=True, error_model="numpy")
def befriend(making, week, settings, ties):
    """Begin friendships, (k, 2) rows, in that order, where both have room; returns how many."""
    settings, ties = MeetingSettings(*settings), LivingTies(*ties)
    strong, degree = ties.strong, ties.strong_degree
    begun = 0
    for r in range(making.shape[0]):
        for one in making[min(r + AHEAD, making.shape[0] - 1)]:
            fetch(strong, one)
            fetch(ties.trust, one)
            fetch(ties.contact, one)
            fetch(ties.met, one)
            fetch(degree, one)
            fetch(ties.room, one)
        i, j = np.int64(making[r, 0]), np.int64(making[r, 1])
        if not tied(strong, degree, i, j):  # the other may have put the same forward
            begun += join(i, j, week, settings, ties)
    return begun


@njit(cache=True, error_model="numpy")
def part(ending, ties):
    """End friendships, (k, 2) rows; in which order does not matter."""
    ties = LivingTies(*ties)
    strong, degree, trust, contact = ties.strong, ties.strong_degree, ties.trust, ties.contact
    for r in range(ending.shape[0]):
        for one in ending[min(r + AHEAD, ending.shape[0] - 1)]:
            fetch(strong, one)
            fetch(trust, one)
            fetch(contact, one)
            fetch(degree, one)
        i, j = np.int64(ending[r, 0]), np.int64(ending[r, 1])
        drop(i, j, strong, degree, trust, contact)
        drop(j, i, strong, degree, trust, contact)
