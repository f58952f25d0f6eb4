"""The list of planted faults fits the project, and the runner tells what was noticed from what was not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults import planted

ONE = planted.Fault("sums", "a.py", "x + 1", "x + 2", "one too many", ["tests"])


def test_every_fault_of_the_list_can_be_planted():
    faults = planted.read()
    planted.check(faults)
    assert len({fault.title for fault in faults}) == len(faults)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    (tmp_path / "a.py").write_text("def more(x):\n    return x + 1\n")
    return tmp_path


def test_a_fault_whose_text_is_gone_is_told_before_anything_runs(project):
    planted.check([ONE], project)
    for wrong, said in (
        (replace(ONE, old="x + 3"), "0 times"),
        (replace(ONE, old="x"), "2 times"),
        (replace(ONE, file="gone.py"), "0 times"),
        (replace(ONE, new="x + 1"), "changes nothing"),
        (replace(ONE, tests=["tests/gone.py::test"]), "no such tests"),
    ):
        with pytest.raises(planted.Unfit, match=said):
            planted.check([ONE, wrong], project)


def test_a_fault_is_planted_while_tests_run_and_taken_out_again(project):
    sound = (project / "a.py").read_text()
    for ended, found in ((1, True), (0, False), (2, True)):

        def run(root: Path, tests: list[str], ended: int = ended) -> tuple[int, str]:
            assert (root / "a.py").read_text() == sound.replace("+ 1", "+ 2") and tests == ["tests"]
            return ended, "said"

        assert planted.noticed(project, ONE, ["tests"], run) == found
        assert (project / "a.py").read_text() == sound
    with pytest.raises(planted.Unfit, match="ended with 5"):
        planted.noticed(project, ONE, ["tests"], lambda root, tests: (5, "no tests"))
