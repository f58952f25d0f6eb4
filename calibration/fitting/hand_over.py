"""What a calibration of one's own leaves in its folder, for `compare --parameters`: the sets that stand, and the nearest."""

from __future__ import annotations

from pathlib import Path

import yaml

from calibration.fitting.result import FitResult
from calibration.fitting.ship import text_of
from calibration.fitting.verdict import MATCHED
from calibration.statistics.history import CUT
from model.files import moving
from scenarios.files import store

SETS, ONE, NEAREST = "sets.csv", "best.yaml", "nearest.yaml"
"""All sets that stand; the nearest of those tried where it stands; and where it does not, under a name that says so."""


def hand_over(found: FitResult, folder: Path) -> dict[str, str]:
    """Write the sets of parameters that stand, and the nearest; the files by what they are. Old ones go first."""
    for name in (SETS, ONE, NEAREST):
        moving.remove(folder / name)
    written = {}
    matched = found.judged.status == MATCHED
    draws = [found.base | one for one in found.draws if matched]
    if draws:
        store.write_bytes(folder / SETS, text_of(draws).encode())
        written["sets"] = str(folder / SETS)
    nearest = found.judged.nearest
    path = folder / (ONE if matched else NEAREST)
    said = "within" if matched else "NOT within"
    head = f"# The set nearest to the targets of {found.own.title}: {said} {CUT:g} errors of every one ({nearest.distance:.1f}).\n"
    values = {name: float(f"{value:.7g}") for name, value in nearest.values.items()}
    store.write_bytes(path, (head + yaml.safe_dump(values, sort_keys=False)).encode())
    written["best" if matched else "nearest"] = str(path)
    return written
