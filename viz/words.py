"""Numbers and names as people write them: percentages, pounds, levels of attributes in plain words."""

from __future__ import annotations

import math
import re

from scenarios.results.amounts import (
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
    two_shares,
)

__all__ = [
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
    "two_shares",
]

GROUPS: dict[str, str] = {
    "all": "All adults",
    "imd_quintile": "Neighbourhood deprivation",
    "disability": "Day-to-day activities limited by disability",
    "condition": "Limiting disability or long-term condition",
    "age_band": "Age",
    "sex": "Sex",
    "ethnicity": "Ethnic group",
    "car": "Cars in the household",
    "segment": "Place on the adoption curve",
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
}
"""Levels in plain words, in the order in which they are shown."""

OUTCOMES: dict[str, str] = {
    "inactive": "Inactive: under 30 minutes a week",
    "fairly_active": "Fairly active: 30 to 149 minutes a week",
    "active": "Active: 150 minutes a week or more",
    "minutes_mean": "Average minutes a week",
    "gap_deprivation_difference": "Most and least deprived fifths, difference",
    "gap_deprivation_ratio": "Most and least deprived fifths, ratio",
    "gap_disability_difference": "With and without a limiting condition, difference",
    "gap_disability_ratio": "With and without a limiting condition, ratio",
    "sii": "Slope index of inequality, across all fifths",
    "rii": "Relative index of inequality, across all fifths",
}

SHARES = {
    "inactive",
    "fairly_active",
    "active",
    "gap_deprivation_difference",
    "gap_disability_difference",
    "sii",
    "reach",
}
RATIOS = {"gap_deprivation_ratio", "gap_disability_ratio", "rii"}


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
    if outcome in {"gap_deprivation_difference", "gap_disability_difference", "sii"}:
        return "–" if not math.isfinite(value) else f"{points(value).lstrip('+')} points"
    if outcome in SHARES:
        return percent(value)
    if outcome in RATIOS:
        return "–" if not math.isfinite(value) else f"{number(value, 2)} times"
    if outcome == "minutes_mean":
        return "–" if not math.isfinite(value) else f"{number(value)} min"
    return number(value, 1)


def change_text(outcome: str, value: float) -> str:
    """A signed change of an outcome, without its unit's words (the table's head has them)."""
    if outcome in SHARES:
        return points(value)
    decimals = 1 if outcome not in RATIOS else 2 if abs(value) >= 0.01 else 3 if abs(value) >= 0.001 else 4
    text = number(value, decimals)
    return f"+{text}" if math.isfinite(value) and value > 0 and text.strip("0.") else text


def unit_text(outcome: str) -> str:
    """The unit of a change of an outcome."""
    return "points" if outcome in SHARES else "times" if outcome in RATIOS else "minutes"
