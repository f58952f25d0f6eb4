"""What a calibration found, stage by stage; `as_dict` is what `calibration.json` holds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from calibration.fitting.budget import Budget
from calibration.fitting.verdict_result import Verdict


@dataclass(frozen=True)
class Own:
    """What one's own targets are of. own: the names that are fitted to; place: as it was asked for."""

    held_out: int
    own: list[str]
    national: bool
    place: str
    title: str
    place_digest: str


@dataclass(frozen=True)
class Aims:
    """The targets. fit: how many are fitted to; of: None for the national ones."""

    fingerprint: str
    fit: int
    of: Own | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "fingerprint": self.fingerprint,
            "fit": self.fit,
            **({} if self.of is None else asdict(self.of)),
        }


@dataclass(frozen=True)
class Screen:
    """Parameters that move targets, those that move none, and those that there was no room for; how much each moves the
    target that it moves most, which that is, and its place. reused: it is that of the shipped ensemble."""

    active: list[str]
    frozen: list[str]
    left_out: list[str]
    strength: dict[str, float]
    on: dict[str, str]
    rank: dict[str, int]
    points: int
    reused: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        told = asdict(self)
        return told if self.reused else {name: value for name, value in told.items() if name != "reused"}


@dataclass(frozen=True)
class Wave:
    """Emulators of so many points, what history matching leaves of the prior, and the sampler's own story."""

    points: int
    emulators: list[dict[str, float | str | bool]]
    not_ruled_out: float
    nearest: float
    conflicts: dict[str, float]
    misfit: float
    allowed: float
    steps: int
    taken: float


@dataclass(frozen=True)
class HeldOut:
    """A target beside what draws say of it: mean and 95%; inside: whether it holds."""

    target: str
    wanted: float
    sd: float
    model: float
    model_low: float
    model_high: float
    inside: bool


@dataclass(frozen=True)
class Predicted:
    """A target that was fitted to. low, high: the posterior predictive interval (95%); inside: it holds the target."""

    target: str
    wanted: float
    sd: float
    model: float
    model_low: float
    model_high: float
    low: float
    high: float
    inside: bool


@dataclass(frozen=True)
class Learnt:
    """A parameter after the fit (95%). ratio: its SD after over that before; label: the same in a word."""

    name: str
    mean: float
    low: float
    high: float
    ratio: float
    label: str


@dataclass(frozen=True)
class Trade:
    """Two parameters that trade off, and their correlation after the fit."""

    one: str
    two: str
    r: float


@dataclass(frozen=True)
class Fitted:
    """The one set that ships as fitted. peak: it is the peak of the posterior, not its mean; misses: in errors."""

    values: dict[str, float]
    score: float
    peak: bool
    misses: dict[str, float]
    model: dict[str, float]


@dataclass(frozen=True)
class Confirmed:
    """What came of the draws on the model itself. draws: those that stand, of so many tried; base: values of parameters
    that are not fitted; nearest_draw: that which comes nearest to the targets."""

    nearest_draw: dict[str, float]
    held_out: list[HeldOut]
    parameters: list[Learnt]
    predictive: list[Predicted]
    trades: list[Trade]
    inside: int
    fitted: Fitted
    base: dict[str, float]
    draws: list[dict[str, float]]
    draws_tried: int
    points: int


@dataclass(frozen=True)
class FitResult(Confirmed):
    """The whole. verdict: on a place of one's own; files: what was written besides, by what it is."""

    targets: Aims
    chance: dict[str, float]
    screen: Screen
    waves: list[Wave]
    seconds: int
    budget: Budget
    code_digest: str
    verdict: Verdict | None = None
    files: dict[str, str] | None = None

    @property
    def own(self) -> Own:
        """What one's own targets are of. Raises ValueError of a national calibration."""
        if self.targets.of is None:
            raise ValueError("a national calibration is of no place of one's own")
        return self.targets.of

    @property
    def judged(self) -> Verdict:
        """The verdict on one's own place. Raises ValueError of a national calibration."""
        if self.verdict is None:
            raise ValueError("a national calibration ends without a verdict on a place")
        return self.verdict

    def as_dict(self) -> dict[str, Any]:
        """Plain data, in the order of the stages; what a calibration has none of is left out."""
        told = asdict(self) | {"targets": self.targets.as_dict(), "screen": self.screen.as_dict()}
        there = [
            name
            for name in ORDER
            if told[name] is not None and not (name == "held_out" and not self.held_out)
        ]
        return {name: told[name] for name in there}


ORDER = ("targets", "chance", "screen", "waves", "nearest_draw", "held_out", "parameters", "predictive", "trades", "inside",
         "fitted", "base", "draws", "draws_tried", "points", "verdict", "seconds", "budget", "code_digest", "files")  # fmt: skip
