"""A year of somebody's own place, read as their survey would read it; England in small is weighted to England."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from calibration.measures import shares
from calibration.measures.england import england_weights
from calibration.measures.figures import GROUPS, figures
from calibration.measures.year import PLACE as ENGLAND
from calibration.measures.year import Year
from model.outcomes.record import UNIT
from model.outcomes.strata import crossed
from model.parameters import Parameters
from model.place.place import Place
from model.population.columns import LEVELS
from model.population.people import People
from model.town.town import Neighbourhood


@lru_cache(maxsize=2)
def load(where: str, digest: str) -> Place | None:
    """A place by name or path, read once a process; None when it is not the one with this digest."""
    found = Place.load(where)
    return found if found.digest == digest else None


def year_of(place: Place, parameters: Parameters, seed: int, sample: float) -> dict[str, float]:
    """Every figure that a survey of the place could give, by name."""
    town = Neighbourhood(place, seed=seed, sample=sample, parameters=parameters).warm_up()
    weights = weights_of(town)
    read = Year(town, weights)
    found = read.run()
    low, middle = read.low / read.reads, read.middle / read.reads
    at = dict(zip(LEVELS, (low, middle, 1.0 - low - middle), strict=True))
    found["active"] = shares.share(at["active"], weights)
    for one in figures().values():
        if one.group in GROUPS:
            found[one.name] = shares.share(
                at[one.outcome], weights, mask(town.state.people, one.group, one.level)
            )
    return {name: found[name] for name in figures()}


def weights_of(town: Neighbourhood) -> np.ndarray:
    """(n,) what each resident stands for."""
    if town.state.place.name == ENGLAND:
        return england_weights(town.state.people)
    return town.state.weight / UNIT


def mask(people: People, group: str, level: str) -> np.ndarray:
    """(n,) who is of a level of an attribute."""
    codes, levels = crossed(people, (group,))
    members: np.ndarray = codes == levels.index(level)
    return members


def simulated(place: Place, sample: float, seed: int) -> People:
    """The residents that a run simulates."""
    return Neighbourhood(place, seed=seed, sample=sample).state.people
