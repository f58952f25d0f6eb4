"""One plan beside another: what stands on the left instead of today's plans, and the words for it."""

from __future__ import annotations

import re
from typing import Any

from model.errors import Fault, InputError
from scenarios.files.schema import Scenario

TODAY = re.compile("([Tt])oday[’']s plans")


def fitted(other: Scenario, scenario: Scenario) -> Scenario:
    """`other` over the place, length and definition of `scenario`. Raises InputError where they cannot be paired."""
    apart = [
        what
        for what, ours, theirs in (
            ("start", scenario.start, other.start),
            ("parameters", scenario.parameters, other.parameters),
        )
        if ours != theirs
    ]
    if apart:
        raise InputError(
            Fault(
                f"this plan cannot stand beside “{scenario.name}”: they differ in {' and '.join(apart)}",
                key="against",
            )
        )
    same = {
        "place": scenario.place,
        "years": None,
        "weeks": scenario.weeks,
        "definition": scenario.definition,
    }
    return other.changed(same)


def said(told: Any, other: Scenario | None) -> Any:
    """Plain data in which every “today's plans” names the plan on the left instead, when there is one."""
    if other is None:
        return told
    name = f"“{other.name}”"

    def swap(value: Any) -> Any:
        if isinstance(value, str):
            return TODAY.sub(lambda _: name, value)
        if isinstance(value, dict):
            return {swap(key): swap(one) for key, one in value.items()}
        return [swap(one) for one in value] if isinstance(value, list | tuple) else value

    return swap(told)
