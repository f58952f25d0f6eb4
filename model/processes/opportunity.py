"""Opportunity: write each resident's lasting utility of each kind from who they are and where they live."""

from __future__ import annotations

import numpy as np

from model.arguments import columns_of, settings_of
from model.kernels.opportunity import (
    KindEffects,
    OpportunityPeople,
    OpportunitySettings,
    Streets,
    opportunity,
)
from model.population.columns import ETHNICITIES, KINDS
from model.quantities import MET_AROUND
from model.state import State

LAYERS = {"disorder": "disorder", "traffic": "traffic", "walkability": "walkability", "green": "green",
          "upkeep": "upkeep_streets"}  # fmt: skip
"""Layers of the grid and the named quantity that is added to each."""


def step(state: State, whose: np.ndarray | None = None) -> None:
    """Recompute `base` and `unsafe` of everybody, or of the rows `whose`.

    Done at the start, when a layer, or what people meet of it, changes, and for those whose taste changes.
    """
    p = state.parameters
    layers = []
    for layer, quantity in LAYERS.items():
        value = state.place.flat_layers[layer]
        added = state.quantities.of(quantity)
        layers.append(value if added is None else np.clip(value + added, 0.0, 1.0))
    rows = np.arange(state.people.n) if whose is None else whose
    effects = KindEffects(
        np.array([getattr(p, f"kind_{kind}") for kind in KINDS]),
        np.array([getattr(p, f"knowhow_{kind}") for kind in KINDS]),
        np.array([0.0] + [getattr(p, f"ethnic_{name}") for name in ETHNICITIES[1:]]),
    )
    people = columns_of(OpportunityPeople, state.people, met=state.quantities.met(MET_AROUND))
    settings = settings_of(OpportunitySettings, p)
    state.chunks.run_some(len(rows), opportunity, rows, settings, effects, people, Streets(*layers))
