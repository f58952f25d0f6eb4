"""The run store: results of many runs in one folder, each whole, checked and counted, whoever dies meanwhile.

    runs/ID-SUM.parquet     one finished run; ID says what was run, SUM is the SHA-256 of the file's own bytes
    kept/weekly/runs/...    what is kept of it besides, if asked for, in the same way; without it the run is not there
    runs/pack-SUM.parquet   many finished runs, one row group each, the ids in its metadata
    attempts/ID.N.log       a try that has not ended well: locked while it runs, else why it failed

A name is given only to a whole file, by rename; a result is believed only when its bytes have the sum of its name.
Whatever is killed, whenever, what stands is right, and what does not stand is run again. Nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from model.files import moving
from scenarios.batches import attempts as tries
from scenarios.batches.attempts import Attempt, Ended
from scenarios.files import store

PACK_RUNS = 500
"""Loose results are packed together by so many, so that no folder fills with small files."""

_IDS = b"everystep_runs"


@dataclass(frozen=True)
class Damage:
    """A file that is not what its name says."""

    path: str
    problem: str


@dataclass
class RunStore:
    """The runs kept under `root`."""

    root: Path
    kinds: tuple[str, ...] = ()
    """What is kept of every run besides its table: `weekly`, `events`."""
    large: bool = False
    """Whether a result is large: then none are packed together."""
    open_packs: int = 4
    """Packs kept open at once."""
    _packs: OrderedDict[Path, tuple[list[str], pq.ParquetFile]] = field(
        default_factory=OrderedDict, repr=False
    )

    @property
    def runs(self) -> Path:
        """Where results are."""
        return self.root / "runs"

    @property
    def attempts(self) -> Path:
        """Where tries are that have not ended well, or not yet."""
        return self.root / "attempts"

    def make(self) -> RunStore:
        """Make its folders."""
        self.runs.mkdir(parents=True, exist_ok=True)
        self.attempts.mkdir(exist_ok=True)
        for kind in self.kinds:
            self.beside(kind).runs.mkdir(parents=True, exist_ok=True)
        return self

    def beside(self, kind: str) -> RunStore:
        """What is kept of runs besides, of one kind: never packed, since it is large."""
        return RunStore(self.root / "kept" / kind)

    def clear(self) -> None:
        """Throw away every result and every try."""
        for folder in (self.runs, self.attempts):
            moving.remove_folder(folder)

    # Writing

    def save(self, run_id: str, table: pa.Table, besides: Mapping[str, pa.Table] | None = None) -> Path:
        """Keep the result of a run, and first what is kept besides. Saving twice changes nothing: equal results have
        equal names."""
        for kind, told in (besides or {}).items():
            self.beside(kind).save(run_id, told)
        content = _parquet(table)
        path = self.runs / f"{run_id}-{checksum(content)}.parquet"
        store.write_bytes(path, content)
        return path

    def compact(self, least: int = PACK_RUNS) -> int:
        """Pack loose results when there are at least so many; how many were packed. Only one process may do so."""
        packed = set(self._packed())
        loose = self._loose()
        for run_id in packed & set(loose):
            moving.remove(loose.pop(run_id))  # packed already, then killed before this line
        if len(loose) < least:
            return 0
        good = {run_id: table for run_id, path in sorted(loose.items()) if (table := _read(path)) is not None}
        if not good:
            return 0
        content = _pack(good)
        store.write_bytes(self.runs / f"pack-{checksum(content)}.parquet", content)
        for run_id in good:
            moving.remove(loose[run_id])
        return len(good)

    def sweep_up(self) -> list[Damage]:
        """Throw away what is damaged or half written, so that it is run again; what went."""
        gone = self.check()
        for damage in gone:
            moving.remove(self.root / damage.path)
        for folder in (self.runs, self.attempts, self.root, *(self.beside(kind).runs for kind in self.kinds)):
            for draft in folder.glob(".*.tmp"):
                moving.remove(draft)
        self._packs.clear()
        return gone

    # Reading

    def ids(self) -> set[str]:
        """Runs that stand in the store, by name; `check` tells whether their bytes are sound."""
        found = set(self._loose()) | set(self._packed())
        return found.intersection(*(self.beside(kind).ids() for kind in self.kinds))

    def holds(self, run_id: str) -> bool:
        """Whether the result of a run stands here, by name."""
        return any(self.runs.glob(f"{run_id}-*.parquet")) or run_id in self._packed()

    def load(self, run_id: str) -> pa.Table | None:
        """The result of a run; None when it is missing or damaged."""
        for path in sorted(self.runs.glob(f"{run_id}-*.parquet")):
            if (table := _read(path)) is not None:
                return table
        place = self._packed().get(run_id)
        if place is None:
            return None
        pack = self._open(place)
        return None if pack is None else pack[1].read_row_group(pack[0].index(run_id))

    def tables(self, run_ids: Iterable[str]) -> Iterator[tuple[str, pa.Table | None]]:
        """Each run with its result, in the order asked for; one pack or so in memory."""
        loose, packed = self._loose(), self._packed()
        for run_id in run_ids:
            if run_id in packed:
                pack = self._open(packed[run_id])
                yield run_id, None if pack is None else pack[1].read_row_group(pack[0].index(run_id))
            else:
                yield run_id, _read(loose[run_id]) if run_id in loose else None

    def check(self) -> list[Damage]:
        """Every file under runs/ whose bytes are not those of its name, and every run with two different results."""
        found: list[Damage] = []
        seen: dict[str, str] = {}
        for path in sorted(self.runs.glob("*.parquet")):
            where = path.relative_to(self.root).as_posix()
            run_id, _, name_sum = path.stem.partition("-")
            if checksum(path.read_bytes()) != name_sum:
                found.append(Damage(where, "its bytes are not those that were written"))
            elif run_id != "pack" and seen.setdefault(run_id, where) != where:
                found.append(Damage(where, f"differs from {seen[run_id]}, another result of the same run"))
        for kind in self.kinds:
            inner = self.beside(kind)
            found += [
                Damage((inner.root / one.path).relative_to(self.root).as_posix(), one.problem)
                for one in inner.check()
            ]
        return found

    # Trying

    def claim(self, run_id: str, deadline_seconds: float | None = None) -> Attempt | str:
        """Begin a try of a run. Instead of one, "done", "running" (elsewhere) or "set aside" (it failed too often)."""
        if any(self.runs.glob(f"{run_id}-*.parquet")) and all(
            any(self.beside(kind).runs.glob(f"{run_id}-*.parquet")) for kind in self.kinds
        ):
            return "done"
        return tries.begin(self.attempts, run_id, deadline_seconds)

    def failures(self) -> dict[str, list[Ended]]:
        """Tries that ended badly, by run, for runs with no result."""
        kept = self.ids()
        return {run_id: ends for run_id, ends in tries.ended(self.attempts).items() if run_id not in kept}

    def tried(self) -> int:
        """Tries under way or ended badly, and results: it grows with every run that begins."""
        return len(list(self.attempts.glob("*.log"))) + len(self.ids())

    def set_aside(self) -> set[str]:
        """Runs that have failed too often to be tried again."""
        return {run_id for run_id, ends in self.failures().items() if tries.spent(ends)}

    # Within

    def _loose(self) -> dict[str, Path]:
        found = {}
        for path in sorted(self.runs.glob("*-*.parquet"), reverse=True):
            if not path.name.startswith("pack-"):
                found[path.name.partition("-")[0]] = path
        return found

    def _packed(self) -> dict[str, Path]:
        return {run_id: path for path in sorted(self.runs.glob("pack-*.parquet"), reverse=True)
                for run_id in (_ids_of(path) or [])}  # fmt: skip

    def _open(self, path: Path) -> tuple[list[str], pq.ParquetFile] | None:
        """A pack that was found sound when it was opened."""
        if path not in self._packs:
            content = _sound(path)
            if content is None:
                return None
            file = pq.ParquetFile(io.BytesIO(content))
            self._packs[path] = (json.loads(file.schema_arrow.metadata[_IDS]), file)
            while len(self._packs) > self.open_packs:
                self._packs.popitem(last=False)
        return self._packs[path]


def checksum(content: bytes) -> str:
    """SHA-256 of some bytes, 32 hexadecimal digits: what stands in the name of a file."""
    return hashlib.sha256(content).hexdigest()[:32]


def _sound(path: Path) -> bytes | None:
    """The bytes of a file when they have the sum of its name."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content if checksum(content) == path.stem.partition("-")[2] else None


