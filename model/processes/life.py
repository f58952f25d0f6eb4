"""Life: illness, injuries, recovery, slow drift and tastes that change, ready for next week."""

from __future__ import annotations

import math

import numpy as np

from model import rng
from model.arguments import columns_of, settings_of
from model.kernels.life import InjuryPeople, InjurySettings, LifePeople, LifeSettings, injury, life
from model.limits import MEAN_WEEKS_A_YEAR
from model.parameters import Parameters
from model.population.columns import KINDS
from model.processes import couples, opportunity, repertoire
from model.state import State


def drift_sd(state: State) -> float:
    """Standard deviation of the drifting part of the propensity, logits."""
    p = state.parameters
    return p.propensity_sd * math.sqrt(p.drift_share)


def taste_sd(parameters: Parameters) -> np.ndarray:
    """(6,) standard deviation of tastes for each kind, logits."""
    p = parameters
    if p.repertoire == "hurdle":
        return np.full(len(KINDS), p.repertoire_taste_sd)
    return np.array([p.taste_sd * (1.0 if kind.startswith("walk") else p.taste_other) for kind in KINDS])


def step(state: State) -> None:
    """One week of illness, injuries, drift and changing tastes for everybody."""
    p = state.parameters
    keep = 1.0 - 1.0 / (MEAN_WEEKS_A_YEAR * p.drift_years)
    drift_step = drift_sd(state) * math.sqrt(1.0 - keep * keep)
    years = p.repertoire_years if p.repertoire == "hurdle" else p.taste_years
    settings = settings_of(
        LifeSettings, p, drift_keep=keep, drift_step=drift_step,
        taste_change=len(KINDS) / (MEAN_WEEKS_A_YEAR * years),
    )  # fmt: skip
    people = columns_of(LifePeople, state.people)
    state.chunks.run(life, settings, state.keys["life"], state.clock, people)
    if p.couples == "alike":
        couples.drift(state, drift_step)
    _change_tastes(state)
    if p.setbacks == "some":
        risks = settings_of(InjurySettings, p, risk_minute=p.injury_rate / 60000.0)
        state.chunks.run(
            injury, risks, state.keys["injury"], state.clock, columns_of(InjuryPeople, state.people)
        )


def _change_tastes(state: State) -> None:
    """Draw the tastes that give way anew: as wide as the old ones, so the spread between people stays."""
    people = state.people
    rows = np.flatnonzero(people.new_taste > 0)
    if rows.size:
        kind = people.new_taste[rows] - 1
        draws = rng.gaussian(state.keys["taste"], people.id[rows], week=state.clock)
        draws = couples.alike(state, draws, "taste", rows, kind)
        people.taste[kind, rows] = taste_sd(state.parameters)[kind] * draws
        opportunity.step(state, rows)
        repertoire.live(state, rows, kind)
