"""What a validation found: every pattern, every district, and what the model was run with."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from calibration.validation.pattern import ROLES, Row


@dataclass(frozen=True)
class District:
    """Percent of a district's adults inactive by both definitions, with 95% ranges over runs, and the naive regression's
    word (Sport England) with its own 95% range, over the errors of what it is fitted to."""

    place: str
    title: str
    inactive: float
    inactive_low: float
    inactive_high: float
    inactive_ohid: float
    inactive_ohid_low: float
    inactive_ohid_high: float
    naive: float
    naive_low: float
    naive_high: float


@dataclass(frozen=True)
class Judged:
    """Patterns in the order of those who bring them, and districts from the least inactive to the most."""

    patterns: list[Row]
    districts: list[District]

    def of_role(self, role: str) -> list[Row]:
        """The patterns of a role that can be judged."""
        return [row for row in self.patterns if row.role == role and row.holds is not None]

    def counts(self) -> dict[str, tuple[int, int]]:
        """How many patterns hold, of how many that can be judged, by role."""
        judged = {role: self.of_role(role) for role in ROLES}
        return {role: (sum(bool(row.holds) for row in rows), len(rows)) for role, rows in judged.items()}

    def counts_alone(self) -> dict[str, tuple[int, int]]:
        """The same by the error of the published figure alone, of patterns that stand for one published figure."""
        judged = {role: [row for row in self.of_role(role) if row.holds_alone is not None] for role in ROLES}
        return {
            role: (sum(bool(row.holds_alone) for row in rows), len(rows))
            for role, rows in judged.items()
            if rows
        }

    def beside_naive(self) -> tuple[float, float, int] | None:
        """Root mean square miss of the model and of the naive regression, in points, over the published rates that both
        can say, and how many those are; None without any."""
        rows = [
            row
            for role in ("fit", "held_out")
            for row in self.of_role(role)
            if row.naive is not None and row.target is not None and row.unit == "%"
        ]
        if not rows:
            return None
        said = np.array([[row.model - row.target, row.naive - row.target] for row in rows])  # type: ignore[operator]
        model, naive = np.sqrt((said**2).mean(axis=0))
        return float(model), float(naive), len(rows)


@dataclass(frozen=True)
class ValidationResult(Judged):
    """With what was run. sets: of parameters; source: `ensemble` or `fitted`; ensemble: the checksum of its table."""

    sets: int
    source: str
    code_digest: str
    targets: str
    quick: bool
    ensemble: str | None

    def as_dict(self) -> dict[str, Any]:
        """As `validation.json` holds it."""
        return asdict(self)
