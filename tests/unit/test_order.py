"""The order of the files of tests: every one is run, the longest first, also where nothing was measured."""

from __future__ import annotations

import json

from tests import order


def test_long_files_come_first_and_unknown_ones_are_taken_for_usual(tmp_path, monkeypatch):
    monkeypatch.setattr(order, "SECONDS", tmp_path / "seconds.json")
    files = ["a.py", "long.py", "new.py", "short.py"]
    assert order.ordered(files) == ["a.py", "long.py", "new.py", "short.py"]
    order.SECONDS.write_text(json.dumps({"long.py": 90.0, "short.py": 0.2, "a.py": 6.0}))
    assert order.ordered(files) == ["long.py", "a.py", "new.py", "short.py"]
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
