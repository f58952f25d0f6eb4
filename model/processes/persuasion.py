"""Persuasion: motivation moves towards what strong ties pull it to, around its own long-run mean."""

from __future__ import annotations

import numpy as np

from model.kernels.persuasion import COMPLEX, LINEAR, NONE, SCALE, SIMPLE, PersuasionSettings, persuasion
from model.parameters import Parameters
from model.state import State

MODES = {"none": NONE, "complex": COMPLEX, "simple": SIMPLE, "linear": LINEAR}
MEMORY = 0.05
"""Weight of the newest week in the running mean of pressure, which the warm-up settles and then holds."""


def settings(state: State) -> PersuasionSettings:
    """The switch and the numbers of persuasion in this town."""
    return settings_of(state.parameters)


def settings_of(p: Parameters) -> PersuasionSettings:
    """The switch and the numbers of persuasion."""
    return PersuasionSettings(MODES[p.contagion], p.peer_weight, p.threshold_width, p.simple_contact,
                              p.motivation_return, p.motivation_noise)  # fmt: skip


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
    people, ties = state.people, state.ties
    seen = people if state.seen is None else state.seen.people
    totals = state.chunks.run(
        persuasion, settings(state), state.keys["persuasion"], state.clock, max(state.mean_pressure, 0.0), people.id,
        ties.strong, ties.strong_degree, np.packbits(seen.moving, bitorder="little"), people.threshold, motivation,
    )  # fmt: skip
    return sum(totals) / SCALE / max(people.n, 1)
