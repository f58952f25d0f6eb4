"""Joining: people take up, wait for, leave and complete programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.parameters import Parameters
    from model.state import State


def step(state: State) -> None:
    """Let every programme recruit, and let members go."""
    for programme in state.programmes:
        programme.recruit(state)


def deprivation_risk(imd_quintile: np.ndarray, p: Parameters) -> np.ndarray:
    """float32, as many as `imd_quintile`: risk of leaving, 1 in the least deprived fifth to `drop_deprived` in the most (S081, S067)."""
    return (1.0 + (p.drop_deprived - 1.0) * (5.0 - imd_quintile) / 4.0).astype(np.float32)
