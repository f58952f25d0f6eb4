"""Interventions: one type a file, which holds its settings, its price, its page of the docs, and who delivers it.

The file's name is its `type` in a scenario. Whatever stands in this folder is found; whatever else is loaded as a
plugin (`model/delivery/plugins.py`) or given to `register` joins it. docs/contributing/intervention.md shows how.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from model.delivery import plugins
from model.delivery.ahead import Doubt, Offer, Spread
from model.delivery.barrier import Barrier
from model.delivery.membership import Membership
from model.delivery.programme import Programme
from model.delivery.registry import Registry
from model.delivery.settings import Cost, Intervention, Price, Size, When, figure
from model.delivery.targeting import Where, Who

REGISTRY = Registry(__name__)
"""Every type of intervention by the name it has in a scenario."""


def register(kind: type[Intervention]) -> type[Intervention]:
    """Take in a type of one's own, from a notebook or a script; returns it. Raises InputError for what it lacks."""
    module = sys.modules.get(kind.__module__)
    return REGISTRY.take_in(kind, plugins.source_of(module))


for _file in sorted(one.name for one in iter_modules(__path__)):
    REGISTRY.ours(import_module(f"{__name__}.{_file}"))
plugins.load_installed(REGISTRY)

_CLASSES = {kind.__name__: kind for kind in REGISTRY.values()}

__all__ = [  # with every type, by the name of its class
    "REGISTRY",
    "Barrier",
    "Cost",
    "Doubt",
    "Intervention",
    "Membership",
    "Offer",
    "Price",
    "Programme",
    "Size",
    "Spread",
    "When",
    "Where",
    "Who",
    "figure",
    "register",
    *_CLASSES,
]


def __getattr__(name: str) -> Any:
    # `from model.interventions import WalkingScheme`: found as the registry is, by what stands in the folder.
    if name in _CLASSES:
        return _CLASSES[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
