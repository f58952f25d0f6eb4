"""Whether a place can be matched, and if not, why: each target alone, pairs that exclude each other, ends of ranges.

After the waves the emulators are asked where each target, each doubtful pair, and all targets together come nearest;
the model is then run there, under luck of its own. What no run came near cannot be matched within the ranges; what
only chance brought near is left open. The habit is that of `hmer` (Iskauskas and others 2024).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from calibration.fitting import posterior, surrogate
from calibration.fitting.confirm import SEEDS
from calibration.fitting.history import CUT, Errors, Predict, implausibility
from calibration.priors import Priors
from model.parameters import ledger
from scenarios import supervise
from scenarios.points import latin_hypercube

if TYPE_CHECKING:
    from calibration.fitting.calibrate import Fit

MATCHED, CANNOT, OPEN = "matched", "cannot be matched", "open"
ROUNDS, POOL, SEED = 2, 1000, 11
NEAR, MOST_PAIRS, MOST_TARGETS = 2.0, 10, 12
"""Pairs that the emulators bring no nearer than so many errors are run, at most so many, of so many targets."""
PULL = 25.0
"""How much nearness counts beside belief, where the nearest point is searched for."""
END, HELPS, MOST_ENDS = 0.02, 0.1, 3
"""Of a range, how near its end counts as the end; and errors gained by a tenth of the range beyond it that count."""

Columns = tuple[int, ...]


@dataclass
class Reach:
    """How near each of several sets of targets was brought. everything: all columns; judged as the fit judges."""

    errors: Errors
    everything: Columns
    probes: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    """Points (D,) and what the model says there (K,), each the mean of several runs under other luck."""
    runs: list[np.ndarray] = field(default_factory=list)
    """(N, K) what single runs gave."""

    def distance(self, said: np.ndarray, columns: Columns) -> np.ndarray:
        """(N,) errors by which points (N, K) miss a set of targets."""
        filled = np.where(np.isfinite(said), said, self.errors.wanted)
        far = implausibility(filled, np.zeros_like(filled), self.errors)
        return self.errors.worst(far) if columns == self.everything else far[:, columns].max(axis=1)

    def best(self, columns: Columns) -> tuple[float, int]:
        """Errors of the best probe, and which it is."""
        far = self.distance(np.array([said for _, said in self.probes]), columns)
        return float(far.min()), int(far.argmin())

    def nearest_run(self, columns: Columns) -> float:
        """Errors of the nearest single run or probe."""
        runs = np.vstack([*self.runs, *(said[None] for _, said in self.probes)])
        return float(self.distance(runs, columns).min())

    def status(self, columns: Columns) -> str:
        """What can be said."""
        if self.best(columns)[0] <= CUT:
            return MATCHED
        return CANNOT if self.nearest_run(columns) > CUT else OPEN


def judge(fit: Fit, active: Priors, errors: Errors, found: np.ndarray) -> dict[str, Any]:
    """The verdict on a place. found: (N, D) draws of the posterior."""
    names = fit.question.names
    own = tuple(names.index(name) for name in fit.question.own)
    everything = tuple(range(len(names)))
    reach = Reach(errors, everything, runs=[y for _, y in fit.seen])
    x, y = (np.vstack(part) for part in zip(*fit.seen, strict=True))
    pool = np.vstack([active.at(latin_hypercube(POOL, len(active.names), SEED)),
                      latin_hypercube(POOL, len(active.names), SEED + 1), found, x])  # fmt: skip
    sets: list[Columns] = list(dict.fromkeys([*((k,) for k in own), own, everything]))
    pairs: list[Columns] = []
    for number in range(ROUNDS):
        made = surrogate.fit(fit.targets, x, y, supervise.executors.count_jobs(fit.jobs))
        if number == 0:
            pairs = _suspects(made.predict, errors, own, pool)
        todo = [one for one in [*sets, *pairs] if not reach.probes or reach.best(one)[0] > CUT]
        if not todo:
            break
        fit.say(f"Verdict: the model where {len(todo)} sets of targets come nearest, by the emulators")
        points = np.array([_nearest(active, made.predict, errors, one, pool) for one in todo])
        told = [fit.values(active.values(points), seed, long_every=1) for seed in SEEDS]
        reach.runs += told
        said = np.mean(told, axis=0)
        reach.probes += list(zip(points, said, strict=True))
        x, y = np.vstack([x, points]), np.vstack([y, said])
    made = surrogate.fit(fit.targets, x, y, supervise.executors.count_jobs(fit.jobs))
    return _told(fit, active, reach, made.predict, own, pairs)


def _suspects(predict: Predict, errors: Errors, own: Columns, pool: np.ndarray) -> list[Columns]:
    """Pairs of targets that the emulators cannot bring together, worst first."""
    if len(own) > MOST_TARGETS or len(own) < 2:
        return []
    far = implausibility(*predict(pool), errors)
    found = [(float(far[:, pair].max(axis=1).min()), pair) for pair in combinations(own, 2)]
    return [pair for least, pair in sorted(found, reverse=True) if least > NEAR][:MOST_PAIRS]


def _nearest(
    active: Priors, predict: Predict, errors: Errors, columns: Columns, pool: np.ndarray
) -> np.ndarray:
    """(D,) the point where the emulators bring targets nearest; of several such, the one most believed before."""
    wide = errors.total(np.zeros(len(errors.wanted)))

    def near(x: np.ndarray) -> np.ndarray:
        far = (predict(x)[0] - errors.wanted) / wide
        return -PULL * (far[:, columns] ** 2).sum(axis=1)

    return posterior.peak(active, near, pool)


# ------------------------------------------------------------------------------------------------ told


def _told(
    fit: Fit, active: Priors, reach: Reach, predict: Predict, own: Columns, pairs: Sequence[Columns]
) -> dict[str, Any]:
    targets, errors = fit.targets, reach.errors
    alone = {k: reach.status((k,)) for k in own}
    rows = []
    for k in own:
        distance, which = reach.best((k,))
        target = targets[k]
        row = {"target": target.name, "wanted": target.value, "low": target.value - 1.96 * target.se,
               "high": target.value + 1.96 * target.se, "unit": target.unit, "status": alone[k], "distance": distance,
               "reached": float(reach.probes[which][1][k]), "nearest_run": reach.nearest_run((k,)),
               "ends": []}  # fmt: skip
        if alone[k] != MATCHED:
            row["ends"] = _ends(active, predict, errors, k, reach.probes[which][0])
        rows.append(row)
    conflicts = []
    for one, two in pairs:
        status = reach.status((one, two))
        if alone[one] == alone[two] == MATCHED and status != MATCHED:
            distance, which = reach.best((one, two))
            said = reach.probes[which][1]
            conflicts.append({"one": targets[one].name, "two": targets[two].name, "status": status, "distance": distance,
                              "one_reached": float(said[one]), "two_reached": float(said[two])})  # fmt: skip
    together, which = reach.best(reach.everything)
    stand = len(fit.told["draws"])
    status = MATCHED if stand else reach.status(reach.everything)
    fitted = np.array([[fit.told["fitted"]["model"][name] for name in fit.question.names]])
    values, distance = active.values(reach.probes[which][0])[0], together
    if (near := float(reach.distance(fitted, reach.everything)[0])) < together:
        values, distance = fit.told["fitted"]["values"], near
    if distance <= CUT:
        status = MATCHED
    beside = reach.status(own) if len(own) < len(targets) else status
    return {"status": status, "cut": CUT, "sets": stand, "tried": sum(map(len, reach.runs)), "parameters": len(active.names),
            "targets": rows, "conflicts": conflicts, "own_together": beside,
            "nearest": {"values": fit.base | values, "distance": distance},
            "nearest_run": reach.nearest_run(reach.everything)}  # fmt: skip


def _ends(active: Priors, predict: Predict, errors: Errors, k: int, x: np.ndarray) -> list[dict[str, Any]]:
    """Parameters at an end of their range at x (D,) that would have to go beyond it to bring a target nearer."""
    step = 0.02 * np.eye(len(x))
    both = np.clip(np.vstack([x + step, x - step]), 0.0, 1.0)
    mean = predict(both)[0][:, k]
    apart = (both[: len(x)] - both[len(x) :]).diagonal()
    slope = (mean[: len(x)] - mean[len(x) :]) / apart
    wanted = np.sign(errors.wanted[k] - predict(x[None])[0][0, k])
    outward = np.where(x <= END, -1.0, np.where(x >= 1 - END, 1.0, 0.0))
    gain = 0.1 * slope * outward * wanted / errors.total(np.zeros(len(errors.wanted)))[k]
    order = [d for d in np.argsort(-gain, kind="stable")[:MOST_ENDS] if gain[d] > HELPS]
    return [{"name": active.names[d], "meaning": ledger()[active.names[d]].meaning if active.names[d] in ledger() else "",
             "end": "lowest" if outward[d] < 0 else "highest",
             "value": float(active.low[d] + (outward[d] > 0) * active.width[d]),
             "errors": float(gain[d])} for d in order]  # fmt: skip
