"""From scenarios to jobs: which arms run together in which town, with the seeds fixed beforehand.

A job is one replicate of one town with all its arms, the baseline first: arms share the town, its people and the
warm-up, so that every difference between them comes from the plans. Scenarios that change the town itself (another
place, other parameters, another definition or start) get a town of their own, with its own baseline.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from model.parameters import BEYOND, Parameters
from scenarios.files.plugins import outside
from scenarios.provenance.identity import ROOT, act_marks, code_digest, outcome_marks
from scenarios.runs import size

__all__ = ["ROOT", "Arm", "Design", "Job", "Town", "canonical", "code_digest", "digest", "plan"]


@dataclass(frozen=True)
class Arm:
    """One scenario as run in one town: `name` as written in results, its interventions, whole text, barriers."""

    name: str
    title: str
    description: str
    interventions: tuple[Any, ...]
    text: str
    barriers: tuple[Any, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The arm as the manifest tells it."""
        kept = json.loads(self.text)
        years = sorted({one.cost.price_year for one in self.interventions})
        return {"name": self.name, "title": self.title, "description": self.description,
                "digest": digest(self.text), "interventions": kept.get("interventions", []),
                "barriers": kept.get("barriers", []),
                "parameters": kept.get("parameters", {}), **({"plugins": outside(kept["outside"])} if "outside" in kept else {}),
                "cost_price_year": years[-1] if years else None}  # fmt: skip

    @property
    def interventions_and_barriers(self) -> list[Any]:
        """All that a town is to live with: interventions, then barriers."""
        return [*self.interventions, *self.barriers]

    @property
    def start_week(self) -> int | None:
        """The first week of the first programme; None when there is none."""
        return min((one.when.start_week for one in self.interventions if not one.inert), default=None)

    @property
    def end_week(self) -> int | None:
        """The first week after the last programme; None when there is none, or one goes on for good."""
        ends = [one.when.end_week for one in self.interventions if not one.inert]
        return None if None in ends else max(ends, default=None)


@dataclass(frozen=True)
class Town:
    """What the arms of one job share: a place, a full set of parameters, a definition and a first day."""

    place: Any
    parameters: Parameters
    definition: str
    start: date
    sample: float
    weeks: int
    by: tuple[str, ...] = ()
    """Attributes by whose crossing people are counted too."""
    windows: tuple[tuple[int, int], ...] = ()
    """Stretches of weeks asked for (first, last; last not included), over which a sweep tells every outcome too."""
    zones: bool = False
    """Whether a sweep tells zones."""
    outcomes: tuple[tuple[str, str], ...] = ()
    """Outcomes of one's own that are read of it: names, with fingerprints of what reads them."""
    acts: tuple[tuple[str, str], ...] = ()
    """Acts of one's own that are part of its weeks: names, with fingerprints of what they do."""

    @property
    def text(self) -> str:
        """Everything that shapes the town and what is told of it, as canonical JSON."""
        told = [self.place.name, self.place.digest, self.parameters.digest, self.definition,
                self.start, self.sample, self.weeks]  # fmt: skip
        told += [self.by] if self.by else []
        told += [["outcomes", self.outcomes]] if self.outcomes else []
        told += [["acts", self.acts]] if self.acts else []
        return canonical(
            [*told, *([["windows", self.windows, self.zones]] if self.windows or self.zones else [])]
        )


@dataclass(frozen=True)
class Job:
    """One replicate: a town and its arms, the baseline first. `id` names the job by all that shapes its result."""

    id: str
    group: int
    town: Town
    arms: tuple[Arm, ...]
    seed: int
    replicate: int
    threads: int = 1
    spillover: bool = False
    """Whether each plan is run once more without what spreads from person to person."""

    def as_dict(self) -> dict[str, Any]:
        """The job as the plan and the manifest tell it."""
        return {"id": self.id, "group": self.group, "seed": self.seed, "replicate": self.replicate,
                "arms": [arm.name for arm in self.arms]}  # fmt: skip


@dataclass(frozen=True)
class Design:
    """All jobs in design order: group by group, replicate by replicate."""

    jobs: tuple[Job, ...]
    seed: int
    replicates: int
    baseline: Arm
    sets: int = 1
    """Sets of parameters that the replicates are shared out among, in blocks of equal length."""
    opener: str = ""
    """The mark of one's own opener of towns; empty for the usual one."""

    @property
    def towns(self) -> list[tuple[Town, tuple[Arm, ...]]]:
        """Each town with its arms, in design order."""
        return [(job.town, job.arms) for job in self.jobs if job.replicate == 0]

    @property
    def digest(self) -> str:
        """A fingerprint of every job in order."""
        return digest(canonical([job.id for job in self.jobs]))


def canonical(value: Any) -> str:
    """Any plain value as one spelling of JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str, ensure_ascii=False)


def digest(text: str | bytes) -> str:
    """SHA-256 of a text, as 32 hexadecimal digits."""
    raw = text.encode() if isinstance(text, str) else text
    return hashlib.sha256(raw).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class PlanOptions:
    """How scenarios are run beside each other. `place`, `weeks` and `definition` stand above what the scenarios say."""

    sample: float
    place: Any = None
    weeks: int | None = None
    """Without it every arm runs as long as the longest scenario."""
    definition: str | None = None
    seed: int = 1
    replicates: int = 1
    threads: int = 1
    sets: Sequence[Mapping[str, Any]] = ({},)
    """Changes to the ledger's values, below what a scenario says itself; replicates are shared out among them."""
    spillover: bool = False
    """Run each plan once more without what spreads from person to person."""
    by: Sequence[str] = ()
    """Attributes to cross."""
    opener: str = ""
    """The mark of one's own opener."""
    windows: Sequence[tuple[int, int]] = ()
    zones: bool = False
    """Of sweeps, as in Town; likewise `windows`."""


