"""The headline of the live view: the course of an effect in people, from one run and from a batch."""

from __future__ import annotations

import time

import numpy as np
import pytest

from scenarios.files.schema import Scenario
from scenarios.findings import sentences
from scenarios.results.compared import Effects
from viz.live import course, visit
from viz.live.acts import Guest
from viz.live.server.house import House, Limits, Opening
from viz.live.towns import batch

LED = Scenario.load("walk_and_talk")
ADULTS = 10_000


def told(people: dict[int, float], week: int, grain: float = 1.0) -> str:
    """The headline for people fewer inactive from each given week on."""
    gap = np.zeros(week)
    for first, count in people.items():
        gap[first:] = count / ADULTS
    return course.text(course.said(course.moved(gap, ADULTS, course.stretches(LED, week)), grain))


@pytest.mark.parametrize(
    "week, said",
    [
        (20, ""),
        (60, "So far, about 270 fewer inactive."),
        (140, "While it is delivered, about 270 fewer inactive; 10 weeks after, about 40 fewer inactive."),
        (182, "While it is delivered, about 270 fewer inactive; one year after, about 40 fewer inactive."),
        (
            260,
            "While it is delivered, about 270 fewer inactive; one year after, about 40 fewer inactive; two years after, about 5 fewer inactive.",
        ),
    ],
)
def test_the_course_is_told_as_far_as_it_has_come(week, said):
    assert told({26: 270, 130: 40, 200: 5}, week) == said


def test_the_amounts_of_a_sentence_stand_out_and_its_ranges_do_not():
    sentence = "While it is delivered, about 1,300 fewer inactive (250 to 2,900); one year after, no number that can be told from none (−9 to 8)."
    parts = course.marked(sentence)
    assert course.text(parts) == sentence
    assert [piece for piece, big in parts if big] == ["1,300"]


def test_less_than_one_simulated_resident_is_no_difference():
    assert told({26: 270, 130: 3}, 260, grain=5).endswith(
        "two years after, no difference that one run could show."
    )


@pytest.mark.parametrize("grain, said", [(1, "44"), (5, "45"), (10, "40"), (50, "no difference")])
def test_one_run_is_told_no_finer_than_its_residents(grain, said):
    assert said in told({26: 44}, 60, grain=grain)


def test_more_people_inactive_are_told_as_more():
    assert told({26: -30}, 60) == "So far, about 30 more inactive."


def test_a_plan_without_an_end_is_not_told_as_ended():
    endless = LED.changed({"interventions.0.when.weeks": None})
    assert [one.name for one in course.stretches(endless, 260)] == ["while it is delivered"]
    assert [one.name for one in course.stretches(endless, 200)] == ["so far"]


def wait_for(what, seconds: float = 60.0) -> None:
    end = time.time() + seconds
    while not what():
        assert time.time() < end, "waited too long"
        time.sleep(0.05)


@pytest.mark.slow  # a batch of the page runs by default with plugins
def test_a_small_batch_runs_by_itself_and_takes_the_headline(monkeypatch):
    monkeypatch.setattr(visit, "QUIET_AFTER", 0.2)
    house = House(Opening(sample=0.02), Limits(quiet_runs=3))
    house.first = LED.changed(
        {
            "parameters": {"warm_up_weeks": 12},
            "years": None,
            "weeks": 16,
            "interventions.0.when.start_week": 2,
            "interventions.0.when.weeks": 10,
            "interventions.0.when.ramp_weeks": 0,
            "interventions.0.invite_per_week": 0.5,
            "interventions.0.groups": 200,
        }
    )
    pages, frames = [], []
    one = Guest(house, pages.append, frames.append, lambda scene: None)
    one.start()
    one.act({"act": "hello", "reduced": True})
    try:
        wait_for(lambda: pages and pages[-1].batch.get("phase") == "done")
        assert pages[-1].batch["quiet"] and pages[-1].batch["replicates"] == 3
        wait_for(lambda: frames[-1]["second"].startswith("Against today's plans, over 3 runs"))
        found = batch.read(one.batch.results, one.page.setup)
        of_the_command_line = Effects.load(one.batch.results).findings()
        assert course.text(found["course"]) == sentences.course_sentence(of_the_command_line.plans[0])
        assert frames[-1]["headline"] == course.text(found["course"])
        assert frames[-1]["headline"].startswith("While it is delivered")
        assert sum(page.batch.get("phase") == "running" for page in pages) < 20, (
            "a page is not drawn for every week"
        )
        assert not (one.batch.results / "report.html").exists()
        one.act({"act": "download", "kind": "report"})
        assert pages[-1].download["name"].endswith("report.html")
        one.act({"act": "set", "path": "interventions.0.groups", "value": 5})
        wait_for(lambda: frames[-1].get("maps") and not frames[-1]["second"].startswith("Against"))
        assert pages[-1].batch.get("phase") != "done"
    finally:
        one.close()
        one.worker.join(5)
