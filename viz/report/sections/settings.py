"""The settings of a programme or a barrier in full and in plain words: dose, where, for whom, when, what it costs."""

from __future__ import annotations

from typing import Any

from model.delivery.settings import Intervention
from model.errors import InputError
from model.interventions import REGISTRY
from model.quantities import MET
from viz import words
from viz.live.builder.builder_words import CHOICES, LABELS, SWITCHES, unit_beside
from viz.report.page import Cell, Table

APART = ("type", "name", "where", "who", "when", "need", "cost", "evidence")
"""Keys that every programme has; the others are its dose, and come first."""
SAID_ELSEWHERE = {"where": "The whole place", "who": "Every adult", "when": "From the first week to the end"}
"""What it means when nothing is set."""
NAMES = {"where": "Where", "who": "For whom", "when": "When"}
COSTS = {
    "setup": "Cost to set up, once",
    "per_week": "Cost a week at full size",
    "per_participant": "Cost for each person who joins",
}


def table(raw: dict[str, Any]) -> Table | None:
    """Settings of one programme or barrier, as the manifest holds it, in the order in which people ask.

    None when it says nothing but its name.
    """
    rows = _dose(raw)
    for key in ("where", "who", "when"):
        rows += _part(key, raw.get(key), told=bool(rows))
    if raw.get("need"):
        rows.append((LABELS["need"], _value("need", raw["need"])))
    rows += _costs(raw)
    if raw.get("evidence"):
        rows.append(("Evidence", "; ".join(words.plain(one) for one in raw["evidence"])))
    if not rows:
        return None
    name = words.humanise(raw.get("name") or raw.get("type") or "barrier")
    return Table(
        name, ["Setting", "Value"], [[Cell(key, "name"), Cell(value, "text")] for key, value in rows]
    )


def _dose(raw: dict[str, Any]) -> list[tuple[str, str]]:
    """What is done and how much of it."""
    kind = REGISTRY.get(str(raw.get("type")))
    rows = [("What it is", kind.title)] if kind is not None and kind.title else []
    quantity = MET.get(str(raw.get("quantity")))
    order = list(kind.model_fields) if kind is not None else []
    for key, value in sorted(raw.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else 99):
        if key in APART or value in (None, [], {}, ""):
            continue
        label, unit = LABELS.get(key, words.humanise(key)), ""
        if key == "quantity" and quantity is not None:
            value = quantity.meaning
        elif key == "change" and quantity is not None:
            unit = quantity.unit
        elif kind is not None and key in kind.model_fields:
            notes = kind.model_fields[key].json_schema_extra
            unit = str(notes.get("unit", "")) if isinstance(notes, dict) else ""
        if unit.startswith("share") and isinstance(value, int | float):
            rows.append((label, f"{100 * value:g}%"))
        elif unit == "GBP" and isinstance(value, int | float):
            rows.append((label, _pounds(value)))
        else:
            rows.append((label, f"{_value(key, value)} {unit_beside(label, unit)}".strip()))
    return rows


def _part(key: str, settings: Any, told: bool) -> list[tuple[str, str]]:
    """Where, for whom or when; what is meant when nothing is said, if there is more than a name to tell."""
    rows = _nested(key, settings) if isinstance(settings, dict) else []
    return rows or ([(NAMES[key], SAID_ELSEWHERE[key])] if told else [])


def _nested(above: str, settings: dict[str, Any]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in sorted(settings.items(), key=lambda pair: _rank(f"{above}.{pair[0]}")):
        name = f"{above}.{key}"
        if value in (None, [], {}, ""):
            continue
        if isinstance(value, dict):
            rows += _nested(name, value)
        else:
            usual = words.humanise(name.replace(".columns.", ".").replace(".", ": "))
            rows.append((LABELS.get(name, usual), _value(name, value)))
    return rows


def _rank(name: str) -> int:
    """Where a key stands among those that have a label; a group of keys stands with its first."""
    return next((k for k, known in enumerate(LABELS) if f"{known}.".startswith(f"{name}.")), len(LABELS))


def _costs(raw: dict[str, Any]) -> list[tuple[str, str]]:
    """Unit costs in full: those of the file, and the usual ones of the type and size where it says none."""
    given = raw.get("cost")
    given = given if isinstance(given, dict) else {}
    programme = _programme(raw)
    prices: dict[str, Any] = dict(given) if programme is None else programme.price._asdict()
    rows = []
    for key, label in COSTS.items():
        price = prices.get(key)
        if isinstance(price, int | float) and (price or given.get(key) is not None):
            usual = "" if given.get(key) is not None else " (usual price of its type and size)"
            rows.append((label, f"{_pounds(price)}{usual}"))
    year = given.get("price_year") or (programme.cost.price_year if programme and rows else None)
    return [*rows, (LABELS["cost.price_year"], _plain(year))] if year else rows


def _pounds(price: float) -> str:
    """Money to the pound, or to the penny where there are pennies."""
    return f"£{price:,.0f}" if price == round(price) else f"£{price:,.2f}"


def _programme(raw: dict[str, Any]) -> Intervention | None:
    """The programme itself; None when these settings are not those of a type that is known."""
    try:
        return REGISTRY[str(raw.get("type"))].model_validate(raw)
    except (KeyError, ValueError, TypeError, InputError):
        return None


def _value(key: str, value: Any) -> str:
    """One value as people write it: choices, levels and switches by their words."""
    last = key.rsplit(".", 1)[-1]
    if isinstance(value, list | tuple):
        return ", ".join(_value(key, one) for one in value)
    if isinstance(value, bool):
        yes, no = SWITCHES.get(key, ("Yes", "No"))
        return yes if value else no
    if isinstance(value, dict):
        return ", ".join(f"{words.humanise(name).lower()} {_plain(part)}" for name, part in value.items())
    known = CHOICES.get(last, {}).get(str(value)) or words.LEVELS.get(last, {}).get(str(value))
    return known or _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}" if abs(value) < 1e4 else words.number(value)
    return words.plain(value).replace("_", " ") if isinstance(value, str) else words.plain(value)
