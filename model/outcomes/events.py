"""The story of a run as columns: what happened to groups, and when programmes start and stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.outcomes.record import UNIT
from model.population.columns import KINDS
from model.population.groups import ORIGINS

if TYPE_CHECKING:
    from model.state import State

Event = tuple[int, str, int, float, str, str, str, str, str]
"""One thing that happened, in the order of COLUMNS."""

COLUMNS = ("week", "event", "group", "people", "origin", "kind", "place", "zone", "programme")


def events(state: State, first: int, last: int) -> dict[str, np.ndarray]:
    """What happened from week `first` up to `last`, not included: an array of equal length for each of COLUMNS.

    group: counted from 1 since the start of the warm-up, 0 where a programme is meant; people: real people concerned,
    by the weight of the founder; origin, kind, place: of the group, where it meets; zone: where its founder lives.
    """
    rows = [*_programmes(state, first, last), *_groups(state, first, last)]
    rows.sort(key=lambda row: row[0])
    columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(COLUMNS, ())
    kinds = {"week": np.int64, "group": np.int64, "people": np.float64}
    return {name: np.array(values, kinds.get(name, np.str_)) for name, values in columns.items()}


def _programmes(state: State, first: int, last: int) -> list[Event]:
    told: list[Event] = []
    for programme in state.programmes:
        settings = programme.settings
        name, when = settings.name or settings.title, settings.when
        for week, event in ((when.start_week, "starts"), (when.end_week, "stops")):
            if week is not None and first <= week < last:
                told.append((week, event, 0, 0.0, "", "", "", "", name))
    return told


def _groups(state: State, first: int, last: int) -> list[Event]:
    groups, start = state.groups, state.warm_up_weeks
    zones = state.place.zones["code"].to_numpy()[state.people.zone[state.row_of(groups.founder)]]
    places = state.assets.frame["name"].to_numpy()
    return [
        (clock - start, event, group + 1, people * float(groups.weight[group]) / UNIT, ORIGINS[groups.origin[group]],
         KINDS[groups.kind[group]], str(places[groups.place[group]]), str(zones[group]), "")
        for clock, event, group, people in groups.events if first <= clock - start < last
    ]  # fmt: skip


def counted(told: dict[str, np.ndarray]) -> dict[str, int]:
    """How often each kind of event happened, as simulated."""
    names, times = np.unique(told.get("event", np.zeros(0, np.str_)), return_counts=True)
    return dict(zip(names.tolist(), times.tolist(), strict=True))
