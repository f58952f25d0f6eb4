"""First fit: damped Gauss-Newton on common luck, from national targets of role `fit` only, to the ledger.

`python -m calibration.fit` fits on the shipped reference town weighted to England's margins, prints the fit, and with
`--write` puts the values, their date and their error into the ledger. Parameters named here are the only ones it moves.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed

from calibration.england import england_weights
from calibration.summary import year
from model.parameters import LEDGER, Parameters, ledger

TARGETS = Path(__file__).parent / "targets.csv"
PLACE = "england"
DAMPING = (0.0, 0.03, 0.3, 2.0)
"""Marquardt's damping of the strides that a round tries."""
STRIDE = 6.0
"""Longest stride of a round, in steps of the slope."""


@dataclass(frozen=True)
class Free:
    """One direction of the fit: the parameters it moves together, the step for the slope, and its prior spread."""

    name: str
    members: tuple[str, ...]
    step: float
    prior_sd: float
    multiplies: bool = False


FREE = (
    Free("level", ("level_base",), 0.3, 3.0),
    Free("walking", ("kind_walk_leisure", "kind_walk_travel"), 0.3, 1.5),
    Free("propensity_sd", ("propensity_sd",), 0.3, 0.5),
    Free("age_slope", ("age_slope",), 0.08, 0.2),
    Free("age_old_slope", ("age_old_slope",), 0.4, 1.0),
    Free("female_effect", ("female_effect",), 0.2, 0.3),
    Free("disability_effect", ("disability_effect",), 0.3, 0.8),
    # Mechanisms of deprivation keep the proportions of their prior: only their sum is identified.
    Free("deprivation", ("knowhow_effect", "means_effect", "safety_effect", "time_effect"), 0.2,
         0.7, multiplies=True),
    Free("gardening", ("kind_home_garden",), 0.4, 1.5),
    Free("gym", ("kind_gym",), 0.4, 1.5),
    Free("sport", ("kind_sport",), 0.4, 1.5),
    Free("cycling", ("kind_cycle",), 0.4, 1.5),
    Free("season", ("season_effect",), 0.15, 0.2),
)  # fmt: skip


def targets(role: str = "fit") -> dict[str, tuple[float, float]]:
    """Targets of one role: name -> (value, standard error), percent or points."""
    with TARGETS.open(encoding="utf-8") as rows:
        return {
            r["name"]: (float(r["value"]), float(r["se"])) for r in csv.DictReader(rows) if r["role"] == role
        }


def moved(start: Parameters, theta: np.ndarray) -> Parameters:
    """The parameters that lie `theta` away from `start`, kept inside their ranges."""
    entries, changes = ledger(), {}
    for free, shift in zip(FREE, theta, strict=True):
        for name in free.members:
            value = start.values[name] * (1.0 + shift) if free.multiplies else start.values[name] + shift
            low, high = entries[name].low, entries[name].high
            assert low is not None and high is not None
            changes[name] = float(np.clip(value, low, high))
    return start.with_values(changes)


def simulate(parameters: Parameters, seed: int, sample: float, weeks: int = 52) -> dict[str, float]:
    """One run of the reference town, read as the targets are."""
    from model import Neighbourhood

    town = Neighbourhood(PLACE, seed=seed, sample=sample, parameters=parameters).warm_up()
    return year(town, england_weights(town.state.people), weeks)


def fit(rounds: int, seeds: tuple[int, ...], sample: float, jobs: int) -> tuple[Parameters, dict[str, float]]:
    """Fit the free directions; returns the parameters and the model's values for them."""
    wanted = targets()
    names = list(wanted)
    value = np.array([wanted[name][0] for name in names])
    error = np.array([wanted[name][1] for name in names])
    start, theta = Parameters.default(), np.zeros(len(FREE))
    pool = Parallel(n_jobs=jobs)

    def run(points: list[np.ndarray]) -> np.ndarray:
        found = pool(delayed(simulate)(moved(start, p), seed, sample) for p in points for seed in seeds)
        rows = np.array([[one[name] for name in names] for one in found])
        return rows.reshape(len(points), len(seeds), len(names)).mean(axis=1)

    prior = np.array([free.prior_sd for free in FREE])
    steps = np.array([free.step for free in FREE])

    def misfit(found: np.ndarray, theta: np.ndarray) -> float:
        return float((((value - found) / error) ** 2).sum() + ((theta / prior) ** 2).sum())

    found = run([theta])[0]
    for number in range(1, rounds + 1):
        print(f"round {number}: misfit {misfit(found, theta):.1f}",
              {name: round(float(v), 1) for name, v in zip(names, found, strict=True)}, flush=True)  # fmt: skip
        ahead = run([theta + steps[k] * np.eye(len(FREE))[k] for k in range(len(FREE))])
        slope = ((ahead - found) / steps[:, None]).T / error[:, None]
        miss = (value - found) / error
        information = slope.T @ slope + np.diag(1.0 / prior**2)
        pull = slope.T @ miss - theta / prior**2
        # A bold stride, a careful one and two between; the best of them and of standing still is kept.
        damped = [np.linalg.solve(information + d * np.diag(np.diag(information)), pull) for d in DAMPING]
        points = [theta + s * min(1.0, STRIDE / np.max(np.abs(s) / steps)) for s in damped]
        tried = run(points)
        scores = [misfit(f, p) for f, p in zip(tried, points, strict=True)]
        best = int(np.argmin(scores))
        if scores[best] < misfit(found, theta):
            theta, found = points[best], tried[best]
    return moved(start, theta), dict(zip(names, found.tolist(), strict=True))


def write(parameters: Parameters, when: date, error: float) -> None:
    """Put the fitted values, their date and the error of the fit into the ledger's files, line by line."""
    for path in sorted(LEDGER.glob("*.yaml")):
        lines, name = [], ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith((" ", "#")):
                name = line.rstrip(":")
            fitted = any(name in free.members for free in FREE)
            if fitted and line.startswith("  value:"):
                line = f"  value: {round(parameters.values[name], 4)}"
            if fitted and line.startswith("  fitted:"):
                continue
            if fitted and line.startswith("  quality:"):
                lines += ["  quality: fitted",
                          f"  fitted: {when.isoformat()}, root mean square miss {error:.2f} standard errors"]  # fmt: skip
                continue
            lines.append(line)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """The command line of the fit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--sample", type=float, default=0.5)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    final, found = fit(options.rounds, tuple(range(101, 101 + options.seeds)), options.sample, options.jobs)
    misses = []
    for name, (value, error) in targets().items():
        misses.append((found[name] - value) / error)
        print(f"{name:28s} wanted {value:6.1f} ± {error:3.1f}   found {found[name]:6.1f}")
    error = float(np.sqrt(np.mean(np.square(misses))))
    print(f"root mean square miss: {error:.2f} standard errors")
    for free in FREE:
        print(free.name, {name: round(final.values[name], 4) for name in free.members})
    if options.write:
        write(final, date.today(), error)


if __name__ == "__main__":
    main()
