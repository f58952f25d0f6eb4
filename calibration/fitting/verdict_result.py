"""The verdict on a place: what can be matched, what cannot, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class End:
    """A parameter at an end of its range, beyond which targets would be nearer by so many errors a tenth of the range."""

    name: str
    meaning: str
    end: str
    value: float
    errors: float


@dataclass(frozen=True)
class OwnFigure:
    """One target (95%), and the nearest that any set of parameters brought it: in its unit, and in errors."""

    target: str
    wanted: float
    low: float
    high: float
    unit: str
    status: str
    distance: float
    reached: float
    nearest_run: float
    ends: list[End]


@dataclass(frozen=True)
class Conflict:
    """Two targets that can be matched alone and were not together, and the nearest that both came."""

    one: str
    two: str
    status: str
    distance: float
    one_reached: float
    two_reached: float
    ends: list[End]


@dataclass(frozen=True)
class Nearest:
    """The set of parameters that came nearest to all targets, and how many errors away."""

    values: dict[str, float]
    distance: float


@dataclass(frozen=True)
class Verdict:
    """status: of all targets together; cut: errors within which they are matched; sets: of parameters that stand;
    tried, failed: runs of the model; own_together: status of one's own targets without the national ones."""

    status: str
    cut: float
    sets: int
    tried: int
    parameters: int
    targets: list[OwnFigure]
    conflicts: list[Conflict]
    own_together: str
    nearest: Nearest
    nearest_run: float
    failed: int
