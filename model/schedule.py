"""The order of one week, as a list that can be printed and timed."""

from __future__ import annotations

import time
from collections.abc import Callable

from model.processes import (
    choice,
    experience,
    joining,
    life,
    meeting,
    movement,
    news,
    persuasion,
    reading,
    world,
)
from model.state import State

WEEK: tuple[tuple[str, str, Callable[[State], None]], ...] = (
    (
        "world",
        "season, daylight; programmes start, stop and add to named quantities; places change",
        world.step,
    ),
    ("news", "places and programmes become known along ties", news.step),
    ("persuasion", "strong ties pull motivation through each person's threshold", persuasion.step),
    ("choice", "places, sessions, minutes; visits against capacity; members turn up", choice.step),
    ("experience", "habit, fitness and motivation follow what the week was like", experience.step),
    ("meeting", "people who meet become ties; ties not kept fade", meeting.step),
    ("joining", "people take up, wait for, leave and complete programmes", joining.step),
    ("movement", "groups ask people along, organise, split, fade; new ones are started", movement.step),
    ("life", "illness, recovery, slow drift and tastes that change", life.step),
    ("reading", "levels are read and the week is written down", reading.step),
)


def one_week(state: State, seconds: dict[str, float]) -> None:
    """Run one week in order, adding the time of each act to `seconds`."""
    for name, _, act in WEEK:
        begun = time.perf_counter()
        act(state)
        seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - begun
    state.clock += 1


def describe() -> str:
    """The week in words, one act a line."""
    return "\n".join(f"{number}. {name}: {meaning}" for number, (name, meaning, _) in enumerate(WEEK, 1))
