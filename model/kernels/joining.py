"""Joining: hearing of a programme, wanting in, turning up, dropping out. Status codes are those of MEMBERSHIP."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.choice import binomial
from model.kernels.elementary import logistic
from model.kernels.news import one_tie
from model.kernels.status import LEFT, MEMBER, NEVER, WAITING
from model.rng import philox, unit

BLOCK = 512
"""Residents taken together: those of a block whom it concerns stand in a row of their own, drawn for at once."""


class JoiningSettings(NamedTuple):
    """See ledger/programmes.yaml; `invite` is this week's share told by the programme itself."""

    invite: float
    news_programme: float
    friend: float
    motivation: float
    drop_early: float
    drop_middle: float
    drop_late: float
    give_up: float


@njit(nogil=True, cache=True, error_model="numpy")
def hear(
    lo,
    hi,
    settings,
    key,
    news_key,
    week,
    ids,
    strong,
    strong_degree,
    weak_start,
    weak,
    eligible,
    member,
    aware,
):
    """Make eligible rows lo..hi `aware` whom the programme invites this week, or whom a tie who goes tells of it.

    member: (n,) uint8, who goes as this week begins.
    """
    few, who = np.empty(BLOCK + 1, np.int64), np.empty(BLOCK + 1, ids.dtype)
    lot, pick, luck = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    # One tie is asked, so the chance is raised to that of hearing from any of about twenty.
    passes_on = min(1.0, 20.0 * settings.news_programme)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        rows = slice(first, first + m)
        name, wanted, heard = ids[rows], eligible[rows], aware[rows]
        found = 0
        for j in range(m):
            few[found], who[found] = first + j, name[j]
            found += (wanted[j] != 0) & (heard[j] == 0)
        for r in range(found):
            w0, _, _, _ = philox(key, who[r], 0, week, 0)
            lot[r] = unit(w0)
        for r in range(found):
            w0, w1, _, _ = philox(news_key, who[r], 0, week, 0)
            pick[r], luck[r] = unit(w0), unit(w1)
        for r in range(found):
            i = few[r]
            if lot[r] < settings.invite:
                aware[i] = 1
            elif luck[r] < passes_on:
                tie = one_tie(i, pick[r], strong, strong_degree, weak_start, weak)
                if tie >= 0 and member[tie]:
                    aware[i] = 1


@njit(nogil=True, cache=True, error_model="numpy")
def want(lo, hi, settings, week, ids, eligible, level, levels, aware, draw, lasting, strong, strong_degree,
         friends, motivation, status, asked):  # fmt: skip
    """Put aware, eligible rows lo..hi on the list (`status` WAITING, week `asked`) who want to join.

    draw: (n,) one uniform a person for this programme, so that more places only add people; lasting: (n,) logits;
    friends: (n,) uint8, who is a member as this week begins.
    """
    s = settings
    few = np.empty(BLOCK + 1, np.int64)
    alone, beside = np.empty(BLOCK), np.empty(BLOCK)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        rows = slice(first, first + m)
        wanted, heard, now, grade = eligible[rows], aware[rows], status[rows], level[rows]
        found = 0
        for j in range(m):
            few[found] = first + j
            found += (wanted[j] != 0) & (heard[j] != 0) & (now[j] == NEVER) & levels[grade[j]]
        for r in range(found):
            u = lasting[few[r]] + s.motivation * motivation[few[r]]
            alone[r], beside[r] = logistic(u), logistic(u + s.friend)
        for r in range(found):
            i = few[r]
            joins = draw[i] < alone[r]
            # Friends are looked up only where they make the difference.
            if joins != (draw[i] < beside[r]):
                for slot in range(strong_degree[i]):
                    if friends[strong[i, slot]]:
                        joins = draw[i] < beside[r]
            if joins:
                status[i] = WAITING
                asked[i] = week


@njit(nogil=True, cache=True, error_model="numpy")
def drop(lo, hi, settings, key, week, ids, risk, since, status):
    """Let members of rows lo..hi drop out (risk early, middle and late, times their own `risk`), and people
    waiting give up."""
    for i in range(lo, hi):
        if status[i] == WAITING:
            word, _, _, _ = philox(key, ids[i], 0, week, 1)
            if unit(word) < settings.give_up:
                status[i] = LEFT
        if status[i] != MEMBER:
            continue
        tenure = week - since[i]
        hazard = (
            settings.drop_early
            if tenure <= 6
            else (settings.drop_middle if tenure <= 24 else settings.drop_late)
        )
        word, _, _, _ = philox(key, ids[i], 0, week, 1)
        if unit(word) < hazard * risk[i]:
            status[i] = LEFT


@njit(nogil=True, cache=True, error_model="numpy")
def attend(lo, hi, key, week, chance, times, length, kind, ids, status, ill, site, site_asset,
           group_sessions, group_kind, group_minutes, group_place):  # fmt: skip
    """Let members of rows lo..hi turn up, `times` chances a week of `length` minutes each; nobody ill comes.

    site: (n,) number of the meeting place; site_asset: (sites,) its asset.
    """
    for i in range(lo, hi):
        if status[i] != MEMBER or ill[i]:
            continue
        word, _, _, _ = philox(key, ids[i], 0, week, 2)
        came = binomial(unit(word), times, chance)
        if came > 0:
            # Somebody may belong to two groups: the week holds both, and the place is the one of the larger.
            if came > group_sessions[i]:
                group_kind[i] = kind
                group_place[i] = site_asset[site[i]]
            group_sessions[i] += came
            group_minutes[i] += came * length


@njit(nogil=True, cache=True, error_model="numpy")
def contacts(lo, hi, key, week, rate, ids, eligible, level, levels, status, found):
    """Fill `found` (n,) with a lot between 0 and 1 for rows lo..hi that see the practice this week, else 2.

    rate: (n,) weekly chance of a contact in which a referral could be made.
    """
    few, who = np.empty(BLOCK + 1, np.int64), np.empty(BLOCK + 1, ids.dtype)
    u, lot = np.empty(BLOCK), np.empty(BLOCK)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        rows = slice(first, first + m)
        name, wanted, now, grade, out = ids[rows], eligible[rows], status[rows], level[rows], found[rows]
        many = 0
        for j in range(m):
            out[j] = 2.0
            few[many], who[many] = first + j, name[j]
            many += (wanted[j] != 0) & (now[j] == NEVER) & levels[grade[j]]
        for r in range(many):
            w0, w1, _, _ = philox(key, who[r], 0, week, 3)
            u[r], lot[r] = unit(w0), unit(w1)
        for r in range(many):
            if u[r] < rate[few[r]]:
                found[few[r]] = lot[r]


@njit(nogil=True, cache=True, error_model="numpy")
def learn_near(rows, wanted, cell_row, slot_asset, slot_first, is_open, knows):
    """Let each of `rows` know the `wanted` nearest open places for every kind."""
    for i in rows:
        row = cell_row[i]
        bits = knows[i]
        for kind in range(5):
            left = wanted
            for slot in range(slot_first[kind], slot_first[kind + 1]):
                a = slot_asset[row, slot]
                if left > 0 and a >= 0 and is_open[a] > 0.0:
                    bits |= np.uint32(1) << np.uint32(slot)
                    left -= 1
        knows[i] = bits
