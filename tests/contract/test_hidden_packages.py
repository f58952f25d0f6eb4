"""Folders of users hold files called as our packages are: what can work works, and else the file that hides one is named."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def script(folder: Path, text: str) -> subprocess.CompletedProcess:
    """A user's script in a folder, with this program on the path as an installation puts it there."""
    (folder / "mine.py").write_text(text)
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    return subprocess.run(
        [sys.executable, "mine.py"], cwd=folder, env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize("name", ["model", "scenarios", "calibration", "viz"])
def test_a_folder_of_files_of_the_same_name_hides_nothing(tmp_path, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / "my_plan.yaml").write_text("name: mine\n")
    ran = script(
        tmp_path,
        "from scenarios import Scenario\nimport model, calibration, viz\nprint(Scenario.load('none').name)\n",
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, "An intervention that does nothing"), ran.stderr


def test_an_editable_installation_is_a_folder_on_the_path():
    """The other kind, a finder, lets a folder `scenarios` of the user's hide our package."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert told["tool"]["distutils"]["editable_wheel"]["mode"] == "compat"


@pytest.mark.parametrize(
    ("hides", "asked"),
    [("model", "from scenarios import Scenario"), ("model", "import calibration.statistics.indices"), ("model", "import viz.report.report"),
     ("scenarios", "import calibration.statistics.indices"), ("scenarios", "import viz.report.report"), ("calibration", "import viz.report.report")],
)  # fmt: skip
def test_a_file_that_hides_a_package_is_named_with_the_package(tmp_path, hides, asked):
    (tmp_path / f"{hides}.py").write_text("mine = 1\n")
    ran = script(tmp_path, asked)
    last = ran.stderr.strip().splitlines()[-1]
    assert ran.returncode == 1
    assert last.startswith(f"ImportError: {tmp_path / hides}.py hides the package `{hides}` of Everystep"), (
        last
    )


@pytest.mark.parametrize("name", ["model", "scenarios"])
def test_what_is_asked_of_the_users_own_file_names_that_file(tmp_path, name):
    (tmp_path / f"{name}.py").write_text("mine = 1\n")
    ran = script(
        tmp_path, {"model": "from model import Place", "scenarios": "from scenarios import compare"}[name]
    )
    assert ran.returncode == 1 and str(tmp_path / f"{name}.py") in ran.stderr.strip().splitlines()[-1]


@pytest.mark.slow
def test_the_door_works_from_a_folder_with_files_of_the_same_names(tmp_path):
    for name in ("model", "scenarios", "calibration", "viz", "run"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong one')\n")
    words = ["sweep", "s.yaml", "--jobs", "1", "--quiet", "--out", "out"]
    (tmp_path / "s.yaml").write_text(
        "scenario: walk_and_talk\nvary: {interventions.0.groups: [10]}\nreplicates: 2\nsample: 0.01\nweeks: 4\n"
    )
    ran = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *words], cwd=tmp_path, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
