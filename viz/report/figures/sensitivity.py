"""Pictures of what an effect hangs on: indices with their intervals, tornado, spider, interactions."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from calibration.analysis.sensitivity_result import Mean, OfOutput
from model.outcomes import catalogue
from viz import theme

COLUMNS = {"ST": "total", "S1": "alone", "mu_star": "mean absolute effect", "PAWN": "PAWN (median)"}
"""Columns of indices that are drawn, in words, the first found leading."""

UNITS = {
    "moved_per_1000_pounds": (1.0, "adults"),
    "person_years_per_1000_pounds": (1.0, "person-years"),
}


def unit_of(outcome: str) -> tuple[float, str]:
    """What an output, as `outcome` or `outcome_group_level`, is multiplied by to be read, and its unit in a word."""
    names = [
        one.name for one in catalogue.every() if outcome == one.name or outcome.startswith(f"{one.name}_")
    ]
    unit = catalogue.known(max(names, key=len)).unit if names else ""
    return UNITS.get(outcome) or {"share": (100.0, "points"), "gap": (100.0, "points")}.get(
        unit, (1.0, unit.replace("_", "-"))
    )


_LINES = ("-", "--", ":", "-.")
_MARKS = "osD^v<>P"
SHOWN = 8
CLEAR = 0.25


def name_of(factor: str) -> str:
    """A factor in words."""
    plain = factor.removeprefix("parameters.").replace("_", " ").replace("interventions.", "plan ")
    return "dummy (does nothing)" if factor == "dummy" else plain


def ranked(found: OfOutput) -> tuple[str, list[dict[str, Any]]]:
    """The leading column of a method, and its factors from the strongest to the weakest."""
    rows = found.parameters
    lead = next(column for column in COLUMNS if column in rows[0])
    return lead, sorted(rows, key=lambda row: -row[lead])


def in_units(lead: str, outcome: str) -> tuple[float, str]:
    """What a leading column is multiplied by to be read, and what it then says: Morris's is in units of the outcome."""
    if lead == "ST":
        return 1.0, "share of the variance of the effect"
    scale, unit = unit_of(outcome) if lead == "mu_star" else (1.0, "")
    return scale, f"{COLUMNS[lead]}{f', {unit}' if unit else ''}"


