"""The tabs of the live view. Each is a function of the pair and of what the visitor chose; it returns plain data.

A panel is `{"words": [...], "chart": option or None, "chart_label": str, "tables": [...], "asks": {...}}`;
a table is `{"caption", "head", "rows"}`. `asks` are choices the panel offers: name -> (value, {value: label}).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from viz.live.panels import benefits, cost, figures, movement, over_time, people
from viz.live.towns.towns import Pair
from viz.live.view import View

Panel = dict[str, Any]

TABS: dict[str, tuple[str, Callable[[Pair, View], Panel]]] = {
    "over_time": ("Over time", over_time.panel),
    "benefits": ("Who benefits", benefits.panel),
    "people": ("People’s stories", people.panel),
    "movement": ("Movement", movement.panel),
    "cost": ("Cost", cost.panel),
    "figures": ("Table", figures.panel),
}
"""Every tab by name: its title, and what makes it."""


def panel(pair: Pair, view: View) -> Panel:
    """The panel of the chosen tab, with every part present."""
    empty: Panel = {"tab": view.tab, "words": [], "chart": None, "chart_label": "", "tables": [], "asks": {}}
    return empty | TABS[view.tab][1](pair, view)
