"""A town in a file: a line that says what it is, then everything that goes on from there."""

from __future__ import annotations

import json
import os
import pickle
import tempfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.errors import Fault, InputError

if TYPE_CHECKING:
    from model.town import Neighbourhood

MARK = "everystep town"


def version() -> str:
    """The version of this project."""
    try:
        return metadata.version("everystep")
    except metadata.PackageNotFoundError:
        return "unknown"


def save(town: Neighbourhood, path: str | Path) -> Path:
    """Write a town, whole or not at all. Raises InputError when it cannot be written."""
    path, state = Path(path), town.state
    told = {"file": MARK, "version": version(), "place": state.place.name, "seed": state.seed, "replicate": state.replicate,
            "sample": state.sample, "week": state.week}  # fmt: skip
    draft = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            draft = Path(file.name)
            file.write(json.dumps(told).encode() + b"\n")
            pickle.dump(town, file, protocol=5)
        os.replace(draft, path)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise InputError(Fault(f"something of your own in the town cannot be saved: {error}", file=str(path),
                               hint="Functions must stand at the top of a module; lambdas cannot be saved.")) from error  # fmt: skip
    except OSError as error:
        raise InputError(Fault(f"cannot be written: {error.strerror}", file=str(path))) from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)
    return path


def load(kind: type[Any], path: str | Path) -> Any:
    """The town of a file, of a `kind` of model. Raises InputError when it is none, or of another version."""
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
