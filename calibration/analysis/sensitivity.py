"""What the effect of a scenario hangs on: a sweep over doubtful numbers and switches, and indices of its outputs.

Outputs are effects, scenario minus baseline with common random numbers, at the end of the run: on the share inactive, on the
deprivation gap, and on adults moved for each £1,000 (the inverse of cost per person, which has no value where nobody
is moved); and any other outcome of any group that is asked for. A dummy factor, which changes nothing, goes with every
design.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import Field

from calibration.analysis.sensitivity_result import Emulated, OfOutput, SensitivityResult
from calibration.statistics import emulator, indices
from calibration.statistics import outputs as in_order
from calibration.statistics.indices import DUMMY, Indices
from model.delivery.targeting import Settings
from model.errors import Fault, InputError, nearest
from model.outcomes import catalogue
from scenarios.files import store
from scenarios.files.faults import explained
from scenarios.findings.names import level_name
from scenarios.options import BatchOptions, takes
from scenarios.provenance import checks
from scenarios.provenance.program import MARK
from scenarios.runs.question import resolve
from scenarios.sweeps import points, sweep_file
from scenarios.sweeps.points import Factors
from scenarios.sweeps.sweep import Sweep, planned
from scenarios.sweeps.sweep import sweep as run_sweep
from scenarios.sweeps.sweep_file import Factor, Range, SweepFile
from scenarios.sweeps.sweep_notes import notes
from scenarios.sweeps.sweep_outcomes import Asked, asked, differences, names
from scenarios.sweeps.sweep_plan import SweepDesign

OUTCOMES = {
    "inactive": "effect on the share inactive",
    "gap_deprivation_difference": "effect on the deprivation gap",
    "moved_per_1000_pounds": "adults moved for each £1,000",
}
"""Outputs that indices are always taken of, in words."""
FOR_MONEY = {
    "cost_per_person_moved": ("people_moved", "moved_per_1000_pounds", OUTCOMES["moved_per_1000_pounds"]),
    "cost_per_person_year": (
        "person_years_moved",
        "person_years_per_1000_pounds",
        "person-years out of inactivity for each £1,000",
    ),
}
"""Prices, what each is the price of, and the output taken instead: its inverse."""

FACTORS = Path(__file__).parents[1] / "factors.yaml"
SIZES = {"morris": 20, "sobol": 128, "pawn": 500, "emulator": 300}
"""Trajectories, base points or points, unless told otherwise."""


class FactorFile(Settings):
    """A file of factors: as `vary` in a sweep file."""

    vary: dict[str, Factor] = Field(min_length=1, max_length=100)
    """Fields of the scenario by dotted name, or parameters.NAME; each with values, a range, or `ledger`."""


@dataclass
class Sensitivity:
    """Indices of every output of a scenario's sweep. `lines`: main effects, for figures."""

    scenario: str
    method: str
    sweep: Sweep
    factors: Factors
    found: dict[str, Indices]
    lines: dict[str, pd.DataFrame] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    emulators: dict[str, emulator.Emulator] = field(default_factory=dict)

    def describe(self, outcome: str = "inactive") -> dict[str, Any]:
        """What `sensitivity --json` prints; `outcome` stands in front, the others under `outcomes`."""
        return self.result(outcome).as_dict()

    def result(self, outcome: str = "inactive") -> SensitivityResult:
        """What was found, with `outcome` in front."""
        outcome = outcome if outcome in self.found else next(reversed(self.found))
        others = {name: self._of(name) for name in self.found if name != outcome}
        plan = self.sweep.plan
        return SensitivityResult(self.scenario, outcome, self.method, self.sweep.tally.ok, len(plan.points), plan.replicates,
                                 self._of(outcome), others, notes(plan), str(self.sweep.folder))  # fmt: skip

    def _of(self, outcome: str) -> OfOutput:
        one, made = self.found[outcome], self.emulators.get(outcome)
        return OfOutput(one.converged, one.reasons, one.seed_share, _rows(one.table), _rows(one.pairs), one.levels,
                        None if made is None else Emulated(made.q2, made.ceiling))  # fmt: skip


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


