"""When and where: trends over the weeks, maps by zone."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from scenarios.findings import sentences as findings_words
from viz import words
from viz.ranges import mean_range, paired
from viz.report import sentences, verdicts
from viz.report.figures.maps import Atlas, Legend, Paint, atlas, difference_legend, level_legend, zone_map
from viz.report.figures.trends import Trend, change_panel, level_panel, shared_limits, trend
from viz.report.page import Cell, Figure, Section, Table
from viz.report.results import Results, ScenarioResult
from viz.report.sections.plans import change_cells

UNTOLD = "#e4e7e9"
"""Zones whose change cannot be told from none."""


def delivery(plan: ScenarioResult) -> tuple[int, int] | None:
    """First and last week of a plan's programmes; None when it has none."""
    whens = [one.get("when") for one in plan.interventions if isinstance(one.get("when"), dict)]
    if not whens:
        return None
    end = verdicts.delivery_end(plan)
    return min(int(when.get("start_week") or 0) for when in whens if when), end or 10**6


def trends(results: Results) -> Section | None:
    """Outcomes week by week: the featured plan in full, then every plan's difference."""
    shown = verdicts.featured_plan(results)
    if shown is None:
        return None
    main = _levels(results, shown)
    every = _changes(results)
    parts: list[Any] = [figure for figure in (main, every) if figure]
    if not parts:
        return None
    courses = [
        findings_words.course_sentence(plan) for plan in results.findings.plans if plan.name == shown.name
    ]
    lead = [f"With {sentences.quoted(shown.title)}: {one[:1].lower()}{one[1:]}" for one in courses if one]
    return Section("trends", "How it goes over time", lead, parts)


def _trend(results: Results, plan: ScenarioResult, outcome: str) -> Trend | None:
    return trend(results.series(plan.name, outcome), results.series(plan.baseline, outcome), results.sets)


def _levels(results: Results, plan: ScenarioResult) -> Figure | None:
    panels = []
    names = (results.baseline.title, plan.title)
    title = f"Adults inactive and the gap, week by week: {sentences.quoted(plan.title)}"
    for outcome, axis, unit in (
        ("inactive", "Adults inactive", "%"),
        ("gap_deprivation_difference", "Gap, most to least deprived, points", ""),
    ):
        if found := _trend(results, plan, outcome):
            text = _trend_text(found, names)
            panels.append(
                level_panel(
                    f"trend-{outcome}",
                    f"{axis} over time",
                    text,
                    found,
                    names,
                    axis,
                    unit=unit,
                    delivery=delivery(plan),
                )
            )
    if not panels:
        return None
    note = (
        f"Dashed: {results.against}. Solid: the plan. The ribbon is the 95% range of the difference between the "
        "two: "
        "where it holds the dashed line, the plan cannot be told from none. The waves are winter and summer."
    )
    return Figure(title, panels, _horizon_table(results, plan), note)


def _trend_text(found: Trend, names: tuple[str, str]) -> str:
    last = found.base[-1] + found.change[-1]
    peak = int(np.argmax(np.abs(found.change)))
    return (
        f"At the end {100 * last:.1f} with {names[1]} against {100 * found.base[-1]:.1f} with {names[0]}; "
        f"the widest "
        f"difference is {words.points(found.change[peak])} points in week {int(found.weeks[peak])}."
    )


def _horizon_table(results: Results, plan: ScenarioResult) -> Table:
    rows = []
    for horizon in results.horizons:
        if effect := results.effect(plan, "inactive", horizon=horizon):
            rows.append(
                [
                    Cell(f"Week {horizon}", "name"),
                    Cell(words.percent(effect.baseline)),
                    Cell(words.percent(effect.scenario)),
                    *change_cells(effect),
                ]
            )
    head = ["Up to", results.baseline.title, "With the plan", "Difference, points", "95% range"]
    return Table(f"Adults inactive over time with {sentences.quoted(plan.title)}", head, rows)


