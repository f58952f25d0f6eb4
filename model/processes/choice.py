"""Choice: members turn up, places are thought over, sessions are done, visits counted."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.columns import KINDS
from model.kernels.choice import ChoiceSettings, choice
from model.kernels.places import PlaceSettings, choose_places, count_visits
from model.processes import movement
from model.quantities import MET_AT_PLACES
from model.state import State

METRES_A_MINUTE = 1000.0 / 60.0


def place_settings(state: State) -> PlaceSettings:
    """What makes places attractive and how fast people travel; speeds in metres a minute."""
    p = state.parameters
    return PlaceSettings(
        p.walk_speed * METRES_A_MINUTE, p.slow_disabled, p.slow_old, p.drive_speed * METRES_A_MINUTE, p.drive_wait,
        p.bus_speed * METRES_A_MINUTE, p.bus_wait, p.detour, p.travel_limit, p.travel_scale, p.price_effect,
        p.quality_effect, p.step_free_effect, p.welcome_effect, p.crowding_effect, p.opening_effect, p.access_effect,
        int(p.rethink_weeks),
    )  # fmt: skip


def choose(state: State, everyone: bool = False) -> None:
    """Let those whose turn it is, and those near a place that changed, choose their places again."""
    state.chunks.run(choose_places, *place_arguments(state, everyone))


def step(state: State) -> None:
    """Let members turn up, choose places, do the week's sessions, count the visits."""
    for programme in state.programmes:
        programme.attend(state)
    movement.attend(state)
    places, sessions = place_arguments(state), choice_arguments(state)
    visits = [np.zeros(state.assets.n + 1, np.int64) for _ in state.chunks.bounds]

    def choose_do_and_count(number: int, lo: int, hi: int) -> None:
        people = state.people
        choose_places(lo, hi, *places)
        choice(lo, hi, *sessions)
        count_visits(lo, hi, state.weight, people.sessions, people.destination, people.group_sessions,
                     people.group_place, visits[number])  # fmt: skip

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
    people, assets, reach, p = state.people, state.assets, state.reach, state.parameters
    now = assets.now
    outside = [p.outside_walk, p.outside_travel, p.outside_cycle, p.outside_gym, p.outside_sport]
    return (
        place_settings(state), state.keys["places"], state.clock, everyone, state.changed_rows, state.changed_people,
        people.id, state.cell_row, reach.asset, reach.distance_m, reach.first, np.array(outside), assets.key, now["open"],
        now["price"], now["upkeep"], now["step_free"], now["welcome"], now["opening"], assets.load, people.age,
        people.disability, people.ethnicity, people.cars, people.means, state.quantities.met(MET_AT_PLACES),
        people.knows, people.access, people.destination,
    )  # fmt: skip


def choice_arguments(state: State) -> tuple[Any, ...]:
    """What `choice` takes after the rows."""
    p, people = state.parameters, state.people
    settings = ChoiceSettings(
        p.energy_sd, p.habit_effect, p.fitness_effect, p.illness_effect, p.minutes_week_sd, p.hours_free_squeeze,
        1.0 - p.dark_fear + p.dark_fear * state.darkness,
    )  # fmt: skip
    free = [p.hours_free_none] * 3 + [p.hours_free_part, p.hours_free_full, p.hours_free_full]
    return (
        settings, state.keys["sessions"], state.keys["minutes"], state.clock,
        np.array([getattr(p, f"sessions_max_{kind}") for kind in KINDS], dtype=np.int64), state.season,
        np.array(free, dtype=np.float64), state.boost, people.id, people.work, people.base, people.unsafe,
        people.drift, people.motivation, people.habit, people.fitness, people.ill, people.access,
        people.destination, people.minutes_session, people.group_sessions, people.group_kind, people.group_minutes,
        people.group_place, people.sessions, people.minutes, people.place,
    )  # fmt: skip
