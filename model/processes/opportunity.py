"""Opportunity: write each resident's lasting utility of each kind from who they are and where they live."""

from __future__ import annotations

import numpy as np

from model.arguments import columns_of, settings_of
from model.kernels.opportunity import (
    Country,
    KindEffects,
    OpportunityPeople,
    OpportunitySettings,
    Streets,
    opportunity,
)
from model.parameters import Parameters
from model.place.standing import deprivation_tenth, kept_outdoors
from model.population.columns import ETHNICITIES, KINDS, SEXES, WORK
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
        value = _upkeep(state) if layer == "upkeep" else state.place.flat_layers[layer]
        added = state.quantities.of(quantity)
        layers.append(value if added is None else np.clip(value + added, 0.0, 1.0))
    rows = np.arange(state.people.n) if whose is None else whose
    effects = KindEffects(
        np.array([getattr(p, f"kind_{kind}") for kind in KINDS]),
        np.array([getattr(p, f"knowhow_{kind}") for kind in KINDS]),
        _ethnic(p),
        _status(p),
    )
    people = columns_of(OpportunityPeople, state.people, met=state.quantities.met(MET_AROUND))
    settings = settings_of(OpportunitySettings, p, carer_loss=p.status_carer * (p.work_rule == "status"))
    streets = Streets._make([*layers, deprivation_tenth(state.place.zones, p.deprivation_index)])
    state.chunks.run_some(len(rows), opportunity, rows, settings, effects, people, streets, country_of(state))


def _upkeep(state: State) -> np.ndarray:
    """(cells,) upkeep of streets as the place has it, or by `deprivation_index: people` from what stands outdoors."""
    p, place = state.parameters, state.place
    if p.deprivation_index == "imd":
        return place.flat_layers["upkeep"]
    zone = place.layers["zone"].ravel()
    kept: np.ndarray = kept_outdoors(place.zones, p.environment_outdoors, p.upkeep_outdoors)[zone]
    return np.where(zone >= 0, kept, 0.0)


def _ethnic(p: Parameters) -> np.ndarray:
    """(2, 5) what women and men of each ethnic group lose, logits."""
    both = [0.0] + [getattr(p, f"ethnic_{name}") for name in ETHNICITIES[1:]]
    lost = np.array([both, both])
    for name in ("asian", "black"):
        lost[SEXES.index("female"), ETHNICITIES.index(name)] += getattr(p, f"ethnic_{name}_women")
    return lost


def _status(p: Parameters) -> np.ndarray:
    """(7,) what each work status takes besides time and means, logits; of those at home from 25 to 65 last."""
    lost = np.zeros(len(WORK) + 1)
    if p.work_rule == "status":
        for name, level in (("unemployed", 1), ("sick", 2), ("part_time", 3), ("home", 6)):
            lost[level] = getattr(p, f"status_{name}")
    return lost


def country_of(state: State) -> Country:
    """What open country around home adds to walking; of no size where the switch `country_rule` leaves it out."""
    p = state.parameters
    felt = p.country_rule == "felt"
    openness = p.country_half / (p.country_half + state.place.density_near) if felt else np.zeros(0)
    return Country(
        openness,
        state.key("start/dog") if felt else np.uint64(0),
        p.country_effect,
        p.country_quiet,
        p.dog_effect,
        p.dog_town,
        p.dog_country,
    )
