"""Distances between groups in the share inactive, of everybody: (W,), nan where a group is empty or was not recorded."""

from __future__ import annotations

import numpy as np

from model.outcomes import equity
from model.outcomes.outcome import Pair, Read
from model.outcomes.record import Record

MOST_AND_LEAST_DEPRIVED: tuple[Pair, Pair] = (("imd_quintile", "1"), ("imd_quintile", "5"))
LIMITED_AND_NOT: tuple[Pair, Pair] = (("condition", "yes"), ("condition", "no"))
FIFTHS: tuple[Pair, ...] = tuple(("imd_quintile", str(fifth)) for fifth in range(1, 6))
EARLY_AND_MANY: tuple[Pair, ...] = tuple(
    ("segment", level) for level in ("innovators", "early_adopters", "early_majority")
)


def inactive(record: Record, pair: Pair) -> np.ndarray:
    """(W,) the share inactive of one stratum."""
    if pair not in record.strata:
        return np.full(len(record.weeks), np.nan)
    counts = record.counts[:, record.strata.index(pair)]
    total = counts.sum(axis=1)
    return np.where(total > 0, counts[:, 0] / np.maximum(total, 1), np.nan)


def difference(worse: Pair, better: Pair) -> Read:
    """The share inactive of the worse placed less that of the better placed."""
    return lambda record: equity.difference(inactive(record, worse), inactive(record, better))


def ratio(worse: Pair, better: Pair) -> Read:
    """The share inactive of the worse placed over that of the better placed."""
    return lambda record: equity.ratio(inactive(record, worse), inactive(record, better))


def slope(record: Record) -> np.ndarray:
    """Slope index of inequality over fifths of deprivation."""
    return _slopes(record)[0]


def relative(record: Record) -> np.ndarray:
    """Relative index of inequality over fifths of deprivation."""
    return _slopes(record)[1]


def _slopes(record: Record) -> tuple[np.ndarray, np.ndarray]:
    """Both indices; the least deprived fifth is the best placed."""
    fifths = [pair for pair in reversed(FIFTHS) if pair in record.strata]
    if not fifths:
        unknown = np.full(len(record.weeks), np.nan)
        return unknown, unknown
    rates = np.column_stack([inactive(record, pair) for pair in fifths])
    return equity.slope_indices(rates, record.ranked()[[record.strata.index(pair) for pair in fifths]])
