"""Couples who are alike (switch `couples`): of what inclines two who live together, a part is drawn for both at once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from model import rng
from model.arguments import columns_of, settings_of
from model.kernels.life import CouplePeople, CoupleSettings, drift_together
from model.population.columns import KINDS
from model.state import State


def alike(
    state: State, draws: np.ndarray, purpose: str, rows: Any = slice(None), kind: Any = 0
) -> np.ndarray:
    """Standard normal `draws` of the residents `rows`, for couples mixed with what they have in common; as wide as before.

    What is common for a `purpose` and a `kind` of activity (one, or one a row) is the same whenever it is asked for.
    """
    if state.parameters.couples != "alike":
        return draws
    couple = state.couple[rows]
    share = state.parameters.couple_alike
    common = rng.gaussian(state.key(f"couple/{purpose}"), np.maximum(couple, 0) * len(KINDS) + kind)
    mixed: np.ndarray = np.where(
        couple >= 0, math.sqrt(1.0 - share) * draws + math.sqrt(share) * common, draws
    )
    return mixed


def drift(state: State, step: float) -> None:
    """Let couples drift partly together this week; step: what everybody's own step of the drift is multiplied by."""
    share = state.parameters.couple_alike
    settings = settings_of(
        CoupleSettings, state.parameters, common=step * math.sqrt(share), lost=step * (1.0 - math.sqrt(1.0 - share))
    )  # fmt: skip
    people = columns_of(CouplePeople, state.people, couple=state.couple)
    state.chunks.run(drift_together, settings, state.keys["life"], state.keys["couple"], state.clock, people)
