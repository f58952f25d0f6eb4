"""Repertoire: which kinds somebody does at all, under the switch `repertoire: hurdle`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.population.columns import KINDS
from model.reference.arithmetic import draws, logistic

if TYPE_CHECKING:
    from model.reference.resident import Resident

IN_THE_OPEN = (0, 2)
"""Kinds that fear keeps people from: walking for leisure and cycling."""
LIVE, NEWS, COMPANY = 0, 6, 12
"""First slot of what is drawn for each kind in a week: in the course of life, on news, in company."""


def holds(resident: Resident, kind: int) -> bool:
    """Whether somebody does a kind at all, if they want to."""
    return resident.model.parameters.repertoire == "none" or bool(resident.repertoire >> kind & 1)


def likely(resident: Resident, kind: int) -> float:
    """The chance that a kind is in the repertoire in the long run: by who somebody is and where they live, not by taste."""
    p = resident.model.parameters
    level = p.level_base + getattr(p, f"kind_{KINDS[kind]}")
    outside = 1.0 - 0.5 * p.dark_fear if kind in IN_THE_OPEN else 0.0  # through the year
    given = resident.base[kind] - resident.taste[kind] + resident.access[kind]
    given = given - level - outside * resident.unsafe
    return logistic(getattr(p, f"repertoire_{KINDS[kind]}") + p.repertoire_slope * given)


def decide(resident: Resident, kind: int, u: float, takes_up: float = 1.0, gives_up: float = 1.0) -> None:
    """Think a kind over: chances to do so of somebody without it, and of somebody with it. As likely as not to end as before."""
    chance = likely(resident, kind)
    if resident.repertoire >> kind & 1:
        resident.repertoire ^= (u < gives_up * (1.0 - chance)) << kind
    else:
        resident.repertoire |= (u < takes_up * chance) << kind


def week_draw(resident: Resident, kind: int, slot: int) -> float:
    """This week's number of one resident, kind and occasion."""
    town = resident.model
    return draws(town.keys["repertoire"], resident.id, week=town.clock, slot=slot + kind)[0]


def start(resident: Resident) -> None:
    """Every kind as it is in the long run; no habit of what is left out."""
    town = resident.model
    if town.parameters.repertoire == "none":
        return
    for kind in range(len(KINDS)):
        decide(resident, kind, draws(town.key("start/repertoire"), resident.id, slot=kind)[0])
        if not holds(resident, kind):
            resident.habit[kind] = 0.0


def live(resident: Resident, kind: int) -> None:
    """Decide a kind anew, when the taste for it gives way."""
    if resident.model.parameters.repertoire == "hurdle":
        decide(resident, kind, week_draw(resident, kind, LIVE))


def learn(resident: Resident, before: set[int]) -> None:
    """Think over each kind for which a place was heard of since it was known what was known `before`; and, when one was only
    forgotten, the other way."""
    town = resident.model
    p = town.parameters
    if p.repertoire == "none":
        return
    for kind in range(5):
        slots = set(town.slots_of(kind))
        if slots & (resident.knows - before):
            decide(resident, kind, week_draw(resident, kind, NEWS), p.repertoire_news, 0.0)
        elif slots & (before - resident.knows):
            decide(resident, kind, week_draw(resident, kind, NEWS), 0.0, p.repertoire_news)


def hear(resident: Resident, kind: int) -> None:
    """Think a kind over on hearing of a programme for it."""
    p = resident.model.parameters
    if p.repertoire == "hurdle":
        decide(resident, kind, week_draw(resident, kind, NEWS), p.repertoire_news, 0.0)


def accompany(resident: Resident) -> None:
    """A week with sessions in company may bring their kind in."""
    p = resident.model.parameters
    kind = resident.group_kind
    if p.repertoire == "hurdle" and resident.group_sessions > 0 and not holds(resident, kind):
        resident.repertoire |= (week_draw(resident, kind, COMPANY) < p.repertoire_company) << kind
