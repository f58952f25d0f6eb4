"""What one set of parameters gives, in the terms of the targets: a year, a programme's trial, twenty years.

Each measure takes parameters, a seed and a share of residents of the reference town, and gives names with numbers.
"""

from __future__ import annotations

from collections.abc import Callable

from calibration.measures.decades import decades
from calibration.measures.year import year_and_trial
from model.parameters import Parameters

Measure = Callable[[Parameters, int, float], dict[str, float]]

MEASURES: dict[str, Measure] = {"year": year_and_trial, "decades": decades}
"""Measures by name; a new one is fitted to and validated as soon as a target has the name of one of its numbers."""
