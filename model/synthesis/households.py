"""Households: their sizes, who lives together, their ethnic group and their cars, zone by zone.

Children under 16 are counted in household sizes but are not residents of the model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from model.parameters import Parameters
from model.synthesis.deal import Chance, begin, deal, pick, round_table
from model.synthesis.household_matching import (
    ALONE,
    COUPLE,
    EXTRA,
    LONE,
    PARENT,
    Homes,
    Residents,
    match,
)
from model.synthesis.zone_margins import SIZES, Margins


@dataclass
class Households:
    """One row a household in the order of identity: households of each zone, zone, size, children."""

    counts: np.ndarray
    zone: np.ndarray
    size: np.ndarray
    children: np.ndarray

    @property
    def n(self) -> int:
        """How many households."""
        return len(self.size)

    @property
    def adults(self) -> np.ndarray:
        """Residents of each household."""
        adults: np.ndarray = self.size - self.children
        return adults


@njit(cache=True)
def _choose_sizes(wanted, persons, adults):
    """Households of each size (Z, 8): floor or ceiling of `wanted`, people as near `persons` as can be.

    Every zone has a home for each adult and an adult in each household; roundings are carried from zone to
    zone.
    """
    zones, sizes = wanted.shape
    counts = np.zeros((zones, sizes), dtype=np.int64)
    carry, carry_persons = np.zeros(sizes), 0.0
    for z in range(zones):
        low = np.floor(wanted[z] + 1e-9)
        best, best_cost = 0, np.inf
        for subset in range(1 << sizes):
            cost, people, households = 0.0, 0.0, 0.0
            for s in range(sizes):
                up = (subset >> s) & 1
                if up and wanted[z, s] - low[s] <= 1e-9:
                    cost = np.inf
                    break
                gap = carry[s] + wanted[z, s] - low[s] - up
                cost += gap * gap
                people += (s + 1) * (low[s] + up)
                households += low[s] + up
            if people < adults[z] or households > adults[z]:
                cost += 1e6
            cost += 0.25 * (people - persons[z] - carry_persons) ** 2
            if cost < best_cost:
                best, best_cost = subset, cost
        people, households = 0, 0
        for s in range(sizes):
            counts[z, s] = np.int64(low[s]) + ((best >> s) & 1)
            people += (s + 1) * counts[z, s]
            households += counts[z, s]
        for s in range(sizes):  # no room: fewer households, the smallest first
            while households > adults[z] and counts[z, s] > 0:
                counts[z, s] -= 1
                households -= 1
                people -= s + 1
        if people < adults[z]:  # too little room: more people alone
            counts[z, 0] += adults[z] - people
            people = adults[z]
        for s in range(sizes):
            carry[s] += wanted[z, s] - counts[z, s]
        carry_persons += persons[z] - people
    return counts


def form(margins: Margins, counts: np.ndarray, chance: Chance, p: Parameters) -> Households:
    """The households of each zone with their sizes and children, before anybody moves in."""
    persons = counts / np.maximum(margins.adult_share, 1e-9)
    mean_size = margins.household_size @ SIZES
    number = np.minimum(persons / mean_size, counts)
    sizes = _choose_sizes(number[:, None] * margins.household_size, number * mean_size, counts)
    totals = sizes.sum(axis=1)
    ids = np.arange(int(totals.sum()))
    size = deal(chance.uniform("households/size", ids), begin(totals), sizes).astype(np.int64) + 1
    zone = np.repeat(np.arange(len(counts)), totals)
    return Households(totals, zone, size, _place_children(margins, counts, totals, zone, size, chance, p))


def _place_children(
    margins: Margins,
    counts: np.ndarray,
    totals: np.ndarray,
    zone: np.ndarray,
    size: np.ndarray,
    chance: Chance,
    p: Parameters,
) -> np.ndarray:
    """Children of each household: any place but the first may be a child's, and children gather together."""
    slots = size - 1
    household = np.repeat(np.arange(len(size)), slots)
    slot = np.arange(len(household)) - np.repeat(np.cumsum(slots) - slots, slots)
    slots_zone = np.bincount(zone, weights=slots, minlength=len(counts)).astype(np.int64)
    children_zone = np.bincount(zone, weights=size, minlength=len(counts)).astype(np.int64) - counts
    ids = np.arange(len(size))
    home = p.households_with_children_spread * chance.normal("households/children", ids)
    alone = (
        p.lone_parent_log_odds
        + p.lone_parent_deprivation_log_odds * margins.deprivation[zone]
        + p.lone_parent_spread * chance.normal("households/lone_parent", ids)
    )
    log_odds = home[household] + np.where(slot == 0, alone[household], 0.0)
    chosen = pick(
        chance.logistic("households/child", household * 16 + slot), log_odds, begin(slots_zone), children_zone
    )
    return np.bincount(household[chosen], minlength=len(size))


