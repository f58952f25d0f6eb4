"""Programmes being delivered: one file each, under the name of its `type`, found by what stands in this folder."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from model.delivery.settings import Intervention
from model.reference.delivery.barrier import Barrier
from model.reference.delivery.programme import Programme

if TYPE_CHECKING:
    from model.reference.town import ReferenceTown


def _in_file(name: str) -> type[Programme]:
    """The one programme of a file here."""
    module = import_module(f"{__name__}.{name}")
    (kind,) = [one for one in vars(module).values()
               if isinstance(one, type) and issubclass(one, Programme) and one.__module__ == module.__name__]  # fmt: skip
    return kind


TYPES: dict[str, type[Programme]] = {one.name: _in_file(one.name) for one in iter_modules(__path__)}
"""The plain form of each type; one from outside adds its own, to be held against it."""
TYPES["barrier"] = Barrier


def programmes_for(interventions: list[Intervention], town: ReferenceTown) -> list[Programme]:
    """A programme for each intervention, in the order of labels; two of one name are told apart by their number."""
    made: list[Programme] = []
    seen: dict[str, int] = {}
    for settings in interventions:
        name = settings.label
        seen[name] = seen.get(name, 0) + 1
        made.append(TYPES[settings.type](settings, f"{name}#{seen[name]}", town))
    return sorted(made, key=lambda programme: programme.label)
