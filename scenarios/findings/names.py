"""Groups of people and their levels in plain words, zones by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from model.population.attributes import CATALOGUE

_COUNTED = [one for one in CATALOGUE if one.counted]

GROUPS: dict[str, str] = {
    "all": "All adults",
    **{one.name: one.label for one in _COUNTED},
    "disabled": "Disabled or not",
    "over_65": "Over or under 65",
    "zone": "Neighbourhood",
    "asset_kind": "Kind of place",
}

LEVELS: dict[str, dict[str, str]] = {
    "all": {"all": "All adults"},
    **{one.name: one.level_words() for one in _COUNTED},
    "disabled": {"not_disabled": "Not disabled", "disabled": "Disabled"},
    "over_65": {"under_65": "Under 65", "65_and_over": "65 and over"},
}
"""Levels in plain words, in the order in which they are shown."""


def humanise(name: object) -> str:
    """A machine name as words: `gp_practice` becomes `GP practice`."""
    words = re.sub(
        r"\b(gp|imd)\b", lambda found: found[0].upper(), str(name).replace("_", " ").strip(), flags=re.I
    )
    return words[:1].upper() + words[1:]


def split_level(level: str) -> list[str]:
    """The levels of which a crossed one is made; the sign between them is also a part of `85+`."""
    return [part.replace("\0", "+") for part in level.replace("85+", "85\0").split("+")]


def level_name(group: str, level: object, zones: Mapping[str, str] | None = None) -> str:
    """A level in plain words; of crossed groups (`disability+sex`) each part. zones: names by code."""
    if group == "zone":
        return (zones or {}).get(str(level), str(level))
    parts = zip(group.split("+"), split_level(str(level)), strict=False)
    return ", ".join(LEVELS.get(one, {}).get(part) or humanise(part) for one, part in parts)
