"""Shares at each level of activity, and mean minutes, of every stratum: (W, S)."""

from __future__ import annotations

import numpy as np

from model.outcomes.outcome import Read
from model.outcomes.record import Record


def share(level: int) -> Read:
    """The share at a level of model/population/columns.py (0 = inactive)."""

    def read(record: Record) -> np.ndarray:
        return record.shares()[:, :, level]

    return read


def minutes(record: Record) -> np.ndarray:
    """Mean minutes a week."""
    return record.minutes_mean()