def _changes(results: Results) -> Figure | None:
    found = [(plan, line) for plan in verdicts.ranked(results) if (line := _trend(results, plan, "inactive"))]
    if len(found) < 2:
        return None
    limits = shared_limits([line for _, line in found])
    panels = []
    for k, (plan, line) in enumerate(found):
        text = f"At the end {words.points(line.change[-1])} points against {results.baseline.title}."
        panels.append(change_panel(f"change-{k}", plan.title, text, line, limits, delivery(plan)))
    rows = []
    for plan, _ in found:
        row = [Cell(plan.title, "name")]
        for horizon in results.horizons:
            row.append(change_cells(results.effect(plan, "inactive", horizon=horizon))[0])
        rows.append(row)
    head = ["Plan", *[f"Week {horizon}" for horizon in results.horizons]]
    title = "Every plan's difference in adults inactive, in percentage points"
    note = f"Below the dashed line fewer people are inactive than with {results.against}. All panels have one scale."
    return Figure(title, panels, Table(title, head, rows), note, layout="grid")


def maps(results: Results) -> Section | None:
    """Inactivity by zone today and under the featured plan, and the difference every plan makes."""
    shown, shapes = verdicts.featured_plan(results), atlas(results.place)
    if shown is None or shapes is None:
        return None
    base = _by_code(results, results.zones(shown.baseline))
    if base.empty:
        return None
    today = dict(zip(base.index, base.mean(axis=1), strict=True))
    differences = {plan.name: _differences(results, plan) for plan in verdicts.ranked(results)}
    differences = {name: found for name, found in differences.items() if found}
    if shown.name not in differences:
        return None
    plan_levels = {code: today[code] + found[0] for code, found in differences[shown.name].items()}
    levels = level_legend(
        [
            v
            for code in today
            for v in (today[code], plan_levels.get(code, math.nan))
            if code not in shapes.hidden
        ]
    )
    legend = difference_legend(
        [
            value
            for part in differences.values()
            for code, (value, told) in part.items()
            if told and code not in shapes.hidden
        ]
    )
    first = _level_maps(results, shown, shapes, today, plan_levels, levels)
    second = _difference_maps(results, shapes, differences, legend)
    return Section(
        "maps",
        "Where it changes",
        [_where(differences[shown.name], shown, shapes, base.shape[1])],
        [first, second],
    )


def _by_code(results: Results, table: Any) -> Any:
    """Zones by code, also when the folder numbers them by row."""
    codes = [str(zone.get("code")) for zone in results.place.get("zones") or []]
    if len(table) and not set(table.index) & set(codes):
        table = table.rename(index={str(k): code for k, code in enumerate(codes)})
    return table


def _differences(results: Results, plan: ScenarioResult) -> dict[str, tuple[float, bool]]:
    """Zone code -> mean difference over paired runs, and whether its 95% range leaves zero out."""
    table = paired(
        _by_code(results, results.zones(plan.name)), _by_code(results, results.zones(plan.baseline))
    )
    if table.empty:
        return {}
    mean, low, high = mean_range(table.to_numpy(), results.sets)
    told = (low > 0) | (high < 0)
    return {str(c): (float(m), bool(t)) for c, m, t in zip(table.index, mean, told, strict=True)}


def _beyond(results: Results) -> str:
    """What a change that can be told lies beyond: chance, and doubt about the numbers where several sets were run."""
    return "beyond chance and doubt" if results.sets > 1 else "beyond chance"


def _where(found: dict[str, tuple[float, bool]], plan: ScenarioResult, shapes: Atlas, runs: int) -> str:
    if runs < 2:
        return "Each plan was run only once, so no neighbourhood's change can be told from none."
    seen = {code: value for code, value in found.items() if code not in shapes.hidden}
    fewer = sum(told and value < 0 for value, told in seen.values())
    more = sum(told and value > 0 for value, told in seen.values())
    name = sentences.quoted(plan.title)
    if not fewer + more:
        return f"With {name}, in no neighbourhood can a change be told from none."
    ways = [f"{way} in {count}" for way, count in (("lower", fewer), ("higher", more)) if count]
    rest = "; in the others no change can be told from none" if fewer + more < len(seen) else ""
    return f"With {name} inactivity is surely {' and '.join(ways)} of {len(seen)} neighbourhoods{rest}."


