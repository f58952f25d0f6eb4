"""Options of the live view's charts: plain dictionaries for ECharts. No animation, no colour without a second sign."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.limits import WEEKS_A_YEAR
from viz.theme import BASELINE, BETTER, INK, MUTED, PLAN, RULE, WORSE

_TEXT = {"color": INK, "fontSize": 13, "fontFamily": "inherit"}


def base(left: int = 58, right: int = 120, top: int = 34, bottom: int = 44) -> dict[str, Any]:
    """What every chart shares."""
    return {
        "animation": False,
        "textStyle": {"fontFamily": "system-ui, sans-serif", "color": INK},
        "grid": {"left": left, "right": right, "top": top, "bottom": bottom},
        "tooltip": {"trigger": "axis", "confine": True},
    }


def axis(name: str, **more: Any) -> dict[str, Any]:
    """A quiet axis with its name."""
    return {
        "name": name, "nameLocation": "middle", "nameGap": 28, "nameTextStyle": {"color": MUTED, "fontSize": 12},
        "axisLine": {"lineStyle": {"color": RULE}}, "axisLabel": {"color": MUTED, "fontSize": 12},
        "splitLine": {"lineStyle": {"color": "#e8ecee"}}, **more,
    }  # fmt: skip


def _weeks(weeks: int) -> dict[str, Any]:
    """An axis of whole weeks from 0, labelled at quarters, halves or years."""
    every = WEEKS_A_YEAR if weeks > 130 else 26 if weeks > 60 else 13 if weeks > 26 else 4
    return {
        "type": "category",
        "data": [str(week) for week in range(weeks + 1)],
        "boundaryGap": False,
        "axisLabel": {"color": MUTED, "fontSize": 12, "interval": every - 1},
        "axisTick": {"interval": every - 1},
        "splitLine": {"show": False},
    }


def over_weeks(
    today: np.ndarray,
    plan: np.ndarray,
    weeks: int,
    unit: str,
    delivery: tuple[int, int] | None = None,
    ribbons: dict[str, Any] | None = None,
    less_is_better: bool = True,
) -> dict[str, Any]:
    """Two lines over the weeks, today's plans dashed and the visitor's solid, and below them the distance between.

    today, plan: (weeks so far,) values in the unit shown; delivery: first and last week of the plan's programmes.
    ribbons: `{"weeks": [...], "today": (low, high), "plan": (low, high), "change": (low, high)}`,
    bands from a finished batch.
    """
    low, high, step = _range([today, plan, *(ribbons or {}).get("all", [])])
    across = _weeks(weeks)
    option = base() | {
        "grid": [
            {"left": 66, "right": 122, "top": 20, "height": 166},
            {"left": 66, "right": 122, "top": 206, "height": 66},
        ],
        "axisPointer": {"link": [{"xAxisIndex": "all"}]},
        "xAxis": [
            axis("", gridIndex=0, **{**across, "axisLabel": {"show": False}}),
            axis("week", gridIndex=1, **across),
        ],
        "yAxis": [
            axis(unit, type="value", min=low, max=high, interval=step, nameGap=46, gridIndex=0),
            axis("change", type="value", gridIndex=1, nameGap=46, splitNumber=2),
        ],
        "series": [],
    }
    series = option["series"]
    for name, colour in (("today", BASELINE), ("plan", PLAN)):
        if ribbons:
            below, above = ribbons[name]
            series += _ribbon(name, ribbons["weeks"], below, above, colour)
    series.append(_line("Today’s plans", today, BASELINE, "dashed"))
    series.append(_line("Your plan", plan, PLAN, "solid"))
    # Labels of lines that end together would lie on each other: the higher one goes up, the lower one down.
    if len(today) and abs(float(plan[-1] - today[-1])) < 0.12 * (high - low):
        upper = series[-1] if plan[-1] > today[-1] else series[-2]
        lower = series[-2] if upper is series[-1] else series[-1]
        upper["endLabel"]["offset"], lower["endLabel"]["offset"] = [0, -9], [0, 9]
    if delivery:
        series[-1]["markArea"] = {
            "silent": True,
            "itemStyle": {"color": "rgba(11,90,143,0.07)"},
            "label": {"color": MUTED, "fontSize": 12, "position": "top", "distance": 2},
            "data": [
                [{"name": "delivery", "xAxis": str(delivery[0])}, {"xAxis": str(min(delivery[1], weeks))}]
            ],
        }
    if ribbons:
        below, above = ribbons["change"]
        band = _ribbon("change", ribbons["weeks"], below, above, MUTED)
        series += [{**one, "xAxisIndex": 1, "yAxisIndex": 1} for one in band]
    series.append(_distance(plan - today, less_is_better))
    return option


def _distance(gap: np.ndarray, less_is_better: bool) -> dict[str, Any]:
    """Bars of the distance between both arms: blue for the better, orange for the worse."""
    points = [
        {"value": _short(value), "itemStyle": {"color": BETTER if (value < 0) == less_is_better else WORSE}}
        for value in gap.tolist()
    ]
    return {
        "name": "Change", "type": "bar", "data": [None, *points], "xAxisIndex": 1, "yAxisIndex": 1,
        "barWidth": "80%",
    }  # fmt: skip


def _line(name: str, values: np.ndarray, colour: str, dash: str) -> dict[str, Any]:
    points = [None, *(_short(value) for value in values.tolist())]
    return {
        "name": name, "type": "line", "data": points, "showSymbol": False, "symbol": "none",
        "lineStyle": {"color": colour, "type": dash, "width": 2.5}, "itemStyle": {"color": colour},
        "endLabel": {"show": True, "formatter": "{a}", "color": colour, "fontSize": 13, "fontWeight": 600},
    }  # fmt: skip


def _ribbon(
    name: str, weeks: list[int], low: np.ndarray, high: np.ndarray, colour: str
) -> list[dict[str, Any]]:
    quiet = {"type": "line", "showSymbol": False, "symbol": "none", "lineStyle": {"opacity": 0}, "silent": True,
             "tooltip": {"show": False}, "stack": f"band {name}", "stackStrategy": "all"}  # fmt: skip
    first = [None] * weeks[0]
    below = [*first, *(_short(value) for value in low.tolist())]
    wide = [*first, *(_short(value) for value in (high - low).tolist())]
    return [
        {**quiet, "data": below},
        {**quiet, "data": wide, "areaStyle": {"color": colour, "opacity": 0.18}},
    ]


def stocks(lines: dict[str, np.ndarray], weeks: int, unit: str) -> dict[str, Any]:
    """A few lines over the weeks, told apart by dash and label."""
    dashes, colours = ("solid", "dashed", "dotted"), (PLAN, "#b35900", MUTED)
    series = [
        _line(name, values, colours[k % 3], dashes[k % 3]) for k, (name, values) in enumerate(lines.items())
    ]
    _part_labels(series, [float(values[-1]) if len(values) else 0.0 for values in lines.values()])
    room = min(175, 16 + 8 * max(len(name) for name in lines))
    for one in series:
        one["endLabel"] |= {"width": room - 12, "overflow": "break"}
    return base(right=room) | {
        "xAxis": axis("week", **_weeks(weeks)),
        "yAxis": axis(unit, type="value", min=0, nameGap=44),
        "series": series,
    }


def _part_labels(series: list[dict[str, Any]], ends: list[float]) -> None:
    """Move apart the labels of lines that end close together."""
    top = max([*ends, 1e-9])
    last = -np.inf
    for k in np.argsort(ends, kind="stable"):
        place = max(ends[k] / top, last + 0.09)
        series[k]["endLabel"]["offset"] = [0, round(-170 * (place - ends[k] / top))]
        last = place


def pairs_of(names: list[str], today: list[float], plan: list[float], unit: str) -> dict[str, Any]:
    """One row a group: a hollow mark for today's plans and a filled one for the visitor's; beside it the change."""
    order = list(range(len(names)))[::-1]
    rows = [names[k] for k in order]
    height = {"top": 34, "bottom": 48}
    category = {"type": "category", "data": rows}
    change = [
        {"value": _short(plan[k] - today[k]), "itemStyle": {"color": BETTER if plan[k] < today[k] else WORSE}}
        for k in order
    ]

    def marks(name: str, values: list[float], **look: Any) -> dict[str, Any]:
        points = [[_short(values[k]), names[k]] for k in order]
        return {"name": name, "type": "scatter", "data": points, "symbolSize": 13, **look}

    hollow = {"color": "#ffffff", "borderColor": BASELINE, "borderWidth": 2.5}
    return base() | {
        "legend": {"top": 0, "left": 180, "itemWidth": 14, "data": ["Today’s plans", "Your plan"],
                   "textStyle": {"color": INK, "fontSize": 13}},
        "tooltip": {"trigger": "item", "confine": True},
        "grid": [{"left": 185, "right": "42%", **height}, {"left": "65%", "right": 24, **height}],
        "xAxis": [
            axis(unit, type="value", scale=True, gridIndex=0, splitNumber=4),
            axis("change, points", type="value", gridIndex=1, splitNumber=3),
        ],
        "yAxis": [
            axis("", gridIndex=0, axisLabel={"color": INK, "fontSize": 13}, **category),
            axis("", gridIndex=1, axisLabel={"show": False}, axisTick={"show": False}, **category),
        ],
        "series": [
            marks("Today’s plans", today, itemStyle=hollow, z=3),
            marks("Your plan", plan, itemStyle={"color": PLAN}, symbol="diamond", z=4),
            {"name": "Change", "type": "bar", "data": change, "xAxisIndex": 1, "yAxisIndex": 1, "barWidth": 12},
        ],
    }  # fmt: skip


def _short(value: float) -> float | None:
    return float(f"{value:.5g}") if np.isfinite(value) else None


def _range(values: list[np.ndarray]) -> tuple[float, float, float]:
    """A calm range of the axis, and its step: whole steps around all that is drawn, never below zero."""
    flat = np.concatenate([np.asarray(v, float).ravel() for v in values]) if values else np.zeros(0)
    flat = flat[np.isfinite(flat)]
    if not len(flat):
        return 0.0, 1.0, 0.5
    low, high = float(flat.min()), float(flat.max())
    step = next((s for s in (2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0) if (high - low) <= 4 * s), 500.0)
    down, up = np.floor((low - 0.2 * step) / step), np.ceil((high + 0.2 * step) / step)
    return float(max(0.0, down) * step), float(up * step), step
