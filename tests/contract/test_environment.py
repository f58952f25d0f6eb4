"""`.venv` is made, filled and entered by the door itself, once, and never beside another that does the same."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cli import environment, first, ready

ROOT = Path(__file__).parents[2]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A project of its own, where nothing is installed but noted."""
    (tmp_path / "pyproject.toml").write_text(
        'dependencies = [\n"mesa",\n]\n[project.optional-dependencies]\na=1\n[x]\n'
    )
    for name, value in (("ROOT", tmp_path), ("WHERE", tmp_path / ".venv"), ("WHEELS", tmp_path / "wheels")):
        monkeypatch.setattr(environment, name, value)
    monkeypatch.delenv(environment.NO_SETUP)
    return tmp_path


@pytest.fixture
def installed(place, monkeypatch):
    """What was installed, in order; the environment itself is real, but has no pip."""
    asked: list[str] = []
    monkeypatch.setattr(environment, "_install", asked.append)
    monkeypatch.setattr(environment, "_create", lambda: _bare(place))
    return asked


def _bare(place: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place / ".venv")], check=True)


def test_it_is_made_once_and_filled_anew_when_the_project_asks_for_other_things(place, installed):
    assert not environment.is_ready()
    environment.make()
    environment.make()
    assert environment.is_ready() and installed == [str(place)]
    assert not environment.is_ready("dev")
    environment.make("dev")
    assert installed == [str(place), f"{place}[dev]"] and environment.is_ready("dev")
    (place / "pyproject.toml").write_text('dependencies = [\n"mesa",\n"more",\n]\n[x]\n')
    assert not environment.is_ready()
    environment.make()
    assert installed[2:] == [str(place)] and environment.is_ready() and not environment.is_ready("dev")


def test_one_that_does_not_start_is_made_anew(place, monkeypatch):
    _bare(place)
    environment.python().unlink()
    environment.python().write_text("nothing that runs")
    monkeypatch.setattr(environment, "_install", lambda what: None)
    monkeypatch.setattr(environment, "_call", _without_pip(environment._call))
    environment.make()
    assert environment._runs(environment.python())


def _without_pip(call):
    return lambda command, **more: call([*command, *["--without-pip"] * ("venv" in command)], **more)


def test_a_folder_of_that_name_that_is_none_is_left_alone(place):
    (place / ".venv").mkdir()
    (place / ".venv" / "thesis.txt").write_text("mine")
    with pytest.raises(environment.CannotSetUp, match="is no environment of Python"):
        environment.make()
    assert (place / ".venv" / "thesis.txt").read_text() == "mine" and not (place / ".venv-under-way").exists()