def _level_maps(
    results: Results,
    plan: ScenarioResult,
    shapes: Atlas,
    today: dict[str, float],
    with_plan: dict[str, float],
    legend: Legend,
) -> Figure:
    panels = []
    for key, name, values in (
        ("map-today", results.baseline.title, today),
        ("map-plan", plan.title, with_plan),
    ):
        colours = {code: legend.colour(value) for code, value in values.items()}
        labels = {code: words.percent(value) for code, value in values.items()}
        text = (
            f"From {words.percent(min(values.values()))} to {words.percent(max(values.values()))} by "
            f"neighbourhood."
        )
        title = f"Adults inactive: {name}, per cent"
        panels.append(zone_map(key, name, title, text, shapes, Paint(colours, labels, values=values)))
    rows = [
        [Cell(shapes.names[code], "name"), *_zone_cells(code, today, with_plan, shapes)]
        for code in shapes.shapes
    ]
    head = ["Neighbourhood", results.baseline.title, "With the plan", "Difference, points"]
    title = f"Adults inactive by neighbourhood: {results.baseline.title} and {sentences.quoted(plan.title)}"
    return Figure(
        title, panels, Table(title, head, rows), legend=[*legend.steps, ("hatch", "under 20 residents")]
    )


def _zone_cells(code: str, today: dict[str, float], plan: dict[str, float], shapes: Atlas) -> list[Cell]:
    if code in shapes.hidden or code not in today:
        return [Cell("not shown"), Cell("not shown"), Cell("not shown")]
    after = plan.get(code, math.nan)
    return [
        Cell(words.percent(today[code])),
        Cell(words.percent(after)),
        Cell(words.points(after - today[code])),
    ]


def _difference_maps(
    results: Results, shapes: Atlas, differences: dict[str, dict[str, tuple[float, bool]]], legend: Legend
) -> Figure:
    titles = {plan.name: plan.title for plan in results.plans}
    panels = []
    for k, (name, found) in enumerate(differences.items()):
        colours = {code: legend.colour(value) if told else UNTOLD for code, (value, told) in found.items()}
        labels = {
            code: f"{words.points(value)} points{'' if told else ', not told from none'}"
            for code, (value, told) in found.items()
        }
        strong = frozenset(code for code, (_, told) in found.items() if told)
        count = sum(code not in shapes.hidden for code in strong)
        text = f"{titles[name]}: a change {_beyond(results)} in {count} of {len(found)} neighbourhoods."
        panels.append(
            zone_map(
                f"map-change-{k}",
                titles[name],
                f"Change with {titles[name]}, percentage points of adults inactive",
                text,
                shapes,
                Paint(colours, labels, strong, {code: value for code, (value, _) in found.items()}),
            )
        )
    names = list(differences)
    rows = []
    for code in shapes.shapes:
        row = [Cell(shapes.names[code], "name")]
        for name in names:
            value, told = differences[name].get(code, (math.nan, False))
            hidden = code in shapes.hidden
            row.append(Cell("not shown" if hidden else words.points(value), "" if told else "unclear"))
        rows.append(row)
    title = "What each plan changes, by neighbourhood, in percentage points of adults inactive"
    any_told = any(
        told and code not in shapes.hidden
        for part in differences.values()
        for code, (_, told) in part.items()
    )
    note = (
        f"Coloured and outlined: a change {_beyond(results)}. With many neighbourhoods, one in twenty may seem "
        "so by luck."
        if any_told
        else "In no neighbourhood can a change be told from none."
    )
    head = ["Neighbourhood", *[titles[name] for name in names]]
    legend_steps = [
        *(legend.steps if any_told else []),
        (UNTOLD, "cannot be told from none"),
        ("hatch", "under 20 residents"),
    ]
    return Figure(title, panels, Table(title, head, rows), note, legend_steps, layout="grid")
