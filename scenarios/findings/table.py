"""The plans of a comparison side by side, for a terminal: in order, at every time, with ranges and prices.

Nothing is ever cut off: on a narrow screen whole columns are left out, and named; where even that does not fit, each plan
is told in lines.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from scenarios.findings import sentences, sums
from scenarios.findings.amounts import pounds, quoted, span
from scenarios.findings.findings import PLUS, Estimate, Findings, ScenarioFindings

SHOWN = ("person_years", "during", "after_52", "after_104", "cost", "cost_per_person_year", "gap")
"""Measures in the order of the columns."""
FIRST_TO_GO = ("after_104", "gap", "after_52", "cost", "during")
"""Which column is left out first on a narrow screen."""
TITLE_WIDTH = 24
"""Characters of a plan's title on one line."""

Cells = Callable[[ScenarioFindings, str], tuple[str, str]]


def measures(findings: Findings) -> list[str]:
    """The measures shown, the one that plans are ranked by first."""
    return list(dict.fromkeys([findings.measure, *SHOWN]))


def heads(findings: Findings) -> dict[str, str]:
    """The head of each column."""
    over = span(findings.weeks)
    return {
        "person_years": f"Person-years\nin {over}",
        "during": "Adults moved\nwhile delivered",
        "after_52": "One year\nafter",
        "after_104": "Two years\nafter",
        "at_end": "Adults moved\nat the end",
        "cost": f"Cost in\n{over}",
        "cost_per_person_year": "For each\nperson-year",
        "gap": f"Gap, points,\nmean of {over}",
    }


def cells(plan: ScenarioFindings, measure: str) -> tuple[str, str]:
    """An amount and, apart, its range; empty where there is none."""
    found = plan.price if measure == "cost_per_person_year" else plan.get(measure)
    if measure == "cost_per_person_year" and found is None:
        total = plan.get("cost")
        return ("–" if total is None or total.value == 0 else "not told", "")
    return _parts(found)


def _parts(found: Estimate | None) -> tuple[str, str]:
    """An estimate and, apart, its range."""
    if found is not None and found.measure.outcome == "cost":
        varies = found.ranged and found.high - found.low > 1
        return pounds(found.value), sentences.range_text(found) if varies else ""
    value, _, ends = sentences.short(found).partition(" (")
    return value, ends.removesuffix(")")


def ranks(plan: ScenarioFindings) -> str:
    """The span of ranks, `1` or `2–4`."""
    if plan.rank_low is None:
        return "–"  # not known
    return str(plan.rank_low) if plan.rank_low == plan.rank_high else f"{plan.rank_low}–{plan.rank_high}"


def plans_table(findings: Findings, width: int) -> Table | Text:
    """The table that fits into `width` characters, or lines where none does."""
    return _fitting(findings, findings.plans, measures(findings), cells, title(findings), width, ranked=True)


def against_table(findings: Findings, name: str, width: int) -> Table | Text:
    """Every plan against one of them, or against a sum of them by its label, by each measure: the paired difference with
    its range; likewise fitted."""
    chosen = {plan.name: quoted(plan.title) for plan in findings.plans} | {
        label: f"{sums.title(findings, label, ' and ', quote=True)} added up" for _, label in findings.sums
    }
    held = {one for one, two, _ in findings.versus if two == name}
    others = [
        plan for plan in findings.plans if plan.name in held or (PLUS not in name and plan.name != name)
    ]
    compared = [one for one in measures(findings) if one not in ("cost_per_person_year", "at_end")]

    def differences(plan: ScenarioFindings, measure: str) -> tuple[str, str]:
        return _parts(findings.difference(plan.name, name, measure))

    said = f"Difference from {chosen[name]}, over paired runs"
    return _fitting(findings, others, compared, differences, said, width)


def _fitting(
    findings: Findings, plans: Sequence[ScenarioFindings], shown: list[str], cells: Cells, title: str, width: int,
    ranked: bool = False,
) -> Table | Text:  # fmt: skip
    """A table of `plans` by the measures `shown`, less columns until it fits; else lines."""
    every = shown
    unpriced = () if any(plan.price for plan in plans) else ("cost_per_person_year",)
    for going in (None, *unpriced, *FIRST_TO_GO):
        if going == findings.measure:
            continue
        shown = [name for name in shown if name != going]
        left = [name for name in every if name not in shown]
        table = _table(findings, plans, shown, left, cells, title, ranked)
        if shown and _natural(table) <= width:
            return table
    return Text("\n".join(_lines(findings, plans, every, cells, title, ranked)))


def _natural(table: Table) -> int:
    """The width at which nothing of a table is folded."""
    console = Console(width=10_000)
    return Measurement.get(console, console.options, table).maximum


def _table(
    findings: Findings, plans: Sequence[ScenarioFindings], shown: list[str], left: list[str], cells: Cells, title: str,
    ranked: bool,
) -> Table:  # fmt: skip
    head = heads(findings)
    gone = "; ".join(head[name].replace("\n", " ") for name in left)
    caption = f"Left out on this narrow screen: {gone}. They stand in effects.csv and the report."
    table = Table(
        box=SIMPLE_HEAD, pad_edge=False, show_edge=False, title=escape(title), title_justify="left",
        caption=escape(caption) if left else None, caption_justify="left",
    )  # fmt: skip
    if ranked:
        table.add_column("Rank", no_wrap=True, justify="right")
    table.add_column("Plan", no_wrap=True)
    for name in shown:
        table.add_column(head[name], justify="right", no_wrap=True)
    for plan in plans:
        row = [ranks(plan)] if ranked else []
        row.append("\n".join(map(escape, textwrap.wrap(plan.title, TITLE_WIDTH) or [""])))
        for name in shown:
            value, ends = cells(plan, name)
            row.append(f"{value}\n[dim]{ends}[/dim]" if ends else value)
        table.add_row(*row)
    return table


def title(findings: Findings) -> str:
    """What the table holds."""
    held = "chance and doubt about the numbers" if findings.sets > 1 else "chance alone"
    ranges = f"95% ranges: {held}" if findings.replicates > 1 else "one run each: no ranges"
    return f"{findings.place}, against {findings.against}; ranked {_small(sentences.by_measure(findings))}; {ranges}"


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _lines(
    findings: Findings,
    plans: Sequence[ScenarioFindings],
    shown: list[str],
    cells: Cells,
    title: str,
    ranked: bool,
) -> list[str]:
    """Every plan in lines, for screens too narrow for a table."""
    lines = [title]
    for plan in plans:
        lines.append(f"Rank {ranks(plan)}: {plan.title}" if ranked else plan.title)
        for name in shown:
            value, ends = cells(plan, name)
            head = heads(findings)[name].replace("\n", " ")
            lines.append(f"   {head}: {value}{f' ({ends})' if ends else ''}")
    return lines
