"""Paired differences between scenarios and their baseline, with intervals over replicates.

A replicate runs every arm on the same town with common random numbers, so an effect is the mean of the differences
within replicates; its ranges are those of `scenarios/statistics/estimates.py`. With one replicate there is none.

Besides the horizons, effects are read while a plan is delivered, one and two years after, and summed over the run.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from model.outcomes import catalogue, levels, summary
from model.outcomes.record import Record
from model.outcomes.summary import Key
from model.population.columns import ASSET_KINDS
from scenarios.batches.batch import Batch
from scenarios.results import added_up, chasm, over_time
from scenarios.results.added_up import VERSUS, versus
from scenarios.runs.design import Arm, Job, Town
from scenarios.statistics import multilevel, resolution, stray
from scenarios.statistics.estimates import Apart, estimate, fieller, paired, ratio
from scenarios.statistics.multilevel import Kept

__all__ = ["VERSUS", "Apart", "effects", "estimate", "fieller", "paired", "versus"]

COLUMNS = ("scenario", "baseline", "outcome", "group", "level", "horizon_weeks", "baseline_value", "scenario_value",
           "difference", "ci_low", "ci_high", "replicates", "window_weeks", "range_low", "range_high")  # fmt: skip
"""Ranges are 95%: `ci_*` by chance alone, `range_*` by chance and doubt about the numbers together (equal to `ci_*` with
one set of parameters)."""
EVERYBODY = Key("inactive", "all", "all")
COST = Key("cost", "all", "all")
DOUBT = ("doubt_low", "doubt_high")
"""Columns besides, with several sets of parameters: the 95% range of the effect over them, chance taken out, but never
told narrower than what chance hides."""
UNSEEN = Key("inactive_unseen", "all", "all")


@dataclass(frozen=True)
class Behind:
    """Who stands behind a comparison: adults by group and level, the share simulated, and the first week in which the plan
    differs from its baseline; None when it never does."""

    people: Mapping[tuple[str, str], float]
    sample: float
    first: int | None
    stray: float = 0.0
    """The share of an effect by which the sample may be off the whole town (scenarios/statistics/stray.py)."""

    def least(self, values: Values, window: levels.Window) -> np.ndarray:
        """(2, K) how narrow ranges below and above may be at the most; none before the plan differs."""
        if self.first is None or self.first >= window.last:
            return np.zeros((2, len(values.keys)))
        return resolution.least(values.keys, values.baseline, values.scenario, self.people, self.sample,
                                window.horizon_weeks)  # fmt: skip


@dataclass
class Values:
    """One scenario beside its baseline: two arrays (R, K), one row a replicate, for the columns `keys`."""

    keys: list[Key]
    baseline: np.ndarray
    scenario: np.ndarray
    behind: Behind = field(default_factory=lambda: Behind({}, 1.0, None))

    def change(self, key: Key) -> np.ndarray:
        """(R,) the scenario's value less the baseline's."""
        column = self.keys.index(key)
        change: np.ndarray = self.scenario[:, column] - self.baseline[:, column]
        return change

    def only(self, keys: Sequence[Key]) -> Values:
        """The same for some of the columns."""
        columns = [number for number, key in enumerate(self.keys) if key in keys]
        return replace(
            self, keys=[self.keys[n] for n in columns], baseline=self.baseline[:, columns],
            scenario=self.scenario[:, columns],
        )  # fmt: skip


@dataclass
class Compared:
    """One scenario against its baseline: the rows of its effects, and the measures (R,) by which plans are told apart."""

    frame: pd.DataFrame
    measures: dict[str, np.ndarray]


def effects(batch: Batch) -> pd.DataFrame:
    """Every effect of every scenario: the columns of `COLUMNS`, in design order."""
    return of_batch(batch)[0]


def of_batch(
    batch: Batch, against: str | None = None, whole: Batch | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every effect of every scenario (`COLUMNS`), and plans against each other and against sums of plans (`VERSUS`).

    against: the label of a sum that every other plan is held against, besides those that are recognised. whole: runs of
    the same plans in the whole town, by which what a sample strays is taken out (scenarios/statistics/multilevel.py).
    """
    towns, sets = batch.plan.towns, batch.plan.sets
    small = _read(batch)
    read = [list(runs.values()) for runs in small]
    if whole is not None:
        read = [multilevel.lifted(many, few) for many, few in zip(small, _read(whole), strict=True)]
    off = 0.0 if whole is not None else None
    compared = {
        arms[number].name:
            compared_with(town, arms[0], arms[number], [(run[0], run[number]) for run in runs], sets, off)
        for (town, arms), runs in zip(towns, read, strict=True)
        for number in range(1, len(arms))
    }  # fmt: skip
    tables = [one.frame for one in compared.values()]
    frame = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))
    frame = frame[[*COLUMNS, *DOUBT] if sets > 1 else list(COLUMNS)]
    sums = [one for _, arms in towns for one in added_up.recognised(arms)] + added_up.asked(against)
    spans = {arm.name: _spans(arm, town.weeks) for town, arms in towns for arm in arms}
    off = max(stray.of_sample(town.sample) for town, _ in towns) if off is None else off
    return frame, versus({name: one.measures for name, one in compared.items()}, sets, sums, spans, off)


