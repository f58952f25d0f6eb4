"""The course of a plan's effect: how many people fewer are inactive while it is funded, and one and two years after.

The same words for one run and for a batch; only a batch has a range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from model.interventions.base import Intervention
from model.outcomes.levels import LONG, SHORT
from scenarios.schema import Scenario
from viz import words
from viz.ranges import mean_range

YEAR = 52
AFTER = (("one year after", YEAR), ("two years after", 2 * YEAR))

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

    Delivery is read over its last year; the years after it, like every horizon, over their last four weeks.
    """
    span = delivery(scenario)
    if span is None:
        first = min((one.when.start_week for one in scenario.acts), default=week)
        return [Stretch("so far", max(first, week - SHORT), week)] if week > first else []
    first, last = span
    if week <= first:
        return []
    if week < last or last >= scenario.weeks:
        whole = week >= scenario.weeks
        back = LONG if whole else SHORT
        return [Stretch("while it runs" if whole else "so far", max(first, week - back), week)]
    made = [Stretch("while funded", max(first, last - LONG), last)]
    made += [Stretch(name, last + far - SHORT, last + far) for name, far in AFTER if last + far <= week]
    gone = week - last
    if gone % YEAR and len(made) <= len(AFTER) and gone >= SHORT:
        made.append(Stretch(f"{words.span(gone)} after", week - SHORT, week))
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
    """The course as a sentence in pieces. grain: people that one simulated resident stands for."""
    told: Parts = []
    for number, one in enumerate(found):
        name = one.stretch.name
        if number == 0:
            told.append((f"{name[:1].upper()}{name[1:]}{', ' if name == 'so far' else ' '}", False))
        else:
            told.append((f"; {name}, ", False))
        told += _amount(one, grain, number == 0)
    return [*told, (".", False)] if told else []


def _amount(one: Moved, grain: float, first: bool) -> Parts:
    if one.ranged and not one.told:
        return [("no difference", True), (" that can be told from chance", False)]
    if abs(one.people) < max(1.0, grain):
        return [("no difference", True), (" that matters", False)]
    way = "fewer" if one.people > 0 else "more"
    rest = f" {way} people inactive" if first else f" {way}"
    number = words.people(abs(one.people))
    low, high = sorted((abs(one.low), abs(one.high))) if one.ranged else (math.nan, math.nan)
    span = f" ({words.people(low)} to {words.people(high)})" if one.ranged else ""
    return [("about ", False), (number, True), (f"{rest}{span}", False)]


def text(parts: Parts) -> str:
    """The pieces as one text."""
    return "".join(piece for piece, _ in parts)
