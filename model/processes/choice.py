"""Choice: members turn up, places are thought over, sessions are done, visits counted."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.arguments import columns_of, settings_of
from model.kernels.choice import ChoicePeople, ChoiceSettings, ChoiceWeek, choice
from model.kernels.places import (
    Candidates,
    Places,
    PlaceSettings,
    PlacesPeople,
    Turn,
    VisitPeople,
    choose_places,
    count_visits,
)
from model.machine.parallel import plain
from model.population.columns import ASSET_KINDS, KINDS
from model.processes import movement
from model.quantities import MET_AT_PLACES
from model.state import State

METRES_A_MINUTE = 1000.0 / 60.0


def place_settings(state: State) -> PlaceSettings:
    """What makes places attractive and how fast people travel; speeds in metres a minute."""
    p = state.parameters
    going, door = p.offer_rule == "going", p.route_rule == "door"
    return settings_of(
        PlaceSettings, p, felt_price=p.price_going * going, felt_upkeep=p.upkeep_going * going,
        near_route=p.route_effect * door, near_travel=p.route_effect * p.route_travel * door, route_m=1000.0 * p.route_reach,
        path=ASSET_KINDS.index("path"), walk_m_min=p.walk_speed * METRES_A_MINUTE, drive_m_min=p.drive_speed * METRES_A_MINUTE,
        bus_m_min=p.bus_speed * METRES_A_MINUTE,
    )  # fmt: skip


def choose(state: State, everyone: bool = False) -> None:
    """Let those whose turn it is, and those near a place that changed, choose their places again."""
    state.chunks.run(choose_places, *place_arguments(state, everyone))


def step(state: State) -> None:
    """Let members turn up, choose places, do the week's sessions, count the visits."""
    for programme in state.programmes:
        programme.attend(state)
    movement.attend(state)
    places, sessions = plain(place_arguments(state)), plain(choice_arguments(state))
    done = columns_of(VisitPeople, state.people, weight=state.weight)
    visits = [np.zeros(state.assets.n + 1, np.int64) for _ in state.chunks.bounds]

    def choose_do_and_count(number: int, lo: int, hi: int) -> None:
        choose_places(lo, hi, *places)
        choice(lo, hi, *sessions)
        count_visits(lo, hi, done, visits[number])

    state.chunks.run_numbered(choose_do_and_count)
    crowd(state, np.sum(visits, axis=0)[:-1])


def crowd(state: State, visits: np.ndarray) -> None:
    """Hold the week's visits (assets,), in 1/256, against capacity; crowding is expected from the weeks behind."""
    assets = state.assets
    assets.visits = visits
    use = visits / 256.0 / assets.now["capacity"]
    assets.load += state.parameters.crowding_memory * (use - assets.load)


def place_arguments(state: State, everyone: bool = False) -> tuple[Any, ...]:
    """What `choose_places` takes after the rows."""
    p, assets = state.parameters, state.assets
    outside = np.array([p.outside_walk, p.outside_travel, p.outside_cycle, p.outside_gym, p.outside_sport])
    now = {name: assets.now[name] for name in Places._fields if name in assets.now}
    met = state.quantities.met(MET_AT_PLACES)
    return (
        place_settings(state), state.keys["places"], state.clock, Turn(everyone, state.changed_rows, state.changed_people),
        columns_of(Candidates, state.candidates, outside=outside), columns_of(Places, assets, **now),
        columns_of(PlacesPeople, state.people, cell_row=state.cell_row, met=met),
    )  # fmt: skip


def choice_arguments(state: State) -> tuple[ChoiceSettings, ChoiceWeek, tuple[Any, ...]]:
    """What `choice` takes after the rows."""
    p = state.parameters
    dark = 1.0 - p.dark_fear + p.dark_fear * state.darkness
    most = [getattr(p, f"sessions_max_{kind}") for kind in KINDS]
    free = [p.hours_free_none] * 3 + [p.hours_free_part, p.hours_free_full, p.hours_free_full]
    week = ChoiceWeek(
        state.keys["sessions"], state.keys["minutes"], state.clock, np.array(most, dtype=np.int64), state.season,
        np.array(free, dtype=np.float64), state.boost, dark,
    )  # fmt: skip
    saturating = p.company_rule == "saturating"
    settings = settings_of(
        ChoiceSettings, p, full_company=p.company_ceiling * saturating, replaced=p.company_replaces * saturating,
        injuries=float(p.setbacks == "some"), hurdle=float(p.repertoire == "hurdle"),
    )  # fmt: skip
    return settings, week, columns_of(ChoicePeople, state.people)
