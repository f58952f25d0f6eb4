"""A question as it is asked: scenarios by name, lengths, numbers; and the whole of it as a manifest keeps it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scenarios.files.parameter_sets import Sets
from scenarios.files.schema import Scenario
from scenarios.provenance import checks
from scenarios.runs import design


def numbers_asked(parameters: str | Path | Sets | None) -> str:
    """Which parameters are asked for, in a word; a file by its bytes."""
    if isinstance(parameters, Sets):
        return design.digest(design.canonical([dict(one) for one in parameters.changes]))
    path = Path(str(parameters))
    return f"{parameters} {checks.sum_of(path)}" if path.is_file() else str(parameters or "usual")


def resolve(scenario: Any) -> tuple[str, Any]:
    """A scenario with its name in results. Raises InputError when it cannot be loaded."""
    if isinstance(scenario, str | Path):
        scenario = Scenario.load(str(scenario))
    return scenario.slug, scenario


def asked(
    scenarios: Sequence[Any],
    baseline: Any,
    place: Any,
    sets: Sets,
    **options: Any,
) -> dict[str, Any]:
    """What was asked for, whole, as a manifest keeps it. scenarios, baseline: (name, Scenario); options: plain values."""
    named = None if place is None or isinstance(place, str | Path) else getattr(place, "name", "")
    return {"scenarios": [_plain(one) for one in scenarios], "baseline": baseline and _plain(baseline),
            "place": str(place) if place is not None and named is None else None, "own_place": named,
            "parameters": {"sets": [dict(one) for one in sets.changes], "told": dict(sets.source)}, **options}  # fmt: skip


def _plain(named: Any) -> list[Any]:
    return [named[0], json.loads(json.dumps(named[1].as_dict(), default=str))]
