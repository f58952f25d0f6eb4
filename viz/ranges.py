"""Means over paired runs with 95% ranges, by the estimator of all results, and how many runs a tighter range needs."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from scenarios.statistics.estimates import estimate


def t_quantile(runs: int) -> float:
    """The 97.5% point of Student's t for so many runs; nan for one run."""
    from scipy.special import stdtrit

    return float(stdtrit(runs - 1, 0.975)) if runs > 1 else math.nan


def mean_range(values: np.ndarray, sets: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean and 95% range over the last axis, set after set of parameters: three arrays; the range is nan for one run."""
    runs = values.shape[-1]
    found = estimate(np.moveaxis(values, -1, 0).reshape(runs, -1), sets if runs % max(sets, 1) == 0 else 1)
    mean, low, high = (
        one.reshape(values.shape[:-1]) for one in (found.mean, found.range_low, found.range_high)
    )
    return mean, low, high


def paired(plan: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """Differences of the runs that both have; rows are weeks or zones, columns are replicates."""
    return plan.sub(base).dropna(axis="columns", how="all").dropna(axis="index", how="any")


def runs_needed(runs: int, factor: float = 0.5) -> int:
    """Runs for a range `factor` times as wide as with `runs`, the spread between runs being what it is."""
    if runs < 2:
        return 8
    wanted = factor * t_quantile(runs) / math.sqrt(runs)
    more = runs
    while t_quantile(more) / math.sqrt(more) > wanted:
        more += 1
    return more