def plan(scenarios: Sequence[tuple[str, Any]], baseline: tuple[str, Any], **options: Any) -> Design:
    """The jobs of a comparison.

    scenarios: pairs of (name in results, Scenario); `baseline` likewise. options: those of `PlanOptions`.
    """
    asked = PlanOptions(**options)
    size.check(sample=asked.sample, replicates=asked.replicates, seed=asked.seed, weeks=asked.weeks)
    groups = _towns(named_apart(scenarios, baseline[0]) or [baseline], asked)
    titles = _titles_apart([pair for _, members in groups for pair in members], baseline[1].name)
    jobs: list[Job] = []
    for number, (town, members) in enumerate(groups):
        own = baseline[0] if number == 0 else f"{baseline[0]}_for_{members[0][0]}"
        arms = [_arm(own, baseline[1])]
        arms += [_arm(name, scenario, titles.get(name, "")) for name, scenario in members
                 if scenario is not baseline[1]]  # fmt: skip
        each = asked.replicates // len(asked.sets)
        for row, changes in enumerate(asked.sets):
            here = replace(
                town, parameters=numbers_of(Parameters.default().with_values(changes), members[0][1])
            )
            jobs += _jobs(number, here, tuple(arms), range(row * each, (row + 1) * each), asked)
    return Design(tuple(jobs), asked.seed, asked.replicates, jobs[0].arms[0], len(asked.sets), asked.opener)


def _towns(
    scenarios: Sequence[tuple[str, Any]], asked: PlanOptions
) -> list[tuple[Town, list[tuple[str, Any]]]]:
    """Every town with the scenarios that share it, in their order."""
    span = asked.weeks or max(scenario.weeks for _, scenario in scenarios)
    groups: dict[str, tuple[Town, list[tuple[str, Any]]]] = {}
    base = Parameters.default().with_values(asked.sets[0])
    for name, scenario in scenarios:
        town = Town(
            place=_load_place(scenario.place if asked.place is None else asked.place),
            parameters=numbers_of(base, scenario),
            definition=asked.definition or scenario.definition,
            start=scenario.start,
            sample=asked.sample,
            weeks=span,
            by=tuple(asked.by),
            windows=tuple(asked.windows),
            zones=asked.zones,
            outcomes=outcome_marks(),
            acts=act_marks(),
        )
        groups.setdefault(town.text, (town, []))[1].append((name, scenario))
    return list(groups.values())


def _jobs(group: int, town: Town, arms: tuple[Arm, ...], replicates: range, asked: PlanOptions) -> list[Job]:
    """The jobs of a town, one a replicate."""
    shared = canonical([code_digest(), town.text, [(arm.name, arm.text) for arm in arms], asked.seed]
                       + ["spillover"] * asked.spillover + [f"opener {asked.opener}"] * bool(asked.opener))  # fmt: skip
    return [Job(digest(f"{shared}|{replicate}"), group, town, arms, asked.seed, replicate, asked.threads, asked.spillover)
            for replicate in replicates]  # fmt: skip


def text_of(scenario: Any) -> str:
    """All that a scenario says, as one spelling of JSON, with the fingerprints of types from outside."""
    told = scenario.as_dict()
    told.pop("plugins", None)  # where they lie does not count; what they say does
    if plugins := outside(one.type for one in scenario.interventions):
        told["outside"] = {name: one["digest"] for name, one in plugins.items()}
    return canonical(told)


def _arm(name: str, scenario: Any, title: str = "") -> Arm:
    text = text_of(scenario)
    return Arm(name, title or scenario.name, scenario.description, tuple(scenario.interventions), text,
               tuple(scenario.barriers))  # fmt: skip


def _titles_apart(scenarios: Sequence[tuple[str, Any]], baseline: str) -> dict[str, str]:
    """Titles by name, where several scenarios, or one and the baseline, have the same: with the name in brackets."""
    titles = [baseline, *(scenario.name for _, scenario in scenarios)]
    return {
        name: f"{scenario.name} ({name})" for name, scenario in scenarios if titles.count(scenario.name) > 1
    }


def named_apart(scenarios: Sequence[tuple[str, Any]], taken: str) -> list[tuple[str, Any]]:
    """Every scenario under a name of its own."""
    seen, named = {taken}, []
    for name, scenario in scenarios:
        own, number = name, 2
        while own in seen:
            own, number = f"{name}_{number}", number + 1
        seen.add(own)
        named.append((own, scenario))
    return named


@cache
def _shipped(name: str) -> Any:
    from model.place.place import Place

    return Place.load(name)


def _load_place(place: Any) -> Any:
    """A Place from a name, a path or a Place."""
    return _shipped(str(place)) if isinstance(place, str | Path) else place


def numbers_of(base: Parameters, scenario: Any) -> Parameters:
    """`base` with a scenario's changes."""
    return base.with_values(scenario.parameters, beyond=getattr(scenario, BEYOND, ()))
