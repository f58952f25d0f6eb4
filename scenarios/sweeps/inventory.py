"""What stands in the folders of sweeps: their state, their soundness, and one tidy file out of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from model.errors import Fault, InputError
from model.files.names import refuse
from scenarios.batches.runstore import RunStore
from scenarios.files import store
from scenarios.provenance import checks
from scenarios.runs import rows
from scenarios.sweeps.sweep import Sweep
from scenarios.sweeps.sweep_plan import PLAN
from scenarios.sweeps.sweep_tables import points_frame


def sweeps(folder: Path) -> list[dict[str, Any]]:
    """Every sweep under a folder (or it alone): name, points, runs planned, ok and failed, bytes."""
    if not folder.is_dir():
        raise InputError(Fault("no such folder", found=str(folder)))
    places = (
        [folder] if (folder / PLAN).is_file() else sorted(path.parent for path in folder.glob(f"*/{PLAN}"))
    )
    found = []
    for place in places:
        try:
            one = Sweep.load(place)
        except InputError:
            continue
        size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
        found.append({"folder": str(place), "name": one.plan.file.name, "points": len(one.plan.points),
                      "replicates": one.plan.replicates, "planned": one.tally.planned, "ok": one.tally.ok,
                      "failed": one.tally.failed, "megabytes": round(size / 1e6, 2)})  # fmt: skip
    return found


def check(folder: Path) -> dict[str, Any]:
    """Every byte held against its checksum, every run against the plan. Nothing is changed.

    `sound`: nothing damaged, and finished. Raises InputError when the folder holds no sweep.
    """
    one = Sweep.load(folder)
    damage = [
        {"path": found.path, "problem": found.problem}
        for found in RunStore(folder, one.plan.file.besides).check()
    ]
    manifest = store.read_json(folder / "manifest.json")
    for name, expected in manifest.get("files", {}).items():
        actual = checks.sum_of(folder / name)
        if actual != expected:
            problem = "is missing" if actual is None else "its bytes are not those that were written"
            damage.append({"path": name, "problem": problem})
    told = one.describe()
    missing = one.tally.planned - one.tally.ok - one.tally.failed
    written = bool(manifest) and manifest.get("plan_digest") == one.plan.digest
    return {"sound": not damage and missing == 0 and written, "planned": told["planned"], "ok": told["ok"],
            "failed": told["failed"], "missing": missing, "failures": told["failures"], "tables": written,
            "damaged": damage}  # fmt: skip


def check_lines(told: dict[str, Any]) -> list[str]:
    """What `check` found, in lines."""
    lines = [f"{told['ok']:,} of {told['planned']:,} runs are there, {told['failed']:,} failed, "
             f"{told['missing']:,} are missing."]  # fmt: skip
    lines += [f"damaged: {one['path']}: {one['problem']}" for one in told["damaged"]]
    if told["damaged"]:
        lines.append("Damaged runs are run again by: sweep --resume.")
    if not told["tables"]:
        lines.append("The tables are not written: go on with sweep --resume.")
    return [*lines, "The store is sound." if told["sound"] else "The store is not whole."]


def export(folder: Path, to: Path, partial: bool = False) -> dict[str, Any]:
    """Write every run with its point's fields as columns. Streams: a point in memory at a time.

    Raises InputError when runs are missing (unless `partial`) or the file is of another kind.
    """
    if to.suffix not in (".parquet", ".csv"):
        raise InputError(Fault("must end in .parquet or .csv", key="to", found=str(to)))
    refuse(to, "to")
    if not to.parent.is_dir():
        raise InputError(Fault("no such folder", key="to", found=str(to.parent)))
    one = Sweep.load(folder)
    one.check_whole(partial)
    written = runs = 0
    with store.whole(to) as draft, ExitStack() as opened:
        writer: Any = None
        sink = opened.enter_context(pa.OSFile(str(draft), "wb"))  # CSVWriter leaves one that it opened open
        for table in _wide(one):
            if writer is None:
                writer = opened.enter_context(
                    pc.CSVWriter(sink, table.schema) if to.suffix == ".csv"
                    else pq.ParquetWriter(sink, table.schema, compression="zstd"))  # fmt: skip
            writer.write_table(table)
            written, runs = written + len(table), runs + 1
        if runs < one.tally.ok and not partial:
            raise InputError(Fault(f"{one.tally.ok - runs} runs are damaged", file=str(folder),
                                   hint="Run them again with sweep --resume, or export the rest with --partial."))  # fmt: skip
        if writer is None:
            raise InputError(Fault("there are no runs to export", file=str(folder)))
    return {"path": str(to), "rows": written, "runs": runs, "planned": sum(map(len, one.plan.runs))}


def _wide(one: Sweep) -> Iterator[pa.Table]:
    """Each run with its point's fields in front."""
    points = store.safe_cells(points_frame(one.plan))
    fields = pa.Table.from_pandas(points, preserve_index=False).replace_schema_metadata(None)
    place = ((point, run_id) for point, ids in enumerate(one.plan.runs) for run_id in ids)
    found = RunStore(one.folder).tables(run_id for ids in one.plan.runs for run_id in ids)
    plain = pa.schema(
        [(field.name, pa.string() if field.name in rows.WORDS else field.type) for field in rows.SCHEMA]
    )
    for (point, _), (_, table) in zip(place, found, strict=True):
        if table is None:
            continue
        table = table.cast(plain).drop_columns(["run"])
        front = fields.take(pa.array([point] * len(table)))
        names = [*front.column_names, *table.column_names]
        yield pa.table([*front.columns, *table.columns], names=names)
