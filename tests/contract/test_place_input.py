"""What a user may hand in as a place, and what is said when it is wrong: file, line, key, found, allowed."""

import json
from pathlib import Path

import numpy as np
import pytest

from model.errors import Fault, InputError
from model.files.text import shorten
from model.place.place import Place, check, describe

HEADER = "code,easting,northing,residents,imd_decile"
ROWS = ["A,446000,341000,1500,1", "B,447200,341300,1600,4", "C,446500,342200,1400,9"]


def folder(path: Path, zones="\n".join([HEADER, *ROWS]), **files) -> Path:
    """A place folder; `zones` is text or bytes; further files by name with `__` for the dot."""
    path.mkdir(exist_ok=True)
    for name, text in {"zones.csv": zones, **{k.replace("__", "."): v for k, v in files.items()}}.items():
        (path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def only(path: Path):
    faults = check(path)
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


def table(*rows, header=HEADER):
    return "\n".join([header, *rows])


# What is fine


def test_the_least_that_makes_a_place(tmp_path):
    place = Place.load(folder(tmp_path / "little_place"))
    assert (place.name, place.synthetic, place.residents) == ("little_place", False, 4500)
    filled = dict(place.filled)
    assert {"share_disabled", "imd_rank", "area_km2", "boundaries", "assets.park"} <= filled.keys()
    assert "fifth" in filled["share_disabled"] and "residents" not in filled
    assert place.zones["share_disabled"].round(4).tolist() == [0.2115, 0.1847, 0.1407]
    assert (np.bincount(place.layers["zone"][place.layers["zone"] >= 0], minlength=3) > 0).all()


def test_a_place_of_one_zone(tmp_path):
    place = Place.load(folder(tmp_path / "one", table(ROWS[0])))
    assert len(place.zones) == 1 and place.layers["homes"].sum() == pytest.approx(1, abs=1e-5)
    assert describe(place)["share_residents_by_imd_quintile"]["1"] == 1.0


@pytest.mark.parametrize("encode", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_usual_encoding(tmp_path, encode):
    text = table("A,Café Road,446000,341000,1500,1", header="code,name,easting,northing,residents,imd_decile")
    assert Place.load(folder(tmp_path / "p", text.encode(encode))).zones["name"][0] == "Café Road"


@pytest.mark.parametrize("change", [str, lambda t: t.replace(",", ";"), lambda t: t.replace(",", "\t"),
                                    lambda t: t.replace("\n", "\r\n") + "\r\n\r\n"])  # fmt: skip
def test_any_usual_separator_and_line_end(tmp_path, change):
    assert Place.load(folder(tmp_path / "p", change(table(*ROWS)))).residents == 4500


def test_numbers_as_people_write_them_and_headers_with_years(tmp_path):
    text = table(
        'A,"446,000",341000,"1,500",1,0.35',
        "B,447200,341300, 1600 ,4,n/a",
        header="LSOA21CD,Easting,Northing,Residents_2021,IMD_decile_2025,Share_disabled",
    )
    zones = Place.load(folder(tmp_path / "p", text)).zones
    assert zones["residents"].tolist() == [1500, 1600] and zones["share_disabled"].round(4).tolist() == [
        0.35,
        0.1847,
    ]


def test_deprivation_from_score_or_rank_alone(tmp_path):
    by_rank = table(
        "A,446000,341000,1500,100", "B,447200,341300,1600,33000", header=HEADER.replace("decile", "rank")
    )
    assert Place.load(folder(tmp_path / "r", by_rank)).zones["imd_decile"].tolist() == [1, 10]
    by_score = table(
        "A,446000,341000,1500,60", "B,447200,341300,1600,2", header=HEADER.replace("decile", "score")
    )
    assert Place.load(folder(tmp_path / "s", by_score)).zones["imd_decile"].tolist() == [1, 10]


def test_a_users_own_columns_are_kept(tmp_path):
    text = table(*(f"{row},{own}" for row, own in zip(ROWS, ("x,3", "y,", "x,5"), strict=True)),
                 header=f"{HEADER},ward type,bus stops")  # fmt: skip
    zones = Place.load(folder(tmp_path / "p", text)).zones
    assert zones["ward type"].tolist() == ["x", "y", "x"]
    assert zones["bus stops"].fillna(-1).tolist() == [3, -1, 5]


def test_blanks_of_a_whole_take_what_is_left(tmp_path):
    text = table("A,446000,341000,1500,1,0.9,", header=f"{HEADER},share_ethnic_white,share_ethnic_asian")
    zone = Place.load(folder(tmp_path / "p", text)).zones.iloc[0]
    assert zone["share_ethnic_white"] == pytest.approx(0.9)
    assert zone["share_ethnic_asian"] == pytest.approx(0.1 * 0.1616 / (0.1616 + 0.0792 + 0.035 + 0.0338))


def test_listed_assets_are_kept_and_the_rest_is_marked(tmp_path):
    assets = (
        "kind,name,easting,northing,price,lamps\npark,Green,446100,341100,0,4\n"
        "club,Rovers,446200,341200,,2\nChurch,St Mary,446300,341300,,"
    )
    place = Place.load(folder(tmp_path / "p", assets__csv=assets))
    listed = place.assets[~place.assets["synthetic"]]
    assert listed["name"].tolist() == ["Green", "Rovers", "St Mary"] and listed.index.tolist() == [0, 1, 2]
    assert listed["kind"].tolist() == ["park", "club", "place_of_worship"] and listed["lamps"][0] == 4
    assert listed["price"][0] == 0 and listed["price"][1] == 4
    counts = place.assets[place.assets["synthetic"]]["kind"].value_counts()
    assert "club" not in counts and "place_of_worship" not in counts and counts["leisure_centre"] == 1
    known = Place.load(
        folder(tmp_path / "p", place__yaml="complete_kinds: [park, waterside]", assets__csv=assets)
    )
    assert (known.assets["kind"] == "park").sum() == 1 and not (known.assets["kind"] == "waterside").any()


def test_assets_as_geojson_in_degrees(tmp_path):
    feature = {"type": "Feature", "properties": {"Kind": "library", "name": "Town"},
               "geometry": {"type": "Point", "coordinates": [-1.3125, 52.9652]}}  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    assets = Place.load(folder(tmp_path / "p", assets__geojson=text)).assets
    assert assets["kind"][0] == "library" and abs(assets["easting"][0] - 446_200) < 300


def test_place_yaml_names_the_place(tmp_path):
    text = (
        "schema_version: 1\nname: mill\ntitle: Mill Town\ncell_m: 100\nsources: [Census 2021]\nlicence: OGL\n"
    )
    place = Place.load(folder(tmp_path / "p", place__yaml=text))
    assert (place.name, place.title, place.cell_m, place.sources) == (
        "mill",
        "Mill Town",
        100.0,
        ["Census 2021"],
    )


def test_small_zones_get_small_cells(tmp_path):
    rows = [f"Z{k},{446000 + 100 * (k % 5)},{341000 + 100 * (k // 5)},300,5,0.01" for k in range(25)]
    place = Place.load(folder(tmp_path / "p", table(*rows, header=f"{HEADER},area_km2")))
    assert place.cell_m < 100 and "cell_m" in dict(place.filled)


def test_a_users_profile(tmp_path):
    path = tmp_path / "mytown.yaml"
    path.write_text("zones: 5\nresidents: 8000\narea_km2: 4\nshare_urban: 1\n"
                    "share_residents_by_imd_decile: [0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0.5]\n")  # fmt: skip
    place = Place.load(path)
    assert place.name == "mytown" and place.synthetic and place.residents == 8000
    assert set(place.zones["imd_decile"]) <= {1, 10}


# What is wrong

BAD_ZONES = [
    (table("A,446000,341000,-5,1"), 2, "residents", "-5"),
    (table("A,446000,341000,,1"), 2, "residents", "nothing"),
    (table("A,446000,341000,many,1"), 2, "residents", "many"),
    (table("A,446000,341000,inf,1"), 2, "residents", "inf"),
    (table("A,446000,341000,1500,11"), 2, "imd_decile", "11"),
    (table("A,446000,341000,1500,2.5"), 2, "imd_decile", "2.5"),
    (table("A,446000,341000,1500,"), 2, "imd_decile", "nothing"),
    (table("A,4460000,341000,1500,1"), 2, "easting", "4460000"),
    (table("A,446000,-20,1500,1"), 2, "northing", "-20"),
    (table(ROWS[0], ROWS[0]), 3, "code", "A"),
    (table(",446000,341000,1500,1"), 2, "code", "nothing"),
    (table("A,446000,341000,1500"), 2, None, "4"),
    (table("A,446000,341000,0,1"), None, "residents", "0 in every zone"),
    (table("A,446000,341000,1500,1,40", header=f"{HEADER},share_disabled"), 1, "share_disabled", "up to 40"),
    (table("A,446000,341000,1500,1,40%", header=f"{HEADER},share_disabled"), 1, "share_disabled", "up to 40"),
    (table("A,446000,341000,1500,1,-0.2", header=f"{HEADER},share_disabled"), 2, "share_disabled", "-0.2"),
    (table(f"{ROWS[0]},0.8,0.5", header=f"{HEADER},share_households_no_car,share_households_one_car"),
     2, "share_households_no_car ... share_households_one_car", "1.300"),
    (table(ROWS[0], header="code,easting,northing,resident,imd_decile"), 1, "residents", None),
    (table("A,446000,341000,1500,1", header="code,easting,northing,residents,wealth"), 1, "imd_decile", None),
    (table("A,446000,341000,1500,1,7", header=f"{HEADER},population"), 1, "population",
     "residents and population"),
    (HEADER, 1, None, None),
    ("", None, None, None),
    ("sep=;\n", None, None, None),
    (b"\x00\x01\x02\xff", None, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("zones", "line", "key", "found"), BAD_ZONES)
def test_a_wrong_zone_is_named(tmp_path, zones, line, key, found):
    fault = only(folder(tmp_path / "p", zones))
    assert fault.file is not None and fault.file.endswith("zones.csv")
    assert (fault.line, fault.key) == (line, key)
    assert found is None or fault.found == found
    with pytest.raises(InputError):
        Place.load(tmp_path / "p")


def test_shares_that_do_not_add_to_one(tmp_path):
    groups = ("white", "asian", "black", "mixed", "other")
    header = ",".join([HEADER, *(f"share_ethnic_{group}" for group in groups)])
    fine = table("A,446000,341000,1500,1,0.5,0.2,0.1,0.1,0.09", header=header)
    assert check(folder(tmp_path / "fine", fine)) == []
    fault = only(folder(tmp_path / "bad", fine.replace("0.09", "0.3")))
    assert (fault.line, fault.found) == (2, "1.200") and "1 within 0.02" in (fault.allowed or "")


def test_degrees_for_metres_are_explained(tmp_path):
    faults = check(folder(tmp_path / "p", table("A,-1.3,52.9,1500,1")))
    assert any("degrees" in (fault.hint or "") for fault in faults)


def test_lines_stay_right_after_blank_and_long_rows(tmp_path):
    header = "code,name,easting,northing,residents,imd_decile"
    text = f'{header}\n\nA,"two\nlines",446000,341000,1500,1\nB,b,447000,341000,x,1'
    assert only(folder(tmp_path / "p", text)).line == 5


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (table('"A,446000,341000,1500,1', *ROWS[1:]), 2),
        (table(ROWS[0], '"B,447000,341000,1500,1', ROWS[2]), 3),
        (table(*ROWS[:2], '"C,447000,341000,1500,1'), 4),
        (table('"A,446000,341000,1500,1', *(f"Z{k},446000,341000,1500,1" for k in range(8000))), 2),
        (HEADER.replace("code", '"code') + "\n" + ROWS[0], 1),
    ],
    ids=["first row", "second row", "last row", "a long table", "the head"],
)
def test_a_quote_left_open_is_told_with_its_line(tmp_path, text, line):
    fault = only(folder(tmp_path / "p", text))
    assert (fault.message, fault.line) == ("a quote opens and is not closed", line)


def test_a_quote_closed_rows_later_is_asked_about(tmp_path):
    header = "code,name,easting,northing,residents,imd_decile"
    text = f'{header}\nA,"a,446000,341000,1500,1\nB,"b, c",447000,341000,1500,1'
    faults = check(folder(tmp_path / "p", text))
    assert faults[0].line == 2 and "quote" in (faults[0].hint or "")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "shape", ["[]", "[[]]", "[[[]]]", "[[[1, NaN]]]", "[[[Infinity, 1], [-Infinity, 1]]]", "[1]"]
)
def test_an_asset_of_no_position_is_told_without_warnings(tmp_path, shape):
    text = ('{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"kind": "park"}, '
            f'"geometry": {{"type": "Polygon", "coordinates": {shape}}}}}]}}')  # fmt: skip
    fault = only(folder(tmp_path / "p", assets__geojson=text))
    assert (fault.message, fault.key) == ("the shape cannot be used", "features[0]")


