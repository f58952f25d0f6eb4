"""Sweeps: designs are what they say, every run is accounted for, and the tables are the same however they came about."""

import errno
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from towns import SWEEP, NanTown, Poison, QuickTown, open_long, open_quick

from model.errors import InputError
from scenarios.batches import attempts
from scenarios.batches.failures import BatchFailed
from scenarios.batches.runstore import RunStore
from scenarios.files import store
from scenarios.files.schema import Scenario
from scenarios.provenance.identity import opener_mark
from scenarios.sweeps import points, sweep_file
from scenarios.sweeps.sweep import Sweep, planned, sweep
from scenarios.sweeps.sweep_notes import notes

SAME = ("runs.parquet", "effects.parquet", "points.parquet", "jobs.parquet")


def here(out: Path, spec: dict = SWEEP, **more) -> Sweep:
    """A sweep of quick towns in this process."""
    return sweep(spec, out, **{"opener": open_quick, "apart": False, "jobs": 1} | more)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory) -> Sweep:
    return here(tmp_path_factory.mktemp("sweeps") / "quiet")


# ------------------------------------------------------------------------------------------------ designs


def varied(**design):
    return {**SWEEP, "design": design, "vary": {"interventions.0.groups": {"low": 4, "high": 16},
            "parameters.habit_gain": "ledger", "parameters.contagion": ["complex", "none"]}}  # fmt: skip


def test_a_grid_has_every_combination_in_order():
    spec = {
        **SWEEP,
        "vary": {"interventions.0.groups": {"low": 4, "high": 16, "steps": 3}, "place": ["erewash", "derby"]},
    }
    assert [tuple(point.values()) for point in planned(spec).points] == [
        (groups, place) for groups in (4, 10, 16) for place in ("erewash", "derby")]  # fmt: skip


def test_a_price_that_cannot_follow_what_varies_is_told():
    own_price = Scenario.load("walk_and_talk").changed({"interventions.0.cost": {}})
    (said,) = notes(planned(SWEEP))
    assert said.startswith("walk_and_talk: interventions.0.groups changes")
    unpriced = planned(SWEEP)
    unpriced.scenarios = [("walk_and_talk", own_price)]
    assert notes(unpriced) == []
    elsewhere = {"interventions.0.invite_per_week": [0.01, 0.05], "parameters.habit_gain": [0.05, 0.06]}
    assert notes(planned({**SWEEP, "vary": elsewhere})) == []
    assert len(notes(planned({**SWEEP, "scenario": ["walk_and_talk", "fair_share"]}))) == 2


@pytest.mark.parametrize("method", ["random", "lhs", "sobol"])
def test_designs_stay_in_range_and_keep_kinds(method):
    made = planned(varied(method=method, points=16)).points
    assert len(made) == 16 and made == planned(varied(method=method, points=16)).points
    for point in made:
        assert isinstance(point["interventions.0.groups"], int) and 4 <= point["interventions.0.groups"] <= 16
        assert 0.012 <= point["parameters.habit_gain"] <= 0.166
        assert point["parameters.contagion"] in ("complex", "none")
    assert len({point["parameters.contagion"] for point in made}) == 2


@pytest.mark.parametrize("cube", [points.uniform, points.latin_hypercube, points.sobol])
def test_no_factor_of_a_design_moves_with_another(cube):
    alike = np.corrcoef(cube(1024, 4, 3), rowvar=False) - np.eye(4)
    assert np.abs(alike).max() < 5 / 1024**0.5


def test_a_latin_hypercube_has_one_point_in_each_slice():
    unit = points.latin_hypercube(50, 3, seed=2)
    assert all(sorted((unit[:, column] * 50).astype(int)) == list(range(50)) for column in range(3))


def test_sobol_points_fill_the_cube_more_evenly_than_chance():
    even = points.sobol(256, 2, 1)
    counts = np.histogram2d(even[:, 0], even[:, 1], bins=8, range=[[0, 1], [0, 1]])[0]
    chance = points.uniform(256, 2, 1)
    assert (
        counts.std()
        < 0.5 * np.histogram2d(chance[:, 0], chance[:, 1], bins=8, range=[[0, 1], [0, 1]])[0].std()
    )


