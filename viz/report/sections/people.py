"""Who benefits and who is left behind, whom programmes reach, and how places are used."""

from __future__ import annotations

import math
from typing import Any

from markupsafe import Markup

from model.outcomes import catalogue
from model.outcomes.strata import FEWEST
from model.population.attributes import SHOWN
from viz import theme, words
from viz.report import sentences, verdicts
from viz.report.figures.dots import Axis, Row, dots
from viz.report.page import Cell, Figure, Fold, Section, Table, Text
from viz.report.results import Results, ScenarioResult
from viz.report.sections.plans import change_cells, dot, said, tone

GAPS = tuple(
    (one.difference, one.name, catalogue.known(one.difference).together)
    for one in catalogue.OUTCOMES
    if one.difference
)
"""A gap in points, the same in proportion, and both in words."""


TOO_FEW = "too few simulated to tell"


def _hidden(count: int) -> list[Cell]:
    """The cells of a level of which too few residents are simulated to tell anything."""
    return [Cell(TOO_FEW, "nothing"), *[Cell("–")] * (count - 1)]


def benefits(results: Results) -> Section | None:
    """Gaps of every plan, absolute and relative, and the effect on every group."""
    shown = verdicts.featured_plan(results)
    if shown is None:
        return None
    plans = verdicts.ranked(results)
    said_of_gaps = [s for plan in plans for s in [sentences.gap_sentence(results, plan)] if s]
    parts: list[Any] = [Text(said_of_gaps, "points")] if said_of_gaps else []
    parts += [part for part in (_gap_table(results, [shown]), _group_figure(results, shown)) if part]
    others = [_group_figure(results, plan, str(k)) for k, plan in enumerate(plans) if plan != shown]
    rest = [_gap_table(results, [plan for plan in plans if plan != shown]), *others]
    if any(rest):
        parts.append(Fold("The gaps and groups of the other plans", [part for part in rest if part]))
    if matrix := _fifths(results, plans):
        parts.append(matrix)
    if not parts:
        return None
    lead = [
        "A plan can help everyone and still widen a gap, and a gap can narrow in percentage points while "
        "it widens "
        "in proportion: both are given."
    ]
    groups = ["imd_quintile", *(group for group in SHOWN[1:] if _any_told(results, shown, group))]
    said = [sentences.groups_sentence(results, shown, group) for group in groups]
    said.append(sentences.gap_sentence(results, shown, "disability"))
    lead += [text for text in said[:1] + said[-1:] if text]
    if by_group := [text for text in said[1:-1] if text]:
        parts.insert(0, Text(by_group, "points"))
    return Section("benefits", "Who benefits, who is left behind", lead, parts)


def _any_told(results: Results, plan: ScenarioResult, group: str) -> bool:
    """Whether a change can be told from none in some level of an attribute."""
    found = (results.while_delivered(plan, group, level) for level in results.levels(group)
             if not results.few(group, level))  # fmt: skip
    return any(effect is not None and effect.told for effect in found)


def _gap_table(results: Results, plans: list[ScenarioResult]) -> Table | None:
    rows = []
    for plan in plans:
        for difference, ratio, name in GAPS:
            absolute, relative = results.effect(plan, difference), results.effect(plan, ratio)
            if absolute is None or not math.isfinite(absolute.scenario):
                continue
            levels = (
                f"{words.points(absolute.baseline).lstrip('+')} → "
                f"{words.points(absolute.scenario).lstrip('+')}"
            )
            ratios = (
                "–"
                if relative is None
                else (f"{words.number(relative.baseline, 2)} → {words.number(relative.scenario, 2)}")
            )
            label = name if len(plans) == 1 else f"{plan.title}: {name[0].lower()}{name[1:]}"
            rows.append(
                [
                    Cell(label, "name"),
                    Cell(levels),
                    *change_cells(absolute),
                    Cell(ratios),
                    *change_cells(relative),
                ]
            )
    head = ["Gap between", "Points", "Change", "95% range", "Ratio", "Change", "95% range"]
    whose = sentences.quoted(plans[0].title) if len(plans) == 1 else "the other plans"
    return (
        Table(
            f"Gaps in inactivity with {whose}, absolute and relative ({results.against} → plan)", head, rows
        )
        if rows
        else None
    )


