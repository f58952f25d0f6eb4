"""The result folder is a contract: its files, columns and values; the same bytes whatever the processes."""

import json
import math
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fake_town import ZONES, FakePlace, FakeScenario, FakeTown, open_fake

from model.errors import InputError
from model.parameters import ledger
from scenarios import Effects, compare
from scenarios.batches import failures
from scenarios.files import store
from scenarios.files.schema import Scenario
from scenarios.results.effects import COLUMNS, fieller, paired
from scenarios.results.result_folder import FILES
from scenarios.runs import design, run_tables
from scenarios.runs.job import run_job
from scenarios.simulate import simulate

BASE = FakeScenario("Baseline")
WALK, NOTHING = FakeScenario("Walk", 0.2, end_week=10), FakeScenario("Nothing", null=True)


def run(out=None, scenarios=(WALK, NOTHING), **more) -> Effects:
    more = {"replicates": 3, "jobs": 1, "baseline": BASE, "opener": open_fake, "out": out} | more
    return compare(list(scenarios), **more)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return run(tmp_path_factory.mktemp("results") / "walk").directory


def test_folder_holds_its_files_and_no_more(folder):
    assert {path.name for path in folder.iterdir()} == set(FILES)


def test_weekly_is_tidy(folder):
    table = pd.read_parquet(folder / "weekly.parquet")
    named = ["scenario", "replicate", "seed", "week", "date", "group", "level", "outcome", "value"]
    assert list(table.columns) == named
    assert set(table["scenario"]) == {"baseline", "walk", "nothing"}
    assert sorted(table.loc[table["group"] == "zone", "week"].unique()) == list(
        range(0, 30, run_tables.ZONE_STEP)
    )
    assert not table.duplicated(named[:-1]).any()
    shares = table[table["outcome"].isin(["inactive", "fairly_active", "active"])]
    sums = shares.groupby(["scenario", "replicate", "week", "group", "level"], observed=True)["value"].sum()
    assert np.allclose(sums, 1)
    assert str(table["date"].max().date()) == "2026-07-27"


def test_weekly_text_is_stored_as_dictionaries(folder):
    group = pq.ParquetFile(folder / "weekly.parquet").metadata.row_group(0)
    encodings = {group.column(k).path_in_schema: group.column(k).encodings for k in range(group.num_columns)}
    assert all("RLE_DICTIONARY" in encodings[name] for name in ("scenario", "group", "level", "outcome"))


def test_effects_have_their_columns_and_agree_with_the_weeks(folder):
    frame = pd.read_parquet(folder / "effects.parquet")
    assert list(frame.columns) == list(COLUMNS)
    assert set(frame.loc[frame["outcome"] == "inactive", "horizon_weeks"]) == {12, 26, 30}
    assert set(frame.loc[frame["outcome"] == "effect_during", "horizon_weeks"]) == {10}
    weekly = pd.read_parquet(folder / "weekly.parquet")
    weekly = weekly[
        (weekly["outcome"] == "inactive") & (weekly["group"] == "sex") & (weekly["level"] == "female")
    ]
    weekly = weekly[weekly["week"].between(8, 11)]
    means = weekly.groupby(["scenario", "replicate"], observed=True)["value"].mean()
    differences = (means["walk"] - means["baseline"]).to_numpy()
    rows = frame.set_index(["scenario", "outcome", "group", "level", "horizon_weeks"])
    row = rows.loc[("walk", "inactive", "sex", "female", 12)]
    mean, low, high = paired(differences[:, None])
    step = 1 / (run_tables.FINE * 600)  # 600 women
    told = [row["difference"], row["ci_low"], row["ci_high"]]
    assert told == pytest.approx([mean[0], low[0], high[0]], abs=step)
    assert row["baseline_value"] == pytest.approx(means["baseline"].mean(), abs=step)
    assert row["replicates"] == 3


