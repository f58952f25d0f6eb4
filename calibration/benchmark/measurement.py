"""What one measurement found: each is printed as JSON by the process that made it and read back by the bench."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Self


@dataclass(frozen=True)
class Measurement:
    """Base of all. what: the word by which it is asked for."""

    what: ClassVar[str]

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """From what `as_dict` gave."""
        return cls(**told)


@dataclass(frozen=True)
class ChoiceCompared:
    """The kernel `choice` beside its numpy version. rates: resident-weeks a second; ratio: of the times; share_equal:
    0 to 1, of residents with the same bits, by column."""

    kernel_rate: float
    numpy_rate: float
    ratio: float
    share_equal: dict[str, float]
    largest_relative_difference: float


@dataclass(frozen=True)
class ActWork:
    """What one act moves and computes for a resident in a week. moved: bytes; work: how many of each of `counts.WORK`."""

    act: str
    moved: float
    work: Mapping[str, float]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, the kinds of work spread among the facts."""
        return {"act": self.act, "bytes": self.moved, **self.work}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> ActWork:
        """From what `as_dict` gave."""
        work = {name: many for name, many in told.items() if name not in ("act", "bytes")}
        return cls(told["act"], told["bytes"], work)


@dataclass(frozen=True)
class Roofline:
    """What the machine allows: resident-weeks a second by memory, by arithmetic, and by the slower of both.

    machine: bytes and work a second, as `machine.rates` measures them.
    """

    bytes_a_week: float
    work_a_week: Mapping[str, float]
    by_memory: float
    by_arithmetic: float
    machine: Mapping[str, float]

    @property
    def ceiling(self) -> float:
        """Resident-weeks a second when moving and computing overlap fully."""
        return min(self.by_memory, self.by_arithmetic)

    @property
    def without_overlap(self) -> float:
        """Resident-weeks a second when computing waits for memory."""
        return 1.0 / (1.0 / self.by_memory + 1.0 / self.by_arithmetic)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, with what follows from it."""
        told = asdict(self)
        able = told.pop("machine")
        return {**told, "ceiling": self.ceiling, "without_overlap": self.without_overlap, "machine": able}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Roofline:
        """From what `as_dict` gave."""
        return cls(**{field.name: told[field.name] for field in fields(cls)})


@dataclass(frozen=True)
class TownMeasured(Measurement):
    """A town built and run. By number of threads ("1", "2"): rates (resident-weeks a second), acts (seconds a week of
    each) and roofline. bytes_of_columns, of_ties, beside: a resident; peak_bytes: of the process.

    processor_share: of a core that the one thread got, 0 to 1; None where one thread was not measured. The last three
    only where asked for.
    """

    what = "town"
    residents: int
    weeks: int
    place_seconds: float
    build_seconds: float
    ties_a_resident: float
    plans: bool
    bytes_of_columns: float
    bytes_of_ties: float
    bytes_beside: float
    rates: dict[str, float]
    acts: dict[str, dict[str, float]]
    processor_share: float | None
    peak_bytes: int
    numpy_choice: ChoiceCompared | None = None
    week: list[ActWork] | None = None
    roofline: dict[str, Roofline] | None = None

    @property
    def roofs(self) -> dict[str, Roofline]:
        """The roofline by number of threads. Raises ValueError where it was not asked for."""
        if self.roofline is None:
            raise ValueError("this town was measured without its roofline")
        return self.roofline

    @property
    def compared(self) -> ChoiceCompared:
        """`choice` beside numpy. Raises ValueError where it was not asked for."""
        if self.numpy_choice is None:
            raise ValueError("this town was measured without choice in numpy")
        return self.numpy_choice

    def as_dict(self) -> dict[str, Any]:
        """Plain data, without what was not measured."""
        told = asdict(self)
        if self.week is not None:
            told["week"] = [act.as_dict() for act in self.week]
        if self.roofline is not None:
            told["roofline"] = {number: roof.as_dict() for number, roof in self.roofline.items()}
        return {name: value for name, value in told.items() if value is not None}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """From what `as_dict` gave."""
        read = {"processor_share": None} | dict(told)
        if "numpy_choice" in read:
            read["numpy_choice"] = ChoiceCompared(**read["numpy_choice"])
        if "week" in read:
            read["week"] = [ActWork.from_dict(act) for act in read["week"]]
        if "roofline" in read:
            read["roofline"] = {n: Roofline.from_dict(roof) for n, roof in read["roofline"].items()}
        return cls(**read)


@dataclass(frozen=True)
class ReferenceMeasured(Measurement):
    """The plain Mesa model and the engine on the same town: resident-weeks a second of both; equal: to the last bit."""

    what = "reference"
    residents: int
    weeks: int
    rate: float
    engine_rate: float
    equal: bool


@dataclass(frozen=True)
class StartMeasured(Measurement):
    """From import to a first result. seconds: of `import`, `build`, `warm_up` and `run`; inactive: that result, 0 to 1."""

    what = "start"
    residents: int
    weeks: int
    seconds: dict[str, float]
    inactive: float
    compile_seconds: float


@dataclass(frozen=True)
class CountyMeasured(Measurement):
    """All shipped districts, everybody simulated. rate: resident-weeks a second; inactive: at the end, 0 to 1."""

    what = "county"
    people: int
    residents: int
    weeks: int
    threads: int
    place_seconds: float
    build_seconds: float
    warm_up_seconds: float
    warm_up_weeks: int
    run_seconds: float
    rate: float
    inactive: float
    peak_bytes: int

    @property
    def made_seconds(self) -> float:
        """Until the town stands."""
        return self.place_seconds + self.build_seconds

    @property
    def whole_seconds(self) -> float:
        """All told."""
        return self.made_seconds + self.warm_up_seconds + self.run_seconds


@dataclass(frozen=True)
class DroppedMeasured(Measurement):
    """Small towns made and dropped: bytes of the process in the second quarter of them and in the last."""

    what = "dropped"
    towns: int
    residents: int
    bytes_early: float
    bytes_late: float
    bytes_kept_a_town: float
