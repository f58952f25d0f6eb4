"""What each act of the week moves and computes for one resident, counted from what its kernels name and do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from calibration.benchmark.measurement import ActWork, Roofline
from model.kernels import (
    choice,
    experience,
    friendship,
    groups,
    life,
    meeting,
    news,
    persuasion,
    places,
    reading,
)
from model.population.columns import KINDS, RESIDENT
from model.processes.meeting import EVERY_WEEKS, settings
from model.state import State

_K = len(KINDS)

WORK = {
    "draws": "blocks of four draws",
    "exps": "exponentials (and short logarithms)",
    "normals": "normal quantiles",
    "steps": "steps along a binomial distribution",
    "lookups": "values read at the row of somebody or something else",
    "table": "numbers looked up in a small table",
    "divisions": "divisions",
    "tallies": "numbers added to a table",
}
"""The kinds of work that are counted; `machine.rates` measures how many of each a second."""


@dataclass(frozen=True)
class Operations:
    """One kernel. reads, writes: column -> values a resident; work: how many of each of `WORK` a resident.

    share: of the residents in a week whom reading and writing all but `always` concerns.
    """

    name: str
    kernel: Callable[..., Any]
    reads: Mapping[str, float]
    writes: Mapping[str, float]
    work: Mapping[str, float]
    share: float = 1.0
    always: tuple[str, ...] = ()
    seldom: tuple[str, ...] = field(default=())
    """Columns that are read only when programmes run, places are full, or gardening counts."""

    def bytes_moved(self, sizes: Mapping[str, int]) -> float:
        """Bytes read and written a resident-week."""
        both = [*self.reads.items(), *self.writes.items()]
        return sum(sizes[name] * many * (1.0 if name in self.always else self.share) for name, many in both)


def sizes(state: State) -> dict[str, int]:
    """Bytes of one value of every column and of what stands beside the columns."""
    ties = state.ties
    beside = {
        "cell_row": state.cell_row, "weight": state.weight, "cells": state.recorder.strata.cells, "strong": ties.strong,
        "strong_degree": ties.strong_degree, "weak_start": ties.weak_start, "weak": ties.weak, "trust": ties.trust,
        "contact": ties.contact, "room": ties.room, "stirred": state.changed_people,
    }  # fmt: skip
    return {name: np.dtype(column.dtype).itemsize for name, column in RESIDENT.items()} | {
        name: values.itemsize for name, values in beside.items()
    }


def acts(state: State) -> list[Operations]:
    """The kernels of a week without programmes, in order, as this town runs them."""
    p, ties, slots = state.parameters, state.ties, state.candidates.asset.shape[1]
    known = float(np.bitwise_count(state.people.knows).mean())
    told = p.know_share + p.know_notice + p.know_forget * slots
    strong = float(ties.strong_degree.mean())
    turn = 1.0 / p.rethink_weeks
    weighed = (5 + known) * turn
    s = settings(state)
    forward = s.fade * s.tie_bridge * ties.strong.shape[1] + s.renewal * float((ties.room - strong).mean())
    out = float((state.people.place >= 0).mean()) / EVERY_WEEKS
    steps = float(sum(getattr(p, f"sessions_max_{kind}") for kind in KINDS))
    together = ("group_sessions", "group_kind", "group_minutes", "group_place")
    alike = (
        "age",
        "sex",
        "ethnicity",
        "x_m",
        "y_m",
        "household",
        "strong",
        "trust",
        "contact",
        "weak_start",
        "weak",
    )
    return [
        Operations("news", news.news, {"id": 1, "cell_row": 1, "strong_degree": 1, "weak_start": 2, "strong": 0.4, "weak": 0.6,
                                "destination": 1, "knows": 1}, {"knows": 1},
            {"draws": 1, "lookups": 3 * (p.know_share + p.know_notice) + 2 * p.know_forget * slots},
            share=min(told, 1.0), always=("id",)),
        Operations("persuasion", persuasion.persuasion,
            {"id": 1, "strong": ties.strong.shape[1], "strong_degree": 1, "moving": 1, "threshold": 1,
             "motivation": 1}, {"motivation": 1}, {"draws": 1, "exps": 1, "normals": 1, "lookups": strong,
                                                        "divisions": 3}),
        Operations("places", places.choose_places,
            {"id": 1, "cell_row": 1, "stirred": 1, "age": 1, "disability": 1, "ethnicity": 1, "cars": 1, "means": 1,
             "knows": 1}, {"access": 5, "destination": 5},
            {"draws": weighed, "exps": 2 * weighed, "lookups": 7 * known * turn, "divisions": 2 * weighed + 3 * known * turn}, share=turn,
            always=("id", "cell_row", "stirred")),
        Operations("choice", choice.choice,
            {"id": 1, "work": 1, "base": _K, "unsafe": 1, "drift": 1, "motivation": 1, "habit": _K, "fitness": 1,
             "ill": 1, "access": 5, "destination": 5, "minutes_session": _K, "group_sessions": 1},
            {"sessions": _K, "minutes": _K, "place": 1}, {"draws": 4, "exps": 12, "normals": 7, "steps": steps,
                                                               "table": _K, "divisions": _K},
            seldom=(*together, "company", "injured", "injured_kind", "repertoire")),
        Operations("visits", places.count_visits,
            {"weight": 1, "sessions": 5, "destination": 5, "group_sessions": 1}, {}, {"tallies": 5},
            seldom=("group_place",)),
        Operations("experience", experience.experience,
            {"sessions": _K, "minutes": _K, "group_sessions": 1, "habit": _K, "fitness": 1},
            {"habit": _K, "fitness": 1}, {"exps": 1, "table": _K, "divisions": 1}, seldom=("destination", "motivation", "group_kind")),
        Operations("meeting", meeting.meet,
            {"household": 1, "id": 1, "strong": ties.strong.shape[1], "strong_degree": 1},
            {}, {"draws": out, "lookups": (strong + 8) * out}, share=out, seldom=("trust", "contact")),
        Operations("befriending and parting", friendship.tend, {"id": 1, "strong_degree": 1, "room": 1}, {},
            {"draws": 1, "exps": forward, "lookups": (2 * strong + 8) * forward}, seldom=alike),
        Operations("founding", groups.seek, {"id": 1}, {}, {"draws": 1}, seldom=("knowhow", "moving", "ill", "group")),
        Operations("life", life.life, {"id": 1, "age": 1, "condition": 1, "ill": 1, "drift": 1}, {"ill": 1, "drift": 1, "new_taste": 1},
            {"draws": 1, "normals": 1}),
        Operations("reading", reading.read_levels, {"minutes": _K, "recent": 4},
            {"recent": 1, "recent_garden": 1, "minutes_mean": 1, "level": 1, "moving": 1}, {}),
        Operations("counting", reading.count_levels,
            {"weight": 1, "cells": len(state.recorder.strata.cells), "level": 1, "minutes_mean": 1, "minutes": _K}, {},
            {"tallies": 2 * len(state.recorder.strata.cells)}),
    ]  # fmt: skip


def week(state: State) -> list[ActWork]:
    """What each act of this town's week moves and computes."""
    size = sizes(state)
    return [ActWork(act.name, act.bytes_moved(size), act.work) for act in acts(state)]


def roofline(state: State, rates: Mapping[str, float]) -> Roofline:
    """The roofline of a week of this town on a machine of these `rates` (see `machine.rates`)."""
    every = week(state)
    moved = sum(act.moved for act in every)
    work = {name: sum(act.work.get(name, 0.0) for act in every) for name in WORK}
    seconds = sum(many / rates[name] for name, many in work.items())
    return Roofline(moved, work, rates["bytes"] / moved, 1.0 / seconds, rates)
