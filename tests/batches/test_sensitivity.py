"""Sensitivity of a scenario, scenario discovery and the stopping rule, on quick towns from end to end."""

import json
import re
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from towns import SWEEP, QuickTown, open_quick

from calibration.analysis.discovery import discover
from calibration.analysis.sensitivity import FACTORS, Sensitivity, outputs, sensitivity
from calibration.analysis.sensitivity_result import SensitivityResult
from calibration.statistics import emulator
from model.errors import InputError
from scenarios import compare
from scenarios.batches.failures import Interrupted
from scenarios.files import store
from scenarios.provenance import checks
from scenarios.statistics import precision
from scenarios.sweeps.sweep import sweep
from viz.report.sensitivity import build, lines

QUICK = {"opener": open_quick, "apart": False, "jobs": 1, "weeks": 30, "sample": 0.03, "replicates": 2}
VARY = {"interventions.0.groups": {"low": 5, "high": 20}, "parameters.contagion": ["complex", "none"]}


def walk(out: Path, **more) -> Sensitivity:
    return sensitivity("walk_and_talk", out, **{"factors": VARY} | QUICK | more)


@pytest.fixture(scope="module")
def screened(tmp_path_factory) -> Sensitivity:
    return walk(tmp_path_factory.mktemp("sensitivity") / "one", method="sobol", size=32, second=True)


def in_file(folder):
    """What a folder's file says."""
    return SensitivityResult.of(store.read_json(folder / "sensitivity.json"))


def test_what_is_in_the_file_is_what_was_found_key_by_key(screened):
    told = json.loads(store.to_json(screened.describe()))
    assert json.dumps(in_file(screened.sweep.folder).as_dict()) == json.dumps(told)
    assert list(told)[:6] == ["scenario", "outcome", "method", "runs", "points", "replicates"]
    assert list(told)[6:] == [
        "converged",
        "reasons",
        "seed_share",
        "parameters",
        "pairs",
        "outcomes",
        "notes",
        "out",
    ]


def test_what_matters_is_found_and_the_dummy_is_not(screened):
    table = screened.found["inactive"].table.set_index("name")
    assert (
        table["ST"].idxmax() == "interventions.0.groups" and table.loc["interventions.0.groups", "ST"] > 0.8
    )
    assert table.loc["dummy", "ST"] == 0, "a dummy changes no run"
    assert set(screened.found) == {"inactive", "gap_deprivation_difference", "moved_per_1000_pounds"}


def test_json_has_its_keys(screened):
    told = json.loads(json.dumps(screened.describe()))
    assert {"scenario", "outcome", "method", "runs", "converged", "seed_share", "parameters"} <= set(told)
    assert {"name", "S1", "S1_conf", "ST", "ST_conf"} <= set(told["parameters"][0])
    assert told["points"] == 32 * 8 and told["runs"] < told["points"] * 2, "points alike are run once"


@pytest.mark.slow
def test_of_one_replicate_no_number_is_made_up(tmp_path, monkeypatch):
    monkeypatch.setattr("calibration.statistics.emulator.REFITS", 3)
    for method, more in (("morris", {"size": 4}), ("sobol", {"emulate": True, "size": 24})):
        found = walk(tmp_path / method, method=method, replicates=1, **more)
        page = build(found.sweep.folder).read_text(encoding="utf-8")
        said = "\n".join([*lines(in_file(found.sweep.folder)), page.split("</style>")[1]])
        assert "nan%" not in said and not re.search(r"\bnan\b", re.sub(r"base64,[^\"]*", "", said))
        assert "With one replicate nothing tells how much of this is chance." in said
        assert "chance in the runs leaves" not in said


@pytest.mark.slow
def test_the_levels_of_morris_are_written_down(tmp_path):
    found = walk(tmp_path / "one", method="morris", size=4)
    told = store.read_json(found.sweep.folder / "sensitivity.json")
    assert told["levels"] == found.describe()["levels"] == 8
    assert all(other["levels"] == 8 for other in told["outcomes"].values())
    assert (
        "morris on 8 levels" in lines(found.result())[0]
        and "Morris on 8 levels" in build(found.sweep.folder).read_text()
    )


