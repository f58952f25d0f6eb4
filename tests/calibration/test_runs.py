"""Runs of a calibration are kept: stopped work is taken up again, and what is asked decides what is run."""

from __future__ import annotations

import math

import pytest

from calibration.fitting import runs, ship
from calibration.fitting.calibrate import EFFORTS, calibrate
from calibration.fitting.runs import Ask
from model.errors import InputError
from model.parameters import LEDGER
from scenarios.batches.failures import Interrupted
from scenarios.batches.runstore import RunStore

ASKS = [Ask.of("decades", 1, 0.01, {"warm_up_weeks": 8, "peer_weight": w}) for w in (1.0, 2.0)]


@pytest.mark.slow
def test_a_stopped_batch_goes_on(tmp_path):
    with pytest.raises(Interrupted):
        runs.measure(tmp_path, ASKS, jobs=1, max_seconds=0.0)
    first = runs.measure(tmp_path, ASKS, jobs=1)
    files = {path.name for path in (tmp_path / "runs").iterdir()}
    assert runs.measure(tmp_path, ASKS, jobs=1) == first
    assert {path.name for path in (tmp_path / "runs").iterdir()} == files
    assert first[0] != first[1] and all(math.isfinite(value) for one in first for value in one.values())
    assert RunStore(tmp_path).ids() == {ask.id for ask in ASKS}


def test_what_is_asked_names_the_run():
    one = Ask.of("year", 1, 0.1, {"peer_weight": 1.0, "habit_gain": 0.05})
    assert one.id == Ask.of("year", 1, 0.1, {"habit_gain": 0.05, "peer_weight": 1.0}).id
    others = [Ask.of("year", 2, 0.1, dict(one.changes)), Ask.of("decades", 1, 0.1, dict(one.changes)),
              Ask.of("year", 1, 0.2, dict(one.changes)), Ask.of("year", 1, 0.1, {})]  # fmt: skip
    assert len({one.id, *(other.id for other in others)}) == 5


def test_a_folder_with_a_calibration_needs_resume(tmp_path):
    (tmp_path / "plan.json").write_text('{"everystep_version": "0"}', encoding="utf-8")
    with pytest.raises(InputError, match="resume"):
        calibrate(tmp_path, effort="quick")
    assert EFFORTS["full"].draws > EFFORTS["short"].draws > EFFORTS["quick"].draws


def test_fitted_values_reach_the_ledger_and_old_fits_go(tmp_path):
    source = LEDGER / "choice.yaml"
    (tmp_path / "choice.yaml").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    ship.write_ledger({"taste_sd": 0.9}, {"season_effect": 0.43}, "2030-01-01, a test", tmp_path)
    import yaml

    found = yaml.safe_load((tmp_path / "choice.yaml").read_text(encoding="utf-8"))
    before = yaml.safe_load(source.read_text(encoding="utf-8"))
    assert found["taste_sd"]["value"] == 0.9 and found["taste_sd"]["quality"] == "fitted"
    assert found["taste_sd"]["fitted"] == "2030-01-01, a test"
    assert found["season_effect"]["value"] == 0.43 and "fitted" not in found["season_effect"]
    assert found["season_effect"]["quality"] != "fitted"
    others = set(found) - {"taste_sd", "season_effect"}
    assert all(found[name] == before[name] for name in others)


def test_an_ensemble_is_written_and_read_back(tmp_path):
    from model import ensemble

    draws = [{"peer_weight": 1.0, "habit_gain": 0.051234567}, {"peer_weight": 2.0, "habit_gain": 0.04}]
    table = tmp_path / "ensemble.csv"
    table.write_text(ship.text_of(draws), encoding="utf-8")
    assert [one["peer_weight"] for one in ensemble.read(table)] == [1.0, 2.0]
    assert ensemble.read(table)[0]["habit_gain"] == pytest.approx(0.0512345670, rel=1e-6)
    assert [one["peer_weight"] for one in ensemble.spaced(ensemble.read(table), 4)] == [1.0, 2.0, 1.0, 2.0]
