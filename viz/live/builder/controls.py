"""The builder: every control of every intervention, read from the JSON Schema of scenario files."""

from __future__ import annotations

from functools import cache
from typing import Any

from model.interventions import REGISTRY, Barrier
from model.quantities import MET
from scenarios.files.schema import Scenario
from viz import words
from viz.live.builder import barriers
from viz.live.builder.builder_words import CHOICES, LABELS, SWITCHES, unit_beside

SIMPLE = ("where.imd_quintile", "who.age.min", "who.level", "when.start_week", "when.weeks", "need")
"""Shared controls that the simple mode shows; the researcher's mode shows all."""

SIMPLE_OF_BARRIERS = ("where.imd_quintile", "who.age.min", "who.sex", "who.disability", "when.start_week")

LATER = ("where.", "who.", "when.", "cost.", "need")
SKIPPED = ("type", "name", "evidence", "at", "where.zones", "where.columns")
"""Left to the file itself: free text, points and codes of zones."""

SLIDER_TOP = {
    "groups": 100,
    "group_size": 40,
    "link_workers": 20,
    "caseload": 400,
    "count": 20,
    "when.start_week": 260,
    "when.weeks": 260,
    "when.ramp_weeks": 52,
    "cost.setup": 1_000_000,
    "cost.per_week": 20_000,
    "cost.per_participant": 1_000,
    "plan_weeks": 104,
    "length_weeks": 260,
    "construction_weeks": 104,
}
"""Where sliders end although the file allows more; the number beside each takes the whole range."""


@cache
def specification() -> dict[str, list[dict[str, Any]]]:
    """Controls of every type of intervention, without values: key, label, kind, range, unit, default, help, source."""
    from scenarios.files.library import schema

    document = schema()
    found = {}
    for name, kind in REGISTRY.items():
        fields = _fields(document["$defs"][kind.__name__]["properties"], document["$defs"])
        fields = [one for one in fields if one["key"] != "who.level" or kind.asks_level]
        own = [one for one in fields if not one["key"].startswith(LATER)]
        found[name] = own + [one for one in fields if one["key"].startswith(LATER)]
    fields = _fields(document["$defs"][Barrier.__name__]["properties"], document["$defs"])
    found["barrier"] = [
        one | {"simple": not one["key"].startswith(LATER) or one["key"] in SIMPLE_OF_BARRIERS}
        for one in fields
    ]
    return found


REGISTRY.on_change(specification.cache_clear)


def _fields(properties: dict[str, Any], shapes: dict[str, Any], prefix: str = "") -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for name, given in properties.items():
        key = prefix + name
        if key in SKIPPED:
            continue
        inner, optional = _inner(given)
        if "$ref" in inner:
            shape = shapes[inner["$ref"].rsplit("/", 1)[1]]
            made += _fields(shape["properties"], shapes, f"{key}.")
        elif control := _control(key, inner, {**inner, **given}, optional or key.startswith("who.age")):
            made.append(control)
    return made


