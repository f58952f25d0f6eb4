"""A sample tells of the whole town: effects of the shipped plans agree within chance and what ranges allow for."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from calibration.experiments.samples import OUTCOMES, PLANS, effects_at, effects_table, page, ties_table
from model.place.place import Place
from scenarios.statistics import stray


def rows(frame: pd.DataFrame) -> dict[tuple[str, str], tuple[float, float]]:
    """Effect and half of its interval by plan and outcome."""
    return {
        (one.scenario, one.outcome): (one.difference, (one.ci_high - one.ci_low) / 2)
        for one in frame.itertuples()
    }


@pytest.mark.slow
def test_effects_of_all_shipped_plans_agree_with_the_whole_town():
    whole = rows(effects_at(1.0, 4))
    for sample, replicates in ((0.02, 40), (0.05, 24), (0.1, 16)):
        small = rows(effects_at(sample, replicates))
        if sample < 0.1:  # grants seldom find a group there, as docs/sample.md says
            small.pop(("movement", "joined"))
        for name, (effect, half) in small.items():
            true, own = whole[name]
            assert abs(effect - true) <= math.hypot(half, own) + stray.of_sample(sample) * abs(true), (
                sample,
                name,
            )


def test_the_page_has_a_row_for_every_plan_and_kind_of_tie(monkeypatch):
    told = [
        (share, plan, outcome, 10.0, 8.0, 12.0, 4)
        for share in (0.1, 1.0)
        for plan in PLANS
        for outcome in OUTCOMES
    ]
    columns = ["sample", "scenario", "outcome", "difference", "ci_low", "ci_high", "replicates"]
    frame = pd.DataFrame(told, columns=columns)
    assert effects_table(frame, "joined")[2:] == [f"| {plan} | 10 ± 2 | 10 ± 2 |" for plan in PLANS]
    table = ties_table(Place.load("erewash"), {0.02: 1, 0.05: 1})
    assert table[0] == "|  | 2% | 5% |" and len(table) == 12
    monkeypatch.setattr("calibration.experiments.samples.SEEDS", {0.02: 1})
    text = page(frame, places=["erewash"])
    assert "4 at 10%, 4 at 100%" in text and "## Effects of the shipped plans" in text
