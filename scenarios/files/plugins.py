"""Plugins that somebody asks for: by name on the command line, or in a scenario file when that is allowed.

A plugin runs as code. A scenario file may come from a stranger: what it names is run only when the command line names it
too, or when all that files name is allowed (`--allow-plugins`, or EVERYSTEP_ALLOW_PLUGINS=1).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from model import schedule
from model.delivery import plugins
from model.delivery.registry import Source
from model.errors import Fault, InputError
from model.files.names import foreign_fault
from model.files.yaml_words import printable
from model.interventions import REGISTRY
from model.outcomes import catalogue
from scenarios.provenance.identity import kind_mark

ALLOW = "EVERYSTEP_ALLOW_PLUGINS"
"""Set to 1: files may name plugins."""


def confirm(files: Iterable[str | Path] = (), everything: bool = False) -> None:
    """Load the plugins that the command line names; `everything`: and let files name theirs. Raises InputError."""
    if everything:
        os.environ[ALLOW] = "1"
    for file in files:
        plugins.load(file, REGISTRY)


def named_in(document: Mapping[str, Any], folder: Path, file: str, lines: Mapping[Any, int]) -> list[Fault]:
    """Load the plugins that a scenario file names, where that is allowed; what stands in the way."""
    found: list[Fault] = []
    named = document.get("plugins")
    if not isinstance(named, list):
        return found
    loaded = {str(Path(file).resolve()) for file in files()}
    for row, name in enumerate(named):
        path = (folder / str(name)).resolve()
        line = lines.get(("plugins", row), lines.get(("plugins",)))
        if not path.exists() and (fault := foreign_fault(str(name), file, line, f"plugins.{row}")):
            found.append(fault)
            continue
        if str(path) in loaded:
            continue
        if os.environ.get(ALLOW) != "1":
            found.append(Fault("names a plugin, which runs as code: look at it, then allow it", file, line, f"plugins.{row}",
                               printable(str(name), 200), hint=f"Give --plugin {path}, or --allow-plugins for all."))  # fmt: skip
            continue
        try:
            plugins.load(path, REGISTRY)
        except InputError as error:
            found += error.faults
    return found


def outside(types: Iterable[str]) -> dict[str, dict[str, str | None]]:
    """Of these types, those from outside: `{type: {file, digest}}`."""
    return {name: {"file": REGISTRY.sources[name].file, "digest": kind_mark(name)}
            for name in dict.fromkeys(types) if name in REGISTRY.sources}  # fmt: skip


def files() -> list[str]:
    """The files of the plugins that are loaded, in the order in which they came: another process confirms the same."""
    found = plugins.outside(REGISTRY, REGISTRY.sources)
    return [one.file for one in found if isinstance(one, Source) and one.text and one.file]


def missing(manifest: Mapping[str, Any], file: str) -> list[Fault]:
    """Types, outcomes and acts that results were made with, as their manifest tells them, and that are not here."""
    outcomes = [Fault("was read by an outcome of somebody's own that is not registered", file, found=name, key="outcomes",
                      hint=f"Give --plugin {one['file']}." if one.get("file") else "Register it, and run it again from Python.")
                for name, one in manifest.get("outcomes", {}).items() if catalogue.get(name) is None]  # fmt: skip
    acts = [Fault("was made with an act of the week of somebody's own that is not registered", file, found=name, key="acts",
                  hint=f"Give --plugin {one['file']}." if one.get("file") else "Register it, and run it again from Python.")
            for name, one in manifest.get("acts", {}).items() if schedule.get(name) is None]  # fmt: skip
    return outcomes + acts + [Fault("was made with a type from a plugin that is not loaded", file, found=name, key="plugins",
                  hint=f"Give --plugin {one.get('file') or 'FILE.py'}.")
            for name, one in manifest.get("plugins", {}).items() if name not in REGISTRY]  # fmt: skip
