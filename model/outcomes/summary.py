"""A Record as tables: every outcome of every week, of a horizon, or of the last year in one small dictionary."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from model.outcomes import equity, levels
from model.outcomes.record import Record

GAPS = ("gap_deprivation_ratio", "gap_deprivation_difference", "gap_disability_ratio", "gap_disability_difference",
        "sii", "rii")  # fmt: skip
"""Distances between groups in the share inactive, for everybody together."""


class Key(NamedTuple):
    """What a column of a wide table holds: an outcome of one level of one group."""

    outcome: str
    group: str
    level: str


def gaps(record: Record, people: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """Each gap in the share inactive, (W,); nan where a group is empty or was not recorded.

    people: (S,) people of each stratum that fix the ranks; the record's first week when not given.
    Deprivation: IMD fifth 1 (most deprived) against 5. Disability: a limiting condition, yes against no.
    """
    inactive = record.shares()[:, :, 0]
    people = levels.people(record) if people is None else people
    unknown = np.full(len(record.weeks), np.nan)

    def rate(group: str, level: str) -> np.ndarray:
        return (
            inactive[:, record.strata.index((group, level))] if (group, level) in record.strata else unknown
        )

    poor, rich = rate("imd_quintile", "1"), rate("imd_quintile", "5")
    limited, free = rate("condition", "yes"), rate("condition", "no")
    fifths = sorted(levels.strata(record, "imd_quintile"), key=lambda pair: int(pair[1]), reverse=True)
    rows = [row for row, _ in fifths]
    sii, rii = equity.slope_indices(inactive[:, rows], people[rows]) if rows else (unknown, unknown)
    return {
        "gap_deprivation_ratio": equity.ratio(poor, rich),
        "gap_deprivation_difference": equity.difference(poor, rich),
        "gap_disability_ratio": equity.ratio(limited, free),
        "gap_disability_difference": equity.difference(limited, free),
        "sii": sii,
        "rii": rii,
    }


def keys(record: Record) -> list[Key]:
    """The columns of `wide`, in order: four outcomes a stratum, then the gaps, then the flows."""
    named = [Key(outcome, group, level) for group, level in record.strata for outcome in levels.OUTCOMES]
    return [*named, *(Key(name, "all", "all") for name in (*GAPS, *record.flows))]


def wide(record: Record, people: np.ndarray | None = None) -> np.ndarray:
    """(W, K) every outcome of every recorded week, in the order of `keys`. `people` fixes the ranks, as in `gaps`."""
    rows = len(record.weeks)
    apart = gaps(record, people)
    parts = [levels.by_stratum(record).reshape(rows, -1)]
    parts += [apart[name].reshape(rows, 1) for name in GAPS]
    parts += [np.asarray(flow, dtype=float).reshape(rows, 1) for flow in record.flows.values()]
    return np.concatenate(parts, axis=1)


def weekly(record: Record) -> np.ndarray:
    """(W, K) every outcome of every week; `joined`, `completed` and `cost` are totals since the scenario began."""
    return wide(levels.add_up(record))


def at_horizons(record: Record, chosen: list[levels.Window]) -> np.ndarray:
    """(H, K) every outcome over each window; gaps come from the window's mean rates."""
    summed, people = levels.add_up(record), levels.people(record)
    return np.concatenate([wide(levels.pool(summed, window), people) for window in chosen])


def frame(record: Record, start: date, zone_step: int = 1) -> pd.DataFrame:
    """Tidy weeks: week, date, group, level, outcome, value; zones only every `zone_step` weeks."""
    names, values = keys(record), weekly(record)
    table = pd.DataFrame(values.T, columns=record.weeks)
    table.insert(0, "outcome", [key.outcome for key in names])
    table.insert(0, "level", [key.level for key in names])
    table.insert(0, "group", [key.group for key in names])
    tidy = table.melt(id_vars=["group", "level", "outcome"], var_name="week", value_name="value")
    tidy["week"] = tidy["week"].astype(int)
    tidy = tidy[(tidy["group"] != "zone") | (tidy["week"] % zone_step == 0)].reset_index(drop=True)
    dates = {int(week): pd.Timestamp(start + timedelta(weeks=int(week))) for week in record.weeks}
    tidy.insert(0, "date", tidy["week"].map(dates))
    return tidy[["week", "date", "group", "level", "outcome", "value"]]


def describe(record: Record) -> dict[str, Any]:
    """Means of the last 52 weeks (all weeks when fewer): `outcomes`, `by` group and level, and `gaps`."""
    end = levels.windows(len(record.weeks))[-1]
    values = at_horizons(record, [end])[0]
    outcomes: dict[str, float] = {}
    apart: dict[str, float] = {}
    by: dict[str, dict[str, dict[str, float]]] = {}
    for key, value in zip(keys(record), values.tolist(), strict=True):
        if key.outcome in GAPS:
            apart[key.outcome] = value
        elif key.group == "all":
            outcomes[key.outcome] = value
        elif key.group != "zone":
            by.setdefault(key.group, {}).setdefault(key.level, {})[key.outcome] = value
    for (group, level), share in record.reach.items():
        if group == "all":
            outcomes["reach"] = share
        elif group in by and level in by[group]:
            by[group][level]["reach"] = share
    return {"outcomes": outcomes, "by": by, "gaps": apart}
