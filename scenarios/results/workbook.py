"""The effects as a workbook for people with a spreadsheet: effects, all rows, definitions, and where they come from.

Numbers are numbers, formatted by the unit of their outcome; text is text, also where it begins like a formula. The
same run gives the same bytes, so that nothing here tells when it was made: the manifest does.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from model.outcomes import catalogue
from model.outcomes.catalogue import Outcome
from scenarios.findings.names import GROUPS, LEVELS, level_name
from scenarios.provenance import program
from scenarios.results import dictionary

MOST_ROWS = 1_000_000
"""Rows of a sheet, a little under what spreadsheets take."""

LEVEL_FORMATS = {"share": "0.0%", "gap": "0.0%", "ratio": "0.000", "minutes": "0.0", "people": "#,##0",
                 "person_years": "#,##0", "count": "#,##0", "residents": "#,##0", "pounds": "£#,##0"}  # fmt: skip
CHANGE_FORMATS = {"share": "+0.00%;-0.00%;0.00%", "gap": "+0.00%;-0.00%;0.00%", "ratio": "+0.000;-0.000;0.000",
                  "minutes": "+0.0;-0.0;0.0", "people": "+#,##0;-#,##0;0", "person_years": "+#,##0;-#,##0;0",
                  "count": "+#,##0;-#,##0;0", "residents": "+#,##0;-#,##0;0", "pounds": "+£#,##0;-£#,##0;£0"}  # fmt: skip
"""How a level and a difference are shown, by unit."""

LEVELS_OF = ("baseline_value", "scenario_value")
CHANGES = {
    "difference": "Difference",
    "range_low": "95% range: low",
    "range_high": "95% range: high",
    "ci_low": "of which chance alone: low",
    "ci_high": "of which chance alone: high",
    "doubt_low": "of which doubt about the numbers alone: low",
    "doubt_high": "of which doubt about the numbers alone: high",
}
"""Columns of differences and what the first sheet calls them."""

UNITS = {"share": "share of adults; differences in percentage points", "gap": "percentage points", "ratio": "ratio",
         "minutes": "minutes a week", "people": "adults", "person_years": "person-years", "count": "number",
         "residents": "simulated residents", "pounds": "£"}  # fmt: skip

RANGES = (
    "Every replicate runs all scenarios in the same town with common random numbers; an effect is the mean of the differences "
    "within replicates. Its interval from chance is Student's t on those differences, the farther end taken where they are "
    "skewed: four times the replicates halve it.",
    "Where fewer than four runs show a difference, no interval is narrower than three residents of the group in all runs "
    "together: so few could be hidden. A plan that offers nobody anything changes nothing exactly.",
    "With several sets of the model's numbers, the range from doubt is that of the effect over sets that agree with "
    "national targets, with what chance does taken out; the range from both holds chance and doubt together.",
    "A cost for each adult or person-year is a ratio of means; its interval is Fieller's, for chance and doubt together. "
    "It is empty unless people surely moved.",
)
"""How the ranges are made."""


def effects_workbook(
    frame: pd.DataFrame, manifest: Mapping[str, Any], zones: Mapping[str, str], notes: Iterable[str]
) -> bytes:
    """The workbook: `frame` of effects, the manifest, zone names by code, and what a reader must mind."""
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(buffer, options) as book:
        book.set_properties(
            {"title": f"Everystep: effects in {manifest['place']['title']}", "created": datetime(2000, 1, 1)}
        )
        sheets = _Sheets(book)
        _at_end(sheets, frame, manifest)
        _all(sheets, frame, zones)
        _definitions(sheets, notes)
        _where_from(sheets, manifest)
    return buffer.getvalue()


class _Sheets:
    """Writes tables into sheets of one workbook; formats are made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._formats: dict[str, Any] = {}
        self._head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 2, "bg_color": "#F6F4EE"}
        )
        self._text = book.add_format({"text_wrap": True, "valign": "top"})

    def add(self, name: str, head: Sequence[str], rows: Iterable[Sequence[tuple[Any, str]]], widths: Sequence[float],
            frozen: int = 0, filtered: bool = False) -> None:  # fmt: skip
        """One sheet: rows of (value, number format); an empty format leaves a number as it is."""
        sheet, last = self._book.add_worksheet(name), 0
        for column, (title, width) in enumerate(zip(head, widths, strict=True)):
            sheet.write_string(0, column, title, self._head)
            sheet.set_column(column, column, width)
        for last, row in enumerate(rows, start=1):
            for column, (value, shape) in enumerate(row):
                self._cell(sheet, last, column, value, shape)
        sheet.freeze_panes(1, frozen)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if filtered:
            sheet.autofilter(0, 0, last, len(head) - 1)

    def _cell(self, sheet: Any, row: int, column: int, value: Any, shape: str) -> None:
        if isinstance(value, int | float):
            if math.isfinite(value):
                sheet.write_number(row, column, value, self._format(shape))
        elif value:
            sheet.write_string(row, column, str(value), self._text)

    def _format(self, shape: str) -> Any:
        if shape not in self._formats:
            self._formats[shape] = self._book.add_format({"num_format": shape or "General", "valign": "top"})
        return self._formats[shape]