def bars(found: OfOutput, outcome: str, title: str) -> Figure:
    """Indices of every factor with their intervals."""
    lead, rows = ranked(found)
    scale, said = in_units(lead, outcome)
    drawn = [column for column in COLUMNS if column in rows[0]]
    figure = _figure(0.3 * len(rows) + 1.3, left=0.3)
    axes = figure.axes[0]
    height = 0.8 / len(drawn)
    for number, column in enumerate(drawn):
        where = np.arange(len(rows)) + (number - (len(drawn) - 1) / 2) * height
        values = scale * np.array([row[column] for row in rows])
        axes.barh(where, values, height * 0.9, color=(theme.PLAN, "#b7cbd9")[number], label=COLUMNS[column])
        if f"{column}_low" in rows[0]:
            low = values - scale * np.array([row[f"{column}_low"] for row in rows])
            high = scale * np.array([row[f"{column}_high"] for row in rows]) - values
            axes.errorbar(
                values,
                where,
                xerr=np.clip([low, high], 0, None),
                fmt="none",
                ecolor=theme.INK,
                elinewidth=0.9,
            )
    axes.set_yticks(range(len(rows)), [name_of(row["name"]) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlabel(said)
    if len(drawn) > 1:
        axes.legend(frameon=False, fontsize=8, loc="lower right")
    axes.set_title(title)
    return figure


def clear(lines: list[Mean]) -> bool:
    """Whether means along a factor tell more than chance: the dummy, which does nothing, moves a quarter at most."""
    swing = {name: np.ptp([row.value for row in rows]) for name, rows in _by_name(lines).items()}
    return bool(swing.get("dummy", 0.0) <= CLEAR * max(swing.values()))


def tornado(lines: list[Mean], order: list[str], outcome: str, title: str) -> Figure:
    """The mean effect at the low and the high end of each factor, all others varying over their ranges."""
    by_name = _by_name(lines)
    scale, unit = unit_of(outcome)
    swing = {name: (by_name[name][0].value * scale, by_name[name][-1].value * scale) for name in order}
    shown = sorted(order, key=lambda name: -abs(swing[name][1] - swing[name][0]))[:12]
    middle = scale * float(np.mean([row.value for row in lines]))
    figure = _figure(0.3 * len(shown) + 1.3, left=0.3)
    axes = figure.axes[0]
    for row, name in enumerate(shown):
        for end, colour, hatch in zip(swing[name], ("#b7cbd9", theme.PLAN), ("//", ""), strict=True):
            axes.barh(
                row, end - middle, 0.7, left=middle, color=colour, hatch=hatch, edgecolor="white", linewidth=0
            )
    axes.axvline(middle, color=theme.INK, linewidth=0.8)
    axes.set_yticks(range(len(shown)), [f"{name_of(name)}{_ends(by_name[name])}" for name in shown])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlabel(f"mean effect, {unit}; hatched: low end, full: high end")
    axes.set_title(title)
    return figure


def spider(lines: list[Mean], order: list[str], outcome: str, title: str) -> Figure:
    """The mean effect along the range of the factors that matter most."""
    by_name = _by_name(lines)
    scale, unit = unit_of(outcome)
    figure = _figure(3.4, left=0.12, right=0.66)
    axes = figure.axes[0]
    for number, name in enumerate(order[:SHOWN]):
        rows = by_name[name]
        axes.plot([row.share for row in rows], [row.value * scale for row in rows], _LINES[number % 4],
                  marker=_MARKS[number], markersize=4, linewidth=1.4, label=name_of(name),
                  color=theme.CIVIDIS[min(9, number * 9 // SHOWN)])  # fmt: skip
    axes.set_xlabel("from the low to the high end of its range")
    axes.set_xlim(0, 1)
    axes.set_ylabel(f"mean effect, {unit}")
    axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.01, 0.5))
    axes.set_title(title)
    return figure


def interactions(pairs: list[dict[str, Any]], order: list[str], title: str) -> Figure | None:
    """How much more two factors do together than each alone; None when the method does not say, or of one factor."""
    if not pairs:
        return None
    shown = [name for name in order if name != "dummy"][:SHOWN]
    grid = np.full((len(shown), len(shown)), np.nan)
    for pair in pairs:
        if pair["one"] in shown and pair["two"] in shown:
            j, k = sorted((shown.index(pair["one"]), shown.index(pair["two"])))
            grid[k, j] = max(0.0, pair["S2"])
    if not np.isfinite(grid).any():
        return None
    figure = _figure(0.42 * len(shown) + 1.7, left=0.3, bottom=1.3)
    axes = figure.axes[0]
    axes.grid(False)
    top = max(0.05, float(np.nanmax(grid)))
    axes.imshow(grid, cmap="cividis", vmin=0, vmax=top, aspect="auto")
    for (row, column), value in np.ndenumerate(grid):
        if np.isfinite(value):
            ink = theme.text_on(theme.level_colour(float(value), 0, top))
            axes.text(column, row, f"{value:.2f}", ha="center", va="center", fontsize=8, color=ink)
    words = [name_of(name) for name in shown]
    axes.set_xticks(range(len(shown)), words, rotation=40, ha="right")
    axes.set_yticks(range(len(shown)), words)
    axes.set_title(title)
    return figure


def _by_name(lines: list[Mean]) -> dict[str, list[Mean]]:
    found: dict[str, list[Mean]] = {}
    for row in lines:
        found.setdefault(row.name, []).append(row)
    return found


def _ends(rows: list[Mean]) -> str:
    """The settings of a switch at its two ends."""
    return f" ({rows[0].label}, {rows[-1].label})" if rows[0].label else ""


def _figure(height: float, left: float, right: float = 0.97, bottom: float | None = None) -> Figure:
    """An empty figure with one panel, side margins in shares of the width, the bottom one in inches."""
    figure = Figure(figsize=(7.2, height))
    low = (0.55 if bottom is None else bottom) / height
    figure.add_axes((left, low, right - left, 1 - low - 0.4 / height))
    return figure
