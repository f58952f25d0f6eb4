"""Compare scenarios with a baseline over paired replicates: effects and their table."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from model.errors import Fault, InputError
from model.outcomes.strata import crossing_of
from scenarios import rerun
from scenarios.files import alike, store
from scenarios.files.parameter_sets import Sets, choose, usual
from scenarios.findings import findings, sentences, sums
from scenarios.findings.findings import Findings
from scenarios.preflight import look_ahead
from scenarios.provenance import checks, identity, occupied
from scenarios.results import added_up, crossed, runs
from scenarios.results.added_up import VERSUS, check_against
from scenarios.results.effects import of_batch
from scenarios.results.result_folder import FILES, describe, notes, write_folder
from scenarios.runs import design, runner
from scenarios.runs.design import Plan
from scenarios.runs.job import OpenTown, open_town
from scenarios.runs.runner import Batch, Progress
from scenarios.statistics import multilevel
from scenarios.statistics import precision as narrow

DEFAULT_SAMPLE = 0.1
"""Share of residents simulated unless asked otherwise: plans are told apart well, and a laptop is done in minutes."""

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
    already: bool = False
    """They were finished before: nothing was run for them."""
    versus: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(VERSUS)))
    """Plans against each other over paired runs: one row a pair and measure."""
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

    def findings(self, rank_by: str | None = None) -> Findings:
        """What was found: every plan at every time, in order, and which can be told apart. rank_by: person_years (usual),
        during, after, gap or cost."""
        return findings.of_tables(self.frame, self.versus, self.manifest, rank_by)

    def against(self, name: str) -> pd.DataFrame:
        """Every plan against one of them, or against a sum ("A+B"), over paired runs: `VERSUS`, turned so that `against`
        is `name`. A sum is known where its plans make up another of them, or where `compare` was asked for it."""
        titles = {one["name"]: one["title"] for one in self.manifest["scenarios"]}
        name = check_against(
            name, {one: titles.get(one, one) for one in dict.fromkeys(self.frame["scenario"])}
        )
        mine = self.versus[self.versus["against"] == name]
        if added_up.asked(name) and mine.empty:
            raise InputError(Fault("was not worked out in these results", key="against", found=name,
                                   hint="Compare again with it, without --resume."))  # fmt: skip
        added = self.versus["against"].map(lambda one: bool(added_up.asked(one))).astype(bool)
        turned = self.versus[(self.versus["scenario"] == name) & ~added]
        swapped = {"scenario": "against", "against": "scenario"} | {
            f"{kind}_{one}": f"{kind}_{two}" for kind in ("ci", "range") for one, two in (("low", "high"), ("high", "low"))
        }  # fmt: skip
        ends = ["difference", "ci_low", "ci_high", "range_low", "range_high"]
        turned = turned.rename(columns=swapped)[list(VERSUS)]
        turned = turned.assign(**{end: -turned[end] for end in ends})
        return pd.concat([mine, turned], ignore_index=True)

    def as_dict(self, against: str | None = None) -> dict[str, Any]:
        """All that `compare --json` prints of them but the report. against: with each plan against this one."""
        folder, told = self.directory, self.findings()
        summary = store.read_json(checks.held(folder, "summary.json")) if folder is not None else {}
        return {"baseline": self.manifest["baseline"], "replicates": self.manifest["replicates"],
                "headline": sentences.headline(told), "ranking": told.as_dict(),
                "added_up": sums.sentences(told),
                "effects": self.frame.to_dict("records"), "out": str(folder) if folder is not None else None,
                "against": self.against(against).to_dict("records") if against else None,
                "notes": notes(self.manifest), "warnings": self.manifest.get("warnings", []),
                "programmes": summary.get("programmes"), "waves": summary.get("waves"),
                "chasm": summary.get("chasm"), "stopping": self.manifest.get("stopping")}  # fmt: skip

    def runs(self, group: str = "all") -> pd.DataFrame:
        """The runs behind the table: one row a scenario, replicate and outcome (and level of `group`), at the end of the
        run (scenarios/results/runs.py)."""
        return runs.of_effects(self, group)

    def plot(self, outcome: str = "inactive", group: str = "all") -> Any:
        """A matplotlib Figure of the effects on one outcome: each replicate, the mean and its 95% interval."""
        table = self.table([outcome], group)
        return runs.figure(self.runs(group), table, outcome, list(dict.fromkeys(self.frame["scenario"])))

    def save(self, directory: str | Path, overwrite: bool = False) -> Path:
        """Write the result folder (all but the report). overwrite: other results that lie there may go.

        Raises InputError when the folder is not fit.
        """
        out = store.claim(directory)
        occupied.check(out, self.manifest.get("question", ""), self.manifest["replicates"], overwrite)
        if self._batch is not None:
            write_folder(out, self._batch, self.frame, self.manifest, versus=self.versus)
        elif self.directory is not None and self.directory.resolve() != out:
            for name in (one for one in FILES if (self.directory / one).exists()):
                with store.whole(out / name) as draft:
                    shutil.copyfile(checks.held(self.directory, name), draft)
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
        frame = pd.read_parquet(checks.held(directory, "effects.parquet"))
        return Effects(frame, manifest, directory, versus=checks.read_versus(directory, VERSUS))


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
    parameters: str | Path | Sets | None = None,
    spillover: bool = False,
    rank_by: str | None = None,
    warn: look_ahead.Warn | None = None,
    by: Sequence[str] | str | None = None,
    overwrite: bool = False,
    aside: bool = False,
    against: str | None = None,
    whole: bool = False,
) -> Effects:
    """Run each scenario and the baseline on the same replicates and take the differences.

    scenarios, baseline: `Scenario` objects, library names or paths. place: a name, a path or a `Place`, above what
    the scenarios say; likewise `years` or `weeks` and `definition`. jobs: processes, -1 = every core.
    out: a folder to write; finished replicates are kept in it, and `resume=True` goes on after a stop.
    precision: run more replicates, up to `max_replicates`, until the 95% interval of the effect on the share inactive
    is so many points wide or less (scenarios/statistics/precision.py).
    parameters: ensemble (sets that agree with the national targets, two replicates each, so that doubt about the
    numbers is told apart from chance; usual from an even six replicates on), fitted, or a file
    (scenarios/files/parameter_sets.py).
    spillover: run each plan once more without what spreads from person to person, for `effect_direct` and
    `effect_spillover`.
    rank_by: what orders plans wherever they are told (`Effects.findings`); it changes no number.
    by: attributes to cross, so that effects on, say, disabled women over 65 are told (scenarios/results/crossed.py).
    overwrite: results of another question that lie in `out` may go; aside: they stay, and these go to OUT_2, OUT_3, ...
    against: a sum of plans ("A+B", by names or titles) that every other plan is held against too (`Effects.against`).
    whole: run a few replicates of the whole town too, and tell its effects (scenarios/statistics/multilevel.py).
    warn: is told what the plans would hardly do (manifest["warnings"]), before anything runs.
    Raises InputError with every fault of the input, a plan that would do nothing for anybody among them; scenarios must
    share place, definition, start and length, unless these are given here.
    """
    began = time.perf_counter()
    base = resolve(baseline)
    chosen = alike.beside([resolve(one) for one in scenarios], base, warn)
    given = {"place": place, "definition": definition, "weeks": years or weeks}
    alike.check(
        [*chosen, base] if base[1].interventions or base[1].barriers else chosen,
        [name for name, value in given.items() if value is not None],
    )
    if precision is not None:
        narrow.check(precision)
        replicates = min(max(replicates, narrow.FIRST), max_replicates)
    sets = choose(usual(replicates, precision) if parameters is None else parameters, replicates)
    if len(sets.changes) > 1 and precision is not None:
        raise InputError(Fault("goes with one set of parameters", key="precision", found=f"{len(sets.changes)} sets",
                               hint="Leave out --precision, or take --parameters fitted."))  # fmt: skip
    share = DEFAULT_SAMPLE if sample is None else sample
    multilevel.check(whole, share, precision)
    planned = partial(
        design.plan, chosen, base, place=place,
        weeks=span(years, weeks), definition=definition, seed=seed, spillover=spillover,
        sets=sets.changes, by=crossing_of(by), opener=identity.opener_mark(opener),
    )  # fmt: skip
    everybody, planned = partial(planned, sample=1.0), partial(planned, sample=share)
    plan = planned(replicates=replicates)
    upper = None
    if whole:
        beside = multilevel.beside(replicates, len(sets.changes))
        upper = multilevel.chosen(everybody(replicates=replicates), beside)
    if against is not None:
        against = check_against(against, {arm.name: arm.title for _, arms in plan.towns for arm in arms[1:]})
    for one in (plan, upper):
        if one is not None:
            runner.check_cost(one, jobs, max_resident_weeks)
    warned = look_ahead.of_plan(plan, [base, *chosen], warn)
    said = rerun.asked(
        chosen, base, place, sets, sample=share, weeks=span(years, weeks), definition=definition, seed=seed,
        replicates=replicates, spillover=spillover, precision=precision, max_replicates=max_replicates,
        rank_by=rank_by, by=list(crossing_of(by)), **({"against": against} if added_up.asked(against) else {}),
        **({"whole": True} if whole else {}),
    )  # fmt: skip
    numbers = numbers_asked(parameters) + " whole" * whole
    asked = occupied.question(plan, numbers, identity.opener_mark(opener))
    # With a precision, the rule says how many replicates there will be.
    count = replicates if precision is None else max_replicates
    if out is not None and aside:
        out = occupied.beside(Path(out), asked, count)
    kept = None if out is not None else tempfile.TemporaryDirectory(prefix="everystep-")
    folder = store.claim(out) if out is not None else Path(kept.name)  # type: ignore[union-attr]
    if resume and (finished := _finished(folder, planned, plan, precision, max_replicates, whole)):
        if against is not None:
            finished.against(against)
        return _ranked(finished, rank_by)
    run = partial(runner.run_plan, jobs=jobs, backend=backend, scheduler=scheduler, progress=progress, opener=opener,
                  question=asked)  # fmt: skip
    run, run_whole = (partial(run, parts=folder / parts) for parts in (occupied.PARTS, occupied.WHOLE))
    with occupied.alone(folder), runner.room(folder):
        occupied.check(folder, asked, count, overwrite)
        runner.check_room(folder, runner.estimate(plan)["disk"])
        batch, middle = run(plan, resume=resume), time.perf_counter()
        few = None if upper is None else run_whole(upper, resume=resume)
        took = middle - began, time.perf_counter() - middle
        frame, versus = of_batch(batch, against, few)
        while precision is not None:
            found = narrow.width(frame, plan.jobs[0].town.weeks)
            wanted = narrow.next_count(plan.replicates, found, precision, max_replicates)
            if wanted == plan.replicates:
                break
            plan = planned(replicates=wanted)
            runner.check_cost(plan, jobs, max_resident_weeks)
            batch = run(plan, resume=True)
            frame, versus = of_batch(batch, against)
        frame = crossed.told(frame, batch)
        manifest = describe(batch, time.perf_counter() - began)
        manifest["warnings"], manifest["question"], manifest["asked"] = warned, asked, said
        manifest["parameters"] |= sets.told
        manifest["rank_by"] = rank_by or "person_years"
        if len(sets.changes) > 1:
            manifest["parameters"]["changed"] = {}
        if few is not None:
            manifest["whole"] = multilevel.told(plan, few.plan, took)
        if precision is not None:
            manifest["stopping"] = {"precision": precision, "width": found, "replicates": plan.replicates,
                                    "reached": found <= precision}  # fmt: skip
        if out is None:
            return Effects(frame, manifest, _batch=batch, _kept=kept, versus=versus)
        write_folder(folder, batch, frame, manifest, versus=versus)
        shutil.rmtree(batch.parts)
        return Effects(frame, manifest, folder, versus=versus)


def _ranked(finished: Effects, rank_by: str | None) -> Effects:
    """Finished results, ranked as asked: their manifest says so from now on."""
    if rank_by is not None and finished.manifest.get("rank_by") != rank_by and finished.directory is not None:
        finished.manifest["rank_by"] = rank_by
        told = finished.findings().as_dict()
        summary = store.read_json(checks.held(finished.directory, "summary.json")) | {"ranking": told}
        finished.manifest["files"] |= store.rewrite(finished.directory, "summary.json", summary)
        store.write_json(finished.directory / "manifest.json", finished.manifest)
    return finished


def numbers_asked(parameters: str | Path | Sets | None) -> str:
    """Which parameters are asked for, in a word; a file by its bytes."""
    if isinstance(parameters, Sets):
        return design.digest(design.canonical([dict(one) for one in parameters.changes]))
    path = Path(str(parameters))
    return f"{parameters} {checks.sum_of(path)}" if path.is_file() else str(parameters or "usual")


def resolve(scenario: Any) -> tuple[str, Any]:
    """A scenario with its name in results. Raises InputError when it cannot be loaded."""
    if isinstance(scenario, str | Path):
        from scenarios.files.schema import Scenario

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


def _finished(
    folder: Path,
    planned: Callable[..., Plan],
    plan: Plan,
    precision: float | None,
    most: int,
    whole: bool,
) -> Effects | None:
    """The results of this very question when the folder holds them whole.

    With a precision, the rule chose how many replicates: so many are compared, if the rule would stop there again.
    """
    told = store.read_json(folder / "manifest.json")
    if precision is not None and "stopping" in told:
        count, found = told["replicates"], told["stopping"]["width"]
        if count <= most and narrow.next_count(count, found, precision, most) == count:
            plan = planned(replicates=count)
    if told.get("plan_digest") != plan.digest or ("whole" in told) != whole:
        return None
    finished = Effects.load(folder)
    finished.already = True
    return finished
