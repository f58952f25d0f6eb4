"""Priors of the calibration, one a parameter, and the unit cube they are drawn through: normals cut at their ends, and PERT."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from model.parameters import ledger

PRIORS = Path(__file__).parent / "priors.yaml"


@dataclass(frozen=True)
class Prior:
    """A normal, cut at `low` and `high`; without an SD a PERT distribution between them, likeliest at `mean`."""

    name: str
    mean: float
    sd: float | None
    low: float
    high: float
    why: str


class Priors:
    """Several priors side by side; `x` are values scaled to 0 at low and 1 at high, (N, D)."""

    def __init__(self, priors: list[Prior]) -> None:
        self.all = priors
        self.names = [prior.name for prior in priors]
        self.low = np.array([prior.low for prior in priors])
        self.high = np.array([prior.high for prior in priors])
        self.width = self.high - self.low
        self.mean = (np.array([prior.mean for prior in priors]) - self.low) / self.width
        """Of a normal before it is cut; of a PERT distribution where it is likeliest."""
        self.pert = np.array([prior.sd is None for prior in priors], dtype=bool)
        self.sd = np.array([1.0 if prior.sd is None else prior.sd for prior in priors]) / self.width

    def only(self, names: list[str]) -> Priors:
        """Some of them, in their own order."""
        return Priors([prior for prior in self.all if prior.name in names])

    def at(self, share: np.ndarray) -> np.ndarray:
        """x at shares of the prior (its quantiles), both (N, D)."""
        share = np.clip(share, 1e-9, 1 - 1e-9)
        x: np.ndarray = np.where(self.pert, _pert(self).ppf(share), _cut(self).ppf(share))
        return x

    def log_density(self, x: np.ndarray) -> np.ndarray:
        """(N,) log density up to a constant; minus infinity outside."""
        inside = ((x >= 0) & (x <= 1)).all(axis=1)
        normal = -0.5 * ((x - self.mean) / self.sd) ** 2
        each = np.where(self.pert, _pert(self).logpdf(np.clip(x, 1e-9, 1 - 1e-9)), normal)
        return np.where(inside, each.sum(axis=1), -np.inf)

    @property
    def spread(self) -> np.ndarray:
        """(D,) SD of each between its ends, in x."""
        spread: np.ndarray = np.where(self.pert, _pert(self).std(), _cut(self).std())
        return spread

    def values(self, x: np.ndarray) -> list[dict[str, float]]:
        """Rows of x as values by name; never a rounding error beyond an end."""
        real = np.clip(self.low + np.clip(x, 0, 1) * self.width, self.low, self.high)
        return [dict(zip(self.names, map(float, row), strict=True)) for row in np.atleast_2d(real)]

    def x_of(self, values: dict[str, float]) -> np.ndarray:
        """(D,) x of values by name, held inside the ends."""
        x: np.ndarray = np.clip(
            (np.array([values[name] for name in self.names]) - self.low) / self.width, 0, 1
        )
        return x


def _cut(priors: Priors) -> Any:
    from scipy.stats import truncnorm

    low, high = (0 - priors.mean) / priors.sd, (1 - priors.mean) / priors.sd
    return truncnorm(low, high, loc=priors.mean, scale=priors.sd)


def _pert(priors: Priors) -> Any:
    """PERT: a beta distribution over the ends, its mode given, its mean a sixth of the way to either end."""
    from scipy.stats import beta

    return beta(1 + 4 * np.clip(priors.mean, 0, 1), 1 + 4 * np.clip(1 - priors.mean, 0, 1))


def read(path: Path = PRIORS) -> Priors:
    """The priors of the file; ends that it does not give are the ledger's. Raises ValueError when one is unfit.

    `ledger:` in the file lists names drawn over the ledger's range by PERT, likeliest at its value.
    """
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    over = {key: {"sd": None, "why": "the ledger's range"} for key in told.pop("ledger", None) or []}
    if twice := sorted(set(over) & set(told)):
        raise ValueError(f"{path.name}: given twice: {', '.join(twice)}")
    return Priors([_prior(name, one, path.name) for name, one in (told | over).items()])


def _prior(name: str, told: dict[str, Any], file: str) -> Prior:
    entry = ledger()[name]
    assert entry.low is not None and entry.high is not None
    one = Prior(name, **{"mean": float(entry.value), "low": entry.low, "high": entry.high} | told)
    within = one.low <= one.mean <= one.high if one.sd is None else one.low < one.mean < one.high
    if not (entry.low <= one.low and within and one.high <= entry.high) or (
        one.sd is not None and one.sd <= 0
    ):
        raise ValueError(f"{file}: {name}: low < mean < high must hold inside the ledger's range")
    return one
