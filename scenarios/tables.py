"""Results as tables for a terminal."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from rich.table import Table

WORDS = {
    "inactive": "Inactive",
    "fairly_active": "Fairly active",
    "active": "Active",
    "minutes_mean": "Minutes a week",
    "gap_deprivation_difference": "Gap: most less least deprived fifth",
    "gap_deprivation_ratio": "Gap: most over least deprived fifth",
    "gap_disability_difference": "Gap: limiting condition, yes less no",
    "gap_disability_ratio": "Gap: limiting condition, yes over no",
    "sii": "Slope index of inequality",
    "rii": "Relative index of inequality",
    "joined": "People who joined",
    "completed": "People who completed",
    "members": "Members",
    "waiting": "Waiting",
    "cost": "Cost",
    "people_moved": "Adults moved out of inactivity",
    "cost_per_person_moved": "Cost for each of them",
    "reach": "Reached",
}
"""Outcomes in plain words."""

SHARES = ("inactive", "fairly_active", "active", "gap_deprivation_difference", "gap_disability_difference", "sii",
          "reach", "asset_use")  # fmt: skip
MONEY = ("cost", "cost_per_person_moved")
PEOPLE = ("joined", "completed", "members", "waiting", "people_moved")

GROUPS = {
    "imd_quintile": "Deprivation fifth (1 = most deprived)",
    "disability": "Disability (census)",
    "condition": "Limiting condition (survey)",
    "age_band": "Age",
    "sex": "Sex",
    "ethnicity": "Ethnic group",
    "car": "Cars in the household",
}
"""Attributes shown by `simulate`, in plain words."""


def amount(outcome: str, value: float | None, signed: bool = False) -> str:
    """A value in the unit of its outcome: per cent, pounds, people, minutes or a ratio."""
    if value is None or not math.isfinite(value):
        return "not determined"
    if outcome in SHARES:
        return f"{value * 100:+.2f} pts" if signed else f"{value * 100:.1f}%"
    if outcome in MONEY:
        return f"{'-' if value < 0 else '+' if signed else ''}£{abs(value):,.0f}"
    if outcome in PEOPLE:
        return f"{value:+,.0f}" if signed else f"{value:,.0f}"
    digits = 3 if outcome in ("gap_deprivation_ratio", "gap_disability_ratio", "rii") else 1
    return f"{value:+.{digits}f}" if signed else f"{value:.{digits}f}"


def effects_table(frame: pd.DataFrame, manifest: dict[str, Any]) -> Table:
    """Effects at the end of a comparison, one block a scenario."""
    window = min(52, manifest["weeks"])
    table = Table(title=f"Against {manifest['baseline']}: last {window} of {manifest['weeks']} weeks, "
                        f"{manifest['place']['title']}", title_justify="left")  # fmt: skip
    for name in ("Scenario", "Outcome"):
        table.add_column(name, overflow="fold")
    for name in ("Baseline", "Scenario", "Difference", "95% interval"):
        table.add_column(name, justify="right")
    titles = {one["name"]: one["title"] for one in manifest["scenarios"]}
    for scenario, rows in frame.groupby("scenario", sort=False):
        shown = titles.get(str(scenario), str(scenario))
        for row in rows.to_dict("records"):
            outcome = row["outcome"]
            ratio = outcome == "cost_per_person_moved"
            table.add_row(
                shown,
                WORDS.get(outcome, outcome),
                "" if ratio or outcome == "people_moved" else amount(outcome, row["baseline_value"]),
                amount(outcome, row["scenario_value"]),
                "" if ratio else amount(outcome, row["difference"], signed=True),
                interval(outcome, row["ci_low"], row["ci_high"], signed=not ratio),
            )
            shown = ""
        table.add_section()
    return table


def interval(outcome: str, low: float, high: float, signed: bool = True) -> str:
    """Both ends of an interval, or that it is not known."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "not determined"
    return f"{amount(outcome, low, signed)} to {amount(outcome, high, signed)}"


def levels_table(told: dict[str, Any]) -> Table:
    """Levels of activity of everybody and of each group, from what `simulate` gives."""
    window = min(52, told["weeks"])
    table = Table(title=f"{told['scenario']} in {told['place']}: mean of the last {window} weeks", title_justify="left")
    table.add_column("Adults")
    columns = ("inactive", "fairly_active", "active", "minutes_mean")
    for name in columns:
        table.add_column(WORDS[name], justify="right")

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
        table.add_row(WORDS.get(name, name), amount(name, value))
    return table


def facts_table(rows: list[dict[str, Any]], title: str | None = None) -> Table:
    """Any list of facts with the same keys."""
    table = Table(title=title, title_justify="left")
    names = list(dict.fromkeys(name for row in rows for name in row))
    for name in names:
        table.add_column(name.replace("_", " ").capitalize(), overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row.get(name)) for name in names))
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
