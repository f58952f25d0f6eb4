"""A sweep file: what is varied over one or more scenarios, and by which design. One YAML file, one `SweepFile`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from model.delivery.targeting import Settings
from model.errors import Fault, InputError, nearest
from model.files.names import foreign_fault, is_path
from model.files.yaml_words import printable
from model.limits import LEAST_SEED, MOST_REPLICATES, MOST_WEEKS_OF_A_PLAN, MOST_YEARS_OF_A_PLAN
from model.parameters import ledger
from scenarios.files.fault_nodes import node_at
from scenarios.files.reading import read_yaml
from scenarios.files.schema import Scenario

MAX_POINTS = 200_000


def read_window(written: str) -> tuple[int, int]:
    """Weeks as typed, `26:78`: from week 26 up to, not including, week 78. Raises InputError."""
    first, _, last = str(written).partition(":")
    if not (first.strip().isdecimal() and last.strip().isdecimal()) or not int(first) < int(last):
        raise InputError(Fault("is no stretch of weeks", key="window", found=str(written), allowed="FIRST:LAST, as 26:78",
                               hint="From week 26 up to week 78 after the start."))  # fmt: skip
    return int(first), int(last)


class Range(Settings):
    """Numbers from `low` to `high`."""

    low: float
    """The least."""
    high: float
    """The most."""
    steps: int | None = Field(default=None, ge=2, le=1000)
    """For a grid: how many values, both ends included."""
    scale: Literal["linear", "log"] = "linear"
    """log: equal shares of the design for equal ratios."""

    @model_validator(mode="after")
    def _in_order(self) -> Range:
        if not self.low < self.high:
            raise ValueError("`low` must be below `high`")
        if self.scale == "log" and self.low <= 0:
            raise ValueError("on a log scale `low` must be above 0")
        return self


class Design(Settings):
    """How points are chosen."""

    method: Literal["grid", "random", "lhs", "sobol", "table"] = "grid"
    """grid: every combination; random; lhs: Latin hypercube; sobol: Sobol' sequence; table: as a CSV file says."""
    points: int | None = Field(default=None, ge=1, le=MAX_POINTS)
    """How many points (all but grid and table)."""
    file: str | None = Field(default=None, max_length=500)
    """For a table: a CSV file, one column a field, one row a point; beside the sweep file."""

    @model_validator(mode="after")
    def _complete(self) -> Design:
        if self.method in ("random", "lhs", "sobol") and self.points is None:
            raise ValueError(f"method {self.method} needs `points`: how many")
        if self.method in ("grid", "table") and self.points is not None:
            raise ValueError(
                f"method {self.method} says itself how many points there are; leave `points` out"
            )
        if (self.method == "table") != (self.file is not None):
            raise ValueError("`file` goes with method table, and method table needs it")
        return self


Factor = list[Any] | Range | Literal["ledger"]


class SweepFile(Settings):
    """A sweep: one or more scenarios beside their baseline, at many points, with common random numbers."""

    schema_version: Literal[1] = 1
    """Version of this format."""
    name: str = Field(default="sweep", min_length=1, max_length=100)
    """A short name."""
    description: str = Field(default="", max_length=4000)
    """What is asked, in plain words."""
    scenario: str | list[str] = Field(min_length=1)
    """A scenario of the library or a path; a list puts several side by side at every point."""
    baseline: str = "baseline"
    """What they are compared with."""
    design: Design = Design()
    """How points are chosen."""
    vary: dict[str, Factor] = Field(default_factory=dict, max_length=200)
    """Fields of the scenario by dotted name, `parameters.NAME` or `place`; each with values, or a range."""
    replicates: int = Field(default=4, ge=1, le=MOST_REPLICATES)
    """Paired runs at every point."""
    sample: float = Field(default=0.05, gt=0, le=1)
    """Share of residents simulated."""
    years: float | None = Field(default=None, gt=0, le=MOST_YEARS_OF_A_PLAN)
    """How long, above what the scenario says."""
    weeks: int | None = Field(default=None, ge=1, le=MOST_WEEKS_OF_A_PLAN)
    """How long in weeks, instead of `years`."""
    place: str | None = Field(default=None, max_length=500)
    """A place above what the scenario says."""
    definition: Literal["sport_england", "ohid"] | None = None
    """Of inactive, above what the scenario says."""
    seed: Annotated[int, Field(ge=LEAST_SEED)] = LEAST_SEED
    """Of all chance, that of the design included."""
    keep: list[Literal["weekly", "zones", "events"]] = Field(default_factory=list, max_length=3)
    """What is kept of every run besides: each week, zones, what happened to groups and programmes."""
    windows: list[str] = Field(default_factory=list, max_length=50)
    """Stretches of weeks over which outcomes are told too: `26:78` is from week 26 up to week 78."""

    @model_validator(mode="after")
    def _whole(self) -> SweepFile:
        if self.years is not None and self.weeks is not None:
            raise ValueError("both `years` and `weeks` are given; leave one of them out")
        if not self.vary and self.design.method != "table":
            raise ValueError("`vary` names nothing to vary")
        for written in self.windows:
            try:
                read_window(written)
            except InputError as error:
                raise ValueError(
                    f"`windows`: {written} {error.faults[0].message}; write 26:78, say"
                ) from None
        if self.vary and self.design.method == "table":
            raise ValueError("with a table, the columns of the file say what varies; leave `vary` out")
        return self

    @property
    def stretches(self) -> list[tuple[int, int]]:
        """The windows as weeks (first, last)."""
        return [read_window(written) for written in self.windows]

    @property
    def besides(self) -> tuple[str, ...]:
        """What is kept of every run besides its table."""
        return tuple(kind for kind in ("weekly", "events") if kind in self.keep)

    @property
    def names(self) -> list[str]:
        """The scenarios as the file names them."""
        return [self.scenario] if isinstance(self.scenario, str) else list(self.scenario)


