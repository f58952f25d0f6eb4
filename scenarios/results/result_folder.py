"""The result folder: its tables, the manifest, what a summary and a page need of the place, and what to mind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.files import moving
from model.limits import WEEKS_A_YEAR
from model.outcomes import levels
from scenarios.batches.batch import Batch
from scenarios.files import parameter_sets, store
from scenarios.findings import findings
from scenarios.provenance import program
from scenarios.results import chasm, dictionary, figures, numbers, workbook
from scenarios.results.costs import Costs
from scenarios.results.programmes import Programmes
from scenarios.results.waves import Courses
from scenarios.runs import run_tables
from scenarios.runs.design import Design
from scenarios.statistics import multilevel, precision, stray
from scenarios.statistics.precision import runs_needed

FEW_SETS = 5
"""Sets of parameters of which fewer tell little of doubt about the numbers."""
FILES = (
    "weekly.parquet",
    "events.parquet",
    "effects.parquet",
    "effects.csv",
    "versus.csv",
    "places_used.csv",
    "costs.csv",
    "summary.json",
    "place.json",
    "parameters.csv",
    "effects.xlsx",
    "dictionary.csv",
    "manifest.json",
)
"""The result folder, in the order of writing: a folder with a manifest is whole. The report comes on top."""


def describe(batch: Batch, seconds: float) -> dict[str, Any]:
    """The manifest: what was run, from what, by what, and how to run it again."""
    plan = batch.plan
    town = plan.jobs[0].town
    first = batch.first()
    arms = {arm.name: arm.as_dict() for job in plan.jobs for arm in job.arms}
    place = town.place
    return {
        **program.described(),
        "opener": plan.opener,
        "seconds": round(seconds, 2),
        "place": {"name": place.name, "title": place.title, "synthetic": place.synthetic, "digest": place.digest,
                  "sources": list(place.sources), "licence": place.licence,
                  "warnings": [str(one) for one in getattr(place, "warnings", ())]},
        "definition": town.definition,
        "start": town.start.isoformat(),
        "weeks": town.weeks,
        "years": round(town.weeks / WEEKS_A_YEAR, 2),
        "sample": town.sample,
        "seed": plan.seed,
        "replicates": plan.replicates,
        "residents": first.residents,
        "adults": round(first.adults),
        "baseline": plan.baseline.name,
        "scenarios": list(arms.values()),
        **({"by": list(town.by)} if town.by else {}),
        "parameters": {"changed": town.parameters.changed(), "digest": town.parameters.digest,
                       "in_full": in_full(plan), **({"beyond": beyond} if (beyond := town.parameters.beyond()) else {})},
        "plan_digest": plan.digest,
        "jobs": [job.as_dict() for job in plan.jobs],
    }  # fmt: skip


def in_full(plan: Design) -> list[dict[str, Any]]:
    """Every set of parameters with each of its values, and which replicates of which group of jobs have it."""
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for job in plan.jobs:
        parameters = job.town.parameters
        one = found.setdefault((job.group, parameters.digest), {"group": job.group, "digest": parameters.digest,
                               "replicates": [], "values": dict(parameters.values)})  # fmt: skip
        one["replicates"].append(job.replicate)
    return list(found.values())


def write_folder(
    out: Path,
    batch: Batch,
    frame: pd.DataFrame | None,
    manifest: dict[str, Any],
    told: dict[str, Any] | None = None,
    versus: pd.DataFrame | None = None,
) -> None:
    """Write every file of the result folder, each whole, the manifest last.

    frame: the effects, with `versus`, the plans against each other; without them (one run) `told` is the summary. Files of an older result go first.
    """
    for name in ("manifest.json", "report.html", *FILES):
        moving.remove(out / name)
    figures.remove(out)
    courses, delivered, spent, zones = Courses(), Programmes(), Costs(), zone_names(batch)
    with (run_tables.table_of_runs(out / "weekly.parquet") as weekly,
          run_tables.table_of_runs(out / "events.parquet") as events):  # fmt: skip
        for job, result in batch.results():
            for kept in (courses, delivered, spent):
                kept.add(job, result)
            for arm, record in zip(job.arms, result.records, strict=True):
                run = (arm.name, job.replicate, job.seed, job.town.start, record)
                weekly(run_tables.weekly_table(*run))
                events(run_tables.events_table(*run))
    if frame is not None:
        store.write_table(frame, out / "effects.parquet")
        store.write_csv(workbook.named(frame, zones), out / "effects.csv")
        ranking = findings.of_tables(frame, versus, manifest).as_dict()
        told = {**summarise(frame, manifest), "ranking": ranking, "waves": courses.described()}
        book = workbook.effects_workbook(frame, manifest, zones, told["notes"])
        store.write_bytes(out / "effects.xlsx", book)
    if versus is not None:
        store.write_csv(versus, out / "versus.csv")
    told = {**(told or {}), "programmes": delivered.described(spent)}
    store.write_csv(delivered.frame(), out / "places_used.csv")
    store.write_csv(spent.frame(), out / "costs.csv")
    store.write_json(out / "summary.json", told)
    store.write_json(out / "place.json", place_facts(batch))
    store.write_csv(numbers.table(batch.plan.jobs[0].town.parameters), out / "parameters.csv")
    store.write_csv(dictionary.table(out, zones), out / "dictionary.csv")
    written = [name for name in FILES[:-1] if (out / name).exists()]
    store.write_json(out / "manifest.json", {**manifest, "files": store.checksums(out, written)})


def zone_names(batch: Batch) -> dict[str, str]:
    """Names of the zones of every place of a batch, by code."""
    return {
        str(zone.code): str(zone.name)
        for town, _ in batch.plan.towns
        for zone in town.place.zones.itertuples(index=False, name="Zone")
    }


def summarise(frame: pd.DataFrame, manifest: dict[str, Any]) -> dict[str, Any]:
    """The few numbers most people want: effects on everybody at the end, by scenario, and what to mind."""
    end = frame[(frame["horizon_weeks"] == manifest["weeks"]) & (frame["group"] == "all")]
    shown = ["baseline_value", "scenario_value", "difference", "ci_low", "ci_high", "range_low", "range_high"]
    at_end = {
        str(name): {row["outcome"]: {key: row[key] for key in shown} for row in rows.to_dict("records")}
        for name, rows in end.groupby("scenario", sort=False)
    }
    return {"baseline": manifest["baseline"], "horizon_weeks": manifest["weeks"], "effects_at_end": at_end,
            "chasm": chasm.of_frame(frame, manifest["weeks"]), "notes": notes(manifest)}  # fmt: skip


def notes(manifest: dict[str, Any]) -> list[str]:
    """What a reader must know about these numbers."""
    said = ["What-if, not a forecast."]
    said += [f"About the place: {one}" for one in manifest["place"].get("warnings", [])]
    if "whole" in manifest:
        said.append(multilevel.sentence(manifest))
    elif (off := stray.of_sample(manifest["sample"])) > 0:
        said.append(f"{manifest['sample']:.3g} of the residents are simulated: ranges allow for {off:.0%} by which that may stray "
                    "from the whole town; --whole takes it out.")  # fmt: skip
    if "stopping" in manifest:
        said.append(precision.sentence(manifest["stopping"]))
    if manifest["replicates"] < 2:
        said.append("One replicate only: no interval can be given. Ask for --replicates 10 or more.")
    elif (sets := manifest.get("parameters", {}).get("sets", 1)) > 1:
        said.append(
            f"Ranges are 95% and hold chance, from {manifest['replicates']} paired runs, and doubt about the model's numbers, "
            f"over {parameter_sets.in_words(manifest['parameters'])}, together; effects.csv has each apart."
        )
        if sets < FEW_SETS:
            said.append(
                f"So few sets tell little of that doubt: take {FEW_SETS * parameter_sets.EACH} replicates or more before a choice rests on it."
            )
    else:
        said.append(
            f"Intervals are 95%, from paired differences over {manifest['replicates']} replicates: they tell "
            f"chance in the model, not doubt about its numbers. {runs_needed(manifest['replicates'])} replicates halve them."
        )
    return said + parameter_sets.influence(manifest.get("parameters", {}))


def place_facts(batch: Batch) -> dict[str, Any]:
    """The place as maps need it: zones with their rings and adults, and the assets."""
    job = batch.plan.jobs[0]
    place, record = job.town.place, batch.first().records[0]
    people = levels.people(record)
    adults = {level: float(people[row]) for row, level in levels.strata(record, "zone")}
    zones = [
        {"code": zone.code, "name": zone.name, "easting": float(zone.easting), "northing": float(zone.northing),
         "imd_quintile": (int(zone.imd_decile) + 1) // 2, "adults": round(adults.get(str(zone.code), 0.0), 2),
         "rings": [np.round(ring, 1).tolist() for ring in place.boundaries.get(zone.code, [])]}
        for zone in place.zones.itertuples(index=False, name="Zone")
    ]  # fmt: skip
    columns = ["kind", "name", "easting", "northing", "synthetic"]
    assets = place.assets[columns].to_dict("records") if len(place.assets) else []
    return {"name": place.name, "title": place.title, "synthetic": place.synthetic, "cell_m": place.cell_m,
            "zones": zones, "assets": assets, "sources": list(place.sources), "licence": place.licence}  # fmt: skip
