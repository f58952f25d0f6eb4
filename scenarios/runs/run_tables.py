"""Tables of whole runs as Parquet: every outcome of every week, and what happened to groups and programmes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from model.outcomes import catalogue, summary
from model.outcomes.events import COLUMNS as EVENTS
from model.outcomes.record import UNIT, Record
from model.outcomes.strata import FEWEST
from scenarios.files.store import whole
from scenarios.runs.design import Job
from scenarios.runs.job import Result

ZONE_STEP = 4
"""Zones are written every so many weeks: they are most of the rows and seldom read weekly."""

FINE = 16
"""Shares are kept to so small a part of one resident of their group, or finer."""

MINUTE, GAP = 2.0**-10, 2.0**-20
"""Steps to which mean minutes, and gaps between groups, are kept. What is measured of residents is kept as it is."""

LEVEL = 19
"""How hard zstd packs: 0.07 s a run of five years, and a tenth smaller than usual."""


@contextmanager
def table_of_runs(path: Path) -> Iterator[Callable[[pa.Table], None]]:
    """Write tables of one schema whole, a row group each, as they are handed over: what repeats packs as dictionaries."""
    with whole(path) as draft:
        writer: Any = None

        def add(table: pa.Table) -> None:
            nonlocal writer
            if writer is None:
                repeated = [name for name in table.column_names if name not in ("week", "value")]
                split = ["value"] if "value" in table.column_names else False
                writer = pq.ParquetWriter(draft, table.schema, compression="zstd", compression_level=LEVEL,
                                          use_dictionary=repeated, use_byte_stream_split=split)  # fmt: skip
            writer.write_table(table, row_group_size=max(1, len(table)))

        try:
            yield add
        finally:
            if writer is not None:
                writer.close()


def events_table(scenario: str, replicate: int, seed: int, start: date, record: Record) -> pa.Table:
    """What happened in one run, an event a row."""
    told = record.events or {name: np.zeros(0) for name in EVENTS}
    here = np.zeros(len(told["week"]), np.int32)
    text = {name: _words([str(word) for word in told[name]], np.arange(len(here))) for name in _EVENT_WORDS}
    columns = {
        "scenario": _words([scenario], here),
        "replicate": pa.array(here + np.int32(replicate)),
        "seed": pa.array(np.full(len(here), seed, np.int64)),
        "week": pa.array(told["week"].astype(np.int32)),
        "group": pa.array(told["group"].astype(np.int32)),
        "people": pa.array(told["people"].astype(np.float64)),
        **text,
    }
    return pa.table({name: columns[name] for name in ("scenario", "replicate", "seed", *EVENTS)})


_EVENT_WORDS = ("event", "origin", "kind", "place", "zone", "programme")


def weekly_table(scenario: str, replicate: int, seed: int, start: date, record: Record) -> pa.Table:
    """Every outcome of every week of one run, tidy; a series stands together, so that it packs well and reads fast."""
    names, values, weeks = summary.keys(record), rounded(record), record.weeks
    few = {stratum for stratum, number in record.simulated.items() if number < FEWEST}
    values[:, [(key.group, key.level) in few for key in names]] = np.nan
    zones = np.array([key.group == "zone" for key in names])
    keep = np.where(zones[:, None], (weeks % ZONE_STEP == 0)[None, :], True)
    series, row = np.nonzero(keep)
    days = np.array([start + timedelta(weeks=int(week)) for week in weeks], dtype="datetime64[ms]")
    columns = {
        "scenario": _words([scenario], np.zeros(len(series), np.int32)),
        "replicate": pa.array(np.full(len(series), replicate, np.int32)),
        "seed": pa.array(np.full(len(series), seed, np.int64)),
        "week": pa.array(weeks[row].astype(np.int32)),
        "date": pa.array(days[row]),
        "group": _words([key.group for key in names], series),
        "level": _words([key.level for key in names], series),
        "outcome": _words([key.outcome for key in names], series),
        "value": pa.array(values.T[keep]),
    }
    return pa.table(columns)


BESIDES = ("weekly", "events")
"""What a sweep can keep of every run besides."""


def besides(kind: str, job: Job, result: Result) -> pa.Table:
    """The weeks or the events of all arms of one run; zones only where the town tells them."""
    make = weekly_table if kind == "weekly" else events_table
    told = []
    for arm, record in zip(job.arms, result.records, strict=True):
        table = make(arm.name, job.replicate, job.seed, job.town.start, record)
        if kind == "weekly" and not job.town.zones:
            table = table.filter(pc.not_equal(table["group"].cast(pa.string()), "zone"))
        told.append(table)
    return pa.concat_tables(told).unify_dictionaries()


def rounded(record: Record) -> np.ndarray:
    """(W, K) `summary.weekly` on steps that are powers of two, far finer than what the values tell: they pack into a
    third. Shares of a stratum still add up to 1, flows are exact.
    """
    values, count = summary.weekly(record), len(record.strata)
    shares = values[:, : 4 * count].reshape(len(values), count, 4)
    people = record.counts.sum(axis=2).max(axis=0, initial=UNIT) / UNIT
    step = 2.0 ** -np.ceil(np.log2(FINE * people))
    inactive, active = (np.round(shares[:, :, k] / step) * step for k in (0, 2))
    minutes = np.round(shares[:, :, 3] / MINUTE) * MINUTE
    packed = np.stack([inactive, 1.0 - inactive - active, active, minutes], axis=2)
    gaps = slice(4 * count, 4 * count + len(catalogue.names("gap")))
    values[:, : 4 * count] = packed.reshape(len(values), -1)
    values[:, gaps] = np.round(values[:, gaps] / GAP) * GAP
    return values


def _words(words: list[str], index: np.ndarray) -> pa.DictionaryArray:
    """A dictionary column: `words[index]`, each different word stored once."""
    distinct, code = np.unique(np.array(words, dtype=str), return_inverse=True)
    return pa.DictionaryArray.from_arrays(
        pa.array(code[index].astype(np.int32)), pa.array(distinct.tolist(), pa.string())
    )
