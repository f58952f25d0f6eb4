"""Meeting: people who keep meeting become ties, ties that are not kept fade, and friends' friends are met."""

from __future__ import annotations

import numpy as np

from model.kernels.friendship import MeetingSettings, befriend, part, tend
from model.kernels.meeting import gather, meet, spend_time, usual
from model.parameters import WEEKS_A_YEAR
from model.state import State

EVERY_WEEKS = 4
"""Weeks between meetings at the places people go to; `meet_chance` and `meet_hours_place` are for as long."""


def settings(state: State) -> MeetingSettings:
    """Chances and returns of a week."""
    p = state.parameters
    liking = max(p.homophily, 1e-9)
    return MeetingSettings(
        p.tie_fade / WEEKS_A_YEAR, p.tie_bridge, p.tie_renewal / WEEKS_A_YEAR, p.tie_closure, p.tie_age_gap / liking,
        p.tie_other_sex**p.homophily, p.tie_other_ethnicity**p.homophily, p.tie_far_m, p.trust_rest, p.trust_new, p.trust_gain,
        -np.log1p(-p.trust_return) / WEEKS_A_YEAR, p.meet_again, p.friend_hours,
        -np.log1p(-p.acquaintance_fade) / WEEKS_A_YEAR, int(p.hours_kept),
    )  # fmt: skip


def step(state: State) -> None:
    """One week of meeting; nothing happens where ties are fixed."""
    if state.parameters.ties == "fixed":
        return
    s, people, ties = settings(state), state.people, state.ties
    state.ties_made = 0
    if people.group_sessions.any():
        state.ties_made += _meet_at(state, s, _company(state), 0)
    if state.clock % EVERY_WEEKS == EVERY_WEEKS - 1:
        state.ties_made += _meet_at(state, s, _usual_places(state), 1)
    put_forward = state.chunks.run(
        tend, s, state.keys["ties"], state.clock, people.id, people.age, people.sex, people.ethnicity, people.x_m, people.y_m,
        people.household, ties.strong, ties.strong_degree, ties.trust, ties.contact, ties.room, ties.weak_start, ties.weak,
    )  # fmt: skip
    ending, making = (np.concatenate(part_of_all) for part_of_all in zip(*put_forward, strict=True))
    part(ending, ties.strong, ties.strong_degree, ties.trust, ties.contact)
    befriend(making[np.argsort(people.id[making[:, 0]])], state.clock, s, ties.strong, ties.strong_degree, ties.trust,
             ties.contact, ties.room, ties.met)  # fmt: skip


def _company(state: State) -> np.ndarray:
    """(n,) which gathering of this week each resident came to, -1 = none: a group, or all who walked from one place."""
    people, assets = state.people, state.assets.n
    where = np.full(people.n, -1, np.int32)
    rows = np.flatnonzero(people.group_sessions > 0)
    where[rows] = np.where(people.came[rows] > 0, assets + people.group[rows], people.group_place[rows])
    return where


def _usual_places(state: State) -> np.ndarray:
    """(n,) place and usual time of those whose week was mostly spent at a place, -1 = around home."""
    people, times = state.people, int(state.parameters.meet_times)
    where = np.empty(people.n, np.int32)
    state.chunks.run(usual, state.keys["meeting"], times, people.id, people.place, where)
    return where


def _meet_at(state: State, s: MeetingSettings, where: np.ndarray, slot: int) -> int:
    """Let people meet who were at the same gathering (slot 0) or place and time (slot 1); returns new friendships."""
    p, people, ties = state.parameters, state.people, state.ties
    present = np.flatnonzero(where >= 0)
    start = np.zeros(int(where[present].max(initial=-1)) + 2, np.int64)
    rows = np.empty(len(present), np.int32)
    position, company = np.empty((2, people.n), np.int32)
    gather(state.in_order(present), where, start, rows, position)
    chance, together = (1.0, p.meet_hours_group) if slot == 0 else (p.meet_chance, p.meet_hours_place)
    state.chunks.run_some(
        len(present), meet, present, s, state.keys["meeting"], state.clock, slot, chance, people.id, people.household,
        where, start, rows, position, ties.strong, ties.strong_degree, ties.trust, ties.contact, ties.met, ties.hours, company,
    )  # fmt: skip
    return sum(state.chunks.run_groups(
        start, spend_time, start, rows, company, together, state.clock, s, ties.strong, ties.strong_degree,
        ties.trust, ties.contact, ties.room, ties.met, ties.hours, ties.seen,
    ))  # fmt: skip
