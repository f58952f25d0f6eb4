"""Joining: people take up, wait for, leave and complete programmes."""

from __future__ import annotations

import numpy as np

from model.parameters import Parameters
from model.people import People
from model.state import State


def step(state: State) -> None:
    """Let every programme recruit, and let members go."""
    for programme in state.programmes:
        programme.recruit(state)


def deprivation_risk(people: People, p: Parameters) -> np.ndarray:
    """(n,) float32: risk of leaving, 1 in the least deprived fifth to `drop_deprived` in the most (S081, S067)."""
    return (1.0 + (p.drop_deprived - 1.0) * (5.0 - people.imd_quintile) / 4.0).astype(np.float32)
