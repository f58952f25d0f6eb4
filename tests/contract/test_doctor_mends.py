"""`doctor --mend` mends what it can, says what it did, and looks again."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

import pytest

from cli import doctor, environment, ready
from cli.doctor import machine, program, shipped
from cli.doctor.check import Check
from model.machine import compiled


def test_what_can_be_mended_is_mended_in_order_and_looked_at_again(monkeypatch):
    done, said = [], []
    checks = [
        Check("one", False, "gone", "do this", lambda: done.append("one") or "put back"),
        Check("two", True, "well"),
        Check("three", False, "worn", "ask somebody"),
        Check("four", False, "bent", "do that", lambda: 1 / 0),
    ]
    monkeypatch.setattr(doctor, "examine", lambda: checks[1:3])
    assert doctor.mend(checks, said.append) == checks[1:3]
    assert done == ["one"]
    assert said == [
        "mending: one",
        "  put back",
        "mending: four",
        "  could not be mended: division by zero",
    ]


def test_the_door_offers_it_only_where_something_can_be_mended():
    worn = Check("three", False, "worn", "ask somebody")
    assert not any("--mend" in line for line in doctor.lines([worn]))
    mendable = Check("one", False, "gone", "do this", lambda: "")
    assert list(doctor.lines([mendable]))[-1] == "What can be mended at once: python run.py doctor --mend"
    assert set(json.loads(json.dumps(doctor.as_dict([mendable])))["checks"][0]) == {"name", "ok", "found", "mend"}  # fmt: skip


def test_missing_packages_are_put_into_the_programs_own_environment(tmp_path, monkeypatch):
    installed = []
    monkeypatch.setattr(environment, "WHERE", tmp_path / ".venv")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "_install", installed.append)
    (tmp_path / "pyproject.toml").write_text("dependencies = [\n]\n")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / ".venv")], check=True)
    environment.make()
    assert len(installed) == 1
    monkeypatch.setattr(ready, "missing", lambda: ["mesa", "numpy", "numba", "pandas"])
    (check, *_) = list(program.packages())
    assert not check.ok and check.repair is not None
    assert str(tmp_path / ".venv") in check.repair()
    assert installed == [str(tmp_path)] * 2, "what was marked as filled is filled all the same"


def test_a_set_up_that_was_cut_off_holds_nobody_up(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    assert program.setting_up().ok
    environment.lock().touch()
    check = program.setting_up()
    assert not check.ok and check.repair is None, "somebody may be at it"
    os.utime(environment.lock(), (0, 0))
    check = program.setting_up()
    assert check.repair is not None and check.repair()
    assert program.setting_up().ok


def test_damaged_compiled_code_is_thrown_away(tmp_path, monkeypatch):
    folder = tmp_path / "everystep-0123456789ab"
    folder.mkdir()
    (folder / "choice.nbi").write_bytes(b"cut o")
    monkeypatch.setattr(compiled, "folder", lambda: folder)
    monkeypatch.setattr(shipped, "WEEK", "raise EOFError('Ran out of input')")
    check = shipped.week()
    assert not check.ok and check.found == "EOFError: Ran out of input" and check.repair is not None
    check.repair()
    assert not folder.exists()


@pytest.mark.slow
def test_a_small_town_runs():
    assert shipped.week() == Check("A small town runs", True, "a week")


def test_a_port_that_is_taken_is_told_with_another(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(machine, "PORT", taken.getsockname()[1])
        check = machine.port()
    assert not check.ok and "view --port" in str(check.mend)


@pytest.mark.parametrize(
    "path",
    ["/Users/ann/OneDrive - Council/everystep", "/home/ann/Dropbox/x", "C:\\Users\\a\\iCloud Drive\\x"],
)
def test_a_folder_that_is_kept_in_step_elsewhere_is_told(monkeypatch, path):
    monkeypatch.setattr(ready, "ROOT", path)
    assert not machine.synced().ok


def test_a_path_too_long_for_windows_is_told_there_only(monkeypatch):
    monkeypatch.setattr(ready, "ROOT", "C:\\" + "long" * 50)
    assert machine.path().ok
    monkeypatch.setattr(machine.sys, "platform", "win32")
    assert not machine.path().ok


def test_without_a_folder_for_temporary_files_the_name_to_set_is_told(monkeypatch):
    def nowhere():
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(machine.tempfile, "gettempdir", nowhere)
    assert not machine.temporary().ok and "TMPDIR" in str(machine.temporary().mend)
