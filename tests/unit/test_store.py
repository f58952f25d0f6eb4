"""Files appear whole or not at all, parts are never read damaged, folders of others are never touched."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.errors import InputError
from model.outcomes.events import COLUMNS as EVENTS
from model.outcomes.record import Record
from scenarios.batches import executors
from scenarios.batches.backends import cores
from scenarios.batches.runstore import RunStore
from scenarios.files import store
from scenarios.runs import parts
from scenarios.runs.job import Result


def result() -> Result:
    counts = np.arange(24, dtype=np.int64).reshape(4, 2, 3)
    flows, reach = {"joined": np.array([0.0, 1, 2, 3])}, {("all", "all"): 0.25}
    strata, kinds = [("all", "all"), ("zone", "E01")], np.ones((4, 6), np.int64)
    visits, capacity = np.array([1.5]), np.array([9.0])
    told = {
        name: np.array([1, 2]) if name in ("week", "group", "people") else np.array(["é", ""])
        for name in EVENTS
    }
    record = Record(
        strata, np.arange(4), counts, counts.sum(axis=2), kinds, flows, reach, visits, capacity, told
    )
    return Result("a" * 32, [record], 1.0, 2.0, 7, 70.0)


def test_a_part_comes_back_the_same(tmp_path):
    kept = result()
    runs = RunStore(tmp_path).make()
    runs.save(kept.job_id, parts.table(kept))
    table = runs.load(kept.job_id)
    assert table is not None
    again = parts.result(table)
    assert (again.adults, again.residents, again.run_seconds) == (70.0, 7, 2.0)
    one, two = kept.records[0], again.records[0]
    assert one.strata == two.strata and one.reach == two.reach
    assert (one.counts == two.counts).all() and (one.flows["joined"] == two.flows["joined"]).all()
    assert {name: list(column) for name, column in one.events.items()} == {
        name: list(column) for name, column in two.events.items()
    }


def test_every_flipped_byte_is_noticed(tmp_path):
    runs = RunStore(tmp_path).make()
    path = runs.save("a" * 32, parts.table(result()))
    sound = path.read_bytes()
    for place in range(0, len(sound), max(1, len(sound) // 60)):
        broken = bytearray(sound)
        broken[place] ^= 1
        path.write_bytes(broken)
        assert runs.load("a" * 32) is None, place
    path.write_bytes(sound[:-1])
    assert runs.load("a" * 32) is None


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path):
    path = tmp_path / "file.txt"
    store.write_bytes(path, b"old")
    with pytest.raises(RuntimeError), store.whole(path) as draft:
        draft.write_bytes(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file.txt"]


def test_cells_of_a_spreadsheet_are_no_formulas():
    frame = pd.DataFrame({"text": ["=1+1", "+2", "-3", "@x", "fine", "a=b"], "number": [-1.0, 2, 3, 4, 5, 6]})
    safe = store.safe_cells(frame)
    assert safe["text"].tolist() == ["'=1+1", "'+2", "'-3", "'@x", "fine", "a=b"]
    assert safe["number"].tolist() == frame["number"].tolist()


def test_json_has_no_numbers_that_are_none():
    assert store.to_json({"a": float("nan"), "b": [np.float64("inf"), np.int64(3)]}).split() == [
        "{", '"a":', "null,", '"b":', "[", "null,", "3", "]", "}"]  # fmt: skip


def test_new_and_empty_folders_and_ours_are_fit(tmp_path):
    assert store.claim(tmp_path / "deep" / "new").is_dir()
    (tmp_path / "empty").mkdir()
    store.claim(tmp_path / "empty")
    store.write_json(tmp_path / "empty" / "manifest.json", {store.MARK: "1"})
    store.claim(tmp_path / "empty")


@pytest.mark.parametrize("kind", ["file", "link", "full", "name", "home", "root"])
def test_unfit_folders_are_refused(tmp_path, kind):
    places = {"file": tmp_path / "f", "link": tmp_path / "l", "full": tmp_path / "full", "name": tmp_path / "a b;c",
              "home": Path.home(), "root": Path("/")}  # fmt: skip
    places["file"].write_text("x")
    places["full"].mkdir()
    (places["full"] / "x").write_text("x")
    places["link"].symlink_to(tmp_path)
    with pytest.raises(InputError) as error:
        store.claim(places[kind])
    assert error.value.faults[0].key == "out"


def square(task: int) -> int:
    if task == 3:
        raise ArithmeticError("three")
    return task * task


def die(task: int) -> int:
    if task == 1:
        os._exit(1)
    return task


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_failing_task_spares_the_others(jobs):
    ends = {done.number: done for done in executors.run(square, list(enumerate(range(6))), jobs)}
    assert sorted(ends) == list(range(6))
    assert [number for number, done in ends.items() if not done.ok] == [3]
    assert "three" in (ends[3].error or "") and ends[5].value == 25


def test_a_dying_worker_is_told_and_nothing_is_lost():
    ends = list(executors.run(die, list(enumerate(range(6))), 2))
    assert sorted(done.number for done in ends) == list(range(6))
    assert any("died" in (done.error or "") for done in ends)
    again = list(executors.run(square, list(enumerate(range(3))), 2))
    assert [done.ok for done in again] == [True] * 3


def test_every_core_is_minus_one():
    assert executors.count_jobs(-1) == cores() <= (os.cpu_count() or 1)
    assert executors.count_jobs(1) == 1
    with pytest.raises(InputError, match="1 or more, or -1"):
        executors.count_jobs(0)
