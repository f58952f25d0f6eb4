"""Files of scenarios and sweeps: found by name or path, and read strictly as an object of a model."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from model.errors import Fault, InputError, nearest
from model.files.names import foreign_fault, is_path
from model.files.yaml_guard import Document, key_name, parse, read_text
from model.files.yaml_words import printable
from scenarios.files import plugins
from scenarios.files.faults import faults_of

LIBRARY = Path(__file__).parents[1] / "library"
TEMPLATE = Path(__file__).parents[1] / "template.yaml"
SUFFIXES = (".yaml", ".yml")

Model = TypeVar("Model", bound=BaseModel)


def library_names() -> list[str]:
    """Names of the shipped scenarios, `baseline` first."""
    return sorted((path.stem for path in LIBRARY.glob("*.yaml")), key=lambda name: (name != "baseline", name))


def find(name_or_path: str | Path) -> Path:
    """The file of a library name or a path. InputError with the nearest name when there is none."""
    text = str(name_or_path)
    if isinstance(name_or_path, str) and text in library_names():
        return LIBRARY / f"{text}.yaml"
    path = Path(text)
    looks_like_path = isinstance(name_or_path, Path) or is_path(text) or text.endswith(SUFFIXES)
    try:
        there = bool(text) and path.exists()
    except (OSError, ValueError):
        there = False
    if there and (looks_like_path or not path.is_dir()):
        return path
    if fault := foreign_fault(text):
        raise InputError(fault)
    message = "no such file" if looks_like_path else "no scenario of this name"
    near = nearest(path.stem if looks_like_path else text[:100], library_names())
    raise InputError(
        Fault(
            message,
            printable(text, 300) if looks_like_path else None,
            found=printable(text, 300),
            allowed=f"a path, or one of {', '.join(library_names())}",
            hint=near,
        )
    )


def read_yaml(path: Path, model: type[Model]) -> tuple[Model, dict[str, int]]:
    """A file as an object of `model`, and the line of every key by dotted name.

    Raises InputError with every fault.
    """
    return read_yaml_text(read_text(path), model, printable(path, 300), path.parent)


def read_yaml_text(
    text: str, model: type[Model], file: str = "(text)", folder: Path = Path()
) -> tuple[Model, dict[str, int]]:
    """YAML text as an object of `model`, and the line of every key. Raises InputError with every fault.

    folder: where paths of plugins in it begin.
    """
    document = parse(text, file, "`scenario new NAME` writes a file to start from.")
    faults = [fault for _, fault in document.faults]
    made: Model | None = None
    if not isinstance(document.value, dict):
        wanted = ", ".join(list(model.model_json_schema(by_alias=True)["properties"])[:6])
        faults.append(
            Fault(
                "the file must be a mapping: one `key: value` a line",
                file,
                document.line_of(()),
                allowed=f"keys such as {wanted}",
            )
        )
    elif "plugins" in model.model_fields and (
        unmet := plugins.named_in(document.value, folder, file, document.lines)
    ):
        faults += unmet
    else:
        try:
            made = model.model_validate(document.value)
        except ValidationError as error:
            faults += faults_of(error, model, document)
    if faults or made is None:
        raise InputError(sorted(faults, key=lambda fault: fault.line or 0))
    return made, _line_map(document)


def _line_map(document: Document) -> dict[str, int]:
    return {name: line for path, line in document.lines.items() if (name := key_name(path))}
