"""Groups of people and their levels in plain words, zones by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping

GROUPS: dict[str, str] = {
    "all": "All adults",
    "imd_quintile": "Neighbourhood deprivation",
    "imd_decile": "Neighbourhood deprivation, in tenths",
    "disability": "Day-to-day activities limited by disability",
    "condition": "Limiting disability or long-term condition",
    "age_band": "Age",
    "sex": "Sex",
    "ethnicity": "Ethnic group",
    "car": "Cars in the household",
    "segment": "Place on the adoption curve",
    "disabled": "Disabled or not",
    "over_65": "Over or under 65",
    "zone": "Neighbourhood",
    "asset_kind": "Kind of place",
}

LEVELS: dict[str, dict[str, str]] = {
    "all": {"all": "All adults"},
    "imd_quintile": {
        "1": "Most deprived fifth",
        "2": "Second most deprived fifth",
        "3": "Middle fifth",
        "4": "Second least deprived fifth",
        "5": "Least deprived fifth",
    },
    "imd_decile": {
        "1": "Most deprived tenth",
        **{str(tenth): f"Tenth {tenth}, 1 being the most deprived" for tenth in range(2, 10)},
        "10": "Least deprived tenth",
    },
    "disability": {
        "none": "Not limited",
        "limited_a_little": "Limited a little",
        "limited_a_lot": "Limited a lot",
    },
    "condition": {"no": "No such condition", "yes": "Has such a condition"},
    "age_band": {
        "16-34": "16 to 34",
        "35-54": "35 to 54",
        "55-64": "55 to 64",
        "65-74": "65 to 74",
        "75-84": "75 to 84",
        "85+": "85 and over",
    },
    "sex": {"female": "Women", "male": "Men"},
    "ethnicity": {
        "white": "White",
        "asian": "Asian",
        "black": "Black",
        "mixed": "Mixed",
        "other": "Other ethnic group",
    },
    "car": {"none": "No car", "one": "One car", "two_or_more": "Two cars or more"},
    "segment": {
        "innovators": "Innovators: first to take up anything",
        "early_adopters": "Early adopters",
        "early_majority": "Early majority",
        "late_majority": "Late majority",
        "laggards": "Last to take up anything",
    },
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
