"""A file of one's own targets: what suffices, what is refused with the fix said, and the template that shows all."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from calibration import targets
from calibration.measures.figures import figures
from calibration.measures.place import load, year_of
from calibration.own import read as reader
from calibration.own.columns import DESIGN_EFFECT, template
from model.errors import InputError
from model.parameters import Parameters
from model.place import Place

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
    from calibration.measures import place as measured

    monkeypatch.setattr(
        measured,
        "mask",
        lambda people, group, level: (people.age < 0) if level == "other" else people.age > 0,
    )
    with pytest.raises(InputError, match="nobody of this group lives in Erewash"):
        reader.check_place(found, place, 0.02, 1)
