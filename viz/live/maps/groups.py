"""Groups of people on the maps: their marks, the list of them, and the story of one in plain words."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import numpy as np

from model.outcomes.record import UNIT
from model.population.columns import MEMBERSHIP
from model.population.groups import ORIGINS, STAGES
from model.state import State
from viz import words
from viz.live.towns.towns import Pair

SIDES = ("today", "plan")
SHOWN = 300
"""Groups drawn on one map, the largest first."""
MEMBER = MEMBERSHIP.index("member")

EVENTS = {
    "founded": "Group {group} began with {people} people.",
    "split": "Group {group} split off with {people} people.",
    "carried on": "Group {group} carried on by itself with {people} people when its programme ended.",
    "organiser": "Somebody in group {group} agreed to help organise it.",
    "grant": "Group {group} was given a grant.",
    "ended": "Group {group} ended with {people} left.",
}
"""What happened to a group, as a sentence."""
STAGE_WORDS = {
    "crisis": "born of an event", "emergence": "young", "impact": "going well", "institutionalised": "in the grip of its funder",
    "declining": "losing energy", "ended": "ended",
}  # fmt: skip
DOING = ("Walking", "Walking to places", "Cycling", "Gym and fitness", "Sport", "Gardening")
"""What groups do, in the order of KINDS."""


def marks(state: State) -> list[list[float]]:
    """One row a mark: own group (1) or a programme's (0), place, number, way from the place and radius (pixels), energy %.

    Marks stand around their place like petals, so that groups at one place do not cover each other.
    """
    groups, people = state.groups, state.people
    members = np.bincount(people.group[people.group >= 0], minlength=groups.n)
    alive = np.flatnonzero(groups.alive)
    alive = alive[np.argsort(-members[alive], kind="stable")][:SHOWN]
    found: list[tuple[int, int, int, float, float]] = [
        (1, int(groups.place[g]), int(g), float(members[g]), float(groups.energy[g])) for g in np.sort(alive)
    ]
    weight = state.weight / UNIT
    programmes: list[Any] = state.programmes
    for one in programmes:
        if not hasattr(one, "status"):
            continue
        here = one.status == MEMBER
        count = np.bincount(one.site[here], weight[here], len(one.site_asset))
        found += [
            (0, int(asset), 0, float(count[k]), 1.0)
            for k, asset in enumerate(one.site_asset)
            if asset >= 0 and count[k]
        ]
    standing: dict[int, int] = {}
    out = []
    for own, place, number, people_in, energy in found:
        nth = standing.get(place, 0)
        standing[place] = nth + 1
        radius = min(14.0, 4.0 + 1.6 * math.sqrt(people_in))
        turn, away = math.radians(58 * (0, 1, -1, 2, -2)[nth % 5]), radius + 7 + 26 * (nth // 5)
        across, down = away * math.sin(turn), -away * math.cos(turn)
        out.append(
            [own, place, number, round(across, 1), round(down, 1), round(radius, 1), round(100 * energy)]
        )
    return out


def under(state: State, side: str, x_m: float, y_m: float, pixel_m: float) -> str:
    """The mark under a point, as a pick: an own group, or the place where a programme's group meets; else empty."""
    nearest, pick = math.inf, ""
    for own, place, number, across, down, radius, _ in marks(state):
        east = float(state.assets.x_m[int(place)]) + across * pixel_m
        north = float(state.assets.y_m[int(place)]) - down * pixel_m
        away = math.hypot(east - x_m, north - y_m)
        if away <= max(radius, 12) * pixel_m and away < nearest:
            nearest, pick = away, f"group:{side}:{int(number)}" if own else f"asset:{int(place)}"
    return pick


def listed(state: State) -> list[list[Any]]:
    """Number and name of every group alive, oldest first."""
    alive = np.flatnonzero(state.groups.alive)[:SHOWN]
    return [[number, name] for number, name in zip(alive.tolist(), _names(state, alive), strict=True)]


def name_of(state: State, number: int) -> str:
    """What a group does and where: `Walking at Ilkeston park 3`."""
    return _names(state, np.array([number]))[0]


def _names(state: State, numbers: np.ndarray) -> list[str]:
    places = state.assets.frame["name"].to_numpy()[state.groups.place[numbers]]
    kinds = state.groups.kind[numbers]
    return [f"{DOING[kind]} at {place}" for kind, place in zip(kinds, places, strict=True)]


