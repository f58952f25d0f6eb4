"""Small machines: no shared memory, a share of a core, a share of the memory. What can go on goes on, and says what is wrong."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer import Exit

from cli.door import verb
from scenarios.batches import backends, capacity, executors

ROOT = Path(__file__).parents[2]

READ_ONLY = """
import _multiprocessing, errno, os

class SemLock:
    def __init__(self, *words, **more):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))
    def _is_zero(self): ...
    SEM_VALUE_MAX = 1

_multiprocessing.SemLock = SemLock
"""
"""What a process reads first whose /dev/shm cannot be written."""

SWEEP = """
name: small
scenario: walk_and_talk
vary: {interventions.0.groups: [10]}
replicates: 2
sample: 0.01
weeks: 4
"""


def door(folder: Path, *words: str) -> subprocess.CompletedProcess:
    """A command on a machine whose shared memory cannot be written."""
    (folder / "sitecustomize.py").write_text(READ_ONLY)
    environment = dict(os.environ, PYTHONPATH=str(folder))
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *words],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_without_shared_memory_a_sweep_runs_here_and_says_so_once(tmp_path):
    (tmp_path / "s.yaml").write_text(SWEEP)
    ran = door(tmp_path, "sweep", "s.yaml", "--jobs", "2", "--out", "out")
    assert ran.returncode == 0 and "2 of 2 runs are done" in ran.stdout
    assert ran.stderr.count("Processes cannot share the work here") == 1
    assert "Read-only file system" in ran.stderr


def test_without_shared_memory_all_tasks_run_in_this_process(monkeypatch, caplog):
    monkeypatch.setattr(executors, "no_processes", lambda: "/dev/shm: No space left on device")
    executors._can_spread.cache_clear()
    for apart in (False, True):
        done = list(executors.run(lambda task: os.getpid(), list(enumerate("abc")), 2, apart=apart))
        assert [one.value for one in done] == [os.getpid()] * 3
    executors._can_spread.cache_clear()
    assert [record.message for record in caplog.records] == [
        "Processes cannot share the work here (/dev/shm: No space left on device): "
        "runs go on one after the other in this one."
    ]


def test_a_new_process_that_cannot_begin_is_an_error_and_no_endless_loop(monkeypatch):
    class Broken:
        def __init__(self, *words, **more): ...

        def submit(self, *words):
            raise OSError(11, "Resource temporarily unavailable")

        def shutdown(self, **how): ...

    import joblib.externals.loky as loky

    monkeypatch.setattr(loky, "ProcessPoolExecutor", Broken)
    with pytest.raises(OSError, match="temporarily"):
        backends._Loky(2).submit(len, 0, "a")


COUNT = "from scenarios.batches import executors; print(executors.count_jobs(-1), executors.count_jobs(-2), executors.count_jobs(3))"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system ties processes to no cores")
def test_only_cores_that_may_be_used_are_counted():
    one = min(os.sched_getaffinity(0))
    ran = subprocess.run([sys.executable, "-c", f"import os; os.sched_setaffinity(0, {{{one}}}); {COUNT}"], cwd=ROOT,
                         capture_output=True, text=True, check=True)  # fmt: skip
    assert ran.stdout.split() == ["1", "1", "3"]


def test_a_limit_on_cores_is_kept(monkeypatch):
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")
    assert executors.count_jobs(-1) == backends.cores() == 1


@pytest.mark.parametrize(
    ("told", "files", "limits"),
    [
        ("0::/\n", {"memory.max": "1000\n"}, [1000.0]),
        ("0::/a/b\n", {"a/b/memory.max": "max\n", "a/memory.max": "2000\n"}, [2000.0]),
        ("4:memory:/docker/x\n3:cpu:/\n", {"memory/memory.limit_in_bytes": "3000\n"}, [3000.0]),
        ("0::/\n", {}, []),
        (None, {}, []),
    ],
    ids=["a container", "a job", "an older system", "no limit", "another system"],
)
def test_memory_is_what_the_container_gives(tmp_path, told, files, limits):
    if told is not None:
        (tmp_path / "proc/self").mkdir(parents=True)
        (tmp_path / "proc/self/cgroup").write_text(told)
    for name, text in files.items():
        path = tmp_path / "sys/fs/cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert list(capacity._memory_limits(tmp_path)) == limits
    assert 0 < capacity.memory_bytes() < float("inf")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            PermissionError(errno.EACCES, "Permission denied", "/data/report.html"),
            "/data/report.html: Permission denied",
        ),
        (OSError(errno.ENOSPC, "No space left on device"), "this machine: No space left on device"),
        (FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']"), "set TMPDIR"),
        (MemoryError(), "too little memory"),
    ],
)
def test_what_the_machine_will_not_do_is_said_in_a_line(error, said, capsys):
    @verb
    def act(as_json: bool = False) -> None:
        raise error

    with pytest.raises(Exit) as stop:
        act()
    told = capsys.readouterr().err
    assert stop.value.exit_code == 1 and told.count("\n") == 1 and told.startswith("error: ") and said in told


def test_a_fault_of_ours_still_shows_where_it_lies(capsys):
    @verb
    def act() -> None:
        raise ZeroDivisionError("ours")

    with pytest.raises(Exit):
        act()
    told = capsys.readouterr().err
    assert "Traceback" in told and "fault of ours" in told
