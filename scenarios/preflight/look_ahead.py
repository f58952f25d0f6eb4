"""Looking ahead: `preflight` asked for a file, for the plans of a comparison, and for the points of a sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model import schedule
from model.delivery.barrier import Barrier
from model.delivery.settings import Intervention
from model.errors import Fault, InputError
from model.parameters import Parameters, ledger
from scenarios.files import alike
from scenarios.files.reading import find
from scenarios.files.schema import Scenario
from scenarios.preflight import kept
from scenarios.preflight.preflight import Look, Preflight, Warn, warning_row
from scenarios.runs import size
from scenarios.runs.design import Arm, Design, Job, Town, canonical, numbers_of, text_of

if TYPE_CHECKING:
    from model.state import State

MOST_TOLD = 20
"""Warnings beyond which no more are told: in a sweep each is of other points."""


def check(
    which: Scenario | str | Path,
    *,
    place: str | None = None,
    sample: float = 0.1,
    weeks: int | None = None,
    definition: str | None = None,
    seed: int = 1,
) -> Look:
    """What a scenario would come to in its place, or in `place`. Faults of the file and the place come as `Look.faults`."""
    try:
        scenario = which if isinstance(which, Scenario) else Scenario.load(find(which))
        size.check(sample=sample, seed=seed, weeks=weeks)
        parameters = numbers_of(Parameters.default(), scenario)
        where = scenario.place if place is None else place
        town = kept.Asked(where, parameters, definition or scenario.definition, scenario.start, sample, seed)
        look = Preflight(_found(town, None if place else scenario)).look(
            scenario.interventions, scenario.barriers, weeks or scenario.weeks, scenario.weeks
        )
    except InputError as error:
        return Look(faults=error.faults)
    look.warnings += _beyond(parameters)
    look.faults = [_at(fault, scenario) for fault in look.faults]
    look.warnings = [_at(fault, scenario) for fault in look.warnings]
    return look


def of_plan(
    plan: Design, scenarios: Sequence[tuple[str, Any]], warn: Warn | None = None
) -> list[dict[str, Any]]:
    """The warnings of a comparison, as its manifest holds them; each goes to `warn`, too.

    scenarios: pairs of (name, Scenario) that the plan was made of, the baseline first. Raises InputError with every fault.
    """
    written = {text_of(one): one for _, one in scenarios}
    faults: list[Fault] = []
    warned = [
        warning_row(fault) for fault in [*_from_outside(), *alike.numbers_apart(scenarios[1:], scenarios[0])]
    ]
    for town, arms in plan.towns:
        ours = [arm for arm in arms if _acts(arm)]
        for fault in _beyond(town.parameters):
            name = next((arm for arm in arms if _names(written[arm.text], fault)), arms[-1])
            warned.append(warning_row(_at(fault, written[name.text]), name.name))
        if not _is_place(town.place) or not (ours or town.parameters.beyond()):
            continue
        if plan.sets > 1:  # no one set of an ensemble stands for all of them: the ledger's does
            own = written[(ours or arms)[-1].text].parameter_set
            town = replace(town, parameters=own)
        preflight = Preflight(_state(town, plan.seed))
        for arm in ours:
            scenario = written[arm.text]
            look = preflight.look(arm.interventions, arm.barriers, town.weeks, scenario.weeks)
            faults += [_at(fault, scenario) for fault in look.faults]
            own_lines = [warning_row(_at(fault, scenario), arm.name) for fault in look.warnings]
            warned += [one for one in own_lines if one not in warned]
    if faults:
        raise InputError(list(dict.fromkeys(faults)))
    if warn is not None:
        tell(warned, warn)
    return warned


def tell(warned: Sequence[dict[str, Any]], warn: Warn) -> None:
    """Each warning in a line, none twice, and of very many only the first; what has no file is named by its plan."""
    lines = [one["text"] if one.get("file") or not one.get("scenario") else f"{one['scenario']}: {one['text']}"
             for one in warned]  # fmt: skip
    lines = list(dict.fromkeys(lines))
    for line in lines[:MOST_TOLD]:
        warn(f"warning: {line}")
    if len(lines) > MOST_TOLD:
        warn(f"warning: {len(lines) - MOST_TOLD} more, all in manifest.json under `warnings`")


class Points:
    """The points of a sweep, each different plan in each town looked at once."""

    def __init__(self) -> None:
        self.warnings: dict[str, dict[str, Any]] = {}
        self._towns: dict[str, Preflight] = {}
        self._seen: set[str] = set()

    def faults(self, point: int, job: Job, own_weeks: Mapping[str, int]) -> list[Fault]:
        """The faults of a point not told before; `own_weeks`: the length each scenario gives itself, by name."""
        town, found = job.town, []
        for fault in _from_outside():
            self.warnings.setdefault(fault.key or "", warning_row(fault))
        for fault in _beyond(town.parameters):
            self.warnings.setdefault(
                f"{fault.key} {fault.message}",
                warning_row(replace(fault, key=f"point {point}: {fault.key}"), job.arms[-1].name),
            )
        for arm in job.arms:
            acts = [one.model_dump(mode="json") for one in _acts(arm)]
            asked = canonical([town.place.digest, town.sample, town.weeks, town.definition, acts])
            if asked in self._seen or not acts or not _is_place(town.place):
                continue
            self._seen.add(asked)
            # What is looked at hardly differs with the model's numbers: one set stands for all.
            name = canonical([town.place.digest, town.sample, town.definition])
            if name not in self._towns:
                self._towns[name] = Preflight(_state(town, job.seed))
            look = self._towns[name].look(
                arm.interventions,
                arm.barriers,
                town.weeks,
                own_weeks.get(arm.name, town.weeks),
                town.parameters,
            )
            found += look.faults
            for fault in look.warnings:
                self.warnings.setdefault(
                    fault.message, warning_row(replace(fault, key=f"point {point}: {fault.key}"), arm.name)
                )
        return [replace(fault, key=f"point {point}: {fault.key}") for fault in found]

    def once(self) -> list[dict[str, Any]]:
        """The warnings, each once at the first point that it is true of, and not without end."""
        return list(self.warnings.values())[:MOST_TOLD]


def _from_outside() -> list[Fault]:
    """A warning for every act of the week that is somebody's own: the rules are others than the project's."""
    return [Fault("these weeks hold an act that is not of the project", getattr(schedule.source(act.name), "file", None),
                  key=f"acts.{act.name}", found=f"{act.meaning}, after {act.after}") for act in schedule.own()]  # fmt: skip


def _beyond(parameters: Parameters) -> list[Fault]:
    """A warning for every number that lies outside its range, as was asked for by name."""
    return [
        Fault("lies beyond the range thought possible: an experiment on the model", key=f"parameters.{name}",
              found=f"{parameters.values[name]:.12g}", allowed=ledger()[name].allowed)
        for name in parameters.beyond()
    ]  # fmt: skip


def _names(scenario: Scenario, fault: Fault) -> bool:
    return str(fault.key).removeprefix("parameters.") in scenario.parameters


def _found(town: kept.Asked, scenario: Scenario | None) -> State:
    """A town before its first week. Raises InputError, naming the line of the scenario whose own place it is."""
    try:
        return kept.state(town)
    except InputError as error:
        if scenario is None:
            raise
        raise InputError([_of_place(fault, scenario) for fault in error.faults]) from None


def _of_place(fault: Fault, scenario: Scenario) -> Fault:
    """A fault of a scenario's place, said of the scenario's file."""
    return replace(_at(replace(fault, key="place"), scenario), found=fault.found or scenario.place)


def _state(town: Town, seed: int) -> State:
    """The town of the first run, before its first week."""
    return kept.make(kept.Asked(town.place, town.parameters, town.definition, town.start, town.sample, seed))


def _is_place(place: Any) -> bool:
    from model.place.place import Place

    return isinstance(place, Place)


def _acts(arm: Arm) -> list[Any]:
    """What an arm does that can be looked at."""
    return [one for one in arm.interventions_and_barriers if isinstance(one, Intervention | Barrier)]


def _at(fault: Fault, scenario: Scenario) -> Fault:
    """A fault with the file and the line of the scenario that it is of."""
    file, lines = scenario.written
    key = fault.key or ""
    while key and key not in lines:
        key = key.rpartition(".")[0]
    return replace(fault, file=file, line=lines.get(key))
