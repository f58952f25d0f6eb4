"""Compare scenarios with a baseline over paired replicates: effects, their table, and the result folder."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.errors import Fault, InputError
from model.outcomes import levels
from scenarios import chasm, design, runner, store
from scenarios import precision as narrow
from scenarios.design import Plan
from scenarios.effects import effects
from scenarios.job import OpenTown, open_town
from scenarios.parameter_sets import choose, usual
from scenarios.runner import Batch, Progress
from scenarios.waves import Courses

DEFAULT_SAMPLE = 0.1
"""Share of residents simulated unless asked otherwise: plans are told apart well, and a laptop is done in minutes."""

FILES = (
    "weekly.parquet",
    "events.parquet",
    "effects.parquet",
    "effects.csv",
    "summary.json",
    "place.json",
    "manifest.json",
)
"""The result folder, in the order of writing: a folder with a manifest is whole. The report comes on top."""

HEADLINES = (
    "inactive",
    "gap_deprivation_difference",
    "gap_deprivation_ratio",
    "gap_disability_difference",
    "gap_disability_ratio",
    "minutes_mean",
    "joined",
    "cost",
    "people_moved",
    "cost_per_person_moved",
)


@dataclass
class Effects:
    """What scenarios change. `frame` is tidy: one row a scenario, outcome, group, level and horizon."""

    frame: pd.DataFrame
    manifest: dict[str, Any]
    directory: Path | None = None
    _batch: Batch | None = None
    _kept: Any = field(default=None, repr=False)

    def table(self, outcomes: Sequence[str] = HEADLINES, group: str = "all") -> pd.DataFrame:
        """The effects at the end of the run, small enough to read; `group` chooses another attribute."""
        frame = self.frame
        chosen = frame[(frame["group"] == group) & frame["outcome"].isin(list(outcomes))]
        chosen = chosen[chosen["horizon_weeks"] == self.manifest["weeks"]]
        order = {name: number for number, name in enumerate(outcomes)}
        scenarios = {name: number for number, name in enumerate(chosen["scenario"].unique())}
        ranked = chosen.sort_values(
            by=["scenario", "outcome"], kind="stable", key=lambda column: column.map(scenarios | order)
        )
        return ranked.drop(columns=["horizon_weeks", "window_weeks"]).reset_index(drop=True)

    def save(self, directory: str | Path) -> Path:
        """Write the result folder (all but the report). Raises InputError when the folder is not fit."""
        out = store.claim(directory)
        if self._batch is not None:
            write_folder(out, self._batch, self.frame, self.manifest)
        elif self.directory is not None and self.directory.resolve() != out:
            for name in (one for one in FILES if (self.directory / one).exists()):
                with store.whole(out / name) as draft:
                    shutil.copyfile(self.directory / name, draft)
        return out

    @staticmethod
    def load(directory: str | Path) -> Effects:
        """The effects of a finished result folder. Raises InputError when it is none."""
        directory = Path(directory)
        manifest = store.read_json(directory / "manifest.json")
        if store.MARK not in manifest or not (directory / "effects.parquet").is_file():
            raise InputError(
                Fault("holds no finished results", file=str(directory), hint="Run compare with --out first.")
            )
        return Effects(pd.read_parquet(directory / "effects.parquet"), manifest, directory)


def compare(
    scenarios: Sequence[Any],
    replicates: int = 20,
    place: Any = None,
    sample: float | None = None,
    years: float | None = None,
    weeks: int | None = None,
    seed: int = 1,
    jobs: int = -1,
    baseline: Any = "baseline",
    definition: str | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    backend: str = "loky",
    scheduler: str | None = None,
    max_resident_weeks: float = runner.MAX_RESIDENT_WEEKS,
    progress: Progress | None = None,
    opener: OpenTown = open_town,
    precision: float | None = None,
    max_replicates: int = narrow.MOST,
    parameters: str | Path | None = None,
    spillover: bool = False,
) -> Effects:
    """Run each scenario and the baseline on the same replicates and take the differences.

    scenarios, baseline: `Scenario` objects, library names or paths. place: a name, a path or a `Place`, above what
    the scenarios say; likewise `years` or `weeks` and `definition`. jobs: processes, -1 = every core.
    out: a folder to write; finished replicates are kept in it, and `resume=True` goes on after a stop.
    precision: run more replicates, up to `max_replicates`, until the 95% interval of the effect on the share inactive
    is so many points wide or less (scenarios/precision.py).
    parameters: ensemble (sets that agree with the national targets, two replicates each, so that doubt about the
    numbers is told apart from chance; usual from an even six replicates on), fitted, or a file
    (scenarios/parameter_sets.py).
    spillover: run each plan once more without what spreads from person to person, for `effect_direct` and
    `effect_spillover`.
    Raises InputError with every fault of the input.
    """
    began = time.perf_counter()
    base = resolve(baseline)
    chosen = [pair for pair in map(resolve, scenarios) if pair[1] != base[1]]
    if precision is not None:
        narrow.check(precision)
        replicates = min(max(replicates, narrow.FIRST), max_replicates)
    sets = choose(usual(replicates, precision) if parameters is None else parameters, replicates)
    if len(sets.changes) > 1 and precision is not None:
        raise InputError(Fault("goes with one set of parameters", key="precision", found=f"{len(sets.changes)} sets",
                               hint="Leave out --precision, or take --parameters fitted."))  # fmt: skip
    planned = partial(
        design.plan, chosen, base, place=place, sample=DEFAULT_SAMPLE if sample is None else sample,
        weeks=span(years, weeks), definition=definition, seed=seed, spillover=spillover,
        sets=sets.changes,
    )  # fmt: skip
    plan = planned(replicates=replicates)
    runner.check_cost(plan, jobs, max_resident_weeks)
    kept = None if out is not None else tempfile.TemporaryDirectory(prefix="everystep-")
    folder = store.claim(out) if out is not None else Path(kept.name)  # type: ignore[union-attr]
    if resume and (finished := _finished(folder, plan)):
        return finished
    run = partial(runner.run_plan, parts=folder / "parts", jobs=jobs, backend=backend, scheduler=scheduler,
                  progress=progress, opener=opener)  # fmt: skip
    batch = run(plan, resume=resume)
    frame = effects(batch)
    while precision is not None:
        found = narrow.width(frame, plan.jobs[0].town.weeks)
        wanted = narrow.next_count(plan.replicates, found, precision, max_replicates)
        if wanted == plan.replicates:
            break
        plan = planned(replicates=wanted)
        runner.check_cost(plan, jobs, max_resident_weeks)
        batch = run(plan, resume=True)
        frame = effects(batch)
    manifest = describe(batch, time.perf_counter() - began)
    manifest["parameters"] |= sets.told
    if len(sets.changes) > 1:
        manifest["parameters"]["changed"] = {}
    if precision is not None:
        manifest["stopping"] = {"precision": precision, "width": found, "replicates": plan.replicates,
                                "reached": found <= precision}  # fmt: skip
    if out is None:
        return Effects(frame, manifest, None, batch, kept)
    write_folder(folder, batch, frame, manifest)
    shutil.rmtree(batch.parts)
    return Effects(frame, manifest, folder)


def resolve(scenario: Any) -> tuple[str, Any]:
    """A scenario with its name in results. Raises InputError when it cannot be loaded."""
    if isinstance(scenario, str | Path):
        from scenarios.schema import Scenario

        scenario = Scenario.load(str(scenario))
    return scenario.slug, scenario


def span(years: float | None, weeks: int | None) -> int | None:
    """Weeks to run from `--years` or `--weeks`; None leaves it to the scenarios."""
    if years is not None and weeks is not None:
        raise InputError(
            Fault("give years or weeks, not both", key="years", found=f"{years} and {weeks} weeks")
        )
    if years is None:
        return weeks
    if not 0 < years <= 60:
        raise InputError(
            Fault("must be a length of time", key="years", found=repr(years), allowed="above 0 to 60")
        )
    return max(1, round(years * design.WEEKS_A_YEAR))


def _finished(folder: Path, plan: Plan) -> Effects | None:
    """The results of this very plan when the folder holds them whole."""
    told = store.read_json(folder / "manifest.json")
    return Effects.load(folder) if told.get("plan_digest") == plan.digest else None


def describe(batch: Batch, seconds: float) -> dict[str, Any]:
    """The manifest: what was run, from what, by what, and how to run it again."""
    plan = batch.plan
    town = plan.jobs[0].town
    first = store.load_part(batch.parts, plan.jobs[0].id)
    assert first is not None
    arms = {arm.name: arm.as_dict() for job in plan.jobs for arm in job.arms}
    place = town.place
    return {
        store.MARK: runner.version(),
        "commit": runner.commit(),
        "code_digest": design.code_digest(),
        "command": " ".join(sys.argv),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 2),
        "packages": runner.packages(),
        "place": {"name": place.name, "title": place.title, "synthetic": place.synthetic, "digest": place.digest,
                  "sources": list(place.sources), "licence": place.licence},
        "definition": town.definition,
        "start": town.start.isoformat(),
        "weeks": town.weeks,
        "years": round(town.weeks / design.WEEKS_A_YEAR, 2),
        "sample": town.sample,
        "seed": plan.seed,
        "replicates": plan.replicates,
        "residents": first.residents,
        "adults": round(first.adults),
        "baseline": plan.baseline.name,
        "scenarios": list(arms.values()),
        "parameters": {"changed": town.parameters.changed(), "digest": town.parameters.digest},
        "plan_digest": plan.digest,
        "jobs": [job.as_dict() for job in plan.jobs],
    }  # fmt: skip


def write_folder(
    out: Path,
    batch: Batch,
    frame: pd.DataFrame | None,
    manifest: dict[str, Any],
    told: dict[str, Any] | None = None,
) -> None:
    """Write every file of the result folder, each whole, the manifest last.

    frame: the effects; without them (one run) `told` is the summary. Files of an older result go first.
    """
    for name in ("manifest.json", "report.html", *FILES):
        (out / name).unlink(missing_ok=True)
    courses = Courses()
    with (store.table_of_runs(out / "weekly.parquet") as weekly,
          store.table_of_runs(out / "events.parquet") as events):  # fmt: skip
        for job, result in batch.results():
            courses.add(job, result)
            for arm, record in zip(job.arms, result.records, strict=True):
                run = (arm.name, job.replicate, job.seed, job.town.start, record)
                weekly(store.weekly_table(*run))
                events(store.events_table(*run))
    if frame is not None:
        store.write_table(frame, out / "effects.parquet")
        store.write_csv(frame, out / "effects.csv")
        told = {**summarise(frame, manifest), "waves": courses.described()}
    store.write_json(out / "summary.json", told)
    store.write_json(out / "place.json", place_facts(batch))
    written = [name for name in FILES[:-1] if (out / name).exists()]
    store.write_json(out / "manifest.json", {**manifest, "files": store.checksums(out, written)})


def summarise(frame: pd.DataFrame, manifest: dict[str, Any]) -> dict[str, Any]:
    """The few numbers most people want: effects on everybody at the end, by scenario, and what to mind."""
    end = frame[(frame["horizon_weeks"] == manifest["weeks"]) & (frame["group"] == "all")]
    shown = ["baseline_value", "scenario_value", "difference", "ci_low", "ci_high"]
    at_end = {
        str(name): {row["outcome"]: {key: row[key] for key in shown} for row in rows.to_dict("records")}
        for name, rows in end.groupby("scenario", sort=False)
    }
    return {"baseline": manifest["baseline"], "horizon_weeks": manifest["weeks"], "effects_at_end": at_end,
            "chasm": chasm.of_frame(frame, manifest["weeks"]), "notes": notes(manifest)}  # fmt: skip


def notes(manifest: dict[str, Any]) -> list[str]:
    """What a reader must know about these numbers."""
    said = ["What-if, not a forecast."]
    if "stopping" in manifest:
        said.append(narrow.sentence(manifest["stopping"]))
    if manifest["replicates"] < 2:
        said.append("One replicate only: no interval can be given. Ask for --replicates 10 or more.")
    elif (sets := manifest.get("parameters", {}).get("sets", 1)) > 1:
        said.append(
            f"Two ranges, both 95%: after ± what chance does, from {manifest['replicates']} paired runs; below it, what "
            f"doubt about the model's numbers does, over {sets} sets that agree with the national targets."
        )
    else:
        said.append(
            f"Intervals are 95%, from paired differences over {manifest['replicates']} replicates: they tell "
            "chance in the model, not doubt about its numbers. Four times the replicates halve them."
        )
    return said


def place_facts(batch: Batch) -> dict[str, Any]:
    """The place as maps need it: zones with their rings and adults, and the assets."""
    job = batch.plan.jobs[0]
    first = store.load_part(batch.parts, job.id)
    assert first is not None
    place, record = job.town.place, first.records[0]
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
