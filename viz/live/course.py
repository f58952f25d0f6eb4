"""The course of a plan's effect: how many people fewer are inactive while it is delivered, and one and two years after.

Here from one run, which has no range, in the words that `scenarios.findings.sentences` has for a batch.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from model.delivery.settings import Intervention
from model.outcomes.levels import SHORT
from scenarios.files.schema import Scenario
from scenarios.findings.sentences import TIMES
from scenarios.results.over_time import AFTER
from viz import words

SO_FAR = "so far"
AMOUNT = re.compile(r"((?<=about )[\d,]+)")

Parts = list[tuple[str, bool]]
"""A sentence in pieces; True for the numbers that stand out."""


@dataclass(frozen=True)
class Stretch:
    """Some weeks of the course: what they are called, first week, last week (not included)."""

    name: str
    first: int
    last: int


def delivery(scenario: Scenario) -> tuple[int, int] | None:
    """First and last week of delivery; None when the plan delivers nothing."""
    plans: tuple[Intervention, ...] = scenario.interventions
    if not plans:
        return None
    return min(one.when.start_week for one in plans), max(
        one.when.end_week or scenario.weeks for one in plans
    )


def stretches(scenario: Scenario, week: int) -> list[Stretch]:
    """The parts of the course that lie within the first `week` weeks, in order.

    Whole delivery, then four weeks up to one and two years after, as the effects of a comparison are read; before a part
    is over, the four weeks up to now stand for it.
    """
    span = delivery(scenario)
    now = max(0, week - SHORT)
    if span is None:
        first = min((one.when.start_week for one in scenario.acts), default=week)
        return [Stretch(SO_FAR, max(first, now), week)] if week > first else []
    first, last = span[0], min(span[1], scenario.weeks)
    if week <= first:
        return []
    if week < last:
        return [Stretch(SO_FAR, max(first, now), week)]
    made = [Stretch(TIMES["during"], first, last)]
    made += [
        Stretch(TIMES[f"after_{far}"], last + far - SHORT, last + far) for far in AFTER if last + far <= week
    ]
    gone = week - last
    if gone >= SHORT and len(made) <= len(AFTER) and gone not in AFTER:
        made.append(Stretch(f"{words.span(gone)} after", now, week))
    return made


def moved(gap: np.ndarray, adults: float, parts: list[Stretch]) -> list[tuple[str, float]]:
    """What each part is called, and how many people fewer are inactive over it (negative: more).

    gap: (weeks,) share inactive with today's plans minus share with the plan.
    """
    return [(one.name, adults * float(gap[one.first : one.last].mean())) for one in parts]


def said(found: list[tuple[str, float]], grain: float = 1.0) -> Parts:
    """The course of one run as a sentence in pieces. grain: people that one simulated resident stands for."""
    told: list[str] = []
    for name, people in found:
        if abs(people) < max(1.0, grain):
            told.append(f"{name}, no difference that one run could show")
        else:
            way = "fewer" if people > 0 else "more"
            told.append(f"{name}, about {rounded(abs(people), grain)} {way} inactive")
    text = "; ".join(told)
    return marked(f"{text[:1].upper()}{text[1:]}.") if told else []


def marked(sentence: str) -> Parts:
    """A sentence in pieces, so that its amounts can stand out."""
    return [(piece, bool(place % 2)) for place, piece in enumerate(AMOUNT.split(sentence)) if piece]


def rounded(count: float, grain: float) -> str:
    """A count with two digits at most, and no finer than the residents that were simulated."""
    steps = [step * 10**power for power in range(7) for step in (1, 2, 5)]
    step = next((one for one in steps if one >= grain * 0.999), 1)
    return words.people(max(step, step * round(count / step)))


def text(parts: Parts) -> str:
    """The pieces as one text."""
    return "".join(piece for piece, _ in parts)
