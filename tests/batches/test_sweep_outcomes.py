"""Any outcome of a sweep, of any group, over any weeks; and what is kept of runs besides, when asked for."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from towns import SWEEP, open_quick

from calibration.analysis.discovery import discover
from calibration.analysis.sensitivity import sensitivity
from model.errors import InputError
from scenarios.batches.runstore import RunStore
from scenarios.sweeps import sweep_size
from scenarios.sweeps.sweep import Sweep, sweep
from scenarios.sweeps.sweep_outcomes import asked

SPEC = {**SWEEP, "weeks": 130, "replicates": 2, "windows": ["26:78"],
        "vary": {"interventions.0.groups": [4, 16], "interventions.0.when.weeks": [30]}}  # fmt: skip


def here(out: Path, spec: dict = SPEC, **more) -> Sweep:
    return sweep(spec, out, **{"opener": open_quick, "apart": False, "jobs": 1} | more)


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> Sweep:
    return here(tmp_path_factory.mktemp("outcomes") / "one")


def means(found: pd.DataFrame) -> np.ndarray:
    return found.groupby("point")["difference"].mean().to_numpy()


def told(done: Sweep, outcome: str, group: str = "all", level: str = "all") -> np.ndarray:
    """The same from the table of effects."""
    rows = done.effects()
    rows = rows[(rows["outcome"] == outcome) & (rows["group"] == group) & (rows["level"] == level)]
    last = rows.groupby("point")["horizon_weeks"].transform("max")
    return rows[rows["horizon_weeks"] == last].set_index("point")["difference"].to_numpy()


@pytest.mark.parametrize(("outcome", "group", "level"), [
    ("inactive", "all", "all"), ("inactive", "imd_quintile", "1"), ("minutes_mean", "sex", "female"), ("reach", "all", "all"),
    ("effect_during", "imd_quintile", "1"), ("effect_after_52", "condition", "yes"), ("persistence_52", "all", "all"),
    ("people_moved", "all", "all"), ("people_moved_during", "all", "all"), ("person_years_moved", "all", "all"),
    ("gap_deprivation_difference", "all", "all"), ("gap_deprivation_average", "all", "all"), ("cost", "all", "all"),
])  # fmt: skip
def test_an_outcome_of_runs_is_that_of_the_effects(done, outcome, group, level):
    assert means(done.differences(outcome, group, level)) == pytest.approx(told(done, outcome, group, level))


def test_the_end_of_a_run_is_its_last_year_though_longer_stretches_are_kept(done):
    runs = done.runs("inactive")
    assert 130 in set(runs["window_weeks"]), "the whole run is kept, too"
    last = runs[(runs["horizon_weeks"] == 130) & (runs["window_weeks"] == 52) & (runs["group"] == "all")]
    mine = last[last["scenario"] == "walk_and_talk"].groupby("point")["value"].mean().to_numpy()
    assert done.differences("inactive").groupby("point")["scenario_value"].mean().to_numpy() == pytest.approx(
        mine
    )


def test_weeks_of_ones_own_are_those_weeks(tmp_path, done):
    kept = here(tmp_path / "one", {**SPEC, "keep": ["weekly"]})
    weekly = pd.read_parquet(kept.folder / "weekly.parquet")
    weekly = weekly[
        (weekly["outcome"] == "inactive") & (weekly["group"] == "sex") & (weekly["level"] == "male")
    ]
    weekly = weekly[weekly["week"].between(26, 77)]
    by = weekly.groupby(["point", "scenario"], observed=True)["value"].mean().unstack()
    found = done.differences("inactive", "sex", "male", window=(26, 78))
    assert means(found) == pytest.approx((by["walk_and_talk"] - by["baseline"]).to_numpy(), abs=1e-3)
    assert discover(done, outcome="inactive", group="sex=male", window="26:78").points == 2
    with pytest.raises(InputError, match="were not kept"):
        done.differences("inactive", window=(30, 78))


@pytest.mark.parametrize(("words", "said"), [
    (("inactve",), "Did you mean 'inactive'"), (("effect_spillover",), "not told in a sweep"),
    (("inactive", "imd_quintil=1"), "Did you mean 'imd_quintile'"), (("inactive", "sex=femal"), "Did you mean 'female'"),
    (("inactive", "sex"), "needs a level.*sex=male"), (("cost", "sex=male"), "is not told by this group"),
    (("inactive", None, "78:26"), "no stretch of weeks"), (("inactive", None, "26:26"), "no stretch of weeks"),
    (("effect_during", None, "26:78"), "weeks of its own"),
])  # fmt: skip
def test_wrong_names_are_refused_with_the_nearest(words, said):
    with pytest.raises(InputError, match=said):
        asked(*words)


def test_what_no_run_has_is_said(tmp_path, done):
    with pytest.raises(InputError, match=r"not known everywhere.*2 of 2"):
        done.differences("effect_after_104")
    with pytest.raises(InputError, match=r"no such group in this sweep.*sex=female"):
        done.differences("inactive", "car", "none")
    with pytest.raises(InputError, match=r"beyond the weeks run.*130"):
        here(tmp_path / "one", {**SPEC, "windows": ["100:140"]})
    assert not (tmp_path / "one").exists()


def test_a_price_is_asked_of_discovery_with_what_it_may_be(done):
    with pytest.raises(InputError, match="which"):
        discover(done, outcome="cost_per_person_year")
    dear = discover(done, outcome="cost_per_person_year", threshold=1e6)
    assert dear.cases > 0 and discover(done, outcome="cost_per_person_year", threshold=1e-3).cases == 0


def test_sensitivity_takes_any_outcome_of_any_group(tmp_path):
    quick = {"opener": open_quick, "apart": False, "jobs": 1, "weeks": 40, "sample": 0.03, "replicates": 2, "size": 4,
             "factors": {"interventions.0.groups": {"low": 5, "high": 20}}}  # fmt: skip
    found = sensitivity("walk_and_talk", tmp_path / "one", group="imd_quintile=1", window="4:30", **quick)
    name = "inactive_imd_quintile_1_weeks_4_30"
    assert name in found.found and "Most deprived fifth" in found.words[name]
    assert found.found[name].table.set_index("name")["mu_star"].idxmax() == "interventions.0.groups"
    priced = sensitivity("walk_and_talk", tmp_path / "two", outcome="cost_per_person_year", **quick)
    assert "person_years_per_1000_pounds" in priced.found
    assert priced.describe("person_years_per_1000_pounds")["outcome"] == "person_years_per_1000_pounds"


# ------------------------------------------------------------------------------------------------ kept besides


def test_weeks_zones_and_events_are_kept_when_asked(tmp_path):
    said: list[str] = []
    kept = here(tmp_path / "one", {**SPEC, "keep": ["weekly", "zones", "events"]}, warn=said.append)
    size = sum(path.stat().st_size for path in kept.folder.rglob("*.parquet"))
    assert any("Keeping weekly, zones, events of 4 runs: about" in line for line in said)
    assert 0.3 < sweep_size.bytes_of(kept.plan) / size < 10
    weekly = pd.read_parquet(kept.folder / "weekly.parquet")
    assert set(weekly["point"]) == {0, 1} and "zone" in set(weekly["group"])
    assert (kept.folder / "events.parquet").is_file()
    assert (
        "zone" in set(kept.runs("inactive")["group"])
        and len(kept.differences("inactive", "zone", "E01")) == 4
    )


def test_a_run_without_what_was_to_be_kept_is_run_again(tmp_path):
    spec = {**SPEC, "keep": ["weekly"]}
    first = here(tmp_path / "one", spec)
    bytes_of = {name: (first.folder / name).read_bytes() for name in ("weekly.parquet", "runs.parquet")}
    runs = RunStore(first.folder, ("weekly",))
    lost, hurt = sorted(runs.beside("weekly").runs.glob("*.parquet"))[:2]
    lost.unlink()
    content = bytearray(hurt.read_bytes())
    content[len(content) // 2] ^= 0x10
    hurt.write_bytes(content)
    assert len(runs.ids()) == 3 and [one.path.startswith("kept/weekly/runs/") for one in runs.check()] == [
        True
    ]
    again = here(tmp_path / "one", spec, resume=True)
    assert again.tally.ok == 4 and runs.check() == []
    assert all((again.folder / name).read_bytes() == content for name, content in bytes_of.items())
