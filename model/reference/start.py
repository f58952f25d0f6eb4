"""The start: what people carry into the first week of the warm-up, drawn once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from model.population.columns import KINDS
from model.reference import couples
from model.reference.acts import meeting, repertoire
from model.reference.acts.life import drift_sd, taste_sd
from model.reference.acts.news import nearness
from model.reference.acts.places import choose
from model.reference.arithmetic import draws, normal, single

if TYPE_CHECKING:
    from model.reference.resident import Resident


def act(resident: Resident) -> None:
    """Propensity, tastes, thresholds; what they know, where they go; habits near where they settle."""
    town = resident.model
    p = town.parameters

    def chance(purpose: str, slot: int = 0) -> float:
        return draws(town.key(f"start/{purpose}"), resident.id, slot=slot)[0]

    def draw(purpose: str, slot: int = 0) -> float:
        return normal(chance(purpose, slot))

    def leaning(purpose: str, slot: int = 0) -> float:
        return couples.mixed(resident, draw(purpose, slot), purpose, slot)

    resident.propensity = single(p.propensity_sd * math.sqrt(1.0 - p.drift_share) * leaning("propensity"))
    resident.drift = single(drift_sd(town) * leaning("drift"))
    for kind, name in enumerate(KINDS):
        resident.taste[kind] = single(taste_sd(town, kind) * leaning("taste", kind))
        # numpy's exp here, where the fast model uses numpy too
        longer = float(np.exp(p.minutes_person_sd * draw("length", kind)))
        resident.minutes_session[kind] = single(getattr(p, f"minutes_{name}") * longer)
    place_on_curve = draw("threshold")
    resident.threshold = single(p.threshold_mean + p.threshold_sd * place_on_curve)
    resident.segment = sum(place_on_curve > edge for edge in (-2.0, -1.0, 0.0, 1.0))
    keep = 1.0 - p.motivation_return
    resident.motivation = single(p.motivation_noise / math.sqrt(1.0 - keep * keep) * draw("motivation"))
    resident.fitness = 0.5
    resident.ill = chance("ill") < p.illness_start / (p.illness_start + p.illness_end)

    meeting.begin(resident)
    know_what_is_near(resident)
    resident.weigh_opportunity()
    choose(resident)
    settle_habits(resident)
    repertoire.start(resident)


def know_what_is_near(resident: Resident) -> None:
    """People start knowing what noticing and forgetting alone would leave them with."""
    town = resident.model
    p = town.parameters
    for slot, (asset, distance_m) in enumerate(resident.candidates):
        if asset is None:
            continue
        u, _, _, _ = draws(town.key("start/knows"), resident.id, slot=slot)
        noticed = p.know_notice / town.slots * nearness(distance_m, p.know_reach)
        if u < noticed / (noticed + p.know_forget + 1e-12):
            resident.knows.add(slot)


def settle_habits(resident: Resident) -> None:
    """Three steps towards the habit at which gain and loss meet, so that the warm-up is short."""
    p = resident.model.parameters
    kept = math.exp(-p.habit_loss)
    for kind, name in enumerate(KINDS):
        u = resident.base[kind] + resident.drift + resident.motivation + resident.access[kind]
        habit = 0.0
        for _ in range(3):
            times = getattr(p, f"sessions_max_{name}") / (1.0 + float(np.exp(-(u + p.habit_effect * habit))))
            grown = 1.0 - float(np.exp(-p.habit_gain * times))
            habit = grown * kept / (1.0 - (1.0 - grown) * kept)
        resident.habit[kind] = single(habit)
