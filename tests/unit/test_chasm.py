"""The chasm: half as much among the early majority as among those who take things up first, beyond chance."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from model import rng
from model.outcomes.levels import Window
from model.outcomes.summary import Key
from scenarios.results import chasm
from scenarios.results.effects import Values, _chasm, paired

SEGMENTS = (*chasm.EARLY, chasm.MAJORITY)


def gains(early: float, many: float, spread: float = 0.0, runs: int = 10) -> dict[str, np.ndarray]:
    noise = rng.gaussian(rng.key(1, 0, "chasm"), np.arange(3 * runs)).reshape(3, runs) * spread
    return dict(zip(SEGMENTS, noise + np.array([[early], [early], [many]]), strict=True))


def effects(found: dict[str, np.ndarray], outcome: str) -> dict[tuple[str, str, str], dict[str, float]]:
    """Rows as in the effects, of gains (R,) by segment."""
    sign = chasm.MEASURES[outcome]
    columns = {(outcome, "segment", level): sign * one for level, one in found.items()}
    columns[f"chasm_{outcome}", "all", "all"] = chasm.contrast(outcome, lambda level: sign * found[level])
    rows = {}
    for key, values in columns.items():
        mean, low, high = paired(values[:, None])
        rows[key] = {"difference": mean[0], "ci_low": low[0], "ci_high": high[0]}
    return rows


def verdict(early: float, many: float, spread: float, outcome: str = "reach") -> str:
    rows = effects(gains(early, many, spread), outcome)
    return chasm.verdicts(lambda *key: rows.get(key))[outcome]["verdict"]


@pytest.mark.parametrize("outcome", list(chasm.MEASURES))
@pytest.mark.parametrize(
    ("early", "many", "spread", "said"),
    [
        (0.10, 0.10, 0.01, "crossed"),
        (0.10, 0.30, 0.01, "crossed"),
        (0.10, 0.01, 0.01, "not crossed"),
        (0.10, 0.00, 0.01, "not crossed"),
        (0.10, 0.05, 0.01, "cannot be told"),
        (0.10, 0.10, 0.50, "cannot be told"),
        (-0.10, 0.00, 0.01, "cannot be told"),  # the first lose, the many gain nothing: nothing has crossed
        (-0.10, -0.10, 0.01, "not crossed"),
    ],
)
def test_verdicts_follow_the_rule(outcome, early, many, spread, said):
    assert verdict(early, many, spread, outcome) == said


def test_the_early_market_is_weighed_as_the_curve_is_cut():
    first, second = chasm.early_weights()
    assert first + second == pytest.approx(1.0) and first == pytest.approx(norm.cdf(-2) / norm.cdf(-1))
    own = {
        "innovators": np.array([1.0]),
        "early_adopters": np.array([0.0]),
        "early_majority": np.array([0.0]),
    }
    assert chasm.contrast("reach", own.__getitem__)[0] == pytest.approx(-0.5 * first)
    assert chasm.contrast("inactive", own.__getitem__)[0] == pytest.approx(0.5 * first)


def test_effects_hold_the_contrast_within_replicates():
    base = {level: np.linspace(0.1, 0.3, 6) for level in SEGMENTS}
    plan = {level: base[level] - gain for level, gain in zip(SEGMENTS, (0.02, 0.02, 0.05), strict=True)}
    keys = [Key("inactive", "segment", level) for level in SEGMENTS]
    values = Values(
        keys, np.column_stack([base[k.level] for k in keys]), np.column_stack([plan[k.level] for k in keys])
    )
    table = _chasm(values, Window(52, 0, 52))
    assert table["outcome"].tolist() == ["chasm_inactive"] and table["baseline_value"].tolist() == [0.0]
    assert table["difference"][0] == pytest.approx(0.05 - 0.01)
    assert table["ci_low"][0] == pytest.approx(table["ci_high"][0]), (
        "replicates differ, their differences do not"
    )
    assert _chasm(Values(keys[:2], values.baseline[:, :2], values.scenario[:, :2]), Window(52, 0, 52)) is None


def test_nothing_is_said_of_what_is_not_touched_not_recorded_or_run_once():
    rows = effects(gains(0.0, 0.0), "reach")
    assert chasm.verdicts(lambda *key: rows.get(key)) == {} and chasm.verdicts(lambda *key: None) == {}
    once = {
        key: {**row, "ci_low": math.nan, "ci_high": math.nan}
        for key, row in effects(gains(0.1, 0.1), "reach").items()
    }
    assert chasm.verdicts(lambda *key: once.get(key)) == {}


def test_words_hold_the_verdicts_and_the_rows_their_numbers():
    rows = {**effects(gains(0.1, 0.1, 0.01), "reach"), **effects(gains(0.004, 0.0, 0.0001), "inactive")}
    found = chasm.verdicts(lambda *key: rows.get(key))
    assert found["reach"]["verdict"] == "crossed" and found["inactive"]["verdict"] == "not crossed"
    assert found["inactive"]["early_market"] == pytest.approx(0.004, rel=0.05)
    assert chasm.line("Plan", found) == (
        "Has “Plan” crossed the chasm to the early majority? Yes, by who joins; no, by activity."
    )


def test_at_the_end_of_a_comparison_doubt_about_the_numbers_counts_too():
    rows = effects(gains(0.1, 0.1, 0.01), "reach")
    for wide, said in ((0.0, "crossed"), (0.2, "cannot be told")):
        frame = pd.DataFrame([
            {"scenario": "plan", "horizon_weeks": 52, "outcome": outcome, "group": group, "level": level, **row,
             "range_low": row["ci_low"] - wide, "range_high": row["ci_high"] + wide}
            for (outcome, group, level), row in rows.items()
        ])  # fmt: skip
        told = chasm.of_frame(frame, 52)["plan"]["reach"]
        assert told["verdict"] == said
        assert told["low"] == pytest.approx(rows["reach", "segment", chasm.MAJORITY]["ci_low"] - wide)
