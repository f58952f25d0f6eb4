"""Locks end with their process, on a file system without locks too: there by lease, and nobody waits for the dead."""

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
import os
import filelock

def refuse(*words, **more):
    raise OSError({number}, os.strerror({number}))

filelock.lock_descriptor = refuse
"""
"""What a process reads first that finds a file system without locks."""


def lacking(folder: Path, number: int) -> dict[str, str]:
    """The environment of processes, and of those they start, whose file systems say this number when asked for a lock."""
    (folder / "sitecustomize.py").write_text(WITHOUT.format(number=number), encoding="utf-8")
    return dict(os.environ, PYTHONPATH=os.pathsep.join([str(folder), str(ROOT)]))


def refuse(number: int):
    def act(*words: object, **more: object) -> None:
        raise OSError(number, os.strerror(number))

    return act


@pytest.fixture(params=["locks", "none"])
def bare(request, monkeypatch):
    """A file system that has locks, or none."""
    if request.param == "none":
        monkeypatch.setattr(locks, "lock_descriptor", refuse(errno.ENOLCK))


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


@pytest.mark.parametrize("lacks", [None, errno.ENOSYS, errno.ENOTSUP])
def test_a_try_ends_with_its_process(tmp_path, monkeypatch, lacks):
    (tmp_path / "tries").mkdir()
    environment = lacking(tmp_path, lacks) if lacks else dict(os.environ, PYTHONPATH=str(ROOT))
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "tries")], env=environment,
                               stdout=subprocess.PIPE, text=True)  # fmt: skip
    try:
        assert process.stdout.readline() == "held\n"
        if lacks:
            monkeypatch.setattr(locks, "lock_descriptor", refuse(lacks))
        assert attempts.begin(tmp_path / "tries", "a") == "running"
    finally:
        process.kill()
        process.wait()
    assert attempts.ended(tmp_path / "tries")["a"][0].kind == "died"
    assert not list((tmp_path / "tries").glob("*.lock*")), "what nobody holds is cleared away"
    assert isinstance(attempts.begin(tmp_path / "tries", "a"), attempts.Attempt)


def test_what_a_try_says_can_be_read_while_it_runs(bare, tmp_path):
    held = attempts.begin(tmp_path, "a")
    assert json.loads(held.path.read_text(encoding="utf-8"))["pid"] == os.getpid()
    assert held.lock.path != held.path and held.lock.path.read_bytes() == b""
    held.succeed()
    assert not list(tmp_path.iterdir())


def test_whoever_opened_a_lock_that_its_holder_removed_takes_the_new_one(tmp_path, monkeypatch):
    first = locks.hold(tmp_path / "lock")
    usual, seen = locks.lock_descriptor, []

    def late(number: int, blocking: bool) -> bool:
        if not seen:
            seen.append(number)
            first.release()  # between opening and locking
        return usual(number, blocking=blocking)

    monkeypatch.setattr(locks, "lock_descriptor", late)
    second = locks.hold(tmp_path / "lock")
    assert locks.is_held(tmp_path / "lock")
    with pytest.raises(BlockingIOError):
        locks.hold(tmp_path / "lock")
    second.release()
    assert not list(tmp_path.iterdir())


def test_a_process_that_has_the_number_of_a_dead_one_holds_nothing_for_it(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "lock_descriptor", refuse(errno.ENOSYS))
    path, lease = tmp_path / "file", tmp_path / "file.lease"
    path.touch()
    lease.write_text(json.dumps({**locks._me(), "began": 1.0}), encoding="utf-8")
    assert locks.is_held(path), "a clock may have been set: only renewing tells"
    os.utime(lease, (0, 0))
    assert not locks.is_held(path)
    lease.write_text(json.dumps(locks._me()), encoding="utf-8")
    os.utime(lease, (0, 0))
    assert locks.is_held(path), "a process that lives and is busy keeps its lease"


def test_a_lease_of_another_machine_is_over_when_it_is_not_renewed(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "lock_descriptor", refuse(errno.ENOLCK))
    path = tmp_path / "file"
    path.touch()
    lease = tmp_path / "file.lease"
    lease.write_text(json.dumps({"machine": "far away", "pid": os.getpid(), "began": "1"}))
    assert locks.is_held(path)
    with pytest.raises(BlockingIOError):
        locks.hold(path)
    old = time.time() - locks.LASTS - 1
    os.utime(lease, (old, old))
    assert not locks.is_held(path)
    lock = locks.hold(path)
    assert locks.is_held(path)
    lock.release()
    assert not lease.exists()


def test_a_lease_is_renewed_while_its_process_lives(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "lock_descriptor", refuse(errno.ENOLCK))
    monkeypatch.setattr(locks, "RENEWED", 0.01)
    monkeypatch.setattr(locks, "_renewing", [])
    path = tmp_path / "file"
    lock = locks.hold(path)
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
    environment = lacking(tmp_path, errno.ENOLCK)
    ran = subprocess.run([*words, str(tmp_path / "bare")], env=environment, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    sweep(tmp_path / "s.yaml", tmp_path / "usual", jobs=1, apart=False)
    assert (tmp_path / "usual" / "runs.parquet").read_bytes() == (
        tmp_path / "bare" / "runs.parquet"
    ).read_bytes()
    assert not list((tmp_path / "bare").rglob("*.lease"))