def test_a_random_design_grows_without_moving():
    short = planned(varied(method="random", points=5)).points
    assert planned(varied(method="random", points=9)).points[:5] == short


def test_a_table_says_its_points(tmp_path):
    table = tmp_path / "points.csv"
    table.write_text("interventions.0.groups,parameters.contagion,interventions.0.where.imd_quintile\n4,none,[1]\n"
                     '8,complex,"[1, 2]"\n')  # fmt: skip
    file = tmp_path / "sweep.yaml"
    file.write_text(
        "scenario: walk_and_talk\ndesign: {method: table, file: points.csv}\nweeks: 8\nsample: 0.02\n"
    )
    made = planned(file)
    assert made.points[1] == {"interventions.0.groups": 8, "parameters.contagion": "complex",
                              "interventions.0.where.imd_quintile": [1, 2]}  # fmt: skip
    table.write_text("interventions.0.groups\n4\n012\n")
    with pytest.raises(InputError, match=r"points.csv:3.*two ways"):
        planned(file)


def test_faults_name_the_line_and_the_nearest_name(tmp_path):
    file = tmp_path / "sweep.yaml"
    file.write_text("scenario: walk_and_talk\ndesign: {method: grid}\nvary:\n  interventions.0.grups: [4]\n"
                    "  parameters.habit_gain: [9]\n  parameters.contagion: [magic]\n")  # fmt: skip
    with pytest.raises(InputError) as caught:
        planned(file)
    faults = caught.value.faults
    assert [(fault.line, fault.key.split(".")[0]) for fault in faults] == [
        (4, "vary"),
        (5, "vary"),
        (6, "vary"),
    ]
    assert "groups" in faults[0].hint and "complex" in faults[2].allowed


@pytest.mark.parametrize(("text", "said"), [
    ("design: {method: lhs}\nvary: {parameters.habit_gain: ledger}", "needs `points`"),
    ("design: {method: gird}\nvary: {parameters.habit_gain: [0.1]}", "grid"),
    ("vary: {parameters.habit_gain: {low: 0.1, high: 0.05}}", "below"),
    ("vary: {parameters.habit_gain: {low: 0.05, high: 0.1}}", "steps"),
    ("vary: {place: [nowhere]}", "nowhere"),
    ("replicates: 0\nvary: {place: [erewash]}", "out of range"),
    ("vary: {}", "nothing to vary"),
])  # fmt: skip
def test_wrong_files_are_refused_in_words(tmp_path, text, said):
    file = tmp_path / "sweep.yaml"
    file.write_text(f"scenario: walk_and_talk\n{text}\n")
    with pytest.raises(InputError, match=said):
        planned(file)


def test_too_many_points_and_too_much_work_are_refused(tmp_path):
    many = {**SWEEP, "vary": {f"parameters.{name}": {"low": 0.05, "high": 0.1, "steps": 1000}
                              for name in ("habit_gain", "habit_loss")}}  # fmt: skip
    with pytest.raises(InputError, match="too many points"):
        planned(many)
    with pytest.raises(InputError, match="max-resident-weeks"):
        here(tmp_path / "big", max_resident_weeks=10.0)
    assert not (tmp_path / "big").exists()


def test_whole_fields_are_known():
    walk = Scenario.load("walk_and_talk")
    assert sweep_file.is_whole("interventions.0.groups", walk)
    assert not sweep_file.is_whole("interventions.0.invite_per_week", walk)


# ------------------------------------------------------------------------------------------------ tables


def test_tables_are_tidy_and_agree(quiet):
    runs, effects = quiet.runs(), quiet.effects()
    assert set(runs["point"]) == set(range(4)) and set(runs["replicate"]) == {0, 1, 2}
    keys = ["point", "replicate", "scenario", "horizon_weeks", "window_weeks", "group", "level", "outcome"]
    assert not runs.duplicated(keys).any()
    told = quiet.differences("inactive").groupby("point")["difference"].mean()
    row = effects[
        (effects["outcome"] == "inactive") & (effects["group"] == "all") & (effects["horizon_weeks"] == 8)
    ]
    assert row.set_index("point")["difference"].to_numpy() == pytest.approx(told.to_numpy())
    assert row["interventions.0.groups"].tolist() == [1, 2, 3, 4]
    assert (np.diff(row["difference"]) < 0).all(), "more groups spare more people"


