"""Compare scenarios with a baseline over paired replicates: effects and their table."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from model.errors import Fault, InputError
from model.outcomes.strata import crossing_of
from scenarios.batches import capacity, failures, runner
from scenarios.batches.batch import Batch
from scenarios.files import alike, store
from scenarios.files.parameter_sets import Sets, choose, usual
from scenarios.options import ComparisonOptions, takes
from scenarios.preflight import look_ahead
from scenarios.provenance import checks, identity, occupied
from scenarios.results import added_up, crossed
from scenarios.results.added_up import check_against
from scenarios.results.compared import Effects
from scenarios.results.effects import of_batch
from scenarios.results.result_folder import describe, write_folder
from scenarios.runs import design, question, size
from scenarios.runs.design import Design
from scenarios.statistics import multilevel
from scenarios.statistics import precision as narrow


@takes(ComparisonOptions)
def compare(scenarios: Sequence[Any], replicates: int = 20, *, asked: ComparisonOptions) -> Effects:
    """Run each scenario and the baseline on the same replicates and take the differences.

    scenarios: `Scenario` objects, library names or paths. All else by keyword (scenarios/options.py). Raises InputError
    with every fault of the input, a plan that would do nothing for anybody among them; scenarios must share place,
    definition, start and length, unless these are given here.
    """
    began = time.perf_counter()
    comparison = _prepared(scenarios, replicates, asked)
    kept = (
        None
        if asked.out is not None
        else tempfile.TemporaryDirectory(prefix="everystep-", ignore_cleanup_errors=True)
    )
    folder = store.claim(comparison.out) if kept is None else Path(kept.name)
    if asked.resume and (finished := comparison.finished(folder)):
        if comparison.against is not None:
            finished.against(comparison.against)
        return _ranked(finished, asked.rank_by)
    with occupied.alone(folder), failures.room(folder):
        occupied.check(folder, comparison.question, comparison.most, asked.overwrite)
        capacity.check_room(folder, capacity.estimate(comparison.plan)["disk"])
        found = comparison.run(folder)
        manifest = comparison.manifest(found, time.perf_counter() - began)
        if kept is not None:
            return Effects(found.frame, manifest, _batch=found.batch, _kept=kept, versus=found.versus)
        write_folder(folder, found.batch, found.frame, manifest, versus=found.versus)
        occupied.clear(found.batch.parts)
        return Effects(found.frame, manifest, folder, versus=found.versus)


@dataclass(frozen=True)
class _Found:
    """What the runs of a comparison gave. `whole`: what is told of runs of everybody; width: of the interval."""

    batch: Batch
    frame: pd.DataFrame
    versus: pd.DataFrame
    whole: dict[str, Any] | None = None
    width: float | None = None


@dataclass(frozen=True)
class _Comparison:
    """A comparison that nothing stands against: `planned` makes its plan for any number of replicates."""

    asked: ComparisonOptions
    sets: Sets
    planned: partial[Design]
    plan: Design
    whole: Design | None
    """A few runs of everybody, where they are wanted."""
    against: str | None
    question: str
    said: dict[str, Any]
    """All that was asked, as the manifest keeps it."""
    warned: list[dict[str, Any]]
    plans: Sequence[Any]
    """The scenarios beside the baseline."""

    @property
    def most(self) -> int:
        """How many replicates there may be: with a precision, the rule says how many there will be."""
        return self.plan.replicates if self.asked.precision is None else self.asked.max_replicates

    @property
    def out(self) -> Path:
        """The folder to write."""
        wanted = Path(str(self.asked.out))
        return occupied.beside(wanted, self.question, self.most) if self.asked.aside else wanted

    def finished(self, folder: Path) -> Effects | None:
        """The results of this very question when the folder holds them whole.

        With a precision, the rule chose how many replicates: so many are compared, if the rule would stop there again.
        """
        told, plan, precision = store.read_json(folder / "manifest.json"), self.plan, self.asked.precision
        if precision is not None and "stopping" in told:
            count, found = told["replicates"], told["stopping"]["width"]
            if count <= self.most and narrow.next_count(count, found, precision, self.most) == count:
                plan = self.planned(replicates=count)
        if told.get("plan_digest") != plan.digest or ("whole" in told) != (self.whole is not None):
            return None
        return replace(Effects.load(folder), already=True)

    def run(self, folder: Path) -> _Found:
        """Every run, more where the precision asks for them, and the effects they tell."""
        asked, began = self.asked, time.perf_counter()
        run = partial(runner.run_plan, question=self.question, jobs=asked.jobs, backend=asked.backend,
                      scheduler=asked.scheduler, progress=asked.progress, opener=asked.opener)  # fmt: skip
        batch, middle = run(self.plan, folder / occupied.PARTS, resume=asked.resume), time.perf_counter()
        few = None if self.whole is None else run(self.whole, folder / occupied.WHOLE, resume=asked.resume)
        took = middle - began, time.perf_counter() - middle
        frame, versus = of_batch(batch, self.against, few)
        width = None
        while asked.precision is not None:
            width = narrow.width(frame, batch.plan.jobs[0].town.weeks)
            wanted = narrow.next_count(batch.plan.replicates, width, asked.precision, self.most)
            if wanted == batch.plan.replicates:
                break
            plan = self.planned(replicates=wanted)
            capacity.check_cost(plan, asked.jobs, asked.max_resident_weeks)
            batch = run(plan, folder / occupied.PARTS, resume=True)
            frame, versus = of_batch(batch, self.against)
        told = None if few is None else multilevel.cost_note(batch.plan, few.plan, took)
        return _Found(batch, crossed.with_crossings(frame, batch), versus, told, width)

    def _changed(self, first: dict[str, Any]) -> dict[str, Any]:
        """Numbers that are not the ledger's: what the plans set, and without an ensemble what the first of them was run with.

        Where plans set a number unlike each other all its values stand, in words.
        """
        found = {} if len(self.sets.changes) > 1 else dict(first)
        for name in dict.fromkeys(name for plan in self.plans for name in plan.parameters):
            values = list(dict.fromkeys(plan.parameters.get(name, "as usual") for plan in self.plans))
            found[name] = values[0] if len(values) == 1 else "; ".join(map(str, values))
        return found

    def manifest(self, found: _Found, seconds: float) -> dict[str, Any]:
        """What the result folder says of itself."""
        told = describe(found.batch, seconds)
        told |= {"warnings": self.warned, "question": self.question, "asked": self.said}
        told["parameters"] |= self.sets.source
        told["rank_by"] = self.asked.rank_by or "person_years"
        told["parameters"]["changed"] = self._changed(told["parameters"]["changed"])
        if found.whole is not None:
            told["whole"] = found.whole
        if found.width is not None and self.asked.precision is not None:
            told["stopping"] = {"precision": self.asked.precision, "width": found.width,
                                "replicates": found.batch.plan.replicates,
                                "reached": found.width <= self.asked.precision}  # fmt: skip
        return told


def _prepared(scenarios: Sequence[Any], replicates: int, asked: ComparisonOptions) -> _Comparison:
    """What will be run, checked. Raises InputError."""
    base = question.resolve(asked.baseline)
    chosen = alike.beside([question.resolve(one) for one in scenarios], base, asked.warn)
    weeks = size.span(asked.years, asked.weeks)
    given = {"place": asked.place, "definition": asked.definition, "weeks": weeks}
    alike.check(
        [*chosen, base] if base[1].interventions or base[1].barriers else chosen,
        [name for name, value in given.items() if value is not None],
    )
    replicates, sets = _numbers(replicates, asked)
    multilevel.check(asked.whole, asked.share, asked.precision)
    crossing, mark = crossing_of(asked.by), identity.opener_mark(asked.opener)
    everybody = partial(design.plan, chosen, base, **given, seed=asked.seed, spillover=asked.spillover,
                        sets=sets.changes, by=crossing, opener=mark)  # fmt: skip
    planned = partial(everybody, sample=asked.share)
    plan, whole = planned(replicates=replicates), None
    if asked.whole:
        few = multilevel.beside(replicates, len(sets.changes))
        whole = multilevel.chosen(everybody(sample=1.0, replicates=replicates), few)
    against = asked.against
    if against is not None:
        against = check_against(against, {arm.name: arm.title for _, arms in plan.towns for arm in arms[1:]})
    for one in (plan, whole):
        if one is not None:
            capacity.check_cost(one, asked.jobs, asked.max_resident_weeks)
    warned = look_ahead.of_plan(plan, [base, *chosen], asked.warn)
    said = question.asked(
        chosen, base, asked.place, sets, sample=asked.share, weeks=weeks, definition=asked.definition, seed=asked.seed,
        replicates=replicates, spillover=asked.spillover, precision=asked.precision,
        max_replicates=asked.max_replicates, rank_by=asked.rank_by, by=list(crossing),
        **({"against": against} if added_up.asked(against) else {}), **({"whole": True} if asked.whole else {}),
    )  # fmt: skip
    numbers = question.numbers_asked(asked.parameters) + " whole" * asked.whole
    return _Comparison(
        asked,
        sets,
        planned,
        plan,
        whole,
        against,
        occupied.question(plan, numbers, mark),
        said,
        warned,
        [scenario for _, scenario in chosen],
    )


def _numbers(replicates: int, asked: ComparisonOptions) -> tuple[int, Sets]:
    """How many replicates, and of which sets of parameters. Raises InputError."""
    if asked.precision is not None:
        narrow.check(asked.precision)
        replicates = min(max(replicates, narrow.FIRST), asked.max_replicates)
    wanted = usual(replicates, asked.precision) if asked.parameters is None else asked.parameters
    sets = choose(wanted, replicates)
    if len(sets.changes) > 1 and asked.precision is not None:
        raise InputError(Fault("goes with one set of parameters", key="precision", found=f"{len(sets.changes)} sets",
                               hint="Leave out --precision, or take --parameters fitted."))  # fmt: skip
    return replicates, sets


def _ranked(finished: Effects, rank_by: str | None) -> Effects:
    """Finished results, ranked as asked: their manifest says so from now on."""
    if rank_by is not None and finished.manifest.get("rank_by") != rank_by and finished.directory is not None:
        finished.manifest["rank_by"] = rank_by
        told = finished.findings().as_dict()
        summary = store.read_json(checks.held(finished.directory, "summary.json")) | {"ranking": told}
        finished.manifest["files"] |= store.rewrite(finished.directory, "summary.json", summary)
        store.write_json(finished.directory / "manifest.json", finished.manifest)
    return finished