def test_person_years_are_the_weeks_of_everybody_moved_in_years_of_52(folder):
    frame = pd.read_parquet(folder / "effects.parquet").set_index(["scenario", "outcome", "horizon_weeks"])[
        "difference"
    ]
    weekly = pd.read_parquet(folder / "weekly.parquet")
    weekly = weekly[(weekly["outcome"] == "inactive") & (weekly["group"] == "all")]
    share = weekly.groupby(["scenario", "week"], observed=True)["value"].mean()
    moved = 1200 * (share["baseline"] - share["walk"])  # adults in each week
    for horizon in (12, 26, 30):
        assert frame["walk", "person_years_moved", horizon] == pytest.approx(
            moved[:horizon].sum() / 52, rel=1e-3
        )
    assert frame["walk", "people_moved", 12] == pytest.approx(moved[8:12].mean(), rel=1e-3)
    assert frame["walk", "cost_per_person_year", 30] == pytest.approx(30 * 100 / (moved.sum() / 52), rel=1e-3)


def test_csv_and_parquet_agree(folder):
    csv, parquet = pd.read_csv(folder / "effects.csv"), pd.read_parquet(folder / "effects.parquet")
    assert csv["difference"].to_numpy() == pytest.approx(parquet["difference"].to_numpy(), nan_ok=True)


def test_a_plan_that_does_nothing_changes_nothing(folder):
    frame = pd.read_parquet(folder / "effects.parquet")
    nothing = frame[(frame["scenario"] == "nothing") & (frame["outcome"] != "cost_per_person_moved")]
    assert (nothing["difference"] == 0).all()
    assert (nothing[["ci_low", "ci_high"]] == 0).all(axis=None)


def test_zones_only_at_the_end_and_reach_by_group(folder):
    frame = pd.read_parquet(folder / "effects.parquet")
    assert set(frame.loc[frame["group"] == "zone", "horizon_weeks"]) == {30}
    reach = frame[(frame["scenario"] == "walk") & (frame["outcome"] == "reach")].set_index(["group", "level"])
    assert reach.loc[("imd_quintile", "1"), "difference"] == pytest.approx(0.2)
    use = frame[frame["outcome"] == "asset_use"].set_index(["scenario", "level"])["scenario_value"]
    assert use["walk", "park"] == pytest.approx(0.5)


def test_what_lasts_is_read_after_the_end():
    frame = run(scenarios=[FakeScenario("Walk", 0.2, weeks=70, end_week=10)]).frame
    lasts = frame[frame["outcome"] == "persistence_52"]
    assert lasts["horizon_weeks"].tolist() == [62]
    assert lasts["difference"].iloc[0] < 0
    assert not (frame["outcome"] == "persistence_104").any()


def test_manifest_tells_what_was_run(folder):
    told = json.loads((folder / "manifest.json").read_text())
    assert told["baseline"] == "baseline" and told["replicates"] == 3 and told["residents"] == 300
    assert [one["name"] for one in told["scenarios"]] == ["baseline", "walk", "nothing"]
    assert [job["replicate"] for job in told["jobs"]] == [0, 1, 2]
    assert told["files"] == store.checksums(folder, FILES[:-1])


def test_place_has_rings_and_adults(folder):
    told = json.loads((folder / "place.json").read_text())
    assert [zone["code"] for zone in told["zones"]] == list(ZONES)
    assert [zone["imd_quintile"] for zone in told["zones"]] == [1, 3, 5]
    assert sum(zone["adults"] for zone in told["zones"]) == pytest.approx(1200)
    assert told["zones"][0]["rings"] == FakePlace().boundaries["E01"]


def test_processes_change_no_byte(folder, tmp_path):
    other = run(tmp_path / "two", jobs=2).directory
    for name in FILES[:-1]:
        assert (other / name).read_bytes() == (folder / name).read_bytes(), name


def test_one_replicate_has_no_interval():
    effects = run(replicates=1)
    assert effects.frame[["ci_low", "ci_high"]].isna().all(axis=None)
    assert not effects.frame["difference"].isna().all()


def test_scenarios_with_other_parameters_get_their_own_baseline():
    from model.parameters import ledger

    name = next(entry.name for entry in ledger().values() if not entry.choices and entry.low < entry.value)
    other = FakeScenario("Other", 0.1, parameters={name: ledger()[name].low})
    frame = run(scenarios=[WALK, other]).frame
    assert dict(zip(frame["scenario"], frame["baseline"], strict=True)) == {
        "walk": "baseline",
        "other": "baseline_for_other",
    }


