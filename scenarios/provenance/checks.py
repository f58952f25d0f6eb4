"""Files of finished results, held to the checksums of their manifest whenever they are read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from model.errors import Fault, InputError
from scenarios.files import store

_BLOCK = 1 << 20


def held(folder: Path, name: str) -> Path:
    """The path of a file of a result folder, whose bytes are those that were written as far as its manifest knows.

    Raises InputError when they are others, or the file has gone.
    """
    wanted, path = store.read_json(folder / "manifest.json").get("files", {}).get(name), folder / name
    if wanted is not None and (found := sum_of(path)) != wanted:
        message = (
            "is missing"
            if found is None
            else "its bytes are not those that were written: it was damaged or changed"
        )
        hint = "Take it from a copy. A sweep writes its tables anew with --resume, compare without it."
        raise InputError(
            Fault(message, file=str(path), found=(found or "nothing")[:12], allowed=wanted[:12], hint=hint)
        )
    return path


def sum_of(path: Path) -> str | None:
    """SHA-256 of a file; None when it cannot be read."""
    total = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            while block := file.read(_BLOCK):
                total.update(block)
    except OSError:
        return None
    return total.hexdigest()


def vouch(folder: Path, names: list[str]) -> None:
    """Write the checksums of further files into the manifest of a result folder."""
    manifest = store.read_json(folder / "manifest.json")
    manifest["files"] = manifest.get("files", {}) | store.checksums(folder, names)
    store.write_json(folder / "manifest.json", manifest)


def read_versus(folder: Path, columns: Iterable[str]) -> pd.DataFrame:
    """Plans against each other, as written; empty in a folder that has them not."""
    path = held(folder, "versus.csv")
    if not path.is_file():
        return pd.DataFrame(columns=list(columns))
    words = {"scenario", "against", "outcome"}
    text = pd.read_csv(path, dtype=str, keep_default_na=False)  # every digit as written
    read = {
        name: text[name] if name in words else [float(cell or "nan") for cell in text[name]] for name in text
    }
    return pd.DataFrame(read)
