"""Scenario files: found by name or path, read strictly, listed, checked, shown, begun."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from model.delivery.settings import Intervention
from model.errors import Fault, InputError
from model.files import moving
from model.files.names import foreign_fault, is_device, refuse
from model.files.yaml_guard import read_text
from model.files.yaml_words import printable
from model.interventions import REGISTRY
from model.parameters import ledger
from scenarios.files.reading import (
    SUFFIXES,
    TEMPLATE,
    find,
    library_names,
    read_yaml,
)
from scenarios.files.schema import NAME, Scenario, slug

TYPES = "# (here stands every other type)"
"""The line of the template in whose place the other types are written."""


def list_scenarios() -> list[dict[str, Any]]:
    """The library: `{name, title, description, years, interventions, planned_cost, path}` for each."""
    rows = []
    for name in library_names():
        scenario = Scenario.load(name)
        rows.append(
            {
                "name": name,
                "title": scenario.name,
                "description": " ".join(scenario.description.split()),
                "place": scenario.place,
                "years": scenario.years,
                "interventions": [intervention.type for intervention in scenario.interventions],
                "planned_cost": round(scenario.planned_cost),
                "path": str(find(name)),
            }
        )
    return rows


def check(name_or_path: str | Path) -> list[Fault]:
    """Every fault of a scenario file, its place included; an empty list when it can be run."""
    try:
        path = find(name_or_path)
        scenario, lines = read_yaml(path, Scenario)
        scenario = Scenario.load(path)
    except InputError as error:
        return error.faults
    return place_faults(scenario, printable(path, 300), lines)


def place_faults(
    scenario: Scenario, file: str | None = None, lines: dict[str, int] | None = None
) -> list[Fault]:
    """What a scenario asks of its place that the place does not have: no such place, zones or columns."""
    from model.place.place import Place  # reading a place costs a second; only this check needs it

    lines = lines or {}
    try:
        place = Place.load(scenario.place)
    except InputError as error:
        return [
            Fault(
                fault.message,
                file,
                lines.get("place"),
                "place",
                fault.found or scenario.place,
                fault.allowed,
                fault.hint,
            )
            for fault in error.faults
        ]
    found = []
    for name in ("interventions", "barriers"):
        for row, one in enumerate(getattr(scenario, name)):
            for fault in one.where.faults(place.zones, f"{name}.{row}.where"):
                line = lines.get(fault.key or "", lines.get(f"{name}.{row}.where"))
                found.append(
                    Fault(fault.message, file, line, fault.key, fault.found, fault.allowed, fault.hint)
                )
    return found


def show(name_or_path: str | Path) -> str:
    """The text of a scenario file, as written."""
    return read_text(find(name_or_path))


def new(name: str, path: str | Path = ".") -> Path:
    """Begin a scenario: write a commented file and return its path: `NAME.yaml` when `path` is a folder.

    Raises InputError for a name outside `NAME`, a folder that is not there, or a file that is.
    """
    if not NAME.fullmatch(name) or is_device(name):
        raise InputError(
            Fault(
                "this cannot be a scenario's name",
                key="name",
                found=f"'{printable(name)}'",
                allowed="small letters, digits, - and _; at most 64; the first a letter or digit; no device of Windows",
                hint=f"Did you mean '{slug(name)}'?",
            )
        )
    path = Path(path)
    if path.suffix not in SUFFIXES or path.is_dir():
        path = path / f"{name}.yaml"
    if not path.parent.is_dir():
        raise InputError(foreign_fault(str(path)) or Fault("no such folder", printable(path.parent, 300)))
    refuse(path, "path")
    _write_new(
        path, template().replace("My scenario", name.replace("_", " ").replace("-", " ").capitalize(), 1)
    )
    return path


def template() -> str:
    """The file that `scenario new` writes: one type in use, and every other as a note, with what it says of itself."""
    text = TEMPLATE.read_text(encoding="utf-8")
    notes = [_note(kind) for name, kind in REGISTRY.items() if f"type: {name}" not in text]
    return text.replace(TYPES, "\n".join(notes))


def _note(kind: type[Intervention]) -> str:
    named = f"#  - type: {kind.model_fields['type'].default}"
    said = " ".join((kind.model_fields["type"].description or kind.title).split()).rstrip(".")
    lines = [f"{named:<34}# {said[:1].lower()}{said[1:]}", *kind.example.splitlines()]
    return "\n".join([lines[0], *(f"#    {line}" for line in lines[1:])])


def _write_new(path: Path, text: str) -> None:
    """Write a file whole or not at all, and never over another. InputError when it cannot be done."""
    written = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=".new-", delete=False
        ) as out:
            written = out.name
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(written, 0o644)
        moving.appear(written, path)
    except FileExistsError:
        raise InputError(
            Fault("this file is already there", str(path), hint="Choose another name.")
        ) from None
    except OSError as error:
        raise InputError(Fault(f"cannot be written: {error.strerror}", str(path))) from None
    finally:
        if written is not None:
            moving.remove(written)


def schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, for editors: every key with its meaning, range, unit and source."""
    document = Scenario.model_json_schema(by_alias=True)
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **document,
        "title": "Everystep scenario",
    }
    document["properties"]["parameters"] |= {
        "properties": {name: _parameter_schema(entry) for name, entry in ledger().items()},
        "additionalProperties": False,
    }
    for kind in REGISTRY.values():  # without its `type` an intervention in a file is nothing
        required: Sequence[str] = document["$defs"][kind.__name__].get("required", [])
        document["$defs"][kind.__name__]["required"] = ["type", *required]
    tidy: dict[str, Any] = _tidy(document)
    return tidy


def write_schema(path: str | Path) -> None:
    """Write the schema to a file. Raises InputError when that cannot be done."""
    from scenarios.files.store import write_json

    path = Path(path)
    refuse(path, "out")
    if path.is_dir() or not path.parent.is_dir():
        raise InputError(Fault("is a folder" if path.is_dir() else "no such folder", key="out", found=printable(path, 300),
                               hint="Name a file, such as scenario.schema.json."))  # fmt: skip
    write_json(path, schema())


def schema_line(path: str | Path) -> str:
    """The line on top of a scenario by which editors find its schema (yaml-language-server)."""
    return f"# yaml-language-server: $schema={path}"


def _parameter_schema(entry: Any) -> dict[str, Any]:
    meaning = f"{entry.meaning} ({entry.unit})" if entry.unit else entry.meaning
    notes = {"description": meaning, "default": entry.value, "source": entry.source, "quality": entry.quality}
    if entry.choices:
        return notes | {"enum": list(entry.choices)}
    return notes | {"type": "number", "minimum": entry.low, "maximum": entry.high}


def _tidy(node: Any) -> Any:
    """The same schema with descriptions on one line."""
    if isinstance(node, dict):
        return {
            key: " ".join(value.split()) if key == "description" and isinstance(value, str) else _tidy(value)
            for key, value in node.items()
        }
    return [_tidy(item) for item in node] if isinstance(node, list) else node
