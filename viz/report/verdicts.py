"""What may be said of effects: which can be told from none, which plan does best, which way a gap turns."""

from __future__ import annotations

from typing import Literal

from viz.report.results import Effect, Results, ScenarioResult

Verdict = Literal["better", "worse", "unclear", "nothing", "single"]
Turn = Literal["narrows", "widens", "unclear"]


def verdict(effect: Effect, less_is_better: bool = True) -> Verdict:
    """What may be said of an effect: better, worse, unclear (its range holds zero), nothing, single run."""
    if effect.nothing:
        return "nothing"
    if not effect.ranged:
        return "single"
    if not effect.told:
        return "unclear"
    return "better" if (effect.difference < 0) == less_is_better else "worse"


def best_plan(results: Results) -> ScenarioResult | None:
    """The plan that surely does more than every other by what plans are ranked by; the only plan, if it surely helps."""
    winner = results.findings.winner
    return _named(results, winner.name) if winner else None


def featured_plan(results: Results) -> ScenarioResult | None:
    """The plan shown in full: the best one, or else the first in order."""
    return best_plan(results) or next(iter(ranked(results)), None)


def ranked(results: Results) -> list[ScenarioResult]:
    """Plans in the order of the findings; those of which nothing is known come last."""
    order = [plan.name for plan in results.findings.plans]
    return sorted(
        results.plans, key=lambda plan: order.index(plan.name) if plan.name in order else len(order)
    )


def _named(results: Results, name: str) -> ScenarioResult | None:
    return next((plan for plan in results.plans if plan.name == name), None)


def turn(effect: Effect | None, equal: float) -> Turn:
    """Whether a gap narrows or widens; `equal` is the value of a gap that is closed (0 or 1)."""
    if effect is None or not effect.told:
        return "unclear"
    opened = (effect.difference > 0) == (effect.baseline >= equal)
    return "widens" if opened else "narrows"


def gap_turns(results: Results, plan: ScenarioResult, gap: str = "deprivation") -> tuple[Turn, Turn]:
    """How a gap turns in absolute and in relative terms."""
    return (
        turn(results.effect(plan, f"gap_{gap}_difference"), 0.0),
        turn(results.effect(plan, f"gap_{gap}_ratio"), 1.0),
    )


def helps_everyone(results: Results, plan: ScenarioResult, group: str = "imd_quintile") -> bool:
    """Whether inactivity falls overall beyond doubt, and in every level of a group at its best estimate."""
    overall = results.effect(plan, "inactive")
    parts = [results.effect(plan, "inactive", group, level) for level in results.levels(group)]
    return bool(
        overall
        and verdict(overall) == "better"
        and parts
        and all(part is not None and part.difference < 0 for part in parts)
    )


def delivery_end(plan: ScenarioResult) -> int | None:
    """The week in which the last programme of a plan ends; None when one goes on to the end."""
    ends = []
    for one in plan.interventions:
        when = one.get("when") or {}
        if not isinstance(when, dict) or not isinstance(when.get("weeks"), int | float):
            return None
        ends.append(int(when.get("start_week") or 0) + int(when["weeks"]))
    return max(ends) if ends else None
