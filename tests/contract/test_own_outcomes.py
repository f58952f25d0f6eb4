"""Outcomes of one's own: they show wherever ours do, in any process, and change nothing of ours."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "batches"))

from fake_town import FakeScenario, open_fake
from towns import SWEEP, open_quick

from calibration.analysis.discovery import discover
from calibration.analysis.sensitivity import wanted_output
from cli import tables
from model import Neighbourhood
from model.errors import InputError
from model.outcomes import catalogue, levels, summary
from model.outcomes.outcome import Outcome
from model.outcomes.record import Record
from model.outcomes.recorder import Recorder
from model.population.columns import KINDS
from scenarios import Scenario, compare
from scenarios.files import plugins
from scenarios.sweeps.sweep import sweep
from scenarios.sweeps.sweep_outcomes import asked
from viz import words
from viz.live.panels import over_time
from viz.live.towns import batch
from viz.live.towns.towns import Pair, Setup, WarmRoom
from viz.live.view import View
from viz.report.report import build

LEAST = 30.0


def walked(state):
    """Whether each walked half an hour."""
    return state.people.minutes[KINDS.index("walk_leisure")] >= LEAST


WALKERS = Outcome(
    "walkers", "Walkers", "share", "Share of adults who walked for half an hour.", "more", measure=walked
)
BY_SEX = Outcome("gap_sex", "Gap: men less women", "gap", "Share inactive of men less that of women.", "less",
                 read=lambda record: record.shares()[:, record.index("sex", "male"), 0]
                 - record.shares()[:, record.index("sex", "female"), 0],
                 between=(("sex", "male"), ("sex", "female")))  # fmt: skip


@pytest.fixture
def clean():
    """None are left after the test."""
    yield
    for one in catalogue.own():
        catalogue.forget(one.name)


@pytest.fixture
def own(clean):
    """Both, for one test."""
    return [catalogue.register(WALKERS), catalogue.register(BY_SEX)]


def compared(out: Path | None = None, jobs: int = 1):
    return compare([FakeScenario("Walk", 0.2, end_week=10)], replicates=4, jobs=jobs, baseline=FakeScenario("Baseline"),
                   opener=open_fake, out=out)  # fmt: skip


def test_they_stand_in_every_table_of_a_comparison_and_leave_the_others_as_they_are(own, tmp_path):
    names = ["walkers", "gap_sex"]
    found = compared(tmp_path / "with")
    assert list(found.table()["outcome"])[-2:] == names
    for one in own:
        catalogue.forget(one.name)
    without = compared()
    usual = found.frame[~found.frame["outcome"].isin(names)].reset_index(drop=True)
    pd.testing.assert_frame_equal(usual, without.frame)
    end = found.frame[found.frame["horizon_weeks"] == found.manifest["weeks"]].set_index(["outcome", "level"])
    # In the stand-in, who is not inactive walks.
    assert end.loc[("walkers", "all"), "difference"] == pytest.approx(
        -end.loc[("inactive", "all"), "difference"]
    )
    assert end.loc[("walkers", "female"), "scenario_value"] == pytest.approx(
        1 - end.loc[("inactive", "female"), "scenario_value"]
    )
    assert end.loc[("gap_sex", "all"), "difference"] == pytest.approx(
        end.loc[("inactive", "male"), "difference"] - end.loc[("inactive", "female"), "difference"]
    )
    assert set(names) <= set(found.runs()["outcome"])
    assert set(names) <= {row["outcome"] for row in found.as_dict()["effects"]}
    folder = tmp_path / "with"
    assert set(names) <= set(pd.read_csv(folder / "dictionary.csv")["value"])
    assert set(names) <= set(pd.read_parquet(folder / "weekly.parquet")["outcome"])


def test_they_show_in_the_report_and_on_the_terminal(own, tmp_path):
    compared(tmp_path / "with")
    page = build(tmp_path / "with").read_text(encoding="utf-8")
    assert "Walkers" in page and "Gap: men less women" in page
    for one in own:
        catalogue.forget(one.name)
    again = build(tmp_path / "with").read_text(encoding="utf-8")
    assert again == page and catalogue.own() == ()
    for one in own:
        catalogue.register(one)
    told = {"weeks": 9, "place": "here", "scenario": "s", "outcomes": {"walkers": 0.25}, "by": {}}
    assert "Walkers" in [str(column.header) for column in tables.levels_table(told).columns]
    assert words.value_text("walkers", 0.25) == "25.0%" and words.unit_text("gap_sex") == "points"


def test_the_live_view_shows_them_week_by_week(own):
    scenario = Scenario.load("walk_and_talk")
    setup = Setup(scenario, "erewash", 0.005)
    pair = Pair(WarmRoom(kept=1, threads=1).town(setup), setup, Scenario.load("baseline"))
    for _ in range(3):
        pair.step()
    view = View().changed("outcome", "walkers")
    assert view.spelled() == {"outcome": "walkers"}
    shown = over_time.panel(pair, view)
    assert "Walkers" in shown["chart_label"] and shown["asks"]["outcome"][1]["walkers"] == "Walkers"
    seen = over_time.series(pair.histories[1], "walkers")
    assert seen == pytest.approx(pair.plan.record().mean("walkers")[:, 0]) and 0 < seen[0] < 1
    catalogue.forget("walkers")
    with pytest.raises(ValueError, match="walkers"):
        View().changed("outcome", "walkers")


@pytest.mark.slow
def test_a_batch_of_the_live_view_knows_the_plugins_of_its_page(clean, tmp_path):
    file = tmp_path / "still.py"
    file.write_text(PLUGIN, encoding="utf-8")
    plugins.confirm([file])
    (tmp_path / "request.json").write_text(json.dumps({
        "scenario": "walk_and_talk", "place": "erewash", "sample": 0.004, "seed": 1, "replicates": 2, "jobs": 1,
        "quiet": True, "out": str(tmp_path / "out"), "plugins": plugins.files()}), encoding="utf-8")  # fmt: skip
    catalogue.forget("still")
    assert batch.main(tmp_path / "request.json") == 0
    assert "still" in pd.read_csv(tmp_path / "out" / "effects.csv")["outcome"].unique()


PLUGIN = """
from model.outcomes.outcome import Outcome

