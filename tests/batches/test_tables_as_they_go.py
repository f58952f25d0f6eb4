"""Tables of a sweep are written while it runs, and are byte for byte those that are written after it."""

import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from towns import SWEEP, QuickTown, open_quick

from scenarios.batches.runstore import RunStore
from scenarios.sweeps import sweep_points, sweep_tables
from scenarios.sweeps.sweep import Sweep, sweep

LARGE = ("runs.parquet", "effects.parquet")


def here(out: Path, **more) -> Sweep:
    return sweep(SWEEP, out, **{"opener": open_quick, "apart": False, "jobs": 1} | more)


@pytest.fixture(scope="module")
def after(tmp_path_factory) -> dict[str, bytes]:
    """The tables as they are when all is worked out at the end, from runs alone."""
    done = here(tmp_path_factory.mktemp("tables") / "one")
    fresh = tmp_path_factory.mktemp("fresh")
    sweep_tables.write_runs_and_effects(done.plan, RunStore(done.folder), fresh)
    return {name: (fresh / name).read_bytes() for name in LARGE}


def same(done: Sweep, after: dict[str, bytes]) -> bool:
    return all((done.folder / name).read_bytes() == after[name] for name in LARGE)


class Napping(QuickTown):
    """The same town, slow enough at the end for a thread to keep up."""

    def record(self):
        time.sleep(0.15)
        return super().record()


Napping.stands_for = open_quick  # type: ignore[attr-defined]


def test_points_are_written_while_others_still_run(tmp_path, monkeypatch, after):
    written: list[int] = []
    real = sweep_points.Writing.finish

    def finish(self, runs):
        written.append(self._next)
        real(self, runs)

    monkeypatch.setattr(sweep_points.Writing, "finish", finish)
    monkeypatch.setattr(sweep_points, "_PULSE_SECONDS", 0.02)
    done = here(tmp_path / "one", opener=Napping)
    assert written[0] >= 2 and same(done, after)
    assert not (done.folder / "kept").exists(), "nothing of the way there is left"


def test_what_a_worker_worked_out_is_used_if_sound_and_made_anew_if_not(tmp_path, monkeypatch, after):
    monkeypatch.setattr(sweep_points.Writing, "_run", lambda self: None)
    stopped = []
    monkeypatch.setattr(sweep_points.Writing, "finish", lambda self, runs: stopped.append(runs))
    with pytest.raises(OSError):
        here(tmp_path / "one")  # its tables never appear
    (runs,) = stopped
    kept = sorted(runs.beside(sweep_tables.EFFECTS).runs.glob("*.parquet"))
    assert len(kept) == 4
    content = bytearray(kept[0].read_bytes())
    content[len(content) // 2] ^= 0x10
    kept[0].write_bytes(content)
    kept[1].unlink()
    counted: list[int] = []
    real = sweep_tables.effects_table
    monkeypatch.setattr(
        sweep_tables, "effects_table", lambda point, *more: counted.append(point) or real(point, *more)
    )
    plan = Sweep.load(tmp_path / "one").plan
    sweep_tables.write_runs_and_effects(plan, RunStore(tmp_path / "one"), tmp_path)
    assert len(counted) == 2
    assert all((tmp_path / name).read_bytes() == after[name] for name in LARGE)


def test_a_thread_that_fails_costs_time_and_nothing_else(tmp_path, monkeypatch, after):
    def fail(self, runs):
        raise OSError("a planted fault")

    monkeypatch.setattr(sweep_points.Writing, "_write_ready", fail)
    monkeypatch.setattr(sweep_points, "_PULSE_SECONDS", 0.001)
    assert same(here(tmp_path / "one"), after)


def test_a_worker_that_cannot_work_out_effects_leaves_them_to_the_end(tmp_path, monkeypatch, after):
    def fail(*_):
        raise RuntimeError("a planted fault")

    monkeypatch.setattr(sweep_points, "_opened", fail)
    done = here(tmp_path / "one")
    assert done.tally.failed == 0 and same(done, after)