def _group_figure(results: Results, plan: ScenarioResult, key: str = "main") -> Figure | None:
    changes, levels, rows, texts = [], [], [], []
    for group in SHOWN:
        found = [
            (level, effect)
            for level in results.levels(group)
            if (effect := results.while_delivered(plan, group, level))
        ]
        if not found:
            continue
        changes.append(Row(words.group_name(group)))
        levels.append(Row(words.group_name(group)))
        for level, effect in found:
            name = words.level_name(group, level)
            if results.few(group, level):
                changes.append(Row(name, math.nan, text=TOO_FEW, kind="unclear"))
                levels.append(changes[-1])
                texts.append(f"{name}: {TOO_FEW}")
                rows.append([Cell(f"{words.group_name(group)}: {name}", "name"), *_hidden(4)])
                continue
            changes.append(dot(name, effect))
            text = f"{words.percent(effect.baseline)} → {words.percent(effect.scenario)}"
            levels.append(
                Row(name, 100 * effect.scenario, text=text, kind=tone(effect), start=100 * effect.baseline)
            )
            texts.append(f"{name}: {said(effect)}")
            rows.append(
                [
                    Cell(f"{words.group_name(group)}: {name}", "name"),
                    Cell(words.percent(effect.baseline)),
                    Cell(words.percent(effect.scenario)),
                    *change_cells(effect),
                ]
            )
    if not rows:
        return None
    title = f"Adults inactive by group while it is delivered: {sentences.quoted(plan.title)}"
    panels = [
        dots(
            f"group-change-{key}",
            f"Change by group: {plan.title}",
            "; ".join(texts),
            changes,
            Axis("change, percentage points", ("fewer inactive", "more inactive")),
        )
    ]
    if key == "main":
        panels.insert(
            0,
            dots(
                "group-level",
                f"Level by group, with {results.against} and with {plan.title}",
                "; ".join(texts),
                levels,
                Axis("adults inactive", reference=None, unit="%"),
            ),
        )
    note = (
        f"Left: hollow is {results.against}, filled with the plan. Right: the difference with its 95% range."
        * (key == "main")
    )
    head = ["Group", results.baseline.title, "With the plan", "Difference, points", "95% range"]
    return Figure(title, panels, Table(title, head, rows), note)


def _fifths(results: Results, plans: list[ScenarioResult]) -> Table | None:
    """Plans by fifths of deprivation, tinted by size among all changes; one that is not told has no tint."""
    levels = results.levels("imd_quintile")
    found = {
        (p.name, lv): None if results.few("imd_quintile", lv) else results.while_delivered(p, "imd_quintile", lv)
        for p in plans for lv in levels
    }  # fmt: skip
    sizes = [abs(e.difference) for e in found.values() if e and math.isfinite(e.difference)]
    if len(plans) < 2 or not levels or not any(e and e.told for e in found.values()):
        return None
    rows = []
    for plan in plans:
        row = [Cell(plan.title, "name")]
        for level in levels:
            effect = found[plan.name, level]
            text = TOO_FEW if results.few("imd_quintile", level) else change_cells(effect)[0].text
            if effect is None or not effect.told:
                row.append(Cell(text, "unclear"))
                continue
            tint = theme.difference_colour(effect.difference, max(sizes) * 1.001)
            row.append(Cell(text, "tinted", tint, theme.text_on(tint)))
        rows.append(row)
    caption = "Change in adults inactive by neighbourhood deprivation while each is delivered, points. Blue: fewer, orange: more."
    return Table(caption, ["Plan", *[words.level_name("imd_quintile", level) for level in levels]], rows)


def reach(results: Results) -> Section | None:
    """Which share of each group ever joins a programme: who does it miss?"""
    plans = [
        plan
        for plan in verdicts.ranked(results)
        if (effect := results.effect(plan, "reach")) and effect.scenario > 0
    ]
    if not plans:
        return None
    shown = verdicts.featured_plan(results)
    first = shown if shown in plans else plans[0]
    assert first is not None
    lead = [sentences.reach_sentence(results, plan) for plan in plans]
    strata = [(group, level) for group in SHOWN for level in results.levels(group, "reach")]
    parts: list[Any] = [Text(lead, "points")]
    if strata:
        ordered = [first, *[plan for plan in plans if plan is not first]]
        title = "Share of each group that ever joins"
        note = "The upright line is the share of all adults."
        if any(results.few(*one) for one in strata):
            note += f" Too few: fewer than {FEWEST} residents simulated in a run, too few to tell."
        panels = [_reach_panel(results, plan, strata, k) for k, plan in enumerate(ordered)]
        layout = "pair" if len(panels) > 1 else "beside"
        parts.append(Figure(title, panels[:2], _reach_table(results, ordered, strata), note, layout=layout))
        if panels[2:]:
            parts.append(Fold("The same chart for the other plans", [Figure(title, panels[2:], note=note)]))
    opening = "Some plans leave groups out on purpose: their settings say whom they are for."
    return Section("reach", "Who takes part, and who is missed", [opening], parts)


