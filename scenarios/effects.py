"""Paired differences between scenarios and their baseline, with intervals over replicates.

A replicate runs every arm on the same town and the same luck, so an effect is the mean of the differences within
replicates and its 95% interval is Student's t on those differences. With one replicate there is no interval.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from model.columns import ASSET_KINDS
from model.outcomes import levels, summary
from model.outcomes.record import Record
from model.outcomes.summary import Key
from scenarios import chasm
from scenarios.design import Arm, Job, Town
from scenarios.runner import Batch

COLUMNS = ("scenario", "baseline", "outcome", "group", "level", "horizon_weeks", "baseline_value", "scenario_value",
           "difference", "ci_low", "ci_high", "replicates", "window_weeks")  # fmt: skip
EVERYBODY = Key("inactive", "all", "all")
COST = Key("cost", "all", "all")
DOUBT = ("doubt_low", "doubt_high")
"""Columns besides, with several sets of parameters: the 95% range of the effect over them, chance taken out."""
UNSEEN = Key("inactive_unseen", "all", "all")
PERSISTENCE = (52, 104)
"""Weeks after the last programme ends at which what lasts is read."""


@dataclass
class Values:
    """One scenario beside its baseline: two arrays (R, K), one row a replicate, for the columns `keys`."""

    keys: list[Key]
    baseline: np.ndarray
    scenario: np.ndarray


def effects(batch: Batch) -> pd.DataFrame:
    """Every effect of every scenario: the columns of `COLUMNS`, in design order."""
    towns = batch.plan.towns
    read: list[list[list[Read]]] = [[] for _ in towns]
    for job, result in batch.results():
        chosen = windows_of(job)
        read[job.group].append([Read(record, chosen, job.town) for record in result.records])
    tables = [
        of_scenario(town, arms[0], arms[number], [(run[0], run[number]) for run in runs], batch.plan.sets)
        for (town, arms), runs in zip(towns, read, strict=True)
        for number in range(1, len(arms))
    ]
    frame = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))
    return frame[[*COLUMNS, *DOUBT] if batch.plan.sets > 1 else list(COLUMNS)]


class Read:
    """What is kept of one record: values at every window, and those known only at the end."""

    def __init__(self, record: Record, windows: list[levels.Window], town: Town) -> None:
        self.keys = summary.keys(record)
        self.adults = float(levels.people(record)[record.index("all")])
        self.at = dict(zip(windows, summary.at_horizons(record, windows), strict=True))
        self.end = {Key("reach", group, level): share for (group, level), share in record.reach.items()}
        self.end |= {
            Key("in_groups", group, level): share for (group, level), share in record.in_groups.items()
        }
        self.end |= asset_use(record, town.place)

    def values(self, window: levels.Window, last: bool) -> dict[Key, float]:
        """Every value of one window."""
        return dict(zip(self.keys, self.at[window].tolist(), strict=True)) | (self.end if last else {})


def asset_use(record: Record, place: Any) -> dict[Key, float]:
    """Share of the capacity of each kind of asset that is used, over the last year; assets of the place alone."""
    kinds = place.assets["kind"].to_numpy() if len(place.assets) else np.zeros(0, str)
    if len(record.asset_visits) < len(kinds):
        return {}
    visits, capacity = record.asset_visits[: len(kinds)], record.asset_capacity[: len(kinds)]
    totals = {kind: (visits[kinds == kind].sum(), capacity[kinds == kind].sum()) for kind in ASSET_KINDS}
    return {
        Key("asset_use", "asset_kind", kind): used / room for kind, (used, room) in totals.items() if room > 0
    }


def windows_of(job: Job) -> list[levels.Window]:
    """The horizons of a run, and the weeks at which what lasts is read."""
    chosen = levels.windows(job.town.weeks)
    later = [window for arm in job.arms for window in persistence(arm, job.town.weeks).values()]
    return list(dict.fromkeys([*chosen, *later]))


def persistence(arm: Arm, weeks: int) -> dict[str, levels.Window]:
    """The windows at which what lasts of a scenario is read, by outcome; none when it has no end."""
    end = arm.end_week
    if end is None:
        return {}
    return {f"persistence_{after}": levels.Window(end + after, end + after - levels.SHORT, end + after)
            for after in PERSISTENCE if end + after <= weeks}  # fmt: skip


class Kept(Protocol):
    """One run, read: people, and every value of a window."""

    adults: float

    def values(self, window: levels.Window, last: bool) -> dict[Key, float]:
        """Every value of one window; `last`: with those known only at the end."""


def of_scenario(
    town: Town, base: Arm, arm: Arm, pairs: Sequence[tuple[Kept, Kept]], sets: int = 1
) -> pd.DataFrame:
    """The effects of one scenario: pairs of (baseline, scenario), one a replicate, set after set of parameters."""
    chosen, adults, tables = levels.windows(town.weeks), pairs[0][0].adults, []
    for window in chosen:
        values, unseen = _without_unseen(_aligned(pairs, window, last=window is chosen[-1]))
        tables.append(_rows(values, window, sets))
        if (crossing := _chasm(values, window, sets)) is not None:
            tables.append(crossing)
        if unseen is not None:
            tables.append(_direct_and_spillover(values, unseen, window, sets))
        moved = people_moved(values, adults)
        if moved is not None:
            tables.append(_money(values, moved, window, sets))
    for outcome, window in persistence(arm, town.weeks).items():
        table = _rows(_aligned(pairs, window, last=False, only=EVERYBODY), window, sets)
        tables.append(table.assign(outcome=outcome))
    frame = pd.concat(tables, ignore_index=True)
    return frame.assign(scenario=arm.name, baseline=base.name, replicates=len(pairs))


def _aligned(
    pairs: Sequence[tuple[Kept, Kept]], window: levels.Window, last: bool, only: Key | None = None
) -> Values:
    """Values of both arms in the same columns; what an arm does not have (no programme, so nobody joined) is 0."""
    told = [(one.values(window, last), two.values(window, last)) for one, two in pairs]
    keys = list(dict.fromkeys(key for one, two in told for key in (*two, *one)))
    keys = [key for key in keys if (last or key.group != "zone") and only in (None, key)]
    left = np.array([[one.get(key, 0.0) for key in keys] for one, _ in told])
    right = np.array([[two.get(key, 0.0) for key in keys] for _, two in told])
    return Values(keys, left, right)


def _rows(values: Values, window: levels.Window, sets: int = 1) -> pd.DataFrame:
    told = apart(values.scenario - values.baseline, sets)
    mean, low, high = told.mean, told.low, told.high
    return pd.DataFrame({
        "outcome": [key.outcome for key in values.keys],
        "group": [key.group for key in values.keys],
        "level": [key.level for key in values.keys],
        "horizon_weeks": window.horizon_weeks,
        "baseline_value": values.baseline.mean(axis=0),
        "scenario_value": values.scenario.mean(axis=0),
        "difference": mean,
        "ci_low": low,
        "ci_high": high,
        "window_weeks": window.weeks,
        **({} if sets < 2 else {"doubt_low": told.doubt_low, "doubt_high": told.doubt_high}),
    })  # fmt: skip


def _chasm(values: Values, window: levels.Window, sets: int = 1) -> pd.DataFrame | None:
    """Rows of what tells whether a plan gets from those who take things up first to the many (scenarios/chasm.py)."""
    gains = dict(zip(values.keys, (values.scenario - values.baseline).T, strict=True))
    found = {}
    for outcome in chasm.MEASURES:
        if all(Key(outcome, "segment", level) in gains for level in (*chasm.EARLY, chasm.MAJORITY)):
            of = {level: gains[Key(outcome, "segment", level)] for level in (*chasm.EARLY, chasm.MAJORITY)}
            found[Key(f"chasm_{outcome}", "all", "all")] = chasm.contrast(outcome, of.__getitem__)
    if not found:
        return None
    contrasts = np.column_stack(list(found.values()))
    return _rows(Values(list(found), np.zeros_like(contrasts), contrasts), window, sets)


def _without_unseen(values: Values) -> tuple[Values, np.ndarray | None]:
    """The values without those of the run in which nobody sees what the plan changes in others, and its share
    inactive, (R,); None when there was no such run."""
    kept = [number for number, key in enumerate(values.keys) if not key.outcome.endswith("_unseen")]
    unseen = None
    if UNSEEN in values.keys:
        unseen = values.scenario[:, values.keys.index(UNSEEN)]
    keys = [values.keys[number] for number in kept]
    return Values(keys, values.baseline[:, kept], values.scenario[:, kept]), unseen


def _direct_and_spillover(
    values: Values, unseen: np.ndarray, window: levels.Window, sets: int = 1
) -> pd.DataFrame:
    """The effect on the share inactive in two parts that add up: without and by what spreads between people."""
    column = values.keys.index(EVERYBODY)
    baseline, scenario = values.baseline[:, column], values.scenario[:, column]
    both = Values([Key("effect_direct", "all", "all"), Key("effect_spillover", "all", "all")],
                  np.column_stack([baseline, unseen]), np.column_stack([unseen, scenario]))  # fmt: skip
    return _rows(both, window, sets)


def people_moved(values: Values, adults: float) -> np.ndarray | None:
    """(R,) adults whom the scenario moves out of inactivity, against its baseline; None when it is not known."""
    if EVERYBODY not in values.keys:
        return None
    column = values.keys.index(EVERYBODY)
    return (values.baseline[:, column] - values.scenario[:, column]) * adults


def _money(values: Values, moved: np.ndarray, window: levels.Window, sets: int = 1) -> pd.DataFrame:
    """The rows of people moved, and of cost for each of them when there is a cost.

    The interval of the ratio is over all runs: with several sets of parameters it holds doubt and chance together.
    """
    told = apart(moved[:, None], sets)
    ends = (float(told.doubt_low[0]), float(told.doubt_high[0]))
    rows = [("people_moved", 0.0, told.mean[0], told.mean[0], told.low[0], told.high[0], *ends)]
    if COST in values.keys:
        column = values.keys.index(COST)
        ratio, low_ratio, high_ratio = fieller(values.scenario[:, column] - values.baseline[:, column], moved)
        rows.append(
            ("cost_per_person_moved", math.nan, ratio, ratio, low_ratio, high_ratio, math.nan, math.nan)
        )
    names = ["outcome", "baseline_value", "scenario_value", "difference", "ci_low", "ci_high", *DOUBT]
    frame = pd.DataFrame(rows, columns=names)
    if sets < 2:
        frame = frame.drop(columns=list(DOUBT))
    return frame.assign(
        group="all", level="all", horizon_weeks=window.horizon_weeks, window_weeks=window.weeks
    )


def paired(differences: np.ndarray, level: float = 0.95) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean of paired differences (R, K) with Student's t interval over replicates; nan ends when R is 1."""
    count = len(differences)
    mean = differences.mean(axis=0)
    if count < 2:
        unknown = np.full_like(mean, np.nan)
        return mean, unknown, unknown.copy()
    half = _student(level, count - 1) * differences.std(axis=0, ddof=1) / math.sqrt(count)
    return mean, mean - half, mean + half