def test_the_page_has_its_figures(screened):
    page = build(screened.sweep.folder).read_text()
    assert (
        page.count("<img") == 12
        and "What-if, not a forecast" in page
        and "http" not in page.split("</style>")[1]
    )
    for name in ("indices", "tornado", "spider", "interactions"):
        assert (screened.sweep.folder / f"inactive_{name}.png").read_bytes()[:4] == b"\x89PNG"


def test_means_that_chance_makes_are_not_drawn(screened):
    folder = screened.sweep.folder
    sound = (folder / "sensitivity.json").read_text()
    told = json.loads(sound)
    for row in told["lines"]["inactive"]:
        row["value"] *= 1 + 9 * row["share"] * (row["name"] == "dummy")
    store.write_json(folder / "sensitivity.json", told)
    checks.vouch(folder, ["sensitivity.json"])
    page = build(folder).read_text()
    assert page.count("<img") == 10 and page.count("the dummy, which does nothing, seems to move") == 1
    assert not (folder / "inactive_tornado.png").exists() and (folder / "inactive_indices.png").exists()
    (folder / "sensitivity.json").write_text(sound)
    checks.vouch(folder, ["sensitivity.json"])
    assert build(folder).read_text().count("<img") == 12


def test_outputs_stand_in_design_order(screened):
    groups = np.array([point["interventions.0.groups"] for point in screened.sweep.plan.points])
    effect = outputs(screened.sweep)["inactive"].mean(axis=1)
    assert np.corrcoef(groups, effect)[0, 1] < -0.9


def test_adults_moved_for_a_thousand_pounds_are_those_moved_over_thousands_of_pounds(screened):
    keys = ["point", "replicate"]
    moved, cost = (
        screened.sweep.differences(outcome).sort_values(keys)["difference"].to_numpy()
        for outcome in ("people_moved", "cost")
    )
    told = outputs(screened.sweep)["moved_per_1000_pounds"].ravel()
    assert len(told) == len(moved) == len(cost) and (moved > 0).any()
    assert told == pytest.approx(moved / (cost / 1000))


@pytest.mark.slow
def test_an_emulator_goes_the_short_way(tmp_path, monkeypatch):
    monkeypatch.setattr("calibration.statistics.emulator.REFITS", 3)
    found = walk(tmp_path / "one", method="sobol", emulate=True, size=40)
    told = found.describe()
    assert told["emulator"]["q2"] > 0.8 and told["method"] == "sobol of an emulator"
    assert found.found["inactive"].table.set_index("name")["ST"].idxmax() == "interventions.0.groups"


def test_an_analysis_refuses_a_sweep_with_holes(tmp_path):
    class Failing(QuickTown):
        def warm_up(self):
            if self.job.replicate == 1:
                raise RuntimeError("a planted fault")

    with pytest.raises(InputError, match=r"only \d+ of"):
        walk(tmp_path / "one", method="morris", size=4, opener=Failing)


def test_the_factors_that_ship_are_twelve_or_more_and_known():
    from calibration.analysis.sensitivity import _read_factors
    from scenarios.files.schema import Scenario
    from scenarios.sweeps import sweep_file

    vary, name, lines = _read_factors(FACTORS)
    file = sweep_file.SweepFile(
        scenario="walk_and_talk", vary=vary, design=sweep_file.Design(method="lhs", points=1)
    )
    assert len(sweep_file.resolve(file, Scenario.load("walk_and_talk"), name, lines)) >= 12


def test_what_is_left_out_is_not_varied(tmp_path):
    found = walk(tmp_path / "one", method="morris", size=4, without=["contagion"])
    assert found.found["inactive"].table["name"].tolist() == ["interventions.0.groups", "dummy"]


@pytest.mark.parametrize(("more", "said"), [
    ({"outcome": "happiness"}, "unknown outcome"), ({"emulate": True, "method": "pawn"}, "method sobol"),
    ({"factors": None, "vary": ["habit_gian"]}, "habit_gain"), ({"without": ["contagoin"]}, "contagion"),
    ({"without": ["contagion", "interventions.0.groups"]}, "nothing is left"), ({"factors": Path("nowhere.yaml")}, "no such file"),
    ({"method": "morris", "size": 0}, "found 0.*4 or more"), ({"method": "morris", "size": 3}, "found 3.*4 or more"),
    ({"method": "sobol", "size": -8}, "found -8.*2 or more"), ({"method": "sobol", "emulate": True, "size": 0}, "found 0"),
    ({"replicates": 0}, "replicates"), ({"second": True, "method": "morris"}, "second-order.*method sobol"),
    ({"factors": None, "vary": ["nope"]}, "unknown parameter.*nope"),
    ({"factors": None, "vary": ["habit_gian"]}, "unknown parameter.*Did you mean 'habit_gain'"),
])  # fmt: skip
def test_wrong_questions_are_refused(tmp_path, more, said):
    with pytest.raises(InputError, match=said):
        walk(tmp_path / "one", **more)