def story(pair: Pair, side: str, number: int) -> dict[str, Any] | None:
    """A group's story; None when there is no such group."""
    state = pair.towns[SIDES.index(side)].state
    groups, people = state.groups, state.people
    if not 0 <= number < groups.n:
        return None
    rows = np.flatnonzero(people.group == number)
    events = [_event(pair, state, clock, what, many) for clock, what, group, many in groups.events
              if group == number and what not in ("founded", "split", "carried on")]  # fmt: skip
    with_plan = "with your plan" if side == "plan" else "with today’s plans"
    place = int(groups.place[number])
    height = state.place.height * state.place.cell_m
    homes = [[round(float(people.x_m[r])), round(height - float(people.y_m[r])), int(people.organiser[r] > 0)]
             for r in rows]  # fmt: skip
    return {
        "pick": f"group:{side}:{number}",
        "side": side,
        "title": name_of(state, number),
        "kind": f"Group {number + 1} of residents, {with_plan}",
        "lines": [_beginning(pair, state, number), *_now(pair, state, number, rows)],
        "events": events[-8:],
        "at": [round(float(state.assets.x_m[place])), round(height - float(state.assets.y_m[place]))],
        "homes": homes,
        "someone": _followed(pair, rows),
    }


def _beginning(pair: Pair, state: State, number: int) -> str:
    """Since when, and who started it."""
    groups = state.groups
    founder = _founder(state, number)
    origin = ORIGINS[int(groups.origin[number])]
    how = {
        "residents": f"started by {founder} with people close to them",
        "split": f"split off by {founder} when {_parent(state, number)} was full",
        "programme": f"kept going by its members, led by {founder}, when the programme they met in ended",
        "crisis": f"started by {founder} with people close to them, after an event that called for it",
    }[origin]
    many = next((people for _, what, group, people in groups.events
                 if group == number and what in ("founded", "split", "carried on")), 0)  # fmt: skip
    size = f", {many} people at first" if many else ""
    return f"{_since(pair, state, int(groups.founded[number]))}: {how}{size}."


def _since(pair: Pair, state: State, clock: int) -> str:
    week = clock - state.warm_up_weeks
    if clock == 0:
        return "There from the beginning of this town’s story"
    if week < 0:
        return f"Since {words.number(-week)} weeks before the first week"
    return f"Since {_when(pair, week)}"


def _when(pair: Pair, week: int) -> str:
    day = pair.setup.scenario.start + timedelta(weeks=week)
    return f"week {week + 1} ({day:%b %Y})"


def _founder(state: State, number: int) -> str:
    people = state.people
    row = int(state.row_of(state.groups.founder[[number]])[0])
    noun = "a woman" if people.sex[row] == 0 else "a man"
    here = "still in it" if people.group[row] == number else "no longer in it"
    return f"{noun} of {int(people.age[row])} ({here})"


def _parent(state: State, number: int) -> str:
    parent = int(state.groups.parent[number])
    return f"group {parent + 1}" if parent >= 0 else "another group"


def _now(pair: Pair, state: State, number: int, rows: np.ndarray) -> list[str]:
    """Members, organisers, energy, money and freedom; or how it ended."""
    groups = state.groups
    if not groups.alive[number]:
        week = int(groups.ended[number]) - state.warm_up_weeks
        return [f"It ended in {_when(pair, week)}." if week >= 0 else "It ended before the first week."]
    organisers = int((state.people.organiser[rows] > 0).sum())
    led = (
        f"{organisers} of them organise{'s' if organisers == 1 else ''} it"
        if organisers
        else "nobody organises it"
    )
    lines = [f"{len(rows)} members, {led}; {int(groups.came[number])} came this week."]
    stage = STAGE_WORDS[STAGES[groups.stage(state.clock, state.parameters)[number]]]
    lines.append(f"Energy {words.number(100 * float(groups.energy[number]))} of 100: {stage}.")
    if groups.supported[number] > state.clock:
        until = _when(pair, int(groups.supported[number]) - state.warm_up_weeks)
        strings = "with conditions" if groups.strings[number] else "without conditions"
        lines.append(f"It has a grant {strings} until {until}.")
    if groups.autonomy[number] < 0.9:
        share = words.percent(float(groups.autonomy[number]), 0)
        lines.append(f"It decides for itself to {share}: conditions of its grant take the rest.")
    stands_for = float(groups.weight[number]) / UNIT
    if stands_for >= 1.5:
        lines.append(
            f"A share of residents is simulated: it stands for about {words.number(stands_for)} such groups."
        )
    return lines


def _event(pair: Pair, state: State, clock: int, what: str, people: int) -> str:
    told = {"organiser": "somebody agreed to help organise it", "grant": "it was given a grant",
            "ended": f"it ended with {people} left"}.get(what, what)  # fmt: skip
    week = clock - state.warm_up_weeks
    return (
        f"{_when(pair, week)[:1].upper()}{_when(pair, week)[1:]}: {told}."
        if week >= 0
        else f"Earlier: {told}."
    )


def _followed(pair: Pair, rows: np.ndarray) -> int:
    """The identity of a member whose story can be followed, or -1."""
    watched = pair.histories[1].rows
    found = watched[np.isin(watched, rows)]
    return int(pair.plan.state.people.id[found[0]]) if len(found) else -1
