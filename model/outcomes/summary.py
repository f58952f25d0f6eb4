"""A Record as tables: every outcome of every week, of a horizon, or of the last year in one small dictionary."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from model.errors import Fault, InputError
from model.outcomes import catalogue, levels
from model.outcomes.record import Record


class Key(NamedTuple):
    """What a column of a wide table holds: an outcome of one level of one group."""

    outcome: str
    group: str
    level: str


def gaps(record: Record) -> dict[str, np.ndarray]:
    """Each gap between groups, (W,), and all else that is read of everybody; nan where a group is empty or was not
    recorded."""
    return {name: _read(name, record) for name in catalogue.in_files("gap")}


def keys(record: Record) -> list[Key]:
    """The columns of `wide`, in order: levels a stratum, then gaps, then flows, then what was measured of residents."""
    named = [Key(outcome, group, level) for group, level in record.strata for outcome in levels.OUTCOMES]
    named += [Key(name, "all", "all") for name in (*catalogue.in_files("gap"), *record.flows)]
    return [*named, *(Key(name, *stratum) for name in record.measured for stratum in record.strata)]


def wide(record: Record) -> np.ndarray:
    """(W, K) every outcome of every recorded week, in the order of `keys`."""
    rows = len(record.weeks)
    parts = [levels.by_stratum(record).reshape(rows, -1)]
    parts += [gap.reshape(rows, 1) for gap in gaps(record).values()]
    parts += [np.asarray(flow, dtype=float).reshape(rows, 1) for flow in record.flows.values()]
    parts += [
        record.total(name) if catalogue.known(name).total else record.mean(name) for name in record.measured
    ]
    return np.concatenate(parts, axis=1)


def _read(name: str, record: Record) -> np.ndarray:
    """(W,) what an outcome's own function reads. Raises InputError where it gives something else."""
    outcome = catalogue.known(name)
    assert outcome.read is not None
    found = np.asarray(outcome.read(record), dtype=float)
    if found.shape != record.weeks.shape:
        raise InputError(Fault("does not read one number a week", key=f"{name}.read", found=f"shape {found.shape}",
                               allowed=f"shape {record.weeks.shape}"))  # fmt: skip
    return found


def weekly(record: Record) -> np.ndarray:
    """(W, K) every outcome of every week; `joined`, `completed` and `cost` are totals since the scenario began."""
    return wide(levels.add_up(record))


def at_horizons(record: Record, chosen: list[levels.Window]) -> np.ndarray:
    """(H, K) every outcome over each window; gaps come from the window's mean rates."""
    summed = levels.add_up(record)
    return np.concatenate([wide(levels.pool(summed, window)) for window in chosen])


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
    values, between = at_horizons(record, [end])[0], catalogue.names("gap")
    outcomes: dict[str, float] = {}
    apart: dict[str, float] = {}
    by: dict[str, dict[str, dict[str, float]]] = {}
    for key, value in zip(keys(record), values.tolist(), strict=True):
        if key.outcome in between:
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