def test_the_baseline_shares_its_luck_with_every_point(quiet):
    base = quiet.differences("inactive").pivot(index="replicate", columns="point", values="baseline_value")
    assert (base.nunique(axis=1) == 1).all() and base[0].nunique() == 3


def test_tables_are_read_as_they_stand(quiet):
    table = pq.read_table(quiet.folder / "runs.parquet")
    assert len(table) == len(pd.read_parquet(quiet.folder / "runs.parquet"))
    assert pq.ParquetFile(quiet.folder / "runs.parquet").num_row_groups == 4, "a point at a time"


def test_a_sweep_keeps_only_a_point_in_memory(quiet):
    from scenarios.sweeps import sweep_tables

    seen = [len(tables) for _, tables in sweep_tables.by_point(quiet.plan, RunStore(quiet.folder))]
    assert seen == [3, 3, 3, 3]


def test_processes_give_the_same_bytes(quiet, tmp_path):
    apart = here(tmp_path / "apart", apart=True, jobs=2)
    for name in SAME:
        assert (apart.folder / name).read_bytes() == (quiet.folder / name).read_bytes(), name


# ------------------------------------------------------------------------------------------------ going on


def test_runs_are_not_thrown_away_and_resume_runs_only_what_is_missing(tmp_path):
    first = here(tmp_path / "one")
    with pytest.raises(InputError, match="--resume"):
        here(tmp_path / "one")
    opened = []

    def counting(job):
        opened.append(job.id)
        return QuickTown(job)

    counting.stands_for = open_quick
    more = {**SWEEP, "vary": {"interventions.0.groups": [1, 2, 3, 4, 5]}}
    again = here(tmp_path / "one", more, resume=True, opener=counting)
    assert again.tally.ok == 15 and len(opened) == 3, "what was run for four points serves five"
    with pytest.raises(InputError, match="another plan by now"):
        first.effects()
    assert set(Sweep.load(first.folder).effects()["point"]) == set(range(5))


def test_time_is_up_and_the_rest_comes_later(quiet, tmp_path):
    stopped = here(tmp_path / "one", max_seconds=0.0)
    assert not stopped.tally.finished and not (tmp_path / "one" / "manifest.json").exists()
    with pytest.raises(InputError, match=r"of 12 runs"):
        stopped.effects()
    done = here(tmp_path / "one", resume=True)
    assert all((done.folder / name).read_bytes() == (quiet.folder / name).read_bytes() for name in SAME)


def test_a_town_is_warmed_once_for_all_points_of_a_replicate(tmp_path):
    warmed = []

    class Counted(QuickTown):
        def warm_up(self):
            warmed.append(self.job.replicate)

    here(tmp_path / "one", opener=Counted)
    assert warmed == [0, 1, 2]


def test_two_coordinators_do_not_share_a_folder(tmp_path):
    from scenarios.batches import supervise

    tmp_path.joinpath("one").mkdir()
    with supervise.alone(tmp_path / "one"), pytest.raises(InputError, match="another process"):
        here(tmp_path / "one")


# ------------------------------------------------------------------------------------------------ going wrong