def test_every_fault_is_told_but_not_a_flood(tmp_path):
    faults = check(folder(tmp_path / "p", table("A,446000,341000,x,12", "B,446000,y,1500,1")))
    assert [(fault.line, fault.key) for fault in faults] == [
        (3, "northing"),
        (2, "residents"),
        (2, "imd_decile"),
    ]
    faults = check(folder(tmp_path / "q", table(*(f"Z{k},446000,341000,x,1" for k in range(500)))))
    assert len(faults) == 1 and (faults[0].line, faults[0].found) == (2, "x")
    assert faults[0].message == "is not a number, in 500 rows: lines 2, 3, 4, ..."
    assert faults[0].allowed == "0 to 1,000,000"


def test_a_flood_of_faults_of_many_kinds_is_cut():
    faults = shorten([Fault("is not a number", "f", 2, f"column_{k}") for k in range(500)], "f")
    assert len(faults) < 40 and "more faults" in faults[-1].message


def test_shapes_at_fault_are_told_together():
    told = shorten(
        [Fault("cannot be used", "f", key=f"features[{k}]", found=f"Z{k}") for k in range(10)], "f"
    )
    assert [str(fault) for fault in told] == [
        "f: features[0]: cannot be used, 10 times (found Z0, Z1, Z2, ...)"
    ]


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f", "\u2009"])
def test_spaces_between_thousands_are_read_whichever_they_are(tmp_path, space):
    text = table(f"A,446{space}000,341000,1{space}484,1", "B,447000,341000,900,2")
    assert Place.load(folder(tmp_path / "p", text)).zones["residents"].tolist() == [1484, 900]
    fault = only(folder(tmp_path / "q", table("A,446000,341000,1 48,1")))
    assert fault.found == "1 48"


