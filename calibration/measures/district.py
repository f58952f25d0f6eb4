"""A district as it is, unweighted and unfitted: inactivity by both definitions, and who lives there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from calibration.measures import shares
from model.limits import INACTIVE_BELOW, WEEKS_A_YEAR
from model.parameters import Parameters
from model.town.town import Neighbourhood


def district(name: str, parameters: Parameters, seed: int, sample: float) -> dict[str, float]:
    """A year of a shipped place after its warm-up; percent, and the share of adults in each cell of a regression."""
    town = Neighbourhood(name, seed=seed, sample=sample, parameters=parameters).warm_up()
    people = town.state.people
    low, ohid, reads = np.zeros(people.n), np.zeros(people.n), 0
    for week in range(WEEKS_A_YEAR):
        town.step()
        if week % 4 == 3:
            recent = people.recent.mean(axis=0)
            low += recent < INACTIVE_BELOW
            ohid += recent + people.recent_garden.mean(axis=0) < INACTIVE_BELOW
            reads += 1
    weights = people.weight.astype(float)
    told = np.bincount(shares.cells(people), weights, shares.CELLS) / weights.sum()
    found = {"inactive": shares.share(low / reads, weights),
             "inactive_ohid": shares.share(ohid / reads, weights, people.age >= 19)}  # fmt: skip
    return found | {f"cell_{k}": float(value) for k, value in enumerate(told)}


def of_place(name: str) -> Callable[[Parameters, int, float], dict[str, float]]:
    """The measure of one place."""
    return partial(district, name)
