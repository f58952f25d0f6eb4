"""The runs behind the effects: what each replicate of each plan came to, and a figure of them.

Values are those of the end of the run, as in `Effects.table`: means of the last 52 weeks (of all when fewer), totals for
what adds up. Their mean over replicates is the table's, but for the rounding of weekly values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from model.errors import Fault, InputError, nearest
from model.outcomes import catalogue, equity, levels
from scenarios.batches.batch import Batch
from scenarios.provenance import checks
from scenarios.runs import run_tables

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS = (
    "scenario",
    "replicate",
    "seed",
    "outcome",
    "group",
    "level",
    "baseline_value",
    "scenario_value",
    "difference",
)
RUN = ["scenario", "replicate", "seed"]
SERIES = [*RUN, "outcome", "group", "level"]
RATIOS = {
    one.name: (one.between[0][0], *(level for _, level in one.between))
    for one in catalogue.OUTCOMES
    if one.difference and len(one.between) == 2
}
"""Ratios of rates, and the group and levels whose rates they are: the ratio of the means is taken, not the mean of ratios."""


def of_folder(folder: Path, weeks: int, baseline: str, group: str) -> pd.DataFrame:
    """The runs of a result folder. Raises InputError when its weekly table is not there."""
    path = folder / "weekly.parquet"
    if not path.is_file():
        raise InputError(Fault("holds no weekly table", file=str(folder)))
    filters = [("group", "in", _needed(group)), ("week", ">=", _first(weeks))]
    return _paired(
        [pq.read_table(checks.held(folder, path.name), filters=filters).to_pandas()], weeks, baseline, group
    )


def of_batch(batch: Batch, weeks: int, baseline: str, group: str) -> pd.DataFrame:
    """The runs of a batch that was not written to a folder."""

    def tables() -> Iterator[pd.DataFrame]:
        for job, result in batch.results():
            for arm, record in zip(job.arms, result.records, strict=True):
                table = run_tables.weekly_table(
                    arm.name, job.replicate, job.seed, job.town.start, record
                ).to_pandas()
                yield table[table["group"].isin(_needed(group)) & (table["week"] >= _first(weeks))]

    return _paired(list(tables()), weeks, baseline, group)


def _first(weeks: int) -> int:
    return levels.windows(weeks)[-1].first


def _needed(group: str) -> list[str]:
    """The groups from whose weeks those of `group` are worked out."""
    return list(dict.fromkeys([group, "all", *(of for of, _, _ in RATIOS.values())]))


def _paired(tables: list[pd.DataFrame], weeks: int, baseline: str, group: str) -> pd.DataFrame:
    """Rows of COLUMNS from weekly tables; each run beside the baseline's of the same replicate."""
    every = pd.concat(tables, ignore_index=True)
    every = every.astype(dict.fromkeys(("scenario", "outcome", "group", "level"), str))
    ends = _ends(every, weeks)
    if group not in (groups := list(dict.fromkeys(every["group"]))):
        raise InputError(
            Fault("no such group in the results", key="group", found=group, hint=nearest(group, groups))
        )
    ends = ends[ends["group"] == group]
    base = ends[ends["scenario"] == baseline].drop(columns="scenario")
    plans = ends[ends["scenario"] != baseline]
    both = plans.merge(base, on=SERIES[1:], how="left", suffixes=("", "_base"), validate="many_to_one")
    both = both.rename(columns={"value": "scenario_value", "value_base": "baseline_value"})
    both["difference"] = both["scenario_value"] - both["baseline_value"]
    return both[list(COLUMNS)]


def _ends(every: pd.DataFrame, weeks: int) -> pd.DataFrame:
    """SERIES and `value` at the end of each run."""
    grouped = every.sort_values("week", kind="stable").groupby(SERIES, sort=False)["value"]
    ends = grouped.mean().where(~_adds_up(grouped.mean().index), grouped.last())
    of = ends.unstack(["outcome", "group", "level"])

    def series(outcome: str, group: str = "all", level: str = "all") -> np.ndarray:
        return np.asarray(of[(outcome, group, level)], dtype=float)

    for name, (group, worse, better) in RATIOS.items():
        if (name, "all", "all") in of and ("inactive", group, worse) in of:
            rates = series("inactive", group, worse), series("inactive", group, better)
            of[name, "all", "all"] = equity.ratio(*rates)
    if ("rii", "all", "all") in of:
        # The two ends of the fitted line, half its slope below and above the mean: the mean rank is a half.
        middle, half = series("inactive"), series("sii") / 2
        of["rii", "all", "all"] = equity.ratio(middle + half, middle - half)
    order = {one: number for number, one in enumerate(ends.index)}
    long = of.stack(["outcome", "group", "level"], future_stack=True).rename("value")  # type: ignore[call-overload]
    long = long[long.index.isin(ends.index)]
    return long.iloc[np.argsort([order[one] for one in long.index])].reset_index()


def _adds_up(index: pd.Index) -> np.ndarray:
    return np.asarray(index.get_level_values("outcome").isin(levels.CUMULATIVE))


LEGEND = "small dots: replicates; thick line: 95% by chance alone;\nthin line: with doubt about the numbers"


def figure(runs: pd.DataFrame, table: pd.DataFrame, outcome: str, scenarios: Sequence[str]) -> Figure:
    """Each plan on a line: a dot for each replicate, and the mean with its 95% interval beside them.

    runs: rows of COLUMNS; table: `Effects.table` of the same group. Raises InputError when nothing is known of `outcome`.
    """
    from matplotlib.figure import Figure

    known = list(dict.fromkeys(runs["outcome"]))
    if outcome not in known:
        raise InputError(Fault("unknown outcome", key="outcome", found=outcome, allowed=", ".join(known),
                               hint=nearest(outcome, known)))  # fmt: skip
    runs, table = runs[runs["outcome"] == outcome], table[table["outcome"] == outcome]
    lines = [(name, str(level)) for name in scenarios for level in dict.fromkeys(runs["level"])]
    drawn = Figure(figsize=(7, 1.2 + 0.45 * len(lines)), layout="constrained")
    axes = drawn.add_subplot()
    axes.axvline(0.0, color="0.6", linewidth=1)
    for number, (name, level) in enumerate(lines):
        mine = runs[(runs["scenario"] == name) & (runs["level"] == level)]
        axes.plot(
            mine["difference"], np.full(len(mine), number + 0.15), "o", color="0.55", markersize=3, alpha=0.6
        )
        own = table[(table["scenario"] == name) & (table["level"] == level)]
        for ends, width in ((("range_low", "range_high"), 1), (("ci_low", "ci_high"), 3)):
            axes.hlines(number - 0.15, *own[list(ends)].to_numpy(float).T, color="tab:blue", linewidth=width)
        axes.plot(own["difference"], np.full(len(own), number - 0.15), "o", color="tab:blue")
    axes.set_yticks(
        range(len(lines)), [name if level == "all" else f"{name}, {level}" for name, level in lines]
    )
    axes.invert_yaxis()
    axes.set_xlabel(f"{outcome}: plan less baseline, at the end of the run\n{LEGEND}")
    return drawn


def of_effects(effects: Any, group: str) -> pd.DataFrame:
    """The runs of `Effects`, from the folder they stand in, else from the batch they were made of."""
    weeks, baseline = effects.manifest["weeks"], effects.manifest["baseline"]
    if effects.directory is not None:
        return of_folder(effects.directory, weeks, baseline, group)
    if effects._batch is not None:
        return of_batch(effects._batch, weeks, baseline, group)
    raise InputError(
        Fault("these effects have no runs with them", hint="Load a result folder: Effects.load(...).")
    )
