"""Ship a calibration: the ensemble beside the ledger, fitted values in it. The only part that writes into model/."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

from calibration import targets
from calibration.fitting.result import FitResult
from model import ensemble
from model.parameters import LEDGER
from scenarios.files import store

DIGITS = 5
FACTS = ("parameters", "trades", "predictive", "inside", "waves", "screen", "targets", "budget", "seconds", "chance",
         "draws_tried", "code_digest", "fitted", "base")  # fmt: skip


def ship(found: FitResult, when: date, folder: Path = LEDGER) -> list[Path]:
    """Write ensemble.csv and ensemble.json, and the fitted values into the ledger; the files written.

    The ledger's own numbers change with this, and with them the results of every run that is not told otherwise.
    """
    targets.check()
    table, facts = folder / "ensemble.csv", folder / "ensemble.json"
    store.write_bytes(table, text_of(found.draws).encode())
    told = found.as_dict()
    kept = {name: told[name] for name in FACTS if name in told}
    rounded = _rounded(
        {"made": when.isoformat(), "sets": len(found.draws), "sha256": ensemble.checksum(table), **kept}
    )
    store.write_json(facts, rounded)
    wanted = {row.target for row in found.predictive}
    misses = [miss for name, miss in found.fitted.misses.items() if name in wanted]
    error = (sum(miss**2 for miss in misses) / len(misses)) ** 0.5
    said = f"{when.isoformat()}, root mean square miss {error:.2f} errors (observation and stated discrepancy) of {len(misses)} targets"
    return [table, facts, *write_ledger(found.fitted.values, found.base, said, folder)]


def text_of(draws: list[dict[str, float]]) -> str:
    """Sets of parameters as CSV."""
    buffer = io.StringIO()
    rows = csv.DictWriter(buffer, list(draws[0]), lineterminator="\n")
    rows.writeheader()
    rows.writerows({name: f"{value:.7g}" for name, value in one.items()} for one in draws)
    return buffer.getvalue()


def write_ledger(
    fitted: dict[str, float], base: dict[str, float], said: str, folder: Path = LEDGER
) -> list[Path]:
    """Put fitted values, and when and how well they were fitted, into the ledger's files, line by line.

    base: parameters that were held at their prior means, which the ledger must then have; an earlier fit of theirs
    is no longer true and goes.
    """
    written = []
    for path in sorted(folder.glob("*.yaml")):
        lines, name = [], ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith((" ", "#")):
                name = line.rstrip(":")
            value = fitted.get(name, base.get(name))
            if value is not None and line.startswith("  value:"):
                line = f"  value: {round(value, DIGITS)}"
            if value is not None and line.startswith("  fitted:"):
                continue
            if name in fitted and line.startswith("  quality:"):
                lines += ["  quality: fitted", f"  fitted: {said}"]
                continue
            if name in base and line == "  quality: fitted":
                line = "  quality: judgement"
            lines.append(line)
        text = "\n".join(lines) + "\n"
        if text != path.read_text(encoding="utf-8"):
            store.write_bytes(path, text.encode())
            written.append(path)
    return written


def _rounded(value: Any) -> Any:
    """Numbers to five figures: a file that people read."""
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return float(f"{value:.5g}") if isinstance(value, float) else value
