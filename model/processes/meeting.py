"""Meeting: people who keep meeting become ties, ties that are not kept fade, and friends' friends are met."""

from __future__ import annotations

import numpy as np

from model.arguments import columns_of, settings_of
from model.kernels.friendship import FriendshipPeople, MeetingSettings, befriend, part, tend
from model.kernels.meeting import Gathered, MeetingPeople, Occasion, gather, meet, spend_time, usual
from model.kernels.slots import LivingTies
from model.limits import MEAN_WEEKS_A_YEAR
from model.machine.parallel import call
from model.state import State

EVERY_WEEKS = 4
"""Weeks between meetings at the places people go to; `meet_chance` and `meet_hours_place` are for as long."""


def settings(state: State) -> MeetingSettings:
    """Chances and returns of a week."""
    p = state.parameters
    liking = max(p.homophily, 1e-9)
    return settings_of(
        MeetingSettings, p, fade=p.tie_fade / MEAN_WEEKS_A_YEAR, renewal=p.tie_renewal / MEAN_WEEKS_A_YEAR,
        age_gap=p.tie_age_gap / liking, other_sex=p.tie_other_sex**p.homophily,
        other_ethnicity=p.tie_other_ethnicity**p.homophily, trust_back=-np.log1p(-p.trust_return) / MEAN_WEEKS_A_YEAR,
        forget=-np.log1p(-p.acquaintance_fade) / MEAN_WEEKS_A_YEAR,
    )  # fmt: skip


def step(state: State) -> None:
    """One week of meeting; nothing happens where ties are fixed."""
    if state.parameters.ties == "fixed":
        return
    s, people, ties = settings(state), state.people, columns_of(LivingTies, state.ties)
    state.ties_made = 0
    if people.group_sessions.any():
        state.ties_made += _meet_at(state, s, _company(state), 0)
    if state.clock % EVERY_WEEKS == EVERY_WEEKS - 1:
        state.ties_made += _meet_at(state, s, _usual_places(state), 1)
    found_by = columns_of(FriendshipPeople, people)
    put_forward = state.chunks.run(tend, s, state.keys["ties"], state.clock, found_by, ties)
    ending, making = (np.concatenate(part_of_all) for part_of_all in zip(*put_forward, strict=True))
    call(part, ending, ties)
    call(befriend, making[np.argsort(people.id[making[:, 0]])], state.clock, s, ties)


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
    p, people, ties = state.parameters, state.people, columns_of(LivingTies, state.ties)
    present = np.flatnonzero(where >= 0)
    start = np.zeros(int(where[present].max(initial=-1)) + 2, np.int64)
    position, company = np.empty((2, people.n), np.int32)
    gathered = Gathered(where, start, np.empty(len(present), np.int32), position, company)
    call(gather, state.in_order(present), gathered)
    chance, together = (1.0, p.meet_hours_group) if slot == 0 else (p.meet_chance, p.meet_hours_place)
    occasion = Occasion(state.clock, slot, chance, together)
    state.chunks.run_some(
        len(present), meet, present, s, state.keys["meeting"], occasion, gathered, columns_of(MeetingPeople, people), ties,
    )  # fmt: skip
    return sum(state.chunks.run_groups(start, spend_time, s, occasion, gathered, ties))
