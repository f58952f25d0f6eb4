"""Targets are those that were frozen, and their errors are what the one rule makes of the published readings."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from calibration import priors, targets
from calibration.measures import MEASURES
from model.errors import InputError
from model.parameters import Parameters, ledger

EVIDENCE = Path(__file__).parents[3] / "shared" / "evidence" / "evidence.csv"


def test_the_targets_are_those_that_were_frozen():
    targets.check()
    lock = targets.LOCK.read_text(encoding="utf-8")
    for role in targets.ROLES:
        names = [target.name for target in targets.read() if target.role == role]
        assert f"{role}: {', '.join(names)}\n" in lock


def test_a_target_that_moved_is_refused(tmp_path):
    moved = tmp_path / "targets.csv"
    moved.write_text(
        targets.TARGETS.read_text(encoding="utf-8").replace("fit,", "held_out,", 1), encoding="utf-8"
    )
    with pytest.raises(InputError, match="frozen"):
        targets.check(moved)


@pytest.mark.parametrize("target", targets.read(), ids=lambda target: target.name)
def test_value_and_error_follow_from_the_readings(target):
    value, se = targets.rule(target.readings)
    assert target.value == pytest.approx(value, abs=1e-3) and target.se == pytest.approx(se, abs=1e-3)
    assert target.role in targets.ROLES and target.why_discrepancy and target.source
    assert target.discrepancy > 0 and math.isfinite(target.sd)


def test_the_rule_by_hand():
    assert targets.rule("A1 10 8 12") == (10.0, pytest.approx(4 / 3.92))
    value, se = targets.rule("A1 10 9 11; A2 14 13 15")
    assert value == 12.0
    assert se == pytest.approx(math.sqrt(2 * (2 / 3.92) ** 2 / 4 + 8 / 2))


@pytest.mark.skipif(not EVIDENCE.is_file(), reason="the table of evidence is not beside the project")
def test_readings_stand_in_the_evidence():
    with EVIDENCE.open(encoding="utf-8", newline="") as file:
        known = {row["id"] for row in csv.DictReader(file)}
    told = {row for target in targets.read() for row in target.rows}
    assert told - known == {"P3"}  # the range of the design study, which is no published row


def test_no_target_is_of_a_single_place():
    from model.place.place import list_places

    names = {str(place["title"]).lower() for place in list_places()} - {"england in small (a reference town)"}
    text = targets.TARGETS.read_text(encoding="utf-8").lower()
    assert [name for name in names if name in text] == []


def test_every_target_is_measured():
    found: dict[str, float] = {}
    quick = Parameters.default().with_values({"warm_up_weeks": 8})
    for name in ("year", "decades"):
        found |= MEASURES[name](quick, 1, 0.01)
    assert [target.name for target in targets.read() if target.name not in found] == []
    assert all(math.isfinite(value) for value in found.values())
    shares = ("inactive_most_deprived", "inactive_second_fifth", "inactive_third_fifth", "inactive_fourth_fifth",
              "inactive_least_deprived")  # fmt: skip
    assert sum(found[name] for name in shares) / 5 == pytest.approx(found["inactive"], abs=0.2)


def test_priors_lie_in_the_ledger():
    found = priors.read()
    assert len(found.names) > 30 and set(found.names) <= set(ledger())
    middle = found.at([[0.5] * len(found.names)])
    (values,) = found.values(middle)
    Parameters.default().with_values(values)
    assert found.x_of(values) == pytest.approx(middle[0])
