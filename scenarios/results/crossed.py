"""Effects on crossed groups: how many people stand behind each, and nothing told where they are too few."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.outcomes import levels
from model.outcomes.record import UNIT
from model.outcomes.strata import FEWEST, JOINT
from scenarios.batches.batch import Batch

PEOPLE = ("adults", "residents_simulated")
"""Outcomes of a crossed group that are no effects: real people it stands for, and residents simulated in a run."""

KEPT = ("horizon_weeks", "window_weeks", "replicates")
"""Columns of numbers that tell nothing of a group."""


def with_crossings(frame: pd.DataFrame, batch: Batch) -> pd.DataFrame:
    """The effects with the people behind each crossed group, and blanks where fewer than FEWEST are simulated.

    Both numbers are means over runs. Without crossed groups the frame is handed back as it is.
    """
    if not batch.plan.jobs[0].town.by:
        return frame
    behind = people(batch)
    few = {stratum for stratum, (_, simulated) in behind.items() if simulated < FEWEST}
    hidden = [pair in few for pair in zip(frame["group"], frame["level"], strict=True)]
    numbers = [name for name in frame.select_dtypes("number") if name not in KEPT]
    frame = frame.copy()
    frame.loc[hidden, numbers] = np.nan
    last = levels.windows(batch.plan.jobs[0].town.weeks)[-1]
    rows = [
        {"scenario": scenario, "baseline": baseline, "outcome": outcome, "group": group, "level": level,
         "horizon_weeks": last.horizon_weeks, "window_weeks": last.weeks, "replicates": batch.plan.replicates,
         "baseline_value": value, "scenario_value": value, "difference": 0.0}
        for scenario, baseline in frame[["scenario", "baseline"]].drop_duplicates().itertuples(index=False)
        for (group, level), values in behind.items()
        for outcome, value in zip(PEOPLE, values, strict=True)
    ]  # fmt: skip
    added = pd.DataFrame(rows).reindex(columns=frame.columns)
    return pd.concat([frame, added.astype(frame.dtypes.to_dict())], ignore_index=True)


def people(batch: Batch) -> dict[tuple[str, str], tuple[float, float]]:
    """By group and level of the crossing, real adults and residents simulated: means over runs.

    Every arm of a replicate lives with the same people, so the baseline's tell.
    """
    found: dict[tuple[str, str], list[tuple[float, int]]] = {}
    for _, result in batch.results():
        record = result.records[0]
        adults = record.counts[0].sum(axis=1) / UNIT
        for stratum, simulated in record.simulated.items():
            found.setdefault(stratum, []).append((float(adults[record.index(*stratum)]), simulated))
    return {stratum: tuple(np.mean(values, axis=0).tolist()) for stratum, values in found.items()}


def is_crossed(group: str) -> bool:
    """Whether a group of the effects is a crossing of attributes."""
    return JOINT in group
