"""The result of one run as a tidy table, and a tidy table as values that effects can be taken of.

Zones are left out unless asked for: a sweep is read by group, and zones would be nine rows of every ten.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from model.outcomes import catalogue, levels
from model.outcomes.summary import Key
from scenarios.results import over_time
from scenarios.results.effects import Read, windows_of
from scenarios.runs.design import Job
from scenarios.runs.job import Result

WORDS = ("run", "scenario", "group", "level", "outcome")
SCHEMA = pa.schema([
    *((name, pa.dictionary(pa.int32(), pa.string())) for name in ("run", "scenario")),
    ("replicate", pa.int32()), ("seed", pa.int64()), ("horizon_weeks", pa.int32()), ("window_weeks", pa.int32()),
    *((name, pa.dictionary(pa.int32(), pa.string())) for name in ("group", "level", "outcome")),
    ("value", pa.float64()),
])  # fmt: skip
"""The columns of a run: one row a scenario, horizon, group, level and outcome."""

PEOPLE = (Key("adults", "all", "all"), Key("residents_simulated", "all", "all"))
"""Real adults, of everybody and of each group, and residents simulated; at the last horizon."""


class NotFinite(ValueError):
    """A run gave a value that is not a number."""


def tidy(job: Job, result: Result) -> pa.Table:
    """The table of one run, in the columns of SCHEMA. Raises NotFinite when an outcome of everybody is no number."""
    own = [levels.Window(last, first, last) for first, last in job.town.windows]
    horizons = levels.windows(job.town.weeks)
    chosen = list(dict.fromkeys([*windows_of(job), *own]))
    last = horizons[-1]
    scenario: list[str] = []
    horizon: list[int] = []
    width: list[int] = []
    keys: list[Key] = []
    values: list[float] = []
    for arm, record in zip(job.arms, result.records, strict=True):
        read = Read(record, chosen, job.town)
        for window in chosen:
            told = read.values(window, window == last)
            if not job.town.zones:
                told = {key: value for key, value in told.items() if key.group != "zone"}
            if window not in horizons and window not in own:
                told = over_time.kept(told)
            if window == last:
                told |= {
                    Key("adults", *pair): count for pair, count in read.people.items() if pair[0] != "zone"
                }
                told |= dict(zip(PEOPLE, (result.adults, float(result.residents)), strict=True))
            check_finite(told, arm.name)
            keys += told
            values += told.values()
            scenario += [arm.name] * len(told)
            horizon += [window.horizon_weeks] * len(told)
            width += [window.weeks] * len(told)
    count = len(values)
    columns = {
        "run": _words([job.id] * count),
        "scenario": _words(scenario),
        "replicate": np.full(count, job.replicate, np.int32),
        "seed": np.full(count, job.seed, np.int64),
        "horizon_weeks": np.array(horizon, np.int32),
        "window_weeks": np.array(width, np.int32),
        **{name: _words([getattr(key, name) for key in keys]) for name in ("group", "level", "outcome")},
        "value": np.array(values, np.float64),
    }
    return pa.table(columns, schema=SCHEMA)


def _words(words: list[str]) -> pa.DictionaryArray:
    return pa.array(words, pa.string()).dictionary_encode()


def check_finite(values: dict[Key, float], scenario: str) -> None:
    """Raise NotFinite when an outcome of everybody is no number; gaps have none where a group is empty."""
    may_lack = catalogue.names("gap", "measured")
    bad = [key.outcome for key, value in values.items()
           if key.group == "all" and key.outcome not in may_lack and not math.isfinite(value)]  # fmt: skip
    if bad:
        raise NotFinite(f"{scenario}: not a number: {', '.join(sorted(set(bad)))}")


@dataclass
class ArmRows:
    """Where one arm's rows stand in a table: the keys and rows of each window, and the row of each group's adults."""

    at: dict[tuple[int, int], tuple[list[Key], list[int]]] = field(default_factory=dict)
    people: dict[tuple[str, str], int] = field(default_factory=dict)


class KeptRun:
    """One arm of a kept run: what `effects.of_scenario` reads."""

    def __init__(self, rows: ArmRows, numbers: np.ndarray) -> None:
        self._rows, self._numbers = rows, numbers
        self.people = {pair: float(numbers[row]) for pair, row in rows.people.items()}
        self.adults = self.people.get(("all", "all"), math.nan)

    def values(self, window: levels.Window, last: bool) -> dict[Key, float]:
        """Every value of one window."""
        keys, rows = self._rows.at[window.horizon_weeks, window.weeks]
        return dict(zip(keys, self._numbers[rows].tolist(), strict=True))


_INDEX = ("scenario", "horizon_weeks", "window_weeks", "outcome", "group", "level")


def arms(table: pa.Table) -> dict[str, KeptRun]:
    """The arms of a kept run by name."""
    numbers = table.column("value").to_numpy()
    return {arm: KeptRun(rows, numbers) for arm, rows in _rows_of(table).items()}


_known: list[tuple[pa.Table, dict[str, ArmRows]]] = []
_MOST_KNOWN = 8


def _rows_of(table: pa.Table) -> dict[str, ArmRows]:
    """Nearly all runs of a sweep have their rows in the same places, so that these are found but a few times."""
    index = table.select(_INDEX).unify_dictionaries().combine_chunks()
    for one, found in _known:
        if one.equals(index):
            return found
    made: dict[str, ArmRows] = {}
    for row, (arm, horizon, width, outcome, group, level) in enumerate(
        zip(*(index.column(name).to_pylist() for name in _INDEX), strict=True)
    ):
        rows, key = made.setdefault(arm, ArmRows()), Key(outcome, group, level)
        if outcome == "adults":
            rows.people[group, level] = row
        elif key not in PEOPLE:
            keys, places = rows.at.setdefault((horizon, width), ([], []))
            keys.append(key)
            places.append(row)
    _known.insert(0, (index, made))
    del _known[_MOST_KNOWN:]
    return made
