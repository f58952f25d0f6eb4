"""How the plans compare: key figures, ranking, outcomes today and under each plan, what each plan does."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

from model.outcomes import catalogue
from scenarios.findings import findings, sums
from scenarios.findings import sentences as findings_words
from scenarios.findings import table as plans_table
from scenarios.findings.findings import Estimate
from viz import words
from viz.report import sentences, verdicts
from viz.report.figures.dots import Axis, Row, dots
from viz.report.page import Cell, Figure, Fold, Section, Table, Text
from viz.report.results import Effect, Results, ScenarioResult
from viz.report.sections import settings

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
    """Cards under the headline: (label, figure, note). Of the one plan that surely does most, or the only plan."""
    found = results.findings
    plan = found.winner or (found.plans[0] if len(found.plans) == 1 else None)
    if plan is None:
        return []
    cards = []
    for measure, label in (("during", "Adults out of inactivity while it is delivered"), ("after_52", "One year after"),
                           ("after_104", "Two years after"),
                           ("person_years", f"Person-years over {words.span(found.weeks)}")):  # fmt: skip
        if (one := plan.get(measure)) and math.isfinite(one.value):
            cards.append((label, _figure(one), _note(one)))
    gap, cost = plan.get("gap"), plan.get("cost")
    if gap is not None and math.isfinite(gap.value):
        turned = findings_words.amount(gap) if gap.significant else _figure(gap)
        cards.append(
            (f"Gap, most to least deprived fifth, mean of {words.span(found.weeks)}", turned, _note(gap))
        )
    if cost is not None and cost.value:
        price = plan.price
        note = f"{words.rough_pounds(price.value)} for each person-year ({findings_words.range_text(price)})" if price else (
            "no price for a person-year can be given")  # fmt: skip
        cards.append((f"Cost over {words.span(found.weeks)}", words.pounds(cost.value), note))
    return cards


def _figure(one: Estimate) -> str:
    kinds = {
        "unclear": "Not told from none",
        "single": "One run",
        "nothing": "No change",
        "little": "Less than one",
    }
    return kinds.get(one.verdict) or findings_words.short(one).partition(" (")[0]


def _note(one: Estimate) -> str:
    """The value where it cannot be told from none, and its range."""
    if not one.ranged or one.verdict == "nothing":
        return ""
    value, _, ends = findings_words.short(one).partition(" (")
    return f"{value + ', ' if one.verdict == 'unclear' else ''}95% range {ends.removesuffix(')')}"


def side_by_side(results: Results) -> Table | None:
    """Every plan at every time, with its price: what stands under the headline."""
    found = results.findings
    if not found.plans:
        return None
    heads = plans_table.heads(found)
    shown = plans_table.measures(found)
    rows = []
    for plan in found.plans:
        row = [Cell(plan.title, "name"), Cell(plans_table.ranks(plan))]
        for name in shown:
            value, ends = plans_table.cells(plan, name)
            one = plan.get(name)
            kind = one.verdict if one is not None and name not in ("cost", "cost_per_person_year") else ""
            row.append(
                Cell(
                    f"{value}\n{ends}" if ends else value,
                    kind if kind != "little" else "nothing",
                )
            )
        rows.append(row)
    return Table(
        plans_table.title(found), ["Plan", "Rank", *(heads[name].replace("\n", " ") for name in shown)], rows
    )


def section(results: Results) -> Section | None:
    """The plans side by side."""
    found = results.findings
    ranked = [plan for plan in verdicts.ranked(results) if results.effect(plan, "inactive")]
    if not ranked:
        return None
    lead = [
        " ".join([findings_words.plan_sentence(found, plan), findings_words.course_sentence(plan)]).strip()
        for plan in found.plans
    ]
    parts: list[Any] = [_ranking(results, ranked), Text([*lead, *sums.sentences(found)], "points")]
    shown = verdicts.featured_plan(results)
    if versus := _versus(results):
        parts.append(versus)
    if shown:
        parts.append(outcome_table(results, shown))
    parts += [
        Fold(f"All outcomes: {plan.title}", [outcome_table(results, plan)])
        for plan in ranked
        if plan != shown
    ]
    return Section(
        "plans",
        "How the plans compare" if len(ranked) > 1 else "What the plan changes",
        [_how_read(results)],
        parts,
    )


def _how_read(results: Results) -> str:
    """How to read what follows: against what, in which order, and what a rank is."""
    found = results.findings
    text = f"Each plan against {found.against}, {findings_words.by_measure(found)[:1].lower()}{findings_words.by_measure(found)[1:]}."
    if len(found.plans) > 1:
        open_to = "chance and doubt leave" if found.sets > 1 else "chance leaves"
        spans = any(plan.rank_low != plan.rank_high for plan in found.plans)
        text += (
            f" Where a rank is a span, {open_to} open which place in it is the plan's own." if spans else ""
        )
    return f"{text} One person-year is one adult out of inactivity for one year."


def _versus(results: Results) -> Fold | None:
    """Plans against each other, over paired runs; folded away, since there are many pairs."""
    found = results.findings
    measures = ("person_years", "during", "after_52", "gap")
    heads = plans_table.heads(found)
    head = [heads[name].replace("\n", " ") for name in measures]

    def row(label: str, one: str, two: str) -> list[Cell] | None:
        told = [found.difference(one, two, name) for name in measures]
        cells = [
            Cell(findings_words.short(each), "" if each is None or each.significant else "unclear")
            for each in told
        ]
        return [Cell(label, "name"), *cells] if any(told) else None

    pairs = [
        row(f"{one.title} less {two.title}", one.name, two.name) for one, two in combinations(found.plans, 2)
    ]
    added = [row(f"{one.title} less {sums.title(found, two)}", one.name, two) for one, two in found.sums]
    parts: list[Any] = []
    if rows := [one for one in pairs if one]:
        title = "Differences between plans over paired runs, with 95% ranges"
        parts.append(Table(title, ["Pair", *head], rows))
    if rows := [one for one in added if one]:
        title = "More than its parts? A plan less other plans added up, over paired runs, with 95% ranges"
        parts.append(Table(title, ["Plan and parts", *head], rows))
    return Fold("Which of two plans does more", parts) if parts else None


def _ranking(results: Results, ranked: list[ScenarioResult]) -> Figure:
    """Every plan by what plans are ranked by, and by the gap."""
    found = results.findings
    panels = []
    heads = plans_table.heads(found)
    first = found.measure if found.measure not in ("cost_per_person_year", "gap") else "person_years"
    drawn = {first: heads[first].replace("\n", " "), "gap": "the gap"}
    title = f"{' and '.join(drawn.values())}{', with 95% ranges' if found.replicates > 1 else ''}"
    chosen = sorted(drawn, key=lambda name: name != found.measure)
    for name in chosen:
        estimates = [(plan, plan.get(name)) for plan in found.plans]
        if not any(one and math.isfinite(one.value) for _, one in estimates):
            continue
        axis = heads.get(name, findings.MEASURES[name].words).replace("\n", " ")
        ends = ("narrower gap", "wider gap") if name == "gap" else ("more inactive", "fewer inactive")
        text = "; ".join(f"{plan.title}: {findings_words.short(one)}" for plan, one in estimates if one)
        rows = [_bar(plan.title, one) for plan, one in estimates]
        better_left = not findings.MEASURES[name].more_is_better
        panels.append(
            dots(f"rank-{name}", f"{title}: {axis}", text, rows, Axis(axis, ends, less_is_better=better_left))
        )
    note = (
        "A filled point can be told from none; a hollow grey one cannot. Differences are from "
        + found.against
        + "."
    )
    return Figure(title, panels, side_by_side(results), note)


def _bar(label: str, one: Estimate | None) -> Row:
    """The row of an estimate in a dot chart."""
    if one is None or not math.isfinite(one.value):
        return Row(label, math.nan, text="no value", kind="unclear")
    scale = 100.0 if one.measure.unit == "points" else 1.0
    kind = one.verdict if one.verdict != "little" else "nothing"
    return Row(label, one.value * scale, one.low * scale, one.high * scale, findings_words.short(one), kind)


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


def outcome_table(results: Results, plan: ScenarioResult) -> Table:
    """Outcomes today, with the plan, difference, range."""
    rows = []
    for outcome, name in words.outcomes().items():
        effect = results.effect(plan, outcome)
        if effect is None or not math.isfinite(effect.scenario):
            continue
        good = catalogue.known(outcome).better
        better = good != "more"
        change = change_cells(effect, better)
        if not good:
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
    """What each plan does, from its scenario file; on paper with all its settings."""
    parts: list[Any] = []
    for plan in results.plans:
        parts.append(Text([plan.title, plan.description], "plan"))
        found = [settings.table(one) for one in (*plan.interventions, *plan.barriers)]
        tables: list[Any] = [one for one in found if one]
        if tables:
            parts.append(Fold("Its settings", tables, printed=True))
    return Section("described", "What each plan does", [], parts) if parts else None
