"""Experience: habit, fitness and motivation follow what the week was like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.population.columns import KINDS
from model.reference.acts import company, repertoire
from model.reference.arithmetic import exp, single

if TYPE_CHECKING:
    from model.reference.resident import Resident


def act(resident: Resident) -> None:
    """Habit grows with each repetition and fades each week (Lally 2010); fitness follows minutes; company
    lifts motivation and crowds lower it."""
    p = resident.model.parameters
    kept = exp(-p.habit_loss)
    minutes = 0.0
    crowded = 0.0
    for kind in range(len(KINDS)):
        repetitions = resident.sessions[kind]
        if resident.group_sessions > 0 and resident.group_kind == kind:
            repetitions += resident.group_sessions
        to_go = (1.0 - resident.habit[kind]) * exp(-p.habit_gain * repetitions)
        resident.habit[kind] = single((1.0 - to_go) * kept)
        minutes += resident.minutes[kind]
        place = resident.destination[kind]
        if resident.sessions[kind] > 0 and place is not None and place.load > 1.0:
            crowded = 1.0
    supported = 1.0 - exp(-minutes / p.fitness_minutes)
    resident.fitness = single(resident.fitness + p.fitness_rate * (supported - resident.fitness))
    if p.company_rule == "saturating":
        company.act(resident)
    else:
        resident.motivation = single(resident.motivation + p.experience_gain * resident.group_sessions)
    resident.motivation = single(resident.motivation - p.crowded_loss * crowded)
    repertoire.accompany(resident)
