"""Faults of what a visitor did, in plain words, and where on the page they belong: where the visitor acted."""

from __future__ import annotations

import re
from typing import Any

from model.errors import Fault
from viz import words
from viz.live.builder.builder_words import LABELS

PLACES = {
    "batch": "batch",
    "place": "place",
    "add": "add",
    "remove": "add",
    "rename": "name",
    "barrier": "ifs",
    "download": "download",
    "against": "plans",
    "open": "plans",
}
"""Where on the page each act is done; a control's place is its path."""

MOST = 8
INSIDE = re.compile(r"^(interventions|barriers)\.\d+\.")


def spot(message: Any) -> str:
    """Where on the page a message came from; `page` where that is nowhere in particular."""
    if not isinstance(message, dict):
        return "page"
    act = message.get("act")
    if act == "set":
        return str(message.get("path"))[:80]
    if act == "run":
        return f"run.{str(message.get('name'))[:40]}"
    if act == "load":
        return "text" if message.get("typed") is True else "file"
    return PLACES.get(act, "page") if isinstance(act, str) else "page"


def said(faults: list[Fault], path: str = "", control: dict[str, Any] | None = None) -> list[str]:
    """The faults in plain words. path, control: the control that was set, if one was."""
    return [_said(fault, path, control)[:300] for fault in faults[:MOST]]


def _said(fault: Fault, path: str, control: dict[str, Any] | None) -> str:
    if control is not None and fault.key == path and control["kind"] == "number":
        return _range(control)
    where = ", ".join(
        part for part in (_capital(fault.file), f"line {fault.line}" if fault.line else "") if part
    )
    key = fault.key or ""
    # A file's own words are for its author, who wrote them; a control's key is not.
    inside = "" if fault.file else INSIDE.sub("", key)
    label = (
        control["label"]
        if control is not None and key == path
        else LABELS.get(inside) or (words.humanise(inside) if inside else key)
    )
    message = fault.message
    for name, told in LABELS.items() if inside else ():
        head, _, tail = name.rpartition(".")
        if head == inside:
            message = re.sub(rf"\b{tail}\b(?= \()", f"“{told}”", message)
    text = ": ".join(part for part in (where, label, message) if part)
    text += f" (found {fault.found})" if fault.found is not None else ""
    text += f"; allowed: {fault.allowed}" if fault.allowed else ""
    return text + (f". {fault.hint}" if fault.hint else "")


def _range(control: dict[str, Any]) -> str:
    unit = f" {control['unit']}" if control["unit"] else ""
    whole = ", a whole number" if control["whole"] else ""
    kept = "" if control["value"] is None else f" It stays at {control['value']:,g}."
    return f"{control['label']}: {control['low']:,g} to {control['high']:,g}{unit}{whole}.{kept}"


def _capital(text: str | None) -> str:
    return text[:1].upper() + text[1:] if text else ""