@pytest.mark.slow
def test_nothing_has_converged_over_few_points_of_an_emulator_or_one_replicate(tmp_path, monkeypatch):
    monkeypatch.setattr("calibration.statistics.emulator.REFITS", 3)
    found = walk(tmp_path / "one", method="sobol", emulate=True, size=12, replicates=4)
    said = "an emulator of 12 points cannot be relied on: 40 or more are needed"
    told = json.loads(json.dumps(found.describe()))
    assert not told["converged"] and said in " ".join(told["reasons"])
    assert said in "\n".join(lines(in_file(tmp_path / "one")))
    assert said in build(tmp_path / "one").read_text()
    assert emulator.needed([*"abcdef", "dummy"]) == 60
    alone = walk(tmp_path / "two", method="morris", size=8, replicates=1)
    assert not alone.describe()["converged"]
    assert "These indices have converged" not in build(tmp_path / "two").read_text()


@pytest.mark.slow
def test_one_factor_has_no_picture_of_pairs_and_no_warnings(tmp_path):
    one = {"interventions.0.groups": VARY["interventions.0.groups"]}
    found = walk(tmp_path / "one", method="sobol", size=8, second=True, factors=one)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        build(found.sweep.folder)
    assert not (tmp_path / "one" / "inactive_interactions.png").exists()


def test_advice_for_an_unfinished_sweep_can_be_followed(tmp_path):
    done = sweep(SWEEP, tmp_path / "one", opener=open_quick, apart=False, jobs=1, max_seconds=1e-9)
    assert done.tally.ok < done.tally.planned
    with pytest.raises(InputError, match="--resume") as told:
        discover(done)
    assert "partial" not in str(told.value)


# ------------------------------------------------------------------------------------------------ discovery


class Contested(QuickTown):
    """A town where a plan of more than ten groups does harm under complex contagion."""

    def fork(self, interventions):
        twin = super().fork(interventions)
        groups = sum(one.groups for one in interventions)
        if groups > 10 and self.job.town.parameters.contagion == "complex":
            twin.push = -twin.push
        return twin


def open_contested(job) -> Contested:
    return Contested(job)


@pytest.mark.slow
def test_conditions_are_found_and_told_in_words(tmp_path):
    spec = {
        **SWEEP,
        "vary": {**VARY, "parameters.habit_gain": "ledger"},
        "design": {"method": "lhs", "points": 40},
    }
    done = sweep(spec, tmp_path / "one", opener=open_contested, apart=False, jobs=1)
    found = discover(done)
    assert 0 < found.cases < 40 and found.accuracy > 0.95
    assert {name for box in found.boxes for name in box.limits} == {
        "interventions.0.groups",
        "parameters.contagion",
    }
    assert sum(box.coverage for box in found.boxes) == pytest.approx(1, abs=0.05)
    said = " ".join(found.words())
    assert "contagion is" in said and "groups is at most 10" in said
    against = discover(done, when="raises", outcome="inactive")
    assert against.cases + found.cases == 40
    from viz.report.figures.discovery import draw

    assert draw(found, tmp_path / "one" / "figure.png").stat().st_size > 5000


def test_two_plans_are_held_against_each_other(tmp_path):
    spec = {**SWEEP, "scenario": ["walk_and_talk", "none"], "vary": {"parameters.habit_gain": [0.02, 0.05]}}

    class Both(QuickTown):
        def fork(self, interventions):
            return type(self)(
                self.job, 0.3 if any(one.type == "walking_scheme" for one in interventions) else 0.0
            )

    done = sweep(spec, tmp_path / "one", opener=Both, apart=False, jobs=1)
    assert discover(done, "walk_and_talk", "none").cases == 2
    assert discover(done, "none", "walk_and_talk").cases == 0
    with pytest.raises(InputError, match="walk_and_talk"):
        discover(done, "walk_and_tlk")


