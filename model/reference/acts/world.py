"""World: season and daylight; what plans add to named quantities; places open, change and close."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from model.population.columns import KINDS
from model.reference.acts.opportunity import AROUND, LAYERS
from model.reference.acts.places import AT_PLACES

if TYPE_CHECKING:
    from model.reference.asset import Asset
    from model.reference.resident import Resident
    from model.reference.town import ReferenceTown


def act(town: ReferenceTown) -> None:
    """Begin a week."""
    seasons(town)
    quantities(town)
    for resident in town.residents:
        resident.group_sessions, resident.group_minutes, resident.came = 0, 0.0, False


def seasons(town: ReferenceTown) -> None:
    """How much the season takes from each kind, logits, and how dark it is, 0-1."""
    p = town.parameters
    week_of_year = town.date.timetuple().tm_yday / 7.0
    winter = math.cos(2.0 * math.pi * (week_of_year - p.season_peak_week) / 52.18)
    town.season = [p.season_effect * getattr(p, f"season_{name}") * winter for name in KINDS]
    town.darkness = 0.5 * (1.0 + winter)


def quantities(town: ReferenceTown) -> None:
    """Sum what the programmes add, anew in each week in which one of them changed its strength."""
    town.changed = set()
    for resident in town.residents:
        resident.met_places_otherwise = False
    strengths = [programme.strength() for programme in town.programmes]
    if strengths == town.strengths:
        return
    town.strengths = strengths
    had_around = bool(town.added_to_cells) or town.met_anywhere & set(AROUND)
    met_before = [at_places(resident) for resident in town.residents]
    town.added_to_cells = {}
    town.added_to_assets = set()
    for asset in town.assets:
        asset.added = {}
    for resident in town.residents:
        resident.boost, resident.added, resident.barriers = {}, {}, {}
    town.met_anywhere = set()
    for programme in town.programmes:
        programme.contribute()
    if had_around or town.added_to_cells or town.met_anywhere & set(AROUND):
        for resident in town.residents:
            resident.weigh_opportunity()
    town.changed = {asset for asset in town.assets if asset.apply(town.added_to_assets)}
    for resident, before in zip(town.residents, met_before, strict=True):
        resident.met_places_otherwise = at_places(resident) != before


def at_places(resident: Resident) -> list[float]:
    """What barriers add to all that a resident meets at places."""
    return [resident.barriers.get(name, 0.0) for name in AT_PLACES]


def meet(resident: Resident, name: str, amount: float) -> None:
    """A barrier adds `amount` to a quantity as one resident meets it."""
    if name.startswith("utility."):
        return add_to_resident(resident, KINDS.index(name.removeprefix("utility.")), amount)
    resident.model.met_anywhere.add(name)
    resident.barriers[name] = resident.barriers.get(name, 0.0) + amount


def add_to_asset(town: ReferenceTown, asset: Asset, name: str, amount: float) -> None:
    """A plan adds `amount` to what one place offers."""
    town.added_to_assets.add(name)
    asset.added[name] = asset.added.get(name, 0.0) + amount


def add_to_resident(resident: Resident, kind: int, amount: float) -> None:
    """A plan adds `amount` to the utility of one kind for one resident."""
    resident.boost[kind] = resident.boost.get(kind, 0.0) + amount


def add_to_movement(resident: Resident, name: str, amount: float) -> None:
    """A plan makes it `amount` times likelier, besides, that a resident starts a group (founding), or that organisers
    of the groups they founded ask others (organising); or stirs them up (urgency)."""
    if name not in ("founding", "organising", "urgency"):
        raise ValueError(f"no movement's quantity named {name}")
    resident.added[name] = resident.added.get(name, 0.0) + amount


def add_to_cell(town: ReferenceTown, cell: int, name: str, amount: float) -> None:
    """A plan adds `amount` to the streets of one cell."""
    if name not in LAYERS.values():
        raise ValueError(f"no streets' quantity named {name}")
    cells = town.added_to_cells.setdefault(name, {})
    cells[cell] = cells.get(cell, 0.0) + amount
