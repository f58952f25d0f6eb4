"""Choice: how many sessions of each kind this week, how long, and where the week was mostly spent."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from model.population.columns import KINDS
from model.reference.acts import repertoire
from model.reference.arithmetic import draws, exp, normal, quantile_of_binomial, single

if TYPE_CHECKING:
    from model.reference.resident import Resident

IN_THE_OPEN = (0, 2)
"""Kinds that fear keeps people from: walking for leisure and cycling."""
GARDEN = 5
"""Home and garden: no place is needed, so access plays no part."""


def act(resident: Resident) -> None:
    """Do the sessions of the week: each chance taken with the odds that its utility gives."""
    town = resident.model
    p = town.parameters
    of_sessions = (*draws(town.keys["sessions"], resident.id, week=town.clock, slot=0),
                   *draws(town.keys["sessions"], resident.id, week=town.clock, slot=1))  # fmt: skip
    of_minutes = (*draws(town.keys["minutes"], resident.id, week=town.clock, slot=0),
                  *draws(town.keys["minutes"], resident.id, week=town.clock, slot=1))  # fmt: skip
    shared = willingness(resident, of_sessions[6])

    total = 0.0
    most = 0
    resident.place = None
    for kind, name in enumerate(KINDS):
        u = utility(resident, kind, shared)
        chances = int(getattr(p, f"sessions_max_{name}"))
        count = quantile_of_binomial(of_sessions[kind], chances, exp(-abs(u)), u > 0.0)
        minutes = (
            count * resident.minutes_session[kind] * week_length(count, of_minutes[kind], p.minutes_week_sd)
        )
        if resident.stopped(kind) or not repertoire.holds(resident, kind):
            count, minutes = 0, 0.0
        count, minutes = replace(resident, kind, count, minutes, of_sessions[7])
        if count > most:
            most = count
            resident.place = None if kind == GARDEN else resident.destination[kind]
        if resident.group_sessions > 0 and resident.group_kind == kind:
            minutes += resident.group_minutes
            if resident.group_sessions >= most:
                most = resident.group_sessions
                resident.place = resident.group_place
        resident.sessions[kind] = count
        resident.minutes[kind] = single(minutes)
        total += minutes
    fit_into_the_week(resident, total)


def willingness(resident: Resident, u: float) -> float:
    """What all kinds share: inclination and motivation, this week's energy, fitness, illness."""
    p = resident.model.parameters
    return (
        single(resident.drift + resident.motivation)
        + p.energy_sd * normal(u)
        + p.fitness_effect * (resident.fitness - 0.5)
        - p.illness_effect * resident.ill
    )


def utility(resident: Resident, kind: int, shared: float) -> float:
    """Logits of taking one chance of a kind: who and where one is, habit, season, places, fear, programmes."""
    town = resident.model
    p = town.parameters
    u = shared + resident.base[kind] + p.habit_effect * resident.habit[kind] - town.season[kind]
    if kind != GARDEN:
        u += resident.access[kind]
    if kind in IN_THE_OPEN:
        u -= resident.unsafe * (1.0 - p.dark_fear + p.dark_fear * town.darkness)
    u += single(resident.boost.get(kind, 0.0))
    return u + p.company_ceiling * resident.company[kind] if p.company_rule == "saturating" else u


def replace(resident: Resident, kind: int, count: int, minutes: float, u: float) -> tuple[int, float]:
    """What is left of own sessions of a kind and their minutes, when sessions in company take the place of some."""
    p = resident.model.parameters
    led = resident.group_sessions > 0 and resident.group_kind == kind
    if p.company_rule != "saturating" or not led or minutes <= 0.0:
        return count, minutes
    lost = min(p.company_replaces * resident.group_minutes, minutes)
    return count - int(count * (lost / minutes) + u), minutes - lost


def week_length(count: int, u: float, spread: float) -> float:
    """How long this week's sessions are against the usual, log-normal with mean 1; more sessions vary less."""
    sd = spread / math.sqrt(count) if count else 0.0
    return exp(sd * normal(u) - 0.5 * sd * sd)


def fit_into_the_week(resident: Resident, total: float) -> None:
    """Beyond the free time that work leaves, only a part of the minutes is kept."""
    p = resident.model.parameters
    working = {3: p.hours_free_part, 4: p.hours_free_full, 5: p.hours_free_full}
    room = working.get(resident.work, p.hours_free_none)
    if total > room:
        scale = (room + p.hours_free_squeeze * (total - room)) / total
        resident.minutes = [single(minutes * scale) for minutes in resident.minutes]


def count_visits(resident: Resident) -> None:
    """Visits of real people (in 1/256) to the places used this week."""
    for kind in range(GARDEN):
        place = resident.destination[kind]
        if place is not None:
            place.visits += resident.sessions[kind] * resident.real_people
    if resident.group_sessions > 0 and resident.group_place is not None:
        resident.group_place.visits += resident.group_sessions * resident.real_people
