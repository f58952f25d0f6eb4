"""Movement: groups that people start and keep going by themselves, week by week."""

from __future__ import annotations

import numpy as np

from model import rng
from model.arguments import columns_of
from model.kernels.groups import (
    AskedPeople,
    Coming,
    ComingPeople,
    Founding,
    GroupSettings,
    Inviting,
    Members,
    Standing,
    bring_on,
    by_energy,
    come,
    draws,
    invite,
    leave,
    seek,
)
from model.kernels.slots import Network
from model.limits import MEAN_WEEKS_A_YEAR
from model.machine.parallel import call
from model.outcomes.record import UNIT
from model.processes.founding import count, members_of, settings, start_group, try_to_found
from model.processes.joining import deprivation_risk
from model.processes.persuasion import settings as persuasion_settings
from model.state import State


def attend(state: State) -> None:
    """Let members come to their group's weekly session; more of them come where there is energy."""
    groups, p = state.groups, state.parameters
    if not groups.alive.any():
        return
    chance = p.attendance * (1.0 - p.energy_attends + p.energy_attends * groups.energy)
    call(come, members_of(state), state.keys["groups"], state.clock, p.group_minutes, columns_of(Coming, groups, chance=chance),
         columns_of(ComingPeople, state.people))  # fmt: skip


def step(state: State) -> None:
    """One week of groups: people leave and are asked along, organisers come and go, groups change, end, begin."""
    if state.parameters.groups == "none" and not state.groups.n:
        return
    s = settings(state)
    if state.groups.alive.any():
        members = _leave(state, s, members_of(state))
        members = _invite(state, s, members)
        _bring_on(state, s, members)
        _feel(state, members)
        _split(state, _end(state, members))
    if state.parameters.groups == "living":
        _found(state, s)


def stocks(state: State) -> dict[str, float]:
    """Groups alive, their members and organisers now, friendships made by meeting this week (all real numbers)."""
    groups, people, weight = state.groups, state.people, state.weight
    rows = np.flatnonzero(people.group >= 0)
    return {
        "groups_alive": float(groups.weight[groups.alive].sum()) / UNIT,
        "group_members": float(weight[rows].sum()) / UNIT,
        "organisers": float(weight[rows[people.organiser[rows] > 0]].sum()) / UNIT,
        "ties_made": state.ties_made * state.real_people / max(people.n, 1),
    }


# What follows takes the rows of members, in the order of identities; what changes who is one returns them anew.


def _leave(state: State, s: GroupSettings, rows: np.ndarray) -> np.ndarray:
    people, groups = state.people, state.groups
    members, organisers = count(state, rows), count(state, rows[people.organiser[rows] > 0])
    ages = np.bincount(people.group[rows], people.age[rows].astype(np.float64), groups.n)
    risk = deprivation_risk(people.imd_quintile[rows], state.parameters)
    standing = Standing(groups.energy, ages / np.maximum(members, 1), members, organisers)
    gone, down = call(leave, rows, risk, s, state.keys["groups"], state.clock, columns_of(Members, people), standing,
                       columns_of(Network, state.ties))  # fmt: skip
    people.group[rows[gone > 0]] = -1
    people.organiser[rows[down > 0]] = 0
    stay: np.ndarray = rows[gone == 0]
    return stay


def _invite(state: State, s: GroupSettings, rows: np.ndarray) -> np.ndarray:
    assets, place = state.assets, state.groups.place
    groups = columns_of(
        Inviting, state.groups, members=count(state, rows), east=assets.x_m[place], north=assets.y_m[place]
    )
    new = call(invite, rows, s, persuasion_settings(state.parameters), state.keys["groups"], state.keys["group_uptake"], state.clock,
                 columns_of(AskedPeople, state.people), groups, columns_of(Network, state.ties))  # fmt: skip
    return state.in_order(np.concatenate([rows, new])) if len(new) else rows


def _bring_on(state: State, s: GroupSettings, rows: np.ndarray) -> None:
    people, groups = state.people, state.groups
    rows = rows[np.argsort(people.group[rows], kind="stable")]
    start = np.concatenate([[0], np.cumsum(count(state, rows))])
    agreed = call(bring_on, rows, start, s, state.keys["groups"], state.clock, _organising(state), groups.energy,
                      columns_of(Members, people))  # fmt: skip
    for row in agreed:
        groups.tell(state.clock, "organiser", int(people.group[row]), 1)


def _organising(state: State) -> np.ndarray:
    """(groups,) times as often as usual that organisers bring on others: as at the home of the founder."""
    added, groups = state.quantities.of("organising"), state.groups
    if added is None:
        return np.ones(groups.n)
    times: np.ndarray = 1.0 + added[state.row_of(groups.founder)]
    return times