def test_two_starts_at_once_set_up_once(place, installed, monkeypatch):
    slowly = environment._create

    def create():
        time.sleep(0.3)
        slowly()

    monkeypatch.setattr(environment, "_create", create)
    both = [threading.Thread(target=environment.make) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert installed == [str(place)] and not (place / ".venv-under-way").exists()


def test_a_start_that_was_killed_holds_nobody_up_for_ever(place, installed):
    lock = place / ".venv-under-way"
    lock.touch()
    os.utime(lock, (0, 0))
    environment.make()
    assert installed


@pytest.mark.parametrize(
    ("words", "extra"), [(["compare", "walk_and_talk"], ""), ([], ""), (["test", "-k", "x"], "dev")]
)
def test_whatever_is_asked_for_goes_on_in_it(place, monkeypatch, words, extra):
    entered = []
    monkeypatch.setattr(ready, "hinders", lambda: "mesa missing")
    monkeypatch.setattr(environment, "enter", lambda words, extra="": entered.append((words, extra)) or 7)
    with pytest.raises(SystemExit) as stop:
        first.check(words)
    assert entered == [(words, extra)] and stop.value.code == 7


def test_the_tests_get_their_tools_where_only_these_are_missing(place, monkeypatch):
    entered = []
    monkeypatch.setattr(ready, "hinders", lambda: "")
    monkeypatch.setattr(ready, "gone", lambda names: [name for name in names if name == "xdist"])
    monkeypatch.setattr(environment, "enter", lambda words, extra="": entered.append(extra) or 0)
    first.check(["compare"])
    assert not entered
    with pytest.raises(SystemExit):
        first.check(["test"])
    assert entered == ["dev"]


def test_what_cannot_be_set_up_is_said_in_words(place, monkeypatch, capsys):
    monkeypatch.setattr(ready, "hinders", lambda: "mesa missing")
    monkeypatch.setattr(environment, "_call", lambda command, **more: False)
    with pytest.raises(SystemExit) as stop:
        first.check(["compare"])
    said = capsys.readouterr().err
    assert stop.value.code == 1 and "no Python 3.11, 3.12 or 3.13 was found that can make one" in said


@pytest.mark.parametrize(
    ("told", "by_pip"),
    [("", False), ("global.index-url='https://mirror.example/simple'", True), ("global.proxy='http://p:1'", True),
     ("global.cert='/etc/council.pem'", True), ("global.timeout='60'", False)],
)  # fmt: skip
def test_what_pip_alone_was_told_is_left_to_pip(place, monkeypatch, told, by_pip):
    for name in [name for name in os.environ if name.startswith("UV_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(
        environment.subprocess,
        "run",
        lambda *_, **__: subprocess.CompletedProcess([], 0, stdout=told.encode()),
    )
    assert environment._pip_was_told() == by_pip


@pytest.mark.parametrize(
    ("lying", "tools", "what"),
    [([], ["setuptools>=68"], "{}"), (["wheel-1-py3-none-any.whl"], ["setuptools>=68", "wheel"], "{}"),
     (["solara_assets-1-py3-none-any.whl"], ["setuptools>=68"], "{}[offline]")],
)  # fmt: skip
def test_packages_beside_the_program_are_taken_without_a_network(place, monkeypatch, lying, tools, what):
    asked = []
    (place / "pyproject.toml").write_text('[build-system]\nrequires = ["setuptools>=68"]\n')
    (place / "wheels").mkdir()
    for name in lying:
        (place / "wheels" / name).touch()
    monkeypatch.setattr(environment, "_pip", lambda words, hint: asked.append(words))
    environment._install(str(place))
    assert all(words[:3] == ["--no-index", "--find-links", str(place / "wheels")] for words in asked)
    assert asked[0][3:] == tools
    assert asked[-1][3:] == ["--no-build-isolation", "-e", what.format(place)]


def test_the_python_is_one_that_the_packages_beside_the_program_are_for(place, monkeypatch):
    monkeypatch.setattr(environment.shutil, "which", lambda name: f"/bin/{name}")
    here = "{}.{}".format(*sys.version_info[:2])
    assert [sys._base_executable] in list(environment._pythons())
    (place / "wheels").mkdir()
    (place / "wheels" / "numpy-2-cp312-cp312-win_amd64.whl").touch()
    (place / "wheels" / "tornado-6-cp39-abi3-win_amd64.whl").touch()
    commands = list(environment._pythons())
    assert commands[-2:] == [["/bin/py", "-3.12"], ["/bin/python3.12"]] and len(commands) == 2 + (
        here == "3.12"
    )
    monkeypatch.setattr(environment, "_call", lambda command, **more: False)
    with pytest.raises(environment.CannotSetUp, match=r"no Python 3\.12 was found .* are for it"):
        environment.make()


def test_nothing_is_set_up_where_that_is_not_wanted(monkeypatch):
    monkeypatch.setenv(environment.NO_SETUP, "1")
    assert not environment.is_wanted()


@pytest.mark.parametrize("name", ["start.cmd", "start.command"])
def test_a_double_click_opens_the_live_view(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "run.py view" in text and "Python was not found" in text
    assert name.endswith(".cmd") or os.access(ROOT / name, os.X_OK)
