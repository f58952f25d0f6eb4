"""A district's margins spread over generated zones: deprived zones differ as England's do, totals hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from model.parameters import Parameters
from model.place.columns import AGE_COLUMNS, ETHNIC_COLUMNS, FILLABLE, HOUSEHOLD_COLUMNS, ZONE
from model.synthesis.england import england

_AGE_MIDDLES = np.array([2.5, 8, 13.5, 20.5, 30, 40, 50, 60, 70, 80, 89])


def spread_margins(
    zones: pd.DataFrame, profile: Mapping[str, Any], p: Parameters, noise: Callable[[str], np.ndarray]
) -> None:
    """Write a column for every margin of the profile, so that the residents' mean is the published figure."""
    margins, correlation = profile["margins"], profile["correlation_with_imd_score"]
    weight = zones["residents"].to_numpy(dtype=float)
    score, decile = zones["imd_score"].to_numpy(), zones["imd_decile"].to_numpy(dtype=int)
    for name, spread in (
        ("share_disabled", p.geography_disabled_sd),
        ("share_households_no_car", p.geography_no_car_sd),
    ):
        if name in margins:
            field = correlated(score, float(correlation.get(name, 0.0)), noise(name))
            zones[name] = logit_spread(float(margins[name]), spread * field, weight)
    if "greenspace_m" in margins:
        field = correlated(score, float(correlation.get("greenspace_m", 0.0)), noise("greenspace_m"))
        distance = np.exp(p.geography_greenspace_sd * field)
        zones["greenspace_m"] = (
            float(margins["greenspace_m"]) * distance / np.average(distance, weights=weight)
        )
    if AGE_COLUMNS[0] in margins:
        _ages(
            zones,
            margins,
            correlated(score, float(correlation.get("share_age_65_plus", 0.0)), noise("age")),
            p,
        )
    for group in (ETHNIC_COLUMNS, HOUSEHOLD_COLUMNS):
        if group[0] in margins:
            start = np.column_stack([england().of(name, decile) for name in group])
            _write(
                zones, group, rake(start, np.array([margins[name] for name in group], dtype=float), weight)
            )
    for name in FILLABLE:
        if name in margins and name not in zones:
            figures = england().of(name, decile)
            column = ZONE[name]
            scaled = figures * float(margins[name]) / np.average(figures, weights=weight)
            zones[name] = scaled.clip(column.low, column.high)
    if "share_households_one_car" in zones:
        zones["share_households_one_car"] = _one_car(
            zones, float(margins["share_households_one_car"]), weight
        )


def correlated(score: np.ndarray, r: float, noise: np.ndarray) -> np.ndarray:
    """A standard field with correlation `r` to the score (the noise's part along it is taken out first)."""
    if len(score) < 3 or score.std() == 0:
        luck: np.ndarray = noise - noise.mean()
        return luck
    z = (score - score.mean()) / score.std()
    rest = noise - noise.mean()
    rest -= z * np.mean(rest * z)
    field: np.ndarray = r * z + np.sqrt(max(0.0, 1 - r * r)) * rest / max(rest.std(), 1e-12)
    return field


def logit_spread(mean: float, field: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Shares spread on the logit scale by `field` with the given weighted mean (bisection on the level)."""
    low, high = -15.0, 15.0
    for _ in range(60):
        level = (low + high) / 2
        if np.average(1 / (1 + np.exp(-level - field)), weights=weight) < mean:
            low = level
        else:
            high = level
    return 1 / (1 + np.exp(-(low + high) / 2 - field))


def rake(start: np.ndarray, margin: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Shares (zones, parts) near `start`, rows adding to one and weighted column means equal to `margin`."""
    shares, margin = np.maximum(start, 1e-9), margin / margin.sum()
    for _ in range(200):
        shares = shares / shares.sum(axis=1, keepdims=True)
        means = np.average(shares, axis=0, weights=weight)
        if np.abs(means - margin).max() < 1e-9:
            break
        shares = shares * margin / np.maximum(means, 1e-12)
    raked: np.ndarray = shares / shares.sum(axis=1, keepdims=True)
    return raked


def _ages(zones: pd.DataFrame, margins: Mapping[str, float], field: np.ndarray, p: Parameters) -> None:
    """Age shares: zones lean to the old or the young so that the share of 65 and over spreads as measured."""
    margin = np.array([margins[name] for name in AGE_COLUMNS], dtype=float)
    margin /= margin.sum()
    years, old = _AGE_MIDDLES / 20, _AGE_MIDDLES >= 65
    lever = np.average(years[old], weights=margin[old]) - np.average(years[~old], weights=margin[~old])
    lean = np.exp(p.geography_older_sd / lever * field[:, None] * years[None, :])
    _write(zones, AGE_COLUMNS, rake(margin * lean, margin, zones["residents"].to_numpy(dtype=float)))


def _one_car(zones: pd.DataFrame, mean: float, weight: np.ndarray) -> np.ndarray:
    """Households with one car: England's split of those that have any, at the district's level."""
    any_car = 1 - zones["share_households_no_car"].to_numpy()
    decile = zones["imd_decile"].to_numpy(dtype=int)
    one = england().of("share_households_one_car", decile)
    of_owners = np.log(one / (1 - one - england().of("share_households_no_car", decile)))
    target = mean / np.average(any_car, weights=weight)
    one_car: np.ndarray = any_car * logit_spread(min(target, 0.99), of_owners, weight * any_car)
    return one_car


def _write(zones: pd.DataFrame, group: tuple[str, ...], shares: np.ndarray) -> None:
    for k, name in enumerate(group):
        zones[name] = shares[:, k]
