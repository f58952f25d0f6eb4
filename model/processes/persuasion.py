"""Persuasion: motivation moves towards what strong ties pull it to, around its own long-run mean."""

from __future__ import annotations

import numpy as np

from model.arguments import columns_of, settings_of
from model.kernels.persuasion import (
    COMPLEX,
    LINEAR,
    NONE,
    SCALE,
    SIMPLE,
    PersuasionPeople,
    PersuasionSettings,
    persuasion,
)
from model.kernels.slots import Network
from model.parameters import Parameters
from model.state import State

MODES = {"none": NONE, "complex": COMPLEX, "simple": SIMPLE, "linear": LINEAR}
MEMORY = 0.05
"""Weight of the newest week in the running mean of pressure, which the warm-up settles and then holds."""


def settings(parameters: Parameters) -> PersuasionSettings:
    """The switch and the numbers of persuasion."""
    return settings_of(PersuasionSettings, parameters, mode=MODES[parameters.contagion])


def pressure_now(state: State) -> float:
    """The mean pressure on people as they stand; moves nobody."""
    return _move(state, state.people.motivation.copy())


def step(state: State) -> None:
    """One week of persuasion; in the warm-up the long-run mean of pressure is still being learnt."""
    mean = _move(state, state.people.motivation)
    if state.warming:
        first = state.mean_pressure < 0
        state.mean_pressure = mean if first else state.mean_pressure + MEMORY * (mean - state.mean_pressure)


def _move(state: State, motivation: np.ndarray) -> float:
    """Move `motivation` (n,) float32 by one week; the mean pressure that does it."""
    seen = state if state.seen is None else state.seen
    people = PersuasionPeople(
        state.people.id,
        state.people.threshold,
        motivation,
        np.packbits(seen.people.moving, bitorder="little"),
    )
    totals = state.chunks.run(
        persuasion, settings(state.parameters), state.keys["persuasion"], state.clock, max(state.mean_pressure, 0.0),
        people, columns_of(Network, state.ties),
    )  # fmt: skip
    pressure: float = sum(totals) / SCALE / max(state.people.n, 1)
    return pressure
