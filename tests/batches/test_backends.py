"""A cluster gives the same bytes as this machine, and outlives the death of a worker."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from kills import SAME, victims
from towns import SWEEP, open_quick, open_slow

from model.errors import InputError
from scenarios import executors
from scenarios.sweep import sweep

SPEC = {**SWEEP, "vary": {"interventions.0.groups": list(range(1, 11))}, "replicates": 2}


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    return sweep(
        SPEC, tmp_path_factory.mktemp("backends") / "here", opener=open_quick, apart=False, jobs=1
    ).folder


def kill_one(folder: Path, killed: list[int]) -> None:
    """Kill a process that holds a run, once there is one."""
    deadline = time.monotonic() + 60
    while not killed and time.monotonic() < deadline:
        for pid in victims(folder)[:1] if (folder / "attempts").is_dir() else []:
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)
        time.sleep(0.002)


def test_dask_processes_give_the_same_bytes_though_one_is_killed(here, tmp_path):
    distributed = pytest.importorskip("distributed")
    killed: list[int] = []
    with distributed.LocalCluster(2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        threading.Thread(target=kill_one, args=(tmp_path / "one", killed), daemon=True).start()
        done = sweep(
            SPEC, tmp_path / "one", backend="dask", scheduler=cluster.scheduler_address, opener=open_slow
        )
    assert killed and (done.tally.ok, done.tally.failed) == (20, 0)
    for name in SAME:
        assert (done.folder / name).read_bytes() == (here / name).read_bytes(), name


def test_workers_of_many_threads_are_refused(tmp_path):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster,
        pytest.raises(InputError, match="--nthreads 1"),
    ):
        sweep(SPEC, tmp_path / "one", backend="dask", scheduler=cluster.scheduler_address, opener=open_quick)


def test_ray_gives_the_same_bytes(here, tmp_path):
    pytest.importorskip("ray")
    done = sweep(SPEC, tmp_path / "one", backend="ray", jobs=2, opener=open_quick)
    assert all((done.folder / name).read_bytes() == (here / name).read_bytes() for name in SAME)


def test_a_backend_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(InputError, match="unknown backend"):
        sweep(SPEC, tmp_path / "one", backend="cloud")
    assert not (tmp_path / "one").exists()


def test_a_death_breaks_one_slot_only():
    def work(task):
        if task == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return task

    ends = list(executors.run(work, enumerate(range(6)), 2, apart=True))
    assert [end.number for end in ends if end.died] == [2]
    assert sorted(end.value for end in ends if end.ok) == [0, 1, 3, 4, 5]
