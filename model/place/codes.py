"""What a zone's code and name tell: its country, its census, its district and where in England that lies."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).parent / "codes.csv"
FIRST_OF_2021 = "E01033769"
"""Zones of England made in 2021 have this code or a later one; the others are older, and most of them still stand."""
ELSEWHERE = {"W": "Wales", "S": "Scotland", "N": "Northern Ireland", "9": "Northern Ireland"}
AREAS = {
    "E00": "an output area", "E02": "an MSOA", "E05": "a ward", "E06": "a district", "E07": "a district",
    "E08": "a district", "E09": "a district", "E10": "a county", "E12": "a region", "E92": "England as a whole",
}  # fmt: skip
"""Codes of England that are no LSOA."""
TOTALS = {
    "total", "totals", "grand_total", "sub_total", "subtotal", "sum", "all", "all_zones", "all_lsoas", "overall",
    "average", "mean", "district_total", "place_total", "column_total", "england", "england_and_wales",
    "total_all_zones", "whole_district",
}  # fmt: skip
_LSOA = re.compile(r"E01\d{6}")
_FOREIGN = re.compile(r"(W01\d{6}|S01\d{6}|N\d{8}|N20\d{6}|95[A-Z]{2}\d{2}[SW]\d)")
_AREA = re.compile(r"E(0[0256789]|10|12|92)\d{6}")
_NAMED = re.compile(r"(.+) \d{3}[A-Z]")


class District(NamedTuple):
    """A district, and the span of its zones' centres in kilometres of the British National Grid."""

    name: str
    west: float
    east: float
    south: float
    north: float


@cache
def _table() -> tuple[list[str], list[str], list[District], dict[str, District]]:
    """First and last codes of the runs, the district of each, and districts by name."""
    firsts, lasts, runs = [], [], []
    by_name: dict[str, District] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("E01"):
            first, last, name, *span = line.split(",")
            run = District(name, *map(float, span))
            firsts.append(first)
            lasts.append(last)
            runs.append(run)
            old = by_name.get(name, run)
            by_name[name] = District(name, min(old.west, run.west), max(old.east, run.east),
                                     min(old.south, run.south), max(old.north, run.north))  # fmt: skip
    return firsts, lasts, runs, by_name


def is_lsoa(code: str) -> bool:
    """Whether a code is an LSOA of England."""
    return bool(_LSOA.fullmatch(code))


def of_2021(code: str) -> bool:
    """Whether a code can only be a zone made in 2021."""
    return is_lsoa(code) and code >= FIRST_OF_2021


def country(code: str) -> str | None:
    """The other country of the United Kingdom whose zone a code is, or None."""
    return ELSEWHERE[code[0]] if _FOREIGN.fullmatch(code) else None


def area(code: str) -> str | None:
    """What kind of area of England a code is when it is no LSOA, or None."""
    return AREAS[code[:3]] if _AREA.fullmatch(code) else None


def district(code: str, name: str = "") -> District | None:
    """The district a zone belongs to, by its code, else by its name ("Erewash 016A"); None when neither tells."""
    firsts, lasts, runs, by_name = _table()
    at = bisect_right(firsts, code) - 1
    if is_lsoa(code) and at >= 0 and code <= lasts[at]:
        return by_name[runs[at].name]
    named = _NAMED.fullmatch(str(name))
    return by_name.get(named[1]) if named else None
