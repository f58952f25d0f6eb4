"""`run.py validate`: the model under several sets of parameters and seeds, held against every pattern."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

from calibration import experiments, targets
from calibration.fitting import runs
from calibration.fitting.runs import Ask
from calibration.measures import MEASURES
from calibration.validation import districts
from calibration.validation import patterns as _patterns  # noqa: F401 (they register)
from calibration.validation.pattern import PATTERNS, Brings, Measured
from calibration.validation.result import Judged, ValidationResult
from model import ensemble
from scenarios.batches import failures, supervise
from scenarios.files import store
from scenarios.runs import design

SEED, SAMPLE, LONG_SAMPLE, DISTRICT_SAMPLE = 501, 0.5, 0.1, 0.15
QUICK = 0.1
"""With --quick, samples are a tenth of what they are."""
DRAWS, QUICK_DRAWS = 40, 10
"""Sets of parameters: enough that chance between them moves a mean by a fifth of its spread or less."""


def every() -> list[Brings]:
    """All who bring patterns: the file of patterns, and every experiment."""
    for module in pkgutil.iter_modules(experiments.__path__, f"{experiments.__name__}."):
        importlib.import_module(module.name)
    return PATTERNS


def sets(draws: int) -> tuple[list[dict[str, float]], str]:
    """Sets of parameters, and what they are: the ensemble's, or the fitted values alone when none is shipped."""
    if ensemble.TABLE.is_file():
        return ensemble.spaced(ensemble.draws(), draws), "ensemble"
    return [{}] * draws, "fitted"


def validate(out: str | Path, *, draws: int | None = None, quick: bool = False, places: bool = True, jobs: int = -1,
             max_seconds: float | None = None, progress: Any = None) -> ValidationResult:  # fmt: skip
    """Run what patterns need and judge them; what was found, also written to `validation.json` in the folder.

    draws: sets of the ensemble; None = as many as usual. Runs that the folder holds already are taken as they are.
    Raises Interrupted when time is up or on Ctrl-C.
    """
    targets.check()
    folder = store.claim(out)
    scale = QUICK if quick else 1.0
    samples = {"year": SAMPLE, "decades": LONG_SAMPLE, "course": SAMPLE / 2, "mechanisms": SAMPLE / 5}
    chosen, source = sets(draws or (QUICK_DRAWS if quick else DRAWS))
    wanted: list[tuple[str, float]] = [(name, scale * samples[name]) for name in MEASURES]
    if places:
        wanted += [(f"district:{name}", max(scale * DISTRICT_SAMPLE, 0.03)) for name in districts.names()]
    asks = [
        Ask.of(name, SEED + row, share, changes)
        for name, share in wanted
        for row, changes in enumerate(chosen)
    ]
    with supervise.alone(folder), failures.room(folder):
        found = runs.measure(folder, asks, jobs=jobs, max_seconds=max_seconds, progress=progress)
        measured = Measured({})
        for ask, one in zip(asks, found, strict=True):
            measured.runs.setdefault(ask.measure, []).extend([one] if one else [])
        judged = judge(measured)
        result = ValidationResult(judged.patterns, judged.districts, len(chosen), source, design.code_digest(), targets.fingerprint(),
                                  quick, ensemble.facts().get("sha256") if source == "ensemble" else None)  # fmt: skip
        store.write_json(folder / "validation.json", result.as_dict())
    return result


def judge(measured: Measured) -> Judged:
    """Every pattern's rows, and the districts."""
    national = Measured({key: many for key, many in measured.runs.items() if not key.startswith("district:")})
    rows = [row for bring in every() for row in bring(national)]
    return Judged(rows, districts.table(measured.runs))


def lines(found: Judged) -> list[str]:
    """What `validate` prints."""
    said = []
    for row in found.patterns:
        if row.holds is None:
            continue
        verdict = "holds" if row.holds else "MISSES"
        low, high = (f"{end:.4g}" if end is not None else "" for end in (row.target_low, row.target_high))
        said.append(
            f"{row.id:7s} {row.name[:52]:52s} {low:>7s}-{high:7s} {row.model:8.2f}  {row.role:9s} {verdict}"
        )
    said.append("")
    said += [
        f"{role.replace('_', ' ')}: {good} of {count} hold" for role, (good, count) in found.counts().items()
    ]
    alone = "; ".join(
        f"{role.replace('_', ' ')}: {good} of {count}" for role, (good, count) in found.counts_alone().items()
    )
    said.append(f"by the published error alone: {alone}")
    return said