def _read(path: Path) -> pa.Table | None:
    content = _sound(path)
    return None if content is None else pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)


def _ids_of(path: Path) -> list[str] | None:
    """The runs that a pack says it holds."""
    try:
        told = path.stat()
        return _read_ids(path, told.st_mtime_ns, told.st_size)
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return None


@lru_cache(maxsize=4096)
def _read_ids(path: Path, changed: int, size: int) -> list[str]:
    """The same, read once for each state of a file."""
    ids: list[str] = json.loads(pq.read_schema(path).metadata[_IDS])
    return ids


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", use_byte_stream_split=_numbers(table), use_dictionary=_words(table),
                   row_group_size=max(1, len(table)))  # fmt: skip
    return buffer.getvalue()


def _pack(tables: dict[str, pa.Table]) -> bytes:
    first = next(iter(tables.values()))
    schema = first.schema.with_metadata({_IDS: json.dumps(list(tables)).encode()})
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, schema, compression="zstd", use_byte_stream_split=["value"],
                          use_dictionary=_words(first)) as writer:  # fmt: skip
        for table in tables.values():
            writer.write_table(table.cast(schema), row_group_size=len(table))
    return buffer.getvalue()


def _numbers(table: pa.Table) -> list[str]:
    return [name for name in table.column_names if name == "value"]


def _words(table: pa.Table) -> list[str]:
    return [
        column.name
        for column in table.schema
        if not (column.name == "value" or pa.types.is_large_binary(column.type))
    ]
