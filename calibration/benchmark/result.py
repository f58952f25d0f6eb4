"""What a bench found: `as_dict` is what `--json` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from calibration.benchmark.measurement import (
    CountyMeasured,
    DroppedMeasured,
    ReferenceMeasured,
    StartMeasured,
    TownMeasured,
)


@dataclass(frozen=True)
class Machine:
    """The machine and the versions on which all speed depends. cores: None where the system does not tell."""

    processor: str
    cores: int | None
    system: str
    python: str
    numpy: str
    numba: str


@dataclass(frozen=True)
class Lap(StartMeasured):
    """A start, and the seconds of its process from first to last."""

    whole_seconds: float


@dataclass(frozen=True)
class Starts:
    """Nothing compiled before, the better of two with all compiled, and `run.py --help`."""

    cold: Lap
    warm: Lap
    help_seconds: float

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Starts:
        """From plain data."""
        return cls(Lap.from_dict(told["cold"]), Lap.from_dict(told["warm"]), told["help_seconds"])


@dataclass(frozen=True)
class Exponents:
    """How time grows with residents, as a power: of a week, on all cores and on one, and of building."""

    week: float
    week_one_core: float
    build: float


@dataclass(frozen=True)
class Asked:
    """What was asked of the product beside what was found. low, high: None where there is no such end."""

    what: str
    found: float
    low: float | None
    high: float | None
    unit: str
    holds: bool


@dataclass(frozen=True)
class Measured:
    """All measurements together, the contract's first. ratio: of the speeds on one core; bytes_per_resident: columns and
    ties; main: the town measured; with_plans: the same with programmes; growth: towns from the smallest to the largest;
    ties: towns of the same size, few ties first; exponents: None with fewer than two large towns."""

    residents: int
    weeks: int
    threads: int
    build_seconds: float
    resident_weeks_per_second: float
    reference_resident_weeks_per_second: float
    ratio: float | None
    bytes_per_resident: float
    one_core_resident_weeks_per_second: float
    full: bool
    machine: Machine
    main: TownMeasured
    with_plans: TownMeasured
    reference: ReferenceMeasured
    growth: list[TownMeasured]
    exponents: Exponents | None
    ties: list[TownMeasured]
    start: Starts
    county: CountyMeasured | None
    dropped: DroppedMeasured | None


@dataclass(frozen=True)
class BenchResult(Measured):
    """With what was asked, and the seconds that measuring took."""

    asked: list[Asked]
    seconds: float

    @classmethod
    def of(cls, measured: Measured, asked: list[Asked], seconds: float) -> Self:
        """The measurements, judged."""
        found = {field.name: getattr(measured, field.name) for field in fields(Measured)}
        return cls(**found, asked=asked, seconds=seconds)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as `--json` prints it."""
        return asdict(self) | {
            "main": self.main.as_dict(),
            "with_plans": self.with_plans.as_dict(),
            "growth": [town.as_dict() for town in self.growth],
            "ties": [town.as_dict() for town in self.ties],
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """From what `as_dict` gave, or from what `--json` printed."""
        read = {field.name: told[field.name] for field in fields(cls)} | {
            "machine": Machine(**told["machine"]),
            "main": TownMeasured.from_dict(told["main"]),
            "with_plans": TownMeasured.from_dict(told["with_plans"]),
            "reference": ReferenceMeasured.from_dict(told["reference"]),
            "growth": [TownMeasured.from_dict(town) for town in told["growth"]],
            "exponents": Exponents(**told["exponents"]) if told["exponents"] else None,
            "ties": [TownMeasured.from_dict(town) for town in told["ties"]],
            "start": Starts.from_dict(told["start"]),
            "county": CountyMeasured.from_dict(told["county"]) if told["county"] else None,
            "dropped": DroppedMeasured.from_dict(told["dropped"]) if told["dropped"] else None,
            "asked": [Asked(**row) for row in told["asked"]],
        }
        return cls(**read)
