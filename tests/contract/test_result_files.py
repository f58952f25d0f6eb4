"""Files for people with a spreadsheet: the workbook, the dictionary, names beside codes."""

from __future__ import annotations

import csv
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fake_town import FakePlace, FakeScenario, open_fake

from model.outcomes import catalogue, levels
from model.outcomes.recorder import FLOWS
from model.population.columns import ATTRIBUTES
from scenarios import compare
from scenarios.findings.names import GROUPS, LEVELS, level_name
from scenarios.results import workbook

ZONE_NAMES = dict(zip(FakePlace().zones["code"], FakePlace().zones["name"], strict=True))
FORMULA = '=HYPERLINK("http://x")'


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A comparison of two plans, one of them named like a formula, in a place with a zone named like one."""
    plans = [FakeScenario("Walk", 0.2, end_week=10), FakeScenario("Nothing", null=True)]
    plans[1].name = FORMULA
    found = compare(plans, replicates=3, jobs=1, baseline=FakeScenario("Baseline"), opener=open_fake,
                    out=tmp_path_factory.mktemp("results") / "walk")  # fmt: skip
    assert found.directory is not None
    return found.directory


@pytest.fixture(scope="module")
def book(folder):
    openpyxl = pytest.importorskip("openpyxl", reason="the workbook is read back by another library")
    return openpyxl.load_workbook(folder / "effects.xlsx")


def rows(sheet) -> list[dict]:
    head, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


def test_every_file_and_column_of_the_folder_has_its_meaning(folder):
    told = pd.read_csv(folder / "dictionary.csv", keep_default_na=False)
    assert {path.name for path in folder.iterdir()} <= set(told["file"])
    for path in folder.glob("*.csv"):
        with path.open(newline="") as file:
            head = next(csv.reader(file))
        assert told.loc[(told["file"] == path.name) & (told["column"] != ""), "column"].tolist() == head
    for path in folder.glob("*.parquet"):
        assert set(pd.read_parquet(path).columns) <= set(told.loc[told["file"] == path.name, "column"])
    named = told[~((told["file"] == "*") & (told["column"] == "level"))]
    assert (named["meaning"] != "").all(), named[named["meaning"] == ""]


def test_the_dictionary_names_every_outcome_group_level_and_zone(folder):
    told = pd.read_csv(folder / "dictionary.csv", keep_default_na=False)
    values = told[told["file"] == "*"].set_index(["column", "value"])["meaning"]
    frame = pd.read_parquet(folder / "effects.parquet")
    for outcome in frame["outcome"].unique():
        assert ("outcome", outcome) in values.index
    for group, level in frame[["group", "level"]].drop_duplicates().itertuples(index=False):
        assert ("group", group) in values.index
        assert group == "asset_kind" or ("level", f"{group}={level}") in values.index
    assert values["level", "zone=E02"] == "B"


def test_every_outcome_of_the_model_is_in_the_catalogue_once():
    names = [one.name for one in catalogue.OUTCOMES]
    assert len(names) == len(set(names))
    assert {*levels.OUTCOMES, *FLOWS} == set(catalogue.names("level", "flow"))
    assert {one.unit for one in catalogue.OUTCOMES} <= set(catalogue.UNITS)
    assert set(catalogue.UNITS) == set(workbook.UNITS) == set(workbook.LEVEL_FORMATS)
    assert set(catalogue.UNITS) == set(workbook.CHANGE_FORMATS)


def test_every_group_and_level_of_the_model_has_words():
    assert set(ATTRIBUTES) <= set(GROUPS)
    for group, known in ATTRIBUTES.items():
        assert set(LEVELS[group]) == set(known)
    assert level_name("disability+sex", "limited_a_lot+female") == "Limited a lot, Women"
    assert level_name("asset_kind", "gp_practice") == "GP practice"


def test_names_stand_beside_codes_in_the_csv_file(folder):
    frame = pd.read_csv(folder / "effects.csv", dtype=str)
    zones = frame[frame["group"] == "zone"].drop_duplicates("level").set_index("level")["level_name"]
    assert zones.to_dict() == {"E01": "'=A", "E02": "B", "E03": "C"}
    assert set(frame.loc[frame["group"] == "imd_quintile", "level_name"]) == set(
        LEVELS["imd_quintile"].values()
    )


def test_the_workbook_has_its_sheets_and_heads_that_stay(book):
    assert book.sheetnames == ["Effects", "All effects", "Definitions", "Where from"]
    for sheet in book:
        assert sheet.freeze_panes and sheet.freeze_panes.endswith("2")
        assert all(sheet.column_dimensions[cell.column_letter].width > 8 for cell in sheet[1])


def test_all_effects_hold_the_numbers_of_the_file_as_numbers(book, folder):
    frame = workbook.named(pd.read_parquet(folder / "effects.parquet"), ZONE_NAMES)
    found = rows(book["All effects"])
    assert [str(row["level"]) for row in found] == frame["level"].tolist()
    for name in ("baseline_value", "scenario_value", "difference", "ci_low", "horizon_weeks", "replicates"):
        told = [row[name] for row in found]
        assert all(value is None or isinstance(value, int | float) for value in told), name
        assert pd.Series(told, dtype=float).to_numpy() == pytest.approx(
            frame[name].to_numpy(float), nan_ok=True
        )


def test_numbers_are_shown_by_the_unit_of_their_outcome(book):
    sheet = book["Effects"]
    head = [cell.value for cell in sheet[1]]
    shown = {row[1].value: row for row in sheet.iter_rows(min_row=2)}
    for words, level, change in (("Inactive", "0.0%", "+0.00%;-0.00%;0.00%"), ("Cost", "£#,##0", "+£#,##0;-£#,##0;£0"),
                                 ("Gap: most over least deprived fifth", "0.000", "+0.000;-0.000;0.000")):  # fmt: skip
        cells = shown[words]
        assert cells[head.index("With the scenario")].number_format == level
        assert cells[head.index("Difference")].number_format == change


def test_effects_stand_in_plain_words_and_plain_order(book, folder):
    frame = pd.read_parquet(folder / "effects.parquet")
    found = rows(book["Effects"])
    assert {row["Scenario"] for row in found} == {"Walk", FORMULA}
    order = [one.label for one in catalogue.OUTCOMES]
    walk = [row["Outcome"] for row in found if row["Scenario"] == "Walk"]
    assert walk == sorted(walk, key=order.index) and walk[0] == "Inactive"
    of_all = frame[(frame["group"] == "all") & (frame["scenario"] == "walk")]
    assert len(walk) == of_all["outcome"].nunique()
    moved = next(row for row in found if row["Outcome"] == "Adults moved out of inactivity")
    row = of_all[(of_all["outcome"] == "people_moved") & (of_all["horizon_weeks"] == 30)].iloc[0]
    assert moved["Difference"] == pytest.approx(row["difference"]) and moved["Weeks after the start"] == 30


def test_no_cell_is_a_formula_whatever_a_name_begins_with(book, folder):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert any(cell.value == FORMULA for cell in cells)
    with zipfile.ZipFile(folder / "effects.xlsx") as inside:
        sheets = [name for name in inside.namelist() if name.startswith("xl/worksheets/sheet")]
        assert all(b"<f>" not in inside.read(name) for name in sheets)


def test_the_workbook_defines_its_outcomes_and_says_where_it_is_from(book):
    defined = {row["Name in files"] for row in rows(book["Definitions"])}
    assert {one.name for one in catalogue.OUTCOMES} | set(GROUPS) <= defined
    facts = {row["What"]: row["Which"] for row in rows(book["Where from"])}
    assert facts["Place"] == "Testtown" and facts["Seed"] == 1 and facts["Replicates (pairs of runs)"] == 3
    assert "What-if" in facts["Kind of result"]


def test_a_frame_with_other_columns_and_outcomes_still_makes_a_workbook(folder):
    frame = pd.read_parquet(folder / "effects.parquet")
    frame = frame.assign(doubt_low=-1.0, doubt_high=1.0, range_low=-1.5, range_high=float("inf"))
    frame.loc[0, "outcome"] = "never_heard_of"
    from scenarios.files import store

    manifest = store.read_json(folder / "manifest.json")
    assert workbook.effects_workbook(frame, manifest, {}, [])[:2] == b"PK"
