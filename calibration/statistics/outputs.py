"""Outputs of a design, (points, replicates): whole, finite and in its order, or refused; and how much of them is chance.

One NaN among a thousand outputs gives SALib's Sobol' all-zero indices without a word, and outputs in the order of their
completion give wrong ones.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.errors import Fault, InputError


def outputs(frame: pd.DataFrame, points: int, replicates: int) -> np.ndarray:
    """(N, R) outputs in design order from rows of point, replicate, value. Raises InputError when any is not there."""
    wanted = points * replicates
    told = frame[["point", "replicate"]]
    inside = told["point"].between(0, points - 1) & told["replicate"].between(0, replicates - 1)
    if len(frame) != wanted or told.duplicated().any() or not inside.all():
        known = len(told[inside].drop_duplicates())
        raise InputError(Fault("each point must have each replicate once", key="outputs",
                               found=f"{known:,} of {wanted:,} in {len(frame):,} rows"))  # fmt: skip
    values = frame.sort_values(["point", "replicate"])["value"].to_numpy(dtype=float)
    return checked(values.reshape(points, replicates), points)


def checked(values: np.ndarray, points: int) -> np.ndarray:
    """The same (N, R) when it has the rows of the design and nothing but finite numbers. Raises InputError."""
    values = np.asarray(values, dtype=float)
    values = values[:, None] if values.ndim == 1 else values
    if len(values) != points:
        raise InputError(Fault("one row for each point of the design is needed", key="outputs",
                               found=f"{len(values):,} rows", allowed=f"{points:,}"))  # fmt: skip
    bad = ~np.isfinite(values)
    if bad.any():
        found, hint = f"{int(bad.sum()):,} that are not", "An index of an output with holes is no index."
        raise InputError(Fault("must be finite numbers, every one", key="outputs", found=found, hint=hint))
    return values


def seed_share(values: np.ndarray) -> float:
    """Share of the variance of points' means that is chance; nan with one replicate.

    A shift that a replicate gives to every point alike is no noise here, since random numbers are common: residuals of points
    and replicates count.
    """
    points, replicates = values.shape
    total = values.mean(axis=1).var(ddof=1)
    if replicates < 2 or total == 0:
        return float("nan") if replicates < 2 else 0.0
    rest = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0, keepdims=True) + values.mean()
    noise = (rest**2).sum() / ((points - 1) * (replicates - 1)) / replicates
    return float(min(1.0, noise / total))
