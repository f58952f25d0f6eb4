"""A file of one's own targets: what suffices, what is refused with the fix said, and the template that shows all."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibration import priors, targets
from calibration.fitting import question, runs
from calibration.fitting.calibrate import EFFORTS, Calibration
from calibration.fitting.runs import Ask
from calibration.measures import place as measured
from calibration.measures.figures import figures
from calibration.measures.place import load, year_of
from calibration.own import read as reader
from calibration.own.columns import DESIGN_EFFECT, template
from calibration.statistics.history import Errors
from model.errors import InputError
from model.parameters import Parameters
from model.place.place import Place
from scenarios.batches.work import OtherCode

HEAD = "outcome,group,level,value,low,high,n,unit,source"


def own(tmp_path: Path, *rows: str, head: str = HEAD) -> reader.Own:
    """What is read of a file with these rows."""
    path = tmp_path / "mine.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return reader.read(path)


def faults(tmp_path: Path, *rows: str, head: str = HEAD) -> list:
    """The faults of a file with these rows."""
    with pytest.raises(InputError) as caught:
        own(tmp_path, *rows, head=head)
    return caught.value.faults


def test_the_least_a_council_has_suffices(tmp_path):
    found = own(tmp_path, "inactive,,,29,,,900,,survey 2025", head=HEAD)
    (target,) = found.targets
    assert target.name == "inactive" and target.value == 29.0 and target.role == "fit"
    plain = 100 * math.sqrt(0.29 * 0.71 * DESIGN_EFFECT / 900)
    assert target.se == pytest.approx(plain, rel=0.02)
    assert target.discrepancy == next(one for one in targets.read() if one.name == "inactive").discrepancy
    own(tmp_path, "inactive,29,900,survey", head="outcome,value,n,source")


def test_an_interval_stands_above_a_number_of_people_asked(tmp_path):
    (target,) = own(tmp_path, "inactive,imd_quintile,1,38,34,42,900,,survey").targets
    assert target.name == "inactive_most_deprived" and target.se == pytest.approx(8 / 3.92)


def test_shares_are_taken_where_the_file_says_so_and_per_cent_otherwise(tmp_path):
    (share,) = own(tmp_path, "active,sex,female,0.58,0.55,0.61,,share,survey").targets
    (percent,) = own(tmp_path, "active,sex,female,58,55,61,,,survey").targets
    (small,) = own(tmp_path, "does_cycle,,,0.5,0.2,0.9,,%,survey").targets
    assert (share.value, share.se) == pytest.approx((percent.value, percent.se)) and small.value == 0.5


@pytest.mark.parametrize(("row", "key", "said"), [
    ("inactive,,,0.29,0.26,0.32,,,s", "value", "Write 29"),
    ("inactive,,,29,0.26,0.32,,,s", "low", "26 and 32"),
    ("inactive,,,29,,,900,share,s", "value", "Write 0.29"),
    ("inactive,,,29%,,,900,share,s", "value", "Write 0.29"),
    ("inactive,,,129,,,900,,s", "value", "0 to 100"),
    ("inactive,,,about 30,,,900,,s", "value", "no number"),
    ("inactive,,,,,,900,,s", "value", "missing"),
    ("inactive,,,29,,,,,s", "low", "how sure"),
    ("inactive,,,29,26,,,,s", "high", "one end"),
    ("inactive,,,29,31,35,,,s", "low", "between"),
    ("inactive,,,29,,,3,,s", "n", "10 or more"),
    ("minutes_mean,,,300,,,900,,s", "n", "low and high"),
    ("inactive,,,29,,,900,,", "source", "missing"),
    ("inactive,,,29,,,900,minutes,s", "unit", "% or share"),
    ("inactiv,,,29,,,900,,s", "outcome", "'inactive'"),
    ("inactive,ages,65-74,29,,,900,,s", "group", "'age_band'"),
    ("inactive,sex,women,29,,,900,,s", "level", "'female'"),
    ("inactive,imd_quintile,6,29,,,900,,s", "level", "1, 2, 3, 4, 5"),
    ("walking_share,sex,female,29,,,900,,s", "group", "all adults only"),
    ("kappa_20_years,,,0.3,0.2,0.4,,,s", "outcome", "twenty years"),
])  # fmt: skip
def test_each_fault_names_its_line_its_column_and_the_fix(tmp_path, row, key, said):
    (fault,) = faults(tmp_path, "fairly_active,,,11,,,900,,s", row)
    assert fault.line == 3 and fault.key == key and said in str(fault)
    assert fault.file is not None and fault.file.endswith("mine.csv")


def test_every_fault_is_told_at_once_and_a_figure_stands_once(tmp_path):
    told = faults(tmp_path, "inactive,,,29,,,900,,s", "inactive,,,31,,,800,,s", "nothing,,,1,,,9,,",
                  "inactive,imd_quintile,1,38,34,42,,,s", "inactive_most_deprived,,,38,34,42,,,s")  # fmt: skip
    assert {fault.line for fault in told} == {3, 4, 6}
    assert "line 2" in str(told[0])


@pytest.mark.parametrize(("head", "key"), [
    ("outcome,valeu,n,source", "valeu"), ("outcome,value,n", "source"), ("value,n,source", "outcome"),
    ("outcome,value,source", "low"),
])  # fmt: skip
def test_a_column_that_is_missing_or_unknown_is_named(tmp_path, head, key):
    told = faults(tmp_path, "inactive,29,900,s"[: 99 if head.count(",") == 3 else 15], head=head)
    assert key in {fault.key for fault in told} and all(fault.line == 1 for fault in told)


def test_the_names_of_the_national_file_and_figures_held_out_are_taken(tmp_path):
    found = own(
        tmp_path,
        "inactive,29,27,31,fit,s",
        "walks_monthly,80,78,82,held_out,s",
        head="name,value,low,high,role,source",
    )
    assert [one.name for one in found.of_role("held_out")] == ["walks_monthly"]
    (fault,) = faults(tmp_path, "inactive,29,27,31,held_out,s", head="name,value,low,high,role,source")
    assert "held out" in str(fault)


def test_the_template_shows_every_figure_and_blank_rows_are_passed_over(tmp_path):
    path = template(tmp_path / "template.csv")
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") == len(figures()) + 1
    with pytest.raises(InputError, match="no figure is filled in"):
        reader.read(path)
    with pytest.raises(InputError, match="there already"):
        template(path)
    path.write_text(
        text.replace("inactive,all,all,,,,,,", "inactive,all,all,29,,,900,mine,"), encoding="utf-8"
    )
    assert [one.name for one in reader.read(path).targets] == ["inactive"]


def test_every_figure_is_measured_at_a_place():
    quick = Parameters.default().with_values({"warm_up_weeks": 8})
    place = load("erewash", Place.load("erewash").digest)
    found = year_of(place, quick, 1, 0.01)
    assert list(found) == list(figures()) and all(math.isfinite(value) for value in found.values())
    fifths = [found[f"active_imd_quintile_{k}"] for k in range(1, 6)]
    assert min(fifths) <= found["active"] <= max(fifths)
    assert found["inactive"] + found["fairly_active"] + found["active"] == pytest.approx(100)


def test_a_place_that_changed_meanwhile_is_not_taken_for_itself():
    assert load("erewash", "another digest") is None


def test_a_group_that_nobody_or_hardly_anybody_of_the_place_is_in_is_refused(tmp_path, monkeypatch):
    found = own(tmp_path, "inactive,ethnicity,other,30,25,35,,,s", "inactive,,,29,,,900,,s")
    place = Place.load("erewash")
    with pytest.raises(InputError, match="Raise --sample") as caught:
        reader.check_place(found, place, 0.02, 1)
    assert caught.value.faults[0].line == 2
    monkeypatch.setattr(
        measured,
        "mask",
        lambda people, group, level: (people.age < 0) if level == "other" else people.age > 0,
    )
    with pytest.raises(InputError, match="nobody of this group lives in Erewash"):
        reader.check_place(found, place, 0.02, 1)


def test_own_figures_stand_alone_or_beside_the_national_ones_and_nothing_held_out_is_fitted(tmp_path):
    found = own(tmp_path, "inactive,,,29,,,900,,s", "walks_monthly,,,80,,,900,,s")
    held = {one.name for one in targets.read() if one.role == "held_out"}
    here, england = Place.load("erewash"), Place.load("england")
    alone = question.of_place(found, here, "erewash", False)
    assert alone.names == ["inactive", "walks_monthly"] and alone.measures == ("town",)
    both = question.of_place(found, here, "erewash", True)
    assert set(both.own) == {"inactive here", "walks_monthly here"} and not held & set(both.names)
    assert len(both.names) == len(targets.of_role("fit")) + 2 and "inactive" in both.names
    instead = question.of_place(found, england, "england", True)
    assert "inactive" not in instead.names and "inactive here" in instead.names
    assert len({one.identity for one in (alone, both, instead, question.national())}) == 4


def test_each_target_is_measured_where_it_belongs(tmp_path, monkeypatch):
    asked: list = []

    def measure(folder, asks, **options):
        asked.extend(asks)
        return [None if one.seed == 9 else {"inactive": 31.0 if one.place else 25.0} for one in asks]

    monkeypatch.setattr(runs, "measure", measure)
    both = question.of_place(own(tmp_path, "inactive,,,29,,,900,,s"), Place.load("erewash"), "erewash", True)
    fit = Calibration(tmp_path, EFFORTS["quick"], 1, None, print, None, both)
    (told,) = fit.said([{}])
    assert told == {"inactive": 25.0, "inactive here": 31.0}
    assert [(one.measure, bool(one.place)) for one in asked] == [
        ("year", False),
        ("decades", False),
        ("town", True),
    ]
    assert fit.said([{}], seed=9) == [{}]
    asked.clear()
    fit.said([{}, {}, {}])
    assert len({one.seed for one in asked}) == 3, "one town's luck would be fitted"
    assert all(len({one.seed for one in asked if one.measure == name}) == 3 for name in ("year", "town"))
    town, moved = asked[2], replace(asked[2], place="other", where=asked[2].where)
    assert town.id != moved.id and replace(town, where="elsewhere").id == town.id


def test_a_run_that_failed_has_matched_nothing():
    errors = Errors(np.zeros(2), np.ones(2), np.zeros(2), np.array([False, True]))
    far = errors.far(np.array([[0.0, 0.0], [np.nan, 1.0], [0.0, np.nan], [np.nan, np.nan]]))
    assert far[:2].tolist() == [[0.0, 0.0], [0.0, 1.0]] and np.isinf(far[2:]).all()
    national = Errors(np.zeros(2), np.ones(2), np.zeros(2))
    assert np.isinf(national.far(np.full((1, 2), np.nan))).all()
    assert national.far(np.array([[np.nan, 1.0]])).tolist() == [[0.0, 1.0]]


def test_the_end_of_a_range_is_within_it():
    found = priors.read()
    for end in (0.0, 1.0):
        (values,) = found.values(np.full((1, len(found.names)), end))
        Parameters.default().with_values(values)


def test_a_figure_of_ones_own_is_never_forgiven_among_many():
    strict = np.zeros(30, dtype=bool)
    strict[0] = True
    errors = Errors(np.zeros(30), np.ones(30), np.zeros(30), strict)
    far = np.zeros((2, 30))
    far[0, 0], far[1, 1] = 9.0, 9.0
    assert errors.worst(far).tolist() == [9.0, 0.0]


def test_a_folder_of_ones_own_is_measured_and_not_once_it_has_changed(tmp_path):
    zones = tmp_path / "mine" / "zones.csv"
    zones.parent.mkdir()
    rows = [f"Z{k},{446_000 + 700 * k},{340_000 + 500 * (k % 3)},1500,{k + 1}" for k in range(4)]
    zones.write_text(
        "\n".join(["code,easting,northing,residents,imd_decile", *rows]) + "\n", encoding="utf-8"
    )
    digest = Place.load(zones.parent).digest
    asked = Ask.of("town", 1, 0.05, {"warm_up_weeks": 8}, digest, str(zones.parent))
    told, _ = runs.Measuring(tmp_path, runs._asked).tables(asked)
    assert set(told["name"].to_pylist()) == set(figures())
    found = own(tmp_path, "inactive,imd_quintile,5,38,34,42,,,s")
    with pytest.raises(InputError, match=r"nobody of this group lives in .*allowed: 1, 2"):
        reader.check_place(found, Place.load(zones.parent), 0.05, 1)
    zones.write_text(zones.read_text(encoding="utf-8").replace("1500", "1600"), encoding="utf-8")
    moved = Place.load(zones.parent).digest
    assert moved != digest
    measured.load.cache_clear()
    with pytest.raises(OtherCode, match="have changed while runs were made"):
        runs.Measuring(tmp_path, runs._asked).tables(asked)


def test_levels_that_cannot_all_be_true_are_refused(tmp_path):
    rows = [
        "inactive,all,all,29,27,31,,,s",
        "fairly_active,all,all,20,18,22,,,s",
        "active,all,all,65,62,68,,,s",
    ]
    (fault,) = faults(tmp_path, *rows)
    assert "add up to 114%" in fault.message and fault.line == 4
    assert own(tmp_path, *rows[:1]).targets and own(tmp_path, rows[0], rows[2]).targets
    (fault,) = faults(tmp_path, rows[0], "fairly_active,all,all,10,8,12,,,s", "active,all,all,40,38,42,,,s")
    assert "add up to 79%" in fault.message
