"""How the plans compare: key figures, ranking, outcomes today and under each plan, what each plan does."""

from __future__ import annotations

import math
from typing import Any

from viz import sentences, verdicts, words
from viz.figures.dots import Row, dots
from viz.page import Cell, Figure, Fold, Section, Table, Text
from viz.results import Effect, Plan, Results

GAP = "gap_deprivation_difference"


def tone(effect: Effect | None, less_is_better: bool = True) -> str:
    """The tone of a change: a verdict that the style sheet knows."""
    return "" if effect is None else verdicts.verdict(effect, less_is_better)


def range_text(effect: Effect) -> str:
    """The 95% range of a change in the outcome's unit, `-0.76 to -0.68`."""
    if not effect.ranged:
        return "one run: no range"
    outcome = effect.outcome
    return f"{words.change_text(outcome, effect.low)} to {words.change_text(outcome, effect.high)}"


def change_cells(effect: Effect | None, less_is_better: bool = True) -> list[Cell]:
    """Two cells: the change and its range, or what may be said in their place."""
    if effect is None or not math.isfinite(effect.difference):
        return [Cell("–"), Cell("–")]
    if effect.nothing:
        return [Cell("0", "nothing"), Cell("no change in any run", "nothing")]
    kind = tone(effect, less_is_better)
    return [Cell(words.change_text(effect.outcome, effect.difference), kind), Cell(range_text(effect), kind)]


def key_figures(results: Results) -> list[tuple[str, str, str]]:
    """Cards under the headline: (label, figure, note). Of the featured plan."""
    plan = verdicts.featured_plan(results)
    moved = results.effect(plan, "inactive") if plan else None
    if plan is None or moved is None:
        return []
    cards = [_moved_card(results, moved), *_gap_card(results, plan)]
    reach, cost = results.effect(plan, "reach"), results.effect(plan, "cost")
    if reach and reach.scenario > 0:
        count = (
            ""
            if math.isnan(results.adults)
            else f"about {words.people(reach.scenario * results.adults)} people"
        )
        cards.append(("Adults who ever join", words.percent(reach.scenario), count))
    if cost and math.isfinite(cost.difference):
        per = verdicts.per_person(results, plan)
        note = "cost per person moved cannot be told"
        if per:
            note = f"{words.rough_pounds(per.scenario)} for each person moved"
            note += f" ({money_range(per)})" if per.ranged else ""
        cards.append((f"Cost over {words.span(results.end)}", words.pounds(cost.difference), note))
    return cards


def _moved_card(results: Results, moved: Effect) -> tuple[str, str, str]:
    kind = verdicts.verdict(moved)
    if kind == "unclear":
        return ("People moved out of inactivity", "Not told from none", f"{range_text(moved)} points")
    if math.isnan(results.adults) or kind in {"nothing", "single"}:
        return ("Change in adults inactive", f"{words.points(moved.difference)} points", range_text(moved))
    label = "People moved out of inactivity" if kind == "better" else "More people inactive"
    low, high = sorted((abs(moved.low), abs(moved.high)))
    count = words.people(abs(moved.difference) * results.adults)
    return (
        label,
        count,
        f"95% range {words.people(low * results.adults)} to {words.people(high * results.adults)}",
    )


def _gap_card(results: Results, plan: Plan) -> list[tuple[str, str, str]]:
    gap = results.effect(plan, GAP)
    if gap is None or math.isnan(gap.difference):
        return []
    turn = verdicts.turn(gap, 0.0)
    figure = (
        "No change told"
        if turn == "unclear"
        else f"{turn} by {words.size(gap.difference)} points".capitalize()
    )
    before, after = words.points(gap.baseline).lstrip("+"), words.points(gap.scenario).lstrip("+")
    return [("Gap, most to least deprived fifth", figure, f"{before} points today, {after} with the plan")]


def money_range(per: Effect) -> str:
    """The 95% range of a cost per person."""
    high = words.rough_pounds(per.high) if math.isfinite(per.high) else "no upper limit"
    return f"{words.rough_pounds(per.low)} to {high}"


def section(results: Results) -> Section | None:
    """The plans side by side."""
    ranked = [plan for plan in verdicts.ranked(results) if results.effect(plan, "inactive")]
    if not ranked:
        return None
    lead = []
    for plan in ranked:
        effect = results.effect(plan, "inactive")
        if effect:
            lead.append(sentences.effect_sentence(plan.title, effect, results.adults))
    parts: list[Any] = [_ranking(results, ranked), Text(lead, "points")]
    shown = verdicts.featured_plan(results)
    parts += [
        Fold(f"All outcomes: {plan.title}", [outcome_table(results, plan)])
        for plan in ranked
        if plan != shown
    ]
    if shown:
        parts.insert(2, outcome_table(results, shown))
    opening = sentences.lead_sentence(results)
    opening = (
        opening.replace("Its lead", f"The lead of {sentences.quoted(shown.title)}") if shown else opening
    )
    when = "the mean of the last 52 weeks" if results.end >= 52 else "the mean of the last weeks"
    return Section(
        "plans",
        "How the plans compare" if len(ranked) > 1 else "What the plan changes",
        [f"Each plan against today's plans, {words.span(results.end)} on ({when}). {opening}".strip()],
        parts,
    )


