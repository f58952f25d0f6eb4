"""Has it crossed the chasm? Whether a plan, or what it sets off, gets from those who take things up first to the many.

Innovators and early adopters (the early market) take up what is new for its own sake; the early majority waits until
it works for people like them. Many new things never get from the first to the second (Moore 1991). A plan has crossed
when the early majority gains at least HALF as much as the early market, beyond chance:

    contrast = gain of the early majority − HALF · gain of the early market, within replicates

crossed: the 95% ranges of the contrast and of the early majority's gain lie above 0; not crossed: that of the contrast
lies below 0; else it cannot be told. That half is a judgement: equal gains cross with room to spare, and a thing that
only the first take up does not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.special import ndtr

from model.outcomes import catalogue

HALF = 0.5
EARLY = ("innovators", "early_adopters")
MAJORITY = "early_majority"
MEASURES = {
    one.of: -1.0 if catalogue.known(one.of).better == "less" else 1.0
    for one in catalogue.OUTCOMES
    if one.name == f"chasm_{one.of}"
}
"""Outcomes by which uptake is read, and which way a gain goes."""

Verdict = Literal["crossed", "not crossed", "cannot be told"]
Row = Mapping[str, Any]
"""A row of the effects, at least `difference`, `ci_low` and `ci_high`."""


@cache
def early_weights() -> tuple[float, float]:
    """Shares of innovators and of early adopters among the two together, as the adoption curve is cut."""
    from model.town.start import SEGMENT_EDGES

    first, both = ndtr(SEGMENT_EDGES[0]), ndtr(SEGMENT_EDGES[1])
    return float(first / both), float(1 - first / both)


def contrast(outcome: str, gain: Callable[[str], np.ndarray]) -> np.ndarray:
    """(R,) the contrast in each replicate, from `gain(segment)`: differences (R,) of the outcome."""
    early = sum(weight * gain(level) for weight, level in zip(early_weights(), EARLY, strict=True))
    return MEASURES[outcome] * (gain(MAJORITY) - HALF * early)


def verdict(outcome: str, majority: Row, crossing: Row) -> Verdict:
    """What may be said, from the effect on the early majority and the contrast."""
    sign = MEASURES[outcome]
    least = min(sign * majority["ci_low"], sign * majority["ci_high"])
    if crossing["ci_low"] > 0 and least > 0:
        return "crossed"
    return "not crossed" if crossing["ci_high"] < 0 else "cannot be told"


BY = {"reach": "who joins", "in_groups": "groups of their own", "inactive": "activity"}
"""What each measure goes by, in words."""
ANSWERS = {"crossed": "yes,", "not crossed": "no,", "cannot be told": "cannot be told"}


def verdicts(row: Callable[[str, str, str], Row | None]) -> dict[str, dict[str, Any]]:
    """By measure, the verdict and the gains (shares, 95% range); `row(outcome, group, level)` gives an effect or None.

    Measures are left out that were not recorded, run once, or that the plan does not touch at all.
    """
    found: dict[str, dict[str, Any]] = {}
    for outcome, sign in MEASURES.items():
        rows = [row(outcome, "segment", level) for level in (*EARLY, MAJORITY)]
        crossing = row(f"chasm_{outcome}", "all", "all")
        if crossing is None or any(one is None for one in rows) or not math.isfinite(crossing["ci_low"]):
            continue
        first, second, many = (one for one in rows if one is not None)
        if not any(one["difference"] for one in (first, second, many)):
            continue
        early = sum(w * one["difference"] for w, one in zip(early_weights(), (first, second), strict=True))
        low, high = sorted((sign * many["ci_low"], sign * many["ci_high"]))
        found[outcome] = {"verdict": verdict(outcome, many, crossing), "early_market": sign * early,
                          "early_majority": sign * many["difference"], "low": low, "high": high}  # fmt: skip
    return found


def of_frame(frame: pd.DataFrame, weeks: int) -> dict[str, dict[str, dict[str, Any]]]:
    """`verdicts` at the end of a comparison, by scenario; scenarios of which nothing can be said are left out."""
    end = frame[(frame["horizon_weeks"] == weeks) & frame["group"].isin(["all", "segment"])]
    found = {}
    for name, rows in end.groupby("scenario", sort=False):
        if one := verdicts(_look_up(rows)):
            found[str(name)] = one
    return found


def _look_up(rows: pd.DataFrame) -> Callable[[str, str, str], Row | None]:
    both = {"ci_low": "range_low", "ci_high": "range_high"}  # chance and doubt together, as everywhere else
    known: dict[tuple[str, str, str], dict[str, Any]] = {
        (row["outcome"], row["group"], row["level"]): {
            str(key): row.get(both.get(str(key), ""), value) for key, value in row.items()
        }
        for row in rows.to_dict("records")
    }
    return lambda outcome, group, level: known.get((outcome, group, level))


def line(title: str, found: Mapping[str, Mapping[str, Any]]) -> str:
    """Every measure of one plan in one line, without numbers."""
    by = {kind: [BY[outcome] for outcome, one in found.items() if one["verdict"] == kind] for kind in ANSWERS}
    told = [f"{ANSWERS[kind]} by {' and '.join(measures)}" for kind, measures in by.items() if measures]
    return f"Has “{title}” crossed the chasm to the early majority? {'; '.join(told).capitalize()}."
