"""Pictures of a validation: patterns in errors, districts, and what the targets taught about each parameter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from calibration.fitting.result import Learnt
from calibration.validation.pattern import Row
from calibration.validation.result import District
from viz import theme
from viz.words import shorten

MARKS = {"fit": "o", "held_out": "D", "mechanism": "s"}


def patterns(rows: Sequence[Row]) -> Figure:
    """Every judged pattern: the model in half-widths of the target's interval, which is from -1 to 1."""
    judged = [
        (row, row.target_low, row.target_high)
        for row in rows
        if row.holds is not None and row.target_low is not None and row.target_high is not None
    ]
    figure = _figure(0.17 * len(judged) + 1.4, 0.44)
    axes = figure.axes[0]
    axes.axvspan(-1, 1, color="#e8eef2")
    for place, (row, below, above) in enumerate(reversed(judged)):
        middle, half = (below + above) / 2, (above - below) / 2
        at, low, high = (
            float(np.clip((value - middle) / half, -6, 6))
            for value in (row.model, row.model_low, row.model_high)
        )
        colour = theme.PLAN if row.holds else theme.WORSE
        axes.plot([low, high], [place, place], color=colour, linewidth=1.2)
        axes.plot([at], [place], MARKS[row.role], color=colour, markersize=4.5,
                  markerfacecolor=colour if row.holds else theme.PAPER)  # fmt: skip
    axes.set_yticks(
        range(len(judged)), [f"{shorten(row.name, 42)} ({row.id})" for row, _, _ in reversed(judged)]
    )
    axes.set_ylim(-1, len(judged))
    axes.set_xlim(-6.3, 6.3)
    axes.set_xlabel("model, in half-widths of the target's 95% interval (the band);\nbeyond 6 drawn at 6")
    axes.set_title(
        "Filled = holds, hollow = misses. Circle = fitted to,\ndiamond = held out, square = mechanism",
        fontsize=8.5,
    )
    return figure


def districts(rows: Sequence[District]) -> Figure:
    """Predicted inactivity of every district by both definitions, and the naive regression."""
    figure = _figure(0.24 * len(rows) + 1.3, 0.24)
    axes = figure.axes[0]
    for place, row in enumerate(reversed(rows)):
        sport = (row.inactive, row.inactive_low, row.inactive_high)
        ohid = (row.inactive_ohid, row.inactive_ohid_low, row.inactive_ohid_high)
        for (middle, low, high), colour, mark, at in (
            (sport, theme.PLAN, "o", place + 0.17),
            (ohid, theme.WORSE, "s", place - 0.17),
        ):
            axes.plot([low, high], [at, at], color=colour, linewidth=1.4)
            axes.plot([middle], [at], mark, color=colour, markersize=4.5)
        axes.plot([row.naive], [place + 0.17], "|", color=theme.INK, markersize=9)
    axes.set_yticks(range(len(rows)), [row.title for row in reversed(rows)])
    axes.set_xlabel("% of adults inactive")
    axes.set_title(
        "Circle = Sport England, square = OHID, bar = naive regression (Sport England)",
        fontsize=8.5,
    )
    return figure


def identified(rows: Sequence[Learnt]) -> Figure:
    """Spread of each parameter after the fit against before: short bars were learnt, long ones believed."""
    ranked = sorted(rows, key=lambda row: row.ratio)
    figure = _figure(0.17 * len(ranked) + 1.2, 0.24)
    axes = figure.axes[0]
    colours = [theme.UNCLEAR if row.label == "prior-driven" else theme.PLAN for row in reversed(ranked)]
    axes.barh(
        range(len(ranked)), [min(row.ratio, 1.2) for row in reversed(ranked)], color=colours, height=0.7
    )
    axes.axvline(0.8, color=theme.INK, linewidth=0.8, linestyle="--")
    axes.set_yticks(range(len(ranked)), [row.name.replace("_", " ") for row in reversed(ranked)])
    axes.set_ylim(-1, len(ranked))
    axes.set_xlabel("SD after the fit / SD before; right of the dashed line: prior-driven (grey)")
    return figure


def _figure(height: float, left: float) -> Figure:
    figure = Figure(figsize=(7.6, height))
    figure.add_axes((left, 0.9 / height, 0.97 - left, 1 - 1.35 / height))
    return figure
