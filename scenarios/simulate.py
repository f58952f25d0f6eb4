"""One run of one scenario, told by attribute."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from model.errors import Fault, InputError
from model.outcomes import events, summary
from scenarios import comparison, rerun
from scenarios.files import store
from scenarios.files.parameter_sets import Sets, choose
from scenarios.preflight import look_ahead
from scenarios.provenance import identity, occupied
from scenarios.results import result_folder, waves
from scenarios.runs import design, runner
from scenarios.runs.job import OpenTown, open_town
from scenarios.runs.runner import Batch, Progress

BESIDE = ("build_seconds", "seconds", "resident_weeks_per_second", "warnings")
"""What is told of a run that hangs on the clock, or on where its file lies: of all files the manifest alone holds it."""


def simulate(
    scenario: Any,
    place: Any = None,
    sample: float | None = None,
    years: float | None = None,
    weeks: int | None = None,
    seed: int = 1,
    definition: str | None = None,
    out: str | Path | None = None,
    threads: int = 1,
    max_resident_weeks: float = runner.MAX_RESIDENT_WEEKS,
    progress: Progress | None = None,
    opener: OpenTown = open_town,
    parameters: str | Path | Sets | None = None,
    warn: look_ahead.Warn | None = None,
    overwrite: bool = False,
) -> dict[str, Any]:
    """Run one scenario once: what `simulate --json` prints, with means over the last 52 weeks (or all when fewer).

    out: a folder for weekly.parquet, events.parquet, summary.json, place.json and manifest.json. parameters: fitted (usual) or a YAML
    file. overwrite: other results that lie there may go. warn: is told what the scenario would hardly do, before anything runs. Raises InputError.
    """
    began = time.perf_counter()
    share = comparison.DEFAULT_SAMPLE if sample is None else sample
    sets = choose(parameters, 0) if str(parameters) != "ensemble" else None
    if sets is None or len(sets.changes) > 1:
        raise InputError(Fault("one run has one set of parameters", key="parameters", found=str(parameters),
                               allowed="fitted, or a YAML file", hint="compare takes an ensemble."))  # fmt: skip
    named = comparison.resolve(scenario)
    plan = design.plan([], named, place=place, sample=share, definition=definition, seed=seed,
                       weeks=comparison.span(years, weeks), threads=threads, sets=sets.changes,
                       opener=identity.opener_mark(opener))  # fmt: skip
    runner.check_cost(plan, 1, max_resident_weeks)
    warned = look_ahead.of_plan(plan, [named], warn)
    with tempfile.TemporaryDirectory(prefix="everystep-") as temporary:
        folder = Path(temporary) if out is None else store.claim(out)
        whole = rerun.asked([named], None, place, sets, sample=share, weeks=comparison.span(years, weeks),
                            definition=definition, seed=seed)  # fmt: skip
        asked = occupied.question(plan, comparison.numbers_asked(parameters), identity.opener_mark(opener))
        with occupied.alone(folder):
            occupied.check(folder, asked, 1, overwrite)
            runner.check_room(folder, runner.estimate(plan)["disk"])
            batch = runner.run_plan(plan, folder / "parts", progress=progress, opener=opener)
            told = describe(batch) | {"warnings": warned}
            if out is not None:
                manifest = result_folder.describe(batch, time.perf_counter() - began)
                result_folder.write_folder(
                    folder,
                    batch,
                    None,
                    {**manifest, "baseline": None, "warnings": warned, "question": asked, "asked": whole},
                    {key: value for key, value in told.items() if key not in BESIDE},
                )
                shutil.rmtree(batch.parts)
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
        "waves": waves.told_of(waves.in_one_run(result.records[0].flows.get(waves.FLOW, np.zeros(0)))),
    }
