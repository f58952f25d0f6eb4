"""What a simulated year says, in the terms of the targets."""

from __future__ import annotations

import numpy as np

from model.columns import AGE_BANDS
from model.town import Neighbourhood

WINTER, SUMMER = (12, 1, 2), (6, 7, 8)


def year(town: Neighbourhood, weights: np.ndarray, weeks: int = 52) -> dict[str, float]:
    """Run `weeks` weeks on and return each target's model value: percent, weighted by `weights` (n,).

    Levels are read every four weeks, from four-week means; winter and summer are the months' own readings.
    """
    people = town.state.people
    n = people.n
    inactive, fairly, ohid = np.zeros(n), np.zeros(n), np.zeros(n)
    minutes = np.zeros(6)
    done = np.zeros((6, n), dtype=np.int64)
    twice = np.zeros(6)
    season: dict[bool, list[float]] = {True: [], False: []}
    reads = 0
    adult = weights * (people.age >= 19)
    for week in range(weeks):
        town.step()
        minutes += (people.minutes * weights).sum(axis=1)
        done += people.sessions
        if week % 4 != 3:
            continue
        reads += 1
        low = people.recent.mean(axis=0) < 30
        inactive += low
        fairly += ~low & (people.recent.mean(axis=0) < 150)
        ohid += people.recent.mean(axis=0) + people.recent_garden.mean(axis=0) < 30
        twice += ((done >= 2) * weights).sum(axis=1) / weights.sum()
        done[:] = 0
        month = town.state.date.month
        if month in WINTER or month in SUMMER:
            season[month in WINTER].append(float((low * weights).sum() / weights.sum()))

    def share(values: np.ndarray, where: np.ndarray | None = None, by: np.ndarray = weights) -> float:
        mask = np.ones(n, dtype=bool) if where is None else where
        return float(100 * (values * by)[mask].sum() / by[mask].sum() / reads)

    found = {
        "inactive": share(inactive),
        "fairly_active": share(fairly),
        "inactive_most_deprived": share(inactive, people.imd_quintile == 1),
        "inactive_second_fifth": share(inactive, people.imd_quintile == 2),
        "inactive_third_fifth": share(inactive, people.imd_quintile == 3),
        "inactive_fourth_fifth": share(inactive, people.imd_quintile == 4),
        "inactive_least_deprived": share(inactive, people.imd_quintile == 5),
        "inactive_condition": share(inactive, people.condition == 1),
        "inactive_no_condition": share(inactive, people.condition == 0),
        "inactive_census_disabled": share(inactive, people.disability > 0),
        "inactive_census_not_disabled": share(inactive, people.disability == 0),
        "inactive_women_minus_men": share(inactive, people.sex == 0) - share(inactive, people.sex == 1),
        "walking_share": float(100 * minutes[:2].sum() / minutes[:5].sum()),
        "leisure_walking_share": float(100 * minutes[0] / minutes[:5].sum()),
        "minutes_mean": float(minutes[:5].sum() / weights.sum() / weeks),
        "inactive_ohid": share(ohid, by=adult),
        "does_walk_leisure": 100 * twice[0] / reads,
        "does_walk_travel": 100 * twice[1] / reads,
        "does_cycle": 100 * twice[2] / reads,
        "does_gym": 100 * twice[3] / reads,
        "does_sport": 100 * twice[4] / reads,
        "does_home_garden": 100 * twice[5] / reads,
        "winter_minus_summer": float(100 * (np.mean(season[True]) - np.mean(season[False]))),
    }
    for k, band in enumerate(AGE_BANDS):
        found[f"inactive_{band}"] = share(inactive, people.age_band == k)
    return found