def _read(batch: Batch) -> list[dict[int, list[Kept]]]:
    """Of each town the runs by replicate, each a list of its arms."""
    read: list[dict[int, list[Kept]]] = [{} for _ in {job.group for job in batch.plan.jobs}]
    for job, result in batch.results():
        chosen = windows_of(job)
        read[job.group][job.replicate] = [Read(record, chosen, job.town) for record in result.records]
    return read


def _spans(arm: Arm, weeks: int) -> dict[str, levels.Window]:
    """Over which weeks the outcomes of a plan at its own times are read."""
    return {f"people_moved_{name}": window for name, window in over_time.times(arm, weeks).named.items()}


class Read:
    """What is kept of one record: values at every window, and those known only at the end."""

    def __init__(self, record: Record, windows: list[levels.Window], town: Town) -> None:
        self.keys = summary.keys(record)
        people = levels.people(record)
        self.adults = float(people[record.index("all")])
        self.people = dict(zip(record.strata, people.tolist(), strict=True))
        self.at = dict(zip(windows, summary.at_horizons(record, windows), strict=True))
        nobody = {pair for pair, adults in zip(record.strata, people, strict=True) if not adults > 0}
        shares = {name: getattr(record, name)
                  for name in catalogue.names("end", where=lambda one: one.groups == "groups")}  # fmt: skip
        self.end = {Key(name, *pair): math.nan if pair in nobody else share
                    for name, found in shares.items() for pair, share in found.items()}  # fmt: skip
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
    """The horizons of a run, then the stretches of weeks over which effects are read besides."""
    return list(dict.fromkeys([*levels.windows(job.town.weeks), *stretches(job)]))


def stretches(job: Job) -> list[levels.Window]:
    """Stretches of weeks over which but a few outcomes are read (`over_time.OUTCOMES`)."""
    weeks = job.town.weeks
    own = [window for arm in job.arms for window in over_time.times(arm, weeks).named.values()]
    return list(
        dict.fromkeys([*own, *(over_time.so_far(one.horizon_weeks) for one in levels.windows(weeks))])
    )


def of_scenario(
    town: Town, base: Arm, arm: Arm, pairs: Sequence[tuple[Kept, Kept]], sets: int = 1
) -> pd.DataFrame:
    """The effects of one scenario: pairs of (baseline, scenario), one a replicate, set after set of parameters."""
    return compared_with(town, base, arm, pairs, sets).frame


def compared_with(
    town: Town,
    base: Arm,
    arm: Arm,
    pairs: Sequence[tuple[Kept, Kept]],
    sets: int = 1,
    off: float | None = None,
) -> Compared:
    """One scenario against its baseline: pairs of (baseline, scenario), one a replicate, set after set of parameters.

    off: the share of an effect by which it may be off the whole town's; None: as a sample is.
    """
    chosen, adults, tables = levels.windows(town.weeks), pairs[0][0].adults, []
    behind = Behind(pairs[0][0].people, town.sample, resolution.first_week(base, arm),
                    stray.of_sample(town.sample) if off is None else off)  # fmt: skip
    last: dict[str, np.ndarray] = {}
    for window in chosen:
        values, unseen = _without_unseen(_aligned(pairs, window, behind, last=window is chosen[-1]))
        tables.append(_rows(values, window, sets))
        if (crossing := _chasm(values, window, sets)) is not None:
            tables.append(crossing)
        if unseen is not None:
            tables.append(_direct_and_spillover(values, unseen, window, sets))
        last = _totals(pairs, values, window, adults)
        tables.append(_money(last, window, sets, behind))
    at_times, found = _at_times(town, arm, pairs, adults, sets, behind)
    frame = pd.concat([*tables, *at_times], ignore_index=True)
    frame = frame.assign(scenario=arm.name, baseline=base.name, replicates=len(pairs))
    return Compared(frame, last | found)


