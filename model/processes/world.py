"""World: season and daylight; what plans add to the named quantities; places open, change and close."""

from __future__ import annotations

import math

import numpy as np

from model.limits import MEAN_WEEKS_A_YEAR
from model.population.columns import KINDS
from model.processes import opportunity
from model.quantities import MET_AROUND, MET_AT_PLACES, OF_CELLS, OF_RESIDENTS
from model.state import State


def step(state: State) -> None:
    """Set this week's season and let every programme add to the quantities it works through."""
    _season(state)
    _quantities(state)
    state.people.came[:] = 0
    state.people.group_sessions[:] = 0
    state.people.group_minutes[:] = 0


def _season(state: State) -> None:
    p = state.parameters
    week_of_year = state.date.timetuple().tm_yday / 7.0
    winter = math.cos(2.0 * math.pi * (week_of_year - p.season_peak_week) / MEAN_WEEKS_A_YEAR)
    state.season = np.array([p.season_effect * getattr(p, f"season_{kind}") * winter for kind in KINDS])
    state.darkness = 0.5 * (1.0 + winter)


def _quantities(state: State) -> None:
    """Rebuild the sums only in weeks when some programme's strength differs from last week's."""
    signature = tuple(programme.strength(state) for programme in state.programmes)
    state.changed_rows[:] = 0
    state.changed_people[:] = 0
    if signature == state.signature:
        return
    state.signature = signature
    quantities = state.quantities
    around = (*OF_CELLS, *MET_AROUND)
    had_around, met_before = quantities.any_of(around), quantities.met(MET_AT_PLACES)
    quantities.clear()
    for programme in state.programmes:
        programme.contribute(state)
    if had_around or quantities.any_of(around):
        opportunity.step(state)
    if quantities.any_of(OF_RESIDENTS):
        sums = [quantities.of(name) for name in OF_RESIDENTS]
        state.boost = np.stack([np.zeros(state.people.n) if s is None else s for s in sums]).astype(
            np.float32
        )
    else:
        state.boost = np.zeros((len(KINDS), 0), np.float32)
    changed = state.assets.apply(quantities)
    if changed.any():
        state.changed_rows = state.candidates.rows_with(changed)
    met_now = quantities.met(MET_AT_PLACES)
    if met_before.size or met_now.size:
        before, now = (
            met if met.size else np.zeros((len(MET_AT_PLACES), 1)) for met in (met_before, met_now)
        )
        state.changed_people[:] = (before != now).any(axis=0)
