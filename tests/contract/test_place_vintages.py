"""Zones and deprivation of one vintage are told; mixed ones, and columns that disagree, are refused with the rows."""

import math

import pytest

from model.place.place import Place, check, examine

PLACES = [(446_000 + 700 * (k % 5), 341_000 + 600 * (k // 5)) for k in range(20)]


def folder(path, head, *columns, codes=None):
    """A folder of twenty zones; further columns are lists of twenty."""
    codes = codes or [f"Z{k:02d}" for k in range(20)]
    rows = zip(codes, *zip(*PLACES, strict=True), [1500] * 20, *columns, strict=True)
    path.mkdir(exist_ok=True)
    lines = [head, *(",".join(map(str, row)) for row in rows)]
    (path / "zones.csv").write_text("\n".join(lines), encoding="utf-8")
    return path


def ranks(of):
    """Twenty national ranks of so many zones, and their deciles."""
    # Where the Indices of 2019 and 2025 draw their tenths apart, so that the two can be told.
    found = [round(of * (k // 2 + 1) / 10) - (0 if k % 2 else 900) for k in range(20)]
    return found, [math.ceil(rank * 10 / of) for rank in found]


HEAD = "{},easting,northing,residents,imd_rank,imd_decile"
ENGLISH = [f"E010196{38 + k}" for k in range(20)]
NEW = [*ENGLISH[:19], "E01035507"]


def fault(path):
    faults = check(path)
    assert len(faults) == 1, [str(one) for one in faults]
    return faults[0]


@pytest.mark.parametrize(("of", "year", "census"), [(33_755, 2025, 2021), (32_844, 2019, 2011)])
def test_the_vintage_is_found_from_ranks_and_deciles(tmp_path, of, year, census):
    found = examine(folder(tmp_path / "p", HEAD.format("code"), *ranks(of)))
    assert found["valid"] and (found["vintage"]["deprivation"], found["vintage"]["zones"]) == (year, census)


def test_ranks_of_2019_are_read_as_of_their_own_number_of_zones(tmp_path):
    rank, decile = ranks(32_844)
    place = Place.load(folder(tmp_path / "p", HEAD.format("LSOA11CD").replace(",imd_decile", ""), rank))
    assert place.zones["imd_decile"].tolist() == decile
    assert any("2019" in str(one) for one in place.warnings)
    newer = Place.load(folder(tmp_path / "q", HEAD.format("LSOA21CD").replace(",imd_decile", ""), rank))
    assert newer.zones["imd_decile"].tolist() != decile


def test_ranks_of_no_told_year_are_taken_as_the_latest_and_said(tmp_path):
    found = examine(folder(tmp_path / "p", HEAD.format("code").replace(",imd_decile", ""), ranks(32_844)[0]))
    assert found["valid"] and any("taken to be of 2025" in one.message for one in found["warnings"])


MIXED = [
    ("LSOA11CD", ranks(33_755), ENGLISH, "zones of 2011 with deprivation of 2025"),
    ("LSOA21CD", ranks(32_844), ENGLISH, "zones of 2021 with deprivation of 2019"),
    ("LSOA11CD", ranks(32_844), NEW, "codes are of zones made in 2021"),
    ("code", ranks(32_844), NEW, "zones of 2021 with deprivation of 2019"),
]


@pytest.mark.parametrize(("head", "columns", "codes", "said"), MIXED)
def test_mixed_vintages_are_refused(tmp_path, head, columns, codes, said, monkeypatch):
    monkeypatch.setattr("model.place.where.district", lambda code, name="": None)
    found = fault(folder(tmp_path / "p", HEAD.format(head), *columns, codes=codes))
    assert said in found.message and found.line is not None


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("code,easting,northing,residents,imd_rank_2025,imd_decile_2019", "two years"),
        ("LSOA11CD,easting,northing,residents_2021,imd_rank,imd_decile", "residents of 2021"),
        ("code,easting,northing,residents,imd_rank_2019,imd_decile", "beyond the last rank of 2019"),
        (
            "code,easting,northing,residents,imd_rank,imd_decile (10 = most deprived)",
            "10 is the most deprived",
        ),
    ],
)
def test_headings_that_contradict_each_other_or_the_data_are_refused(tmp_path, head, said):
    assert said in fault(folder(tmp_path / "p", head, *ranks(33_755))).message


def test_the_rows_in_which_decile_and_rank_disagree_are_named(tmp_path):
    rank, decile = ranks(33_755)
    decile[3], rank[7] = 9, 33_000
    faults = check(folder(tmp_path / "p", HEAD.format("code"), rank, decile))
    assert [one.line for one in faults] == [5, 9] and all("disagree" in one.message for one in faults)
    assert faults[0].found == f"decile 9 beside rank {rank[3]:,} of 33,755" and faults[1].key == "imd_decile"


def test_deciles_upside_down_are_one_fault(tmp_path):
    rank, decile = ranks(33_755)
    found = fault(folder(tmp_path / "p", HEAD.format("code"), rank, [11 - one for one in decile]))
    assert "upside down" in found.message and "20 of 20 zones" in (found.found or "")


def test_scores_must_say_what_deciles_and_ranks_say(tmp_path):
    middles = [
        54.28,
        38.3,
        29.67,
        23.94,
        19.39,
        15.69,
        12.55,
        9.69,
        6.95,
        3.77,
    ]  # IoD 2025, middle of each tenth
    score = [middles[k // 2] for k in range(20)]
    head = "code,easting,northing,residents,imd_decile,imd_score"
    decile = [k // 2 + 1 for k in range(20)]
    assert check(folder(tmp_path / "p", head, decile, score)) == []
    swapped = [9, *decile[1:]]
    found = fault(folder(tmp_path / "p", head, swapped, score))
    assert "disagree" in found.message and found.line == 2 and "score of 54.28" in (found.found or "")
    found = fault(folder(tmp_path / "p", head, [11 - one for one in decile], score))
    assert "upside down" in found.message


def test_deciles_of_a_domain_upside_down_are_named(tmp_path):
    rank, decile = ranks(33_755)
    head = f"{HEAD.format('code')},decile_income,decile_housing"
    assert check(folder(tmp_path / "p", head, rank, decile, decile, [11 - one for one in decile])) == []
    found = fault(folder(tmp_path / "p", head, rank, decile, [11 - one for one in decile], decile))
    assert found.key == "decile_income" and "upside down" in found.message


def test_deciles_that_stand_alone_are_held_against_hardship(tmp_path):
    decile, no_car = [k // 2 + 1 for k in range(20)], [0.5 - k / 50 for k in range(20)]
    head = "code,easting,northing,residents,imd_decile,share_households_no_car"
    assert examine(folder(tmp_path / "p", head, decile, no_car))["warnings"] == []
    found = examine(folder(tmp_path / "p", head, [11 - one for one in decile], no_car))
    assert found["valid"] and "upside down" in found["warnings"][0].message