def test_too_many_rows_and_too_big_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr("model.files.table.MAX_ROWS", 2)
    assert "too many rows" in only(folder(tmp_path / "p")).message
    monkeypatch.setattr("model.files.text.MAX_BYTES", 10)
    assert "too big" in only(tmp_path / "p").message


def test_a_zone_far_from_the_others(tmp_path):
    fault = only(folder(tmp_path / "p", table(*ROWS, "D,46500,942200,1400,9")))
    assert "far from all others" in fault.message and "Is D in the right spot?" in (fault.hint or "")
    assert fault.line == 5 and "722 km" in (fault.found or "")


def test_a_centroid_far_from_its_shape(tmp_path):
    ring = [[446000, 341000], [447000, 341000], [447000, 342000], [446000, 341000]]
    features = [
        {
            "type": "Feature",
            "properties": {"code": "A"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
    ]
    shapes = json.dumps({"type": "FeatureCollection", "features": features})
    fault = only(folder(tmp_path / "p", table("A,546500,341500,1500,1"), boundaries__geojson=shapes))
    assert "far from the zone's shape" in fault.message and "A at" in (fault.found or "")


@pytest.mark.parametrize(
    ("assets", "line", "key", "hint"),
    [
        ("kind,easting,northing\nlibary,446000,341000", 2, "kind", "library"),
        ("kind,easting,northing\npark,446000,", 2, "northing", None),
        ("kind,easting,northing\npark,546000,341000", 2, "easting, northing", None),
        ("kind,easting,northing,price\npark,446000,341000,-4", 2, "price", None),
        ("kind,easting,northing,step_free\npark,446000,341000,3", 2, "step_free", None),
        ("sort,easting,northing\npark,446000,341000", 1, "kind", None),
        ("kind,east,northing\npark,446000,341000", 1, "easting", None),
        ("kind,easting,northing\npark,446000", 2, None, None),
    ],
)
def test_a_wrong_asset_is_named(tmp_path, assets, line, key, hint):
    fault = only(folder(tmp_path / "p", assets__csv=assets))
    assert fault.file is not None and fault.file.endswith("assets.csv")
    assert (fault.line, fault.key) == (line, key)
    assert hint is None or hint in (fault.hint or "")


@pytest.mark.parametrize(
    ("text", "line", "key", "hint"),
    [
        ("name: a\nsorces: [x]", 2, "sorces", "sources"),
        ("name: a\nname: b", 2, "name", None),
        ("cell_m: 5", 1, "cell_m", None),
        ("cell_m: yes", 1, "cell_m", None),
        ("schema_version: 2", 1, "schema_version", None),
        ("projection: EPSG:4326", 1, "projection", None),
        ("name: [1]", 1, "name", None),
        ("sources: {a: 1}", 1, "sources", None),
        ("complete_kinds: [parks]", 1, "complete_kinds", "park"),
        ("- a\n- b", 1, None, None),
        ("name: [", 1, None, None),
        ("", None, None, None),
        ("name: !!python/object/apply:os.getcwd []", 1, "name", None),
    ],
)
def test_a_wrong_place_yaml_is_named(tmp_path, text, line, key, hint):
    fault = only(folder(tmp_path / "p", place__yaml=text))
    assert fault.file is not None and fault.file.endswith("place.yaml")
    assert (fault.line, fault.key) == (line, key)
    assert hint is None or hint in (fault.hint or "")


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("zones: 5", "zones: 0"), "zones"),
        (("zones: 5", "zones: many"), "zones"),
        (("zones: 5", "zone: 5"), "zone"),
        (("area_km2: 4", "area_km2: .nan"), "area_km2"),
        (("[0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0.5]", "[0.5, 0.5]"), "share_residents_by_imd_decile"),
        (
            ("[0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0.5]", "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"),
            "share_residents_by_imd_decile",
        ),
        (("share_urban: 1", "share_urban: 1\nmargins: {share_disable: 0.2}"), "margins.share_disable"),
        (("share_urban: 1", "share_urban: 1\nmargins: {share_disabled: 20}"), "margins.share_disabled"),
        (("share_urban: 1", "share_urban: 1\nassets: {parc: 2}"), "assets.parc"),
        (("share_urban: 1", "share_urban: 1\ncentre_m: [0]"), "centre_m"),
    ],
)
def test_a_wrong_profile_is_named(tmp_path, change, key):
    good = ("zones: 5\nresidents: 8000\narea_km2: 4\nshare_urban: 1\n"
            "share_residents_by_imd_decile: [0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0.5]\n")  # fmt: skip
    path = tmp_path / "mytown.yaml"
    path.write_text(good.replace(*change))
    faults = check(path)
    assert faults and key in [fault.key for fault in faults] and faults[0].file == str(path)


def test_names_and_paths_that_mean_nothing(tmp_path):
    assert "'erewash'" in (only("erewosh").hint or "") and "nottingham" in (only("erewosh").allowed or "")
    assert only("").found == "nothing" and only(tmp_path / "nowhere").key == "place"
    (tmp_path / "empty").mkdir()
    assert "zones.csv is missing" in only(tmp_path / "empty").message
    (folder(tmp_path / "p") / "zones.csv").rename(tmp_path / "p" / "zone.csv")
    assert "zone.csv" in (only(tmp_path / "p").hint or "")
    assert "neither a folder nor a profile" in only(tmp_path / "p" / "zone.csv").message
