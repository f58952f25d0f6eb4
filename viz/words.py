"""Numbers and names as people write them: percentages, pounds, levels of attributes in plain words."""

from __future__ import annotations

import math
import re

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

MINUS = "\N{MINUS SIGN}"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def plain(text: object) -> str:
    """`text` without the control characters that neither HTML nor SVG may hold."""
    return _CONTROL.sub("", str(text)).strip()


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


def number(value: float, decimals: int = 0) -> str:
    """A number with thousands separators and a true minus sign; a dash when not finite."""
    if not math.isfinite(value):
        return "–"
    rounded = round(value, decimals) + 0.0
    return f"{rounded:,.{decimals}f}".replace("-", MINUS)


def percent(share: float, decimals: int = 1) -> str:
    """A share as a percentage, `0.255` as `25.5%`."""
    return f"{number(100 * share, decimals)}%" if math.isfinite(share) else "–"


def in_100(share: float) -> str:
    """A share as people in a hundred, `0.255` as `25.5 in 100`."""
    return f"{number(100 * share, 1)} in 100"


def points(difference: float, decimals: int = 1) -> str:
    """A signed difference of shares in percentage points, `-0.018` as `-1.8`; more decimals when small."""
    if not math.isfinite(difference):
        return "–"
    if difference != 0 and abs(difference) < 0.00995:
        decimals = max(decimals, 2 if abs(difference) >= 0.000095 else 3)
    text = number(100 * difference, decimals)
    return f"+{text}" if difference > 0 and text.strip("0.") else text


def size(difference: float) -> str:
    """The size of a difference of shares in points, without its sign."""
    return points(abs(difference)).lstrip("+")


def significant(value: float, digits: int = 2) -> float:
    """`value` rounded to so many significant digits."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def people(count: float) -> str:
    """A number of people rounded so that it claims no more than is known: two significant digits."""
    return number(significant(count)) if abs(count) >= 1 else "fewer than 1"


def pounds(value: float) -> str:
    """Money: `£41,200`, and `£1.24 million` from a million up."""
    if not math.isfinite(value):
        return "–"
    sign = MINUS if value < 0 else ""
    if abs(value) >= 1e6:
        return f"{sign}£{abs(value) / 1e6:,.2f} million"
    return f"{sign}£{number(abs(value))}"


def rough_pounds(value: float) -> str:
    """Money rounded to two significant digits, for quotients that carry much uncertainty."""
    return pounds(significant(value))


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


def span(weeks: int) -> str:
    """A number of weeks in words: whole years where it is near to them."""
    years = round(weeks / 52)
    if years >= 1 and abs(weeks - 52 * years) <= 2 * years:
        return "1 year" if years == 1 else f"{years} years"
    return f"{weeks} week{'' if weeks == 1 else 's'}"


def listing(items: list[str]) -> str:
    """`a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
