"""Life: illness, recovery and slow drift, ready for next week."""

from __future__ import annotations

import math

from model.kernels.life import LifeSettings, life
from model.parameters import WEEKS_A_YEAR
from model.state import State


def drift_sd(state: State) -> float:
    """Standard deviation of the drifting part of the propensity, logits."""
    p = state.parameters
    return p.propensity_sd * math.sqrt(p.drift_share)


def step(state: State) -> None:
    """One week of illness and drift for everybody."""
    p, people = state.parameters, state.people
    keep = 1.0 - 1.0 / (WEEKS_A_YEAR * p.drift_years)
    settings = LifeSettings(
        p.illness_start, p.illness_end, p.illness_disabled, p.illness_old, keep,
        drift_sd(state) * math.sqrt(1.0 - keep * keep),
    )  # fmt: skip
    state.chunks.run(life, settings, state.keys["life"], state.clock, people.id, people.age, people.condition,
                     people.ill, people.drift)  # fmt: skip