@dataclass(frozen=True, kw_only=True)
class SensitivityOptions(BatchOptions):
    """What an analysis asks, and how its sweep is run."""

    method: str = "morris"
    outcome: str = "inactive"
    """What stands first; likewise `group`, as `imd_quintile=1`, and `window`, as `26:78`."""
    group: str | None = None
    window: str | None = None
    factors: Path | dict[str, Any] | None = None
    """A file of factors, or `vary` of a sweep file."""
    vary: list[str] | None = None
    """Names alone, over their range in the ledger."""
    without: list[str] | None = None
    """Names that are left out, at what they are."""
    size: int | None = None
    """Trajectories, base points or points; usual: `SIZES`."""
    emulate: bool = False
    """Sobol' of an emulator fitted to a Latin hypercube."""
    second: bool = False
    replicates: int = 4
    sample: float = 0.05
    years: float | None = None
    weeks: int | None = None
    place: str | None = None
    seed: int = 1

    @property
    def batch(self) -> BatchOptions:
        """How the sweep is run."""
        return BatchOptions(**{one.name: getattr(self, one.name) for one in fields(BatchOptions)})


@takes(SensitivityOptions)
def sensitivity(scenario: str, out: str | Path, *, asked: SensitivityOptions) -> Sensitivity | Sweep:
    """Run the design of a method as a sweep in `out`, then take indices of every output.

    All else by keyword (`SensitivityOptions`). A sweep that was stopped comes back as it stands. Raises InputError.
    """
    what = wanted_output(asked.outcome, asked.group, asked.window)
    for key, wish in (("emulator", asked.emulate), ("second-order", asked.second)):
        if wish and asked.method != "sobol":
            raise InputError(Fault("goes with method sobol alone", key=key, found=asked.method))
    name, loaded = resolve(scenario)
    wanted, told, lines = _wanted(asked.factors, asked.vary)
    _leave_out(wanted, asked.without or [])
    file = _file(scenario, name, wanted, asked)
    known = sweep_file.resolve(file, loaded, told, lines) | {DUMMY: Range(low=0, high=1)}
    plan = _design(asked.method, list(known), asked.size, asked.seed, asked.emulate, asked.second)
    at = points.from_unit(plan.unit, known, loaded)
    if not any(".when." in name for name in known):
        _begins(planned(file, at[:1]))
    done = run_sweep(file, out, asked=replace(asked.batch, at=at))
    if not done.tally.finished:
        return done
    _varies(done, what)
    found, outcome = analyse(done, plan, known, asked.emulate, what), output_name(what)
    if outcome not in found.found:
        raise InputError(Fault("has no value in every run of this sweep", key="outcome", found=outcome,
                               allowed=", ".join(found.found)))  # fmt: skip
    save(found, plan, outcome)
    return found


def _leave_out(wanted: dict[str, Any], without: list[str]) -> None:
    """Take out what is not to vary. Raises InputError."""
    for left in without:
        if wanted.pop(_full(left), None) is None:
            raise InputError(Fault("is not among what is varied", key="without", found=left,
                                   hint=nearest(_full(left), wanted)))  # fmt: skip
    if not wanted:
        raise InputError(Fault("nothing is left to vary", key="without", found=", ".join(without)))


def _file(scenario: str, name: str, wanted: dict[str, Any], asked: SensitivityOptions) -> SweepFile:
    """The sweep of an analysis, as a file would spell it. Raises InputError."""
    spelled = {"name": f"sensitivity of {name}", "scenario": scenario, "vary": wanted,
               "replicates": asked.replicates, "sample": asked.sample, "years": asked.years, "weeks": asked.weeks,
               "place": asked.place, "seed": asked.seed, "windows": [asked.window] if asked.window else [],
               "design": sweep_file.Design(method="lhs", points=1)}  # fmt: skip
    with explained(SweepFile, spelled):
        return SweepFile.model_validate(spelled)


def _begins(plan: SweepDesign) -> None:
    """Raise InputError when the plan begins after the weeks simulated: nothing could vary."""
    job = plan.jobs(0)[0]
    arm = next(one for one in job.arms if one.name == plan.scenarios[0][0])
    starts = [one.when.start_week for one in (*arm.interventions, *arm.barriers) if hasattr(one, "when")]
    if starts and min(starts) >= job.town.weeks:
        raise InputError(Fault("nothing would vary: the plan begins after the weeks simulated", key="weeks",
                               found=f"{job.town.weeks} weeks, and a plan that begins in week {min(starts)}",
                               allowed=f"{min(starts) + 1} weeks or more",
                               hint="Ask for more --weeks or --years, or an earlier start_week."))  # fmt: skip


