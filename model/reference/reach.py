"""Reach: which places somebody could use at all: the nearest few of each kind, in numbered slots."""

from __future__ import annotations

import math

from model.population.columns import DESTINATIONS, KINDS
from model.reference.arithmetic import single
from model.reference.asset import Asset

SLOTS = (8, 3, 3, 8, 8, 0)
"""Places of each kind that somebody may have in mind."""
PLANNED = (2, 1, 1, 2, 2, 0)
"""Of those, slots kept for places that a plan opens, so that the others never change their meaning."""

Candidate = tuple[Asset | None, float]
"""A place, and the way to it in metres from the middle of the home cell."""


def distance_m(x: float, y: float, asset: Asset) -> float:
    """Straight line from a point to a place."""
    dx, dy = x - asset.x_m, y - asset.y_m
    return math.sqrt(dx * dx + dy * dy)


def nearest(x: float, y: float, assets: list[Asset], wanted: int) -> list[Candidate]:
    """The `wanted` nearest of `assets`, nearest first, filled up with nothing."""
    found = sorted(((distance_m(x, y, asset), asset.row, asset) for asset in assets), key=lambda one: one[:2])
    near: list[Candidate] = [(asset, single(metres)) for metres, _, asset in found[:wanted]]
    return near + [(None, math.inf)] * (wanted - len(near))


def candidates(
    cell: int, width: int, cell_m: float, standing: list[Asset], planned: list[Asset]
) -> list[Candidate]:
    """The slots of one home cell, kind after kind; standing places first, then those a plan opens."""
    x, y = (cell % width + 0.5) * cell_m, (cell // width + 0.5) * cell_m
    slots: list[Candidate] = []
    for kind, name in enumerate(KINDS):
        serves = DESTINATIONS[name]
        slots += nearest(x, y, [a for a in standing if a.kind in serves], SLOTS[kind] - PLANNED[kind])
        slots += nearest(x, y, [a for a in planned if a.kind in serves], PLANNED[kind])
    return slots