def move_in(
    homes: Households,
    counts: np.ndarray,
    age: np.ndarray,
    sex: np.ndarray,
    ids: np.ndarray,
    chance: Chance,
    p: Parameters,
) -> np.ndarray:
    """The household of each resident (n,): parents of that age, couples alike, the old more often alone."""
    starts, zones = begin(counts), len(counts)
    adults, with_child = homes.adults, homes.children > 0

    def total(mask: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return np.bincount(homes.zone, weights=mask * weights, minlength=zones).astype(np.int64)

    years = age.astype(np.float64)
    women = sex == 0
    free = np.ones(len(ids), dtype=bool)
    role = np.full(len(ids), COUPLE, dtype=np.uint8)

    def give(
        level: int, purpose: str, log_odds: np.ndarray, count: np.ndarray, among: np.ndarray
    ) -> np.ndarray:
        chosen = pick(chance.logistic(purpose, ids), log_odds, starts, count, among)
        role[chosen] = level
        return chosen

    parent_odds = 4.0 - 0.5 * ((years - p.parent_age) / p.parent_age_spread) ** 2
    parents = give(PARENT, "households/parent", parent_odds, total(with_child, np.minimum(adults, 2)), free)
    give(
        LONE,
        "households/lone",
        p.lone_parent_women_log_odds * women,
        total(with_child & (adults == 1), adults),
        parents,
    )
    free &= ~parents
    child_odds = p.grown_child_age_log_odds * np.minimum(years - 16.0, 40.0) / 10.0
    free &= ~give(EXTRA, "households/grown_child", child_odds, total(adults > 2, adults - 2), free)
    alone_odds = p.alone_age_log_odds * years / 10.0 + p.alone_older_women_log_odds * (women & (age >= 70))
    give(ALONE, "households/alone", alone_odds, total(~with_child & (adults == 1), adults), free)

    partner_age = (
        years + p.partner_age_gap * women + p.partner_age_noise * chance.normal("households/partner", ids)
    )
    kind = np.where(adults == 1, np.where(with_child, LONE, ALONE), np.where(with_child, PARENT, COUPLE))
    lot = chance.uniform("households/match", ids)
    home_lot = chance.uniform("households/home", np.arange(homes.n))
    household: np.ndarray = match(
        Residents(starts, role, years, women, partner_age, lot),
        Homes(begin(homes.counts), kind.astype(np.uint8), adults.astype(np.int64), home_lot),
        np.array([p.grown_child_parent_age, p.grown_child_parent_spread, p.sharers_age]),
    )
    return household


def ethnic_groups(
    margins: Margins,
    homes: Households,
    counts: np.ndarray,
    household: np.ndarray,
    age: np.ndarray,
    ids: np.ndarray,
    chance: Chance,
    p: Parameters,
) -> np.ndarray:
    """Ethnic group of each resident: households alike but for a few; each zone's counts hold."""
    starts, every = begin(counts), np.arange(homes.n)
    wanted = round_table(counts[:, None] * margins.ethnicity, counts)
    apart = chance.uniform("people/ethnic_apart", ids) < p.household_mixed_share

    def shared(purpose: str) -> np.ndarray:
        return np.where(
            apart, chance.logistic(f"{purpose}_own", ids), chance.logistic(purpose, every)[household]
        )

    adults = np.maximum(np.bincount(household, minlength=homes.n), 1)
    mean_age = np.bincount(household, weights=age, minlength=homes.n) / adults
    log_odds = p.minority_age_log_odds * mean_age[household] / 10.0
    minority = pick(shared("people/minority"), log_odds, starts, counts - wanted[:, 0])
    # white first, then the others in order
    which = np.where(minority, shared("people/ethnic_group"), -np.inf)
    return deal(which, starts, wanted)


def cars(
    margins: Margins,
    homes: Households,
    household: np.ndarray,
    age: np.ndarray,
    status: np.ndarray,
    chance: Chance,
    p: Parameters,
) -> np.ndarray:
    """Cars of each household (0, 1, 2 = two or more), by adults, age and work; each zone's counts hold."""
    starts, ids = begin(homes.counts), np.arange(homes.n)
    adults = np.bincount(household, minlength=homes.n)
    mean_age = np.bincount(household, weights=age, minlength=homes.n) / np.maximum(adults, 1)
    workers = np.bincount(household, weights=status >= 3, minlength=homes.n)
    log_odds = (
        p.car_adult_log_odds * np.minimum(adults - 1, 1)
        + p.car_third_adult_log_odds * np.maximum(adults - 2, 0)
        + p.car_old_log_odds * (mean_age >= 75)
        + p.car_young_log_odds * (mean_age < 25)
        + p.car_workless_log_odds * ((workers == 0) & (mean_age < 66))
    )
    score = chance.logistic("households/cars", ids) - log_odds
    wanted = round_table(homes.counts[:, None] * margins.cars, homes.counts)
    return (2 - deal(score, starts, wanted[:, ::-1])).astype(np.uint8)
