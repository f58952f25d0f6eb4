"""Telling: what a programme makes known to people it reaches, of places nearby and of the plan's programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model import kernels, processes
from model.delivery.membership import Membership

if TYPE_CHECKING:
    from model.state import State


def make_known(state: State, rows: np.ndarray, wanted: int) -> None:
    """Let `rows` know the `wanted` nearest open places for every kind."""
    reach, before = state.candidates, processes.repertoire.known(state)
    kernels.joining.learn_near(
        rows, wanted, state.cell_row, reach.asset, reach.first, state.assets.now["open"], state.people.knows
    )
    processes.repertoire.learn(state, before)


def tell_of_programmes(state: State, rows: np.ndarray) -> None:
    """Let `rows` know of the plan's programmes that they could join."""
    for programme in state.programmes:
        if isinstance(programme, Membership) and programme.settings.when.strength(state.week) > 0:
            new = rows[(programme.eligible[rows] > 0) & (programme.aware[rows] == 0)]
            programme.aware[new] = 1
            if processes.repertoire.on(state):
                processes.repertoire.hear(state, new, programme.kind)