@dataclass(frozen=True)
class Apart:
    """Mean effects (K,) with what chance does to them and, apart, what doubt about the numbers does."""

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    doubt_low: np.ndarray
    doubt_high: np.ndarray


def apart(differences: np.ndarray, sets: int = 1, level: float = 0.95) -> Apart:
    """Take chance and doubt about the numbers apart: differences (R, K), set after set of parameters.

    Chance is the spread within sets; doubt is the spread of the sets' means beyond what chance gives them (one-way
    analysis of variance), as the range in which the effect under one more set would lie if chance were no more.
    """
    if sets < 2:
        mean, low, high = paired(differences, level)
        unknown = np.full_like(mean, np.nan)
        return Apart(mean, low, high, unknown, unknown)
    each = len(differences) // sets
    blocks = differences.reshape(sets, each, -1)
    means = blocks.mean(axis=1)
    mean = means.mean(axis=0)
    within = ((blocks - means[:, None]) ** 2).sum(axis=(0, 1)) / (sets * (each - 1))
    chance = _student(level, sets * (each - 1)) * np.sqrt(within / (sets * each))
    between = np.maximum(means.var(axis=0, ddof=1) - within / each, 0.0)
    doubt = _student(level, sets - 1) * np.sqrt(between * (1 + 1 / sets))
    return Apart(mean, mean - chance, mean + chance, mean - doubt, mean + doubt)


