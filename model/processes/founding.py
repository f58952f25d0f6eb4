"""Founding: how a group comes about, by people themselves, from a programme, or by being found; and who joins it."""

from __future__ import annotations

import numpy as np

from model import rng
from model.arguments import columns_of, settings_of
from model.kernels.groups import AskedPeople, GroupSettings, Offer, accepts, along
from model.kernels.slots import Network
from model.limits import MEAN_WEEKS_A_YEAR
from model.machine.parallel import call
from model.population.columns import ASSET_KINDS
from model.population.groups import ORIGINS
from model.processes.persuasion import settings as persuasion_settings
from model.state import State

MEETING_KINDS = ("community_centre", "park", "library")
"""Where a group meets whose founder has no place of their own for what it does."""
FOUNDED_FOR = (0, 2, 3, 4)
"""Kinds of activity for which groups are started: not walking to get somewhere, not home and garden."""


def settings(state: State) -> GroupSettings:
    """Chances of a week."""
    p = state.parameters
    return settings_of(GroupSettings, p, novelty=p.threshold_new / p.threshold_mean, detour_km=p.detour / 1000.0,
                       stands_down=p.organiser_leaves / MEAN_WEEKS_A_YEAR)  # fmt: skip


def members_of(state: State) -> np.ndarray:
    """Rows of everybody in a group, in the order of identities."""
    return state.in_order(np.flatnonzero(state.people.group >= 0))


def count(state: State, rows: np.ndarray) -> np.ndarray:
    """(groups,) int64 how many of `rows` are in each group."""
    return np.bincount(state.people.group[rows], minlength=state.groups.n)


def start_group(state: State, head: int, kind: int, place: int, origin: str, parent: int = -1,
                energy: float | None = None) -> int:  # fmt: skip
    """A new group around the resident in row `head`, who organises it; returns its number."""
    p, people = state.parameters, state.people
    number = state.groups.add(
        founder=int(people.id[head]), founded=state.clock, place=place, kind=kind, parent=parent,
        energy=p.energy_start if energy is None else energy, limit=int(p.group_limit), origin=ORIGINS.index(origin),
        weight=int(state.weight[head]),
    )  # fmt: skip
    if people.group[head] < 0:
        people.group_since[head] = state.clock
    people.group[head], people.organiser[head] = number, 1
    return number


def try_to_found(state: State, s: GroupSettings, head: int, origin: str, energy: float | None = None) -> int:
    """Let the resident in row `head` ask all strong ties along; a group begins when enough come, else -1."""
    p, people, assets = state.parameters, state.people, state.assets
    kind = _kind_of(state, head)
    place = _home_of(state, head, kind)
    if place < 0:
        return -1
    offer = Offer(
        -2, kind, float(assets.x_m[place]), float(assets.y_m[place]), int(people.id[head]), state.clock
    )
    coming = call(along, head, offer, s, persuasion_settings(p), state.keys["group_uptake"],
                   columns_of(AskedPeople, people), columns_of(Network, state.ties))  # fmt: skip
    if len(coming) + 1 < p.group_least:
        return -1
    number = start_group(state, head, kind, place, origin, energy=energy)
    people.group[coming], people.group_since[coming] = number, state.clock
    state.groups.tell(state.clock, "founded", number, len(coming) + 1)
    return number


def carry_on(state: State, rows: np.ndarray, kind: int, place: int, share: float, since: np.ndarray,
             lots: np.ndarray) -> None:  # fmt: skip
    """Let a programme's group go on by itself when one of its members, long enough in it, volunteers.

    rows: members in the order of identities; share: of the usual chance to volunteer; since, lots: (n,).
    """
    people, p = state.people, state.parameters
    free = rows[people.group[rows] < 0]
    known = state.clock - since[free] >= p.organiser_tenure
    limit = p.found_knowhow_limit
    able = np.exp(p.found_knowhow * np.clip(people.knowhow[free].astype(np.float64), -limit, limit))
    volunteers = free[known & (lots[free] < p.volunteers * share * able)]
    if not len(volunteers) or len(free) < p.group_least:
        return
    number = start_group(state, int(volunteers[0]), kind, place, "programme")
    people.group[free], people.group_since[free] = number, state.clock
    people.organiser[volunteers] = 1
    state.groups.tell(state.clock, "carried on", number, len(free))


def show_group(state: State, row: int, within_km: float, known: bool = False) -> None:
    """Let the resident in `row` find the nearest group with room, and join it if they would when asked.

    known: somebody they know brings them along. Where a share of residents is simulated there are as many fewer groups,
    which stand further apart: distances to them are shortened by the root of that share.
    """
    groups, people, assets = state.groups, state.people, state.assets
    if people.group[row] >= 0 or people.ill[row] or not groups.alive.any():
        return
    members = count(state, members_of(state))
    room = np.flatnonzero(groups.alive & (members < groups.limit))
    if not len(room):
        return
    place = groups.place[room]
    east, north = assets.x_m[place] - people.x_m[row], assets.y_m[place] - people.y_m[row]
    nearest = int(np.argmin(east**2 + north**2))
    closer = state.sample**0.5
    east, north = closer * float(east[nearest]), closer * float(north[nearest])
    if (east * east + north * north) ** 0.5 * state.parameters.detour / 1000.0 > within_km:
        return
    number = int(room[nearest])
    offer = Offer(number, int(groups.kind[number]), float(people.x_m[row]) + east, float(people.y_m[row]) + north,
                  int(groups.founder[number]), int(groups.founded[number]))  # fmt: skip
    if accepts(row, offer, known, settings(state), persuasion_settings(state.parameters),
               state.keys["group_uptake"], AskedPeople(*columns_of(AskedPeople, people)),
               Network(*columns_of(Network, state.ties))):  # fmt: skip
        people.group[row], people.group_since[row] = number, state.clock


def _kind_of(state: State, row: int) -> int:
    """What a group of this founder does: a kind of activity drawn by the founder's habits."""
    u = float(rng.uniform(state.keys["groups"], state.people.id[[row]], state.clock, 6)[0])
    habits = [float(state.people.habit[kind, row]) for kind in FOUNDED_FOR]
    left = u * sum(habits)
    for kind, habit in zip(FOUNDED_FOR, habits, strict=True):
        left -= habit
        if left < 0:
            return kind
    return FOUNDED_FOR[0]


def _home_of(state: State, row: int, kind: int) -> int:
    """Where a group of this founder meets: the founder's own place for it, else the nearest open meeting place."""
    people, assets = state.people, state.assets
    own = int(people.destination[kind, row])
    if own >= 0:
        return own
    kinds = [ASSET_KINDS.index(name) for name in MEETING_KINDS]
    open_now = np.flatnonzero((assets.now["open"] > 0) & np.isin(assets.kind, kinds))
    if not len(open_now):
        return -1
    away = (assets.x_m[open_now] - people.x_m[row]) ** 2 + (assets.y_m[open_now] - people.y_m[row]) ** 2
    return int(open_now[np.argmin(away)])
