"""The table of plans on a terminal: nothing of it is cut off, however narrow the screen, and what is left out is named."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from rich.console import Console

from scenarios.findings import sentences, table
from scenarios.findings.findings import MEASURES, RANK_BY, Findings, of_tables

WIDTHS = (40, 60, 80, 95, 112, 140, 400)
TITLES = ("Led walks", "A plan of Supercalifragilistic length [dim]and[/dim] more")
AMOUNTS = {
    "during": (1234.0, 1100.0, 1366.0),
    "after_52": (-340.0, -560.0, -120.0),
    "after_104": (12.0, -30.0, 54.0),
    "person_years": (2410.0, 1020.0, 3800.0),
    "at_end": (55.0, 41.0, 69.0),
    "gap": (-0.0123, -0.0245, -0.0011),
    "cost": (1_819_345.0, 1_719_345.0, 1_919_345.0),
    "cost_per_person_year": (724.0, 610.0, 890.0),
}


def found(rank_by: str = "person_years", outcomes=tuple(AMOUNTS)) -> Findings:
    rows, pairs = [], []
    for number, _ in enumerate(TITLES):
        for measure in outcomes:
            value, low, high = (one * (1 + number) for one in AMOUNTS[measure])
            rows.append({"scenario": f"plan{number}", "outcome": MEASURES[measure].outcome, "group": "all", "level": "all",
                         "horizon_weeks": 260, "difference": value, "range_low": low, "range_high": high})  # fmt: skip
            if number:
                pairs.append(
                    {
                        "scenario": "plan0",
                        "against": "plan1",
                        **{k: v for k, v in rows[-1].items() if k != "scenario"},
                    }
                )
    manifest = {"weeks": 260, "adults": 1e5, "replicates": 8, "rank_by": rank_by, "place": {"title": "Erewash"},
                "scenarios": [{"name": f"plan{n}", "title": title} for n, title in enumerate(TITLES)]}  # fmt: skip
    return of_tables(pd.DataFrame(rows), pd.DataFrame(pairs), manifest)


def lines(shown, width: int) -> list[str]:
    console = Console(width=width)
    with console.capture() as text:
        console.print(shown(width))
    return text.get().splitlines()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("rank_by", [*RANK_BY, "at_end"])
def test_nothing_is_cut_off_and_columns_left_out_are_named(width, rank_by):
    told = found(
        rank_by if rank_by in RANK_BY else "person_years",
        AMOUNTS if rank_by in RANK_BY else ("at_end", "cost"),
    )
    shown = lines(lambda width: table.plans_table(told, width), width)
    assert max(map(len, shown)) <= width and not any("…" in line for line in shown)
    whole = " ".join(" ".join(shown).split())
    closed = re.sub(r"\s", "", whole)
    for head in (table.heads(told)[name] for name in table.measures(told)):
        words = head.split("\n")
        assert all(word in whole for word in words) or re.sub(r"\s", "", head) in closed, head
    gone = whole.partition("Left out on this narrow screen: ")[2]
    missing = [name for name in table.measures(told) if table.heads(told)[name].replace("\n", " ") in gone]
    assert told.measure not in missing and (not gone or missing)
    assert not gone or "effects.csv" in gone
    for plan in told.plans:
        for name in table.measures(told):
            if name not in missing:
                for text in table.cells(plan, name):
                    assert text.replace(" ", "") in closed, (name, text)
        for word in plan.title.split():
            assert word in closed
        assert table.ranks(plan) in whole
    assert width < 400 or not gone


@pytest.mark.parametrize("width", WIDTHS)
def test_the_table_of_pairs_is_not_cut_off_either(width):
    told = found()
    shown = lines(lambda width: table.against_table(told, "plan1", width), width)
    assert max(map(len, shown)) <= width and not any("…" in line for line in shown)
    closed = re.sub(r"\s", "", " ".join(shown))
    first = told.difference("plan0", "plan1", "person_years")
    for text in sentences.short(first).removesuffix(")").split(" ("):
        assert text.replace(" ", "") in closed
    assert "Ledwalks" in closed


def test_a_wide_screen_shows_every_measure_and_the_ranked_one_first():
    for rank_by, measure in RANK_BY.items():
        heads = lines(lambda width, by=rank_by: table.plans_table(found(by), width), 400)
        row = next(line for line in heads if line.startswith("Rank"))
        first = table.heads(found(rank_by))[measure].split("\n")[-1]
        assert re.split(r"\s{2,}", row)[2] == first
        assert len(re.split(r"\s{2,}", row.strip())) == 2 + len(table.SHOWN)


def test_a_price_that_cannot_be_given_is_said_to_be_so():
    told = found(outcomes=("person_years", "cost"))
    assert table.cells(told.plans[0], "cost_per_person_year") == ("not told", "")
    assert table.cells(found(outcomes=("person_years",)).plans[0], "cost_per_person_year") == ("–", "")
    assert table.cells(found().plans[0], "cost_per_person_year")[0].startswith("£")
