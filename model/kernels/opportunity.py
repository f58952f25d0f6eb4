"""Opportunity and capability: the lasting part of each kind's utility, from who someone is and where they live."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from model.kernels.elementary import within
from model.kernels.memory import AHEAD, fetch
from model.rng import philox, unit


class OpportunitySettings(NamedTuple):
    """Effects in logits, severities and fears as ratios; see ledger/opportunity.yaml."""

    level_base: float
    age_slope: float
    age_old_slope: float
    female_effect: float
    disability_effect: float
    severity_condition: float
    severity_little: float
    severity_lot: float
    knowhow_effect: float
    means_effect: float
    safety_effect: float
    traffic_effect: float
    time_effect: float
    walkability_effect: float
    green_effect: float
    upkeep_effect: float
    car_walk_effect: float
    car_sport_effect: float
    place_discrepancy: float
    dark_fear: float
    fear_women: float
    fear_old: float
    fear_disabled: float
    carer_loss: float


class KindEffects(NamedTuple):
    """Effects in logits of each kind (6,), of know-how on each (6,); losses of women and men of each ethnic group (2, 5), and
    of each work status, those at home of 25 to 65 last (7,)."""

    kind: np.ndarray
    knowhow: np.ndarray
    ethnic: np.ndarray
    status: np.ndarray


class Streets(NamedTuple):
    """Layers of the grid on 0-1, all (cells,), and `tenth` of deprivation of each zone (zones,)."""

    disorder: np.ndarray
    traffic: np.ndarray
    walkability: np.ndarray
    green: np.ndarray
    upkeep: np.ndarray
    tenth: np.ndarray


class Country(NamedTuple):
    """What the land around home adds: `open` (cells,) how open it is, 0-1, or (0,) where a switch leaves it out.

    effect: logits of walking for leisure in the most open; quiet: share of traffic danger that is gone there; dog: logits of
    walking for leisure with one, kept by the shares `dog_town` to `dog_country` of households, by lots under the key.
    """

    open: np.ndarray
    key: np.uint64
    effect: float
    quiet: float
    dog: float
    dog_town: float
    dog_country: float


class OpportunityPeople(NamedTuple):
    """Columns read, and filled: `base` (6, n) logits and `unsafe` (n,).

    met: (8, n) what each resident meets more or less of (`quantities.MET_AROUND`), or (8, 0).
    """

    age: np.ndarray
    sex: np.ndarray
    ethnicity: np.ndarray
    disability: np.ndarray
    condition: np.ndarray
    zone: np.ndarray
    work: np.ndarray
    carer: np.ndarray
    children: np.ndarray
    lone_parent: np.ndarray
    cars: np.ndarray
    means: np.ndarray
    knowhow: np.ndarray
    household: np.ndarray
    cell: np.ndarray
    propensity: np.ndarray
    taste: np.ndarray
    base: np.ndarray
    unsafe: np.ndarray
    met: np.ndarray


@njit(nogil=True, cache=True, error_model="numpy")
def opportunity(lo, hi, whose, settings, effects, people, streets, country):
    """Fill `base` and `unsafe` for the rows whose[lo:hi]: `OpportunitySettings`, `KindEffects`, `OpportunityPeople`,
    `Streets`, `Country`."""
    settings, effects = OpportunitySettings(*settings), KindEffects(*effects)
    people, streets, land = OpportunityPeople(*people), Streets(*streets), Country(*country)
    s, met = settings, people.met
    age, sex, ethnicity, disability = people.age, people.sex, people.ethnicity, people.disability
    condition, zone, work, carer = people.condition, people.zone, people.work, people.carer
    children, lone_parent, cars = people.children, people.lone_parent, people.cars
    means, knowhow, cell, propensity = people.means, people.knowhow, people.cell, people.propensity
    taste, base, unsafe = people.taste, people.base, people.unsafe
    some, felt = met.shape[1] > 0, land.open.shape[0] > 0
    for r in range(lo, hi):
        i, soon = whose[r], whose[min(r + AHEAD, hi - 1)]
        for column in (
            age,
            sex,
            ethnicity,
            disability,
            condition,
            work,
            carer,
            children,
            lone_parent,
            cars,
        ):
            fetch(column, soon)
        fetch(zone, soon)
        for column in (means, knowhow, propensity, unsafe):
            fetch(column, soon)
        for k in range(6):
            fetch(taste[k], soon)
            fetch(base[k], soon)
        severity = 0.0
        if disability[i] == 2:
            severity = s.severity_lot
        elif disability[i] == 1:
            severity = s.severity_little
        elif condition[i] == 1:
            severity = s.severity_condition
        years = np.float64(age[i])
        shared = (
            s.level_base
            + propensity[i]
            - s.age_slope * max(0.0, years - 30.0) / 10.0
            - s.age_old_slope * max(0.0, years - 72.0) / 10.0
            - s.disability_effect * severity
            - effects.ethnic[sex[i], ethnicity[i]]
            + s.place_discrepancy * (streets.tenth[zone[i]] - 5.5) / 9.0
        )
        fear = 1.0
        if sex[i] == 0:
            shared -= s.female_effect
            fear *= s.fear_women
        home = work[i] == 0 and 25 <= age[i] < 66
        shared -= effects.status[6 if home else work[i]] + s.carer_loss * carer[i]
        if age[i] >= 75:
            fear *= s.fear_old
        if condition[i] == 1:
            fear *= s.fear_disabled
        c = cell[i]
        crime, danger, shops = streets.disorder[c], streets.traffic[c], streets.walkability[c]
        grass, kept = streets.green[c], streets.upkeep[c]
        money, skill = np.float64(means[i]), np.float64(knowhow[i])
        if some:
            crime, danger = within(crime + met[0, i]), within(danger + met[1, i])
            shops, grass, kept = (
                within(shops + met[2, i]),
                within(grass + met[3, i]),
                within(kept + met[4, i]),
            )
            money, skill = within(money + met[6, i]), min(max(skill + met[7, i], -5.0), 5.0)
        unsafe[i] = s.safety_effect * fear * crime
        pressed = 0.0
        if work[i] == 3:
            pressed = 0.3
        elif work[i] == 4:
            pressed = 0.5
        elif work[i] == 5:
            pressed = 0.8
        pressed = min(1.0, pressed + 0.4 * carer[i] + 0.4 * lone_parent[i] + 0.25 * children[i])
        if some:
            pressed = within(pressed + met[5, i])
        car = 1.0 if cars[i] == 1 else (1.5 if cars[i] == 2 else 0.0)
        for k in range(6):
            base[k, i] = (
                shared + effects.kind[k] + taste[k, i] + s.knowhow_effect * effects.knowhow[k] * skill
            )
        kit = s.means_effect * (money - 0.5)
        hurry = s.time_effect * pressed
        danger = s.traffic_effect * danger
        outdoors = 0.0
        if felt:
            openness = land.open[c]
            danger = danger * (1.0 - land.quiet * openness)
            lot, _, _, _ = philox(land.key, people.household[i], 0, 0, 0)
            chance = land.dog_town + (land.dog_country - land.dog_town) * openness
            outdoors = land.effect * openness + land.dog * (1.0 if unit(lot) < chance else 0.0)
        street = s.green_effect * grass + s.upkeep_effect * kept - 0.5 * hurry - 0.3 * danger
        base[0, i] += street + outdoors if felt else street
        base[1, i] += s.walkability_effect * shops - s.car_walk_effect * car - 0.3 * danger
        base[2, i] += -danger - 0.3 * hurry
        base[3, i] += kit - hurry + s.car_sport_effect * min(1.0, car)
        base[4, i] += kit - hurry + s.car_sport_effect * min(1.0, car)