def test_towns_of_one_comparison_have_the_same_seed_replicate_by_replicate():
    other = FakeScenario("Other", 0.1, parameters={"habit_gain": ledger()["habit_gain"].low})
    jobs = design.plan(
        [("walk", WALK), ("other", other)], ("baseline", BASE), sample=1.0, seed=5, replicates=3
    ).jobs
    assert [(job.group, job.seed, job.replicate) for job in jobs] == [
        (group, 5, replicate) for group in (0, 1) for replicate in (0, 1, 2)
    ]


class Remembering:
    """A town that keeps a list of what was done to it, and hands it on to its branches."""

    def __init__(self, past: tuple = ()) -> None:
        self.past, self.state = past, SimpleNamespace(people=SimpleNamespace(weight=np.ones(3)))

    def warm_up(self) -> None:
        self.past += ("warm-up",)

    def fork(self, interventions: list) -> "Remembering":
        return Remembering((*self.past, *interventions))

    def run(self, weeks: int, progress=None) -> None:
        self.past += (weeks,)

    def record(self) -> tuple:
        return self.past


def test_every_arm_begins_with_the_same_town_as_it_was_after_the_warm_up():
    arms = tuple(SimpleNamespace(interventions_and_barriers=acts) for acts in ([], ["walks"], ["links"]))
    job = SimpleNamespace(id="one", arms=arms, town=SimpleNamespace(weeks=30), spillover=False)
    assert run_job(job, opener=lambda job: Remembering()).records == [
        ("warm-up", 30), ("warm-up", "walks", 30), ("warm-up", "links", 30)]  # fmt: skip


def test_what_spreads_is_told_apart_from_what_a_plan_does_by_itself():
    short = {"schema_version": 1, "place": "erewash", "weeks": 16, "parameters": {"warm_up_weeks": 12}}
    today = Scenario.from_dict({**short, "name": "Today", "interventions": []})
    walks = Scenario.from_dict({**short, "name": "Walks", "interventions": [
        {"type": "walking_scheme", "groups": 300, "invite_per_week": 0.5}]})  # fmt: skip
    (job,) = design.plan([("walks", walks)], ("baseline", today), sample=0.01, spillover=True).jobs
    base, plan = run_job(job).records
    row = plan.index("all")
    whole, alone = plan.minutes_mean()[:, row], plan.flows["minutes_unseen"]
    assert whole[0] == alone[0] and "minutes_unseen" not in base.flows
    assert np.abs(whole - alone)[8:].min() > 1e-4, "friends move each other"
    assert np.abs(alone - base.minutes_mean()[:, row])[8:].min() > np.abs(whole - alone).max(), (
        "the walks move them most"
    )


def test_two_scenarios_of_one_name_are_told_apart():
    assert set(run(scenarios=[WALK, FakeScenario("Walk", 0.1)]).frame["scenario"]) == {"walk", "walk_2"}


def test_table_is_small_and_saved_effects_load_again(tmp_path):
    effects = run()
    assert len(effects.table()) <= 20
    by_fifth = effects.table(["inactive"], group="imd_quintile")
    assert by_fifth["level"].tolist() == ["1", "2", "3", "4", "5"] * 2
    again = Effects.load(effects.save(tmp_path / "kept"))
    pd.testing.assert_frame_equal(again.frame, effects.frame, check_dtype=False)


class Stopping(FakeTown):
    """A town that somebody stops in the second replicate."""

    stands_for = staticmethod(open_fake)

    def run(self, weeks, progress=None):
        if self.job.replicate == 1:
            raise KeyboardInterrupt
        super().run(weeks, progress)


def test_an_interrupted_batch_goes_on(folder, tmp_path):
    with pytest.raises(failures.Interrupted) as stop:
        run(tmp_path / "r", opener=Stopping)
    assert (stop.value.finished, stop.value.planned) == (1, 3)
    kept = list((tmp_path / "r" / "parts" / "runs").glob("*.parquet"))
    assert len(kept) == 1 and not (tmp_path / "r" / "manifest.json").exists()
    opened = []

    def counting(job):
        opened.append(job.replicate)
        return open_fake(job)

    counting.stands_for = open_fake
    run(tmp_path / "r", opener=counting, resume=True)
    assert opened == [1, 2]
    for name in FILES[:-1]:
        assert (tmp_path / "r" / name).read_bytes() == (folder / name).read_bytes(), name
    run(tmp_path / "r", opener=counting, resume=True)
    assert opened == [1, 2], "a finished batch is not run again"


