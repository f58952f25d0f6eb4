"""Sensitivity through our own path: known functions recovered, holes and disorder refused, noise told."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from SALib.test_functions import Ishigami, Sobol_G

sys.path.insert(0, str(Path(__file__).parent))

from calibration.statistics import emulator, indices
from calibration.statistics import outputs as in_order
from model import rng
from model.errors import InputError

NAMES = ["x1", "x2", "x3", "dummy"]
ISHIGAMI = {"S1": [0.3139, 0.4424, 0.0, 0.0], "ST": [0.5576, 0.4424, 0.2437, 0.0]}
"""Closed forms for a = 7, b = 0.1. Source: Ishigami and Homma 1990."""


def ishigami(unit: np.ndarray) -> np.ndarray:
    return Ishigami.evaluate(unit[:, :3] * 2 * np.pi - np.pi)


def g_function() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coefficients, and first and total indices in closed form. Source: Saltelli and Sobol' 1995."""
    a = np.array([0.0, 1.0, 4.5, 9.0])
    part = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + part) - 1
    return a, part / whole, part * np.prod(1 + part) / (1 + part) / whole


def noise(shape: tuple[int, int], seed: int = 1) -> np.ndarray:
    return rng.gaussian(rng.key(seed, 0, "test"), np.arange(shape[0] * shape[1])).reshape(shape)


def test_ishigami_is_recovered_within_its_intervals():
    plan = indices.design("sobol", NAMES, 512, second=True)
    found = indices.analyse(plan, ishigami(plan.unit))
    for column, truth in ISHIGAMI.items():
        assert (found.table[f"{column}_low"] <= np.array(truth) + 1e-9).all()
        assert (found.table[f"{column}_high"] >= np.array(truth) - 1e-9).all()
    pairs = found.pairs.set_index(["one", "two"])
    assert pairs.loc[("x1", "x3"), "S2"] == pytest.approx(0.2437, abs=0.07)
    assert pairs.loc[("x1", "x2"), "S2_low"] < 0 < pairs.loc[("x1", "x2"), "S2_high"]


def test_the_g_function_is_recovered_within_its_intervals():
    a, first, total = g_function()
    plan = indices.design("sobol", ["a", "b", "c", "d", "dummy"], 1024)
    found = indices.analyse(plan, Sobol_G.evaluate(plan.unit[:, :4], a)).table.iloc[:4]
    assert ((found["S1_low"] <= first) & (first <= found["S1_high"])).all()
    assert ((found["ST_low"] <= total) & (total <= found["ST_high"])).all()


def test_the_emulator_recovers_ishigami_and_states_its_error(monkeypatch):
    from scenarios.sweeps.points import latin_hypercube

    monkeypatch.setattr(emulator, "REFITS", 6)
    monkeypatch.setattr(emulator, "FOLDS", 5)
    unit = latin_hypercube(220, 4, 1)
    found, made = emulator.sobol(NAMES, unit, ishigami(unit), base=512)
    assert 0.85 < made.q2 <= 1 and made.ceiling == 1
    assert found.table["ST"].to_numpy() == pytest.approx(ISHIGAMI["ST"], abs=0.08)
    poor, few = emulator.sobol(NAMES, unit[:40], ishigami(unit[:40]), base=256)
    assert few.q2 < 0.8 and not poor.converged and "emulator predicts" in poor.reasons[0]


def test_a_switch_is_a_column_a_choice():
    unit = np.array([[0.1, 0.5], [0.4, 0.5], [0.9, 0.5]])
    assert emulator.encode(unit, [3, 0]).tolist() == [[1, 0, 0, 0.5], [0, 1, 0, 0.5], [0, 0, 1, 0.5]]


def test_morris_orders_factors_and_agrees_with_salib():
    plan = indices.design("morris", NAMES, 40)
    found = indices.analyse(plan, 8 * plan.unit[:, 0] + 2 * plan.unit[:, 1] ** 2 - plan.unit[:, 2]).table
    assert found["mu_star"].tolist() == pytest.approx([8, 2, 1, 0], abs=0.4)
    assert found["sigma"][0] == pytest.approx(0, abs=1e-9) and found["sigma"][1] > 0.1
    assert (
        (found["mu_star_low"] <= found["mu_star"] + 1e-9) & (found["mu_star"] <= found["mu_star_high"] + 1e-9)
    ).all()


def test_pawn_puts_the_dummy_last():
    plan = indices.design("pawn", NAMES, 400)
    table = indices.analyse(plan, ishigami(plan.unit)).table.set_index("name")
    assert table["PAWN"].idxmin() == "dummy" and table["PAWN"].idxmax() == "x2"


