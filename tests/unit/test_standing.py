"""Qualifications and occupation of a place's own zones tell of know-how; nothing stands in for what a place does not give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model import Place
from model.errors import InputError
from model.parameters import Parameters
from model.place.columns import NEVER_FILLED, SCHOOLING
from model.place.place import examine
from model.synthesis.people import synthesise
from model.synthesis.zone_margins import Margins

HEAD = "{code},easting,northing,residents,imd_decile,decile_education"
SCHOOLED = {"share_no_qualifications": "0.08", "share_level_4_plus": "0.55", "share_ns_sec_1_2": "0.5",
            "share_ns_sec_6_8": "0.12"}  # fmt: skip
UNSCHOOLED = {"share_no_qualifications": "0.4", "share_level_4_plus": "0.1", "share_ns_sec_1_2": "0.15",
              "share_ns_sec_6_8": "0.5"}  # fmt: skip


def folder(path: Path, *zones: dict[str, str], code: str = "code") -> Path:
    """A place of zones in the fifth tenth of England, with columns of their own."""
    names = list(dict.fromkeys(name for zone in zones for name in zone))
    rows = [f"Z{k},{446000 + 900 * k},341000,1500,5,5" + "".join("," + zone.get(name, "") for name in names)
            for k, zone in enumerate(zones)]  # fmt: skip
    path.mkdir()
    (path / "zones.csv").write_text("\n".join([",".join([HEAD.format(code=code), *names]), *rows]) + "\n")
    return path


def standing(place: Place) -> np.ndarray:
    """(zones,) standing in schooling that people of each zone are made from."""
    return Margins(place.zones, Parameters.default()).education


@pytest.mark.parametrize("name", SCHOOLING)
def test_each_of_qualifications_and_occupation_moves_know_how(tmp_path, name):
    place = Place.load(folder(tmp_path / "p", {name: SCHOOLED[name]}, {name: UNSCHOOLED[name]}, {}))
    high, low, untold = standing(place)
    assert high > 0.8 and low < -0.8
    assert untold == standing(Place.load(folder(tmp_path / "q", {}, {}, {})))[0]


def test_people_of_a_schooled_zone_know_how_and_of_one_that_does_not_say_stand_by_its_education(tmp_path):
    place = Place.load(folder(tmp_path / "p", SCHOOLED, UNSCHOOLED, {}))
    people, _ = synthesise(place, 3, 1.0)
    usual, _ = synthesise(Place.load(folder(tmp_path / "q", {}, {}, {})), 3, 1.0)
    mean = [people.knowhow[people.zone == zone].mean() for zone in range(3)]
    assert mean[0] > mean[1] + 0.5
    assert np.array_equal(people.knowhow[people.zone == 2], usual.knowhow[usual.zone == 2])
    assert np.array_equal(people.means, usual.means), "schooling moves know-how and nothing else"


def test_the_check_says_where_know_how_comes_from(tmp_path):
    found = examine(folder(tmp_path / "p", {"share_level_4_plus": "0.4"}, {}))
    how = {one["column"]: one["how"] for one in found["filled"]}
    assert how["knowhow_of_zone"] == "share_level_4_plus, in place of decile_education (1 of 2 zones)"
    assert not set(NEVER_FILLED) & how.keys()
    plain = examine(folder(tmp_path / "q", {}, {}))
    assert "knowhow_of_zone" not in {one["column"] for one in plain["filled"]}


def test_the_middle_zone_is_that_of_the_census_of_the_zones(tmp_path):
    share = {"share_no_qualifications": "0.2"}
    newer = Place.load(folder(tmp_path / "p", share, share, code="LSOA21CD"))
    older = Place.load(folder(tmp_path / "q", share, share, code="LSOA11CD"))
    assert standing(older)[0] > 0 > standing(newer)[0], "fewer had no qualifications in 2021"


@pytest.mark.parametrize(("year", "warned"), [(2011, 1), (2021, 0)])
def test_qualifications_of_another_census_than_the_zones_are_warned_of(tmp_path, year, warned):
    share = {f"share_level_4_plus_{year}": "0.3"}
    place = Place.load(folder(tmp_path / "p", share, share, code="LSOA21CD"))
    said = [one for one in place.warnings if "shares of 2011" in str(one)]
    assert len(said) == warned and "share_level_4_plus" in place.zones


def test_shares_that_leave_more_than_everybody_are_refused(tmp_path):
    wrong = {"share_no_qualifications": "0.6", "share_level_4_plus": "0.6"}
    with pytest.raises(InputError, match="share_no_qualifications"):
        Place.load(folder(tmp_path / "p", wrong, {}))


def test_published_headings_of_what_stands_outdoors_are_understood(tmp_path):
    heading = "Outdoors Sub-domain Decile (where 1 is most deprived 10% of LSOAs)"
    place = Place.load(folder(tmp_path / "p", {heading: "2"}, {heading: "9"}))
    assert place.zones["decile_outdoors"].tolist() == [2.0, 9.0]


def test_a_column_of_noughts_tells_nothing_and_a_column_of_ones_own_is_not_taken_for_know_how():
    from model.synthesis.england import _schooling

    zones = pd.DataFrame({"share_level_4_plus": [0.0, 0.0], "knowhow_of_zone": [50.0, 50.0]})
    _schooling(zones, 2021, filled := [])
    assert "knowhow_of_zone" not in zones and not filled
    zones = pd.DataFrame({"share_level_4_plus": [0.2, 0.5], "share_no_qualifications": [0.0, 0.0]})
    _schooling(zones, 2021, filled)
    assert zones["knowhow_of_zone"].is_monotonic_increasing and filled[0][1].startswith("share_level_4_plus,")
