"""Files that appear whole or not at all: result folders, and tables that open safely."""

from __future__ import annotations

import hashlib
import json
import math
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from model.errors import Fault, InputError
from model.files import moving
from model.files.names import foreign, is_too_long, unfit
from model.files.yaml_words import printable
from scenarios.provenance.program import MARK

LOCK = ".driver"
"""The file that whoever drives a batch in a folder keeps locked."""

NAME_BYTES = 200
"""Longest name of a result folder: file systems take 255, and names beside it get an ending."""

INSIDE = 130
"""Characters by which the longest path of a file within a result folder is longer than its own."""

TOO_LONG = (
    "is a longer path than this system takes",
    "Choose a folder nearer to the top, or let Windows take long paths.",
)


# ------------------------------------------------------------------------------------------------ whole files


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary name beside `path`; it takes the name `path` only when the block ends well."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield draft
        with open(draft, "rb+") as file:
            os.fsync(file.fileno())
        moving.replace(draft, path)
    finally:
        moving.remove(draft)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole."""
    with whole(path) as draft:
        draft.write_bytes(content)


def write_json(path: Path, value: Any) -> None:
    """Write a value as JSON whole; numbers that are not finite become null."""
    # A name of a file that is no text stands in JSON's own way of writing half a sign.
    write_bytes(path, (to_json(value) + "\n").encode("utf-8", "backslashreplace"))


def to_json(value: Any, plain: bool = False) -> str:
    """A value as readable JSON; numbers that are not finite become null. plain: in ASCII, signs as JSON writes them."""
    return json.dumps(_plain(value), indent=2, ensure_ascii=plain, allow_nan=False, default=str)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def safe_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy whose text cells cannot be read as formulas by a spreadsheet: = + - @, tab or return get a quote."""
    frame = frame.copy()
    for name in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[name]):
            text = frame[name].astype(str)
            frame[name] = np.where(text.str.match(r"[=+\-@\t\r]"), "'" + text, text)
    return frame


# ------------------------------------------------------------------------------------------------ the folder


def claim(out: str | Path) -> Path:
    """Make a result folder, or take over one of ours. Raises InputError for any place that is not fit."""
    out, home = Path(out), _home()

    def refuse(why: str, hint: str | None = None) -> InputError:
        return InputError(Fault(why, key="out", found=printable(str(out), 100), hint=hint,
                                allowed="a new or empty folder, or one that holds results of ours"))  # fmt: skip

    try:
        out = out.expanduser()
    except RuntimeError:
        raise refuse("begins with ~, and no such home is known", "Give the path in full.") from None

    if out.is_symlink():
        raise refuse("is a symbolic link")
    resolved = out.resolve()
    if resolved in (home, Path(resolved.anchor)):
        raise refuse("is no place for a result folder")
    if any("\udc80" <= sign <= "\udcff" for sign in str(resolved)):
        hint = "Set LC_ALL=C.UTF-8, or choose a path in plain letters."
        raise refuse("holds signs that this locale cannot read", hint)
    if wrong := foreign(str(out)):
        raise refuse(*wrong)
    if why := _unfit(resolved):
        raise refuse(f"is no fit name for a result folder: {why}")
    if resolved.exists() and not resolved.is_dir():
        raise refuse("is a file")
    if (
        resolved.is_dir()
        and not all(left_behind(path) for path in resolved.iterdir())
        and not is_ours(resolved)
    ):
        raise refuse("holds other files")
    made = not resolved.exists()
    try:
        resolved.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if is_too_long(error, resolved):
            raise refuse(*TOO_LONG) from None
        raise refuse(f"cannot be made ({error.strerror})") from None
    try:
        # As long a name as the longest within: Windows takes paths of 260 characters, unless it was told otherwise.
        with tempfile.NamedTemporaryFile(
            dir=resolved, prefix=".room".ljust(INSIDE - 12, "-"), suffix=".tmp"
        ) as probe:
            probe.write(bytes(4096))
            probe.flush()
    except OSError as error:
        if is_too_long(error, resolved / ("-" * INSIDE)):
            if made:
                resolved.rmdir()
            raise refuse(*TOO_LONG) from None
        raise refuse(f"cannot be written ({error.strerror})") from None
    return resolved


def _home() -> Path | None:
    """The home of this user; None for a user without one."""
    try:
        return Path.home()
    except RuntimeError:
        return None


def _unfit(folder: Path) -> str:
    """Why a folder may not be made, or taken, by that name, or those of the folders that are made for it."""
    for one in (folder, *folder.parents):
        if one != folder and one.exists():
            return ""
        if why := unfit(one.name) or _long(one.name):
            return f"{printable(one.name, 40)}: it {why}" if one != folder else f"it {why}"
    return ""


def _long(name: str) -> str:
    return f"is longer than {NAME_BYTES} bytes" if len(os.fsencode(name)) > NAME_BYTES else ""


def left_behind(path: Path) -> bool:
    """Whether a file is what a killed run of ours leaves in a folder before anything else."""
    if path.name == "parts" and path.is_dir() and not path.is_symlink():
        return all(map(left_behind, path.iterdir()))
    return path.name in (LOCK, f"{LOCK}.lease") or (path.name.startswith(".") and path.name.endswith(".tmp"))


def is_ours(folder: Path) -> bool:
    """Whether a folder holds results, finished or not, of this program."""
    names = ("manifest.json", "plan.json", "parts/plan.json")
    return any(read_json(folder / name).get(MARK) for name in names)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file; an empty one when it is missing or broken."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


# ------------------------------------------------------------------------------------------------ tables


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a tidy frame as Parquet whole, text as dictionaries."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    with whole(path) as draft:
        pq.write_table(table, draft, compression="zstd")


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as CSV whole, with cells that no spreadsheet takes for formulas."""
    write_bytes(path, safe_cells(frame).to_csv(index=False, lineterminator="\n").encode("utf-8"))


def rewrite(folder: Path, name: str, value: Any) -> dict[str, str]:
    """Write a JSON file of a finished folder anew; its checksum by name."""
    write_json(folder / name, value)
    return checksums(folder, [name])


def checksums(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 of each named file, so that a damaged copy can be told."""
    found = {}
    for name in names:
        with open(folder / name, "rb") as file:
            found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found
