"""Waves: planted ones are found where they are; chance alone seldom makes one; few runs tell none."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from model import rng
from scenarios.results.waves import DRAWS, FEWEST, LEVEL, SEASON, Courses, in_one_run, waves

WEEKS = 260


def chance(runs: int, seed: int, stay: float = 0.98, size: float = 20.0) -> np.ndarray:
    """(runs, WEEKS) courses that wander around nothing, slowly: each week keeps `stay` of the last."""
    shocks = rng.gaussian(rng.key(seed, 0, "test"), np.arange(runs * WEEKS)).reshape(runs, WEEKS) * size
    course = np.zeros((runs, WEEKS))
    course[:, 0] = shocks[:, 0] / math.sqrt(1 - stay**2)
    for week in range(1, WEEKS):
        course[:, week] = stay * course[:, week - 1] + shocks[:, week]
    return course


def hill(peak: int, height: float, width: float = 20.0) -> np.ndarray:
    return height * np.exp(-((np.arange(WEEKS) - peak) ** 2) / (2 * width**2))


@pytest.mark.parametrize("runs", [5, *(pytest.param(many, marks=pytest.mark.slow) for many in (12, 30))])
def test_chance_alone_seldom_makes_a_wave(runs):
    times = 60
    seen = sum(bool(waves(500 + chance(runs, seed))) for seed in range(times))
    allowed = times * (1 - LEVEL) + 3 * math.sqrt(times * LEVEL * (1 - LEVEL))
    assert seen <= allowed and DRAWS >= 500


def test_two_planted_waves_are_found_where_they_are():
    course = 500 + hill(80, 600.0) + hill(190, 400.0)
    found = waves(course + chance(16, 1))
    assert found is not None and len(found) == 2
    for one, (peak, height) in zip(found, ((80, 1100.0), (190, 900.0)), strict=True):
        assert abs(one.peaked - peak) <= SEASON
        assert one.low < height < one.high or one.people == pytest.approx(height, rel=0.05)
        assert one.ended is not None and one.began < peak - 20 < peak + 20 < one.ended
        # A tenth of a bell's height is 2.15 widths from its middle.
        assert abs(one.began - (peak - 43)) <= SEASON and abs(one.ended - (peak + 43)) <= SEASON


def test_a_wave_that_the_end_cuts_off_is_not_over():
    rising = 500 + np.clip(np.arange(WEEKS) - 100, 0, None) * 6.0
    (one,) = waves(rising + chance(16, 2))
    assert one.ended is None and one.peaked > 240 and 90 <= one.began <= 140


def test_a_fall_from_the_start_is_no_wave():
    assert waves(500 + np.linspace(900, 0, WEEKS) + chance(16, 3)) == []


def test_more_replicates_find_smaller_waves():
    small = 500 + hill(130, 110.0)
    assert waves(small + chance(5, 4)) == []
    assert len(waves(small + chance(80, 4))) == 1


def test_few_runs_and_few_weeks_tell_nothing():
    assert waves(500 + hill(80, 600.0) + chance(FEWEST - 1, 5)) is None
    assert waves(np.ones((20, SEASON))) is None and in_one_run(np.ones(SEASON)) == []


@pytest.mark.parametrize("level", [0.0, 340.0])
def test_a_course_that_stays_has_no_wave(level):
    assert waves(np.full((8, WEEKS), level)) == [] and in_one_run(np.full(WEEKS, level)) == []


def test_in_one_run_a_wave_is_more_than_half_the_mean():
    (one,) = in_one_run(500 + hill(100, 500.0))
    assert abs(one.peaked - 100) <= 1 and math.isnan(one.low)
    assert in_one_run(500 + hill(100, 200.0)) == []


def test_the_same_courses_give_the_same_waves():
    courses = 500 + hill(80, 600.0) + chance(8, 6)
    assert waves(courses) == waves(courses.copy())


def test_by_scenario_own_waves_and_those_that_a_plan_brings():
    arms = tuple(SimpleNamespace(name=name) for name in ("baseline", "movement"))
    noise, courses = chance(8, 7), Courses()
    for group in range(2):  # a second town of the same baseline, whose waves are not mixed in
        for replicate in range(8):
            own = 500 + noise[replicate] + group * hill(200, 900.0)
            job = SimpleNamespace(
                arms=(arms[0], SimpleNamespace(name=f"movement{group}")), replicate=replicate
            )
            records = [SimpleNamespace(flows={"group_members": one}) for one in (own, own + hill(90, 300.0))]
            courses.add(job, SimpleNamespace(records=records))
    told = courses.described()
    assert set(told) == {"baseline", "movement0", "movement1"} and set(told["baseline"]) == {"town"}
    assert told["baseline"]["town"] == []
    for name in ("movement0", "movement1"):
        (brought,) = told[name]["brought"]
        assert abs(brought["peaked"] - 90) <= 1 and brought["ended"] is not None
        assert brought["people"] == pytest.approx(300, rel=0.05) and brought["low"] == pytest.approx(
            brought["high"]
        )
    assert len(told["movement1"]["town"]) >= len(told["movement0"]["town"]) >= 1


def test_engines_without_groups_are_no_fault():
    courses = Courses()
    courses.add(SimpleNamespace(arms=(SimpleNamespace(name="b"),), replicate=0),
                SimpleNamespace(records=[SimpleNamespace(flows={})]))  # fmt: skip
    assert courses.described() == {}


def test_one_run_of_many_makes_no_wave():
    courses = 500 + chance(8, 8)
    courses[3] += hill(130, 4000.0)
    assert waves(courses) == []