def read(path: str | Path) -> tuple[SweepFile, dict[str, int]]:
    """A sweep file and the line of every key; paths in it become those beside it. Raises InputError."""
    path = Path(path)
    if not path.is_file():
        none = Fault("no such sweep file", printable(path, 300), hint="See docs/batches.md.")
        raise InputError(foreign_fault(str(path)) or none)
    file, lines = read_yaml(path, SweepFile)

    def beside(name: str) -> str:
        near = path.parent / name
        return near.resolve().as_posix() if near.is_file() or (near.is_dir() and is_path(name)) else name

    design = file.design
    if design.file is not None:
        design = design.model_copy(update={"file": beside(design.file)})
    update = {
        "scenario": [beside(name) for name in file.names],
        "baseline": beside(file.baseline),
        "design": design,
    }
    if file.place is not None:
        update["place"] = beside(file.place)
    return file.model_copy(update=update), lines


def with_more(path: Path, keep: Sequence[str] | None, windows: Sequence[str] | None) -> Path | SweepFile:
    """A sweep file as it is, or read, with more kept of every run than it says itself. Raises InputError."""
    if not keep and not windows:
        return path
    for written in windows or ():
        read_window(written)
    made, _ = read(path)
    return made.model_copy(update={"keep": list(dict.fromkeys([*made.keep, *map(str, keep or ())])),
                                   "windows": list(dict.fromkeys([*made.windows, *(windows or ())]))})  # fmt: skip


def resolve(
    file: SweepFile, scenario: Scenario, name: str = "", lines: dict[str, int] | None = None
) -> dict[str, list[Any] | Range]:
    """Each varied field with its values or range, `ledger` filled in. Raises InputError naming every fault."""
    found: dict[str, list[Any] | Range] = {}
    faults: list[Fault] = []
    for key, factor in file.vary.items():
        line = (lines or {}).get(f"vary.{key}")
        try:
            known = _from_ledger(key) if factor == "ledger" else factor
            assert not isinstance(known, str)
            tried = (
                known
                if isinstance(known, list)
                else [as_kind(key, scenario, v) for v in (known.low, known.high)]
            )
            if not tried:
                raise InputError(Fault("is an empty list", key=key))
            for value in tried:
                scenario.changed({key: value})
            if isinstance(known, Range) and file.design.method == "grid" and known.steps is None:
                raise InputError(
                    Fault("a range in a grid needs `steps`", key=key, hint="Or list the values.")
                )
            found[key] = known
        except InputError as error:
            faults += [Fault(fault.message, name or None, line, f"vary.{key}", fault.found, fault.allowed,
                             fault.hint or nearest(key, _fields(scenario))) for fault in error.faults]  # fmt: skip
    if faults:
        raise InputError(faults)
    return found


def as_kind(key: str, scenario: Scenario, value: float) -> Any:
    """A number as the field wants it: whole where the field is whole."""
    return round(value) if is_whole(key, scenario) else float(value)


def is_whole(key: str, scenario: Scenario) -> bool:
    """Whether a field takes whole numbers alone."""
    holder, _, name = key.partition(".")
    if holder == "parameters":
        entry = ledger().get(name)
        return entry is not None and isinstance(entry.value, int) and entry.unit in ("weeks", "sessions/week")
    path = tuple(int(part) if part.isdigit() else part for part in key.split("."))
    return node_at(Scenario, path, scenario.as_dict()).get("type") == "integer"


def _from_ledger(key: str) -> list[Any] | Range:
    entry = ledger().get(key.removeprefix("parameters."))
    if entry is None and key.startswith("parameters."):
        name = key.removeprefix("parameters.")
        raise InputError(Fault("unknown parameter", key=key, found=name,
                               hint=nearest(name, ledger()) or "docs/parameters.md lists them."))  # fmt: skip
    if entry is None or not key.startswith("parameters."):
        raise InputError(Fault("only a parameter has a range in the ledger", key=key, found=key,
                               hint=nearest(key, [f"parameters.{name}" for name in ledger()])))  # fmt: skip
    if entry.choices:
        return list(entry.choices)
    assert entry.low is not None and entry.high is not None
    return Range(low=float(entry.low), high=float(entry.high))


def _fields(scenario: Scenario) -> list[str]:
    """Dotted names that can be varied, to look for the nearest."""
    names = [f"parameters.{name}" for name in ledger()] + ["place", "years", "weeks", "definition"]
    for row, one in enumerate(scenario.interventions):
        names += [f"interventions.{row}.{name}" for name in type(one).model_fields]
    for row, barrier in enumerate(scenario.barriers):
        names += [f"barriers.{row}.{name}" for name in type(barrier).model_fields]
    return names