still = Outcome("still", "Sit still", "share", "Share of adults who walked less than half an hour.", "less",
                measure=lambda state: state.people.minutes[0] < 30)
"""


@pytest.mark.slow
def test_any_number_of_processes_reads_the_same_of_plugin_files_and_of_what_was_typed_in(own, tmp_path):
    file = tmp_path / "still.py"
    file.write_text(PLUGIN, encoding="utf-8")
    plugins.confirm([file])
    one, two = compared(), compared(jobs=2)
    pd.testing.assert_frame_equal(one.frame, two.frame)
    assert one.manifest["plan_digest"] == two.manifest["plan_digest"]
    assert {"still", "walkers", "gap_sex"} <= set(one.frame["outcome"])
    told = one.manifest["outcomes"]
    assert told["still"]["file"] == str(file) and told["walkers"]["file"] is None
    assert plugins.missing(one.manifest, "here") == []
    catalogue.forget("still")
    (fault,) = plugins.missing(one.manifest, "here")
    assert fault.found == "still" and str(file) in str(fault)


def test_what_reads_them_is_part_of_the_identity_of_runs(own, tmp_path):
    first = compared(tmp_path / "one").manifest
    assert set(first["outcomes"]) == {"walkers", "gap_sex"}
    catalogue.register(Outcome("walkers", "Walkers", "share", "Of another minute.", "more",
                               measure=lambda state: state.people.minutes[0] >= LEAST + 1))  # fmt: skip
    other = compared().manifest
    assert other["plan_digest"] != first["plan_digest"]
    assert other["outcomes"]["walkers"]["digest"] != first["outcomes"]["walkers"]["digest"]
    for one in own:
        catalogue.forget(one.name)
    without = compared().manifest
    assert without["plan_digest"] not in (first["plan_digest"], other["plan_digest"])
    assert "outcomes" not in without


def test_sweeps_sensitivity_and_discovery_may_be_asked_for_them(own, tmp_path):
    done = sweep({**SWEEP, "replicates": 4}, tmp_path / "s", opener=open_quick, apart=False, jobs=1)
    walking = done.differences("walkers", "sex", "female").groupby("point")["difference"].mean()
    still = done.differences("inactive", "sex", "female").groupby("point")["difference"].mean()
    np.testing.assert_allclose(walking, -still)
    assert discover(done, outcome="walkers").outcome == "walkers"
    assert discover(done, outcome="gap_sex", when="widens").outcome == "gap_sex"
    assert wanted_output("walkers", "sex=female") == asked("walkers", "sex=female")
    with pytest.raises(InputError, match="not told by this group"):
        asked("gap_sex", "sex=female")


def test_what_is_measured_of_a_town_is_the_mean_over_its_real_adults(own):
    town = Neighbourhood("erewash", seed=1, sample=0.004)
    town.run(weeks=2)
    record = town.record()
    values = dict(zip(summary.keys(record), summary.weekly(record)[-1], strict=True))
    for by, level in ((None, "all"), ("sex", "female"), ("imd_quintile", "1")):
        mean = town.outcomes.mean(walked(town.state), by)[level]
        assert values["walkers", by or "all", level] == pytest.approx(mean)
    told = summary.describe(record)
    assert told["outcomes"]["walkers"] == pytest.approx(told["by"]["sex"]["female"]["walkers"], abs=0.5)
    assert set(told["gaps"]) >= {"gap_sex"}


def measured(unit: str, values: np.ndarray) -> float:
    """One week of four residents, each of whom stands for two adults."""
    catalogue.register(Outcome("mine", "Mine", unit, "Of a test.", measure=lambda state: values))
    strata = SimpleNamespace(names=[("all", "all")], sums=lambda each: np.array([each.sum()]))
    recorder = Recorder(strata)
    recorder.measure(SimpleNamespace(people=SimpleNamespace(n=4), counted=np.full(4, 512)))
    made = Record([("all", "all")], np.arange(1), np.full((1, 1, 3), 512), np.zeros((1, 1), np.int64),
                  np.zeros((1, 6), np.int64), measured={name: np.stack(rows) for name, rows in recorder.measured.items()})  # fmt: skip
    pooled = levels.pool(levels.add_up(made), levels.Window(1, 0, 1))
    return dict(zip(summary.keys(pooled), summary.wide(pooled)[0], strict=True))["mine", "all", "all"]


def test_shares_are_means_over_those_who_have_one_and_people_are_totals_of_the_place(clean):
    values = np.array([1.0, 0.0, 1.0, np.nan])
    assert measured("share", values) == pytest.approx(2 / 3)
    assert measured("people", values) == 4.0
    assert np.isnan(measured("minutes", np.full(4, np.nan)))


@pytest.mark.parametrize(("change", "said"), [
    ({"name": "inactive"}, "is an outcome of the project"), ({"name": "My outcome"}, "no name of an outcome"),
    ({"unit": "shares"}, "unknown unit"), ({"better": "higher"}, "good direction"), ({"label": ""}, "has no words"),
    ({"measure": None}, "needs one function"), ({"read": lambda record: record}, "needs one function"),
    ({"over": "sum"}, "is summed"),
])  # fmt: skip
def test_a_declaration_that_is_not_whole_is_refused_with_what_it_lacks(change, said):
    fields = {"name": "mine", "label": "Mine", "unit": "share", "meaning": "Of a test.", "measure": walked}
    with pytest.raises(InputError, match=said):
        catalogue.register(Outcome(**{**fields, **change}))
    assert not catalogue.own()


def test_a_function_that_gives_another_number_of_values_is_refused_by_name(clean):
    with pytest.raises(InputError, match=r"mine\.measure"):
        measured("share", np.ones(3))


def writing(state) -> np.ndarray:
    state.people.motivation[:] -= 1.0
    return state.people.motivation


def test_a_reader_can_write_nothing_and_its_shares_lie_between_none_and_all(clean):
    catalogue.register(Outcome("mine", "Mine", "minutes", "Of a test.", measure=writing))
    with pytest.raises(InputError, match=r"test_own_outcomes\.py:\d+: mine: .*failed in week .*read-only"):
        Neighbourhood(seed=1, sample=0.01).run(weeks=1)
    with pytest.raises(InputError, match=r"mine\.measure: gives shares that cannot be .*0\.5 to 40"):
        measured("share", np.array([0.5, 40.0, 1.0, np.nan]))


def test_every_outcome_of_ours_is_declared_whole():
    for one in catalogue.OUTCOMES:
        assert one.scale and one.label and one.meaning.endswith(".")
        assert (one.measure is not None) == (one.kept == "measured")
        assert (one.read is not None) == (one.kept in ("level", "gap"))
        for other in (one.of, one.difference, one.before):
            assert not other or catalogue.get(other), other
