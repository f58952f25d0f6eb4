"""Opportunity and capability: the lasting part of each kind's utility, from who someone is and where they live."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from model.population.columns import ETHNICITIES, KINDS
from model.reference.arithmetic import draws, single

if TYPE_CHECKING:
    from model.reference.resident import Resident

LAYERS = {"disorder": "disorder", "traffic": "traffic", "walkability": "walkability", "green": "green",
          "upkeep": "upkeep_streets"}  # fmt: skip
"""Layers of the streets around home, and the named quantity that plans add to each."""
ABOUT_PEOPLE = {"decile_income": 22.5, "decile_employment": 22.5, "decile_education": 13.5, "decile_health": 13.5,
                "decile_crime": 9.3}  # fmt: skip
"""Domains of deprivation that are about people, with what each weighs in the index as a whole, percent."""
AROUND = (*LAYERS.values(), "time_pressure", "means", "knowhow")
"""What a barrier can change of what somebody meets around home and in daily life."""


def act(resident: Resident) -> None:
    """Write `base` (logits of each kind) and `unsafe` (fear of crime around home)."""
    p = resident.model.parameters
    around = {name: around_home(resident, name) for name in LAYERS}
    resident.unsafe = single(p.safety_effect * fear(resident) * around["disorder"])

    shared = everything(resident)
    skill = min(max(resident.knowhow + resident.barriers.get("knowhow", 0.0), -5.0), 5.0)
    knowhow = [p.knowhow_effect * getattr(p, f"knowhow_{name}") * skill for name in KINDS]
    base = [single(shared + getattr(p, f"kind_{name}") + resident.taste[kind] + knowhow[kind])
            for kind, name in enumerate(KINDS)]  # fmt: skip

    kit = p.means_effect * (money(resident) - 0.5)
    hurry = p.time_effect * pressed_for_time(resident)
    danger = p.traffic_effect * around["traffic"]
    country = 0.0
    if p.country_rule == "felt":
        openness = open_country(resident)
        danger = danger * (1.0 - p.country_quiet * openness)
        country = p.country_effect * openness + p.dog_effect * has_dog(resident, openness)
    car = (0.0, 1.0, 1.5)[resident.cars]
    street = (
        p.green_effect * around["green"] + p.upkeep_effect * around["upkeep"] - 0.5 * hurry - 0.3 * danger
    )
    street += country
    shops = p.walkability_effect * around["walkability"] - p.car_walk_effect * car - 0.3 * danger
    booked = kit - hurry + p.car_sport_effect * min(1.0, car)
    extra = [street, shops, -danger - 0.3 * hurry, booked, booked, 0.0]
    resident.base = [single(known + more) for known, more in zip(base, extra, strict=True)]


def around_home(resident: Resident, layer: str) -> float:
    """A layer of the streets at home, 0-1, with what plans add."""
    town = resident.model
    value = town.layers[layer][resident.home]
    if layer == "upkeep" and town.parameters.deprivation_index == "people":
        value = kept_outdoors(resident)
    added = town.added_to_cells.get(LAYERS[layer])
    if added is not None:
        value = min(max(value + added.get(resident.home, 0.0), 0.0), 1.0)
    return as_met(resident, LAYERS[layer], value)


def open_country(resident: Resident) -> float:
    """How open the land around home is, 0-1: one half where `country_half` people live to the square kilometre."""
    half: float = resident.model.parameters.country_half
    return half / (half + resident.model.density_near[resident.home])


def has_dog(resident: Resident, openness: float) -> bool:
    """Whether the household keeps a dog: a lot drawn once for it."""
    p = resident.model.parameters
    u, _, _, _ = draws(resident.model.key("start/dog"), resident.household)
    kept: bool = u < p.dog_town + (p.dog_country - p.dog_town) * openness
    return kept


def as_met(resident: Resident, name: str, value: float) -> float:
    """A value between 0 and 1 with what barriers add to it for this resident."""
    return min(max(value + resident.barriers[name], 0.0), 1.0) if name in resident.barriers else value


def money(resident: Resident) -> float:
    """Means, 0-1, as prices, kit and fees are felt."""
    return as_met(resident, "means", resident.means)


def everything(resident: Resident) -> float:
    """The part all kinds share: propensity, age, disability, ethnic group, sex, and what place does besides."""
    p = resident.model.parameters
    group, woman = ETHNICITIES[resident.ethnicity], resident.sex == 0
    ethnic = getattr(p, f"ethnic_{group}") if resident.ethnicity else 0.0
    if woman and group in ("asian", "black"):
        ethnic += getattr(p, f"ethnic_{group}_women")
    shared: float = (
        p.level_base
        + resident.propensity
        - p.age_slope * max(0.0, resident.age - 30.0) / 10.0
        - p.age_old_slope * max(0.0, resident.age - 72.0) / 10.0
        - p.disability_effect * severity(resident)
        - ethnic
        + p.place_discrepancy * (tenth_of_deprivation(resident) - 5.5) / 9.0
    )
    if woman:
        shared -= p.female_effect
    return shared - status(resident) if p.work_rule == "status" else shared


def tenth_of_deprivation(resident: Resident) -> float:
    """National tenth of deprivation of the home, 1 = most: of the index, or of its domains that are about people."""
    zone = resident.model.zones[resident.zone]
    if resident.model.parameters.deprivation_index == "imd":
        return float(resident.imd_decile)
    mean: float = sum(weight * zone[name] for name, weight in ABOUT_PEOPLE.items()) / sum(
        ABOUT_PEOPLE.values()
    )
    return min(max(5.5 + 1.08 * (mean - 5.5), 1.0), 10.0)


def kept_outdoors(resident: Resident) -> float:
    """Upkeep of the streets of home, 0-1, from what stands outdoors and from crime."""
    p, zone = resident.model.parameters, resident.model.zones[resident.zone]
    outdoors: float = zone.get("decile_outdoors", math.nan)
    if math.isnan(outdoors):
        outdoors = 5.5 + p.environment_outdoors * (zone["decile_environment"] - 5.5)
    tenth: float = p.upkeep_outdoors * outdoors + (1.0 - p.upkeep_outdoors) * zone["decile_crime"]
    return (tenth - 0.5) / 10.0


def status(resident: Resident) -> float:
    """What work and care take of routine, company and confidence, logits: nothing at work full time, retired or young."""
    p = resident.model.parameters
    lost: float = {1: p.status_unemployed, 2: p.status_sick, 3: p.status_part_time}.get(resident.work, 0.0)
    if resident.work == 0 and 25 <= resident.age < 66:
        lost = p.status_home
    lost += p.status_carer * resident.carer
    return lost


def severity(resident: Resident) -> float:
    """How much health limits, 1 = the average disabled person."""
    p = resident.model.parameters
    if resident.disability == 2:
        return p.severity_lot
    if resident.disability == 1:
        return p.severity_little
    return p.severity_condition if resident.condition == 1 else 0.0


def fear(resident: Resident) -> float:
    """Fear of crime against that of a man under 75 without a condition."""
    p = resident.model.parameters
    times = 1.0
    if resident.sex == 0:
        times *= p.fear_women
    if resident.age >= 75:
        times *= p.fear_old
    if resident.condition == 1:
        times *= p.fear_disabled
    return times


def pressed_for_time(resident: Resident) -> float:
    """How work, care and children press, 0-1."""
    work = {3: 0.3, 4: 0.5, 5: 0.8}.get(resident.work, 0.0)
    pressed = min(1.0, work + 0.4 * resident.carer + 0.4 * resident.lone_parent + 0.25 * resident.children)
    return as_met(resident, "time_pressure", pressed)
