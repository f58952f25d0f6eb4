"""`place check` lists columns used, not used and filled, and files passed over; `place show` speaks no Python."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from door import door, one_object

from cli.place_lines import place_lines
from model.place.place import Place, check, describe

CASES = Path(__file__).parents[3] / "shared" / "cases"
ZONES = (
    "code,easting,northing,People,imd_decile,ward,share_disable,share_disabled\n"
    "A,446000,341000,1500,1,Mill,0.2,0.2\nB,447200,341300,1600,4,Mill,0.2,\n"
)


@pytest.fixture
def folder(tmp_path) -> Path:
    path = tmp_path / "p"
    path.mkdir()
    (path / "zones.csv").write_text(ZONES.replace("People", "Population"), encoding="utf-8")
    return path


def test_the_json_verdict_lists_used_unused_and_filled_columns(folder):
    (folder / "assets.csv").write_text(
        "kind,name,easting,northing,price,lamps\npark,Green,446100,341100,,4\n"
    )
    told = one_object(door("place", "check", str(folder), "--json").stdout)
    assert told["valid"] and told["errors"] == []
    assert {"valid", "used", "unused", "filled", "warnings", "errors"} <= told.keys()
    used = {(Path(one["file"]).name, one["column"]): one["as"] for one in told["used"]}
    assert used["zones.csv", "Population"] == "residents" and used["assets.csv", "kind"] == "kind"
    unused = {(Path(one["file"]).name, one["column"]) for one in told["unused"]}
    assert unused == {("zones.csv", "ward"), ("zones.csv", "share_disable"), ("assets.csv", "lamps")}
    filled = {one["column"]: one["how"] for one in told["filled"]}
    assert filled["share_disabled"] == "England's figure for the zone's IMD fifth (1 of 2 zones)"
    assert filled["imd_rank"] == "the middle of the decile" and "residents" not in filled
    assert filled["assets.price"] == "the ledger's value for the kind (1 of 1 listed)"


def test_the_verdict_for_people_says_the_same(folder):
    said = door("place", "check", str(folder))
    assert said.exit_code == 0 and f"{folder} is valid." in said.stdout
    assert "Population (as residents)" in said.stdout and "Not used:" in said.stdout
    assert "share_disabled: England's figure for the zone's IMD fifth (1 of 2 zones)" in said.stdout.replace(
        "\n    ", " "
    )


def test_a_column_nearly_named_right_is_asked_about(folder):
    (folder / "zones.csv").write_text(
        ZONES.replace("People", "residents").replace(",share_disabled", ",beds")
    )
    said = door("place", "check", str(folder))
    assert "share_disable: the column is not understood. Did you mean 'share_disabled'?" in said.stderr


def test_a_place_at_fault_still_has_its_columns_listed(folder):
    (folder / "zones.csv").write_text(ZONES.replace("People", "residents").replace("1600", "many"))
    answer = door("place", "check", str(folder), "--json")
    told = one_object(answer.stdout)
    assert answer.exit_code == 2 and not told["valid"] and told["errors"][0]["line"] == 3
    assert len(told["used"]) == 6 and told["filled"] == []


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("boundaries.gpkg", "each zone gets the land nearest to its centre"),
        ("Boundaries.shp", "each zone gets the land nearest to its centre"),
        ("lsoa_2021.kml", "each zone gets the land nearest to its centre"),
        ("assets.xlsx", "all assets are generated"),
        ("leisure facilities.csv", "all assets are generated"),
        ("zones.xlsx", "zones come from zones.csv"),
        ("place.yml", "the title and settings are the usual ones"),
        ("wages.csv", "nothing is taken from it"),
    ],
)
def test_files_passed_over_are_said_with_what_is_assumed_instead(folder, name, instead):
    (folder / name).write_bytes(b"PK\x03\x04")
    told = one_object(door("place", "check", str(folder), "--json").stdout)
    said = [one for one in told["warnings"] if one["file"].endswith(name)]
    assert told["valid"] and len(said) == 1
    assert said[0]["message"] == f"the file is not read: {instead}" and said[0]["hint"]
    assert any(one["file"].endswith(name) and one["column"] is None for one in told["unused"])
    assert any(instead in str(warning) for warning in Place.load(folder).warnings)


def test_notes_and_parts_of_a_shapefile_are_passed_over_in_silence(folder):
    for name in ("README.md", "notes.txt", ".hidden", "boundaries.dbf", "boundaries.prj"):
        (folder / name).write_text("x")
    (folder / "zones.csv").write_text(ZONES.replace("People", "residents").replace("share_disable,", "beds,"))
    assert one_object(door("place", "check", str(folder), "--json").stdout)["warnings"] == []


@pytest.mark.parametrize(
    ("line", "key"), [("cell_m: 0250", "cell_m"), ("cell_m: 4:10", "cell_m"), ("title: NO", "title"),
                      ("name: &a x", "name"), ("cell_m: 1_00", "cell_m"), ("licence: *b", "licence")],
)  # fmt: skip
def test_words_with_two_readings_in_place_yaml_are_asked_about(folder, line, key):
    (folder / "place.yaml").write_text(f"schema_version: 1\n{line}\n")
    faults = check(folder)
    assert [(fault.line, fault.key) for fault in faults] == [(2, key)]


def test_profiles_are_read_with_the_same_guard(tmp_path):
    path = tmp_path / "mytown.yaml"
    path.write_text("zones: 010\nresidents: 8000\narea_km2: 4\nshare_urban: 1\n"
                    "share_residents_by_imd_decile: [0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0.5]\n")  # fmt: skip
    faults = check(path)
    assert [(fault.line, fault.key) for fault in faults] == [(1, "zones")] and "two ways" in faults[0].message


def test_show_speaks_no_python(folder):
    for words in (["erewash"], ["erewash", "--people", "--sample", "0.02"], [str(folder)]):
        said = door("place", "show", *words).stdout
        assert not re.search(r"[{}]|\bNone\b|\bTrue\b|\bFalse\b|\bnan\b|\w'?: '|\('", said), said
    assert "  park: 243 generated" in door("place", "show", "erewash").stdout


def test_show_says_what_is_not_known():
    lines = place_lines(
        {"licence": "", "sources": [], "ties": {"mean": None, "by": []}, "vintage": {}, "ok": True}
    )
    assert lines == [
        "licence: not known",
        "sources: none",
        "ties:",
        "  mean: not known",
        "  by: none",
        "ok: yes",
    ]


def test_a_place_of_one_zone_is_described_without_holes(tmp_path):
    (tmp_path / "zones.csv").write_text(
        "code,easting,northing,residents,imd_decile\nA,446000,341000,1500,1\n"
    )
    facts = describe(Place.load(tmp_path))
    assert facts["share_residents_by_imd_quintile"] == {"1": 1.0, "2": 0.0, "3": 0.0, "4": 0.0, "5": 0.0}
    assert "nan" not in door("place", "show", str(tmp_path), "--people").stdout


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases do not stand beside the checkout")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("place_my_erewash_ok", None),
        ("place_mhclg_file7_headers", None),
        ("place_domain_deciles_ignored", None),
        ("place_decile_inverted", "upside down"),
        ("place_swapped_nobound", "swapped"),
        ("place_nott_mixed", "two zones stand on one point"),
        ("place_tiny", "thousands"),
    ],
)
def test_the_cases_are_right_or_refused_by_what_is_wrong(name, said):
    answer = door("place", "check", str(CASES / name), "--json")
    told = one_object(answer.stdout)
    assert told["valid"] == (said is None)
    if said:
        assert len(told["errors"]) == 1 and said in told["errors"][0]["message"] and told["errors"][0]["line"]
    elif name != "place_my_erewash_ok":
        assert {f"decile_{domain}" for domain in ("income", "education", "housing", "environment")} <= {
            one["as"] for one in told["used"]}  # fmt: skip


def zones(*cells: str, head: str) -> str:
    rows = [f"Z{k},{446000 + 900 * k},341000,1500,{k + 1},{cell}" for k, cell in enumerate(cells)]
    return "\n".join([f"code,easting,northing,residents,imd_decile,{head}", *rows])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("assets.csv", "kind,name,easting,northing\n"),
        ("assets.geojson", '{"type": "FeatureCollection", "features": []}'),
    ],
)
def test_a_list_of_no_assets_is_warned_of(folder, name, text):
    (folder / name).write_text(text)
    said = door("place", "check", str(folder))
    assert said.exit_code == 0 and f"{name}: no assets are read: they are made up instead" in said.stderr


def test_shapes_that_match_no_zone_are_counted(folder):
    def feature(code, x, y=341000):
        ring = [
            [x - 400, y - 400],
            [x + 400, y - 400],
            [x + 400, y + 400],
            [x - 400, y + 400],
            [x - 400, y - 400],
        ]
        shape = {"type": "Polygon", "coordinates": [ring]}
        return {"type": "Feature", "properties": {"code": code}, "geometry": shape}

    shapes = [feature("A", 446000), feature("B", 447200, 341300), feature("C", 449000), feature("D", 450000)]
    path = folder / "boundaries.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": shapes[:2]}))
    assert "match no zone" not in door("place", "check", str(folder)).stderr
    path.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}))
    said = door("place", "check", str(folder))
    assert said.exit_code == 0
    assert "shapes that match no zone of zones.csv are passed over (found 2 of 4)" in said.stderr


@pytest.mark.parametrize("name", ["share_female", "share_disabled"])
@pytest.mark.parametrize("share", ["0", "1.0"])
def test_a_share_of_all_or_none_in_every_zone_is_warned_of(folder, name, share):
    (folder / "zones.csv").write_text(zones(share, share, share, head=name))
    said = door("place", "check", str(folder))
    assert said.exit_code == 0
    assert (
        f"{name}: is the same in every zone, and so in no real place (found {float(share):g} in 3 zones)"
        in said.stderr
    )
    (folder / "zones.csv").write_text(zones(share, "0.5", share, head=name))
    assert "in every zone" not in door("place", "check", str(folder)).stderr


@pytest.mark.parametrize(
    "name", ["zones.csv", "assets.csv", "assets.geojson", "boundaries.geojson", "place.yaml"]
)
def test_a_folder_where_a_file_is_wanted_is_told_as_a_folder(folder, name):
    (folder / name).unlink(missing_ok=True)
    (folder / name).mkdir()
    said = door("place", "check", str(folder))
    assert said.exit_code == 2 and said.stderr.count("error:") == 1
    assert f"{name}: is a folder; allowed: a file" in said.stderr
    said = door("simulate", "baseline", "--parameters", str(folder / name))
    assert said.exit_code == 2 and "parameters: is a folder" in said.stderr
