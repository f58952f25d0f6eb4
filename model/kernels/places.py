"""Places: which of the known places each resident uses for each kind, and what that choice is worth."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.elementary import any_of, exp, within
from model.kernels.memory import fetch, listed
from model.rng import philox, unit

MOST = 40
"""Room for the five choices of no place and every candidate slot; a multiple of eight suits vectors."""


class PlaceSettings(NamedTuple):
    """Effects and speeds (`_m_min`: metres a minute); waits in minutes; see ledger/access.yaml.

    felt_price, felt_upkeep: logits of going at all, by pound and by upkeep of the place in use; near_route, near_travel:
    by a well-kept path at the door, for walking for leisure and cycling, and for walking for travel; one in e `route_m` away.
    All 0 where a switch leaves them out. path: the number of that kind of asset.
    """

    walk_m_min: float
    slow_disabled: float
    slow_old: float
    drive_m_min: float
    drive_wait: float
    bus_m_min: float
    bus_wait: float
    detour: float
    travel_limit: float
    travel_scale: float
    price_effect: float
    quality_effect: float
    step_free_effect: float
    welcome_effect: float
    crowding_effect: float
    opening_effect: float
    access_effect: float
    rethink_weeks: int
    felt_price: float
    felt_upkeep: float
    near_route: float
    near_travel: float
    route_m: float
    path: int


class Turn(NamedTuple):
    """Who chooses again besides those whose turn it is: everybody; where a place `changed` (rows of cells,); those
    `stirred` (n,)."""

    everyone: bool
    changed: np.ndarray
    stirred: np.ndarray


class Candidates(NamedTuple):
    """What is within reach: asset and distance_m (rows of cells, slots), first (7,) slot of each kind, then the total;
    outside: (5,) worth of no place for each kind."""

    asset: np.ndarray
    distance_m: np.ndarray
    first: np.ndarray
    outside: np.ndarray


class Places(NamedTuple):
    """Columns of assets this week; all (assets,)."""

    key: np.ndarray
    load: np.ndarray
    kind: np.ndarray
    price: np.ndarray
    upkeep: np.ndarray
    step_free: np.ndarray
    welcome: np.ndarray
    opening: np.ndarray
    open: np.ndarray


class PlacesPeople(NamedTuple):
    """Columns read, and filled: `access` and `destination` (6, n).

    cell_row: (n,) row of the home cell; met: (6, n) what each resident meets more or less of
    (`quantities.MET_AT_PLACES`), or (6, 0).
    """

    id: np.ndarray
    age: np.ndarray
    disability: np.ndarray
    ethnicity: np.ndarray
    cars: np.ndarray
    means: np.ndarray
    knows: np.ndarray
    access: np.ndarray
    destination: np.ndarray
    cell_row: np.ndarray
    met: np.ndarray


class VisitPeople(NamedTuple):
    """Columns of what was done where; `weight`: (n,) int64 people in 1/256."""

    sessions: np.ndarray
    destination: np.ndarray
    group_sessions: np.ndarray
    group_place: np.ndarray
    weight: np.ndarray


@njit(inline="always", cache=True, error_model="numpy")
def travel_minutes(distance_m, kind, walk_speed, cars, settings):
    """Minutes one way: on foot for walking, by bicycle for cycling, else the quickest way at hand."""
    path = distance_m * settings.detour
    on_foot = path / walk_speed
    if kind < 2:
        return on_foot
    if kind == 2:
        return on_foot / 3.0
    other = settings.bus_wait + path / settings.bus_m_min
    if cars > 0:
        other = settings.drive_wait + path / settings.drive_m_min
    return min(on_foot, other)


@njit(inline="always", cache=True, error_model="numpy")
def log_nearly(u):
    """The natural logarithm of a normal positive number to eight digits, in steps that compilers turn into vectors."""
    bits = np.float64(u).view(np.int64)
    power = (bits >> 52) - 1023
    part = np.int64((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000).view(np.float64)
    large = part > 1.4142135623730951
    part = 0.5 * part if large else part
    s = (part - 1.0) / (part + 1.0)
    q = s * s
    series = 1.0 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q / 11))))
    return (power + large) * 0.6931471805599453 + 2.0 * s * series


@njit(inline="always", cache=True, error_model="numpy")
def attraction(upkeep, opening, load, settings):
    """What a place is worth to anybody, before the journey: upkeep, hours, room."""
    return (
        2.0
        + settings.quality_effect * (upkeep - 0.5)
        + settings.opening_effect * (opening - 0.5)
        - settings.crowding_effect * max(0.0, load - 0.8)
    )


@njit(nogil=True, cache=True, error_model="numpy")
def choose_places(lo, hi, settings, key, week, turn, within_reach, places, people):
    """Choose again for rows lo..hi whose turn it is: `PlaceSettings`, `Turn`, `Candidates`, `Places`, `PlacesPeople`.

    A place's worth = journey, price against means, upkeep, steps, welcome, crowding + a lasting Gumbel taste keyed
    by (person, place). `destination` (6, n) takes the best, -1 = no place needed; `access` (6, n) the logsum. The
    largest sum of worth and Gumbel taste is the first to arrive of exponential clocks of rate e^worth.
    """
    settings, turn, within_reach = PlaceSettings(*settings), Turn(*turn), Candidates(*within_reach)
    places, people = Places(*places), PlacesPeople(*people)
    s, met = settings, people.met
    slot_asset, slot_distance, slot_first = within_reach.asset, within_reach.distance_m, within_reach.first
    is_open, price, upkeep, load = places.open, places.price, places.upkeep, places.load
    step_free, welcome, opening = places.step_free, places.welcome, places.opening
    ids, cell_row, age, disability = people.id, people.cell_row, people.age, people.disability
    ethnicity, cars, means, knows = people.ethnicity, people.cars, people.means, people.knows
    access, destination = people.access, people.destination
    keyed, outside = places.key, within_reach.outside
    some = met.shape[1] > 0
    going, door, kinds = s.felt_price > 0.0 or s.felt_upkeep > 0.0, s.near_route > 0.0, places.kind
    ways = np.zeros(5)
    appeal = np.empty(len(price))
    for a in range(len(price)):
        appeal[a] = attraction(upkeep[a], opening[a], load[a], s)
    # The five choices of no place come first, then the known places of each kind.
    worth, u, arrival = np.zeros(MOST), np.zeros(MOST), np.zeros(MOST)
    keys, asset = np.zeros(MOST, np.uint32), np.full(MOST, -1, np.int32)
    last = np.zeros(5, np.int64)
    for kind in range(5):
        keys[kind] = np.uint32(0xFFFFFFF0) + kind
    due = np.empty(hi - lo, np.uint8)
    name, home = ids[lo:hi], cell_row[lo:hi]
    for j in range(hi - lo):
        # Whole numbers of this size are divided exactly as floats too, and many at a time.
        turns = np.float64((name[j] >> 6) + week) / s.rethink_weeks
        due[j] = turn.everyone | (turns == np.floor(turns))
    changed, stirred = turn.changed, turn.stirred
    if any_of(changed):
        for j in range(hi - lo):
            due[j] |= changed[home[j]] > 0
    roused = stirred[lo:hi]
    if any_of(roused):
        for j in range(hi - lo):
            due[j] |= roused[j] > 0
    again = lo + listed(due)
    for r in range(again.shape[0]):
        soon = again[min(r + 4, again.shape[0] - 1)]
        for column in (age, disability, ethnicity, cars):
            fetch(column, soon)
        fetch(means, soon)
        fetch(knows, soon)
        for kind in range(5):
            fetch(access[kind], soon)
            fetch(destination[kind], soon)
        i = again[r]
        row = cell_row[i]
        speed = s.walk_m_min
        if disability[i] == 2:
            speed *= s.slow_disabled
        elif disability[i] == 1:
            speed *= 0.5 * (1.0 + s.slow_disabled)
        if age[i] >= 75:
            speed *= s.slow_old
        limits = 0.5 * disability[i]
        minority = 1.0 if ethnicity[i] > 0 else 0.0
        money = np.float64(means[i])
        if some:
            money = within(money + met[5, i])
        hardship = 2.0 - 2.0 * money
        known, found = knows[i], 5
        for kind in range(5):
            worth[kind] = outside[kind]
            ways[kind] = 0.0
            for slot in range(slot_first[kind], slot_first[kind + 1]):
                a = slot_asset[row, slot]
                if a < 0 or is_open[a] <= 0.0 or not (known >> np.uint32(slot)) & np.uint32(1):
                    continue
                minutes = travel_minutes(np.float64(slot_distance[row, slot]), kind, speed, cars[i], s)
                if minutes > s.travel_limit:
                    continue
                pull, fee, level, warm = appeal[a], price[a], step_free[a], welcome[a]
                if some:
                    kept, hours = within(upkeep[a] + met[1, i]), within(opening[a] + met[4, i])
                    pull, fee = attraction(kept, hours, load[a], s), max(fee + met[0, i], 0.0)
                    level, warm = within(level + met[2, i]), within(warm + met[3, i])
                worth[found] = (
                    pull
                    - minutes / s.travel_scale
                    - s.price_effect * fee * hardship
                    - s.step_free_effect * limits * (1.0 - level)
                    - s.welcome_effect * minority * (1.0 - warm)
                )
                if door and kinds[a] == s.path:
                    surface = within(upkeep[a] + met[1, i]) if some else upkeep[a]
                    near = exp(-np.float64(slot_distance[row, slot]) / s.route_m)
                    ways[kind] = max(ways[kind], surface * near)
                keys[found] = keyed[a]
                asset[found] = a
                found += 1
            last[kind] = found
        who = ids[i]
        # A multiple of eight suits vectors; what lies beyond those found is left from others, and not looked at.
        some_more = (found + 7) // 8 * 8
        for c in range(some_more):
            word, _, _, _ = philox(key, who, keys[c], 0, 0)
            u[c] = unit(word)
            worth[c] = exp(worth[c])
        for c in range(some_more):
            arrival[c] = -log_nearly(u[c]) / worth[c]
        first = 5
        for kind in range(5):
            total = worth[kind]
            best, soonest, second = kind, arrival[kind], np.inf
            for c in range(first, last[kind]):
                total += worth[c]
                sooner = arrival[c] < soonest
                second = soonest if sooner else min(second, arrival[c])
                soonest = arrival[c] if sooner else soonest
                best = c if sooner else best
            if second <= soonest * (1.0 + 1e-6):
                # Too close to call by eight digits.
                best, soonest = kind, -math.log(u[kind]) / worth[kind]
                for c in range(first, last[kind]):
                    exact = -math.log(u[c]) / worth[c]
                    best = c if exact < soonest else best
                    soonest = min(soonest, exact)
            first = last[kind]
            destination[kind, i] = asset[best]
            open_to = s.access_effect * math.log(total)
            if going and asset[best] >= 0:
                a = asset[best]
                fee, kept = price[a], upkeep[a]
                if some:
                    fee, kept = max(fee + met[0, i], 0.0), within(kept + met[1, i])
                open_to += s.felt_upkeep * (kept - 0.5) - s.felt_price * fee * hardship
            if door and kind == 1:
                open_to += s.near_travel * ways[0]
            elif door and (kind == 0 or kind == 2):
                open_to += s.near_route * ways[kind]
            access[kind, i] = open_to


@njit(nogil=True, cache=True, error_model="numpy")
def count_visits(lo, hi, people, visits):
    """Add the visits of rows lo..hi to `visits` (assets + 1,) int64, weighted people in integer units; the last
    entry takes those who went nowhere in particular."""
    people = VisitPeople(*people)
    weight, sessions, destination = people.weight[lo:hi], people.sessions, people.destination
    group_sessions, group_place = people.group_sessions, people.group_place
    # Two neighbours often go to the same place: with a table for each, neither waits for the other's sum.
    tables = np.zeros((4, visits.shape[0]), np.int64)
    for kind in range(5):
        where, done = destination[kind, lo:hi], sessions[kind, lo:hi]
        for j in range(hi - lo):
            tables[j & 3, where[j]] += np.int64(done[j]) * weight[j]
    for a in range(visits.shape[0]):
        visits[a] += tables[0, a] + tables[1, a] + tables[2, a] + tables[3, a]
    for i in range(lo, hi):
        if group_sessions[i] > 0:
            visits[group_place[i]] += np.int64(group_sessions[i]) * weight[i - lo]
