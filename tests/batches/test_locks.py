"""A file system without locks (`flock`) or without links: batches run there by lease, and nobody waits for the dead."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from model.errors import InputError
from scenarios.batches import attempts, locks, supervise
from scenarios.sweeps.sweep import sweep

ROOT = Path(__file__).parents[2]

WITHOUT = """
import errno, fcntl, os

def refuse(*words, **more):
    raise OSError({number}, os.strerror({number}))

{name} = refuse
"""
"""What a process reads first that finds a file system without this or that."""


def lacking(folder: Path, **what: int) -> dict[str, str]:
    """The environment of processes, and of those they start, whose file systems lack what is named."""
    text = "\n".join(
        WITHOUT.format(name={"flock": "fcntl.flock", "link": "os.link"}[name], number=number)
        for name, number in what.items()
    )
    (folder / "sitecustomize.py").write_text(text)
    return dict(os.environ, PYTHONPATH=os.pathsep.join([str(folder), str(ROOT)]))


def refuse(number: int):
    def act(*words: object, **more: object) -> None:
        raise OSError(number, os.strerror(number))

    return act


@pytest.fixture(params=["flock", "link", "neither"])
def bare(request, monkeypatch):
    """A file system that lacks one of both, or both."""
    if request.param != "link":
        monkeypatch.setattr(locks.fcntl, "flock", refuse(errno.ENOLCK))
    if request.param != "flock":
        monkeypatch.setattr(os, "link", refuse(errno.EPERM))


def test_a_try_is_held_by_one_until_it_ends(bare, tmp_path):
    first = attempts.begin(tmp_path, "a")
    assert isinstance(first, attempts.Attempt)
    assert attempts.begin(tmp_path, "a") == "running"
    assert not attempts.ended(tmp_path)
    first.fail("raised", "no reason")
    assert attempts.ended(tmp_path)["a"][0].message == "no reason"
    second = attempts.begin(tmp_path, "a")
    assert isinstance(second, attempts.Attempt) and second.path.name == "a.2.log"
    second.succeed()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.1.log"]
    attempts.forget(tmp_path, "a")
    assert not list(tmp_path.iterdir())


HOLD = """
import sys, time
from pathlib import Path
from scenarios.batches import attempts
held = attempts.begin(Path(sys.argv[1]), "a")
print("held", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("lacks", [{"flock": errno.ENOSYS}, {"flock": errno.ENOTSUP, "link": errno.ENOTSUP}])
def test_a_try_ends_with_its_process(tmp_path, monkeypatch, lacks):
    (tmp_path / "tries").mkdir()
    environment = lacking(tmp_path, **lacks)
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "tries")], env=environment,
                               stdout=subprocess.PIPE, text=True)  # fmt: skip
    try:
        assert process.stdout.readline() == "held\n"
        monkeypatch.setattr(locks.fcntl, "flock", refuse(errno.ENOSYS))
        assert attempts.begin(tmp_path / "tries", "a") == "running"
    finally:
        process.kill()
        process.wait()
    assert attempts.ended(tmp_path / "tries")["a"][0].kind == "died"
    assert isinstance(attempts.begin(tmp_path / "tries", "a"), attempts.Attempt)


def test_a_lease_of_another_machine_is_over_when_it_is_not_renewed(tmp_path, monkeypatch):
    monkeypatch.setattr(locks.fcntl, "flock", refuse(errno.ENOLCK))
    path = tmp_path / "file"
    path.touch()
    lease = tmp_path / "file.lease"
    lease.write_text(json.dumps({"machine": "far away", "pid": os.getpid(), "began": "1"}))
    assert locks.is_held(path)
    with open(path) as file, pytest.raises(BlockingIOError):
        locks.hold(file, path)
    old = time.time() - locks.LASTS - 1
    os.utime(lease, (old, old))
    assert not locks.is_held(path)
    with open(path) as file:
        lock = locks.hold(file, path)
        assert locks.is_held(path)
        lock.release()
    assert not lease.exists()


def test_a_lease_is_renewed_while_its_process_lives(tmp_path, monkeypatch):
    monkeypatch.setattr(locks.fcntl, "flock", refuse(errno.ENOLCK))
    monkeypatch.setattr(locks, "RENEWED", 0.01)
    monkeypatch.setattr(locks, "_renewing", [])
    path = tmp_path / "file"
    with open(path, "w") as file:
        lock = locks.hold(file, path)
        os.utime(lock.lease, (0, 0))
        until = time.time() + 5
        while lock.lease.stat().st_mtime == 0 and time.time() < until:
            time.sleep(0.01)
        assert lock.lease.stat().st_mtime > time.time() - 10
        lock.release()


def test_one_process_drives_a_folder(bare, tmp_path):
    refused = pytest.raises(InputError, match="another process is at work")
    with supervise.alone(tmp_path), refused, supervise.alone(tmp_path):
        pass
    with supervise.alone(tmp_path):
        pass


SWEEP = """
name: bare
scenario: walk_and_talk
vary: {interventions.0.groups: [10]}
replicates: 2
sample: 0.01
weeks: 4
"""


@pytest.mark.slow
def test_a_sweep_runs_by_lease_and_gives_the_same_bytes(tmp_path):
    (tmp_path / "s.yaml").write_text(SWEEP)
    words = [
        sys.executable,
        str(ROOT / "run.py"),
        "sweep",
        str(tmp_path / "s.yaml"),
        "--jobs",
        "2",
        "--quiet",
        "--out",
    ]
    environment = lacking(tmp_path, flock=errno.ENOLCK, link=errno.EPERM)
    ran = subprocess.run([*words, str(tmp_path / "bare")], env=environment, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    sweep(tmp_path / "s.yaml", tmp_path / "usual", jobs=1, apart=False)
    assert (tmp_path / "usual" / "runs.parquet").read_bytes() == (
        tmp_path / "bare" / "runs.parquet"
    ).read_bytes()
    assert not list((tmp_path / "bare").rglob("*.lease"))
