"""What one set of parameters gives, in the terms of the targets: a year, a trial, twenty years, a district.

Each measure takes parameters, a seed and a share of residents, and gives names with numbers.
"""

from __future__ import annotations

from collections.abc import Callable

from calibration.measures.course import course as two_years
from calibration.measures.decades import decades as twenty_years
from calibration.measures.district import of_place
from calibration.measures.mechanisms import mechanisms as single_causes
from calibration.measures.year import year_and_trial
from model.parameters import Parameters

Measure = Callable[[Parameters, int, float], dict[str, float]]

FITTED: dict[str, Measure] = {"year": year_and_trial, "decades": twenty_years}
"""Measures that targets are of; a new number in one is fitted to as soon as a target has its name."""
MEASURES: dict[str, Measure] = {**FITTED, "course": two_years, "mechanisms": single_causes}


def measure(name: str) -> Measure:
    """A measure by name; `district:PLACE` is that of a shipped place."""
    kind, _, place = name.partition(":")
    return of_place(place) if kind == "district" else MEASURES[name]
