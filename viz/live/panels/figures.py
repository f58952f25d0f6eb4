"""Table: every figure of both arms, as `run.py compare` reads them."""

from __future__ import annotations

from typing import Any

from model.outcomes import catalogue
from model.outcomes.summary import Key
from viz import words
from viz.live.page.live_words import figures
from viz.live.towns.towns import Pair
from viz.live.view import GROUPS, View


def panel(pair: Pair, view: View) -> dict[str, Any]:
    """One table for everybody, one for the chosen groups."""
    told = figures(pair)
    rows = []
    full = words.outcomes()
    for name in full:
        key = Key(name, "all", "all")
        if key in told.today:
            a, b = told.today[key], told.plan[key]
            rows.append(
                [
                    full[name],
                    words.value_text(name, a),
                    words.value_text(name, b),
                    words.change_text(name, b - a),
                ]
            )
    for flow in (catalogue.known(name) for name in catalogue.names("flow")):
        key = Key(flow.name, "all", "all")
        if key in told.plan:
            text = words.pounds if flow.scale == "money" else words.number
            a, b = told.today[key], told.plan[key]
            title = f"{flow.label}, so far" if flow.adds_up else flow.label
            rows.append([title, text(a), text(b), text(b - a)])
    strata = [level for group, level in pair.histories[0].strata if group == view.group]
    groups, told_by_group = [], [name for name in catalogue.names("level", "measured")
                                 if Key(name, "all", "all") in told.today]  # fmt: skip
    for level in strata:
        cells = [words.level_name(view.group, level)]
        for outcome in told_by_group:
            key = Key(outcome, view.group, level)
            cells += [words.value_text(outcome, told.today[key]), words.value_text(outcome, told.plan[key])]
        groups.append(cells)
    head = ["Group"]
    for name in told_by_group:
        label = catalogue.known(name).label
        head += [f"{label}, today", f"{label}, yours"]
    return {
        "words": [
            f"Week {pair.week}: means over {told.window} weeks, as “run.py compare” reads them. "
            "One run: no range."
        ],
        "tables": [
            {
                "caption": "Everybody",
                "head": ["Outcome", "Today’s plans", "Your plan", "Change"],
                "rows": rows,
            },
            {"caption": words.group_name(view.group), "head": head, "rows": groups},
        ],
        "asks": {"group": (view.group, {name: words.group_name(name) for name in GROUPS}, "Groups")},
    }
