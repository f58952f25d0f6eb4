"""An output that does not vary has no indices: refused with the reason, and never said to have converged."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from towns import open_quick

from calibration.analysis.sensitivity import sensitivity
from calibration.statistics import emulator, indices
from model.errors import InputError
from scenarios.sweeps.points import latin_hypercube

QUICK = {"opener": open_quick, "apart": False, "jobs": 1, "sample": 0.02, "replicates": 2, "size": 4}

LATE = """
schema_version: 1
name: Late
place: erewash
years: 2
interventions:
  - type: walking_scheme
    when: {start_week: 30}
    groups: 10
"""


@pytest.fixture
def late(tmp_path):
    path = tmp_path / "late.yaml"
    path.write_text(LATE)
    return str(path)


def test_a_plan_that_begins_after_the_weeks_simulated_is_refused_before_anything_runs(late, tmp_path):
    with pytest.raises(InputError) as error:
        sensitivity(late, tmp_path / "out", weeks=30, vary=["habit_gain"], **QUICK)
    assert "begins after the weeks simulated" in str(error.value) and "week 30" in str(error.value)
    assert not (tmp_path / "out").exists()


def test_when_the_start_is_varied_the_runs_decide(late, tmp_path):
    factors = {"interventions.0.when.start_week": {"low": 10, "high": 40}}
    with pytest.raises(InputError, match="same at every point"):
        sensitivity(late, tmp_path / "out", weeks=8, factors=factors, **QUICK)


def test_a_plan_that_does_nothing_is_refused_and_said_why(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "calibration.analysis.sensitivity.outputs", lambda done, what: {"inactive": np.zeros((12, 2))}
    )
    with pytest.raises(InputError) as error:
        sensitivity("walk_and_talk", tmp_path / "out", weeks=30, vary=["habit_gain"], **QUICK)
    assert "does nothing at any point" in str(error.value) and error.value.faults[0].key == "outcome"
    assert not (tmp_path / "out" / "sensitivity.json").exists()


@pytest.mark.parametrize("value", [0.0, 0.1, 0.1 + 1e-14])
@pytest.mark.parametrize("method", indices.METHODS)
def test_a_flat_output_never_converges(method, value):
    plan = indices.design(method, ["a", "b"], 16)
    values = np.full((len(plan.unit), 3), 0.1)
    values[0] = values[-1] = 0.1 if value else 0.0
    values[:] = values if value else 0.0
    values[1] = value
    found = indices.analyse(plan, values)
    assert not found.converged and found.reasons == [indices.FLAT]


def test_nor_does_the_emulator_of_one():
    found, _ = emulator.sobol(["a", "b"], latin_hypercube(20, 2, 1), np.full((20, 2), 0.3), base=16)
    assert not found.converged and found.reasons == [indices.FLAT]


def test_what_varies_a_little_is_not_flat():
    assert not indices.is_flat(np.array([[0.1], [0.1 + 1e-6]]))
    assert not indices.is_flat(np.array([[0.0], [1e-12]]))
