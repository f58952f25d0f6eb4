"""What differs between systems, tried here by putting another in its place."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from model.files import moving
from model.machine import compiled, system
from scenarios.batches import interrupts
from scenarios.sweeps.sweep import sweep

ROOT = Path(__file__).parents[2]


def child(code: str, *words: str, **more: str) -> subprocess.CompletedProcess:
    """A fresh process under the guard, with a terminal of Windows."""
    path = os.pathsep.join([str(Path(__file__).parent / "site"), str(ROOT)])
    environment = os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "cp1252"} | more
    return subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, encoding="cp1252", env=environment
    )


# ------------------------------------------------------------------------------------------------ users


def test_a_user_without_a_number_has_folders_of_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr(system, "user_id", lambda: None)
    monkeypatch.setenv("USERNAME", "Zoë Müller")
    monkeypatch.setattr(compiled, "ROOT", tmp_path / "read-only")  # a file: nothing can be made there
    (tmp_path / "read-only").touch()
    monkeypatch.setattr(compiled, "version", lambda: "everystep-0123456789ab")
    monkeypatch.setattr(compiled.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "read-only")
    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(compiled, "_use", lambda folder: folder)
    made = tmp_path / "everystep-ZoëMüller"
    made.mkdir(mode=0o777)
    made.chmod(0o777)  # as Windows tells every folder
    assert compiled.keep() == made / "everystep-0123456789ab"


def test_a_quiet_process_steps_back_on_every_system(monkeypatch):
    asked = []

    class Me:
        def nice(self, value=None):
            return 18 if value is None else asked.append(value)

    monkeypatch.setattr(psutil, "Process", Me)
    system.step_back()
    monkeypatch.setattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", 16384, raising=False)
    monkeypatch.setattr(system, "is_windows", lambda: True)
    system.step_back()
    assert asked == [19, 16384]


# ------------------------------------------------------------------------------------------------ processes


def test_a_process_lives_until_it_ends_also_when_nobody_has_asked_for_its_end():
    one = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    lives = system.lives(one.pid)
    assert lives() and system.began(one.pid) == pytest.approx(time.time(), abs=60)
    one.kill()
    until = time.monotonic() + 10
    while lives() and time.monotonic() < until:
        time.sleep(0.01)
    assert not lives() and system.began(one.pid) is None, "it is a zombie now"
    one.wait()
    one.stdin.close()
    assert not lives() and system.began(one.pid) is None and not system.lives(one.pid)()


def test_another_process_of_the_same_number_is_another(monkeypatch):
    lives = system.lives(os.getpid())
    assert lives()
    monkeypatch.setattr(psutil.Process, "is_running", lambda self: False)
    assert not lives()


def test_ctrl_break_means_what_ctrl_c_does(monkeypatch):
    if not hasattr(signal, "SIGUSR1"):
        pytest.skip("needs a signal that stands for Ctrl-Break")
    other = signal.SIGUSR1
    monkeypatch.setattr(interrupts, "STOPS", (signal.SIGINT, other))
    before = signal.signal(other, signal.SIG_DFL)
    try:
        interrupts.hear()
        done = []
        with pytest.raises(KeyboardInterrupt), interrupts.weekly():
            signal.raise_signal(other)
            done.append("the week")
        assert done == ["the week"] and signal.getsignal(other) is signal.default_int_handler
        interrupts.ignore()
        signal.raise_signal(other)
        signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(other, before)
        signal.signal(signal.SIGINT, signal.default_int_handler)


# ------------------------------------------------------------------------------------------------ memory


def test_the_peak_is_told_by_whoever_knows_it(monkeypatch):
    now, peak = system.memory_bytes()
    assert 1e7 < now <= peak
    told = SimpleNamespace(rss=5, peak_wset=9, private=7)
    monkeypatch.setattr(psutil, "Process", lambda: SimpleNamespace(memory_info=lambda: told))
    assert system.memory_bytes() == (5, 9) and system.private_bytes() == 7
    assert system.machine_bytes() == psutil.virtual_memory().total


HOARD = """
import sys
from pathlib import Path
from scenarios.batches import attempts, work

attempt = attempts.begin(Path(sys.argv[1]), "a")
hoard = []
with work.bounded(work.Limits(memory_bytes=1.5e8), attempt):
    while True:
        hoard.append(bytearray(5_000_000))
