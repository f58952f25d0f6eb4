"""What the plans cost, and what it costs to move one person out of inactivity."""

from __future__ import annotations

import math
from typing import Any

from viz import sentences, verdicts, words
from viz.figures.dots import Row, dots
from viz.page import Cell, Figure, Section, Table, Text
from viz.results import Plan, Results
from viz.sections.plans import money_range


def section(results: Results) -> Section | None:
    """Cost, and cost per person moved with its range; said when it cannot be told."""
    plans = [
        plan
        for plan in verdicts.ranked(results)
        if (cost := results.effect(plan, "cost")) and math.isfinite(cost.difference)
    ]
    if not plans or not any(_cost(results, plan) for plan in plans):
        return None
    told = [(plan, per) for plan in plans if (per := verdicts.per_person(results, plan))]
    table = _table(results, [plan for plan in plans if _cost(results, plan)])
    parts: list[Any] = [
        Text([text for plan in plans if (text := sentences.cost_sentence(results, plan))], "points")
    ]
    if told:
        told.sort(key=lambda pair: pair[1].scenario)
        cap = 6 * min(per.scenario for _, per in told)
        rows = [
            Row(
                plan.title,
                min(per.scenario, cap),
                per.low,
                min(per.high, cap),
                f"{words.rough_pounds(per.scenario)}{'' if per.high <= cap else ' and up'}",
            )
            for plan, per in told
        ]
        text = "; ".join(f"{plan.title}: {words.rough_pounds(per.scenario)}" for plan, per in told)
        title = "Cost for each person moved out of inactivity, with 95% ranges"
        picture = dots("cost", title, text, rows, "pounds for each person moved", unit="£", text_pt=70)
        left_out = [plan.title for plan in plans if plan not in [p for p, _ in told] and _cost(results, plan)]
        note = (
            f"Not drawn, since its effect cannot be told from nothing: {words.listing(left_out)}."
            if left_out
            else ""
        )
        parts.append(Figure(title, [picture], table, note, layout="below"))
    else:
        parts.append(table)
    years = {plan.price_year for plan in plans if plan.price_year}
    lead = (
        [f"Money is in pounds at {words.listing([str(y) for y in sorted(years)])} prices, not discounted."]
        if years
        else ["Money is in pounds, not discounted."]
    )
    return Section("money", "What it costs", lead, parts)


def _cost(results: Results, plan: Plan) -> float:
    cost = results.effect(plan, "cost")
    return cost.difference if cost else 0.0


def _table(results: Results, plans: list[Plan]) -> Table:
    rows = []
    for plan in plans:
        per = verdicts.per_person(results, plan)
        effect = results.effect(plan, "inactive")
        moved = "–"
        if effect and not math.isnan(results.adults):
            moved = words.people(-effect.difference * results.adults) if effect.told else "not told from none"
        rows.append(
            [
                Cell(plan.title, "name"),
                Cell(words.pounds(_cost(results, plan))),
                Cell(moved),
                Cell(words.rough_pounds(per.scenario) if per else "cannot be told", "" if per else "unclear"),
                Cell(money_range(per) if per and per.ranged else "–"),
            ]
        )
    head = ["Plan", "Cost", "People moved out of inactivity", "Cost for each", "95% range"]
    return Table("Cost and cost for each person moved out of inactivity", head, rows)


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
