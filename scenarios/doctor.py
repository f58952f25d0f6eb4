"""Checks an installation, and names the one command that mends each fault."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PINS: dict[str, tuple[str | None, str | None]] = {
    "mesa": ("3.3", "4"),
    "ipyvue": (None, "2"),
    "ipyvuetify": (None, "2"),
    "numpy": ("1.26", "3"),
    "numba": ("0.61", "1"),
    "pandas": ("2.2", "4"),
    "pyarrow": ("16", None),
    "xlsxwriter": ("3.2", "4"),
    "pydantic": ("2.7", "3"),
    "PyYAML": ("6", "7"),
    "typer": ("0.12", "1"),
    "rich": ("13", None),
    "joblib": ("1.4", "2"),
    "scipy": ("1.12", None),
    "matplotlib": ("3.8", "4"),
    "jinja2": ("3.1", "4"),
    "pillow": ("10", None),
}
"""Oldest version that will do, and the first that will not: as in pyproject.toml.

Mesa 4 drops what we use; under ipyvue 3 the live view of Mesa 3 crashes or shows no map.
"""

FREE_GB = 1.0


@dataclass(frozen=True)
class Check:
    """One thing looked at: whether it is well, what was found, and the command that mends it when not."""

    name: str
    ok: bool
    found: str
    mend: str | None = None


def examine() -> list[Check]:
    """Every check, in the order in which faults should be mended."""
    return [_python(), *_packages(), _cache(), _disk(), *_shipped()]


def as_dict(checks: list[Check]) -> dict[str, Any]:
    """The checks as the object that `--json` prints."""
    return {"ok": all(check.ok for check in checks), "checks": [asdict(check) for check in checks]}


def _python() -> Check:
    right = (3, 11) <= sys.version_info < (3, 14)
    return Check("Python 3.11 to 3.13", right, sys.version.split()[0],
                 None if right else "rm -rf .venv && make setup PYTHON=python3.12")  # fmt: skip


def _packages() -> Iterator[Check]:
    for name, (low, below) in PINS.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "missing"
        right = found != "missing"
        right = right and (low is None or _numbers(found) >= _numbers(low))
        right = right and (below is None or _numbers(found) < _numbers(below))
        wanted = ",".join(part for part in (low and f">={low}", below and f"<{below}") if part)
        mend = f"{sys.executable} -m pip install '{name}{wanted}'"
        yield Check(f"{name} {wanted}", right, found, None if right else mend)


def _numbers(text: str) -> tuple[int, ...]:
    """The leading numbers of a version, for comparing."""
    parts = []
    for part in text.split("."):
        digits = "".join(character for character in part if character.isdigit())
        if not digits:
            break
        parts.append(int(digits))
    return tuple(parts)


def _cache() -> Check:
    """Compiled kernels are kept beside their source, or elsewhere (`model.compiled`); else every start compiles again."""
    folder = Path(os.environ["NUMBA_CACHE_DIR"])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return Check("Compiled kernels can be kept", True, str(folder))
    except OSError as error:
        mend = "export NUMBA_CACHE_DIR=$HOME/.cache/everystep"
        return Check("Compiled kernels can be kept", False, f"{folder}: {error.strerror}", mend)


def _disk() -> Check:
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    return Check(f"At least {FREE_GB:g} GB free here", free >= FREE_GB, f"{free:.1f} GB",
                 None if free >= FREE_GB else "rm -rf results/* (after keeping what you need)")  # fmt: skip


def _shipped() -> Iterator[Check]:
    yield _loads("Shipped places load", _place_faults, "git checkout -- scenarios/places model")
    yield _loads("Shipped scenarios load", _scenario_faults, "git checkout -- scenarios/library model")
    yield _loads("Parameter ledger loads", _ledger_faults, "git checkout -- model/ledger")


def _loads(name: str, faults: Callable[[], tuple[int, list[str]]], mend: str) -> Check:
    try:
        count, wrong = faults()
    except Exception as error:  # a broken installation breaks in any way: the check says how
        count, wrong = 0, [f"{type(error).__name__}: {error}"]
    found = "; ".join(wrong[:3]) if wrong else str(count)
    right = not wrong and count > 0
    return Check(name, right, found, None if right else mend)


def _place_faults() -> tuple[int, list[str]]:
    from model.place import check, list_places

    names = [str(place["name"]) for place in list_places()]
    return len(names), [str(fault) for name in names for fault in check(name)]


def _scenario_faults() -> tuple[int, list[str]]:
    from scenarios.load import check, list_scenarios

    names = [str(scenario["name"]) for scenario in list_scenarios()]
    return len(names), [str(fault) for name in names for fault in check(name)]


def _ledger_faults() -> tuple[int, list[str]]:
    from model.parameters import ledger

    return len(ledger()), []
