"""A town in a file: a line that says what it is, with a checksum of the whole; then everything that goes on from there."""

from __future__ import annotations

import hashlib
import json
import pickle
import tempfile
from importlib import metadata
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

from model.errors import Fault, InputError
from model.files import moving

if TYPE_CHECKING:
    from model.town.changing import ChangingModel

Town = TypeVar("Town")

MARK = "everystep town"
CHECKSUM = "checksum"
TOLD = ("file", "version", "place", "seed", "replicate", "sample", "week")
"""What the first line says beside the checksum; alone in files of the former form, which had none."""


def version() -> str:
    """The version of this project."""
    try:
        return metadata.version("everystep")
    except metadata.PackageNotFoundError:
        return "unknown"


def save(town: ChangingModel, path: str | Path) -> Path:
    """Write a town, whole or not at all. Raises InputError when it cannot be written."""
    path, state = Path(path), town.state
    told = {"file": MARK, "version": version(), "place": state.place.name, "seed": state.seed, "replicate": state.replicate,
            "sample": state.sample, "week": state.week}  # fmt: skip
    draft = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            draft = Path(file.name)
            start = file.write(_line(told | {CHECKSUM: _checksum(told)}))
            pickle.dump(town, file, protocol=5)
            file.seek(start)
            told[CHECKSUM] = _checksum(told, file)
            file.seek(0)
            file.write(_line(told))
        moving.replace(draft, path)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise InputError(Fault(f"something of your own in the town cannot be saved: {error}", file=str(path),
                               hint="Functions must stand at the top of a module; lambdas cannot be saved.")) from error  # fmt: skip
    except OSError as error:
        raise InputError(Fault(f"cannot be written: {error.strerror}", file=str(path))) from error
    finally:
        if draft is not None:
            moving.remove(draft)
    return path


def load(kind: type[Town], path: str | Path) -> Town:
    """The town of a file, of a `kind` of model. Raises InputError when it is none, damaged, or of another version."""
    path = Path(path)
    try:
        with open(path, "rb") as file:
            told = _head(file.readline(4096))
            if told is None:
                raise InputError(
                    Fault("is no saved town", file=str(path), hint="Write one with town.save(...).")
                )
            if told.get("version") != version():
                raise InputError(Fault("was saved by another version of Everystep", file=str(path),
                                       found=str(told.get("version")), allowed=version()))  # fmt: skip
            _refuse_damaged(told, file, path)
            town = pickle.load(file)
    except OSError as error:
        raise InputError(Fault(f"cannot be read: {error.strerror}", file=str(path))) from error
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            Fault(f"is broken, or needs code that is not here: {error}", file=str(path))
        ) from error
    if not isinstance(town, kind):
        raise InputError(Fault("holds another kind of town", file=str(path), found=type(town).__name__,
                               allowed=kind.__name__))  # fmt: skip
    return town


def _head(line: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) and told.get("file") == MARK else None


def _line(told: dict[str, Any]) -> bytes:
    return json.dumps(told).encode() + b"\n"


def _checksum(told: dict[str, Any], file: IO[bytes] | None = None) -> str:
    """Of what the first line says and the rest of `file`, from where it stands."""
    held = hashlib.blake2b(_line(told), digest_size=32)
    if file is not None:
        while block := file.read(1 << 20):
            held.update(block)
    return held.hexdigest()


def _refuse_damaged(told: dict[str, Any], file: IO[bytes], path: Path) -> None:
    """Raises InputError when a file is not as it was written, as far as its form lets it be known."""
    start, claimed = file.tell(), told.pop(CHECKSUM, None)
    if set(told) != set(TOLD) or claimed not in (None, _checksum(told, file)):
        raise InputError(Fault("is broken: it is not as it was written, by its checksum", file=str(path),
                               hint="Copy it again, or run the town again and save it."))  # fmt: skip
    file.seek(start)
