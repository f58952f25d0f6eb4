"""What each zone should hold, from its published shares; and how far the made people are from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri

from model.errors import Fault, InputError
from model.parameters import Parameters
from model.place.columns import ADULT_AGE_COLUMNS, AGE_COLUMNS, ETHNIC_COLUMNS, HOUSEHOLD_COLUMNS
from model.place.standing import deprivation_tenth
from model.population.columns import AGE_GROUP_FLOORS, AGE_GROUPS, ETHNICITIES, WORK
from model.population.people import People
from model.synthesis.england import KNOWHOW

if TYPE_CHECKING:
    from model.place.place import Place

SIZES = np.arange(1, 9)
"""Household sizes; 8 stands for eight or more."""


def group_name(group: str) -> str:
    """An age group as column and parameter names write it: `16-24` -> `16_24`, `85+` -> `85_plus`."""
    return group.replace("-", "_").replace("+", "_plus")


def shares(zones: pd.DataFrame, names: tuple[str, ...]) -> np.ndarray:
    """Shares (Z, K) of a whole, each row summing to one; a blank row takes the mean of the others.

    Raises InputError when a column is missing or every zone is blank.
    """
    missing = [name for name in names if name not in zones]
    if missing:
        raise InputError(
            [
                Fault("the zones lack a column that people are made from", "zones.csv", key=name)
                for name in missing
            ]
        )
    table: np.ndarray = np.maximum(zones[list(names)].to_numpy(dtype=np.float64, copy=True), 0.0)
    whole = table.sum(axis=1)
    known = np.isfinite(whole) & (whole > 0)
    if not known.any():
        raise InputError(Fault("no zone says these shares", "zones.csv", key=", ".join(names)))
    table[known] /= whole[known, None]
    table[~known] = table[known].mean(axis=0)
    return table


def share(zones: pd.DataFrame, name: str, default: float | np.ndarray) -> np.ndarray:
    """One number a zone (Z,); blanks and a missing column take `default`."""
    default = np.broadcast_to(np.asarray(default, dtype=np.float64), (len(zones),))
    if name not in zones:
        return default.copy()
    values = zones[name].to_numpy(dtype=np.float64)
    return np.where(np.isfinite(values), values, default)


class Margins:
    """Every share of a place's zones that people are made from, as arrays of one row a zone."""

    def __init__(self, zones: pd.DataFrame, parameters: Parameters) -> None:
        p = parameters
        self.residents = share(zones, "residents", 0.0)
        self.adult_share = np.maximum(shares(zones, AGE_COLUMNS)[:, 3:].sum(axis=1), 1e-9)
        self.adults = self.residents * self.adult_share
        self.age = shares(zones, ADULT_AGE_COLUMNS)
        self.women = self._women_by_age(zones, p)
        self.ethnicity = shares(zones, ETHNIC_COLUMNS)
        self.household_size = shares(zones, HOUSEHOLD_COLUMNS)
        self.cars = self._cars(zones, p)
        self.decile = np.clip(share(zones, "imd_decile", 5.0), 1, 10).astype(np.uint8)
        tenth = self.decile.astype(np.float64)
        if p.deprivation_index == "people":
            tenth = deprivation_tenth(zones, "people")
        self.deprivation = -_score(tenth)
        self.income = _score(share(zones, "decile_income", self.decile))
        self.education = _score(share(zones, "decile_education", self.decile))
        if KNOWHOW in zones:
            self.education = share(zones, KNOWHOW, self.education)
        self.disabled = self._adults_disabled(share(zones, "share_disabled", p.disabled_share), p)
        self.limited_a_lot = share(zones, "share_of_disabled_limited_a_lot", p.limited_a_lot_share)
        self.active = share(zones, "share_16_74_economically_active", p.active_share)
        self.unemployed = np.minimum(share(zones, "share_16_74_unemployed", p.unemployed_share), self.active)
        self.sick = np.minimum(
            share(zones, "share_16_74_long_term_sick", p.long_term_sick_share), 1.0 - self.active
        )
        # children who give 20 hours of care are too few to take out
        self.carers = np.minimum(
            share(zones, "share_unpaid_carers_20h_plus", p.carers_share) / self.adult_share, 1.0
        )
        self.part_time = np.clip(p.part_time_share + p.part_time_deprivation * self.deprivation, 0.0, 1.0)
        self.long_hours = np.clip(p.long_hours_share + p.long_hours_deprivation * self.deprivation, 0.0, 1.0)

    def _cars(self, zones: pd.DataFrame, p: Parameters) -> np.ndarray:
        none = share(zones, "share_households_no_car", p.no_car_share)
        one = share(zones, "share_households_one_car", p.one_car_share)
        cars = np.column_stack([none, one, np.maximum(1.0 - none - one, 0.0)])
        shares: np.ndarray = cars / cars.sum(axis=1, keepdims=True)
        return shares

    def _adults_disabled(self, all_ages: np.ndarray, p: Parameters) -> np.ndarray:
        """Share disabled of adults, when children have a known part of the rate of all residents."""
        adults = all_ages * (1.0 - (1.0 - self.adult_share) * p.disabled_child_ratio) / self.adult_share
        shares: np.ndarray = np.clip(adults, 0.0, 1.0)
        return shares

    def _women_by_age(self, zones: pd.DataFrame, p: Parameters) -> np.ndarray:
        """Share of women (Z, 8) at each age: England's, moved in log-odds to the zone's share where known."""
        england = np.array([getattr(p, f"women_share_{group_name(group)}") for group in AGE_GROUPS])
        log_odds = np.log(england / (1.0 - england))
        wanted = (
            share(zones, "share_female", np.nan) - (1.0 - self.adult_share) * p.girls_share
        ) / self.adult_share
        wanted = np.clip(np.where(np.isfinite(wanted), wanted, self.age @ england), 0.02, 0.98)
        low, high = np.full(len(zones), -8.0), np.full(len(zones), 8.0)
        for _ in range(40):  # bisection on the move
            middle = (low + high) / 2
            made = (self.age / (1.0 + np.exp(-(log_odds + middle[:, None])))).sum(axis=1)
            low, high = np.where(made < wanted, middle, low), np.where(made < wanted, high, middle)
        women: np.ndarray = 1.0 / (1.0 + np.exp(-(log_odds + low[:, None])))
        return women


