"""Dot-and-interval charts: effects by plan or by group, levels today and under a plan."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from viz import theme, words
from viz.report.figures.panel import Drawn, column, drawn, panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_PT = 352.0
LABEL_PT = 106.0
ROW_PT = 17.5
APART_PT = 4.5
"""Between the axes and the words at either side."""
CHARACTER_PT = 4.4
"""Room for one character of the words at the right."""
MOST_TEXT_PT = 160.0
COLOURS = {"better": theme.BETTER, "worse": theme.WORSE, "plain": theme.PLAN}


@dataclass(frozen=True)
class Row:
    """One line: a point with its range and the words at its right; a heading when `value` is None.

    `kind` is a verdict of viz.report.sentences, or `plain`; `start` is a second, hollow point (the level today).
    """

    label: str
    value: float | None = None
    low: float = math.nan
    high: float = math.nan
    text: str = ""
    kind: str = "plain"
    start: float | None = None


@dataclass(frozen=True)
class Axis:
    """The axis of a chart: what it tells, and what left and right of the reference line mean (`ends`), in the colours of
    better and worse. text_pt: least room for the words of rows."""

    name: str
    ends: tuple[str, str] = ("", "")
    reference: float | None = 0.0
    text_pt: float = 104.0
    unit: str = ""
    heading: str = ""
    less_is_better: bool = True


def dots(key: str, title: str, text: str, rows: list[Row], along: Axis) -> Drawn:
    """A chart of rows from top to bottom."""
    lines = [_wrap(row) for row in rows]
    heights = [ROW_PT + 9.0 * (label.count("\n")) for label in lines]
    top, bottom = 20.0, 34.0
    text_pt = max(
        along.text_pt, min(MOST_TEXT_PT, APART_PT + CHARACTER_PT * max(len(row.text) for row in rows))
    )
    size = (WIDTH_PT, sum(heights) + top + bottom)

    def draw(figure: Figure) -> None:
        axes = column(figure, LABEL_PT, text_pt, top, bottom)
        middle = 0.0
        for row, label, height in zip(rows, lines, heights, strict=True):
            _line(axes, row, label, middle + height / 2)
            middle += height
        _frame(axes, rows, middle, along.name, along.reference, along.unit)
        _ends(axes, along.ends, along.reference, along.less_is_better)
        if along.heading:
            axes.annotate(
                words.shorten(along.heading, 44),
                (0, 1),
                xycoords="figure fraction",
                xytext=(4, -9),
                va="center",
                textcoords="offset points",
                weight="bold",
                fontsize=9.0,
            )

    return drawn(
        panel(key, title, text, size, draw),
        _numbers(along.heading or title, rows, f"% {along.name}" if along.unit == "%" else along.name),
    )


def _numbers(chart: str, rows: list[Row], unit: str) -> pd.DataFrame:
    """What is drawn, a row a point; `part` is the heading above it."""
    out, part = [], ""
    for row in rows:
        if row.value is None:
            part = row.label
        else:
            start = math.nan if row.start is None else row.start
            out.append(
                (
                    chart,
                    part,
                    row.label,
                    start,
                    row.value,
                    row.low,
                    row.high,
                    unit,
                    "" if row.kind == "plain" else row.kind,
                )
            )
    columns = ["chart", "part", "label", "baseline", "value", "low", "high", "unit", "verdict"]
    return pd.DataFrame(out, columns=columns)


def _wrap(row: Row) -> str:
    found = textwrap.wrap(row.label, 30 if row.value is None else 22, max_lines=2, placeholder="…")
    return "\n".join(found) if row.value is not None else row.label


def _line(axes: Axes, row: Row, label: str, at: float) -> None:
    beside: dict[str, Any] = {"xycoords": axes.get_yaxis_transform(), "textcoords": "offset points", "va": "center",
                              "annotation_clip": False}  # fmt: skip
    if row.value is None:
        axes.annotate(row.label, (0, at + 1.5), xytext=(4 - LABEL_PT, 0), weight="bold", fontsize=8.0, color=theme.MUTED,
                      zorder=5, bbox={"facecolor": theme.PAPER, "edgecolor": "none", "pad": 1.0}, **beside)  # fmt: skip
        return
    axes.annotate(label, (0, at), xytext=(-APART_PT, 0), ha="right", linespacing=1.05, **beside)
    axes.annotate(row.text, (1, at), xytext=(APART_PT, 0), ha="left", fontsize=7.6, color=theme.INK, **beside)
    colour = COLOURS.get(row.kind, theme.UNCLEAR)
    if row.start is not None and math.isfinite(row.start):
        axes.plot([row.start, row.value], [at, at], color=colour, linewidth=1.2, alpha=0.6)
        axes.plot(
            [row.start],
            [at],
            "o",
            markersize=5.2,
            color=theme.PAPER,
            markeredgecolor=theme.BASELINE,
            markeredgewidth=1.2,
        )
    if math.isfinite(row.low) and math.isfinite(row.high):
        axes.plot([row.low, row.high], [at, at], color=colour, linewidth=2.0, solid_capstyle="butt")
    if math.isfinite(row.value):
        filled = row.kind in COLOURS
        axes.plot(
            [row.value],
            [at],
            "o",
            markersize=5.8,
            color=colour if filled else theme.PAPER,
            markeredgecolor=colour,
            markeredgewidth=1.3,
        )


def _frame(axes: Axes, rows: list[Row], height: float, axis: str, reference: float | None, unit: str) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    values = [
        v for r in rows for v in (r.value, r.low, r.high, r.start) if v is not None and math.isfinite(v)
    ]
    values += [] if reference is None else [reference]
    low, high = (min(values), max(values)) if values else (-1.0, 1.0)
    room = 0.06 * (high - low) or 0.5
    axes.set_xlim(low - room if low < 0 or reference is None else low - 0.4 * room, high + room)
    axes.set_ylim(height, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(length=0)
    axes.grid(axis="y", visible=False)
    axes.xaxis.set_major_locator(MaxNLocator(3 if unit == "£" else 4, steps=[1, 2, 5, 10]))
    decimals = 0 if high - low >= 4 else 1 if high - low >= 0.5 else 2
    axes.xaxis.set_major_formatter(
        FuncFormatter(
            lambda x, _: (
                f"{unit if unit == '£' else ''}{x + 0.0:,.{decimals}f}{'' if unit == '£' else unit}".replace(
                    "-", "\N{MINUS SIGN}"
                )
            )
        )
    )
    axes.set_xlabel(axis)
    if reference is not None:
        axes.axvline(reference, color=theme.INK, linewidth=1.0, zorder=1)


def _ends(axes: Axes, ends: tuple[str, str], reference: float | None, less_is_better: bool) -> None:
    if reference is None or not any(ends):
        return
    low, high = axes.get_xlim()
    share = (reference - low) / (high - low)
    style: dict[str, Any] = {"transform": axes.transAxes, "fontsize": 7.5, "va": "bottom", "clip_on": False}
    left, right = ends
    colours = (theme.BETTER, theme.WORSE) if less_is_better else (theme.WORSE, theme.BETTER)
    if share > 0.12:
        axes.text(share - 0.03, 1.02, f"← {left}", ha="right", color=colours[0], **style)
    if share < 0.88:
        axes.text(share + 0.03, 1.02, f"{right} →", ha="left", color=colours[1], **style)
