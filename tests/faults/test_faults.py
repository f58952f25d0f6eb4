"""The list of planted faults fits the project, and the runner tells what was noticed from what was not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from model.machine import compiled
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
        (replace(ONE, further=("a.py::test_more",)), "no such tests"),
    ):
        with pytest.raises(planted.Unfit, match=said):
            planted.check([ONE, wrong], project)


def test_a_fault_is_planted_while_tests_run_and_taken_out_again(project):
    file = project / "a.py"
    sound, time = file.read_text(), file.stat().st_mtime_ns
    last = "1 failed\nFAILED tests/test_a.py::test_more - assert 3 == 2"
    for ended, found in (
        (1, planted.Noticed("tests/test_a.py::test_more")),
        (0, None),
        (2, planted.Noticed("tests")),
    ):

        def run(root: Path, tests: list[str], ended: int = ended) -> planted.Ran:
            assert (root / "a.py").read_text() == sound.replace("+ 1", "+ 2") and tests == ["tests"]
            return ended, last if ended == 1 else "said"

        assert planted.noticed(project, ONE, run=run) == found
        assert (file.read_text(), file.stat().st_mtime_ns) == (sound, time)
    with pytest.raises(planted.Unfit, match="ended with 5"):
        planted.noticed(project, ONE, run=lambda root, tests: (5, "no tests"))
    assert file.read_text() == sound


def test_further_tests_are_run_only_when_the_likely_ones_do_not_notice(project):
    tried = []

    def run(root: Path, tests: list[str], sees: str = "further") -> planted.Ran:
        tried.append(tests)
        return int(tests == [sees]), ""

    fault = replace(ONE, further=("further",))
    assert planted.noticed(project, fault, run=run) == planted.Noticed("further", late=True)
    assert planted.noticed(project, fault, run=lambda *both: run(*both, sees="tests")) == planted.Noticed(
        "tests"
    )
    assert tried == [["tests"], ["further"], ["tests"]]


def test_they_are_counted_by_kind_and_in_all():
    seen = [
        (replace(ONE, kind=kind), by) for kind in ("sums", "words") for by in (planted.Noticed("tests"), None)
    ]
    lines = planted.counted([*seen, seen[0]]).splitlines()
    assert [line.split(maxsplit=1) for line in lines] == [
        ["sums", "2 of 3"], ["words", "1 of 2"], ["all", "3 of 5 faults noticed"]
    ]  # fmt: skip


def test_twenty_seven_of_thirty_are_enough():
    for missed, said in ((3, True), (4, False)):
        assert (
            planted.enough([(ONE, None)] * missed + [(ONE, planted.Noticed("tests"))] * (30 - missed)) == said
        )


def test_compiled_code_of_the_sound_project_is_kept_and_that_of_a_fault_in_it_thrown_away(
    project, monkeypatch
):
    copy, used = project / "copy", []
    (copy / "model").mkdir(parents=True)
    kernel, plain = copy / "model" / "kernel.py", copy / "model" / "plain.py"
    kernel.write_text("from numba import njit\n\n\n@njit\ndef f(x):\n    return x\n")
    plain.write_text("x = 1\n")

    def run(words, env, **more):
        kept = Path(env["NUMBA_CACHE_DIR"])
        (kept / compiled.version(copy / "model")).mkdir(parents=True, exist_ok=True)  # as the project does
        used.append(kept)
        return SimpleNamespace(returncode=0, stdout="")

    monkeypatch.setattr(planted.subprocess, "run", run)
    planted.run(copy, ["tests"])
    for file in (plain, kernel, plain):
        fault = planted.Fault("sums", f"model/{file.name}", "x", "y", "another letter", ["tests"])
        planted.noticed(copy, fault)
    sound = project / "compiled"
    assert [kept == sound for kept in used] == [True, True, False, True]
    assert sound.is_dir() and not used[2].exists()


def test_there_are_thirty_faults_and_some_of_every_kind():
    faults = planted.read()
    assert len(faults) >= 30
    assert min(sum(fault.kind == kind for fault in faults) for kind in planted.KINDS) >= 4
