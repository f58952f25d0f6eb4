"""Numbers and names as people write them: percentages, pounds, levels of attributes in plain words."""

from __future__ import annotations

import math
import re

from model.outcomes import catalogue
from scenarios.findings.amounts import (
    MINUS,
    listing,
    number,
    people,
    percent,
    plain,
    points,
    pounds,
    rough_pounds,
    significant,
    size,
    span,
)
from scenarios.findings.names import GROUPS, LEVELS

__all__ = [
    "GROUPS",
    "LEVELS",
    "MINUS",
    "listing",
    "number",
    "people",
    "percent",
    "plain",
    "points",
    "pounds",
    "rough_pounds",
    "significant",
    "size",
    "span",
]


def outcomes() -> dict[str, str]:
    """Outcomes in the report's table, in its order, by name."""
    return {one.name: one.in_full for one in catalogue.every() if one.in_full}


def humanise(name: object) -> str:
    """A machine name as words: `gp_practice` becomes `GP practice`."""
    words = plain(name).replace("_", " ").strip()
    words = re.sub(r"\b(gp|imd)\b", lambda found: found[0].upper(), words, flags=re.IGNORECASE)
    return words[:1].upper() + words[1:]


def level_name(group: str, level: object) -> str:
    """A level in plain words."""
    return LEVELS.get(group, {}).get(str(level)) or humanise(level)


def group_name(group: str) -> str:
    """An attribute in plain words."""
    return GROUPS.get(group) or humanise(group)


def shorten(text: str, characters: int) -> str:
    """At most so many characters, ended by an ellipsis when cut."""
    text = plain(text)
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"


def in_100(share: float) -> str:
    """A share as people in a hundred, `0.255` as `25.5 in 100`."""
    return f"{number(100 * share, 1)} in 100"


def value_text(outcome: str, value: float) -> str:
    """A level of an outcome in its own unit."""
    scale = catalogue.known(outcome).scale
    if scale == "points":
        return "–" if not math.isfinite(value) else f"{points(value).lstrip('+')} points"
    if scale == "share":
        return percent(value)
    if scale == "ratio":
        return "–" if not math.isfinite(value) else f"{number(value, 2)} times"
    if scale == "minutes":
        return "–" if not math.isfinite(value) else f"{number(value)} min"
    if scale in ("people", "money"):
        return people(value) if scale == "people" else pounds(value)
    return number(value, 1)


def change_text(outcome: str, value: float) -> str:
    """A signed change of an outcome, without its unit's words (the table's head has them)."""
    scale = catalogue.known(outcome).scale
    if scale in ("share", "points"):
        return points(value)
    decimals = 1 if scale != "ratio" else 2 if abs(value) >= 0.01 else 3 if abs(value) >= 0.001 else 4
    text = number(value, decimals)
    if not text.strip(f"{MINUS}0."):
        return "0"
    return f"+{text}" if math.isfinite(value) and value > 0 else text


def unit_text(outcome: str) -> str:
    """The unit of a change of an outcome."""
    scale = catalogue.known(outcome).scale
    return {
        "share": "points",
        "points": "points",
        "ratio": "times",
        "people": "people",
        "money": "pounds",
    }.get(str(scale), "minutes")
