"""What a sensitivity analysis found: `as_dict` is what `--json` prints, and with lines and words what its file holds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Emulated:
    """How much of the variance at new points an emulator predicts, and how much chance leaves to predict."""

    q2: float
    ceiling: float


@dataclass(frozen=True)
class Mean:
    """The mean effect in one slice of a factor's range, or at one of its choices. share: 0 to 1 of the range."""

    name: str
    share: float
    label: str
    value: float
    points: int


@dataclass(frozen=True)
class OfOutput:
    """Indices of one output. parameters: `name` and the method's own columns; pairs: `one`, `two`, `S2`, its ends.

    seed_share: of the variance of the means, that is chance's; None where one replicate cannot tell. levels: of Morris' grid.
    """

    converged: bool
    reasons: list[str]
    seed_share: float | None
    parameters: list[dict[str, Any]]
    pairs: list[dict[str, Any]]
    levels: int | None = None
    emulator: Emulated | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain data, without what the method has not."""
        told = asdict(self)
        return {
            name: told[name] for name in told if told[name] is not None or name not in ("levels", "emulator")
        }

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> OfOutput:
        """From what `as_dict` gave."""
        known = {
            name: math.nan if value is None else value for name, value in told.get("emulator", {}).items()
        }
        emulator = Emulated(**known) if known else None
        return cls(told["converged"], told["reasons"], told.get("seed_share"), told["parameters"], told["pairs"],
                   told.get("levels"), emulator)  # fmt: skip


@dataclass(frozen=True)
class SensitivityResult:
    """Indices of the output that stands in front, and of the others by name. lines: main effects of every output, words:
    each in words, both for the page."""

    scenario: str
    outcome: str
    method: str
    runs: int
    points: int
    replicates: int
    front: OfOutput
    outcomes: dict[str, OfOutput]
    notes: list[str]
    out: str
    lines: dict[str, list[Mean]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    @property
    def every(self) -> dict[str, OfOutput]:
        """All outputs by name, the one in front first."""
        return {self.outcome: self.front} | self.outcomes

    def as_dict(self) -> dict[str, Any]:
        """Plain data, what is in front spread among the facts."""
        return {"scenario": self.scenario, "outcome": self.outcome, "method": self.method, "runs": self.runs,
                "points": self.points, "replicates": self.replicates, **self.front.as_dict(),
                "outcomes": {name: one.as_dict() for name, one in self.outcomes.items()}, "notes": self.notes,
                "out": self.out}  # fmt: skip

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> SensitivityResult:
        """From what `as_dict` gave, or from a file."""
        lines = {name: [Mean(**row) for row in rows] for name, rows in told.get("lines", {}).items()}
        return cls(told["scenario"], told["outcome"], told["method"], told["runs"], told["points"], told["replicates"],
                   OfOutput.of(told), {name: OfOutput.of(one) for name, one in told["outcomes"].items()}, told["notes"],
                   told["out"], lines, told.get("words", {}))  # fmt: skip