def _score(decile: np.ndarray) -> np.ndarray:
    """Standard score of the middle of a national decile."""
    score: np.ndarray = ndtri((np.clip(decile, 1, 10) - 0.5) / 10.0)
    return score


def margins_report(place: Place, people: People, parameters: Parameters | None = None) -> pd.DataFrame:
    """How far the made people are from the zones' published margins.

    One row a margin: `margin`; `cells` (zones x levels); `largest_gap`, `mean_gap` over cells and `place_gap`
    (the worst level of the whole place), all in simulated people or households. Counts follow the simulated
    adults or households of each zone, except `adults`, in real people by weight.
    """
    m, zones = Margins(place.zones, parameters or Parameters.default()), len(place.zones)
    adults = np.bincount(people.zone, minlength=zones)[:, None].astype(np.float64)
    of_working_age = np.bincount(people.zone[people.age < 75], minlength=zones)[:, None]
    first = np.unique(people.household, return_index=True)[1]  # one row a household
    households = np.bincount(people.zone[first], minlength=zones)[:, None]
    group = np.searchsorted(AGE_GROUP_FLOORS, people.age, side="right") - 1
    women = m.age * m.women

    def count(levels: np.ndarray, number: int, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
        flat = people.zone[rows].astype(np.int64) * number + levels[rows]
        return np.bincount(flat, minlength=zones * number).reshape(zones, number)

    disabled, work = count(people.disability, 3), count(people.work, len(WORK))
    limited = disabled[:, 1:].sum(axis=1, keepdims=True)
    weighted = np.bincount(people.zone, weights=people.weight, minlength=zones)[:, None]
    pairs = {
        "adults": (m.adults[:, None], weighted),
        "age": (adults * m.age, count(group, 8)),
        "sex": (adults * np.column_stack([women.sum(axis=1), 1.0 - women.sum(axis=1)]), count(people.sex, 2)),
        "age by sex": (adults * np.column_stack([women, m.age - women]), count(group + 8 * people.sex, 16)),
        "ethnicity": (adults * m.ethnicity, count(people.ethnicity, len(ETHNICITIES))),
        "disabled": (adults * m.disabled[:, None], limited),
        "limited a lot": (limited * m.limited_a_lot[:, None], disabled[:, 2:]),
        "household size": (
            households * m.household_size,
            count(np.minimum(people.household_size, 8) - 1, 8, first),
        ),
        "cars": (households * m.cars, count(people.cars, 3, first)),
        "employed": (
            of_working_age * (m.active - m.unemployed)[:, None],
            work[:, 3:].sum(axis=1, keepdims=True),
        ),
        "unemployed": (of_working_age * m.unemployed[:, None], work[:, 1:2]),
        "long-term sick": (of_working_age * m.sick[:, None], work[:, 2:3]),
        "carers": (adults * m.carers[:, None], count(people.carer, 2)[:, 1:]),
    }
    rows = [(name, wanted.size, *_gaps(wanted, made)) for name, (wanted, made) in pairs.items()]
    return pd.DataFrame(rows, columns=["margin", "cells", "largest_gap", "mean_gap", "place_gap"])


def _gaps(wanted: np.ndarray, made: np.ndarray) -> tuple[float, float, float]:
    gap, place = np.abs(wanted - made), np.abs(wanted.sum(axis=0) - made.sum(axis=0))
    return float(gap.max(initial=0.0)), float(gap.mean()) if gap.size else 0.0, float(place.max(initial=0.0))
