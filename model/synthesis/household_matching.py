"""Who moves in with whom: couples of like age, and grown children on top, one zone after another."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

ALONE, LONE, PARENT, COUPLE, EXTRA = range(5)
"""What a resident is at home: alone, lone parent, one of two parents, one of a couple, a further adult."""


class Residents(NamedTuple):
    """Who looks for a home: `starts` (zones + 1,) rows of each zone; the rest a value a resident."""

    starts: np.ndarray
    role: np.ndarray
    age: np.ndarray
    women: np.ndarray
    partner_age: np.ndarray
    lot: np.ndarray


class Homes(NamedTuple):
    """Homes: `starts` (zones + 1,) homes of each zone; the rest a value a home."""

    starts: np.ndarray
    kind: np.ndarray
    adults: np.ndarray
    lot: np.ndarray


@njit(cache=True)
def _pair(rows, women, partner_age):
    """Put `rows` (even in number) in order so that each two are a couple, by age; the spare sex pairs up."""
    order = rows[np.argsort(partner_age[rows])]
    her, him = order[women[order]], order[~women[order]]
    many, few = (her, him) if her.shape[0] >= him.shape[0] else (him, her)
    spare = many.shape[0] - few.shape[0]
    couples = np.empty(order.shape[0], dtype=np.int64)
    at, at_few, passed = 0, 0, 0
    held = -1
    for i in range(many.shape[0]):
        # spare people are spread evenly over the ages
        if (i + 1) * spare // many.shape[0] > passed:
            passed += 1
            if held < 0:
                held = many[i]
            else:
                couples[at], couples[at + 1] = held, many[i]
                at += 2
                held = -1
        else:
            couples[at], couples[at + 1] = many[i], few[at_few]
            at += 2
            at_few += 1
    return couples


@njit(cache=True)
def match(residents, homes_of, grown):
    """Household of each resident (`Residents`, `Homes`): single people and couples by kind of home, grown children on top.

    grown: commonest age of parents of grown children, its spread, and the age below which adults share.
    """
    starts, role, age, women, partner_age, lot = residents
    home_starts, kind, adults, home_lot = homes_of
    household = np.full(role.shape[0], -1, dtype=np.int64)
    for z in range(starts.shape[0] - 1):
        first, last, home_first, home_last = starts[z], starts[z + 1], home_starts[z], home_starts[z + 1]
        if first == last:
            continue
        rows = first + np.argsort(lot[first:last])
        homes = home_first + np.argsort(home_lot[home_first:home_last])
        room = adults[home_first:home_last].copy()
        head_age = np.zeros(home_last - home_first)
        for level in (ALONE, LONE):
            who, where = rows[role[rows] == level], homes[kind[homes] == level]
            for i in range(min(who.shape[0], where.shape[0])):
                household[who[i]] = where[i]
                room[where[i] - home_first] -= 1
                head_age[where[i] - home_first] = age[who[i]]
        for level in (PARENT, COUPLE):
            couples = _pair(rows[role[rows] == level], women, partner_age)
            where = homes[kind[homes] == level]
            pairs = min(couples.shape[0] // 2, where.shape[0])
            # homes with further adults go to those likeliest to have grown children, or to share when young
            wish = np.empty(pairs)
            for i in range(pairs):
                years = 0.5 * (age[couples[2 * i]] + age[couples[2 * i + 1]])
                u = lot[couples[2 * i]]
                far = 0.0 if years < grown[2] else (years - grown[0]) / grown[1]
                wish[i] = -0.5 * far**2 + np.log(u / (1 - u))
            by_wish = np.argsort(-wish)
            by_room = np.argsort(-(adults[where] + 0.5 * home_lot[where]))
            for i in range(pairs):
                home = where[by_room[i]]
                a, b = couples[2 * by_wish[i]], couples[2 * by_wish[i] + 1]
                household[a], household[b] = home, home
                room[home - home_first] -= 2
                head_age[home - home_first] = 0.5 * (age[a] + age[b])
        # grown children: the youngest heads (sharers) take the youngest
        extra = first + np.flatnonzero(household[first:last] < 0)
        extra = extra[np.argsort(age[extra] + 6.0 * lot[extra])]
        at = 0
        for i in np.argsort(head_age):
            while room[i] > 0 and at < extra.shape[0]:
                household[extra[at]] = home_first + i
                room[i] -= 1
                at += 1
    return household
