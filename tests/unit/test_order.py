"""The order of the files of tests: every one is run, the longest first, also where nothing was measured."""

from __future__ import annotations

import json
from pathlib import Path

from tests import order

ROOT = Path(__file__).parents[2]


def test_long_files_come_first_and_unknown_ones_are_taken_for_usual(tmp_path, monkeypatch):
    monkeypatch.setattr(order, "SECONDS", tmp_path / "seconds.json")
    files = ["a.py", "long.py", "new.py", "short.py", order.COMPILES]
    assert order.ordered(files) == [order.COMPILES, "a.py", "long.py", "new.py", "short.py"]
    order.SECONDS.write_text(json.dumps({"long.py": 90.0, "short.py": 0.2, "a.py": 6.0}))
    assert order.ordered(files) == [order.COMPILES, "long.py", "a.py", "new.py", "short.py"]
    order.SECONDS.write_text("no JSON")
    assert set(order.ordered(files)) == set(files)


def test_a_report_of_pytest_gives_the_seconds_of_each_file(tmp_path):
    cases = (("tests.unit.test_a", 1.25), ("tests.unit.test_a", 2.0), ("tests.viz.test_b", 0.5))
    lines = "".join(f'<testcase classname="{name}" name="x" time="{took}"/>' for name, took in cases)
    (tmp_path / "report.xml").write_text(f"<testsuites><testsuite>{lines}</testsuite></testsuites>")
    assert order.measured(tmp_path / "report.xml") == {
        "tests/unit/test_a.py": 3.2,
        "tests/viz/test_b.py": 0.5,
    }


def test_files_that_stand_first_are_there():
    for name in (order.COMPILES, *order.MEANWHILE):
        assert (ROOT / name).is_file(), f"{name}: tests/order.py names it"