@pytest.mark.slow
def test_every_kind_of_failure_is_a_row_and_the_rest_is_done(tmp_path, monkeypatch):
    monkeypatch.setattr(attempts, "DEATHS", 2)  # the last word is the parent's: fewer processes to start
    # Each point in a town of its own: a town that is kept is not opened again, and poison is in the opening.
    spec = {**SWEEP, "vary": {"parameters.habit_gain": [0.02 + 0.01 * k for k in range(10)]}, "replicates": 2}
    ids = [run_id for ids in planned(spec, opener=opener_mark(Poison())).runs for run_id in ids]
    kinds = ["raised", "hung", "died", "out_of_memory", "not_finite"]
    poison = Poison(dict(zip(ids[::4], kinds, strict=True)))
    began = time.perf_counter()
    done = sweep(spec, tmp_path / "one", opener=poison, jobs=2, deadline_seconds=3, memory_bytes=3e8)
    assert time.perf_counter() - began < 600, "a run that hangs would hang for an hour"
    assert (done.tally.ok, done.tally.failed) == (15, 5)
    failures = pd.read_csv(done.folder / "failures.csv")
    assert failures.groupby("run")["kind"].first().to_dict() == poison.kinds
    assert failures.groupby("kind")["attempt"].max().to_dict() == {
        "died": 2, "hung": 2, "not_finite": 2, "out_of_memory": 2, "raised": 2}  # fmt: skip
    assert failures.loc[failures["kind"] == "hung", "message"].str.contains("towns.py").all(), "where it hung"
    with pytest.raises(InputError, match="15 of 20"):
        done.effects()
    assert len(done.effects(partial=True)) > 0
    mended = here(done.folder, spec, resume=True, retry=True)
    assert (mended.tally.ok, mended.tally.failed) == (20, 0) and len(
        pd.read_csv(mended.folder / "failures.csv")
    ) == 0


def test_a_process_that_vanishes_gets_more_tries_than_a_run_that_fails():
    def ends(**counts: int) -> list[attempts.Ended]:
        return [
            attempts.Ended("a", 1, kind, "", "", 0.0) for kind, count in counts.items() for _ in range(count)
        ]

    assert not attempts.spent(ends(died=5)) and attempts.spent(ends(died=6))
    assert not attempts.spent(ends(died=5, hung=1)) and attempts.spent(ends(hung=1, raised=1))


def test_numbers_that_are_none_are_not_kept(tmp_path):
    done = here(tmp_path / "one", opener=NanTown)
    assert (done.tally.ok, done.tally.failed) == (0, 12) and done.describe()["failures"] == {"not_finite": 12}


@pytest.mark.parametrize("nth", [1, 2, 9, 14, 17, 19])
def test_a_full_disk_leaves_a_sound_store_and_resume_ends_it(quiet, tmp_path, monkeypatch, nth):
    import os

    real, count = os.fsync, [0]

    def full(fileno):
        count[0] += 1
        if count[0] >= nth:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(fileno)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BatchFailed, match="takes no more"):
        here(tmp_path / "one")
    monkeypatch.setattr(os, "fsync", real)
    kept = RunStore(tmp_path / "one")
    assert not kept.runs.exists() or kept.check() == []
    assert not list((tmp_path / "one").rglob("*.tmp"))
    done = here(tmp_path / "one", resume=True)
    assert all((done.folder / name).read_bytes() == (quiet.folder / name).read_bytes() for name in SAME)


def test_a_worker_with_other_code_stops_the_batch(tmp_path, monkeypatch):
    from scenarios.sweeps import sweep_plan

    monkeypatch.setattr(
        sweep_plan, "_jobs", lambda folder, digest, point: planned({**SWEEP, "seed": 2}).jobs(point)
    )
    with pytest.raises(BatchFailed, match="differ from those that planned"):
        here(tmp_path / "one")


def test_the_plan_is_plain_json_with_every_run_named(quiet):
    told = json.loads((quiet.folder / "plan.json").read_text())
    assert len({run_id for ids in told["runs"] for run_id in ids}) == 12
    assert store.is_ours(quiet.folder)
    jobs = pd.read_parquet(quiet.folder / "jobs.parquet")
    assert (jobs["status"] == "ok").all() and len(jobs) == 12


@pytest.mark.slow
def test_two_workers_reach_85_percent_of_ideal(tmp_path):
    # Each point in a town of its own, so that every run takes its two seconds: a kept town would halve them.
    spec = {**SWEEP, "vary": {"parameters.habit_gain": [0.02, 0.03, 0.04, 0.05, 0.06]}, "replicates": 4}
    first: list[float] = []

    def tell(done, total, failed):
        if done and not first:
            first.append(time.perf_counter())

    sweep(spec, tmp_path / "one", opener=open_long, jobs=2, progress=tell)
    # From the first end on, so that starting processes does not count; the other worker is about to end its first run.
    ideal = (20 - 2) * 2.0 / 2
    assert ideal / (time.perf_counter() - first[0]) > 0.85
