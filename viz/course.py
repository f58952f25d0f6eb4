"""The course of a plan's effect: how many people fewer are inactive while it is delivered, and one and two years after.

The same words for one run and for a batch; only a batch has a range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from model.interventions.base import Intervention
from model.outcomes.levels import SHORT
from scenarios.schema import Scenario
from viz import words
from viz.ranges import mean_range

AFTER = (52, 104)
WHEN = {"during": "while it is delivered", "after_52": "one year after", "after_104": "two years after"}
SO_FAR = "so far"

Parts = list[tuple[str, bool]]
"""A sentence in pieces; True for the numbers that stand out."""


@dataclass(frozen=True)
class Stretch:
    """Some weeks of the course: what they are called, first week, last week (not included)."""

    name: str
    first: int
    last: int


@dataclass(frozen=True)
class Moved:
    """People fewer inactive over a stretch (negative: more), with the 95% range of the mean where there is one."""

    stretch: Stretch
    people: float
    low: float = math.nan
    high: float = math.nan

    @property
    def ranged(self) -> bool:
        """Whether there is a range."""
        return not (math.isnan(self.low) or math.isnan(self.high))

    @property
    def told(self) -> bool:
        """Whether the range leaves none out; one run tells nothing apart from chance."""
        return self.ranged and (self.low > 0 or self.high < 0)


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
    made = [Stretch(WHEN["during"], first, last)]
    made += [
        Stretch(WHEN[f"after_{far}"], last + far - SHORT, last + far) for far in AFTER if last + far <= week
    ]
    gone = week - last
    if gone >= SHORT and len(made) <= len(AFTER) and gone not in AFTER:
        made.append(Stretch(f"{words.span(gone)} after", now, week))
    return made


def moved(gap: np.ndarray, adults: float, parts: list[Stretch]) -> list[Moved]:
    """What was found over each stretch.

    gap: (weeks, runs) share inactive with today's plans minus share with the plan; nan-free.
    """
    found = []
    for one in parts:
        runs = adults * gap[one.first : one.last].mean(axis=0)
        mean, low, high = (float(value) for value in mean_range(runs))
        found.append(Moved(one, mean, low, high))
    return found


def said(found: list[Moved], grain: float = 1.0) -> Parts:
    """The course as a sentence in pieces. grain: people that one simulated resident stands for, in a single run."""
    told: Parts = []
    for number, one in enumerate(found):
        name = one.stretch.name
        told.append((f"; {name}, " if number else f"{name[:1].upper()}{name[1:]}, ", False))
        told += _amount(one, grain)
    return [*told, (".", False)] if told else []


def _amount(one: Moved, grain: float) -> Parts:
    if one.ranged and not one.told and one.people:
        return [("no number", True), (f" that can be told from none ({_span(one)})", False)]
    if not one.ranged and abs(one.people) < grain:
        return [("no difference", True), (" that one run could show", False)]
    if abs(one.people) < 1:
        return [("no difference", True), (" that matters", False)]
    way = "fewer" if one.people > 0 else "more"
    span = f" ({_span(one)})" if one.ranged else ""
    return [("about ", False), (_rounded(abs(one.people), grain), True), (f" {way} inactive{span}", False)]


def _rounded(count: float, grain: float) -> str:
    """A count with two digits at most, and no finer than the residents that were simulated."""
    steps = [step * 10**power for power in range(7) for step in (1, 2, 5)]
    step = next((one for one in steps if one >= grain * 0.999), 1)
    return words.people(max(step, step * round(count / step)))


def _span(one: Moved) -> str:
    low, high = one.low, one.high
    if high <= 0 and low < 0:
        low, high = -high, -low
    return " to ".join(words.people(end) if abs(end) >= 1 else "0" for end in (low, high))


def text(parts: Parts) -> str:
    """The pieces as one text."""
    return "".join(piece for piece, _ in parts)