def _ranking(results: Results, ranked: list[Plan]) -> Figure:
    panels, rows = [], []
    title = "Effect on inactivity and on the gap, with 95% ranges"
    for key, outcome, ends, axis in (
        ("rank-inactive", "inactive", ("fewer inactive", "more inactive"), "points of adults inactive"),
        ("rank-gap", GAP, ("narrower gap", "wider gap"), "points of gap, most to least deprived fifth"),
    ):
        found = [(plan, results.effect(plan, outcome)) for plan in ranked]
        if not any(effect and math.isfinite(effect.difference) for _, effect in found):
            continue
        text = "; ".join(f"{plan.title}: {said(effect)}" for plan, effect in found if effect)
        panels.append(dots(key, f"{title}: {axis}", text, [dot(p.title, e) for p, e in found], axis, ends))
    for plan in ranked:
        rows.append(
            [
                Cell(plan.title, "name"),
                *change_cells(results.effect(plan, "inactive")),
                *change_cells(results.effect(plan, GAP)),
            ]
        )
    head = ["Plan", "Inactive, points", "95% range", "Gap, points", "95% range"]
    note = (
        "A filled point differs from no effect; a hollow grey one cannot be told from none. "
        "Both are differences from today's plans in percentage points."
    )
    return Figure(title, panels, Table(title, head, rows), note)


def said(effect: Effect) -> str:
    """A change with its range and verdict in words, for text alternatives."""
    if effect.nothing:
        return "no change in any run"
    text = f"{words.change_text(effect.outcome, effect.difference)} ({range_text(effect)})"
    return text + (", indistinguishable from no effect" if tone(effect) == "unclear" else "")


def dot(label: str, effect: Effect | None, scale: float = 100.0) -> Row:
    """The row of an effect in a dot chart."""
    if effect is None or not math.isfinite(effect.difference):
        return Row(label, math.nan, text="no value", kind="unclear")
    low, high = effect.low * scale, effect.high * scale
    text = "0" if effect.nothing else words.change_text(effect.outcome, effect.difference)
    if effect.ranged and not effect.nothing:
        text += (
            f" ({words.change_text(effect.outcome, effect.low)}, "
            f"{words.change_text(effect.outcome, effect.high)})"
        )
    return Row(label, effect.difference * scale, low, high, text, tone(effect))


def outcome_table(results: Results, plan: Plan) -> Table:
    """Outcomes today, with the plan, difference, range."""
    rows = []
    for outcome, name in words.OUTCOMES.items():
        effect = results.effect(plan, outcome)
        if effect is None or not math.isfinite(effect.scenario):
            continue
        better = outcome not in {"active", "minutes_mean"}
        change = change_cells(effect, better)
        if outcome == "fairly_active":
            change = [Cell(one.text, "unclear" if one.tone == "unclear" else "") for one in change]
        if math.isfinite(effect.difference) and not effect.nothing:
            change[0] = Cell(f"{change[0].text} {words.unit_text(outcome)}", change[0].tone)
        rows.append(
            [
                Cell(name, "name"),
                Cell(words.value_text(outcome, effect.baseline)),
                Cell(words.value_text(outcome, effect.scenario)),
                *change,
            ]
        )
    head = ["Outcome", results.baseline.title, "With the plan", "Difference", "95% range"]
    return Table(f"Outcomes with {sentences.quoted(plan.title)}, {words.span(results.end)} on", head, rows)


def described(results: Results) -> Section | None:
    """What each plan does, from its scenario file."""
    parts: list[Any] = []
    for plan in results.plans:
        parts.append(Text([plan.title, plan.description], "plan"))
        tables: list[Any] = []
        for one in (*plan.interventions, *plan.barriers):
            name = words.humanise(one.get("name") or one.get("type") or "barrier")
            rows = [[Cell(key, "name"), Cell(value, "text")] for key, value in _settings(one)]
            tables += [Table(name, ["Setting", "Value"], rows)] if rows else []
        if tables:
            parts.append(Fold("Its settings", tables))
    return Section("described", "What each plan does", [], parts) if parts else None


def _settings(values: dict[str, Any], above: str = "") -> list[tuple[str, str]]:
    """The settings of a programme, nested ones under joined names; what is not set is left out."""
    out: list[tuple[str, str]] = []
    for key, value in values.items():
        name = f"{above}{' ' if ':' in above else ': '}{key}" if above else str(key)
        if value is None or value in ([], {}, "") or name in {"type", "name"}:
            continue
        if isinstance(value, dict):
            out += _settings(value, name)
            continue
        items = value if isinstance(value, list) else [value]
        out.append(
            (words.humanise(name), ("; " if name == "evidence" else ", ").join(_one(item) for item in items))
        )
    return out


def _one(value: Any) -> str:
    """One value as people write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:g}" if abs(value) < 1e4 else words.number(value)
    if isinstance(value, dict):
        return ", ".join(f"{words.humanise(key).lower()} {_one(part)}" for key, part in value.items())
    return words.plain(value).replace("_", " ") if isinstance(value, str) else words.plain(value)
