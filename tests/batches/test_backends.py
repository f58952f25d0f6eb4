"""A cluster gives the same bytes as this machine, and outlives the death of a worker."""

import operator
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

from model import schedule
from model.errors import InputError
from model.schedule import Act
from scenarios.batches import executors
from scenarios.batches.failures import BatchFailed
from scenarios.sweeps.sweep import sweep

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


@pytest.fixture(scope="module")
def scheduler():
    """The address of two dask workers, each a process of one thread."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        yield cluster.scheduler_address


@pytest.mark.slow
def test_dask_processes_give_the_same_bytes_though_one_is_killed(here, tmp_path, scheduler):
    killed: list[int] = []
    threading.Thread(target=kill_one, args=(tmp_path / "one", killed), daemon=True).start()
    done = sweep(SPEC, tmp_path / "one", backend="dask", scheduler=scheduler, opener=open_slow)
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


@pytest.fixture
def ray(monkeypatch):
    found = pytest.importorskip("ray", reason="ray is not installed: python -m pip install -e '.[ray]'")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))  # its workers must find towns.py
    yield found
    found.shutdown()


def test_ray_gives_the_same_bytes_though_a_worker_is_killed(here, tmp_path, ray):
    killed: list[int] = []
    threading.Thread(target=kill_one, args=(tmp_path / "one", killed), daemon=True).start()
    done = sweep(SPEC, tmp_path / "one", backend="ray", jobs=2, opener=open_slow)
    assert killed and (done.tally.ok, done.tally.failed) == (20, 0)
    assert all((done.folder / name).read_bytes() == (here / name).read_bytes() for name in SAME)


def test_a_ray_cluster_that_was_there_before_is_used_and_left_running(here, tmp_path, ray):
    ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False)
    done = sweep(SPEC, tmp_path / "one", backend="ray", opener=open_quick)
    assert ray.is_initialized()
    assert all((done.folder / name).read_bytes() == (here / name).read_bytes() for name in SAME)


@pytest.mark.parametrize("backend", ["dask", "ray"])
def test_a_scheduler_that_does_not_answer_is_said_so(tmp_path, backend):
    pytest.importorskip("distributed" if backend == "dask" else "ray")
    with pytest.raises(InputError, match="answers here"):
        sweep(SPEC, tmp_path / "one", backend=backend, scheduler="127.0.0.1:1", opener=open_quick)


def test_workers_without_the_program_are_refused(tmp_path, monkeypatch, scheduler):
    (tmp_path / "only_here.py").write_text("def open_town(job):\n    raise AssertionError\n")
    monkeypatch.syspath_prepend(tmp_path)  # after the workers began: they do not have it
    from only_here import open_town

    with pytest.raises(InputError, match=r"does not have this program.*only_here"):
        sweep(SPEC, tmp_path / "one", backend="dask", scheduler=scheduler, opener=open_town)


class DeadOnArrival:
    """An opener whose process ends while it reads it."""

    def __reduce__(self):
        return os._exit, (1,)


def test_processes_that_never_begin_a_run_end_the_batch(tmp_path):
    with pytest.raises(BatchFailed, match="no process lives long enough"):
        sweep(SWEEP | {"replicates": 1, "vary": {"interventions.0.groups": [1]}}, tmp_path / "one", jobs=1,
              opener=DeadOnArrival())  # fmt: skip


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


def process() -> int:
    """The process that a batch of one task ran in."""
    (end,) = executors.run(
        operator.call, [(0, os.getpid)], 1, apart=True
    )  # a process has nothing else to read
    return end.value


def test_a_process_waits_for_the_next_batch_of_the_same_code_in_the_same_surroundings(monkeypatch):
    first = process()
    assert process() == first != os.getpid()
    monkeypatch.setenv("SOMETHING", "else")
    assert process() != first
    monkeypatch.undo()
    own = schedule.register(Act("idle", "nothing", _nothing))
    known = process()
    schedule.forget(own.name)
    assert process() != known != first, "what has met something from outside is not used again"


def _nothing(state) -> None:
    pass
