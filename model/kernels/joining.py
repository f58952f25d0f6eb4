"""Joining: hearing of a programme, wanting in, turning up, dropping out. Status codes are those of MEMBERSHIP."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.choice import binomial
from model.kernels.elementary import logistic
from model.kernels.news import one_tie
from model.kernels.slots import Network
from model.population.status import LEFT, LET_DOWN, MEMBER, NEVER, TRIED, UNTRIED, WAITING
from model.rng import philox, unit

BLOCK = 512
"""Residents taken together: those of a block whom it concerns stand in a row of their own, drawn for at once."""


class JoiningSettings(NamedTuple):
    """See ledger/programmes.yaml; let_down_leaves: `first_leaves`, 0 where no first session disappoints."""

    news_programme: float
    uptake_friend: float
    uptake_motivation: float
    drop_early: float
    drop_middle: float
    drop_late: float
    give_up: float
    let_down_leaves: float


class Hearing(NamedTuple):
    """One programme: who may join, who goes as this week begins, and, filled, who is `aware`, all (n,) uint8; the share
    that it tells itself this week."""

    eligible: np.ndarray
    member: np.ndarray
    aware: np.ndarray
    invite: float


class Wanting(NamedTuple):
    """Columns of one programme; filled: `status` and the week `asked`.

    draw: (n,) one uniform a person for this programme, so that more places only add people; lasting: (n,) logits;
    member: (n,) uint8, who is one as this week begins; levels: (3,) which levels may join.
    """

    eligible: np.ndarray
    aware: np.ndarray
    draw: np.ndarray
    status: np.ndarray
    asked: np.ndarray
    lasting: np.ndarray
    member: np.ndarray
    levels: np.ndarray


class Session(NamedTuple):
    """What members come to: `times` chances a week of `minutes` each, of one kind of activity; disappoints: the share of
    first sessions that do, below 0 where nobody asks."""

    chance: float
    times: int
    minutes: float
    kind: int
    disappoints: float


class Members(NamedTuple):
    """status, tried: (n,); site: (n,) number of the meeting place; site_asset: (sites,) its asset. Filled: `tried`."""

    site: np.ndarray
    site_asset: np.ndarray
    tried: np.ndarray
    status: np.ndarray


class Staying(NamedTuple):
    """Columns of one programme, all (n,); `status` is changed: who is in it since which week, their own risk, who tried."""

    risk: np.ndarray
    tried: np.ndarray
    since: np.ndarray
    status: np.ndarray


class Attending(NamedTuple):
    """Columns read, and filled: the four of what is done in company; all (n,)."""

    id: np.ndarray
    ill: np.ndarray
    injured: np.ndarray
    injured_kind: np.ndarray
    group_sessions: np.ndarray
    group_kind: np.ndarray
    group_minutes: np.ndarray
    group_place: np.ndarray


class Patients(NamedTuple):
    """Columns of one programme; rate: (n,) weekly chance of a contact in which a referral could be made; levels: (3,)
    which levels are referred."""

    rate: np.ndarray
    eligible: np.ndarray
    status: np.ndarray
    levels: np.ndarray


@njit(nogil=True, cache=True, error_model="numpy")
def hear(lo, hi, settings, key, news_key, week, ids, hearing, ties):
    """Make eligible rows lo..hi `aware` whom the programme invites this week, or whom a tie who goes tells of it."""
    settings, hearing, ties = JoiningSettings(*settings), Hearing(*hearing), Network(*ties)
    member, aware = hearing.member, hearing.aware
    few, who = np.empty(BLOCK + 1, np.int64), np.empty(BLOCK + 1, ids.dtype)
    lot, pick, draw = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    # One tie is asked, so the chance is raised to that of hearing from any of about twenty.
    passes_on = min(1.0, 20.0 * settings.news_programme)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        rows = slice(first, first + m)
        name, wanted, heard = ids[rows], hearing.eligible[rows], aware[rows]
        found = 0
        for j in range(m):
            few[found], who[found] = first + j, name[j]
            found += (wanted[j] != 0) & (heard[j] == 0)
        for r in range(found):
            w0, _, _, _ = philox(key, who[r], 0, week, 0)
            lot[r] = unit(w0)
        for r in range(found):
            w0, w1, _, _ = philox(news_key, who[r], 0, week, 0)
            pick[r], draw[r] = unit(w0), unit(w1)
        for r in range(found):
            i = few[r]
            if lot[r] < hearing.invite:
                aware[i] = 1
            elif draw[r] < passes_on:
                tie = one_tie(i, pick[r], ties)
                if tie >= 0 and member[tie]:
                    aware[i] = 1


@njit(nogil=True, cache=True, error_model="numpy")
def want(lo, hi, settings, week, level, motivation, wanting, ties):
    """Put aware, eligible rows lo..hi on the list (`status` WAITING, week `asked`) who want to join."""
    settings, wanting, ties = JoiningSettings(*settings), Wanting(*wanting), Network(*ties)
    s, levels, draw = settings, wanting.levels, wanting.draw
    lasting, friends, status = wanting.lasting, wanting.member, wanting.status
    strong, strong_degree = ties.strong, ties.strong_degree
    few = np.empty(BLOCK + 1, np.int64)
    alone, beside = np.empty(BLOCK), np.empty(BLOCK)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        rows = slice(first, first + m)
        wanted, heard = wanting.eligible[rows], wanting.aware[rows]
        now, grade = status[rows], level[rows]
        found = 0
        for j in range(m):
            few[found] = first + j
            found += (wanted[j] != 0) & (heard[j] != 0) & (now[j] == NEVER) & levels[grade[j]]
        for r in range(found):
            u = lasting[few[r]] + s.uptake_motivation * motivation[few[r]]
            alone[r], beside[r] = logistic(u), logistic(u + s.uptake_friend)
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
                wanting.asked[i] = week


@njit(nogil=True, cache=True, error_model="numpy")
def drop(lo, hi, settings, key, week, ids, members):
    """Let members of rows lo..hi drop out (risk early, middle and late, times their own `risk`, and more where they `tried`
    and were let down), and people waiting give up."""
    settings, members = JoiningSettings(*settings), Staying(*members)
    risk, tried, since, status = members.risk, members.tried, members.since, members.status
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
        gone = hazard * risk[i]
        if tried[i] == LET_DOWN:
            gone = 1.0 - (1.0 - gone) * (1.0 - settings.let_down_leaves)
        word, _, _, _ = philox(key, ids[i], 0, week, 1)
        if unit(word) < gone:
            status[i] = LEFT


@njit(nogil=True, cache=True, error_model="numpy")
def attend(lo, hi, key, week, session, members, people):
    """Let members of rows lo..hi turn up to a `Session`; nobody comes who is ill, or whom an injury keeps from it."""
    session, members, people = Session(*session), Members(*members), Attending(*people)
    ids, ill, status, tried = people.id, people.ill, members.status, members.tried
    group_sessions, group_minutes = people.group_sessions, people.group_minutes
    for i in range(lo, hi):
        if (
            status[i] != MEMBER
            or ill[i]
            or (people.injured[i] > 0 and people.injured_kind[i] == session.kind)
        ):
            continue
        word, other, _, _ = philox(key, ids[i], 0, week, 2)
        came = binomial(unit(word), session.times, session.chance)
        if came > 0:
            if session.disappoints >= 0.0:
                first = tried[i] == UNTRIED
                tried[i] = LET_DOWN if first and unit(other) < session.disappoints else TRIED
            # Somebody may belong to two groups: the week holds both, and the place is the one of the larger.
            if came > group_sessions[i]:
                people.group_kind[i] = session.kind
                people.group_place[i] = members.site_asset[members.site[i]]
            group_sessions[i] += came
            group_minutes[i] += came * session.minutes


@njit(nogil=True, cache=True, error_model="numpy")
def contacts(lo, hi, key, week, ids, level, patients, found):
    """Fill `found` (n,) with a lot between 0 and 1 for rows lo..hi that see the practice this week, else 2."""
    patients = Patients(*patients)
    rate, levels = patients.rate, patients.levels
    few, who = np.empty(BLOCK + 1, np.int64), np.empty(BLOCK + 1, ids.dtype)
    u, lot = np.empty(BLOCK), np.empty(BLOCK)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        rows = slice(first, first + m)
        name, wanted, now = ids[rows], patients.eligible[rows], patients.status[rows]
        grade, out = level[rows], found[rows]
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