def _inner(given: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """What a property holds, and whether it may be left out."""
    options = given.get("anyOf")
    if not options:
        return given, False
    return next(one for one in options if one.get("type") != "null"), any(
        one.get("type") == "null" for one in options
    )


def _control(key: str, inner: dict[str, Any], given: dict[str, Any], optional: bool) -> dict[str, Any] | None:
    kind = inner.get("type")
    label = given.get("label") or LABELS.get(key) or words.humanise(key.rsplit(".", 1)[-1])
    control: dict[str, Any] = {
        "key": key,
        "label": label,
        "optional": optional,
        "unit": unit_beside(label, given.get("unit", "")),
        "help": given.get("description", ""),
        "default": given.get("default"),
        "source": given.get("source", ""),
        "quality": given.get("quality", ""),
        "simple": not key.startswith(LATER) or key in SIMPLE,
    }
    if "enum" in inner:
        return control | {
            "kind": "choice",
            "choices": [
                [one, given.get("choices", {}).get(one) or _choice_words(key, one)] for one in inner["enum"]
            ],
        }
    if kind in ("integer", "number") and "minimum" in inner and "maximum" in inner:
        low, high = inner["minimum"], inner["maximum"]
        top = min(high, SLIDER_TOP.get(key, high))
        step = 1 if kind == "integer" else _step(top - low)
        return control | {
            "kind": "number",
            "low": low,
            "high": high,
            "top": top,
            "step": step,
            "whole": kind == "integer",
        }
    if kind == "boolean":
        yes, no = SWITCHES.get(key, ("Yes", "No"))
        return control | {"kind": "flag", "yes": yes, "no": no}
    if kind == "array" and (choices := _choices(key, inner.get("items", {}))):
        return control | {"kind": "several", "choices": choices}
    return None


def _choice_words(key: str, choice: str) -> str:
    if key == "quantity":
        return words.humanise(MET[choice].meaning)
    return CHOICES.get(key, {}).get(choice) or words.humanise(choice)


def _choices(key: str, items: dict[str, Any]) -> list[list[Any]]:
    """Values and words of a list with few allowed values."""
    group = key.rsplit(".", 1)[-1]
    if "enum" in items:
        return [[one, words.level_name(group, one)] for one in items["enum"]]
    if items.get("type") == "integer" and items.get("maximum", 99) <= 10:
        ends = {items["minimum"]: " (most deprived)", items["maximum"]: " (least)"}
        return [[n, f"{n}{ends.get(n, '')}"] for n in range(items["minimum"], items["maximum"] + 1)]
    return []


def _step(span: float) -> float:
    return 0.01 if span <= 1 else 0.1 if span <= 20 else 0.5 if span <= 200 else 10.0


def form(scenario: Scenario) -> list[dict[str, Any]]:
    """The interventions of a scenario, then its barriers, with the value of every control."""
    data = scenario.as_dict()
    made = []
    for holder in ("interventions", "barriers"):
        for number, (one, given) in enumerate(
            zip(getattr(scenario, holder), data.get(holder, ()), strict=True)
        ):
            controls = [
                {
                    **control,
                    **(_span(one) if control["key"] == "change" else {}),
                    "path": f"{holder}.{number}.{control['key']}",
                    "value": _look_up(given, control["key"]),
                }
                for control in specification()[one.type]
            ]
            cost = (
                words.pounds(one.planned_cost(scenario.weeks, scenario.parameter_set))
                if holder == "interventions"
                else "costs nothing"
            )
            made.append(
                {
                    "holder": holder,
                    "number": number,
                    "type": one.type,
                    "title": one.name or one.title,
                    "controls": controls,
                    "cost": cost,
                    "evidence": list(one.evidence),
                }
            )
    return made


def _span(one: Barrier) -> dict[str, Any]:
    """Range and unit of a barrier's change, which hang on its quantity."""
    met = MET[one.quantity]
    return {
        "low": -met.most,
        "high": met.most,
        "top": met.most,
        "step": _step(2 * met.most),
        "unit": unit_beside("", met.unit),
    }


def _look_up(given: dict[str, Any], key: str) -> Any:
    value: Any = given
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def with_value(scenario: Scenario, path: str, value: Any) -> tuple[Scenario, str]:
    """A scenario with one control set, and a remark. Raises InputError naming every fault.

    Only paths of known controls are taken. A change of size puts the cost back to the usual price of that size.
    """
    holder, number, control = _known(scenario, path)
    if isinstance(value, float) and value.is_integer() and control.get("whole"):
        value = int(value)
    if control["kind"] == "several" and value == []:
        value = None
    if holder == "barriers":
        fitted = barriers.fitting(scenario, number, value) if control["key"] == "quantity" else {}
        return scenario.changed({**fitted, path: value}), ""
    changed = scenario.changed({path: value})
    before, after = scenario.interventions[number], changed.interventions[number]
    pinned = (after.cost.setup, after.cost.per_week, after.cost.per_participant) != (None, None, None)
    if not pinned or before.usual_price() == after.usual_price():
        return changed, ""
    usual = {f"interventions.{number}.cost.{name}": None for name in ("setup", "per_week", "per_participant")}
    return changed.changed(usual), "The size has changed, so the cost is now the usual price of that size."


def _known(scenario: Scenario, path: str) -> tuple[str, int, dict[str, Any]]:
    from model.errors import Fault, InputError

    parts = path.split(".", 2)
    if len(parts) == 3 and parts[0] in ("interventions", "barriers") and parts[1].isdigit():
        holder, number = parts[0], int(parts[1])
        for one in getattr(scenario, holder)[number : number + 1]:
            for control in specification()[one.type]:
                if control["key"] == parts[2]:
                    return holder, number, control
    raise InputError(Fault("there is no such control", key=path[:80]))


def control_at(scenario: Scenario, path: str) -> dict[str, Any] | None:
    """The control of a path, with the range that it has there; None where there is none."""
    for action in form(scenario):
        for control in action["controls"]:
            if control["path"] == path:
                found: dict[str, Any] = control
                return found
    return None


def added(scenario: Scenario, kind: str) -> Scenario:
    """The scenario with one more intervention of a type, as it usually is. Raises InputError."""
    from model.errors import Fault, InputError, nearest

    if kind not in REGISTRY:
        raise InputError(
            Fault(
                "there is no such intervention",
                key="type",
                found=str(kind)[:40],
                allowed=", ".join(REGISTRY),
                hint=nearest(kind, REGISTRY),
            )
        )
    data = scenario.as_dict()
    return Scenario.from_dict({**data, "interventions": [*data["interventions"], {"type": kind}]})


def removed(scenario: Scenario, number: int) -> Scenario:
    """The scenario without one of its interventions."""
    data = scenario.as_dict()
    kept = [one for k, one in enumerate(data["interventions"]) if k != number]
    return Scenario.from_dict({**data, "interventions": kept})


def kinds() -> list[list[str]]:
    """Types of intervention that can be added, with their titles."""
    return [[name, kind.title] for name, kind in REGISTRY.items() if not kind.inert]
