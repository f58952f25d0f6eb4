"""What a run may take, and what is said before an answer is lost."""

import errno
import os
import shutil
import signal
import sys
import time
from collections import namedtuple
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "contract"))

from door import door
from fake_town import FakeScenario, FakeTown, open_fake
from numba.core import event
from towns import SWEEP, QuickTown

from model.errors import Fault, InputError
from scenarios import compare
from scenarios.batches import attempts, executors, supervise
from scenarios.batches.failures import BatchFailed
from scenarios.batches.runstore import RunStore
from scenarios.files import store
from scenarios.simulate import simulate
from scenarios.sweeps.sweep import sweep

BASE, WALK = FakeScenario("Baseline"), FakeScenario("Walk", 0.2)
ONE = {**SWEEP, "vary": {"interventions.0.groups": [4]}, "replicates": 1}
Usage = namedtuple("Usage", "total used free")


class CompilingTown(QuickTown):
    """A town that compiles for two seconds, one thing within another, then runs at once."""

    def warm_up(self):
        with event.trigger_event("numba:compile"):
            time.sleep(0.5)
            with event.trigger_event("numba:compile"):
                time.sleep(1.5)


class HangingTown(CompilingTown):
    """The same, and then it runs for ever."""

    def record(self):
        time.sleep(60)


def test_compiling_does_not_count_against_the_deadline(tmp_path):
    done = sweep(ONE, tmp_path / "one", opener=CompilingTown, jobs=1, deadline_seconds=1.2)
    assert (done.tally.ok, done.tally.failed) == (1, 0)


def test_a_run_that_hangs_after_compiling_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(attempts, "OWN_FAILURES", 1)  # one try is enough to see it stopped
    began = time.monotonic()
    done = sweep(ONE, tmp_path / "one", opener=HangingTown, jobs=1, deadline_seconds=1.2)
    assert done.describe()["failures"] == {"hung": 1} and time.monotonic() - began < 40


@pytest.mark.parametrize("verb", ["compare", "sweep", "calibrate", "validate"])
def test_no_processes_are_refused_before_anything(tmp_path, verb):
    words = [
        verb,
        *(["walk_and_talk"] if verb in ("compare", "sweep") else []),
        "--jobs",
        "0",
        "--out",
        tmp_path / "x",
    ]
    said = door(*map(str, words))
    assert said.exit_code == 2 and "or -1 for every core" in " ".join(said.stderr.replace("│", " ").split())
    assert not (tmp_path / "x").exists()


def test_no_processes_are_refused_in_python_too(tmp_path):
    with pytest.raises(InputError, match="every core"):
        compare([WALK], 2, baseline=BASE, opener=open_fake, jobs=0)
    with pytest.raises(InputError, match="every core"):
        sweep(ONE, tmp_path / "one", opener=QuickTown, jobs=0)
    with pytest.raises(InputError, match="every core"):
        list(executors.run(abs, [(0, 1)], 0))


def test_a_disk_with_little_room_is_told_before_anything_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(1e12, 1e12, 1e6))
    for run in (lambda out: compare([WALK], 2, baseline=BASE, opener=never, jobs=1, out=out),
                lambda out: simulate(WALK, opener=never, out=out),
                lambda out: sweep(ONE, out, opener=never, apart=False, jobs=1)):  # fmt: skip
        with pytest.raises(InputError, match=r"too little room.*1 MB free.*about \d+ MB"):
            run(tmp_path / "one")


def never(job) -> FakeTown:
    raise AssertionError("it ran")


def test_a_folder_that_takes_no_file_is_told_before_anything_runs(tmp_path, monkeypatch):
    import tempfile

    def refusing(*words, **options):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refusing)
    with pytest.raises(InputError, match=r"cannot be written .Read-only"):
        compare([WALK], 2, baseline=BASE, opener=never, jobs=1, out=tmp_path / "one")


@pytest.mark.parametrize(("where", "what"), [(RunStore, "save"), (store, "write_csv")])
def test_a_disk_that_fills_is_told_in_a_sentence_and_resume_goes_on(tmp_path, monkeypatch, where, what):
    real, count = getattr(where, what), [0]

    def full(*words, **options):
        count[0] += 1
        if count[0] == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*words, **options)

    monkeypatch.setattr(where, what, full)
    with pytest.raises(BatchFailed, match=r"takes no more.*--resume goes on") as error:
        compare([WALK], 2, baseline=BASE, opener=open_fake, jobs=1, out=tmp_path / "one")
    assert "Traceback" not in str(error.value) and not error.value.ours
    monkeypatch.setattr(where, what, real)
    kept = len(list((tmp_path / "one" / "parts" / "runs").glob("*.parquet")))
    assert kept == (1 if what == "save" else 2)
    opened = []

    def counting(job):
        opened.append(job.replicate)
        return open_fake(job)

    counting.stands_for = open_fake
    compare([WALK], 2, baseline=BASE, opener=counting, jobs=1, out=tmp_path / "one", resume=True)
    assert len(opened) == 2 - kept


class FaultyTown(FakeTown):
    """A town that something of the input is wrong with, as the engine finds out in its weeks."""

    stands_for = staticmethod(open_fake)

    def run(self, weeks, progress=None):
        raise InputError(Fault("cannot be, here", key="groups"))


class HungTown(FakeTown):
    """A town whose second replicate never ends."""

    stands_for = staticmethod(open_fake)

    def run(self, weeks, progress=None):
        if self.job.replicate == 1:
            time.sleep(60)
        super().run(weeks, progress)


class MortalTown(FakeTown):
    """A town whose second replicate ends its process, the first time."""

    stands_for = staticmethod(open_fake)

    def run(self, weeks, progress=None):
        once = Path(os.environ["ONCE"])
        if self.job.replicate == 1 and not once.exists():
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        super().run(weeks, progress)


@pytest.mark.slow
def test_a_replicate_of_a_comparison_that_hangs_is_stopped_and_the_others_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(attempts, "OWN_FAILURES", 1)
    monkeypatch.setattr(supervise, "deadline", lambda work: 3.0)
    with pytest.raises(BatchFailed, match=r"1 of 3 replicates failed \(1\):\nTimeout"):
        compare([WALK], 3, baseline=BASE, opener=HungTown, jobs=2, out=tmp_path / "one")
    assert len(list((tmp_path / "one" / "parts" / "runs").glob("*.parquet"))) == 2


@pytest.mark.slow  # the points of a sweep do so by default
def test_a_replicate_of_a_comparison_whose_process_dies_is_run_again(tmp_path, monkeypatch):
    monkeypatch.setenv("ONCE", str(tmp_path / "once"))
    whole = compare([WALK], 3, baseline=BASE, opener=MortalTown, jobs=2)
    pd.testing.assert_frame_equal(
        whole.frame, compare([WALK], 3, baseline=BASE, opener=open_fake, jobs=1).frame
    )
    assert (tmp_path / "once").exists()


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_wrong_with_the_input_ends_a_comparison_in_its_own_words(tmp_path, jobs):
    with pytest.raises(InputError, match=r"groups: cannot be, here"):
        compare([WALK], 3, baseline=BASE, opener=FaultyTown, jobs=jobs, out=tmp_path / "one")
