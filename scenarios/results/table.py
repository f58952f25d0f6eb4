"""The plans of a comparison side by side, for a terminal: in order, at every time, with ranges and prices.

Nothing is ever cut off: on a narrow screen whole columns are left out, and named; where even that does not fit, each plan
is told in lines.
"""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table

from scenarios.results import sentences
from scenarios.results.amounts import pounds, span
from scenarios.results.findings import Estimate, Findings, PlanFindings

SHOWN = ("person_years", "during", "after_52", "after_104", "cost", "cost_per_person_year", "gap")
"""Measures in the order of the columns."""
FIRST_TO_GO = ("after_104", "gap", "after_52", "cost", "during")
"""Which column is left out first on a narrow screen."""


def heads(findings: Findings) -> dict[str, str]:
    """The head of each column."""
    over = span(findings.weeks)
    return {
        "person_years": f"Person-years\nin {over}",
        "during": "Adults moved\nwhile delivered",
        "after_52": "One year\nafter",
        "after_104": "Two years\nafter",
        "cost": f"Cost in\n{over}",
        "cost_per_person_year": "For each\nperson-year",
        "gap": f"Gap, points,\nmean of {over}",
    }


def cells(plan: PlanFindings, measure: str) -> tuple[str, str]:
    """An amount and, apart, its range; empty where there is none."""
    found = plan.price if measure == "cost_per_person_year" else plan.get(measure)
    if measure == "cost_per_person_year" and found is None:
        total = plan.get("cost")
        return ("–" if total is None or total.value == 0 else "not told", "")
    if measure == "cost":
        return ("–" if found is None else _money(found), "")
    text = sentences.short(found)
    value, _, ends = text.partition(" (")
    return value, ends.removesuffix(")")


def _money(found: Estimate) -> str:
    """A whole cost, to the pound; with its range where runs differ."""
    varies = found.ranged and found.high - found.low > 1
    return pounds(found.value) + (f"\n{pounds(found.low)} to {pounds(found.high)}" if varies else "")


def ranks(plan: PlanFindings) -> str:
    """The span of ranks, `1` or `2–4`."""
    if plan.rank_low is None:
        return "–"
    return str(plan.rank_low) if plan.rank_low == plan.rank_high else f"{plan.rank_low}–{plan.rank_high}"


def plans_table(findings: Findings, width: int) -> Table | str:
    """The table that fits into `width` characters, or lines where none does."""
    shown = sorted(SHOWN, key=lambda name: name != findings.measure)
    for going in (None, *FIRST_TO_GO):
        if going == findings.measure:
            continue
        shown = [name for name in shown if name != going]
        table = _table(findings, shown)
        if _natural(table) <= width:
            return table
    return "\n".join(_lines(findings))


def _natural(table: Table) -> int:
    """The width at which nothing of a table is folded."""
    console = Console(width=10_000)
    return Measurement.get(console, console.options, table).maximum


def _table(findings: Findings, shown: list[str]) -> Table:
    left = [head.replace("\n", " ") for name, head in heads(findings).items() if name not in shown]
    gone = f"Left out on this narrow screen: {'; '.join(left)}. They stand in effects.csv and the report."
    table = Table(
        box=SIMPLE_HEAD, pad_edge=False, show_edge=False, title=escape(title(findings)), title_justify="left",
        caption=escape(gone) if left else None, caption_justify="left",
    )  # fmt: skip
    table.add_column("Rank", no_wrap=True, justify="right")
    table.add_column("Plan", no_wrap=True)
    for name in shown:
        table.add_column(heads(findings)[name], justify="right", no_wrap=True)
    for plan in findings.plans:
        row = [ranks(plan), "\n".join(map(escape, _folded(plan.title, 24)))]
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


def _folded(text: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(text, width) or [text]


def _lines(findings: Findings) -> list[str]:
    """Every plan in lines, for screens too narrow for a table."""
    lines = [title(findings)]
    for plan in findings.plans:
        lines.append(f"{ranks(plan)}. {plan.title}")
        for name in SHOWN:
            value, ends = cells(plan, name)
            head = heads(findings)[name].replace("\n", " ")
            lines.append(f"   {head}: {value}{f' ({ends})' if ends else ''}".replace("\n", ", "))
    return lines


def against_table(findings: Findings, name: str) -> Table:
    """Every plan against one of them, by each measure: the paired difference with its range."""
    chosen = next(plan for plan in findings.plans if plan.name == name)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, title_justify="left",
                  title=escape(f"Difference from {sentences.quoted(chosen.title)}, over paired runs"))  # fmt: skip
    table.add_column("Plan")
    compared = [one for one in SHOWN if one != "cost_per_person_year"]
    for measure in compared:
        table.add_column(heads(findings)[measure], justify="right", no_wrap=True)
    for plan in findings.plans:
        if plan.name != name:
            told = [findings.difference(plan.name, name, measure) for measure in compared]
            table.add_row(escape(plan.title), *(_difference(one) for one in told))
    return table


def _difference(found: Estimate | None) -> str:
    if found is not None and found.measure.outcome == "cost":
        return _money(found)
    return sentences.short(found).replace(" (", "\n(")
