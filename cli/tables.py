"""Results as tables for a terminal."""

from __future__ import annotations

from typing import Any

import pandas as pd
from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from model.limits import WEEKS_A_YEAR
from model.outcomes import catalogue
from model.population.attributes import CATALOGUE
from scenarios.findings.amounts import amount

GROUPS = {
    one.name: one.terminal or one.label for one in CATALOGUE if one.counted and one.name != "imd_decile"
}
"""Attributes shown by `simulate`, in plain words."""


def baseline_line(frame: pd.DataFrame, manifest: dict[str, Any], against: str) -> str:
    """What the baseline itself is, in a line, named as in `against`; empty when scenarios have several baselines."""
    end = frame[(frame["group"] == "all") & (frame["horizon_weeks"] == manifest["weeks"])]
    if end.empty or end["baseline"].nunique() > 1:
        return ""
    first = end[end["scenario"] == end["scenario"].iloc[0]].set_index("outcome")["baseline_value"]
    named = {"inactive": "{} of adults inactive", "gap_deprivation_difference": "deprivation gap {}",
             "gap_disability_difference": "disability gap {}"}  # fmt: skip
    parts = [words.format(amount(name, first.get(name))) for name, words in named.items()]
    return f"With {against}: {', '.join(parts)} (fifths 1 and 5; limiting condition or none)."


def levels_table(told: dict[str, Any]) -> Table:
    """Levels of activity of everybody and of each group, from what `simulate` gives."""
    window = min(WEEKS_A_YEAR, told["weeks"])
    where = escape(told["place"])
    table = Table(
        title=f"{told['scenario']} in {where}: mean of the last {window} weeks", title_justify="left"
    )
    table.add_column("Adults")
    columns = catalogue.names("level", "measured")
    for name in columns:
        table.add_column(catalogue.known(name).label, justify="right")

    def add(label: str, values: dict[str, float]) -> None:
        table.add_row(label, *(amount(name, values.get(name)) for name in columns))

    add("Everybody", told["outcomes"])
    for group, words in GROUPS.items():
        if group in told["by"]:
            table.add_section()
            table.add_row(f"[bold]{words}[/bold]")
            for level, values in told["by"][group].items():
                add(f"  {level.replace('_', ' ')}", values)
    return table


def gaps_table(told: dict[str, Any]) -> Table:
    """The gaps between groups in one run."""
    table = Table(title="Gaps in the share inactive", title_justify="left")
    table.add_column("Gap")
    table.add_column("Value", justify="right")
    for name, value in told["gaps"].items():
        table.add_row(catalogue.known(name).label, amount(name, value))
    return table


def facts_table(rows: list[dict[str, Any]]) -> Table:
    """Any list of facts with the same keys; the first of them is the name."""
    table = Table(box=SIMPLE)
    names = list(dict.fromkeys(name for row in rows for name in row))
    for name in names:
        numbers = all(isinstance(row.get(name), int | float) for row in rows)
        table.add_column(name.replace("_", " ").capitalize(), no_wrap=name == names[0], overflow="fold",
                         justify="right" if numbers else "left")  # fmt: skip
    for row in rows:
        table.add_row(*(escape(_cell(row.get(name))) for name in names))
    return table


def library_table(rows: list[dict[str, Any]]) -> Table:
    """Scenarios with what each one tries."""
    table = Table(box=SIMPLE, show_header=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    for row in rows:
        about = f"[bold]{escape(row['title'])}[/bold]\n{escape(row['description'].strip())}"
        table.add_row(row["name"], about)
    return table


def fact_lines(facts: dict[str, Any], indent: str = "") -> list[str]:
    """Nested facts as indented lines."""
    lines = []
    for name, value in facts.items():
        label = f"{indent}{str(name).replace('_', ' ')}"
        if isinstance(value, dict) and value:
            lines += [f"{label}:", *fact_lines(value, indent + "  ")]
        else:
            lines.append(f"{label}: {_cell(value)}")
    return lines


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(map(_cell, value)) if value else "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    return "" if value is None else str(value)


def batch_lines(told: dict[str, Any]) -> list[str]:
    """How a batch ended, in lines."""
    size = f"{told['points']:,} points, {told['replicates']:,} replicates each, {told['seconds']:.0f} s"
    lines = [f"{told['ok']:,} of {told['planned']:,} runs are done, {told['failed']:,} failed; {size}."]
    if told["failures"]:
        why = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in told["failures"].items())
        lines.append(f"Why: {why}. See failures.csv; --resume --retry tries them again.")
    if told["ok"] + told["failed"] < told["planned"]:
        lines.append("Stopped. What was finished is kept: the same command with --resume goes on.")
    return [*lines, *(f"Note: {note}" for note in told["notes"]), f"Results: {told['out']}"]