def _totals(
    pairs: Sequence[tuple[Kept, Kept]], values: Values, window: levels.Window, adults: float
) -> dict[str, np.ndarray]:
    """(R,) at one horizon: people moved, person-years and gaps from the first week on, cost; what is not known is left
    out."""
    found = {}
    if (moved := people_moved(values, adults)) is not None:
        found["people_moved"] = moved
    whole = over_time.so_far(window.horizon_weeks)
    summed = _aligned(pairs, whole, values.behind, last=False, over=True)
    if (fall := people_moved(summed, 1.0)) is not None:
        found["person_years_moved"] = over_time.person_years(fall, adults, whole)
    for outcome, name in over_time.AVERAGES.items():
        if (key := Key(outcome, "all", "all")) in summed.keys:
            found[name] = summed.change(key)
    if COST in values.keys:
        found["cost"] = values.change(COST)
    return found


def _at_times(
    town: Town,
    arm: Arm,
    pairs: Sequence[tuple[Kept, Kept]],
    adults: float,
    sets: int,
    behind: Behind,
) -> tuple[list[pd.DataFrame], dict[str, np.ndarray]]:
    """Rows of the effects while the plan is delivered and after it, by group; and people moved then, (R,) each."""
    tables, found = [], {}
    for name, window in over_time.times(arm, town.weeks).named.items():
        values = _aligned(pairs, window, behind, last=False, over=True)
        values = values.only([key for key in values.keys if key.outcome == "inactive"])
        tables.append(_rows(values, window, sets).assign(outcome=f"effect_{name}"))
        moved = people_moved(values, adults)
        if moved is None:
            continue
        found[f"people_moved_{name}"] = moved
        tables.append(_plain(f"people_moved_{name}", moved, window, sets, behind))
        if name != "during":
            alone = _rows(values.only([EVERYBODY]), window, sets)
            tables.append(alone.assign(outcome=f"persistence_{name.removeprefix('after_')}"))
    return tables, found


def _aligned(
    pairs: Sequence[tuple[Kept, Kept]],
    window: levels.Window,
    behind: Behind,
    last: bool,
    over: bool = False,
) -> Values:
    """Values of both arms in the same columns; what an arm does not have (no programme, so nobody joined) is 0.

    over: the window is a stretch of weeks, over which few outcomes are read.
    """
    read = [(one.values(window, last), two.values(window, last)) for one, two in pairs]
    if over:
        read = [(over_time.kept(one), over_time.kept(two)) for one, two in read]
    keys = list(dict.fromkeys(key for one, two in read for key in (*two, *one)))
    keys = [key for key in keys if last or key.group != "zone"]
    left = np.array([[one.get(key, 0.0) for key in keys] for one, _ in read]).reshape(len(read), len(keys))
    right = np.array([[two.get(key, 0.0) for key in keys] for _, two in read]).reshape(len(read), len(keys))
    return Values(keys, left, right, behind)


def _rows(values: Values, window: levels.Window, sets: int = 1) -> pd.DataFrame:
    changes = values.scenario - values.baseline
    off = values.behind.stray * np.abs(changes.mean(axis=0)) * (np.ptp(changes, axis=0) > 0)
    told = estimate(changes, sets, least=values.behind.least(values, window), stray=off)
    told = told.bounded(resolution.from_none(values.keys, values.baseline, values.scenario))
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
        "range_low": told.range_low,
        "range_high": told.range_high,
        **({} if sets < 2 else {"doubt_low": told.doubt_low, "doubt_high": told.doubt_high}),
    })  # fmt: skip


