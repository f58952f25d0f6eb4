"""What may be said of effects: which are told from none, which plan does best, which way a gap turns."""

from __future__ import annotations

import math
from typing import Literal

from viz.results import Effect, Plan, Results

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


def best_plan(results: Results) -> Plan | None:
    """The plan that lowers inactivity most, among those whose effect can be told from none."""
    told = [
        (effect.difference, plan)
        for plan in results.plans
        if (effect := results.effect(plan, "inactive")) and verdict(effect) == "better"
    ]
    return min(told, key=lambda pair: pair[0])[1] if told else None


def featured_plan(results: Results) -> Plan | None:
    """The plan shown in full: the best one, or else the first."""
    return best_plan(results) or (results.plans[0] if results.plans else None)


def ranked(results: Results) -> list[Plan]:
    """Plans from the greatest fall of inactivity to the greatest rise; those without an effect come last."""

    def key(plan: Plan) -> float:
        effect = results.effect(plan, "inactive")
        return math.inf if effect is None or math.isnan(effect.difference) else effect.difference

    return sorted(results.plans, key=key)


def turn(effect: Effect | None, equal: float) -> Turn:
    """Whether a gap narrows or widens; `equal` is the value of a gap that is closed (0 or 1)."""
    if effect is None or not effect.told:
        return "unclear"
    opened = (effect.difference > 0) == (effect.baseline >= equal)
    return "widens" if opened else "narrows"


def gap_turns(results: Results, plan: Plan, gap: str = "deprivation") -> tuple[Turn, Turn]:
    """How a gap turns in absolute and in relative terms."""
    return (
        turn(results.effect(plan, f"gap_{gap}_difference"), 0.0),
        turn(results.effect(plan, f"gap_{gap}_ratio"), 1.0),
    )


def helps_everyone(results: Results, plan: Plan, group: str = "imd_quintile") -> bool:
    """Whether inactivity falls overall beyond doubt, and in every level of a group at its best estimate."""
    overall = results.effect(plan, "inactive")
    parts = [results.effect(plan, "inactive", group, level) for level in results.levels(group)]
    return bool(
        overall
        and verdict(overall) == "better"
        and parts
        and all(part is not None and part.difference < 0 for part in parts)
    )


def per_person(results: Results, plan: Plan) -> Effect | None:
    """Cost per person moved out of inactivity, only where the effect itself is told and good."""
    per, moved = results.effect(plan, "cost_per_person_moved"), results.effect(plan, "inactive")
    if per is None or moved is None or verdict(moved) != "better":
        return None
    value = per.scenario if math.isfinite(per.scenario) else per.difference
    if not math.isfinite(value) or value <= 0:
        return None
    low, high = (per.low, per.high) if math.isnan(per.low) or per.low <= per.high else (per.high, per.low)
    return Effect(
        per.outcome,
        per.group,
        per.level,
        per.horizon_weeks,
        per.baseline,
        value,
        value,
        low,
        high,
        per.replicates,
    )


def delivery_end(plan: Plan) -> int | None:
    """The week in which the last programme of a plan ends; None when one goes on to the end."""
    ends = []
    for one in plan.interventions:
        when = one.get("when") or {}
        if not isinstance(when, dict) or not isinstance(when.get("weeks"), int | float):
            return None
        ends.append(int(when.get("start_week") or 0) + int(when["weeks"]))
    return max(ends) if ends else None
