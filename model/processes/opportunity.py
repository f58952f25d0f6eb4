"""Opportunity: write each resident's lasting utility of each kind from who they are and where they live."""

from __future__ import annotations

import numpy as np

from model.columns import ETHNICITIES, KINDS
from model.kernels.opportunity import OpportunitySettings, opportunity
from model.quantities import MET_AROUND
from model.state import State

LAYERS = {"disorder": "disorder", "traffic": "traffic", "walkability": "walkability", "green": "green",
          "upkeep": "upkeep_streets"}  # fmt: skip
"""Layers of the grid and the named quantity that is added to each."""


def step(state: State, whose: np.ndarray | None = None) -> None:
    """Recompute `base` and `unsafe` of everybody, or of the rows `whose`.

    Done at the start, when a layer, or what people meet of it, changes, and for those whose taste changes.
    """
    p, people, chunks = state.parameters, state.people, state.chunks
    settings = OpportunitySettings(*(float(getattr(p, name)) for name in OpportunitySettings._fields))
    layers = []
    for layer, quantity in LAYERS.items():
        value = state.place.flat_layers[layer]
        added = state.quantities.of(quantity)
        layers.append(value if added is None else np.clip(value + added, 0.0, 1.0))
    rows = np.arange(people.n) if whose is None else whose
    chunks.run_some(
        len(rows),
        opportunity,
        settings,
        rows,
        np.array([getattr(p, f"kind_{kind}") for kind in KINDS]),
        np.array([getattr(p, f"knowhow_{kind}") for kind in KINDS]),
        np.array([0.0] + [getattr(p, f"ethnic_{name}") for name in ETHNICITIES[1:]]),
        people.age, people.sex, people.ethnicity, people.disability, people.condition, people.imd_decile,
        people.work, people.carer, people.children, people.lone_parent, people.cars, people.means, people.knowhow,
        people.cell, *layers, state.quantities.met(MET_AROUND), people.propensity, people.taste, people.base, people.unsafe,
    )  # fmt: skip
