"""Zones that cannot stand where they are said to, and rows that are no zones, are refused by what they are."""

import json

import pytest

from model.place.codes import district
from model.place.place import check, examine

HEAD = "code,easting,northing,residents,imd_decile,share_disabled"
BASE = [
    (f"E010196{38 + k}", 442_000 + 700 * (k % 5), 336_000 + 600 * (k // 5), 1500, 1 + k % 10, 0.2)
    for k in range(20)
]


def folder(path, rows, head=HEAD, **files):
    path.mkdir(exist_ok=True)
    (path / "zones.csv").write_text(
        "\n".join([head, *(",".join(map(str, row)) for row in rows)]), encoding="utf-8"
    )
    for name, text in files.items():
        (path / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return path


def fault(path):
    faults = check(path)
    assert len(faults) == 1, [str(one) for one in faults]
    return faults[0]


def test_twenty_zones_of_a_district_are_fine(tmp_path):
    assert check(folder(tmp_path / "p", BASE)) == []


def test_a_code_or_a_name_tells_the_district():
    for code, name in (("E01019638", ""), ("E01035999", "Erewash 016A"), ("Z", "Erewash 016A")):
        found = district(code, name)
        assert found is not None and found.name == "Erewash" and 430 < found.west < found.east < 460
    assert district("Z01", "Mill Town") is None and district("E01099999") is None


@pytest.mark.parametrize(
    ("move", "said"),
    [
        (lambda e, n: (n, e), "easting and northing are swapped"),
        (lambda e, n: (e - 200_000, n), "another grid"),
        (lambda e, n: (445_000, 338_000), "all zones stand on one point"),
        (lambda e, n: (e / 1000, n / 1000), "kilometres"),
        (lambda e, n: (-1.3, 52.9), "degrees"),
        (lambda e, n: (-145_000 + e / 10, 6_960_000), "Web Mercator"),
        (lambda e, n: (e + 150_000, 5_870_000), "UTM"),
    ],
)
def test_the_wrong_grid_or_axes_are_one_fault_that_says_what_they_look_like(tmp_path, move, said):
    rows = [(code, *move(e, n), *rest) for code, e, n, *rest in BASE]
    found = fault(folder(tmp_path / "p", rows))
    assert said in str(found) and found.key == "easting, northing" and found.line == 2


def test_axes_are_found_swapped_by_names_alone(tmp_path):
    rows = [(f"Z{k}", f"Erewash 0{10 + k}A", n, e, *rest) for k, (_, e, n, *rest) in enumerate(BASE)]
    found = fault(folder(tmp_path / "p", rows, HEAD.replace("code,", "code,name,")))
    assert "swapped" in found.message and "Erewash" in (found.allowed or "")


@pytest.mark.parametrize("name", ["E01019645", "Z7"])
def test_one_zone_300_km_off_is_named(tmp_path, name):
    rows = [list(row) if name[0] == "E" else [f"Z{k}", *row[1:]] for k, row in enumerate(BASE)]
    rows[7][2] += 300_000
    found = fault(folder(tmp_path / "p", rows))
    assert found.line == 9 and name in (found.found or "")
    assert ("not where its code says" if name[0] == "E" else "far from all others") in found.message


def test_a_zone_of_2011_beside_its_successor_is_named(tmp_path):
    rows = [list(row) for row in BASE]
    rows[5][0], rows[5][1:3] = "E01035500", rows[2][1:3]
    found = fault(folder(tmp_path / "p", rows))
    assert found.line == 7 and "E01019640, a zone of 2011, beside its successor of 2021, E01035500" in (
        found.hint or ""
    )


def test_shapes_on_the_same_ground_are_refused(tmp_path):
    def square(code, east, north, side):
        ring = [
            [east, north],
            [east + side, north],
            [east + side, north + side],
            [east, north + side],
            [east, north],
        ]
        shape = {"type": "Polygon", "coordinates": [ring]}
        return {"type": "Feature", "properties": {"code": code}, "geometry": shape}

    rows = [("A", 446_500, 341_500, 1500, 1, 0.2), ("B", 447_500, 341_500, 1500, 1, 0.2)]
    apart = [square("A", 446_000, 341_000, 1000), square("B", 447_000, 341_000, 1000)]
    over = [square("A", 446_000, 341_000, 2000), square("B", 447_000, 341_000, 1000)]
    for features, faults in ((apart, 0), (over, 1)):
        text = json.dumps({"type": "FeatureCollection", "features": features})
        found = check(folder(tmp_path / "p", rows, boundaries__geojson=text))
        assert len(found) == faults
    assert "same ground" in found[0].message and found[0].found == "B and A"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("W01000011", 445_000, 338_000, 1500, 1, 0.2), "zone of Wales"),
        (("S01006506", 445_000, 338_000, 1500, 1, 0.2), "zone of Scotland"),
        (("Total", "", "", 30_000, "", 4.0), "total row"),
        (("E07000036", 445_000, 338_000, 30_000, 5, 0.2), "a district, not a zone: a total row?"),
        (("E92000001", "", "", 56_000_000, "", 0.2), "England as a whole"),
        (("Erewash", 445_000, 338_000, 30_000, 5, 20), "total row"),
        (("Average", 445_000, 338_000, 1500, 5, 0.2), "total row"),
    ],
)
def test_a_row_that_is_no_zone_is_named_and_no_column_blamed(tmp_path, row, said):
    found = fault(folder(tmp_path / "p", [*BASE, row]))
    assert said in found.message and found.line == 22 and found.found == row[0]
    assert "100" not in (found.hint or "")


def test_a_share_above_one_in_one_row_is_that_rows_fault(tmp_path):
    rows = [list(row) for row in BASE]
    rows[4][5] = 20
    found = fault(folder(tmp_path / "p", rows))
    assert found.line == 6 and found.message == "is out of range"
    percent = fault(folder(tmp_path / "p", [(*row[:5], 20) for row in BASE]))
    assert "percent" in percent.message


def test_residents_in_thousands_are_refused_and_very_few_warned_of(tmp_path):
    found = fault(folder(tmp_path / "p", [(*row[:3], 1.5 + k / 100, *row[4:]) for k, row in enumerate(BASE)]))
    assert "thousands" in found.message and found.key == "residents" and found.line == 2
    few = examine(folder(tmp_path / "p", [(*row[:3], 15, *row[4:]) for row in BASE]))
    assert few["valid"] and any("hardly anybody" in one.message for one in few["warnings"])
