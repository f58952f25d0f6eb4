"""Which program this is: version, commit, whether its files differ from that, and the packages it rests on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from platform import python_version
from typing import Any

from model import schedule
from model.interventions import REGISTRY
from model.outcomes import catalogue
from scenarios.provenance.identity import ROOT, act_marks, code_digest, kind_mark, outcome_marks

MARK = "everystep_version"
"""The key of a manifest or a plan that shows a folder to be ours."""

ROOMS = ("model", "scenarios", "calibration", "viz", "run.py")
PACKAGES = ("mesa", "numpy", "numba", "pandas", "pyarrow", "scipy", "joblib")
"""Those that results rest on."""


def described() -> dict[str, Any]:
    """What a manifest says of the program, of when it ran, and of the command."""
    return {MARK: version(), "commit": commit(), "changed_files": changed_files(), "code_digest": code_digest(),
            "command": " ".join(sys.argv), "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "packages": packages(), **outside()}  # fmt: skip


def outside() -> dict[str, Any]:
    """Types of intervention, outcomes and acts from outside that are loaded, with files and fingerprints; nothing without any."""
    kinds = {name: {"file": one.file, "digest": kind_mark(name)} for name, one in REGISTRY.sources.items()}
    outcomes = {name: _outcome(name, mark) for name, mark in outcome_marks()}
    acts = {name: _act(name, mark) for name, mark in act_marks()}
    return {
        key: found for key, found in (("plugins", kinds), ("outcomes", outcomes), ("acts", acts)) if found
    }


def _outcome(name: str, mark: str) -> dict[str, Any]:
    one, source = catalogue.known(name), catalogue.source(name)
    return {"label": one.label, "unit": one.unit, "meaning": one.meaning, "better": one.better,
            "file": getattr(source, "file", None), "digest": mark}  # fmt: skip


def _act(name: str, mark: str) -> dict[str, Any]:
    one, source = schedule.get(name), schedule.source(name)
    assert one is not None
    return {"meaning": one.meaning, "after": one.after, "file": getattr(source, "file", None), "digest": mark}


def version() -> str:
    """The version of this program: of this checkout where it is one, else of what is installed."""
    project = ROOT / "pyproject.toml"
    if project.is_file():
        text = project.read_text(encoding="utf-8")
        found = re.search(r'^version = "([^"]+)"', text, re.M)
        if found and re.search(r'^name = "everystep"', text, re.M):
            return found.group(1)
    try:
        return metadata.version("everystep")
    except metadata.PackageNotFoundError:
        return "unknown"


def commit() -> str | None:
    """The commit of this checkout; None where it is none. One that it is installed into is another's."""
    return _git("rev-parse", "--short=12", "HEAD") or None if _is_checkout() else None


def changed_files() -> list[str] | None:
    """Source files that differ from the commit, new ones among them; None outside a checkout."""
    if not _is_checkout():
        return None
    told = _git("status", "--porcelain", "--untracked-files=all", "--no-renames", "--", *ROOMS)
    return None if told is None else sorted(line[3:].strip('"') for line in told.splitlines())


def packages() -> dict[str, str]:
    """Versions of Python and of the packages that results rest on."""
    found = {"python": python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def commit_words(manifest: Mapping[str, Any]) -> str:
    """The commit of a manifest, with a mark when files differed from it."""
    mark = " with changed files" if manifest.get("changed_files") else ""
    return f"{manifest['commit']}{mark}" if manifest.get("commit") else "not recorded"


def _is_checkout() -> bool:
    """Whether the files here are those of a repository of this project, and not installed or copied into another."""
    top = _git("rev-parse", "--show-toplevel")
    return (
        top is not None and os.path.samefile(top, ROOT) and bool(_git("ls-files", "--", "model/__init__.py"))
    )


def _git(*words: str) -> str | None:
    """What git says about this folder; None when it says nothing."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, encoding="utf-8", errors="replace", timeout=10, check=True,
                              env=clean)  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.rstrip("\n")