"""


def test_a_run_that_eats_its_share_is_ended_where_the_system_bounds_no_memory(tmp_path):
    from scenarios.batches import attempts

    ran = child(HOARD, str(tmp_path))
    assert ran.returncode == 1 and not ran.stderr, ran.stderr
    (end,) = attempts.ended(tmp_path)["a"]
    assert end.kind == "out_of_memory" and "more memory than its share" in end.message
    assert [path.name for path in tmp_path.iterdir()] == ["a.1.log"]


def test_a_run_within_its_share_is_let_be(monkeypatch):
    looked = []
    monkeypatch.setattr(system, "LOOKS", 0.01)
    monkeypatch.setattr(system, "private_bytes", lambda: looked.append(1) or 10)
    with system._watched(10, lambda: pytest.fail("it was within")):
        time.sleep(0.05)
    assert looked and not [one for one in threading.enumerate() if one.name == "everystep-memory"]


# ------------------------------------------------------------------------------------------------ files


def open_elsewhere(monkeypatch, name: str, times: int) -> None:
    """A file that is open somewhere else, so many times that it is asked for."""
    usual, left = getattr(os, name), [times]

    def refuse(*words, **more):
        if left[0]:
            left[0] -= 1
            error = PermissionError(13, "being used by another process")
            error.winerror = 32
            raise error
        return usual(*words, **more)

    monkeypatch.setattr(os, name, refuse)


def test_a_file_that_somebody_reads_is_replaced_and_removed_when_they_are_done(tmp_path, monkeypatch):
    (tmp_path / "draft").write_text("new", encoding="utf-8")
    (tmp_path / "file").write_text("old", encoding="utf-8")
    open_elsewhere(monkeypatch, "replace", 3)
    moving.replace(tmp_path / "draft", tmp_path / "file")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "new"
    open_elsewhere(monkeypatch, "unlink", 2)
    moving.remove(tmp_path / "file")
    moving.remove(tmp_path / "file")
    assert not list(tmp_path.iterdir())


def test_nobody_waits_for_rights_nor_for_ever(tmp_path, monkeypatch):
    def refuse(*words):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    began = time.monotonic()
    with pytest.raises(PermissionError):
        moving.replace(tmp_path / "draft", tmp_path / "file")
    assert time.monotonic() - began < 1
    monkeypatch.setattr(moving, "PATIENCE", 0.05)
    open_elsewhere(monkeypatch, "unlink", 10**6)
    with pytest.raises(PermissionError, match="another process"):
        moving.remove(tmp_path)


def test_a_new_file_takes_nobodys_place_with_links_and_without(tmp_path, monkeypatch):
    def none(*words, **more):
        raise OSError(95, "Operation not supported")

    for way in ("links", "none"):
        if way == "none":
            monkeypatch.setattr(os, "link", none)
        draft, path = tmp_path / "draft", tmp_path / way
        draft.write_text(way, encoding="utf-8")
        moving.appear(draft, path)
        assert path.read_text(encoding="utf-8") == way and not draft.exists()
        draft.write_text("another", encoding="utf-8")
        with pytest.raises(FileExistsError):
            moving.appear(draft, path)
        assert path.read_text(encoding="utf-8") == way


# ------------------------------------------------------------------------------------------------ the guard itself


HIDES = """
import json, os, sys, tempfile
from pathlib import Path
from model.machine import system
import fcntl, resource  # this is no file of the program

path = Path(tempfile.mkdtemp()) / "file"
held = open(path, "w")
try:
    os.unlink(path)
    refused = ""
except PermissionError as error:
    refused = str(error.winerror)
held.close()
path.unlink()
print(json.dumps({"user": system.user_id(), "kill": hasattr(system.os, "kill"), "real": hasattr(os, "kill"),
                  "refused": refused, "encoding": sys.stdout.encoding}))
"""


def test_the_guard_hides_from_the_program_what_windows_lacks_and_keeps_open_files():
    if sys.platform != "linux":
        pytest.skip("the guard reads /proc")
    ran = child(HIDES)
    told = json.loads(ran.stdout)
    assert told == {"user": None, "kill": False, "real": True, "refused": "32", "encoding": "cp1252"}, (
        ran.stderr
    )


SWEEP = """
name: small
scenario: walk_and_talk
vary: {interventions.0.groups: [10, 20]}
replicates: 2
sample: 0.01
weeks: 4
"""


@pytest.mark.slow  # `make test-portable` runs all sweeps so
def test_a_sweep_on_such_a_system_gives_the_same_bytes(tmp_path):
    folder = tmp_path / "Zoë Müller's files"
    folder.mkdir()
    (folder / "small.yaml").write_bytes(b"\xef\xbb\xbf" + SWEEP.encode().replace(b"\n", b"\r\n"))
    (tmp_path / "small.yaml").write_text(SWEEP, encoding="utf-8", newline="\n")
    code = "import run, sys; sys.argv[0] = 'run.py'; run.main()"
    words = ["--jobs", "1", "--quiet", "--out"]
    ran = child(
        code,
        "sweep",
        str(folder / "small.yaml"),
        *words,
        str(folder / "out"),
        HOME=str(folder),
        TMPDIR=str(folder),
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    sweep(tmp_path / "small.yaml", tmp_path / "out", jobs=1, apart=False)
    for name in (
        "runs.parquet",
        "effects.parquet",
        "effects.csv",
        "points.csv",
        "jobs.parquet",
        "failures.csv",
    ):
        assert (folder / "out" / name).read_bytes() == (tmp_path / "out" / name).read_bytes(), name
    assert not list((folder / "out" / "attempts").iterdir()), "neither tries nor locks are left"
