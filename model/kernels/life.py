"""Life: illness, injuries and recovery, the slow drift of what somebody is inclined to do, and when a taste gives way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.elementary import exp, logistic
from model.rng import desk, normal, normals, philox, uniforms, unit

BLOCK = 512
"""Residents whose draws are made together."""
SPORT = 4
"""The kind in which injuries are `injury_sport` times as likely."""


class LifeSettings(NamedTuple):
    """See ledger/body.yaml; drift_keep and drift_step are the weekly step of the slow Ornstein-Uhlenbeck part;
    taste_change is the weekly chance that one of the six tastes gives way to another."""

    illness_start: float
    illness_end: float
    illness_disabled: float
    illness_old: float
    drift_keep: float
    drift_step: float
    taste_change: float


class LifePeople(NamedTuple):
    """Columns read, and moved or filled: `ill`, `drift` and `new_taste`; all (n,)."""

    id: np.ndarray
    age: np.ndarray
    condition: np.ndarray
    ill: np.ndarray
    drift: np.ndarray
    new_taste: np.ndarray


@njit(nogil=True, cache=True, error_model="numpy")
def life(lo, hi, settings, key, week, people):
    """Move `ill` and `drift` of rows lo..hi by one week, and say in `new_taste` whose taste for what changes."""
    settings, people = LifeSettings(*settings), LifePeople(*people)
    s = settings
    u = np.empty((4, BLOCK))
    step = np.empty(BLOCK)
    scratch = desk(BLOCK)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        rows = slice(first, first + m)
        who, years, limited = people.id[rows], people.age[rows], people.condition[rows]
        sick, slow, changing = people.ill[rows], people.drift[rows], people.new_taste[rows]
        uniforms(key, who, week, np.int64(0), u)
        normals(u[1], step, m, scratch)
        draw, turn, kind = u[0], u[2], u[3]
        for j in range(m):
            risk = s.illness_start * (s.illness_disabled if limited[j] else 1.0)
            risk = risk * (s.illness_old if years[j] >= 70 else 1.0)
            sick[j] = (draw[j] >= s.illness_end) if sick[j] else (draw[j] < risk)
        for j in range(m):
            slow[j] = s.drift_keep * slow[j] + s.drift_step * step[j]
            changing[j] = 1 + int(6.0 * kind[j]) if turn[j] < s.taste_change else 0


class RepertoireSettings(NamedTuple):
    """The ledger's `repertoire_slope`, and of each kind (6,): level, what all give alike to its utility; often, logits of its
    chance where who and where one is adds nothing; unsafe, how much of the fear around home counts through the year."""

    slope: float
    level: np.ndarray
    often: np.ndarray
    unsafe: np.ndarray


class Deciding(NamedTuple):
    """An occasion to think kinds over: chances to do so of who is without one and of who has it; the key, the week and the
    first slot of what is drawn, one slot a kind."""

    takes_up: float
    gives_up: float
    key: np.uint64
    week: int
    slot: int


class RepertoirePeople(NamedTuple):
    """Columns read, and moved: `repertoire` (n,), one bit a kind."""

    id: np.ndarray
    base: np.ndarray
    taste: np.ndarray
    access: np.ndarray
    unsafe: np.ndarray
    repertoire: np.ndarray


@njit(inline="always", cache=True, error_model="numpy")
def think_over(i, kind, takes_up, gives_up, s, occasion, people):
    """Set or clear one bit of one row; with both chances alike it is set in the long run as often as its chance says."""
    word, _, _, _ = philox(occasion.key, people.id[i], 0, occasion.week, occasion.slot + kind)
    u, has = unit(word), (people.repertoire[i] >> kind) & 1
    if u < (gives_up if has else takes_up):  # else the chance, whatever it is, need not be known
        given = np.float64(people.base[kind, i]) - np.float64(people.taste[kind, i])
        given += np.float64(people.access[kind, i])
        given = given - s.level[kind] - s.unsafe[kind] * np.float64(people.unsafe[i])
        chance = logistic(s.often[kind] + s.slope * given)
        turns = u < (gives_up * (1.0 - chance) if has else takes_up * chance)
        people.repertoire[i] ^= np.uint8(np.int64(turns) << kind)


@njit(nogil=True, cache=True, error_model="numpy")
def decide(rows, kinds, settings, occasion, people):
    """Let each of `rows` think over its kind of `kinds`; both as long."""
    settings, occasion = RepertoireSettings(*settings), Deciding(*occasion)
    people = RepertoirePeople(*people)
    for r in range(rows.shape[0]):
        think_over(rows[r], kinds[r], occasion.takes_up, occasion.gives_up, settings, occasion, people)


@njit(nogil=True, cache=True, error_model="numpy")
def learn(lo, hi, before, knows, first, settings, occasion, people):
    """Let rows lo..hi think over kinds of which they know of a place more than `before` (n,), or else of one less: to take
    them up in the first case, to give them up in the other. first: (7,) slot of each kind, then the total."""
    settings, occasion = RepertoireSettings(*settings), Deciding(*occasion)
    people = RepertoirePeople(*people)
    slots = np.empty(5, np.uint32)
    for kind in range(5):
        slots[kind] = np.uint32((1 << first[kind + 1]) - (1 << first[kind]))
    for i in range(lo, hi):
        if knows[i] != before[i]:
            more, less = knows[i] & ~before[i], before[i] & ~knows[i]
            for kind in range(5):
                if more & slots[kind]:
                    think_over(i, kind, occasion.takes_up, 0.0, settings, occasion, people)
                elif less & slots[kind]:
                    think_over(i, kind, 0.0, occasion.gives_up, settings, occasion, people)


class AccompaniedPeople(NamedTuple):
    """Columns read, and moved: `repertoire` (n,)."""

    id: np.ndarray
    group_sessions: np.ndarray
    group_kind: np.ndarray
    repertoire: np.ndarray


@njit(nogil=True, cache=True, error_model="numpy")
def accompany(lo, hi, chance, key, week, slot, people):
    """Bring the kind of this week's sessions in company into the repertoire of rows lo..hi, with a `chance`; `slot`: the first
    of what is drawn, one a kind."""
    people = AccompaniedPeople(*people)
    together, repertoire = people.group_sessions, people.repertoire
    for i in range(lo, hi):
        if together[i] > 0:
            kind = np.int64(people.group_kind[i])
            word, _, _, _ = philox(key, people.id[i], 0, week, slot + kind)
            repertoire[i] |= np.uint8(np.int64(unit(word) < chance) << kind)


class CoupleSettings(NamedTuple):
    """Logits of a week's drift, of draws of standard deviation 1: what couples have in `common`, and what of each one's
    own step is `lost` to it, so that the drift of each stays as wide."""

    common: float
    lost: float


class CouplePeople(NamedTuple):
    """Columns read, and moved: `drift`; couple: (n,) number of the couple, -1 = none."""

    id: np.ndarray
    drift: np.ndarray
    couple: np.ndarray


@njit(nogil=True, cache=True, error_model="numpy")
def drift_together(lo, hi, settings, life_key, couple_key, week, people):
    """Let part of this week's own step of `drift` (of `life`, drawn again) give way to one that is the couple's, rows lo..hi."""
    s, people = CoupleSettings(*settings), CouplePeople(*people)
    drift, couple = people.drift, people.couple
    for i in range(lo, hi):
        if couple[i] >= 0:
            _, mine, _, _ = philox(life_key, people.id[i], 0, week, np.int64(0))
            ours, _, _, _ = philox(couple_key, couple[i], 0, week, np.int64(0))
            drift[i] = drift[i] + (s.common * normal(unit(ours)) - s.lost * normal(unit(mine)))


class InjurySettings(NamedTuple):
    """See ledger/body.yaml; risk_minute: injuries a minute of any kind but sport."""

    injury_sport: float
    injury_weeks: int
    risk_minute: float


class InjuryPeople(NamedTuple):
    """Columns read, and moved or filled: `injured` and `injured_kind` (n,)."""

    id: np.ndarray
    minutes: np.ndarray
    injured: np.ndarray
    injured_kind: np.ndarray


@njit(nogil=True, cache=True, error_model="numpy")
def injury(lo, hi, settings, key, week, people):
    """Let rows lo..hi mend by a week, or be injured with the risk of this week's hours, in a kind drawn by its part of it."""
    settings, people = InjurySettings(*settings), InjuryPeople(*people)
    s, minutes, injured = settings, people.minutes, people.injured
    u = np.empty((4, BLOCK))
    risks = np.empty(6)
    for first in range(lo, hi, BLOCK):
        m = min(BLOCK, hi - first)
        uniforms(key, people.id[first : first + m], week, np.int64(0), u)
        for j in range(m):
            i = first + j
            if injured[i] > 0:
                injured[i] -= 1
                continue
            risk = 0.0
            for kind in range(6):
                risk += s.risk_minute * (s.injury_sport if kind == SPORT else 1.0) * minutes[kind, i]
                risks[kind] = risk
            if u[0, j] < 1.0 - exp(-risk):
                injured[i] = min(s.injury_weeks, 255)
                struck = 0
                for kind in range(5):
                    struck += u[1, j] * risk >= risks[kind]
                people.injured_kind[i] = struck
