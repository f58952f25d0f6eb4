"""Several sets of parameters: replicates are shared out, and chance and doubt are told apart."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fake_town import FakeScenario, open_fake

from model import ensemble
from model.errors import InputError
from model.parameters import Parameters, ledger
from scenarios import compare
from scenarios.files import parameter_sets
from scenarios.results.effects import estimate, paired
from scenarios.results.result_folder import notes
from scenarios.simulate import simulate

NOISE = np.random.default_rng(5)


def test_one_set_is_as_it_ever_was():
    values = NOISE.normal(size=(7, 3))
    told = estimate(values, 1)
    np.testing.assert_array_equal([told.mean, told.low, told.high], paired(values))
    assert np.isnan(told.doubt_low).all()
    np.testing.assert_array_equal([told.range_low, told.range_high], [told.low, told.high])


@pytest.fixture
def several(tmp_path) -> Path:
    path = tmp_path / "sets.csv"
    path.write_text("habit_gain,peer_weight\n0.03,1.0\n0.05,2.0\n0.06,2.5\n", encoding="utf-8")
    return path


def test_replicates_are_shared_out(several, tmp_path):
    found = compare([FakeScenario("Walk", 0.2)], replicates=6, jobs=1, baseline=FakeScenario("Baseline"),
                    opener=open_fake, out=tmp_path / "walk", parameters=several)  # fmt: skip
    assert found.manifest["parameters"]["sets"] == 3 and found.manifest["parameters"]["each"] == 2
    assert [job["replicate"] for job in found.manifest["jobs"]] == list(range(6))
    frame = pd.read_csv(tmp_path / "walk" / "effects.csv")
    assert {"doubt_low", "doubt_high"} <= set(frame)
    inactive = frame[(frame["outcome"] == "inactive") & (frame["group"] == "all")]
    assert (inactive["doubt_low"] <= inactive["difference"]).all()
    assert any("doubt" in note for note in notes(found.manifest))


def test_each_set_reaches_the_town(several):
    from scenarios.runs import design

    sets = parameter_sets.choose(several, 6)
    plan = design.plan([("walk", FakeScenario("Walk", 0.2))], ("baseline", FakeScenario("Baseline")), sample=0.1,
                       weeks=10, replicates=6, sets=sets.changes)  # fmt: skip
    assert [job.town.parameters.habit_gain for job in plan.jobs] == [0.03, 0.03, 0.05, 0.05, 0.06, 0.06]
    assert len({job.id for job in plan.jobs}) == 6
    alone = design.plan([("walk", FakeScenario("Walk", 0.2))], ("baseline", FakeScenario("Baseline")), sample=0.1,
                        weeks=10, replicates=6)  # fmt: skip
    assert {job.town.parameters.digest for job in alone.jobs} == {Parameters.default().digest}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("habit_gian,peer_weight\n0.03,1\n", "habit_gain"),
        ("habit_gain\n9\n", "0.166"),
        ("habit_gain\n", "no set"),
    ],
)
def test_a_bad_table_is_refused(tmp_path, text, told):
    path = tmp_path / "sets.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        parameter_sets.choose(path, 6)


def test_a_file_of_one_set(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("peer_weight: 1.5\n", encoding="utf-8")
    assert parameter_sets.choose(path, 1).changes == ({"peer_weight": 1.5},)
    path.write_text("peer_weight: 1.5\npeer_wieght: 2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.yaml:2.*peer_weight"):
        parameter_sets.choose(path, 1)


def test_odd_replicates_and_missing_files_are_refused(several):
    for replicates in (4, 7):
        with pytest.raises(InputError, match="replicates"):
            parameter_sets.choose(several, replicates)
    with pytest.raises(InputError, match="no such file"):
        parameter_sets.choose("nowhere.csv", 6)
    with pytest.raises(InputError, match="one set"):
        simulate(FakeScenario("Walk"), parameters="ensemble", opener=open_fake)


def test_the_shipped_ensemble_is_whole():
    if not ensemble.TABLE.is_file():
        pytest.skip("no ensemble is shipped")
    sets = ensemble.draws()
    assert len(sets) == ensemble.facts()["sets"] >= 20
    assert set(sets[0]) <= set(ledger())


def test_a_damaged_ensemble_is_refused(tmp_path):
    table, facts = tmp_path / "ensemble.csv", tmp_path / "ensemble.json"
    table.write_text("habit_gain\n0.05\n", encoding="utf-8")
    facts.write_text('{"sha256": "0"}', encoding="utf-8")
    with pytest.raises(InputError, match="checksum"):
        ensemble.draws(table, facts)
