"""A state that goes its own way, with the plans that run in it, and places that plans open on the way."""

from __future__ import annotations

import copy

import numpy as np
import pandas as pd

from model.processes import opportunity
from model.programmes.base import Programme
from model.quantities import MET_AROUND, OF_CELLS
from model.reach import Reach, build
from model.state import State

AROUND = (*OF_CELLS, *MET_AROUND)


def branch(state: State, keep: bool = True) -> State:
    """A state of its own from this week on: what is written down begins anew, and what runs goes on when `keep`.

    What plans that are left behind changed around homes goes with them.
    """
    twin = copy.copy(state)
    twin.people, twin.assets, twin.ties = state.people.copy(), state.assets.copy(), state.ties.copy()
    twin.groups, twin.recorder = state.groups.copy(), state.recorder.fresh()
    twin.changed_rows, twin.changed_people = state.changed_rows.copy(), state.changed_people.copy()
    if keep and state.programmes:
        twin.programmes = [_going_on(programme) for programme in state.programmes]
        twin.quantities = copy.deepcopy(state.quantities)
        return twin
    twin.programmes, twin.signature = [], None
    forget_sums(twin)
    return twin


def _going_on(programme: Programme) -> Programme:
    return copy.deepcopy(programme, {id(programme.settings): programme.settings})


def forget_sums(state: State) -> None:
    """Start the sums of quantities anew; what was added around homes is taken out of what people live with."""
    had = state.quantities.any_of(AROUND)
    state.quantities = state.no_sums()
    if had:
        opportunity.step(state)


def open_places(state: State, new: pd.DataFrame) -> None:
    """Add planned places, still closed; people keep what they know of places that stand or were planned before."""
    standing, before = len(state.place.assets), state.reach
    planned_before = state.assets.n > standing
    state.assets = state.assets.extended(new)
    place, cells = state.place, np.flatnonzero(before.cell_row >= 0)
    state.see(build(cells, place.width, place.width * place.height, place.cell_m, state.assets, standing))
    if planned_before:
        state.people.knows[:] = carried(before, state.reach, state.cell_row, state.people.knows)
    forget_sums(state)
    state.signature = None


def carried(before: Reach, now: Reach, cell_row: np.ndarray, knows: np.ndarray) -> np.ndarray:
    """(n,) uint32 what people know, its bits moved to where each place stands now; a place crowded out is forgotten."""
    out = np.zeros_like(knows)
    for low, high in zip(before.first[:-1], before.first[1:], strict=True):
        for old in range(low, high):
            known = (knows >> np.uint32(old)) & np.uint32(1)
            for slot in range(low, high):
                same = (before.asset[:, old] >= 0) & (before.asset[:, old] == now.asset[:, slot])
                out |= (known * same[cell_row]).astype(np.uint32) << np.uint32(slot)
    return out
