"""Waves in words: how many, when and how high, and only what can be told from chance."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model import rng
from scenarios.results.waves import Wave
from viz.report import wave_words
from viz.report.page import Table
from viz.report.results import Effect, Results, ScenarioResult
from viz.report.sections import movement

WEEKS, PLAN = 156, ScenarioResult("movement", "A movement of our own")
BASE = ScenarioResult("baseline", "Today's plans")


def results(plan: np.ndarray, base: np.ndarray, outcome: str = "group_members") -> Results:
    """A folder in which people in groups go as given: (runs, weeks) under the plan and without it."""
    parts = [
        pd.DataFrame({"scenario": name, "replicate": run, "week": np.arange(WEEKS), "group": "all", "level": "all",
                      "outcome": outcome, "value": course})
        for name, courses in (("movement", plan), ("baseline", base)) for run, course in enumerate(courses)
    ]  # fmt: skip
    return Results(Path("."), {"weeks": WEEKS}, {}, pd.concat(parts), {}, {}, BASE, [PLAN])


@pytest.fixture(scope="module")
def noise() -> np.ndarray:
    return 400 + 10 * rng.gaussian(rng.key(1, 0, "words"), np.arange(8 * WEEKS)).reshape(8, WEEKS)


def hill(peak: int) -> np.ndarray:
    return 300 * np.exp(-((np.arange(WEEKS) - peak) ** 2) / (2 * 12.0**2))


def test_a_plan_brings_two_waves(noise):
    said = wave_words.plan_sentence(results(noise + hill(40) + hill(110), noise), PLAN)
    assert said.startswith(
        "Two waves of people in groups of their own under “A movement of our own”: the first from"
    )
    assert said.count("highest in week") == 2 and "more than without it (95% range" in said
    assert "over in week" in said and "not over" not in said


def test_a_plan_that_changes_nothing_brings_no_wave(noise):
    told = results(noise, noise)
    assert "brings no wave" in wave_words.plan_sentence(told, PLAN)
    assert "by chance only" in wave_words.today_sentence(told)


def test_few_runs_tell_nothing(noise):
    told = results(noise[:3] + hill(40), noise[:3])
    assert "cannot be told from chance: that takes 5 paired runs" in wave_words.plan_sentence(told, PLAN)
    assert wave_words.today_sentence(told) == ""


def test_folders_without_groups_have_no_section(noise):
    assert movement.section(results(noise, noise, outcome="joined")) is None
    assert movement.section(results(noise + hill(40), noise)).key == "movement"


def test_weeks_are_counted_from_one_and_open_ends_are_said():
    one = Wave(0, 51, None, 512.0, math.nan, math.nan)
    said = wave_words.live_sentence([one])
    assert said.startswith(
        "One wave so far: from week 1, highest in week 52 with about 510 people, not over by the end."
    )
    assert "chance makes waves too" in said
    assert wave_words.live_sentence([]).startswith("No wave of people in groups")


def test_a_plan_that_crossed_and_one_measure_that_cannot_tell_stand_in_the_table(noise, monkeypatch):
    gains = {"reach": (0.1, 0.1, 0.09, 0.11), "inactive": (-0.004, -0.0002, -0.003, 0.00004)}

    def effect(_, plan, outcome, group="all", level="all"):
        name = outcome.removeprefix("chasm_")
        if name not in gains:
            return None
        early, many, low, high = gains[name]
        value = many if level == "early_majority" else early
        return Effect(outcome, group, level, WEEKS, 0.0, value, value, low, high, 8)

    monkeypatch.setattr(Results, "effect", effect)
    parts = movement.section(results(noise, noise)).parts
    (table,) = [part for part in parts if isinstance(part, Table)]
    joins, moves = [[cell.text for cell in row] for row in table.rows]
    assert joins == ["A movement of our own: who joins", "10.00", "10.00", "9.00 to 11.00", "crossed"]
    assert moves[0].endswith(": activity") and moves[2:] == ["0.02", "0.00 to 0.30", "cannot be told"]
    assert [row[-1].tone for row in table.rows] == ["", "unclear"]
