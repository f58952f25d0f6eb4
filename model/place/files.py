"""Where the shipped places stand, and place.yaml and profiles as keys with their lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from model.errors import Fault, InputError, nearest
from model.files.text import read_text
from model.files.yaml_guard import REFUSED, parse

PLACES = Path(__file__).parents[2] / "scenarios" / "places"
"""Where the shipped profiles stand (data only: nothing of the scenarios package is imported)."""
SAFE_YAML: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader in C where it was built: ten times as fast, for files of our own."""


def read_yaml(path: Path, allowed: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, int], list[Fault]]:
    """The keys of a YAML mapping from outside, the line of each, and faults: unknown or doubled keys, traps.

    Keys whose value was refused are left out: their fault says why.
    """
    text, faults = read_text(path)
    file = str(path)
    if faults:
        return {}, {}, faults
    try:
        document = parse(text, file)
    except InputError as error:
        return {}, {}, error.faults
    content = document.value
    if content is None and not document.faults:
        return {}, {}, [Fault("the file is empty", file)]
    if not isinstance(content, dict):
        return {}, {}, [Fault("must be a mapping of keys to values", file, 1, found="a list" if isinstance(content, list) else "text",
                               allowed="lines such as name: My place")]  # fmt: skip
    faults = [fault for _, fault in document.faults]
    refused = {path[0] for path, _ in document.faults if path}
    lines = {key: document.line_of((key,)) or 1 for key in content}
    for key in content:
        if key not in allowed:
            faults.append(
                Fault("unknown key", file, lines[key], key, key, ", ".join(allowed), nearest(key, allowed))
            )
    kept = {key: value for key, value in content.items() if key not in refused and value is not REFUSED}
    return kept, lines, sorted(faults, key=lambda fault: fault.line or 0)
