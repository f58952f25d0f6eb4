"""Sections on where programmes meet people, on crossed groups, and cost by year: what the files say, and no more."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from scenarios.results import costs
from scenarios.results.programmes import COLUMNS
from tests.viz import fake_results as fake
from viz.report.page import Figure, Fold, Table, Text
from viz.report.results import read
from viz.report.sections import crossed, programmes, spending

PLAN = fake.NARROWS.name
GROUP = "disabled+age_band"


def venue(year, at, members, waiting, **more):
    place = {
        "zone": "Z1",
        "zone_name": "=North",
        "venue": at,
        "kind": "park",
        "easting": 446_000,
        "northing": 341_000,
    }
    row = {"scenario": PLAN, "intervention": 1, "type": "walking_scheme", "name": "Walks", "part": "group", "year": year,
           **place, "members": members, "waiting": waiting, "room": 100.0, "joined": 10.0, "completed": 5.0,
           "groups": 4.0}  # fmt: skip
    return {**row, **more}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = fake.write(
        tmp_path_factory.mktemp("results"), (fake.NARROWS, fake.NULL), weeks=60, replicates=4, zones=9
    )
    nowhere = {"part": "champion", "zone": "", "zone_name": "", "venue": "", "kind": "", "easting": None,
               "northing": None, "intervention": 2, "type": "community_champions", "name": "Champions"}  # fmt: skip
    rows = [venue(1, "<North> park", 30, 0), venue(1, "South park", 60, 12), venue(2, "<North> park", 90, 40),
            venue(1, "", 7, None, **nowhere)]  # fmt: skip
    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(folder / "places_used.csv", index=False)
    paid = [(1, "walking_scheme", "Walks", "setup", 1, 1000.0), (1, "walking_scheme", "Walks", "per_week", 1, 500.0),
            (1, "walking_scheme", "Walks", "per_week", 2, 250.0)]  # fmt: skip
    pd.DataFrame(
        [(PLAN, *row, 2024, costs.NOT_DISCOUNTED) for row in paid], columns=list(costs.COLUMNS)
    ).to_csv(folder / "costs.csv", index=False)
    codes = [zone["code"] for zone in json.loads((folder / "place.json").read_text())["zones"]]
    told = [{"scenario": PLAN, "intervention": 1, "zones": [{"code": codes[0], "name": "North"}]}]
    summary = {**json.loads((folder / "summary.json").read_text()), "programmes": told}
    (folder / "summary.json").write_text(json.dumps(summary))
    manifest = json.loads((folder / "manifest.json").read_text()) | {"by": GROUP.split("+")}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    path = folder / "effects.parquet"
    frame = pd.read_parquet(path)
    base = frame[
        (frame["outcome"] == "inactive") & (frame["group"] == "all") & (frame["horizon_weeks"] == 60)
    ]
    more = []
    for level, simulated in (("disabled+85+", 12.0), ("disabled+65-74", 44.0)):
        told = base.assign(group=GROUP, level=level)
        numbers = ["baseline_value", "scenario_value", "difference", "ci_low", "ci_high"]
        more.append(told if simulated >= 20 else told.assign(**dict.fromkeys(numbers, float("nan"))))
        for outcome, value in (("adults", 20 * simulated), ("residents_simulated", simulated)):
            counted = dict.fromkeys(numbers, float("nan")) | {
                "baseline_value": value,
                "scenario_value": value,
            }
            more.append(told.assign(outcome=outcome, **counted))
    pd.concat([frame, *more], ignore_index=True).to_parquet(path)
    return read(folder)


def rows_of(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_a_table_by_year_tells_members_queue_room_and_how_full(results):
    section = programmes.section(results)
    figure = next(part for part in section.parts if isinstance(part, Figure))
    assert rows_of(figure.table) == [
        ["Walks (groups), year 1", "90", "12", "200", "45%", "20", "10"],
        ["Walks (groups), year 2", "90", "40", "100", "90%", "10", "5"],
        ["Champions (champions), year 1", "7", "–", "100", "7%", "10", "5"],
    ]


def test_the_queue_is_said_in_words(results):
    text = next(part for part in programmes.section(results).parts if isinstance(part, Text))
    assert text.lines == [
        "Walks (groups): fullest in year 2, 90 for 100 places (90%); most wait in year 2, 40 people.",
        "Champions (champions): fullest in year 1, 7 for 100 places (7%).",
    ]


def test_the_map_has_a_dot_a_venue_and_shades_its_zones(results):
    figure = next(part for part in programmes.section(results).parts if isinstance(part, Figure))
    picture = str(figure.panels[0])
    assert picture.count("<circle") == 2 and "&lt;North&gt; park: 90 in year 2" in picture
    assert picture.count(f'fill="{programmes.SERVED}"') == 1
    for x, y in re.findall(r'cx="([\d.-]+)" cy="([\d.-]+)"', picture):
        assert 0 < float(x) < 300 and 0 < float(y) < 400


def test_every_venue_stands_in_a_fold_in_its_fullest_year(results):
    fold = next(part for part in programmes.section(results).parts if isinstance(part, Fold))
    assert rows_of(fold.parts[0]) == [
        ["<North> park", "Park", "=North", "Walks (groups)", "2", "90", "40", "100", "90%"],
        ["South park", "Park", "=North", "Walks (groups)", "1", "60", "12", "100", "60%"],
    ]


def test_folders_without_the_files_have_no_such_sections(tmp_path):
    older = read(fake.write(tmp_path, (fake.NARROWS,), weeks=60, replicates=4, zones=9))
    assert programmes.section(older) is None and crossed.section(older) is None
    assert spending.table(older, older.plans[0]) is None


def test_crossed_groups_are_told_with_their_people_and_few_are_hidden(results):
    section = crossed.section(results)
    assert "fewer than 20 simulated residents" in section.lead[0]
    assert section.lead[0].startswith("People by disabled or not and age, crossed.")
    few, told = rows_of(section.parts[0])
    assert few == ["Disabled, 85 and over", "240", "12", "not shown", "not shown", "too few people", "–"]
    assert told[:3] == ["Disabled, 65 to 74", "880", "44"] and told[3].endswith("%")


def test_cost_by_year_and_part_adds_up_and_says_that_it_is_not_discounted(results):
    table = spending.table(results, results.plans[0])
    assert rows_of(table) == [
        ["Setting up", "£1,000", "£0", "£1,000"],
        ["Running, by the week", "£500", "£250", "£750"],
        ["All parts", "£1,500", "£250", "£1,750"],
    ]
    assert table.head == ["Part", "Year 1", "Year 2", "All years"]
    assert "2024 prices, not discounted" in table.caption