def fieller(cost: np.ndarray, moved: np.ndarray, level: float = 0.95) -> tuple[float, float, float]:
    """Ratio of mean cost to mean people moved, with Fieller's interval over replicates.

    All nan ("not determined") when the interval of people moved is unknown, holds 0 or lies below it: a cost for
    each person moved means something only where people surely move. Source: Fieller 1954, JRSS B 16:175-185.
    """
    nothing = (math.nan, math.nan, math.nan)
    count = len(cost)
    if count < 2:
        return nothing
    top, below = float(cost.mean()), float(moved.mean())
    spread = np.cov(np.vstack([cost, moved]), ddof=1) / count
    cost_var, both, moved_var = spread[0, 0], spread[0, 1], spread[1, 1]
    t = _student(level, count - 1)
    if below <= 0 or below**2 <= t**2 * moved_var:
        return nothing
    ratio, g = top / below, t**2 * moved_var / below**2
    slack = cost_var - 2 * ratio * both + ratio**2 * moved_var
    if moved_var > 0:
        slack -= g * (cost_var - both**2 / moved_var)
    centre = ratio - (g * both / moved_var if moved_var > 0 else 0.0)
    half = t / below * math.sqrt(max(slack, 0.0))
    return ratio, (centre - half) / (1 - g), (centre + half) / (1 - g)


def _student(level: float, freedom: int) -> float:
    from scipy.stats import t

    return float(t.ppf(0.5 + level / 2, freedom))
