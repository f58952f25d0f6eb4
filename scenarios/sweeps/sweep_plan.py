"""The plan of a sweep: every run named before the first begins, kept as plain JSON that any worker can read."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from model.errors import Fault, InputError
from scenarios.batches.work import OtherCode
from scenarios.files import store
from scenarios.files.schema import Scenario
from scenarios.preflight import look_ahead
from scenarios.provenance import program
from scenarios.runs import design, question, size
from scenarios.runs.design import Job
from scenarios.sweeps import points, sweep_file
from scenarios.sweeps.points import Point
from scenarios.sweeps.sweep_file import SweepFile

PLAN = "plan.json"
DUMMY = "dummy"
"""A factor of this name varies nothing: whatever a method says of it is error."""

Named = tuple[str, Scenario]
Task = tuple[str, tuple[int, int]]
"""A run and where it stands: (id, (point, replicate))."""


@dataclass
class SweepDesign:
    """Scenarios, the points at which they are run, and the name of every run in design order.

    runs: ids, a list a point; towns: which points share one; work: resident-weeks of one run at each point.
    """

    file: SweepFile
    scenarios: list[Named]
    baseline: Named
    points: list[Point]
    runs: list[list[str]] = field(default_factory=list)
    towns: list[int] = field(default_factory=list)
    work: list[float] = field(default_factory=list)
    code: str = field(default_factory=lambda: design.code_digest())
    opener: str = ""
    """The mark of one's own opener (scenarios/provenance/identity.py); empty for the usual one."""
    warnings: list[dict[str, Any]] = field(default_factory=list)
    """What points would hardly do, told when the plan is made; not kept with it."""
    spans: list[tuple[int, int]] = field(default_factory=list)
    """Weeks, and zones of the place, at each point; not kept either."""

    @property
    def replicates(self) -> int:
        """Paired runs at every point."""
        return self.file.replicates

    def jobs(self, point: int) -> tuple[Job, ...]:
        """The runs of one point, one a replicate. Raises InputError when the point cannot be run."""
        file = self.file
        changes = {key: value for key, value in self.points[point].items() if key != DUMMY}
        plan = design.plan(
            [(name, scenario.changed(changes)) for name, scenario in self.scenarios], self.baseline,
            place=None if "place" in changes else file.place, sample=file.sample, definition=file.definition,
            weeks=size.span(file.years, file.weeks), seed=file.seed, replicates=file.replicates,
            opener=self.opener, windows=file.stretches, zones="zones" in file.keep,
        )  # fmt: skip
        if len(plan.towns) > 1:
            raise InputError(Fault("scenarios side by side must share place, parameters and start", key="scenario",
                                   hint="Give each a sweep of its own."))  # fmt: skip
        return plan.jobs

    def tasks(self) -> list[Task]:
        """Every different run once; runs that share a warmed town follow each other."""
        seen: dict[str, tuple[int, int]] = {}
        for point, ids in enumerate(self.runs):
            for replicate, run_id in enumerate(ids):
                seen.setdefault(run_id, (point, replicate))
        return sorted(seen.items(), key=lambda one: (self.towns[one[1][0]], one[1][1], one[1][0]))

    @property
    def digest(self) -> str:
        """A fingerprint of every run in order."""
        return design.digest(design.canonical(self.runs))

    def write(self, folder: Path) -> None:
        """Keep the plan in a result folder."""
        told = {program.MARK: program.version(), "kind": "sweep", "digest": self.digest,
                "file": self.file.model_dump(mode="json"), "baseline": _plain(self.baseline),
                "scenarios": [_plain(one) for one in self.scenarios], "points": self.points, "runs": self.runs,
                "towns": self.towns, "work": self.work, "code": self.code, "opener": self.opener}  # fmt: skip
        told["sum"] = _sum(told)
        store.write_bytes(folder / PLAN, design.canonical(told).encode())

    @staticmethod
    def read(folder: Path) -> SweepDesign:
        """The plan of a result folder. Raises InputError when there is none, or it is not what was written."""
        told = store.read_json(folder / PLAN)
        if told.get("kind") != "sweep":
            raise InputError(Fault("holds no sweep", file=str(folder), hint="Run sweep with --out first."))
        if told.get("sum", _sum(told)) != _sum(told):
            raise InputError(Fault("its bytes are not those that were written: it was damaged or changed",
                                   file=str(folder / PLAN), hint="Take it from a copy, or run the sweep anew."))  # fmt: skip
        file = SweepFile.model_validate(told["file"], strict=False)
        scenarios = [named(one) for one in told["scenarios"]]
        kept = (told["points"], told["runs"], told["towns"], told["work"])
        made_by = (told.get("code", ""), told.get("opener", ""))
        return SweepDesign(file, scenarios, named(told["baseline"]), *kept, *made_by)