def wanted_output(outcome: str, group: str | None = None, window: str | None = None) -> Asked:
    """What is asked for. Raises InputError with the nearest right name."""
    if outcome == "moved_per_1000_pounds" and not group and not window:
        return Asked("cost_per_person_moved")
    try:
        return asked(outcome, group, window)
    except InputError as error:
        (fault,) = error.faults
        if fault.key == "outcome" and outcome not in names():
            every = [*names(), *(name for _, name, _ in FOR_MONEY.values())]
            fault = replace(fault, allowed=", ".join(every), hint=nearest(outcome, every))
        raise InputError(fault) from None


def output_name(what: Asked) -> str:
    """The name of an output in files and under `outcomes`."""
    return FOR_MONEY[what.outcome][1] if what.outcome in FOR_MONEY else what.slug


def _output_words(what: Asked) -> str:
    if what.outcome in FOR_MONEY:
        return FOR_MONEY[what.outcome][2]
    if what.slug in OUTCOMES:
        return OUTCOMES[what.slug]
    label = catalogue.known(what.outcome).label
    whom = "" if what.group == "all" else f", {level_name(what.group, what.level)}"
    weeks = f", weeks {what.window[0]} to {what.window[1]}" if what.window else ""
    return f"effect on: {label[0].lower() + label[1:]}{whom}{weeks}"


def _varies(done: Sweep, what: Asked) -> None:
    """Raise InputError when the output asked for is the same at every point: of that no index tells anything."""
    outcome = output_name(what)
    values = outputs(done, what).get(outcome)
    if values is None or not indices.is_flat(values):
        return
    if (values == 0).all():
        hint = ("The plan does nothing at any point: perhaps nobody can join, nothing is left of it at this sample, "
                "or it begins too late.")  # fmt: skip
    else:
        hint = "Nothing of what is varied matters to it: vary something else, or over wider ranges."
    raise InputError(Fault("is the same at every point, so nothing can be said of what it hangs on", key="outcome",
                           found=f"{outcome} {values.mean():g} at {len(values):,} points", hint=hint))  # fmt: skip


def _wanted(
    factors: Path | dict[str, Any] | None, vary: list[str] | None
) -> tuple[dict[str, Factor], str, dict[str, int]]:
    """What is varied, the file that says so, and its lines."""
    if isinstance(factors, dict):
        given = {"scenario": "none", "vary": factors}
        with explained(SweepFile, given):
            return SweepFile.model_validate(given).vary, "", {}
    if vary:
        return {_full(name): "ledger" for name in vary}, "", {}
    path = factors or FACTORS
    if not Path(path).is_file():
        raise InputError(Fault("no such file of factors", str(path), key="factors"))
    return _read_factors(Path(path))


def _full(name: str) -> str:
    """The dotted name of a factor: a parameter may be named alone."""
    return name if "." in name else f"parameters.{name}"


def _read_factors(path: Path) -> tuple[dict[str, Factor], str, dict[str, int]]:
    """A file of factors: its keys stand at the top."""
    from model.files.yaml_guard import read_text
    from scenarios.files.reading import read_yaml_text

    text = read_text(path)
    body = "vary:\n" + "".join(f"  {line}\n" for line in text.splitlines())
    made, lines = read_yaml_text(body, FactorFile, str(path))
    return made.vary, str(path), {key: line - 1 for key, line in lines.items()}


def _design(
    method: str, names: list[str], size: int | None, seed: int, emulate: bool, second: bool
) -> indices.Design:
    if emulate:
        count = SIZES["emulator"] if size is None else size
        emulator.check_size(count, len(names))
        return indices.Design("sobol", names, points.latin_hypercube(count, len(names), seed), count)
    if method not in indices.METHODS:
        raise InputError(Fault("unknown method", key="method", found=method, allowed=", ".join(indices.METHODS),
                               hint=nearest(method, indices.METHODS)))  # fmt: skip
    return indices.design(method, names, SIZES[method] if size is None else size, seed, second)


