"""One run of one scenario, told by attribute."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from model.errors import Fault, InputError
from model.outcomes import events, summary
from scenarios.batches import capacity, runner
from scenarios.batches.batch import Batch
from scenarios.files import store
from scenarios.files.parameter_sets import choose
from scenarios.options import RunOptions, takes
from scenarios.preflight import look_ahead
from scenarios.provenance import identity, occupied
from scenarios.results import result_folder, waves
from scenarios.runs import design, question, size

BESIDE = ("build_seconds", "seconds", "resident_weeks_per_second", "warnings")
"""What is told of a run that hangs on the clock, or on where its file lies: of all files the manifest alone holds it."""


@takes(RunOptions)
def simulate(scenario: Any, *, asked: RunOptions) -> dict[str, Any]:
    """Run one scenario once: what `simulate --json` prints, with means over the last 52 weeks (or all when fewer).

    All else by keyword (scenarios/options.py). out: a folder for weekly.parquet, events.parquet, summary.json, place.json
    and manifest.json. parameters: fitted (usual) or a YAML file. Raises InputError.
    """
    began = time.perf_counter()
    sets = choose(asked.parameters, 0) if str(asked.parameters) != "ensemble" else None
    if sets is None or len(sets.changes) > 1:
        raise InputError(Fault("one run has one set of parameters", key="parameters", found=str(asked.parameters),
                               allowed="fitted, or a YAML file", hint="compare takes an ensemble."))  # fmt: skip
    named, weeks = question.resolve(scenario), size.span(asked.years, asked.weeks)
    town: dict[str, Any] = {
        "sample": asked.share,
        "weeks": weeks,
        "definition": asked.definition,
        "seed": asked.seed,
    }
    mark = identity.opener_mark(asked.opener)
    plan = design.plan(
        [], named, place=asked.place, threads=asked.threads, sets=sets.changes, opener=mark, **town
    )
    capacity.check_cost(plan, 1, asked.max_resident_weeks)
    warned = look_ahead.of_plan(plan, [named], asked.warn)
    whole = question.asked([named], None, asked.place, sets, **town)
    posed = occupied.question(plan, question.numbers_asked(asked.parameters), mark)
    with tempfile.TemporaryDirectory(prefix="everystep-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary) if asked.out is None else store.claim(asked.out)
        with occupied.alone(folder):
            occupied.check(folder, posed, 1, asked.overwrite)
            capacity.check_room(folder, capacity.estimate(plan)["disk"])
            batch = runner.run_plan(plan, folder / "parts", progress=asked.progress, opener=asked.opener)
            told = describe(batch) | {"warnings": warned}
            if asked.out is not None:
                manifest = result_folder.describe(batch, time.perf_counter() - began)
                manifest |= {"baseline": None, "warnings": warned, "question": posed, "asked": whole}
                summed = {key: value for key, value in told.items() if key not in BESIDE}
                result_folder.write_folder(folder, batch, None, manifest, summed)
                occupied.clear(batch.parts)
    return told


def describe(batch: Batch) -> dict[str, Any]:
    """The result of a batch of one run."""
    job, result = next(batch.results())
    weeks = len(result.records[0].weeks)
    return {
        "scenario": job.arms[0].name,
        "place": job.town.place.name,
        "definition": job.town.definition,
        "seed": job.seed,
        "sample": job.town.sample,
        "residents": result.residents,
        "adults": round(result.adults),
        "weeks": weeks,
        "build_seconds": round(result.build_seconds, 3),
        "seconds": round(result.run_seconds, 3),
        "resident_weeks_per_second": round(result.residents * weeks / max(result.run_seconds, 1e-9)),
        **summary.describe(result.records[0]),
        "events": events.counted(result.records[0].events),
        "waves": waves.wave_rows(waves.in_one_run(result.records[0].flows.get(waves.FLOW, np.zeros(0)))),
    }
