"""The result of a job as a table of one cell, for the store of runs: arrays and a JSON header, no pickle."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from model.outcomes.record import Record
from scenarios.runs.job import Result

_FACTS = ("job_id", "build_seconds", "run_seconds", "residents", "adults")
_SHARES = ("reach", "in_groups", "simulated")
_TOLD = ("events", "served", "spent", "measured")
"""Parts of a record that are arrays by name."""
_ARRAYS = ("weeks", "counts", "minutes", "kind_minutes", "asset_visits", "asset_capacity")


def table(result: Result) -> pa.Table:
    """One column `part` of one cell that holds the whole result."""
    header = {name: getattr(result, name) for name in _FACTS}
    header["records"] = [_header(record) for record in result.records]
    arrays = {"header": np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)}
    for number, record in enumerate(result.records):
        for name in _ARRAYS:
            arrays[f"{number}.{name}"] = getattr(record, name)
        arrays |= {f"{number}.flow.{name}": flow for name, flow in record.flows.items()}
        for told in _TOLD:
            arrays |= {f"{number}.{told}.{name}": column for name, column in getattr(record, told).items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return pa.table({"part": pa.array([buffer.getvalue()], pa.large_binary())})


def result(table: pa.Table) -> Result:
    """The result that such a table holds."""
    with np.load(io.BytesIO(table["part"][0].as_py()), allow_pickle=False) as arrays:
        header = json.loads(arrays["header"].tobytes())
        records = [_record(told, arrays, number) for number, told in enumerate(header["records"])]
    return Result(records=records, **{name: header[name] for name in _FACTS})


def _header(record: Record) -> dict[str, Any]:
    shares = {
        name: [[*stratum, share] for stratum, share in getattr(record, name).items()] for name in _SHARES
    }
    return {
        "strata": record.strata,
        "flows": list(record.flows),
        **{told: list(getattr(record, told)) for told in _TOLD},
        **shares,
    }


def _shares(told: list[list[Any]]) -> dict[tuple[str, str], float]:
    return {(group, level): share for group, level, share in told}


def _record(told: dict[str, Any], arrays: Mapping[str, np.ndarray], number: int) -> Record:
    fields: dict[str, Any] = {name: arrays[f"{number}.{name}"] for name in _ARRAYS}
    fields |= {
        part: {name: arrays[f"{number}.{part}.{name}"] for name in told.get(part, [])} for part in _TOLD
    }
    fields |= {name: _shares(told[name]) for name in _SHARES}
    return Record(
        strata=[(group, level) for group, level in told["strata"]],
        flows={name: arrays[f"{number}.flow.{name}"] for name in told["flows"]},
        **fields,
    )
