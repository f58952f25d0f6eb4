"""Table: every figure of both arms, as `run.py compare` reads them."""

from __future__ import annotations

from typing import Any

from model.outcomes.summary import Key
from viz import words
from viz.live.page.live_words import figures
from viz.live.towns.towns import Pair
from viz.live.view import GROUPS, View

FLOWS = {
    "joined": "People who joined, so far",
    "completed": "People who completed, so far",
    "members": "Members",
    "waiting": "People waiting",
    "cost": "Cost so far",
}


def panel(pair: Pair, view: View) -> dict[str, Any]:
    """One table for everybody, one for the chosen groups."""
    told = figures(pair)
    rows = []
    for name in words.OUTCOMES:
        key = Key(name, "all", "all")
        if key in told.today:
            a, b = told.today[key], told.plan[key]
            rows.append(
                [
                    words.OUTCOMES[name],
                    words.value_text(name, a),
                    words.value_text(name, b),
                    words.change_text(name, b - a),
                ]
            )
    for name, title in FLOWS.items():
        key = Key(name, "all", "all")
        if key in told.plan:
            text = words.pounds if name == "cost" else words.number
            a, b = told.today[key], told.plan[key]
            rows.append([title, text(a), text(b), text(b - a)])
    strata = [level for group, level in pair.histories[0].strata if group == view.group]
    groups = []
    for level in strata:
        cells = [words.level_name(view.group, level)]
        for outcome in ("inactive", "fairly_active", "active", "minutes_mean"):
            key = Key(outcome, view.group, level)
            cells += [words.value_text(outcome, told.today[key]), words.value_text(outcome, told.plan[key])]
        groups.append(cells)
    head = ["Group"]
    for name in ("Inactive", "Fairly active", "Active", "Minutes"):
        head += [f"{name}, today", f"{name}, yours"]
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
