"""One digest of state and record, whatever the threads, chunks, order of storage, hash seed and processes."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from altered import build, permuted
from golden.digests import PLANS, whole_digest

from model import Neighbourhood, Place
from model.machine import parallel
from model.parameters import Parameters
from scenarios import compare

ROOT = Path(__file__).parents[2]
SETTINGS = {"seed": 11, "sample": 0.004}
WEEKS = 10
BUSY = tuple(plan for plans in PLANS.values() for plan in plans)
IN_ANOTHER_PROCESS = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}, {str(ROOT / "tests" / "scientific")!r}]
from test_digests import digest
print(digest(threads=2))
"""


def digest(threads: int = 1, mixed: int | None = None) -> str:
    """The digest of a busy little town after some weeks; `mixed` = seed of another order of storage."""
    parameters = Parameters.default().with_values({"warm_up_weeks": 12})
    place = Place.load("erewash")
    settings = {**SETTINGS, "parameters": parameters, "threads": threads}
    if mixed is None:
        town = Neighbourhood(place, **settings)
    else:
        town = build(
            place,
            lambda people, ties: permuted(np.random.default_rng(mixed).permutation(people.n))(people, ties),
            **settings,
        )
    return whole_digest(town.warm_up().fork(BUSY).run(WEEKS))


@pytest.fixture(scope="module")
def expected() -> str:
    return digest()


@pytest.mark.parametrize(
    ("threads", "chunk", "mixed"), [*product((1, 2, 3), (16, 100), (None, 5)), (3, 1, 6)]
)
def test_threads_chunks_and_storage_change_no_bit(expected, monkeypatch, threads, chunk, mixed):
    monkeypatch.setattr(parallel, "SMALLEST_CHUNK", chunk)
    monkeypatch.setattr(parallel, "SMALLEST_SHARE", 2)
    assert parallel.Chunks(371, threads).threads == threads  # small as the town is, it is cut into chunks
    assert digest(threads, mixed) == expected


def test_the_hash_seed_of_python_changes_no_bit(expected):
    hash_seed = "4242"  # that of this process is another
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False"}
    done = subprocess.run([sys.executable, "-c", IN_ANOTHER_PROCESS], capture_output=True, text=True, env=environment,
                          cwd=ROOT, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == expected


def test_processes_change_no_bit(tmp_path):
    made = [
        compare(
            ["walk_and_talk"], replicates=2, sample=0.003, weeks=40, jobs=jobs, out=tmp_path / f"by_{jobs}"
        )
        for jobs in (1, 2)
    ]
    pd.testing.assert_frame_equal(*(one.frame for one in made), check_exact=True)
    assert (made[0].frame["difference"].abs() > 0).any()
    for name in ("weekly.parquet", "events.parquet", "summary.json"):
        assert (tmp_path / "by_1" / name).read_bytes() == (tmp_path / "by_2" / name).read_bytes(), name
    assert "starts" in set(pd.read_parquet(tmp_path / "by_1" / "events.parquet")["event"])


def test_another_seed_is_another_town(expected, monkeypatch):
    monkeypatch.setitem(SETTINGS, "seed", 12)
    assert digest() != expected
