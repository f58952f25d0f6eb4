"""The run store: equal results have equal names, damage is seen, tries are counted, nothing is kept twice."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from model import rng
from scenarios.batches import attempts
from scenarios.batches.runstore import RunStore
from scenarios.runs import rows

ROOT = Path(__file__).resolve().parents[2]


def table(run_id: str, value: float = 1.0) -> pa.Table:
    words = pa.array([run_id] * 20, pa.string()).dictionary_encode()
    columns = {field.name: words if field.name in rows.WORDS else np.arange(20) for field in rows.SCHEMA}
    return pa.table(columns | {"value": np.arange(20) * value}, schema=rows.SCHEMA)


def run_id(number: int) -> str:
    return f"{number:032x}"


@pytest.fixture
def full(tmp_path) -> RunStore:
    """Six loose runs and four in a pack."""
    store = RunStore(tmp_path).make()
    for number in range(4):
        store.save(run_id(number), table(run_id(number)))
    assert store.compact(1) == 4
    for number in range(4, 10):
        store.save(run_id(number), table(run_id(number)))
    return store


def test_runs_come_back_the_same_loose_or_packed(full):
    assert full.ids() == {run_id(number) for number in range(10)}
    order = [run_id(number) for number in (9, 0, 5, 3)]
    found = dict(full.tables(order))
    assert list(found) == order
    for name, kept in found.items():
        assert kept.to_pydict() == table(name).to_pydict()
        assert full.load(name).to_pydict() == kept.to_pydict()
    assert full.check() == []


def test_saving_twice_keeps_one(full):
    before = sorted(path.name for path in full.runs.iterdir())
    full.save(run_id(7), table(run_id(7)))
    assert sorted(path.name for path in full.runs.iterdir()) == before


def test_two_different_results_of_one_run_are_told(full):
    full.save(run_id(7), table(run_id(7), value=2.0))
    assert [("differs" in damage.problem) for damage in full.check()] == [True]


def test_packing_that_was_killed_before_its_end_loses_and_doubles_nothing(full):
    kept = {path: path.read_bytes() for path in full.runs.glob("0*.parquet")}
    assert full.compact(1) == 6
    for path, content in kept.items():
        path.write_bytes(content)  # as if the process had died between the pack and this
    again = RunStore(full.root)
    assert again.ids() == {run_id(number) for number in range(10)}
    assert again.compact(1) == 0
    assert all(path.name.startswith("pack-") for path in again.runs.glob("*.parquet"))


@pytest.mark.parametrize("harm", ["flip", "cut"])
def test_every_flipped_bit_and_every_cut_is_seen(full, tmp_path, harm):
    paths = [sorted(full.runs.glob("0*.parquet"))[0], next(full.runs.glob("pack-*.parquet"))]
    key, seen = rng.key(3, 0, harm), 0
    for number in range(100 if harm == "flip" else 30):
        for path in paths:
            sound = path.read_bytes()
            place = int(rng.uniform(key, [number])[0] * len(sound))
            broken = bytearray(sound)
            broken[place] ^= 1 << number % 8
            path.write_bytes(bytes(broken) if harm == "flip" else sound[:place])
            seen += len(RunStore(full.root).check()) == 1
            path.write_bytes(sound)
    assert seen == (200 if harm == "flip" else 60)


def test_damaged_runs_are_not_taken_and_are_swept_up(full):
    path = next(full.runs.glob(f"{run_id(5)}-*.parquet"))
    path.write_bytes(path.read_bytes()[:-1])
    pack = next(full.runs.glob("pack-*.parquet"))
    pack.write_bytes(b"x" + pack.read_bytes()[1:])
    again = RunStore(full.root)
    assert (
        again.load(run_id(5)) is None and again.load(run_id(0)) is None and again.load(run_id(6)) is not None
    )
    assert len(again.sweep_up()) == 2
    assert again.ids() == {run_id(number) for number in range(6, 10)} | {run_id(4)}


def test_a_try_is_held_by_one_process(tmp_path):
    store = RunStore(tmp_path).make()
    one = store.claim(run_id(1))
    assert not isinstance(one, str) and store.claim(run_id(1)) == "running"
    one.succeed()
    two = store.claim(run_id(1))
    assert not isinstance(two, str)
    two.succeed()
    store.save(run_id(1), table(run_id(1)))
    assert store.claim(run_id(1)) == "done"


def test_own_failures_set_a_run_aside_sooner_than_deaths(tmp_path):
    store = RunStore(tmp_path).make()
    for _ in range(attempts.OWN_FAILURES):
        store.claim(run_id(1)).fail("raised", "a planted fault")
    assert store.claim(run_id(1)) == "set aside"
    for _ in range(attempts.DEATHS):
        vanished = store.claim(run_id(2))  # it lets go without a word
        vanished.file.close()
        os.close(vanished.lock.number)
    assert store.claim(run_id(2)) == "set aside"
    assert store.set_aside() == {run_id(1), run_id(2)}
    kinds = {name: {end.kind for end in ends} for name, ends in store.failures().items()}
    assert kinds == {run_id(1): {"raised"}, run_id(2): {"died"}}
    attempts.forget(store.attempts, run_id(1))
    assert not isinstance(store.claim(run_id(1)), str)


def test_a_lease_ends_with_its_process_however_it_ends(tmp_path):
    store = RunStore(tmp_path).make()
    code = (f"import sys, os, signal; sys.path.insert(0, {str(ROOT)!r})\n"
            f"from pathlib import Path\nfrom scenarios.batches import attempts\n"
            f"held = attempts.begin(Path({str(store.attempts)!r}), {run_id(1)!r})\n"
            "print('held', flush=True); sys.stdin.read()")  # fmt: skip
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    assert store.claim(run_id(1)) == "running"
    process.kill()
    process.wait()
    assert [end.kind for end in store.failures()[run_id(1)]] == ["died"]
    assert not isinstance(store.claim(run_id(1)), str)


def test_nothing_in_the_store_is_pickled(full, tmp_path):
    for path in full.root.rglob("*"):
        if path.is_file():
            assert path.read_bytes()[:4] == b"PAR1", path
    shutil.copytree(full.root, tmp_path / "copy")
    assert RunStore(tmp_path / "copy").load(run_id(0)) is not None
    assert os.listdir(full.attempts) == []
