"""Waves of a movement in plain English."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scenarios.results.waves import FEWEST, FLOW, Wave, waves
from viz import words
from viz.ranges import paired
from viz.report.results import Results, ScenarioResult
from viz.report.sentences import quoted

COUNTS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
NTH = ("the first", "the second", "the third", "the fourth", "the fifth")


def counted(found: Sequence[Wave]) -> str:
    """`Two waves`."""
    many = len(found)
    return f"{COUNTS[many] if many < len(COUNTS) else many} wave{'' if many == 1 else 's'}"


def wave(one: Wave, more: str = "") -> str:
    """When one wave began, was highest and ended, and how many people were in it; `more`: than what."""
    about = f"about {words.people(one.people)} people{more}"
    if math.isfinite(one.low):
        about += f" (95% range {words.people(one.low)} to {words.people(one.high)})"
    end = "not over by the end" if one.ended is None else f"over in week {one.ended + 1}"
    return f"from week {one.began + 1}, highest in week {one.peaked + 1} with {about}, {end}"


def listed(found: Sequence[Wave], more: str = "") -> str:
    """Every wave, one after another."""
    if len(found) == 1:
        return wave(found[0], more)
    named = [NTH[k] if k < len(NTH) else f"number {k + 1}" for k in range(len(found))]
    return "; ".join(f"{name} {wave(one, more)}" for name, one in zip(named, found, strict=True))


def of_plan(results: Results, plan: ScenarioResult) -> list[Wave] | None:
    """Waves of people in groups beyond those of the plan's baseline; None where chance cannot be told."""
    change = paired(results.series(plan.name, FLOW), results.series(plan.baseline, FLOW))
    return None if change.empty else waves(change.to_numpy().T)


def plan_sentence(results: Results, plan: ScenarioResult) -> str:
    """Which waves of people in groups of their own a plan brings; empty when groups were not recorded."""
    if results.series(plan.name, FLOW).empty:
        return ""
    found = of_plan(results, plan)
    name = quoted(plan.title)
    if found is None:
        return (
            f"Whether {name} brings a wave of people into groups of their own cannot be told from chance: that takes "
            f"{FEWEST} paired runs or more."
        )
    if not found:
        return f"{name} brings no wave of people into groups of their own that can be told from chance."
    return f"{counted(found)} of people in groups of their own under {name}: {listed(found, ' more than without it')}."


def today_sentence(results: Results) -> str:
    """Waves that the town has without any plan; empty when they cannot be told."""
    course = results.series(results.baseline.name, FLOW)
    found = None if course.empty else waves(course.to_numpy().T)
    if found is None:
        return ""
    if not found:
        return "Without a plan the number of people in groups of their own goes up and down by chance only."
    return f"{counted(found)} without any plan: {listed(found)}."


def live_sentence(found: Sequence[Wave]) -> str:
    """Waves of one town so far."""
    if not found:
        return "No wave of people in groups of their own so far: their number never rose by more than half its mean."
    return f"{counted(found)} so far: {listed(found)}. This is one run: chance makes waves too."
