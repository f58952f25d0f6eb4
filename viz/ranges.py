"""Means over paired runs with 95% ranges, by the estimator of all results."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.statistics.estimates import estimate


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
