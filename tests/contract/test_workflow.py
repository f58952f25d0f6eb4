"""Everybody's continuous integration: all systems and Pythons that the program is for, least rights, and commands that are there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from tests.contract.test_docs import parse

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github" / "workflows"
FILE = FOLDER / "tests.yml"
TOLD = yaml.safe_load(FILE.read_text(encoding="utf-8"))
JOBS = TOLD["jobs"]
STEPS = [(name, step) for name, job in JOBS.items() for step in job["steps"]]
COMMANDS = [step["run"] for _, step in STEPS if "run" in step]


def test_every_system_tests_every_python_that_the_program_is_for():
    matrix = JOBS["tests"]["strategy"]["matrix"]
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    low, above = map(int, re.fullmatch(r">=3\.(\d+),<3\.(\d+)", asked).groups())
    assert matrix["python"] == [f"3.{minor}" for minor in range(low, above)]
    assert {one.split("-")[0] for one in matrix["system"]} == {"ubuntu", "macos", "windows"}
    assert {"python run.py setup dev offline", "python run.py test"} <= set(COMMANDS)
    assert {"lowest", "newest"} == set(JOBS["versions"]["strategy"]["matrix"]["versions"])


def test_each_month_nothing_is_pinned_and_a_bundle_is_installed_from_on_every_system():
    when = TOLD[True]  # YAML takes `on` for a truth value
    _, _, day, month, weekday = when["schedule"][0]["cron"].split()
    assert (month, weekday) == ("*", "*") and day.isdigit() and "pull_request" in when
    assert TOLD["env"]["PIP_CONSTRAINT"].startswith("${{ github.event_name != 'schedule' &&")
    assert JOBS["versions"]["env"]["PIP_CONSTRAINT"] == JOBS["bundle"]["env"]["PIP_CONSTRAINT"] == ""
    assert {one["system"] for one in JOBS["bundle"]["strategy"]["matrix"]["include"]} == {
        "linux",
        "macos",
        "windows",
    }


def test_it_may_read_and_no_more_ends_in_time_and_takes_what_it_uses_by_commit():
    assert TOLD["permissions"] == {"contents": "read"} and TOLD["concurrency"]["cancel-in-progress"] is True
    assert all(job["timeout-minutes"] <= 60 and "permissions" not in job for job in JOBS.values())
    used = [(step["uses"], step.get("with", {})) for _, step in STEPS if "uses" in step]
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name) for name, _ in used)
    assert all(
        given["persist-credentials"] is False for name, given in used if name.startswith("actions/checkout")
    )
    named = re.findall(r"uses: (\S+) # v(\d+)", FILE.read_text(encoding="utf-8"))
    assert len(named) == len(used) and len(set(named)) == len({name for name, _ in used})


@pytest.mark.parametrize("line", sorted(set(COMMANDS)))
def test_every_command_of_it_is_one_that_works(line):
    words = [
        word.strip('"')
        for word in line.replace('"$SYSTEM"', "linux").replace('"build/council laptop"', "x").split()
    ]
    if words[0] == "make":
        assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    elif words[1] == "run.py":
        parse(words[2:])
    else:
        assert words[0] == "python" and (ROOT / words[1]).is_file()


def test_a_linter_finds_it_of_the_right_shape():
    if find_spec("check_jsonschema") is None:
        pytest.skip("check-jsonschema is not installed: python run.py setup dev")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", *map(str, FOLDER.iterdir())],
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_linter_finds_it_safe():
    tool = shutil.which("zizmor", path=str(Path(sys.executable).parent)) or shutil.which("zizmor")
    if tool is None:
        pytest.skip("zizmor is not installed: python run.py setup dev")
    done = subprocess.run(
        [tool, "--offline", "--quiet", str(FOLDER)], capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
