"""`doctor` is the first command in a fresh clone: it works with nothing set and nothing installed, and so does no other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from cli import doctor, first, ready

ROOT = Path(__file__).parents[2]


def fresh(*words: str, flags: tuple[str, ...] = (), **environment: str) -> subprocess.CompletedProcess:
    """A fresh process with nothing set but what is given."""
    given = {"PATH": os.environ["PATH"], "EVERYSTEP_NO_SETUP": "1", **environment}
    return subprocess.run([sys.executable, *flags, str(ROOT / "run.py"), *words], env=given, capture_output=True,
                          text=True, encoding="utf-8")  # fmt: skip


def test_doctor_works_with_nothing_set_and_tells_each_check():
    ran = fresh("doctor", "--json")
    assert "Traceback" not in ran.stderr
    told = json.loads(ran.stdout)
    assert ran.returncode == (0 if told["ok"] else 1)
    kept = next(check for check in told["checks"] if check["name"] == "Compiled kernels can be kept")
    assert kept["ok"] and Path(kept["found"]).is_dir()
    names = " ".join(check["name"] for check in told["checks"])
    assert "mesa >=3.3,<4" in names and "ipyvue <2" in names and "Shipped places load" in names
    assert all(check["ok"] or check["mend"] for check in told["checks"])


def test_doctor_works_before_anything_is_installed_and_names_the_command_that_mends_it():
    ran = fresh("doctor", flags=("-S",))
    assert ran.returncode == 1 and ran.stderr == ""
    assert "FAULT  Packages are installed: missing: mesa, " in ran.stdout
    assert ran.stdout.count("mend with: ") == 1, "one command for all of it"
    told = json.loads(fresh("doctor", "--json", flags=("-S",)).stdout)
    assert not told["ok"] and {"name", "ok", "found", "mend"} == set(told["checks"][0])


@pytest.mark.parametrize("words", [(), ("compare", "walk_and_talk"), ("--help",)])
def test_other_verbs_say_in_a_line_what_is_missing(words):
    ran = fresh(*words, flags=("-S",))
    assert ran.returncode == 1 and ran.stdout == ""
    assert ran.stderr.startswith("error: Everystep cannot start: mesa, solara, ipyvue and more missing from ")
    assert "mend with: " in ran.stderr and "Traceback" not in ran.stderr


def test_a_typer_that_cannot_open_the_door_is_named(tmp_path):
    (tmp_path / "typer-0.12.0.dist-info").mkdir()
    (tmp_path / "typer-0.12.0.dist-info" / "METADATA").write_text("Name: typer\nVersion: 0.12.0\n")
    ran = fresh("scenario", "list", PYTHONPATH=str(tmp_path))
    assert ran.returncode == 1 and "the typer of" in ran.stderr
    ran = fresh("doctor", PYTHONPATH=str(tmp_path))
    assert ran.returncode == 1
    assert any(
        line.startswith("FAULT  typer") and line.endswith("0.12.0") for line in ran.stdout.splitlines()
    )


def test_a_python_that_will_not_do_is_named_and_nothing_else_is_looked_at(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 10, 13, "final", 0))
    assert [check.ok for check in doctor.examine()] == [False]
    for words in (["doctor"], ["compare"]):
        with pytest.raises(SystemExit) as stop:
            first.check(words)
        assert stop.value.code == 1
    said = capsys.readouterr()
    assert "FAULT  Python 3.11 to 3.13" in said.out and "it needs 3.11, 3.12 or 3.13" in said.err


def test_what_is_looked_for_is_what_pyproject_declares():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    found = ready.requirements()
    assert len(found) == len(declared)
    for line in declared:
        low, below = next(bounds for name, bounds in found.items() if line.lower().startswith(name.lower()))
        assert (low is None) == (">=" not in line) and (f">={low}" in line or low is None)
        assert (below is None) == ("<" not in line) and (f"<{below}" in line or below is None)
    assert ready.missing() == []


@pytest.mark.parametrize(
    ("less", "more"), [("0.9", "0.12"), ("2.1.9", "2.2"), ("3", "3.0.1"), ("1.9rc1", "2")]
)
def test_versions_are_compared_by_their_numbers(less, more):
    assert ready.numbers(less) < ready.numbers(more)
    assert ready.numbers("3.0") == ready.numbers("3")
