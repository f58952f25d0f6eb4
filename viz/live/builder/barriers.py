"""“And if…?”: barriers as plain switches, each with a real quantity of the model behind it, and barriers of one's own."""

from __future__ import annotations

from typing import Any

from model.errors import Fault, InputError
from model.interventions import Barrier
from model.quantities import MET
from scenarios.files.schema import Scenario

MOST = 12
"""Barriers that one page may hold."""

DEPRIVED = {"imd_quintile": [1, 2]}

SWITCHES: dict[str, tuple[str, dict[str, Any]]] = {
    "safe_older_women": (
        "the streets felt safe to older women",
        {"quantity": "disorder", "change": -1, "who": {"sex": ["female"], "age": {"min": 65}}},
    ),
    "safe_all": ("the streets felt safe to everybody", {"quantity": "disorder", "change": -1}),
    "calm_traffic": ("traffic near home were no danger", {"quantity": "traffic", "change": -1}),
    "free_places": (
        "a visit cost nothing in the two most deprived fifths",
        {"quantity": "price", "change": -100, "where": DEPRIVED},
    ),
    "step_free": (
        "every place were step-free for disabled people",
        {"quantity": "step_free", "change": 1, "who": {"disability": ["limited_a_little", "limited_a_lot"]}},
    ),
    "welcome": (
        "people from ethnic minorities felt welcome everywhere",
        {"quantity": "welcome", "change": 1, "who": {"ethnicity": ["asian", "black", "mixed", "other"]}},
    ),
    "time_for_carers": (
        "unpaid carers had time",
        {"quantity": "time_pressure", "change": -1, "who": {"carer": True}},
    ),
    "knowhow": (
        "the most deprived fifth had the know-how of the average",
        # The average there lies 0.3 to 0.35 below that of all residents of the shipped places.
        {"quantity": "knowhow", "change": 0.35, "where": {"imd_quintile": [1]}},
    ),
}
"""Every switch by name: what it says after “And if”, and the barrier it stands for."""


def barrier(name: str) -> Barrier:
    """The barrier behind a switch."""
    text, given = SWITCHES[name]
    return Barrier.model_validate({**given, "name": text[:1].upper() + text[1:]})


def switches(scenario: Scenario) -> list[dict[str, Any]]:
    """Every switch as the page shows it: name, words, help, whether it is on."""
    shown = []
    for name, (text, given) in SWITCHES.items():
        met = MET[given["quantity"]]
        sign = "+" if given["change"] > 0 else "−"
        help_ = f"Changes “{met.meaning}” by {sign}{abs(given['change']):g} ({met.unit}) for these people, within its bounds."
        shown.append({"name": name, "text": text, "help": help_, "on": barrier(name) in scenario.barriers})
    return shown


def switched(scenario: Scenario, name: str, on: bool) -> Scenario:
    """The scenario with a switch on or off. Raises InputError."""
    if name not in SWITCHES:
        raise InputError(Fault("there is no such switch", key="barrier", found=name[:40]))
    one = barrier(name)
    kept = [other for other in scenario.barriers if other != one]
    return _with(scenario, [*kept, one] if on else kept)


def added(scenario: Scenario) -> Scenario:
    """The scenario with one more barrier, to be changed by hand: streets half as unsafe for everybody."""
    return _with(scenario, [*scenario.barriers, Barrier(quantity="disorder", change=-0.5)])


def removed(scenario: Scenario, number: int) -> Scenario:
    """The scenario without one of its barriers."""
    return _with(scenario, [one for k, one in enumerate(scenario.barriers) if k != number])


def carried(scenario: Scenario, before: Scenario) -> Scenario:
    """Another plan with the barriers that were there."""
    return _with(scenario, before.barriers) if before.barriers else scenario


def fitting(scenario: Scenario, number: int, quantity: Any) -> dict[str, Any]:
    """The change of a barrier brought within what its new quantity allows; nothing where it fits."""
    change, met = scenario.barriers[number].change, MET.get(quantity)
    if met is None or abs(change) <= met.most:
        return {}
    return {f"barriers.{number}.change": met.most if change > 0 else -met.most}


def caption(scenario: Scenario) -> str:
    """The plan's name, and what else is switched on."""
    names = [one.title[:1].lower() + one.title[1:] for one in scenario.barriers]
    if not names:
        return scenario.name
    more = f", and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{scenario.name}; and if {names[0]}{more}"


def _with(scenario: Scenario, barriers: Any) -> Scenario:
    if len(barriers) > MOST:
        raise InputError(Fault(f"{MOST} barriers are enough for one page"))
    return scenario.changed(
        {"barriers": [one.model_dump(mode="json", exclude_none=True) for one in barriers]}
    )
