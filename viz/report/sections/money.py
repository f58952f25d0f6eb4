"""What the plans cost, and what it costs to bring one person-year out of inactivity."""

from __future__ import annotations

from typing import Any

from scenarios.findings import sentences as findings_words
from scenarios.findings.findings import Findings, ScenarioFindings
from viz import words
from viz.report.figures.dots import Axis, Row, dots
from viz.report.page import Cell, Figure, Fold, Section, Table, Text
from viz.report.results import Results
from viz.report.sections import spending


def section(results: Results) -> Section | None:
    """Cost, and cost for each person-year with its range; said when it cannot be given."""
    found = results.findings
    plans = [plan for plan in found.plans if _cost(plan)]
    if not plans:
        return None
    lines = [text for plan in plans if (text := findings_words.price_sentence(found, plan))]
    parts: list[Any] = [Text(lines, "points"), _figure(found, plans)]
    names = {plan.name for plan in plans}
    spent = [
        table for plan in results.plans if plan.name in names and (table := spending.table(results, plan))
    ]
    if spent:
        parts.append(Fold("What each plan costs by part and year", [*spent]))
    return Section("money", "What it costs", [_about(results)], parts)


def _about(results: Results) -> str:
    """Prices of which year, whether discounted, and what a price is of."""
    years = sorted({plan.price_year for plan in results.plans if plan.price_year})
    prices = f" at {words.listing([str(year) for year in years])} prices" if years else ""
    base = results.effect(results.plans[0], "cost") if results.plans else None
    against = (
        f" Costs and prices are over and above those of {results.against}, {words.pounds(base.baseline)}."
        if base is not None and base.baseline
        else ""
    )
    return (
        f"Money is in pounds{prices}, not discounted.{against} A price is the cost of a plan over the "
        f"{words.span(results.findings.weeks)} simulated for each person-year out of inactivity in the same time, so it falls "
        "when effects outlast delivery, and rises when a run goes on after they have faded."
    )


def _cost(plan: ScenarioFindings) -> float:
    cost = plan.get("cost")
    return cost.value if cost else 0.0


def _figure(found: Findings, plans: list[ScenarioFindings]) -> Figure | Table:
    table = _table(found, plans)
    priced = sorted(
        ((price.value, plan, price) for plan in plans if (price := plan.price)), key=lambda one: one[0]
    )
    if not priced:
        return table
    cap = 6 * priced[0][0]
    rows = [
        Row(plan.title, min(value, cap), price.low, min(price.high, cap),
            f"{words.rough_pounds(value)}{'' if price.high <= cap else ' and up'}")
        for value, plan, price in priced
    ]  # fmt: skip
    text = "; ".join(f"{plan.title}: {findings_words.short(price)}" for _, plan, price in priced)
    title = "Cost for each person-year out of inactivity, with 95% ranges"
    picture = dots("cost", title, text, rows, Axis("pounds for each person-year", unit="£", text_pt=70))
    left_out = [plan.title for plan in plans if not plan.price]
    note = (
        f"Not drawn, since the people moved cannot be told from none: {words.listing(left_out)}."
        if left_out
        else ""
    )
    return Figure(title, [picture], table, note, layout="below")


def _table(found: Findings, plans: list[ScenarioFindings]) -> Table:
    rows = []
    for plan in plans:
        years, price = plan.get("person_years"), plan.price
        rows.append(
            [
                Cell(plan.title, "name"),
                Cell(words.pounds(_cost(plan))),
                Cell(findings_words.short(years), years.verdict if years else "unclear"),
                Cell(findings_words.short(price) if price else "not told", "" if price else "unclear"),
            ]
        )
    head = ["Plan", f"Cost over {words.span(found.weeks)}", "Person-years", "Cost for each"]
    return Table("Cost, person-years out of inactivity, and cost for each", head, rows)


def drivers(results: Results) -> Section | None:
    """What drives the result: only when a sensitivity analysis lies in the folder."""
    raw = results.drivers.get("parameters")
    found = [one for one in raw if isinstance(one, dict) and one.get("name")] if isinstance(raw, list) else []
    if not found:
        return None
    columns = [key for key in found[0] if key != "name"]
    rows = [
        [
            Cell(words.humanise(one["name"]), "name"),
            *[
                Cell(words.number(float(v), 3) if isinstance(v := one.get(k), int | float) else "–")
                for k in columns
            ],
        ]
        for one in found
    ]
    method, runs = results.drivers.get("method", "a sensitivity analysis"), results.drivers.get("runs")
    lead = f"By {words.plain(method)}" + (f", {runs:,} runs" if isinstance(runs, int) else "") + "."
    if results.drivers.get("converged") is False:
        lead += " It has not converged: read it as a hint."
    return Section(
        "drivers",
        "What drives the result",
        [lead],
        [Table("Share of the result that each assumption drives", ["Assumption", *columns], rows)],
    )
