"""Over time: one outcome of both arms, week by week; ribbons once a batch has been run."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.limits import WEEKS_A_YEAR
from model.outcomes import catalogue
from viz import words
from viz.live.page import charts
from viz.live.page.live_words import delivery
from viz.live.towns.history import History
from viz.live.towns.towns import Pair
from viz.live.view import View, outcomes

NAMES = {
    "inactive": ("Share inactive", "in 100 adults inactive", 0, 100.0),
    "active": ("Share active", "in 100 adults active", 2, 100.0),
    "minutes_mean": ("Minutes a week", "minutes a week", None, 1.0),
}


def panel(pair: Pair, view: View, ribbons: dict[str, Any] | None = None) -> dict[str, Any]:
    """Lines of both arms, what they say, and the table behind them."""
    title, unit, scale = named(view.outcome)
    today, plan = (scale * series(history, view.outcome) for history in pair.histories)
    gap = plan - today
    return {
        "chart": charts.over_weeks(
            today,
            plan,
            pair.weeks,
            unit,
            delivery(pair),
            ribbons,
            catalogue.known(view.outcome).better == "less",
        ),
        "chart_label": f"{title}, week by week: today’s plans (dashed) and your plan (solid). {_said(gap, unit)}",
        "words": [_said(gap, unit), _season(today)],
        "tables": [_table(today, plan, unit)],
        "asks": {"outcome": (view.outcome, {name: named(name)[0] for name in shown(pair)}, "Show")},
    }


def shown(pair: Pair) -> list[str]:
    """The outcomes that both arms were watched for since they began."""
    measured = pair.histories[0].measured
    return [name for name in outcomes() if name in NAMES or name in measured]


def named(outcome: str) -> tuple[str, str, float]:
    """What an outcome is called, what its numbers are, and by how much they are multiplied."""
    if outcome in NAMES:
        title, unit, _, scale = NAMES[outcome]
        return title, unit, scale
    told = catalogue.known(outcome)
    if told.scale == "share":
        return told.label, f"in 100 adults: {told.label.lower()}", 100.0
    return told.label, f"{told.label.lower()}, {told.unit}", 1.0


def series(history: History, outcome: str) -> np.ndarray:
    """Everybody's weekly values: a share by its column, mean minutes, or what is measured of one's own."""
    if outcome not in NAMES:
        return history.of(f"measured.{outcome}")
    column = NAMES[outcome][2]
    return history.of("minutes")[:, 0] if column is None else history.of("shares")[:, 0, column]


def _said(gap: np.ndarray, unit: str) -> str:
    if not len(gap) or not np.any(gap):
        return "So far the two lines are one: your plan has changed nothing yet."
    last = float(np.mean(gap[-4:]))
    most = int(np.argmax(np.abs(gap)))
    way = "below" if last < 0 else "above"
    text = f"Your plan now stands {words.number(abs(last), 2)} {way} today’s plans ({unit})"
    return f"{text}; the two were furthest apart in week {most + 1}, by {words.number(abs(float(gap[most])), 2)}."


def _season(today: np.ndarray) -> str:
    if len(today) < WEEKS_A_YEAR:
        return "Both lines rise and fall with the seasons; read the distance between them."
    swing = float(today[-WEEKS_A_YEAR:].max() - today[-WEEKS_A_YEAR:].min())
    moved = words.number(swing, 1)
    return f"Seasons alone move today’s line by {moved} over a year; read the distance between the lines."


def _table(today: np.ndarray, plan: np.ndarray, unit: str) -> dict[str, Any]:
    weeks = sorted({*range(12, len(today), 13), len(today) - 1})
    rows = [
        [
            str(w + 1),
            words.number(float(today[w]), 1),
            words.number(float(plan[w]), 1),
            words.number(float(plan[w] - today[w]), 2),
        ]
        for w in weeks
    ]
    return {
        "caption": f"Every quarter: {unit}",
        "head": ["Week", "Today’s plans", "Your plan", "Change"],
        "rows": rows,
    }
