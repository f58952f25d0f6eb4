"""Choice: places are thought over, members turn up, sessions are done, visits counted."""

from __future__ import annotations

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
    people, assets, reach = state.people, state.assets, state.reach
    now = assets.now
    outside = np.array([getattr(state.parameters, f"outside_{name}") for name in ("walk", "travel", "cycle", "gym",
                                                                                 "sport")])  # fmt: skip
    state.chunks.run(
        choose_places, place_settings(state), state.keys["places"], state.clock, everyone, state.changed_rows,
        state.changed_people, people.id, state.cell_row, reach.asset, reach.distance_m, reach.first, outside, assets.key, now["open"],
        now["price"], now["upkeep"], now["step_free"], now["welcome"], now["opening"], assets.load, people.age,
        people.disability, people.ethnicity, people.cars, people.means, state.quantities.met(MET_AT_PLACES),
        people.knows, people.access, people.destination,
    )  # fmt: skip


def step(state: State) -> None:
    """Choose places, let members turn up, do the week's sessions, count the visits."""
    choose(state)
    for programme in state.programmes:
        programme.attend(state)
    movement.attend(state)
    p, people = state.parameters, state.people
    settings = ChoiceSettings(
        p.energy_sd, p.habit_effect, p.fitness_effect, p.illness_effect, p.minutes_week_sd, p.hours_free_squeeze,
        1.0 - p.dark_fear + p.dark_fear * state.darkness,
    )  # fmt: skip
    free = [p.hours_free_none] * 3 + [p.hours_free_part, p.hours_free_full, p.hours_free_full]
    state.chunks.run(
        choice, settings, state.keys["sessions"], state.keys["minutes"], state.clock,
        np.array([getattr(p, f"sessions_max_{kind}") for kind in KINDS], dtype=np.int64), state.season,
        np.array(free, dtype=np.float64), state.boost, people.id, people.work, people.base, people.unsafe,
        people.drift, people.motivation, people.habit, people.fitness, people.ill, people.access,
        people.destination, people.minutes_session, people.group_sessions, people.group_kind, people.group_minutes,
        people.group_place, people.sessions, people.minutes, people.place,
    )  # fmt: skip
    _count(state)


def _count(state: State) -> None:
    """Count visits against capacity; crowding is expected from the weeks behind."""
    people, assets = state.people, state.assets
    visits = [np.zeros(assets.n + 1, np.int64) for _ in state.chunks.bounds]

    def count(number: int, lo: int, hi: int) -> None:
        count_visits(lo, hi, state.weight, people.sessions, people.destination, people.group_sessions,
                     people.group_place, visits[number])  # fmt: skip

    state.chunks.run_numbered(count)
    assets.visits = np.sum(visits, axis=0)[:-1]
    use = assets.visits / 256.0 / assets.now["capacity"]
    assets.load += state.parameters.crowding_memory * (use - assets.load)