def _reach_panel(
    results: Results, plan: ScenarioResult, strata: list[tuple[str, str]], number: int
) -> Markup:
    overall = results.effect(plan, "reach")
    assert overall is not None
    rows, texts, group = [], [], ""
    for name, level in strata:
        effect = results.effect(plan, "reach", name, level)
        if effect is None:
            continue
        if name != group:
            group = name
            rows.append(Row(words.group_name(name)))
        label = words.level_name(name, level)
        if results.few(name, level):
            rows.append(Row(label, math.nan, text="too few", kind="unclear"))
            texts.append(f"{label}: {TOO_FEW}")
            continue
        rows.append(Row(label, 100 * effect.scenario, text=words.percent(effect.scenario)))
        texts.append(f"{label}: {words.percent(effect.scenario)}")
    text = f"All adults: {words.percent(overall.scenario)}; {'; '.join(texts)}"
    title = f"{plan.title}: share of each group that ever joins"
    return dots(
        f"reach-{number}",
        title,
        text,
        rows,
        Axis(
            "of the group ever joined",
            reference=100 * overall.scenario,
            text_pt=44,
            unit="%",
            heading=plan.title,
        ),
    )


def _reach_table(results: Results, plans: list[ScenarioResult], strata: list[tuple[str, str]]) -> Table:
    body = []
    for name, level in [("all", "all"), *strata]:
        label = (
            "All adults" if name == "all" else f"{words.group_name(name)}: {words.level_name(name, level)}"
        )
        if results.few(name, level):
            body.append([Cell(label, "name"), *[Cell(TOO_FEW, "nothing") for _ in plans]])
            continue
        found = [results.effect(plan, "reach", name, level) for plan in plans]
        body.append([Cell(label, "name"), *[Cell(words.percent(e.scenario) if e else "–") for e in found]])
    return Table("Share that ever joins, every plan", ["Group", *[plan.title for plan in plans]], body)


def places(results: Results) -> Section | None:
    """Visits to each kind of place, today and under the featured plan."""
    shown = verdicts.featured_plan(results)
    if shown is None:
        return None
    kinds = results.levels("asset_kind", "asset_use")
    found = [
        (kind, effect) for kind in kinds if (effect := results.effect(shown, "asset_use", "asset_kind", kind))
    ]
    found = [(kind, effect) for kind, effect in found if math.isfinite(effect.baseline)]
    if not found:
        return None
    shares = max(abs(effect.baseline) for _, effect in found) <= 5
    unit = "share of capacity used" if shares else "visits a week"
    sign = "" if shares else "%"
    axis = "change in use, percentage points" if shares else "change in use"
    rows, body, texts = [], [], []
    for kind, effect in found:
        name = words.humanise(kind)
        whole = 1.0 if shares else effect.baseline or math.nan
        change, low, high = (x / whole for x in (effect.difference, effect.low, effect.high))
        kind_of = "plain" if effect.told else "unclear"
        text = "0" if effect.nothing else "–" if math.isnan(change) else words.points(change) + sign
        if math.isfinite(change):
            rows.append(Row(name, 100 * change, 100 * low, 100 * high, text, kind_of))
            texts.append(f"{name}: {text}")
        numbers = [
            words.percent(v) if shares else words.number(words.significant(v, 3))
            for v in (effect.baseline, effect.scenario)
        ]
        tone_of = "nothing" if effect.nothing else "" if effect.told else "unclear"
        body.append([Cell(name, "name"), *[Cell(number) for number in numbers], Cell(text, tone_of)])
    title = f"Use of places with {sentences.quoted(shown.title)}: change against {results.against}"
    table = Table(
        f"{title} ({unit})",
        ["Kind of place", results.baseline.title, "With the plan", "Change, points" if shares else "Change"],
        body,
    )
    if all(effect.nothing for _, effect in found):
        return Section("places", "How places are used", ["No kind of place is used more or less."], [table])
    picture = dots("places", title, "; ".join(texts), rows, Axis(axis, text_pt=50, unit=sign))
    note = f"Measured as {unit}. Hollow grey: cannot be told from no change."
    return Section(
        "places", "How places are used", [], [Figure(title, [picture], table, note, layout="beside")]
    )