def outputs(done: Sweep, what: Asked = Asked()) -> dict[str, np.ndarray]:
    """Each output as (points, replicates), in design order. Raises InputError when runs are missing or not finite."""
    done.check_whole(choice=False)
    shape = (len(done.plan.points), done.plan.replicates)

    def grid(one: Asked) -> np.ndarray:
        frame = differences(done, one)
        frame = frame[frame["scenario"] == done.plan.scenarios[0][0]]
        return in_order.outputs(frame.rename(columns={"difference": "value"}), *shape)

    found = {name: grid(Asked(name)) for name in OUTCOMES if catalogue.get(name)}
    if what.outcome not in FOR_MONEY and what.slug not in found:
        found[what.slug] = grid(what)
    try:
        cost = grid(Asked("cost"))
    except InputError:
        return found  # a scenario that costs nothing has no cost for each person
    if (cost > 0).all():
        for price in dict.fromkeys(("cost_per_person_moved", what.outcome)):
            if price in FOR_MONEY:
                bought, name, _ = FOR_MONEY[price]
                found[name] = grid(Asked(bought)) / cost * 1000
    return found


def analyse(
    done: Sweep, plan: indices.Design, factors: Factors, emulate: bool, what: Asked = Asked()
) -> Sensitivity:
    """Indices of every output of a finished sweep; what: that which stands first."""
    method = "sobol of an emulator" if emulate else plan.method
    told = Sensitivity(done.plan.scenarios[0][0], method, done, factors, {})
    levels = [len(factor) if isinstance(factor, list) else 0 for factor in factors.values()]
    told.words = OUTCOMES | {output_name(what): _output_words(what)}
    for name, values in outputs(done, what).items():
        if emulate:
            told.found[name], told.emulators[name] = emulator.sobol(plan.names, plan.unit, values, levels)
        else:
            told.found[name] = indices.analyse(plan, values)
        if values.shape[1] < 2:
            told.found[name].reasons.append(
                "one replicate does not tell chance from what factors do: take 2 or more"
            )
            told.found[name].converged = False
        unit, mean = plan.unit, values.mean(axis=1)
        if emulate:
            unit = points.latin_hypercube(LINE_POINTS, len(plan.names), 1)
            mean = told.emulators[name].predict(unit)
        told.lines[name] = main_effects(unit, mean, factors)
    return told


LINE_POINTS = 4000
"""Points of an emulator that main effects are drawn from."""


def main_effects(unit: np.ndarray, mean: np.ndarray, factors: Factors, slices: int = 8) -> pd.DataFrame:
    """Mean output in each slice of each factor, all else varying.

    unit: (N, D); mean: (N,). Columns: name, share (0 to 1 of its range), label (of a choice), value, points.
    """
    rows: list[dict[str, Any]] = []
    for column, (name, factor) in enumerate(factors.items()):
        count = len(factor) if isinstance(factor, list) else slices
        part = np.minimum((unit[:, column] * count).astype(int), count - 1)
        for number in range(count):
            inside = part == number
            if inside.any():
                label = str(factor[number]) if isinstance(factor, list) else ""
                rows.append({"name": name, "share": (number + 0.5) / count, "label": label,
                             "value": mean[inside].mean(), "points": int(inside.sum())})  # fmt: skip
    return pd.DataFrame(rows)


def save(found: Sensitivity, plan: indices.Design, outcome: str = "inactive") -> None:
    """Write `sensitivity.json`, `indices.csv` and the page with its figures beside the sweep."""
    folder = found.sweep.folder
    told = found.describe(outcome) | {MARK: store.read_json(folder / "manifest.json").get(MARK)}
    told["lines"] = {name: frame.to_dict("records") for name, frame in found.lines.items()}
    told["words"] = {name: found.words[name] for name in found.found}
    store.write_json(folder / "sensitivity.json", told)
    tables = [one.table.assign(outcome=name) for name, one in found.found.items()]
    store.write_csv(pd.concat(tables, ignore_index=True), folder / "indices.csv")
    unit = pd.DataFrame(plan.unit, columns=plan.names)
    unit.insert(0, "point", np.arange(len(unit)))
    store.write_table(unit, folder / "design.parquet")
    checks.vouch(folder, ["sensitivity.json", "indices.csv", "design.parquet"])
