"""The report says under its headline when doubt about the numbers reaches further than chance."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from viz.results import Effect
from viz.sections import doubt


def results(doubt_low: float, doubt_high: float) -> Any:
    """Results of one plan whose effect is 1 to 3 points by chance, among 10,000 adults."""
    effect = Effect("inactive", "all", "all", 52, 0.26, 0.24, -0.02, -0.03, -0.01, 8, doubt_low, doubt_high)
    return SimpleNamespace(effect=lambda plan, outcome: effect, adults=10_000.0)


def test_wider_doubt_is_told_in_people():
    said = doubt.sentence(results(-0.05, 0.01), None)  # type: ignore[arg-type]
    assert said.endswith("it may be anything from 500 fewer to 100 more.")


@pytest.mark.parametrize("ends", [(-0.025, -0.015), (-0.02, -0.02), (float("nan"), float("nan"))])
def test_doubt_within_chance_is_not(ends):
    assert doubt.sentence(results(*ends), None) == ""  # type: ignore[arg-type]
