"""Amounts as people write them, the same on terminal and page: no more digits than are known, no less than is there."""

from __future__ import annotations

import math
import re

from model.limits import WEEKS_A_YEAR
from model.outcomes import catalogue

MINUS = "\N{MINUS SIGN}"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def plain(text: object) -> str:
    """`text` without the control characters that no terminal or page may be given."""
    return _CONTROL.sub("", str(text)).strip()


def number(value: float, decimals: int = 0) -> str:
    """A number with thousands separators and a true minus sign; a dash when not finite."""
    if not math.isfinite(value):
        return "–"
    rounded = round(value, decimals) + 0.0
    return f"{rounded:,.{decimals}f}".replace("-", MINUS)


def significant(value: float, digits: int = 2) -> float:
    """`value` rounded to so many significant digits."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def digits(low: float, high: float) -> int:
    """Significant digits in which an amount with this range is written: two, or up to four where its ends need them to be
    told apart."""
    return next((count for count in (2, 3) if significant(low, count) != significant(high, count)), 4)


def people(count: float, digits: int = 2) -> str:
    """A number of people, or of person-years, rounded to significant digits: it claims no more than is known."""
    return number(significant(count, digits)) if count == 0 or abs(count) >= 1 else "fewer than 1"


def people_end(count: float, digits: int = 2) -> str:
    """The end of a range of people: as `people`, but what is below one person is none."""
    return number(significant(count, digits)) if abs(count) >= 1 else "0"


def pounds(value: float) -> str:
    """Money: `£41,200`, and `£1.24 million` from a million up."""
    if not math.isfinite(value):
        return "–"
    sign = MINUS if value < 0 else ""
    if abs(value) >= 999_999.5:
        return f"{sign}£{abs(value) / 1e6:,.2f} million"
    return f"{sign}£{number(abs(value))}"


def rough_pounds(value: float, digits: int = 2) -> str:
    """Money rounded to significant digits, for quotients that carry much uncertainty."""
    return pounds(significant(value, digits))


def percent(share: float, decimals: int = 1) -> str:
    """A share as a percentage, `0.255` as `25.5%`."""
    return f"{number(100 * share, decimals)}%" if math.isfinite(share) else "–"


def points(difference: float, decimals: int = 1) -> str:
    """A signed difference of shares in percentage points, `-0.018` as `-1.8`; more decimals when small."""
    if not math.isfinite(difference):
        return "–"
    if difference != 0 and abs(difference) < 0.000005:
        return "under 0.001"
    if difference != 0 and abs(difference) < 0.00995:
        decimals = max(decimals, 2 if abs(difference) >= 0.000095 else 3)
    text = number(100 * difference, decimals)
    return f"+{text}" if difference > 0 and text.strip("0.") else text


def size(difference: float) -> str:
    """The size of a difference of shares in points, without its sign."""
    return points(abs(difference)).lstrip("+")


def points_end(difference: float) -> str:
    """The end of a range of differences of shares, in points: signed only where below none; what is too small is none."""
    text = size(difference)
    if text.startswith("under") or not text.strip("0."):
        return "0"
    return f"{MINUS}{text}" if difference < 0 else text


def two_shares(one: float, two: float) -> tuple[str, str] | None:
    """Two shares as percentages, with as many decimals (at most two) as tell them apart; None where none do."""
    for decimals in (1, 2):
        texts = percent(one, decimals), percent(two, decimals)
        if texts[0] != texts[1]:
            return texts
    return None


def span(weeks: int) -> str:
    """A number of weeks in words: whole years where it is near to them."""
    years = round(weeks / WEEKS_A_YEAR)
    if years >= 1 and abs(weeks - WEEKS_A_YEAR * years) <= 2 * years:
        return "1 year" if years == 1 else f"{years} years"
    return f"{weeks} week{'' if weeks == 1 else 's'}"


def listing(items: list[str]) -> str:
    """`a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def quoted(title: str) -> str:
    """A title in quotation marks, so that it cannot be read as part of the sentence."""
    return f"“{title}”"


def amount(outcome: str, value: float | None, signed: bool = False) -> str:
    """A value in the unit of its outcome: per cent, pounds, people, minutes or a ratio."""
    if value is None or not math.isfinite(value):
        return "not determined"
    value += 0.0  # no "-0"
    scale = catalogue.known(outcome).scale
    if scale == "points":
        return f"{value * 100:+.2f} pts" if signed else f"{value * 100:.1f} pts"
    if scale == "share":
        return f"{value * 100:+.2f} pts" if signed else f"{value * 100:.1f}%"
    if scale == "money":
        return f"{'-' if value < 0 else '+' if signed else ''}£{abs(value):,.0f}"
    if scale == "people":
        return f"{value:+,.0f}" if signed else f"{value:,.0f}"
    digits = 3 if scale == "ratio" else 1
    return f"{value:+.{digits}f}" if signed else f"{value:.{digits}f}"