@pytest.mark.parametrize(("method", "size", "column"), [
    ("pawn", 30, "PAWN"), ("pawn", 120, "PAWN"), pytest.param("pawn", 400, "PAWN", marks=pytest.mark.slow), ("morris", 8, "mu_star"), ("sobol", 16, "ST"),
])  # fmt: skip
@pytest.mark.parametrize("replicates", [1, 4])
def test_every_estimate_lies_in_its_own_interval(method, size, column, replicates):
    plan = indices.design(method, NAMES, size)
    values = ishigami(plan.unit)[:, None] + 2 * noise((len(plan.unit), replicates))
    table = indices.analyse(plan, values).table
    low, found, high = (table[f"{column}{end}"].to_numpy() for end in ("_low", "", "_high"))
    assert (low <= found).all() and (found <= high).all()
    assert (low < high)[:3].all()
    if method == "pawn":
        assert (low >= 0).all() and (high <= 1).all()


def test_morris_tells_its_levels_and_refuses_points_that_are_not_on_them():
    plan = indices.design("morris", NAMES, 12)
    values = ishigami(plan.unit)
    assert plan.levels == indices.LEVELS_OF_MORRIS == indices.analyse(plan, values).levels
    assert set(np.rint(plan.unit * 7).ravel()) == set(range(8))
    off, jump = plan.unit.copy(), plan.unit.copy()
    off[3] += 0.01
    jump[1] = jump[0]
    for wrong in (off, jump):
        with pytest.raises(InputError, match="levels"):
            indices.analyse(indices.Design("morris", NAMES, wrong, 12, levels=8), values)
    assert indices.analyse(indices.design("pawn", NAMES, 30), values[:30]).levels is None


def test_the_dummy_holds_zero_under_noise_of_its_own():
    plan = indices.design("sobol", NAMES, 128)
    values = ishigami(plan.unit)[:, None] + noise((len(plan.unit), 4))
    table = indices.analyse(plan, values).table.set_index("name")
    assert table.loc["dummy", "S1_low"] <= 0 <= table.loc["dummy", "S1_high"]


def test_noise_is_told_and_stops_the_verdict():
    plan = indices.design("sobol", NAMES, 128)
    signal = ishigami(plan.unit)[:, None]
    loud = signal + signal.std() * noise((len(plan.unit), 2))
    found = indices.analyse(plan, loud)
    assert found.seed_share == pytest.approx(1 / 3, abs=0.06), (
        "noise as large as the signal, halved by two replicates"
    )
    assert not found.converged and any("chance makes" in reason for reason in found.reasons)
    shared = signal + np.array([[0.0, 5.0, -3.0]])
    assert in_order.seed_share(shared) == pytest.approx(0, abs=1e-12), (
        "a shift that all points share is no noise"
    )


@pytest.mark.parametrize("method", indices.METHODS)
def test_what_nothing_moves_has_no_index(method):
    plan = indices.design(method, NAMES, 16)
    found = indices.analyse(plan, np.full((len(plan.unit), 3), 2.5))
    assert (found.table.drop(columns="name") == 0).all(axis=None) and not found.converged


@pytest.mark.parametrize("method", indices.METHODS)
def test_holes_are_refused(method):
    plan = indices.design(method, NAMES, 16)
    for bad in (np.nan, np.inf):
        values = ishigami(plan.unit)
        values[3] = bad
        with pytest.raises(InputError, match="finite"):
            indices.analyse(plan, values)
    with pytest.raises(InputError, match="one row for each point"):
        indices.analyse(plan, ishigami(plan.unit)[:-1])


def test_another_order_is_refused_and_rows_are_put_in_order():
    plan = indices.design("sobol", NAMES, 16)
    values = ishigami(plan.unit)
    back = plan.unit[::-1]
    with pytest.raises(InputError, match="another order"):
        indices.analyse(plan, values[::-1], at=back)
    rows = pd.DataFrame({"point": np.arange(len(values)), "replicate": 0, "value": values})
    shuffled = rows.sample(frac=1, random_state=1)
    assert (in_order.outputs(shuffled, len(values), 1)[:, 0] == values).all()
    for broken in (rows.iloc[:-1], pd.concat([rows, rows.iloc[:1]]), rows.assign(point=rows["point"] + 1)):
        with pytest.raises(InputError, match="once"):
            in_order.outputs(broken, len(values), 1)


@pytest.mark.parametrize(("method", "size", "seed", "said"), [
    ("sobol", 100, 1, "power of two"), ("sobol", 128, 0, "positive"), ("magic", 8, 1, "unknown method"), ("morris", 1, 1, "few"),
])  # fmt: skip
def test_wrong_designs_are_refused(method, size, seed, said):
    with pytest.raises(InputError, match=said):
        indices.design(method, NAMES, size, seed)


def test_designs_are_the_same_every_time():
    for method in indices.METHODS:
        assert (indices.design(method, NAMES, 8, 5).unit == indices.design(method, NAMES, 8, 5).unit).all()