def _chasm(values: Values, window: levels.Window, sets: int = 1) -> pd.DataFrame | None:
    """Rows of what tells whether a plan gets from those who take things up first to the many (scenarios/results/chasm.py)."""
    gains = dict(zip(values.keys, (values.scenario - values.baseline).T, strict=True))
    found = {}
    for outcome in chasm.MEASURES:
        if all(Key(outcome, "segment", level) in gains for level in (*chasm.EARLY, chasm.MAJORITY)):
            of = {level: gains[Key(outcome, "segment", level)] for level in (*chasm.EARLY, chasm.MAJORITY)}
            found[Key(f"chasm_{outcome}", "all", "all")] = chasm.contrast(outcome, of.__getitem__)
    if not found:
        return None
    contrasts = np.column_stack(list(found.values()))
    return _rows(Values(list(found), np.zeros_like(contrasts), contrasts, values.behind), window, sets)


def _without_unseen(values: Values) -> tuple[Values, np.ndarray | None]:
    """The values without those of the run in which nobody sees what the plan changes in others, and its share
    inactive, (R,); None when there was no such run."""
    kept = [number for number, key in enumerate(values.keys) if not key.outcome.endswith("_unseen")]
    unseen = None
    if UNSEEN in values.keys:
        unseen = values.scenario[:, values.keys.index(UNSEEN)]
    keys = [values.keys[number] for number in kept]
    return Values(keys, values.baseline[:, kept], values.scenario[:, kept], values.behind), unseen


def _direct_and_spillover(
    values: Values, unseen: np.ndarray, window: levels.Window, sets: int = 1
) -> pd.DataFrame:
    """The effect on the share inactive in two parts that add up: without and by what spreads between people."""
    column = values.keys.index(EVERYBODY)
    baseline, scenario = values.baseline[:, column], values.scenario[:, column]
    both = Values([Key("effect_direct", "all", "all"), Key("effect_spillover", "all", "all")],
                  np.column_stack([baseline, unseen]), np.column_stack([unseen, scenario]), values.behind)  # fmt: skip
    return _rows(both, window, sets)


def people_moved(values: Values, adults: float) -> np.ndarray | None:
    """(R,) adults whom the scenario moves out of inactivity, against its baseline; None when it is not known."""
    return -values.change(EVERYBODY) * adults if EVERYBODY in values.keys else None


def _plain(
    outcome: str, values: np.ndarray, window: levels.Window, sets: int, behind: Behind
) -> pd.DataFrame:
    """The row of an amount that the baseline has none of: (R,) of everybody."""
    return _rows(_alone(outcome, values, behind), window, sets)


def _alone(outcome: str, values: np.ndarray, behind: Behind) -> Values:
    return Values([Key(outcome, "all", "all")], np.zeros((len(values), 1)), values[:, None], behind)


PRICES = {one.name: one.of for one in catalogue.OUTCOMES if one.each}
"""Prices, and what each is the price of. Their range is that of chance and doubt together, in `ci_*` as in `range_*`; they are
not known where people may be none or are less than one, nor where a plan costs nothing more than its baseline."""


def _money(totals: dict[str, np.ndarray], window: levels.Window, sets: int, behind: Behind) -> pd.DataFrame:
    """The rows of totals at one horizon, and of prices where there is a cost."""
    whole = over_time.so_far(window.horizon_weeks)
    tables = [_plain(name, values, window if name == "people_moved" else whole, sets, behind)
              for name, values in totals.items() if name != "cost"]  # fmt: skip
    for price, what in PRICES.items():
        if "cost" in totals and what in totals:
            narrowest = behind.least(_alone(what, totals[what], behind), whole)
            off = behind.stray * abs(float(totals[what].mean())) * bool(np.ptp(totals[what]) > 0)
            found, low, high = ratio(totals["cost"], totals[what], sets, narrowest, off)
            if not (found > 0 and totals[what].mean() >= 1):
                found = low = high = math.nan
            row = {"outcome": price, "group": "all", "level": "all", "horizon_weeks": window.horizon_weeks,
                   "baseline_value": math.nan, "scenario_value": found, "difference": found, "ci_low": low,
                   "ci_high": high, "window_weeks": window.weeks, "range_low": low, "range_high": high}  # fmt: skip
            tables.append(pd.DataFrame([row | dict.fromkeys(DOUBT, math.nan)] if sets > 1 else [row]))
    return pd.concat(tables, ignore_index=True)