def _sum(told: dict[str, Any]) -> str:
    return design.digest(design.canonical({key: value for key, value in told.items() if key != "sum"}))


def _plain(named: Named) -> list[Any]:
    return [named[0], json.loads(design.canonical(named[1].as_dict()))]


def named(plain: list[Any]) -> Named:
    """A scenario and its name, from a plan or a manifest."""
    scenario = Scenario.from_dict(plain[1])
    scenario._slug = plain[0]
    return plain[0], scenario


def make(
    file: SweepFile,
    name: str = "",
    lines: dict[str, int] | None = None,
    at: Sequence[Point] | None = None,
    opener: str = "",
) -> SweepDesign:
    """The plan of a sweep. at: points given, not designed. opener: the mark of one's own. Raises InputError naming
    every fault found."""
    scenarios = [question.resolve(one) for one in file.names]
    base = question.resolve(file.baseline)
    first = scenarios[0][1]
    if at is None:
        factors = sweep_file.resolve(file, first, name, lines) if file.vary else {}
        at = points.points(file.design, factors, first, file.seed)
    return complete(SweepDesign(file, scenarios, base, list(at), opener=opener), name)


def again(plan: SweepDesign) -> SweepDesign:
    """A plan read from a folder, made anew by the code that is here. Raises InputError."""
    return complete(SweepDesign(plan.file, plan.scenarios, plan.baseline, plan.points, opener=plan.opener))


def complete(made: SweepDesign, name: str = "") -> SweepDesign:
    """The plan with every run named, looked at point by point. name: of its file. Raises InputError naming every fault."""
    faults: list[Fault] = []
    towns: dict[str, int] = {}
    ahead = look_ahead.Points()
    last = max((last for _, last in made.file.stretches), default=0)
    own_weeks = {name: scenario.weeks for name, scenario in [made.baseline, *made.scenarios]}
    for point in range(len(made.points)):
        try:
            jobs = made.jobs(point)
        except InputError as error:
            faults += [Fault(fault.message, name or None, None, f"point {point}: {fault.key}", fault.found,
                             fault.allowed, fault.hint) for fault in error.faults]  # fmt: skip
            if len(faults) > 50:
                break
            continue
        made.runs.append([job.id for job in jobs])
        town = jobs[0].town
        if last > town.weeks:
            faults.append(Fault("reaches beyond the weeks run", name or None, None, "windows", f"week {last}",
                                f"at most week {town.weeks}, at point {point}", "Run more weeks, or ask for earlier ones."))  # fmt: skip
            break
        made.towns.append(towns.setdefault(town.text, len(towns)))
        residents = float(town.place.zones["residents"].sum()) * town.sample
        made.spans.append((town.weeks, len(town.place.zones)))
        made.work.append(residents * town.weeks * len(jobs[0].arms))
        faults += ahead.faults(point, jobs[0], own_weeks)
    if faults:
        raise InputError(faults)
    made.warnings = ahead.once()
    return made


def finder(folder: Path, plan: SweepDesign) -> Callable[[str, tuple[int, int]], Job]:
    """How a worker finds the job of a task: from the plan on disk, which it reads once."""
    return partial(_find, folder, plan.digest)


def _find(folder: Path, digest: str, run_id: str, where: tuple[int, int]) -> Job:
    jobs = _jobs(folder, digest, where[0])
    if jobs[where[1]].id != run_id:
        raise OtherCode("the program or the files of this worker differ from those that planned the sweep")
    return jobs[where[1]]


@lru_cache(maxsize=2)
def opened(folder: Path, digest: str) -> SweepDesign:
    """The plan of a folder, read once. Raises OtherCode when it is another by now."""
    plan = SweepDesign.read(folder)
    if plan.digest != digest:
        raise OtherCode("the plan in this folder is another than the one that was sent")
    return plan


@lru_cache(maxsize=64)
def _jobs(folder: Path, digest: str, point: int) -> tuple[Job, ...]:
    return opened(folder, digest).jobs(point)
