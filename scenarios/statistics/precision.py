"""The stopping rule: run replicates until the paired interval is as narrow as asked.

Width is that of the 95% interval of the effect on the share inactive, everybody, at the end, in points from end to
end; the widest of the scenarios counts. The rule looks after each round, not after each run, and never before
FIRST replicates, so that a lucky narrow start does not stop it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from model.errors import Fault, InputError

FIRST = 8
MOST = 400
"""Replicates at which it gives up, unless told otherwise."""
GROWTH = 2.0
"""A round brings at most so many times what there is."""


def check(precision: float) -> None:
    """Raise InputError for a width that no number of runs gives."""
    if not 0.001 <= precision <= 100:
        raise InputError(Fault("is no width to ask for", key="precision", found=repr(precision),
                               allowed="0.001 to 100 points"))  # fmt: skip


def width(frame: pd.DataFrame, weeks: int) -> float:
    """The widest interval of the effect on the share inactive at the end, in points; nan with one replicate."""
    end = frame[
        (frame["outcome"] == "inactive") & (frame["group"] == "all") & (frame["horizon_weeks"] == weeks)
    ]
    return float(100 * (end["ci_high"] - end["ci_low"]).max(skipna=False)) if len(end) else 0.0


def next_count(count: int, found: float, precision: float, most: int) -> int:
    """Replicates for the next round, when `count` gave an interval `found` wide; `count` when it is enough.

    Widths shrink as the root of the number of runs; a tenth more is asked, since the spread is only estimated.
    """
    if count >= most or found <= precision:
        return count
    if not math.isfinite(found):
        return min(most, max(2 * count, FIRST))
    wanted = math.ceil(1.1 * count * (found / precision) ** 2)
    return min(most, max(count + 2, min(wanted, math.ceil(GROWTH * count))))


def sentence(told: Mapping[str, Any]) -> str:
    """What the rule did, for a reader."""
    found, wanted, took = told["width"], told["precision"], told["replicates"]
    how = "Stopped" if told["reached"] else "Gave up"
    return (
        f"{how} after {took} replicates: the 95% interval is {found:.3g} points wide ({wanted:g} was asked)."
    )


def t_quantile(runs: int) -> float:
    """The 97.5% point of Student's t for so many runs; nan for one run."""
    from scipy.special import stdtrit

    return float(stdtrit(runs - 1, 0.975)) if runs > 1 else math.nan


def runs_needed(runs: int, factor: float = 0.5) -> int:
    """Runs for a range `factor` times as wide as with `runs`, the spread between runs being what it is."""
    if runs < 2:
        return 8
    wanted = factor * t_quantile(runs) / math.sqrt(runs)
    more = runs
    while t_quantile(more) / math.sqrt(more) > wanted:
        more += 1
    return more
