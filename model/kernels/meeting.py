"""Meeting: who spends time with whom at a gathering, and what comes of it.

Each kernel writes rows of its own only; nobody is at two gatherings at once, so that what joins two people is done one
by one within each gathering, in the order of identities (`spend_time`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.friendship import MeetingSettings, hours_left, join, trust_now
from model.kernels.memory import AHEAD, fetch
from model.kernels.slots import LivingTies, tied
from model.rng import philox, unit


class Occasion(NamedTuple):
    """What people come together for: in a group (`slot` 0) or at a place (1), the chance to spend the time with one of
    those present, and `hours` of it."""

    week: int
    slot: int
    chance: float
    hours: float


class Gathered(NamedTuple):
    """Who is where: where (n,) number of the gathering, -1 = at none; `people` (rows) by gathering, those of k from
    start[k] on; position (n,) in it; company (n,) rows with whom the time is spent, -1 = nobody new."""

    where: np.ndarray
    start: np.ndarray
    people: np.ndarray
    position: np.ndarray
    company: np.ndarray


class MeetingPeople(NamedTuple):
    """Columns by which people meet; all (n,)."""

    id: np.ndarray
    household: np.ndarray


@njit(nogil=True, cache=True, error_model="numpy")
def usual(lo, hi, key, times, ids, place, where):
    """Fill `where` for rows lo..hi: number of the place and usual time of somebody's week there, -1 = around home."""
    for i in range(lo, hi):
        word, _, _, _ = philox(key, ids[i], 0, 0, 2)
        where[i] = place[i] * times + np.int64(unit(word) * times) if place[i] >= 0 else -1


@njit(cache=True, error_model="numpy")
def gather(rows, gathered):
    """Sort `rows`, in the order of identities, into their gathering: fills start, people and position."""
    gathered = Gathered(*gathered)
    where, start, people, position = gathered.where, gathered.start, gathered.people, gathered.position
    start[:] = 0
    for row in rows:
        start[where[row] + 1] += 1
    for k in range(1, start.shape[0]):
        start[k] += start[k - 1]
    fill = start[:-1].copy()
    for row in rows:
        position[row] = fill[where[row]]
        people[position[row]] = row
        fill[where[row]] += 1


@njit(nogil=True, cache=True, error_model="numpy")
def meet(lo, hi, present, settings, key, occasion, gathered, people, ties):
    """Say with whom the rows present[lo:hi] spend time at their gathering: its `company`.

    With chance `settings.meet_again` they keep to whom they know best among those present, else anybody. In a group
    (`slot` 0) trust grows with every strong tie who is there.
    """
    settings, occasion, gathered = MeetingSettings(*settings), Occasion(*occasion), Gathered(*gathered)
    people, ties = MeetingPeople(*people), LivingTies(*ties)
    s, week, slot, chance = settings, occasion.week, occasion.slot, occasion.chance
    where, start, rows, position = gathered.where, gathered.start, gathered.people, gathered.position
    ids, household = people.id, people.household
    strong, degree, trust, contact = ties.strong, ties.strong_degree, ties.trust, ties.contact
    met, hours, company = ties.met, ties.hours, gathered.company
    for i in present[lo:hi]:
        company[i] = -1
        here = where[i]
        if slot == 0:
            for k in range(degree[i]):
                if where[strong[i, k]] == here:
                    held = trust_now(np.float64(trust[i, k]), contact[i, k], week, s)
                    trust[i, k] = held + s.trust_gain * (1.0 - held)
                    contact[i, k] = week
        others = start[here + 1] - start[here] - 1
        if others < 1:
            continue
        w0, w1, w2, _ = philox(key, ids[i], 0, week, slot)
        if unit(w0) >= chance:
            continue
        best = -1
        for k in range(met.shape[1]):
            if met[i, k] >= 0 and where[met[i, k]] == here and (best < 0 or hours[i, k] > hours[i, best]):
                best = k
        if best >= 0 and unit(w1) < s.meet_again:
            company[i] = met[i, best]
            continue
        pick = start[here] + np.int64(unit(w2) * others)
        j = np.int64(rows[pick if pick < position[i] else pick + 1])
        if household[j] != household[i] and not tied(strong, degree, i, j):
            company[i] = j


@njit(nogil=True, cache=True, error_model="numpy")
def spend_time(lo, hi, settings, occasion, gathered, ties):
    """Add the hours of the occasion to what those at the gatherings lo..hi and their `company` are to each other.

    Nobody is at two gatherings at once, so gatherings do not touch each other.
    Two who have had enough hours become friends when both have room. Returns how many friendships begin.
    """
    settings, occasion = MeetingSettings(*settings), Occasion(*occasion)
    gathered, ties = Gathered(*gathered), LivingTies(*ties)
    week, start, company = occasion.week, gathered.start, gathered.company
    strong, degree, met, hours, seen = ties.strong, ties.strong_degree, ties.met, ties.hours, ties.seen
    begun = 0
    meeting = np.empty(start[hi] - start[lo] + 1, np.int64)
    found = 0
    for row in gathered.people[start[lo] : start[hi]]:
        meeting[found] = row
        found += company[row] >= 0
    for r in range(found):
        soon = meeting[min(r + AHEAD, found - 1)]
        for one in (np.int64(soon), np.int64(company[soon])):
            fetch(strong, one)
            fetch(degree, one)
            fetch(met, one)
            fetch(hours, one)
            fetch(seen, one)
        i, j = meeting[r], np.int64(company[meeting[r]])
        if tied(strong, degree, i, j):
            continue
        enough = True
        for a, b in ((i, j), (j, i)):
            k = acquaintance(a, b, met, hours, seen, week, settings)
            hours[a, k] = hours_left(hours[a, k], seen[a, k], week, settings) + occasion.hours
            seen[a, k] = week
            enough = enough and hours[a, k] >= settings.friend_hours
        if enough:
            begun += join(i, j, week, settings, ties)
    return begun


@njit(cache=True, error_model="numpy")
def acquaintance(i, j, met, hours, seen, week, settings):
    """The slot in which i keeps j; whom i has the fewest hours left with gives way to somebody new."""
    slot = -1
    for k in range(met.shape[1]):
        if met[i, k] == j:
            return k
        if slot < 0 and met[i, k] < 0:
            slot = k
    if slot < 0:
        least = np.inf
        for k in range(met.shape[1]):
            left = hours_left(hours[i, k], seen[i, k], week, settings)
            if left < least:
                least, slot = left, k
    met[i, slot] = j
    hours[i, slot] = 0.0
    seen[i, slot] = week
    return slot