# ------------------------------------------------------------------------------------------------ stopping rule


def test_the_widest_interval_of_all_plans_counts():
    rows = [{"outcome": "inactive", "group": "all", "horizon_weeks": 52, "ci_low": -half, "ci_high": half}
            for half in (0.001, 0.02, 0.005)]  # fmt: skip
    assert precision.width(pd.DataFrame(rows), 52) == pytest.approx(4.0)


def test_replicates_run_until_the_interval_is_narrow(tmp_path):
    from fake_town import FakeScenario, open_fake

    def run(**more):
        return compare(
            [FakeScenario("Walk", 0.2)], baseline=FakeScenario("Baseline"), opener=open_fake, jobs=1, **more
        )

    loose, tight = run(precision=2.0, replicates=2), run(precision=0.3, replicates=2)
    assert loose.manifest["replicates"] == precision.FIRST < tight.manifest["replicates"]
    assert precision.width(tight.frame, 30) <= 0.3 and tight.manifest["stopping"]["reached"]
    assert (run(replicates=tight.manifest["replicates"], parameters="fitted").frame["difference"].dropna()
            == tight.frame["difference"].dropna()).all(), "the same as asking for so many at once"  # fmt: skip
    capped = run(precision=0.01, replicates=2, max_replicates=10)
    assert capped.manifest["replicates"] == 10 and not capped.manifest["stopping"]["reached"]
    from scenarios.results.result_folder import notes

    assert any("Gave up after 10 replicates" in note for note in notes(capped.manifest))


@pytest.mark.slow
def test_a_finished_comparison_to_a_precision_is_not_run_again(tmp_path):
    opened: list[int] = []
    first = narrowed(tmp_path / "one", opened)
    count = first.manifest["replicates"]
    assert not first.already and sorted(opened) == list(range(count)) and count > precision.FIRST
    for asked in (0.3, 2.0):
        again = narrowed(tmp_path / "one", opened, precision=asked, resume=True)
        assert again.already and again.frame.equals(first.frame) and len(opened) == count
    capped = narrowed(tmp_path / "two", [], precision=0.01, max_replicates=10)
    assert narrowed(tmp_path / "two", [], precision=0.01, max_replicates=10, resume=True).already
    wider = narrowed(tmp_path / "two", [], precision=0.01, max_replicates=12, resume=True)
    assert not wider.already and (capped.manifest["replicates"], wider.manifest["replicates"]) == (10, 12)


@pytest.mark.slow
def test_a_stopped_comparison_to_a_precision_goes_on_where_it_was(tmp_path):
    opened: list[int] = []
    with pytest.raises(Interrupted):
        narrowed(tmp_path / "one", opened, stop_at=2 * precision.FIRST - 3)  # in the second round
    assert len(opened) == 2 * precision.FIRST - 2
    done = narrowed(tmp_path / "one", opened, resume=True)
    assert sorted(opened) == sorted([*range(done.manifest["replicates"]), 2 * precision.FIRST - 3])
    whole = narrowed(tmp_path / "two", [])
    assert done.frame.equals(whole.frame) and not (tmp_path / "one" / "parts").exists()


def narrowed(out: Path, opened: list[int], stop_at: int | None = None, **more):
    """A comparison of quick towns to a precision; `opened` hears of every run, `stop_at` is stopped."""
    from fake_town import FakeScenario, open_fake

    def opener(job):
        opened.append(job.replicate)
        if job.replicate == stop_at:
            raise KeyboardInterrupt
        return open_fake(job)

    opener.stands_for = open_fake
    wanted = {"precision": 0.3, "replicates": 2, "jobs": 1} | more
    return compare(
        [FakeScenario("Walk", 0.2)], baseline=FakeScenario("Baseline"), opener=opener, out=out, **wanted
    )


def test_rounds_grow_to_what_is_wanted_and_no_further():
    assert precision.next_count(10, 0.5, 1.0, 100) == 10
    assert precision.next_count(10, 4.0, 1.0, 1000) == 20
    assert precision.next_count(10, 1.1, 1.0, 1000) == 14
    assert precision.next_count(10, 9.0, 1.0, 12) == 12 == precision.next_count(12, 9.0, 1.0, 12)
    with pytest.raises(InputError):
        precision.check(0.0)
