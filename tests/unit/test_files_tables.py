"""Tables as statistics sites and Excel export them are read, or the cause is named."""

import pytest

from model.files.numbers import number
from model.files.table import read_csv
from model.place.columns import canonical, known, upside_down, year_of

HEAD = "code,easting,northing,residents,imd_decile"
ROWS = "A,446000,341000,1500,1\nB,447200,341300,1600,4"
PLAIN = f"{HEAD}\n{ROWS}\n"


def read(path, text, encoding="utf-8"):
    """The table of a text, which must be read without a fault."""
    path = path / "zones.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    table, faults = read_csv(path, known)
    assert faults == [], [str(fault) for fault in faults]
    return table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize(
    "change", [str, lambda text: text.replace(",", ";"), lambda text: text.replace(",", "\t")]
)
def test_encodings_and_separators(tmp_path, encoding, change):
    table = read(tmp_path, change(PLAIN.replace("A,", "Café,")), encoding)
    assert [canonical(header) for header in table.headers] == HEAD.split(",")
    assert table.rows[0][:2] == ["Café", "446000"] and table.lines == [2, 3] and table.notes == []


@pytest.mark.parametrize("separator", [";", "\t", "|", ","])
def test_the_line_in_which_excel_names_the_separator(tmp_path, separator):
    table = read(tmp_path, f"sep={separator}\r\n" + PLAIN.replace(",", separator).replace("\n", "\r\n"))
    assert table.headers[0] == "code" and table.head == 2 and table.lines == [3, 4]


def test_titles_above_the_head_and_notes_below_are_passed_over_and_said(tmp_path):
    titles = (
        '"TS001 - Number of usual residents"\n"ONS Crown Copyright Reserved [from Nomis]"\n\n"Date","2021"\n'
    )
    table = read(tmp_path, f'{titles}\n{PLAIN}\n"Protected by swapping records, by a small amount"\n')
    assert table.headers == HEAD.split(",") and table.head == 6 and table.lines == [7, 8]
    assert [note.line for note in table.notes] == [1, 10]
    assert "above the head" in table.notes[0].message and "below the table" in table.notes[1].message


def test_titles_hold_commas_where_cells_are_parted_by_semicolons(tmp_path):
    table = read(tmp_path, "Residents, by zone, district, county, region, nation\n" + PLAIN.replace(",", ";"))
    assert table.headers == HEAD.split(",") and len(table.rows) == 2


def test_a_group_of_headings_above_the_head_is_passed_over(tmp_path):
    assert read(tmp_path, f"Zone,Centre,,People,Deprivation\n{PLAIN}").headers == HEAD.split(",")


def test_a_head_of_two_rows_is_read_as_one(tmp_path):
    head = "code,easting,northing,residents,Index of Multiple Deprivation (IMD),\n,,,,Decile,Rank\n"
    table = read(tmp_path, f"{head}A,446000,341000,1500,1,3000\nB,447200,341300,1600,4,12000\n")
    assert [canonical(header) for header in table.headers] == [*HEAD.split(","), "imd_rank"]
    assert table.lines == [3, 4]


def test_units_under_the_head_are_no_row(tmp_path):
    table = read(tmp_path, f"{HEAD}\n,m,m,people,1-10\n{ROWS}\n")
    assert table.lines == [3, 4] and "second line of the head" in table.notes[0].message


def test_empty_columns_at_the_right_do_no_harm(tmp_path):
    text = "\n".join(f"{line},," for line in PLAIN.splitlines())
    assert read(tmp_path, text).rows[1] == ["B", "447200", "341300", "1600", "4"]


def test_decimal_commas_are_read_and_said(tmp_path):
    text = "code;easting;northing;residents;imd_decile;imd_score\nA;446.000;341000,5;1.500;1;54,28\nB;447.200;341300;1.600;4;0,123\n"
    table = read(tmp_path, text)
    assert table.rows[0] == ["A", "446000", "341000.5", "1500", "1", "54.28"]
    assert number(table.rows[1][5]) == 0.123
    assert "decimal commas" in table.notes[0].message


def test_thousands_with_commas_stay_thousands(tmp_path):
    table = read(tmp_path, f'{HEAD},share_disabled\nA,"446,000",341000,"1,500",1,0.25\n')
    assert [number(cell) for cell in table.rows[0][1:]] == [
        446000,
        341000,
        1500,
        1,
        0.25,
    ] and table.notes == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04\x14\x00", "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"SQLite format 3\x00", "GeoPackage"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (b"\x00\x01\x02\xff\x00", "not a text file"),
    ],
)
def test_files_that_are_no_tables_are_named(tmp_path, data, said):
    path = tmp_path / "zones.csv"
    path.write_bytes(data)
    _, faults = read_csv(path, known)
    assert len(faults) == 1 and said in faults[0].message


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)", "imd_decile"),
        ("Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)", "imd_rank"),
        ("Index of Multiple Deprivation (IMD) Score", "imd_score"),
        ("Education, Skills and Training Decile (where 1 is most deprived 10% of LSOAs)", "decile_education"),
        ("Health Deprivation and Disability Decile", "decile_health"),
        ("Barriers to Housing and Services Decile (where 1 is most deprived 10% of LSOAs)", "decile_housing"),
        ("Living Environment Decile", "decile_environment"),
        ("Income_decile", "decile_income"),
        ("IMD2019_rank", "imd_rank"),
        ("LSOA code (2021)", "code"),
        ("2021 super output area - lower layer", "name"),
        ("mnemonic", "code"),
        ("Total population: mid 2022 (excluding prisoners)", "residents"),
        ("Income Score (rate)", None),
        ("Health Deprivation and Disability Rank (where 1 is most deprived)", None),
    ],
)
def test_heads_of_publishers_are_understood_in_full(header, name):
    assert canonical(header) == name


def test_years_and_directions_of_headings():
    years = [
        year_of(header) for header in ("LSOA11CD", "lsoa21_code", "LSOA code (2011)", "imd_rank_2019", "code")
    ]
    assert years == [2011, 2021, 2011, 2019, None]
    assert upside_down("IMD decile (10 = most deprived)") and upside_down("Decile (1 is least deprived)")
    assert not upside_down("Decile (where 1 is most deprived 10% of LSOAs)")
