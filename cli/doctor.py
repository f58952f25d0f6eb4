"""Checks an installation, and names the one command that mends each fault."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cli import ready

FREE_GB = 1.0

FEW = 3
"""Packages missing beyond which one command mends all."""


@dataclass(frozen=True)
class Check:
    """One thing looked at: whether it is well, what was found, and the command that mends it when not."""

    name: str
    ok: bool
    found: str
    mend: str | None = None


def examine() -> list[Check]:
    """Every check, in the order in which faults should be mended."""
    if not ready.is_right_python():
        return [_python()]  # whatever else is here belongs to another Python
    packages = list(_packages())
    checks = [_python(), *packages, _cache(), _disk()]
    return [*checks, _sharing(), *_shipped()] if all(package.ok for package in packages) else checks


def as_dict(checks: list[Check]) -> dict[str, Any]:
    """The checks as the object that `--json` prints."""
    return {"ok": all(check.ok for check in checks), "checks": [asdict(check) for check in checks]}


def lines(checks: list[Check]) -> Iterator[str]:
    """The checks in words."""
    for check in checks:
        yield f"{'ok   ' if check.ok else 'FAULT'}  {check.name}: {check.found}"
        if check.mend:
            yield f"       mend with: {check.mend}"


def tell(as_json: bool) -> int:
    """Print every check, without the libraries of the door; the exit status."""
    checks = examine()
    print(json.dumps(as_dict(checks), indent=2) if as_json else "\n".join(lines(checks)))
    return 0 if all(check.ok for check in checks) else 1


def _python() -> Check:
    right = ready.is_right_python()
    found = f"{sys.version.split()[0]} ({sys.executable})"
    return Check("Python 3.11 to 3.13", right, found, None if right else ready.set_up())


def _packages() -> Iterator[Check]:
    """Each package in a version that will do. Mesa 4 drops what we use; under ipyvue 3 the live view of Mesa 3 crashes."""
    gone = ready.missing()
    if len(gone) > FEW or (gone and sys.prefix == sys.base_prefix):
        yield Check("Packages are installed", False, f"missing: {', '.join(gone)}", ready.set_up())
    for name, (low, below) in ready.requirements().items():
        wanted = ",".join(part for part in (low and f">={low}", below and f"<{below}") if part)
        right = ready.is_right(name)
        mend = f"{sys.executable} -m pip install '{name}{wanted}'"
        if name not in gone or (len(gone) <= FEW and sys.prefix != sys.base_prefix):
            yield Check(f"{name} {wanted}", right, _version(name), None if right else mend)


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _cache() -> Check:
    """Compiled kernels are kept beside their source, or elsewhere (`model.machine.compiled`); else every start compiles again."""
    from model.machine import compiled

    folder = compiled.keep()
    mend = None if folder else "export NUMBA_CACHE_DIR=DIR, a folder of your own that can be written"
    return Check("Compiled kernels can be kept", folder is not None, str(folder or "nowhere"), mend)


def _sharing() -> Check:
    """Processes meet in shared memory; without it all runs go on in one process, one after the other."""
    from scenarios.batches.backends import cores, no_processes

    why = no_processes()
    found = f"no: {why}" if why else f"{cores()} at once"
    mend = "mount -o remount,rw,size=64m /dev/shm (of a container: --shm-size 64m)" if why else None
    return Check("Processes can share work", not why, found, mend)


def _disk() -> Check:
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    return Check(f"At least {FREE_GB:g} GB free here", free >= FREE_GB, f"{free:.1f} GB",
                 None if free >= FREE_GB else "rm -rf results/* (after keeping what you need)")  # fmt: skip


def _shipped() -> Iterator[Check]:
    yield _engine()
    yield _loads("Shipped places load", _place_faults, "git checkout -- scenarios/places model")
    yield _loads("Shipped scenarios load", _scenario_faults, "git checkout -- scenarios/library model")
    yield _loads("Parameter ledger loads", _ledger_faults, "git checkout -- model/ledger")


def _engine() -> Check:
    try:
        from model import Neighbourhood
    except Exception as error:  # packages that do not go together break in any way
        return Check("The engine can be imported", False, f"{type(error).__name__}: {error}", ready.set_up())
    return Check("The engine can be imported", True, Neighbourhood.__module__)


def _loads(name: str, faults: Callable[[], tuple[int, list[str]]], mend: str) -> Check:
    try:
        count, wrong = faults()
    except Exception as error:  # a broken installation breaks in any way: the check says how
        count, wrong = 0, [f"{type(error).__name__}: {error}"]
    found = "; ".join(wrong[:3]) if wrong else str(count)
    right = not wrong and count > 0
    return Check(name, right, found, None if right else mend)


def _place_faults() -> tuple[int, list[str]]:
    from model.place.place import check, list_places

    names = [str(place["name"]) for place in list_places()]
    return len(names), [str(fault) for name in names for fault in check(name)]


def _scenario_faults() -> tuple[int, list[str]]:
    from scenarios.files.library import check, list_scenarios

    names = [str(scenario["name"]) for scenario in list_scenarios()]
    return len(names), [str(fault) for name in names for fault in check(name)]


def _ledger_faults() -> tuple[int, list[str]]:
    from model.parameters import ledger

    return len(ledger()), []
