"""The naive baseline: a logistic regression of inactivity on age, sex, condition and deprivation, and nothing else.

No survey answers of persons are at hand, so it is fitted to the same published rates as the model, over the people of
the reference town weighted to England: with main effects alone, those rates are all that a regression would use.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from calibration import targets
from calibration.measures import shares
from calibration.measures.england import england_weights
from calibration.measures.year import PLACE
from calibration.targets import Target
from model import rng
from model.population.columns import AGE_BANDS

_GRID = np.stack(np.unravel_index(np.arange(shares.CELLS), (6, 2, 2, 5)), axis=1)
"""(cells, 4) age band, sex (0 = women), condition, fifth (0 = most deprived) of each cell."""


@dataclass(frozen=True)
class Naive:
    """A fitted regression: chance of being inactive in each cell, (cells,)."""

    chance: np.ndarray
    miss: float

    def of(self, population: np.ndarray) -> float:
        """Percent inactive of a population given as shares of cells."""
        return float(100 * (population * self.chance).sum() / population.sum())


def _design() -> np.ndarray:
    ages = np.eye(6)[_GRID[:, 0]][:, 1:]
    return np.column_stack([np.ones(len(_GRID)), ages, _GRID[:, 1] == 0, _GRID[:, 2], (2 - _GRID[:, 3]) / 4])


def masks() -> dict[str, np.ndarray]:
    """Cells of each target that the regression can see."""
    age, sex, condition, fifth = _GRID.T
    return {"inactive": np.ones(len(_GRID), dtype=bool), "inactive_women": sex == 0, "inactive_men": sex == 1,
            "inactive_condition": condition == 1, "inactive_no_condition": condition == 0,
            "inactive_most_deprived": fifth == 0, "inactive_second_fifth": fifth == 1,
            "inactive_least_deprived": fifth == 4} | {
        f"inactive_{band}": age == k for k, band in enumerate(AGE_BANDS)}  # fmt: skip


@cache
def population() -> np.ndarray:
    """(cells,) shares of England's adults, from the reference town."""
    from model.town.town import Neighbourhood

    people = Neighbourhood(PLACE, seed=1, sample=0.5).state.people
    found = np.bincount(shares.cells(people), england_weights(people), shares.CELLS)
    parts: np.ndarray = found / found.sum()
    return parts


@cache
def fitted() -> Naive:
    """The regression that meets the national targets best, in their errors."""
    return _fit(np.array([target.value for target in _wanted()]))


@cache
def drawn(count: int = 40) -> tuple[Naive, ...]:
    """The same fitted to targets that are off by their errors: its own doubt, as the model's sets are the model's."""
    wanted = _wanted()
    values, errors = (np.array([getattr(one, name) for one in wanted]) for name in ("value", "sd"))
    noise = rng.gaussian(rng.key(1, 0, "naive"), np.arange(count * len(wanted))).reshape(count, -1)
    return tuple(_fit(values + errors * row) for row in noise)


def _wanted() -> list[Target]:
    return [target for target in targets.of_role("fit") if target.name in masks()]


def _fit(values: np.ndarray) -> Naive:
    """The regression nearest to `values`, one for each of the targets that it can see."""
    from scipy.optimize import least_squares

    x, people = _design(), population()
    wanted = _wanted()
    cells = [masks()[target.name] for target in wanted]

    def misses(beta: np.ndarray) -> np.ndarray:
        chance = 1 / (1 + np.exp(-x @ beta))
        rates = [100 * (people * chance)[mask].sum() / people[mask].sum() for mask in cells]
        return np.array(
            [(rate - value) / target.sd for rate, value, target in zip(rates, values, wanted, strict=True)]
        )

    best = least_squares(misses, np.r_[-1.5, np.zeros(x.shape[1] - 1)])
    return Naive(1 / (1 + np.exp(-x @ best.x)), float(np.sqrt((best.fun**2).mean())))


def rate(mask: np.ndarray) -> float:
    """Percent inactive among England's adults in some cells."""
    return fitted().of(population() * mask)


def crossing(age: int, condition: int, fifth: int) -> float:
    """Percent inactive in a crossing of three ages (shares.AGES), condition and fifth (1 to 5)."""
    bands = ((0, 1), (2, 3), (4, 5))[age]
    return rate(np.isin(_GRID[:, 0], bands) & (_GRID[:, 2] == condition) & (_GRID[:, 3] == fifth - 1))
