"""Who benefits: the share inactive of each group in both arms, and every gap, absolute and relative."""

from __future__ import annotations

from typing import Any

from model.outcomes import catalogue
from model.outcomes.summary import Key
from viz import words
from viz.live.page import charts
from viz.live.page.live_words import Figures, figures, turn
from viz.live.towns.towns import Pair
from viz.live.view import GROUPS, View


def panel(pair: Pair, view: View) -> dict[str, Any]:
    """Marks a group, sentences on gaps, two tables."""
    told = figures(pair)
    strata = [level for group, level in pair.histories[0].strata if group == view.group]
    keys = [Key("inactive", view.group, level) for level in strata]
    names = [words.level_name(view.group, level) for level in strata]
    today = [100 * told.today[key] for key in keys]
    plan = [100 * told.plan[key] for key in keys]
    unit = "in 100 inactive, over the last year" if pair.done else "in 100 inactive, over the last four weeks"
    reach = [told.plan.get(Key("reach", view.group, level), 0.0) for level in strata]
    rows = [
        [name, words.number(a, 1), words.number(b, 1), words.points((b - a) / 100), words.percent(r)]
        for name, a, b, r in zip(names, today, plan, reach, strict=True)
    ]
    said = _gap_words(told)
    return {
        "chart": charts.pairs_of(names, today, plan, unit),
        "chart_label": f"{words.group_name(view.group)}: share inactive under today’s plans and under yours. {said[0]}",
        "words": said,
        "tables": [
            {
                "caption": f"{words.group_name(view.group)}: {unit}",
                "head": ["Group", "Today’s plans", "Your plan", "Change, points", "Ever joined"],
                "rows": rows,
            },
            _gap_table(told),
        ],
        "asks": {"group": (view.group, {name: words.group_name(name) for name in GROUPS}, "By")},
    }


def _gap_words(told: Figures) -> list[str]:
    """Each gap in a sentence, absolute and relative together."""
    said = []
    for gap, between in (
        ("deprivation", "the most and least deprived fifths"),
        ("disability", "people with and without a limiting condition"),
    ):
        absolute, relative = Key(f"gap_{gap}_difference", "all", "all"), Key(f"gap_{gap}_ratio", "all", "all")
        a, b = told.today[absolute], told.plan[absolute]
        c, d = told.today[relative], told.plan[relative]
        text = f"Between {between} the gap is {_points(a)} points with today’s plans, {_points(b)} with yours"
        turns = (turn(a, b, 0.0), turn(c, d, 1.0))
        how = (
            "unchanged"
            if set(turns) == {"unchanged"}
            else "hardly changed"
            if set(turns) == {"hardly changed"}
            else f"{turns[0]} in points, {turns[1]} in proportion"
            if turns[0] != turns[1]
            else f"{turns[0]}, in proportion too"
        )
        said.append(f"{text}: {how}.")
    return said


def _points(value: float) -> str:
    return words.points(value).lstrip("+")


def _gap_table(told: Figures) -> dict[str, Any]:
    rows, full = [], words.outcomes()
    for name in catalogue.names("gap", where=lambda one: one.widens):
        closed = 1.0 if catalogue.known(name).scale == "ratio" else 0.0
        key = Key(name, "all", "all")
        a, b = told.today[key], told.plan[key]
        rows.append(
            [
                full[name],
                words.value_text(name, a),
                words.value_text(name, b),
                words.change_text(name, b - a),
                turn(a, b, closed),
            ]
        )
    return {
        "caption": "Every gap in the share inactive: differences in points, ratios in times",
        "head": ["Gap", "Today’s plans", "Your plan", "Change", "So it is"],
        "rows": rows,
    }
