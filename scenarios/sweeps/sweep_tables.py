"""The tables of a sweep, written from its runs in design order, one point in memory at a time.

The same runs give the same bytes, whatever was killed on the way: `runs.parquet` and `effects.parquet` are made of
results alone; what happened on the way stands in `failures.csv`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from model.files import moving
from scenarios.batches.runstore import RunStore
from scenarios.files import store
from scenarios.results.effects import COLUMNS, of_scenario
from scenarios.runs import rows
from scenarios.runs.design import Job, canonical, digest
from scenarios.runs.run_tables import table_of_runs
from scenarios.sweeps.sweep_plan import SweepDesign

FILES = (
    "points.parquet",
    "points.csv",
    "runs.parquet",
    "effects.parquet",
    "effects.csv",
    "jobs.parquet",
    "failures.csv",
    "weekly.parquet",
    "events.parquet",
)
"""The tables, in the order of writing; the manifest comes last."""

EFFECTS = "effects"
"""What workers work out of points, kept beside runs until the tables are written."""

_TEXT = ("scenario", "group", "level", "outcome")
_FEW = 200_000
"""Rows of effects up to which they are written as CSV, too."""


def write(
    plan: SweepDesign, runs: RunStore, folder: Path, large: Callable[[RunStore], None] | None = None
) -> list[str]:
    """Write every table whole; the names of those written. large: writes the two that are written as runs end."""
    for name in FILES:
        moving.remove(folder / name)
    points = points_frame(plan)
    store.write_table(points, folder / "points.parquet")
    store.write_csv(points, folder / "points.csv")
    large(runs) if large else write_runs_and_effects(plan, runs, folder)
    for kind in plan.file.besides:
        _write_besides(plan, runs, kind, folder / f"{kind}.parquet")
    with pq.ParquetFile(folder / "effects.parquet") as effects:
        few = effects.read().to_pandas() if effects.metadata.num_rows <= _FEW else None
    if few is not None:
        store.write_csv(points.merge(few, on="point"), folder / "effects.csv")
    store.write_table(jobs_frame(plan, runs), folder / "jobs.parquet")
    store.write_csv(failures_frame(plan, runs), folder / "failures.csv")
    return [name for name in FILES if (folder / name).exists()]


def points_frame(plan: SweepDesign) -> pd.DataFrame:
    """One row a point: its number, and every varied field; lists are written as text."""
    plain = [{key: canonical(value) if isinstance(value, list | dict) else value for key, value in point.items()}
             for point in plan.points]  # fmt: skip
    frame = pd.DataFrame(plain)
    frame.insert(0, "point", np.arange(len(frame), dtype=np.int32))
    return frame


class Sheets:
    """runs.parquet and effects.parquet under way, as drafts in a folder: points are added in design order."""

    def __init__(self, plan: SweepDesign, drafts: Path) -> None:
        self.plan, self.drafts = plan, drafts
        self._effects: pq.ParquetWriter | None = None
        self._wide = pa.schema(
            [("point", pa.int32()), *(field for field in rows.SCHEMA if field.name != "run")]
        )
        words = [field.name for field in self._wide if field.name != "value"]
        self._runs = pq.ParquetWriter(drafts / "runs.parquet", self._wide, compression="zstd",
                                      use_byte_stream_split=["value"], use_dictionary=words)  # fmt: skip

    def add(self, point: int, tables: list[pa.Table], runs: RunStore) -> None:
        """The runs of a point that are there, and its effects; nothing of a point that has none."""
        if not tables:
            return
        table = pa.concat_tables([table.drop_columns(["run"]) for table in tables]).unify_dictionaries()
        numbers = pa.array(np.full(len(table), point, np.int32))
        self._runs.write_table(
            table.add_column(0, "point", numbers).cast(self._wide), row_group_size=len(table)
        )
        effects = effects_of(self.plan, runs, point, tables)
        if self._effects is None:
            self._effects = pq.ParquetWriter(
                self.drafts / "effects.parquet", effects.schema, compression="zstd"
            )
        self._effects.write_table(effects, row_group_size=len(effects))

    def close(self) -> None:
        """End both files."""
        if self._effects is None:
            empty = pa.schema([("point", pa.int32())])
            self._effects = pq.ParquetWriter(self.drafts / "effects.parquet", empty, compression="zstd")
        self._effects.close()
        self._runs.close()

    def appear(self, folder: Path) -> None:
        """Let the finished files be seen in a folder, whole."""
        for name in ("runs.parquet", "effects.parquet"):
            with open(self.drafts / name, "rb+") as file:
                os.fsync(file.fileno())
            moving.replace(self.drafts / name, folder / name)


def write_runs_and_effects(plan: SweepDesign, runs: RunStore, folder: Path) -> None:
    """Write runs.parquet and effects.parquet of the runs that are there and sound."""
    with tempfile.TemporaryDirectory(
        prefix=".", suffix=".tmp", dir=folder, ignore_cleanup_errors=True
    ) as drafts:
        sheets = Sheets(plan, Path(drafts))
        try:
            for point, tables in by_point(plan, runs):
                sheets.add(point, tables, runs)
        finally:
            sheets.close()
        sheets.appear(folder)


def _write_besides(plan: SweepDesign, runs: RunStore, kind: str, path: Path) -> None:
    """Write what is kept of every run besides, run after run in design order, with `point` in front."""
    place = [(point, run_id) for point, ids in enumerate(plan.runs) for run_id in ids]
    found = runs.beside(kind).tables(run_id for _, run_id in place)
    with table_of_runs(path) as add:
        for (point, _), (_, table) in zip(place, found, strict=True):
            if table is not None:
                add(table.add_column(0, "point", pa.array(np.full(len(table), point, np.int32))))


def by_point(plan: SweepDesign, runs: RunStore, first: int = 0) -> Iterator[tuple[int, list[pa.Table]]]:
    """Every point from one on, with the tables of its finished replicates."""
    found = runs.tables(run_id for ids in plan.runs[first:] for run_id in ids)
    for point in range(first, len(plan.points)):
        yield point, [table for _, table in (next(found) for _ in plan.runs[point]) if table is not None]


def key_of(run_ids: list[str]) -> str:
    """The name of what is worked out of these runs."""
    return digest(" ".join(run_ids))


def effects_of(plan: SweepDesign, runs: RunStore, point: int, tables: list[pa.Table]) -> pa.Table:
    """The effects of a point: as a worker left them, else worked out here. tables: its runs that are there."""
    if len(tables) == len(plan.runs[point]):
        kept = runs.beside(EFFECTS).load(key_of(plan.runs[point]))
        if kept is not None:  # another plan may have had the point at another place
            number = pa.array([point] * len(kept), pa.int32())
            return kept.set_column(0, "point", number)
    return effects_table(point, plan.jobs(point)[0], tables)


def effects_table(point: int, job: Job, tables: list[pa.Table]) -> pa.Table:
    """The effects of a point, from the tables of its runs."""
    kept = [rows.arms(table) for table in tables]
    base = job.arms[0]
    frames = [of_scenario(job.town, base, arm, [(run[base.name], run[arm.name]) for run in kept])
              for arm in job.arms[1:]]  # fmt: skip
    frame = pd.concat(frames, ignore_index=True)[list(COLUMNS)]
    frame.insert(0, "point", np.full(len(frame), point, np.int32))
    numbers = ("baseline_value", "scenario_value", "difference", "ci_low", "ci_high")
    whole = {name: frame[name].astype(np.float64) for name in numbers}
    words = {name: frame[name].astype(str) for name in ("scenario", "baseline", "outcome", "group", "level")}
    table = pa.Table.from_pandas(
        frame.assign(**whole, **words), preserve_index=False
    ).replace_schema_metadata(None)
    return table.cast(pa.schema([pa.field(f.name, pa.string() if pa.types.is_large_string(f.type) else f.type)
                                 for f in table.schema]))  # fmt: skip


def jobs_frame(plan: SweepDesign, runs: RunStore) -> pd.DataFrame:
    """One row a planned run: point, replicate, id, and whether it is ok, failed or missing."""
    ok, failed = runs.ids(), runs.set_aside()
    told = [(point, replicate, run_id, "ok" if run_id in ok else "failed" if run_id in failed else "missing")
            for point, ids in enumerate(plan.runs) for replicate, run_id in enumerate(ids)]  # fmt: skip
    return pd.DataFrame(told, columns=["point", "replicate", "run", "status"])


def failures_frame(plan: SweepDesign, runs: RunStore) -> pd.DataFrame:
    """One row a try that failed, of runs with no result: where, how often, which kind, what it said."""
    place = {run_id: (point, replicate) for point, ids in reversed(list(enumerate(plan.runs)))
             for replicate, run_id in enumerate(ids)}  # fmt: skip
    told = [(*place[run_id], run_id, end.number, end.kind, end.message, end.host)
            for run_id, ends in runs.failures().items() if run_id in place for end in ends]  # fmt: skip
    names = ["point", "replicate", "run", "attempt", "kind", "message", "host"]
    return pd.DataFrame(sorted(told), columns=names)