def test_a_damaged_part_is_run_again(tmp_path):
    with pytest.raises(failures.Interrupted):
        run(tmp_path / "r", opener=Stopping)
    part = next((tmp_path / "r" / "parts" / "runs").glob("*.parquet"))
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    opened = []

    def counting(job):
        opened.append(job.replicate)
        return open_fake(job)

    counting.stands_for = open_fake
    run(tmp_path / "r", resume=True, opener=counting)
    assert opened == [0, 1, 2]


def test_a_failing_replicate_leaves_the_others_kept(tmp_path):
    def failing(job):
        if job.replicate == 1:
            raise ZeroDivisionError("bad luck")
        return open_fake(job)

    with pytest.raises(failures.BatchFailed, match="1 of 3 replicates failed"):
        run(tmp_path / "r", opener=failing)
    assert len(list((tmp_path / "r" / "parts" / "runs").glob("*.parquet"))) == 2


def test_too_much_work_is_refused_before_it_starts():
    with pytest.raises(InputError, match="max-resident-weeks"):
        run(max_resident_weeks=1e3)


@pytest.mark.parametrize(("wrong", "key"), [
    ({"sample": 0}, "sample"), ({"sample": 1.5}, "sample"), ({"replicates": 0}, "replicates"), ({"seed": 0}, "seed"),
    ({"weeks": 0}, "weeks"), ({"years": -1}, "years"), ({"years": 1, "weeks": 5}, "years"),
    ({"backend": "x"}, "backend"),
    ({"sample": math.nan}, "sample"),
])  # fmt: skip
def test_wrong_options_name_their_key(wrong, key):
    with pytest.raises(InputError) as error:
        run(**wrong)
    assert [fault.key for fault in error.value.faults] == [key]


def test_simulate_tells_levels_by_group(tmp_path):
    told = simulate(WALK, opener=open_fake, out=tmp_path / "one")
    assert told["residents"] == 300 and told["weeks"] == 30 and told["scenario"] == "walk"
    assert set(told["by"]["imd_quintile"]) == {"1", "2", "3", "4", "5"}
    assert told["by"]["imd_quintile"]["1"]["inactive"] > told["by"]["imd_quintile"]["5"]["inactive"]
    assert told["gaps"]["gap_deprivation_ratio"] > 1
    assert {path.name for path in (tmp_path / "one").iterdir()} == {
        "weekly.parquet", "events.parquet", "places_used.csv", "costs.csv", "summary.json", "place.json",
        "parameters.csv", "dictionary.csv", "manifest.json"}  # fmt: skip


def test_fieller_agrees_with_the_plain_ratio_when_cost_is_certain():
    moved = np.array([90.0, 110.0, 95.0, 105.0, 100.0])
    ratio, low, high = fieller(np.full(5, 1000.0), moved)
    _, few, many = paired(moved[:, None])
    assert [ratio, low, high] == pytest.approx([10, 1000 / many[0], 1000 / few[0]])


@pytest.mark.parametrize("moved", [[1.0, -1.0, 2.0], [-5.0, -6.0, -5.5], [0.0, 0.0, 0.0], [4.0]])
def test_cost_per_person_is_not_determined_when_nobody_surely_moves(moved):
    assert all(math.isnan(value) for value in fieller(np.full(len(moved), 10.0), np.array(moved)))


def test_every_number_of_the_ledger_goes_with_a_result(tmp_path):
    simulate(WALK, opener=open_fake, out=tmp_path / "one", parameters="fitted")
    found = pd.read_csv(tmp_path / "one" / "parameters.csv").set_index("name")
    assert set(found.index) == set(ledger()) and (found["source"].str.len() > 0).all()
    assert float(found.loc["peer_weight", "value"]) == ledger()["peer_weight"].value
