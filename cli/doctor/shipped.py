"""What ships: the engine, places, scenarios, the ledger; and whether processes can share the work."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

from cli import ready
from cli.doctor.check import Check

WEEK = "from model import Neighbourhood; Neighbourhood(sample=0.005).advance()"


def checks() -> Iterator[Check]:
    """All of them, in order."""
    yield sharing()
    engine = imported()
    yield engine
    if engine.ok:
        yield week()
    yield _loads("Shipped places load", _place_faults, "git checkout -- scenarios/places model")
    yield _loads("Shipped scenarios load", _scenario_faults, "git checkout -- scenarios/library model")
    yield _loads("Parameter ledger loads", _ledger_faults, "git checkout -- model/ledger")


def sharing() -> Check:
    """Processes meet in shared memory; without it all runs go on in one process, one after the other."""
    from scenarios.batches.backends import cores, no_processes

    why = no_processes()
    found = f"no: {why}" if why else f"{cores()} at once"
    mend = "mount -o remount,rw,size=64m /dev/shm (of a container: --shm-size 64m)" if why else None
    return Check("Processes can share work", not why, found, mend)


def imported() -> Check:
    """Whether packages go together."""
    try:
        from model import Neighbourhood
    except Exception as error:  # packages that do not go together break in any way
        return Check("The engine can be imported", False, f"{type(error).__name__}: {error}", ready.set_up())
    return Check("The engine can be imported", True, Neighbourhood.__module__)


def week() -> Check:
    """Whether a small town is made and moves: compiled code that a full disk or a copy damaged fails here."""
    from model.machine import compiled

    kept = compiled.folder()
    if kept is None or not any(kept.glob("*/*.nbi")):
        print("Trying a small town: nothing is compiled yet, which takes half a minute", file=sys.stderr)
    ran = subprocess.run([sys.executable, "-c", WEEK], cwd=ready.ROOT, capture_output=True, check=False)
    if ran.returncode == 0:
        return Check("A small town runs", True, "a week")
    last = ran.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"status {ran.returncode}"]
    mend = f"remove the folder {kept}: it is compiled anew" if kept else None
    return Check("A small town runs", False, last[0], mend, _compile_anew if kept else None)


def _compile_anew() -> str:
    from model.files import moving
    from model.machine import compiled

    folder = compiled.folder()
    if folder is None:
        return "nothing is kept"
    moving.remove_folder(folder)
    compiled.keep()
    return f"emptied {folder}: code is compiled anew"


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