def _feel(state: State, rows: np.ndarray) -> None:
    """Energy moves towards what organisers, turnout, money and freedom allow; autonomy is lost under strings.

    Groups that have ended stay as they were.
    """
    groups, people, p = state.groups, state.people, state.parameters
    alive = groups.alive
    members = np.maximum(count(state, rows), 1)
    organisers = count(state, rows[people.organiser[rows] > 0])
    supported = groups.supported > state.clock
    bound = supported & (groups.strings > 0)
    autonomy = np.where(bound, groups.autonomy - p.autonomy_lost * groups.autonomy,
                        groups.autonomy + p.autonomy_back * (1.0 - groups.autonomy))  # fmt: skip
    groups.autonomy = np.where(alive, autonomy, groups.autonomy)
    target = (
        p.energy_base
        + p.energy_organised * np.minimum(organisers * p.organiser_share / members, 1.0)
        + p.energy_turnout * np.minimum(groups.came / (p.attendance * members), 1.0)
        + p.energy_grant * supported
        - p.energy_strings * (1.0 - groups.autonomy)
    )
    target = np.minimum(np.maximum(target, 0.0), 1.0)
    groups.energy = np.where(alive, groups.energy + p.energy_rate * (target - groups.energy), groups.energy)


def _lots(state: State, slot: int) -> np.ndarray:
    """One uniform a group for this week and purpose."""
    out = np.empty(state.groups.n)
    draws(state.keys["group_life"], state.clock, slot, state.groups.founder, state.groups.founded, out)
    return out


def _end(state: State, rows: np.ndarray) -> np.ndarray:
    """Groups end: nobody left to move with, or by a hazard that falls with energy, organisers and age."""
    groups, people, p = state.groups, state.people, state.parameters
    members, organisers = count(state, rows), count(state, rows[people.organiser[rows] > 0])
    yearly = np.where(organisers > 0, p.group_ends, p.group_ends_leaderless)
    yearly = yearly * np.where(state.clock - groups.founded > p.group_old, p.group_ends_old, 1.0)
    hazard = yearly / MEAN_WEEKS_A_YEAR * by_energy(-p.energy_holds, groups.energy)
    ends = groups.alive & ((members < 2) | (_lots(state, 0) < hazard))
    groups.ended[ends] = state.clock
    groups.came[ends] = 0
    out = rows[ends[people.group[rows]]]
    people.group[out], people.organiser[out] = -1, 0
    for number in np.flatnonzero(ends):
        groups.tell(state.clock, "ended", int(number), int(members[number]))
    left: np.ndarray = rows[people.group[rows] >= 0]
    return left


def _split(state: State, rows: np.ndarray) -> None:
    """A full group with energy and at least two organisers splits: friends of the one who goes come along."""
    groups, people, p = state.groups, state.people, state.parameters
    leading = rows[people.organiser[rows] > 0]
    full = groups.alive & (count(state, rows) >= groups.limit) & (count(state, leading) >= 2)
    lots = _lots(state, 1)
    for number in np.flatnonzero(full & (groups.energy > p.split_energy) & (lots < p.group_splits)):
        here = rows[people.group[rows] == number]
        leaders = here[people.organiser[here] > 0]
        head = leaders[int(lots[number] / p.group_splits * len(leaders))]
        friends = state.ties.strong[head, : state.ties.strong_degree[head]]
        toss = rng.uniform(state.keys["groups"], people.id[here], state.clock, 5)
        along = np.isin(here, friends) | (toss < p.split_along)
        going = (people.organiser[here] == 0) & along | (here == head)
        kind = int(groups.kind[number])
        own = int(people.destination[kind, head])
        new = start_group(state, int(head), kind, own if own >= 0 else int(groups.place[number]), "split",
                          parent=int(number))  # fmt: skip
        people.group[here[going]] = new
        groups.tell(state.clock, "split", new, int(going.sum()))


def _found(state: State, s: GroupSettings) -> None:
    """Active people start groups with those of their strong ties who come along."""
    p, people = state.parameters, state.people
    added = state.quantities.of("founding")
    spur = np.zeros(0) if added is None else 1.0 + added
    rate = p.groups_start / 1000.0 if state.clock == 0 else p.group_found / 1000.0 / MEAN_WEEKS_A_YEAR
    founding = np.empty(people.n, np.uint8)
    # Nobody has been seen to move before the first week, so all may begin then.
    moving = np.ones(people.n, np.uint8) if state.clock == 0 else people.moving
    state.chunks.run(seek, s, state.keys["groups"], state.clock, rate, float(spur.max(initial=1.0)),
                     columns_of(Founding, people, moving=moving, spur=spur), founding)  # fmt: skip
    urgency = state.quantities.of("urgency")
    for row in state.in_order(np.flatnonzero(founding > 0)):
        if people.group[row] >= 0:
            continue
        if urgency is not None and urgency[row] > 0:
            try_to_found(state, s, int(row), "crisis", energy=p.energy_crisis)
        else:
            try_to_found(state, s, int(row), "residents")
