"""Making the state of a town before its first week: people, ties, candidate places, and what starts from chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import numpy as np

from model import rng
from model.machine.parallel import Chunks
from model.outcomes.recorder import Recorder, counted_weight, real_weight
from model.outcomes.strata import NO_STRATA, strata_of
from model.parameters import Parameters
from model.place.place import Place
from model.population.assets import Assets
from model.population.columns import KINDS
from model.population.reach import build
from model.processes import choice, opportunity, repertoire
from model.processes.couples import alike
from model.processes.life import drift_sd, taste_sd
from model.quantities import Quantities
from model.state import State
from model.synthesis.people import synthesise

SEGMENT_EDGES = (-2.0, -1.0, 0.0, 1.0)
"""Standard deviations of the threshold at which the adoption curve is cut (Rogers 2003: 2.5, 13.5, 34, 34, 16%)."""


def new_state(place: Place, parameters: Parameters, seed: int, replicate: int, sample: float, definition: str,
              start: date, threads: int, by: Sequence[str] = ()) -> State:  # fmt: skip
    """A town at the start of its warm-up; `by`: attributes to count people by, crossed."""
    people, ties = synthesise(place, seed, sample, parameters, replicate)
    assets = Assets.from_frame(place.assets)
    cells = np.unique(people.cell)
    n_cells = place.width * place.height
    candidates = build(cells, place.width, n_cells, place.cell_m, assets, assets.n)
    state = State(
        place=place, parameters=parameters, people=people, ties=ties, assets=assets, candidates=candidates,
        quantities=Quantities(people.n, assets.n, n_cells), recorder=Recorder(NO_STRATA),
        chunks=Chunks(people.n, threads), seed=seed, replicate=replicate, sample=sample, definition=definition,
        start=start, cell_row=candidates.cell_row[people.cell], weight=real_weight(people),
        counted=counted_weight(people, definition),
        changed_rows=np.zeros(len(cells), np.uint8),
    )  # fmt: skip
    first_draws(state)
    state.recorder = Recorder(strata_of(people, [str(code) for code in place.zones["code"]], by))
    return state


def first_draws(state: State) -> None:
    """Draw what people start with: propensity, tastes, thresholds, what they know, where they go."""
    p, people = state.parameters, state.people
    ids = people.id
    people.propensity[:] = propensity_drawn(state)
    people.drift[:] = drift_sd(state) * leaning_draws(state, "drift")
    spread = taste_sd(p)
    for k in range(len(KINDS)):
        people.taste[k] = spread[k] * leaning_draws(state, "taste", k)
        people.minutes_session[k] = minutes_drawn(state, k)
    people.threshold[:] = threshold_drawn(state)
    people.segment[:] = np.searchsorted(SEGMENT_EDGES, start_draws(state, "threshold"))
    state.ties.bring_to_life(people.household, p.trust_rest, int(p.tie_spare))
    keep = 1.0 - p.motivation_return
    people.motivation[:] = (
        p.motivation_noise / math.sqrt(1.0 - keep * keep) * start_draws(state, "motivation")
    )
    people.fitness[:] = 0.5
    people.group_place[:] = -1
    people.place[:] = -1
    people.destination[:] = -1
    people.group[:] = -1
    people.ill[:] = rng.uniform(state.key("start/ill"), ids) < p.illness_start / (
        p.illness_start + p.illness_end
    )
    _first_knowledge(state)
    opportunity.step(state)
    choice.choose(state, everyone=True)
    _first_habits(state)
    repertoire.start(state)


def start_draws(state: State, purpose: str, slot: int = 0) -> np.ndarray:
    """(n,) standard normal draws with which people start; the same whenever it is asked for."""
    return rng.gaussian(state.key(f"start/{purpose}"), state.people.id, slot=slot)


def leaning_draws(state: State, purpose: str, slot: int = 0) -> np.ndarray:
    """(n,) the same for what inclines people, of which couples may have a part in common."""
    return alike(state, start_draws(state, purpose, slot), purpose, kind=slot)


def propensity_drawn(state: State) -> np.ndarray:
    """(n,) the lasting part of the propensity, logits."""
    p = state.parameters
    return p.propensity_sd * math.sqrt(1.0 - p.drift_share) * leaning_draws(state, "propensity")


def minutes_drawn(state: State, k: int) -> np.ndarray:
    """(n,) usual length of a session of the kind `k`, minutes."""
    p = state.parameters
    minutes: np.ndarray = getattr(p, f"minutes_{KINDS[k]}") * np.exp(
        p.minutes_person_sd * start_draws(state, "length", k)
    )
    return minutes


def threshold_drawn(state: State) -> np.ndarray:
    """(n,) share of active strong ties at which persuasion is half done."""
    p = state.parameters
    return p.threshold_mean + p.threshold_sd * start_draws(state, "threshold")


def _first_knowledge(state: State) -> None:
    """People start knowing what noticing and forgetting alone would leave them with; nobody knows places still planned."""
    people, reach, standing = state.people, state.candidates, len(state.place.assets)
    stands = (reach.asset >= 0) & (reach.asset < standing)
    people.knows[:] = 0
    p, slots = state.parameters, reach.asset.shape[1]
    noticed = p.know_notice / slots * state.nearness
    chance = noticed / (noticed + p.know_forget + 1e-12)
    key = state.key("start/knows")
    for slot in range(reach.asset.shape[1]):
        here = state.cell_row
        known = stands[here, slot] & (rng.uniform(key, people.id, slot=slot) < chance[here, slot])
        people.knows[:] |= known.astype(np.uint32) << np.uint32(slot)


def _first_habits(state: State) -> None:
    """Start habits near where they would settle, so that the warm-up is short."""
    p, people = state.parameters, state.people
    for k, kind in enumerate(KINDS):
        u = people.base[k].astype(np.float64) + people.drift + people.motivation + people.access[k]
        habit = np.zeros(people.n)
        for _ in range(3):
            sessions = getattr(p, f"sessions_max_{kind}") / (1.0 + np.exp(-(u + p.habit_effect * habit)))
            grown, kept = 1.0 - np.exp(-p.habit_gain * sessions), math.exp(-p.habit_loss)
            habit = grown * kept / (1.0 - (1.0 - grown) * kept)
        people.habit[k] = habit
