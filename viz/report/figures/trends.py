"""Outcomes over time: the baseline dashed, a plan solid, the 95% range of the difference as a ribbon."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.limits import WEEKS_A_YEAR
from viz import theme, words
from viz.ranges import mean_range, paired
from viz.report.figures.panel import Drawn, column, drawn, panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS = 90
"""Points drawn along a line at most: enough for the seasons, light enough for the page."""


@dataclass(frozen=True)
class Trend:
    """Weeks, the mean without the plan, the mean difference and its range (nan for one run), all (n,)."""

    weeks: np.ndarray
    base: np.ndarray
    change: np.ndarray
    low: np.ndarray
    high: np.ndarray


def trend(plan: pd.DataFrame, base: pd.DataFrame, sets: int = 1) -> Trend | None:
    """The trend of a plan against its baseline, in means of up to POINTS spells of weeks.

    None when either is missing.
    """
    if plan.empty or base.empty:
        return None
    change = paired(plan, base)
    if change.empty:
        return None
    step = max(1, -(-len(change) // POINTS))
    block = np.arange(len(change))[::-1] // step  # counted from the end, so that the last weeks are whole
    before = base.loc[change.index, change.columns].groupby(block).mean().iloc[::-1]
    weeks = change.index.to_series().groupby(block).max().iloc[::-1].to_numpy() + 1
    mean, low, high = mean_range(change.groupby(block).mean().iloc[::-1].to_numpy(), sets)
    return Trend(weeks, before.to_numpy().mean(axis=1), mean, low, high)


def level_panel(
    key: str,
    title: str,
    text: str,
    found: Trend,
    names: tuple[str, str],
    axis: str,
    scale: float = 100.0,
    unit: str = "%",
    delivery: tuple[int, int] | None = None,
) -> Drawn:
    """Both levels over time; `names`, of the baseline and of the plan, stand at the lines' ends."""

    def draw(figure: Figure) -> None:
        axes = column(figure, 36, 84, 24, 30)
        plan = (found.base + found.change) * scale
        axes.fill_between(
            found.weeks,
            (found.base + found.low) * scale,
            (found.base + found.high) * scale,
            color=theme.PLAN,
            alpha=0.18,
            linewidth=0,
        )
        axes.plot(found.weeks, found.base * scale, color=theme.BASELINE, linewidth=1.4, linestyle=(0, (4, 2)))
        axes.plot(found.weeks, plan, color=theme.PLAN, linewidth=1.8)
        _finish(axes, found.weeks, axis, unit, delivery)
        _end_labels(axes, found.weeks[-1], (found.base[-1] * scale, plan[-1]), names)

    numbers = {
        "baseline": found.base * scale,
        "with_plan": (found.base + found.change) * scale,
        "difference": found.change * scale,
        "low": found.low * scale,
        "high": found.high * scale,
    }
    named = {"chart": title, "plan": names[1], "week": found.weeks}
    return drawn(panel(key, title, text, (348, 216), draw), pd.DataFrame({**named, **numbers}))


def change_panel(
    key: str,
    title: str,
    text: str,
    found: Trend,
    limits: tuple[float, float],
    delivery: tuple[int, int] | None = None,
) -> Drawn:
    """The difference a plan makes over time, in percentage points, on limits that all plans share."""

    def draw(figure: Figure) -> None:
        axes = column(figure, 32, 8, 24, 28)
        axes.axhline(0, color=theme.BASELINE, linewidth=1.2, linestyle=(0, (4, 2)))
        axes.fill_between(
            found.weeks, found.low * 100, found.high * 100, color=theme.PLAN, alpha=0.2, linewidth=0
        )
        axes.plot(found.weeks, found.change * 100, color=theme.PLAN, linewidth=1.7)
        axes.set_ylim(*limits)
        _finish(axes, found.weeks, words.shorten(title, 34), "", delivery)

    numbers = {"difference": found.change * 100, "low": found.low * 100, "high": found.high * 100}
    data = pd.DataFrame(
        {"chart": "difference in percentage points", "plan": title, "week": found.weeks, **numbers}
    )
    return drawn(panel(key, title, text, (228, 150), draw), data)


def shared_limits(trends: list[Trend]) -> tuple[float, float]:
    """Limits in percentage points that hold every trend and zero."""
    values = np.concatenate(
        [100 * part for t in trends for part in (t.change, t.low, t.high)] + [np.zeros(1)]
    )
    values = values[np.isfinite(values)]
    low, high = float(values.min()), float(values.max())
    room = 0.08 * (high - low) or 0.1
    return low - room, high + room


def _finish(axes: Axes, weeks: np.ndarray, heading: str, unit: str, delivery: tuple[int, int] | None) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_title(heading, fontsize=8.5, pad=7)
    last = int(weeks[-1])
    axes.set_xlim(0, last)
    yearly = last > 78
    step = (
        WEEKS_A_YEAR * max(1, round(last / WEEKS_A_YEAR / 6)) if yearly else max(4, round(last / 5 / 4) * 4)
    )
    ticks = list(range(0, last + 1, step))
    axes.set_xticks(ticks, [f"{t // WEEKS_A_YEAR}" for t in ticks] if yearly else [str(t) for t in ticks])
    axes.set_xlabel("years from the start" if yearly else "weeks from the start")
    axes.tick_params(length=0)
    axes.grid(axis="x", visible=False)
    axes.spines["left"].set_visible(False)
    low, high = axes.get_ylim()
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    decimals = 0 if high - low >= 4 else 1 if high - low >= 0.5 else 2
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda y, _: f"{y + 0.0:.{decimals}f}{unit}".replace("-", "\N{MINUS SIGN}"))
    )
    if delivery:
        axes.set_ylim(low, high + 0.1 * (high - low))
        axes.axvspan(delivery[0], min(delivery[1], last), color="#f0efe9", linewidth=0, zorder=0)
        axes.annotate(
            "programme runs",
            (delivery[0], 1),
            xycoords=axes.get_xaxis_transform(),
            xytext=(2, -2),
            textcoords="offset points",
            fontsize=7,
            color=theme.MUTED,
            va="top",
        )


def _end_labels(axes: Axes, week: float, ends: tuple[float, float], names: tuple[str, str]) -> None:
    """Write the names at the lines' ends, pushed apart so that they never touch."""
    low, high = axes.get_ylim()
    labels = ["\n".join(textwrap.wrap(words.plain(name), 15, max_lines=2, placeholder="…")) for name in names]
    apart = (0.18 if any("\n" in label for label in labels) else 0.12) * (high - low)
    base, plan = ends
    if abs(base - plan) < apart:
        middle, sign = (base + plan) / 2, 1 if base >= plan else -1
        base, plan = middle + sign * apart / 2, middle - sign * apart / 2
    for at, label, colour, weight in (
        (base, labels[0], theme.BASELINE, "normal"),
        (plan, labels[1], theme.PLAN, "bold"),
    ):
        axes.annotate(
            label,
            (week, at),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=colour,
            weight=weight,
            annotation_clip=False,
        )
