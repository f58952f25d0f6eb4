"""What a visitor has chosen to look at: every value from a short list, checked whenever it changes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from model.outcomes import catalogue
from model.population.attributes import SHOWN
from model.population.columns import AGE_BANDS, ASSET_KINDS, DISABILITIES, SEXES

LAYERS = ("inactive", "change", "minutes", "visits", "deprivation", "safety", "green")
TABS = ("over_time", "benefits", "people", "movement", "cost", "figures")
GROUPS = SHOWN
OUTCOMES = ("inactive", "active", "minutes_mean")

ALLOWED: dict[str, tuple[str, ...]] = {
    "layer": LAYERS,
    "unit": ("zones", "squares"),
    "tab": TABS,
    "mode": ("simple", "researcher"),
    "group": GROUPS,
    "like_age": ("", *AGE_BANDS),
    "like_sex": ("", *SEXES),
    "like_disability": ("", *DISABILITIES),
    "like_quintile": ("", "1", "2", "3", "4", "5"),
    "people": ("auto", "always", "never"),
    "kind": ("", "sites", *ASSET_KINDS),
}
"""Choices with a short list of values."""


def outcomes() -> tuple[str, ...]:
    """What can be seen week by week: ours, and outcomes of one's own that are measured of residents."""
    return (*OUTCOMES, *catalogue.names("measured"))


def allowed(name: str) -> tuple[str, ...]:
    """The values of a choice; none where it has no short list."""
    return outcomes() if name == "outcome" else ALLOWED.get(name, ())


FLAGS = ("zoomed", "ties", "workshop", "fit", "groups")
NUMBERS = {"question": (0, 6), "resident": (-1, 10_000_000), "other": (0, 10_000)}

PASSING = ("zoomed", "fit")
"""Choices that an address does not keep."""


@dataclass(frozen=True)
class View:
    """What is shown. `pick` is an area (`area:12`), an asset (`asset:3`), a group (`group:plan:7`) or nothing."""

    layer: str = "inactive"
    unit: str = "zones"
    tab: str = "over_time"
    mode: str = "simple"
    group: str = "imd_quintile"
    outcome: str = "inactive"
    kind: str = "sites"
    people: str = "auto"
    zoomed: bool = False
    fit: bool = False
    ties: bool = True
    groups: bool = True
    workshop: bool = False
    question: int = 0
    like_age: str = ""
    like_sex: str = ""
    like_disability: str = ""
    like_quintile: str = ""
    other: int = 0
    resident: int = -1
    pick: str = ""

    def spelled(self) -> dict[str, str]:
        """The choices that differ from the usual ones, as text for an address; a pick and a zoom are passing."""
        usual, told = View(), {}
        for name in (*ALLOWED, "outcome", *FLAGS, *NUMBERS):
            value = getattr(self, name)
            if name not in PASSING and value != getattr(usual, name):
                told[name] = str(int(value)) if isinstance(value, bool | int) else value
        return told

    def read(self, spelled: Any) -> View:
        """The choices of an address put on these; what is not offered is left out."""
        view = self
        for name, text in spelled.items() if isinstance(spelled, dict) else ():
            if name in PASSING or not isinstance(text, str) or len(text) > 40:
                continue
            value: Any = text
            if name in FLAGS:
                value = {"0": False, "1": True}.get(text)
            elif name in NUMBERS:
                value = int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else None
            try:
                view = view.changed(name, value)
            except ValueError:
                continue
        return view

    def changed(self, name: Any, value: Any) -> View:
        """A copy with one choice changed. Raises ValueError for a name or value that is not offered."""
        change: dict[str, Any] = {str(name): value}
        if isinstance(value, str) and value in allowed(str(name)):
            if name.startswith("like_"):
                change |= {"other": 0, "resident": -1}
            return replace(self, **change)
        if name in FLAGS and isinstance(value, bool):
            return replace(self, **change)
        if name in NUMBERS and isinstance(value, int) and not isinstance(value, bool):
            low, high = NUMBERS[name]
            if low <= value <= high:
                return replace(self, **change)
        raise ValueError(f"{name!s:.40} cannot be {value!s:.40}")