def last_of_each(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows on everybody at the last horizon of each scenario and outcome, outcomes in the catalogue's order."""
    rows = frame[frame["group"] == "all"]
    keys = [rows["scenario"], rows["outcome"]]
    rows = rows[rows["horizon_weeks"] == rows.groupby(keys, sort=False)["horizon_weeks"].transform("max")]
    order = {name: number for number, name in enumerate(catalogue.names())}
    plans = {name: number for number, name in enumerate(frame["scenario"].unique())}
    rank = pd.DataFrame({"plan": rows["scenario"].map(plans), "outcome": rows["outcome"].map(order)})
    return rows.loc[rank.sort_values(["plan", "outcome"], kind="stable").index]


def _at_end(sheets: _Sheets, frame: pd.DataFrame, manifest: Mapping[str, Any]) -> None:
    titles = {one["name"]: one.get("title", one["name"]) for one in manifest["scenarios"]}
    changes = [name for name in CHANGES if name in frame]
    head = ["Scenario", "Outcome", "Weeks after the start", "With the baseline", "With the scenario",
            *(CHANGES[name] for name in changes), "Unit", "What it means", "Baseline"]  # fmt: skip
    widths = [24, 38, 10, 13, 13, *([13] * len(changes)), 24, 60, 18]
    rows = []
    for row in last_of_each(frame).to_dict("records"):
        outcome = catalogue.known(row["outcome"])
        rows.append([
            (titles.get(row["scenario"], row["scenario"]), ""), (outcome.label, ""), (row["horizon_weeks"], "0"),
            *((row[name], _shape(outcome, name)) for name in (*LEVELS_OF, *changes)),
            (UNITS.get(outcome.unit, ""), ""), (outcome.meaning, ""),
            (titles.get(row["baseline"], row["baseline"]), ""),
        ])  # fmt: skip
    sheets.add("Effects", head, rows, widths, frozen=2, filtered=True)


def _shape(outcome: Outcome, column: str) -> str:
    return (LEVEL_FORMATS if column in LEVELS_OF else CHANGE_FORMATS).get(outcome.unit, "")


def _all(sheets: _Sheets, frame: pd.DataFrame, zones: Mapping[str, str]) -> None:
    frame = named(frame, zones).head(MOST_ROWS)
    head = list(frame.columns)
    formats = (*LEVELS_OF, *CHANGES)
    widths = [
        {"scenario": 20, "baseline": 14, "outcome": 28, "level_name": 30}.get(name, 14) for name in head
    ]
    shapes = {name: [_shape(catalogue.known(name), column) if column in formats else "0" for column in head]
              for name in frame["outcome"].unique()}  # fmt: skip
    where = head.index("outcome")
    rows = (
        list(zip(row, shapes[row[where]], strict=True))
        for row in zip(*(frame[name].tolist() for name in head), strict=True)
    )
    sheets.add("All effects", head, rows, widths, frozen=3, filtered=True)


def named(frame: pd.DataFrame, zones: Mapping[str, str]) -> pd.DataFrame:
    """The effects with a column `level_name` after `level`: levels in plain words, zones by their names."""
    words = {pair: level_name(*pair, zones) for pair in set(zip(frame["group"], frame["level"], strict=True))}
    frame = frame.copy()
    names = [words[pair] for pair in zip(frame["group"], frame["level"], strict=True)]
    frame.insert(list(frame.columns).index("level") + 1, "level_name", names)
    return frame


def _definitions(sheets: _Sheets, notes: Iterable[str]) -> None:
    better = {"less": "Lower is better.", "more": "Higher is better."}
    rows = [("Outcome", one.name, one.label, f"{one.meaning} {better.get(one.better, '')}".strip(), catalogue.UNITS[one.unit])
            for one in catalogue.every()]  # fmt: skip
    rows += [("Group", group, name, ", ".join(f"{level} = {words}" for level, words in LEVELS.get(group, {}).items()), "")
             for group, name in GROUPS.items()]  # fmt: skip
    columns = dictionary.declared()["effects.csv"]["columns"]
    rows += [
        ("Column", name, CHANGES.get(name, ""), meaning, unit) for name, (meaning, unit, _) in columns.items()
    ]
    rows += [("How ranges are made", "", "", text, "") for text in RANGES]
    rows += [("To mind", "", "", text, "") for text in notes]
    sheets.add("Definitions", ["About", "Name in files", "In words", "Meaning", "Unit"],
               ([(cell, "") for cell in row] for row in rows), [20, 28, 38, 90, 40], filtered=True)  # fmt: skip


def _where_from(sheets: _Sheets, manifest: Mapping[str, Any]) -> None:
    place, numbers = manifest["place"], manifest["parameters"]
    facts: list[tuple[str, Any]] = [
        ("Program", f"Everystep {manifest['everystep_version']}"),
        ("Commit", program.commit_words(manifest)),
        ("Place", place["title"]),
        ("Geography", "synthetic: generated from published figures" if place["synthetic"] else "as published"),
        *(("Source of the place's data", source) for source in place["sources"]),
        ("Licence of the place's data", place["licence"]),
        ("Definition of inactive", manifest["definition"]),
        ("First day", manifest["start"]),
        ("Weeks", manifest["weeks"]),
        ("Share of residents simulated", manifest["sample"]),
        ("Residents simulated in a run", manifest["residents"]),
        ("Adults they stand for", manifest["adults"]),
        ("Replicates (pairs of runs)", manifest["replicates"]),
        ("Seed", manifest["seed"]),
        ("Baseline", manifest["baseline"]),
        *((f"Scenario {one['name']}", f"{one.get('title', one['name'])}; fingerprint {one.get('digest', 'none')}")
          for one in manifest["scenarios"]),
        ("Sets of the model's numbers", numbers.get("sets", 1)),
        *((f"Number changed: {name}", value) for name, value in numbers.get("changed", {}).items()),
        ("Fingerprint of the numbers", numbers["digest"]),
        ("Fingerprint of the question", manifest["plan_digest"]),
        ("When, by what command, with what packages", "manifest.json, in the same folder"),
        ("Kind of result", "What-if, not a forecast."),
    ]  # fmt: skip
    sheets.add(
        "Where from", ["What", "Which"], ([(name, ""), (value, "")] for name, value in facts), [42, 100]
    )
