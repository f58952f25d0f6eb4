"""The report sets chance and doubt about the numbers beside each other, and shows both together everywhere else."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

from viz.report.results import Effect, ScenarioResult
from viz.report.sections import doubt

WALKS = ScenarioResult("walks", "Walks")


def results(doubt_half: float, chance_half: float) -> Any:
    """Results of one plan with an effect of -2 points, so wide by doubt and by chance."""
    both = math.hypot(doubt_half, chance_half)
    ends = [(-0.02 - half, -0.02 + half) for half in (both, doubt_half, chance_half)]
    effect = Effect("inactive", "all", "all", 52, 0.26, 0.24, -0.02, *ends[0], 8, *ends[1], *ends[2])
    return SimpleNamespace(
        effect=lambda plan, outcome: effect if outcome == "inactive" else None,
        plans=[WALKS],
        manifest={"parameters": {"sets": 4}},
    )


def test_chance_doubt_and_both_stand_beside_each_other():
    section = doubt.section(results(0.004, 0.003))
    assert section is not None and "holds chance and doubt together" in section.lead[0]
    cells = [cell.text for cell in section.parts[0].rows[0]]  # type: ignore[union-attr]
    assert cells[1:] == ["−2.0", "−2.3 to −1.7", "−2.4 to −1.6", "−2.5 to −1.5", "doubt"]


def test_doubt_that_chance_hides_is_not_called_larger():
    section = doubt.section(results(0.003, 0.003))
    assert section is not None
    assert section.parts[0].rows[0][-1].text == "chance"  # type: ignore[union-attr]
