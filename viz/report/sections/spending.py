"""What a plan costs by part and year, as tables for the report's section on money."""

from __future__ import annotations

from scenarios.results import costs
from viz import words
from viz.report import sentences
from viz.report.page import Cell, Table
from viz.report.results import Results, ScenarioResult


def table(results: Results, plan: ScenarioResult) -> Table | None:
    """Pounds by part (rows) and year (columns), with totals; None where the folder does not tell or nothing is spent."""
    money = costs.of_folder(results.directory)
    money = money[money["scenario"] == plan.name]
    if money.empty:
        return None
    found = costs.by_year(money, plan.name)
    rows = [[Cell(str(part), "name"), *(Cell(words.pounds(value)) for value in row)]
            for part, row in zip(found.index, found.to_numpy(), strict=True)]  # fmt: skip
    rows.append([Cell("All parts", "name"), *(Cell(words.pounds(value)) for value in found.sum())])
    head = ["Part", *(f"Year {year}" for year in found.columns[:-1]), "All years"]
    return Table(
        f"Cost of {sentences.quoted(plan.title)} by part and year. {costs.prices(money)}", head, rows
    )
