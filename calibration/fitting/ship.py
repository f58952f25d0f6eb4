"""Ship a calibration: the ensemble beside the ledger, fitted values in it. The only part that writes into model/."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

from calibration import targets
from model import ensemble
from model.parameters import LEDGER
from scenarios import store

DIGITS = 5
FACTS = ("parameters", "trades", "predictive", "inside", "waves", "screen", "targets", "budget", "seconds", "chance",
         "draws_tried", "code_digest", "fitted")  # fmt: skip


def ship(told: dict[str, Any], when: date, folder: Path = LEDGER) -> list[Path]:
    """Write ensemble.csv and ensemble.json, and the fitted values into the ledger; the files written.

    The ledger's own numbers change with this, and with them the results of every run that is not told otherwise.
    """
    targets.check()
    table, facts = folder / "ensemble.csv", folder / "ensemble.json"
    store.write_bytes(table, text_of(told["draws"]).encode())
    kept = {name: told[name] for name in FACTS if name in told}
    rounded = _rounded(
        {"made": when.isoformat(), "sets": len(told["draws"]), "sha256": ensemble.checksum(table), **kept}
    )
    store.write_json(facts, rounded)
    wanted = {row["target"]: row for row in told["predictive"]}
    misses = [miss for name, miss in told["fitted"]["misses"].items() if name in wanted]
    error = (sum(miss**2 for miss in misses) / len(misses)) ** 0.5
    said = f"{when.isoformat()}, root mean square miss {error:.2f} errors (observation and stated discrepancy) of {len(misses)} targets"
    return [table, facts, *write_ledger(told["fitted"]["values"], said, folder)]


def text_of(draws: list[dict[str, float]]) -> str:
    """Sets of parameters as CSV."""
    buffer = io.StringIO()
    rows = csv.DictWriter(buffer, list(draws[0]), lineterminator="\n")
    rows.writeheader()
    rows.writerows({name: f"{value:.7g}" for name, value in one.items()} for one in draws)
    return buffer.getvalue()


def write_ledger(values: dict[str, float], said: str, folder: Path = LEDGER) -> list[Path]:
    """Put fitted values, and when and how well they were fitted, into the ledger's files, line by line."""
    written = []
    for path in sorted(folder.glob("*.yaml")):
        lines, name = [], ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith((" ", "#")):
                name = line.rstrip(":")
            if name in values and line.startswith("  value:"):
                line = f"  value: {round(values[name], DIGITS)}"
            if name in values and line.startswith("  fitted:"):
                continue
            if name in values and line.startswith("  quality:"):
                lines += ["  quality: fitted", f"  fitted: {said}"]
                continue
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
