"""Twenty years of a small reference town without plans: how people keep or change their level."""

from __future__ import annotations

import numpy as np

from calibration.measures import couples, shares
from calibration.measures.england import england_weights
from model.limits import ACTIVE_FROM, INACTIVE_BELOW, WEEKS_A_YEAR
from model.parameters import Parameters
from model.town.town import Neighbourhood

YEARS = 20


def decades(parameters: Parameters, seed: int, sample: float) -> dict[str, float]:
    """Agreement of yearly levels one, seven and nineteen years apart, and who starts when the partner moves; kappa, odds
    ratio, percent."""
    town = Neighbourhood("england", seed=seed, sample=sample, parameters=parameters).warm_up()
    weights = england_weights(town.state.people)
    minutes = yearly_minutes(town, YEARS)
    return stability(minutes, weights) | couples.partner_starts(town.state.people, minutes, weights)


def yearly_minutes(town: Neighbourhood, years: int) -> np.ndarray:
    """(years, n) mean weekly minutes of each year, home and garden left out."""
    people = town.state.people
    found = np.zeros((years, people.n))
    for year in range(years):
        for _ in range(WEEKS_A_YEAR):
            town.step()
            found[year] += people.minutes[:5].sum(axis=0) / WEEKS_A_YEAR
    return found


def levels_of(minutes: np.ndarray) -> np.ndarray:
    """0 inactive, 1 fairly active, 2 active."""
    levels: np.ndarray = np.digitize(minutes, [INACTIVE_BELOW, ACTIVE_FROM])
    return levels


def stability(minutes: np.ndarray, weights: np.ndarray) -> dict[str, float]:
    """What yearly minutes (years, n) say of how people keep their level."""
    level = levels_of(minutes)
    active, last = level == 2, len(level) - 1
    lag = min(7, last)
    inactive = level[:-1] == 0
    moved = (inactive & active[1:]).astype(float)
    again = [shares.kappa(level[y], level[y + lag], weights, 3) for y in range(last - lag + 1)]
    return transitions(level, weights) | {
        "kappa_20_years": shares.kappa(active[0], active[last], weights),
        "kappa_7_years": float(np.mean(again)),
        "active_again_odds_ratio": shares.odds_ratio(active[0], active[last], weights),
        "became_active_1_year": float(100 * (moved * weights).sum() / max((inactive * weights).sum(), 1e-12)),
        "drift_of_inactive": shares.share(level[last] == 0, weights) - shares.share(level[0] == 0, weights),
    }


WORDS = ("inactive", "fairly_active", "active")


def transitions(level: np.ndarray, weights: np.ndarray) -> dict[str, float]:
    """Percent of those at one level of a year that are at another in the next: `move_FROM_TO`, over all years."""
    found = {}
    for one, before in enumerate(WORDS):
        at = (level[:-1] == one) * weights
        for two, after in enumerate(WORDS):
            found[f"move_{before}_{after}"] = float(
                100 * (at * (level[1:] == two)).sum() / max(at.sum(), 1e-12)
            )
    return found
