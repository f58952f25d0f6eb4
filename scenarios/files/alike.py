"""What scenarios of one comparison must share: place, definition, first day and length, unless the comparison says them.

Effects of one place must never be multiplied by the adults of another, nor one definition of inactive be set beside
another; so scenarios that differ in these are refused, with what differs and the option that settles it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from model.errors import Fault, InputError

SHARED = {
    "place": "--place NAME",
    "definition": "--definition NAME",
    "start": "the same `start` in each file",
    "weeks": "--years N or --weeks N",
}
"""What must be shared, and how to settle it."""


def check(scenarios: Sequence[tuple[str, Any]], settled: Sequence[str]) -> None:
    """Raise InputError when scenarios (name, Scenario) differ in what they must share and `settled` does not hold it."""
    faults = []
    for what, how in SHARED.items():
        if what in settled:
            continue
        values = [getattr(scenario, what) for _, scenario in scenarios]
        namesakes = len({_text(value) for value in values}) < len(
            {_text(value, apart=True) for value in values}
        )
        found: dict[str, list[str]] = {}
        for (name, _), value in zip(scenarios, values, strict=True):
            found.setdefault(_text(value, apart=namesakes), []).append(name)
        if len(found) > 1:
            told = "; ".join(f"{value} in {', '.join(names)}" for value, names in found.items())
            faults.append(Fault("differs between the scenarios, so they cannot stand in one comparison", key=what,
                                found=told, hint=f"Compare them apart, or give {how}."))  # fmt: skip
    if faults:
        raise InputError(faults)


def beside(
    scenarios: Sequence[tuple[str, Any]], baseline: tuple[str, Any], warn: Callable[[str], None] | None = None
) -> list[tuple[str, Any]]:
    """The scenarios that are not the baseline itself; `warn` is told of any left out. InputError when none is left."""
    chosen = [pair for pair in scenarios if pair[1] != baseline[1]]
    names = list(dict.fromkeys(name for name, scenario in scenarios if scenario == baseline[1]))
    if not chosen:
        raise InputError(Fault("nothing is left to compare: the baseline is the same plan" if names else
                               "nothing to compare", key="scenarios", found=", ".join(names) or "none",
                               hint="Name another plan, or another --baseline."))  # fmt: skip
    if names and warn is not None:
        warn(
            f"warning: {', '.join(names)} is the baseline that the others are compared with, so it has no row of its own"
        )
    return chosen


def numbers_apart(scenarios: Sequence[tuple[str, Any]], baseline: tuple[str, Any]) -> list[Fault]:
    """Warnings where plans (name, Scenario) set numbers of the model unlike each other, or the baseline sets any of its own.

    Each plan is held against the baseline under the plan's numbers, whatever the baseline sets.
    """
    told, plans = [], [one for one in scenarios if one[1] != baseline[1]]
    names = sorted({name for _, one in plans for name in one.parameters})
    unlike = [name for name in names if len({repr(one.parameters.get(name)) for _, one in plans}) > 1]
    if unlike:
        told.append(Fault(
            "these plans set numbers of the model unlike each other, so ranks and differences between them tell of that, too",
            key="parameters", found=", ".join(unlike), hint="Set them alike in every plan to compare what plans do."))  # fmt: skip
    own = baseline[1].parameters
    idle = [
        name for name in own if any(repr(one.parameters.get(name)) != repr(own[name]) for _, one in plans)
    ]
    if idle:
        told.append(Fault(
            "numbers of the model that the baseline sets are not used: each plan is held against it under the plan's own",
            key="parameters", found=", ".join(idle), hint="Set them in each plan."))  # fmt: skip
    return told


def check_several(scenarios: Sequence[tuple[str, Any]], against: str) -> None:
    """Raise InputError when a table of plans `against` one of them is asked for and there is only that one."""
    if len(scenarios) == 1:
        raise InputError(Fault("needs two plans or more beside the baseline", key="against", found=against,
                               hint="Name two plans or more, or leave it out."))  # fmt: skip


def _text(value: Any, apart: bool = False) -> str:
    """A value by its name; `apart`: with the fingerprint of what it holds, where it has one."""
    name = str(getattr(value, "name", value))
    mark = getattr(value, "digest", "") if apart else ""
    return f"{name} ({mark[:8]})" if mark else name
