"""Whether a place can be matched, and if not, why: each target alone, pairs that exclude each other, ends of ranges.

After the waves the emulators are asked where each target and all together come nearest, then each pair that was not
met together; the model is run there, under random numbers of its own, and the emulators learn from that. What no run came near cannot be matched within the ranges; what
only chance brought near is left open. The habit is that of `hmer` (Iskauskas and others 2024).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from calibration.fitting.confirm import SEEDS
from calibration.fitting.result import Confirmed
from calibration.fitting.verdict_result import Conflict, End, Nearest, OwnFigure, Verdict
from calibration.priors import Priors
from calibration.statistics import posterior, surrogate
from calibration.statistics.history import CUT, Errors
from model.parameters import ledger
from scenarios.batches import executors
from scenarios.sweeps.points import latin_hypercube

if TYPE_CHECKING:
    from calibration.fitting.fit import Fit

MATCHED, CANNOT, OPEN = "matched", "cannot be matched", "open"
ROUNDS, POOL, STARTS, SEED = 3, 500, 3, 11
MOST_PAIRS, MOST_TARGETS = 10, 20
"""At most so many pairs are searched for, of at most so many targets."""
PULL = 25.0
"""How much nearness counts beside belief, where the nearest point is searched for."""
END, HELPS, MOST_ENDS = 0.02, 0.1, 3
"""Of a range, how near its end counts as the end; and errors gained by a tenth of the range beyond it that count."""

Columns = tuple[int, ...]
Emulated = Callable[[np.ndarray], np.ndarray]
"""(N, K) what the emulators expect at points (N, D)."""


@dataclass
class Attainable:
    """How near each of several sets of targets was brought. everything: all columns; judged as the fit judges."""

    errors: Errors
    everything: Columns
    probes: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    """Points (D,) and what the model says there (K,), each the mean of several runs under other random numbers."""
    runs: list[np.ndarray] = field(default_factory=list)
    """(N, K) what single runs gave."""

    def distance(self, said: np.ndarray, columns: Columns) -> np.ndarray:
        """(N,) errors by which points (N, K) miss a set of targets."""
        far = self.errors.far(said)
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


def judge(fit: Fit, active: Priors, errors: Errors, found: np.ndarray, confirmed: Confirmed) -> Verdict:
    """The verdict on a place. found: (N, D) draws of the posterior."""
    names = fit.question.names
    own = tuple(names.index(name) for name in fit.question.own)
    everything = tuple(range(len(names)))
    reach = Attainable(errors, everything, runs=[y for _, y in fit.seen])
    x, y = (np.vstack(part) for part in zip(*fit.seen, strict=True))
    pool = np.vstack([active.at(latin_hypercube(POOL, len(active.names), SEED)),
                      latin_hypercube(POOL, len(active.names), SEED + 1), found, x])  # fmt: skip
    sets: list[Columns] = list(dict.fromkeys([*((k,) for k in own), own, everything]))
    pairs: list[Columns] = []
    for number in range(ROUNDS):
        made = surrogate.fit(fit.targets, x, y, executors.count_jobs(fit.jobs))
        pairs = _suspects(reach, own) if number == 1 else pairs
        todo = [one for one in [*sets, *pairs] if not reach.probes or reach.best(one)[0] > CUT]
        if not todo:
            break
        fit.say(f"Verdict: the model where {len(todo)} sets of targets come nearest, by the emulators")
        mean = made.mean(pool)
        points = np.array([_nearest(active, made.mean, errors, one, pool, mean) for one in todo])
        if number == 0:
            points = np.vstack([points, active.x_of(confirmed.nearest_draw)])
        told = [fit.values(active.values(points), seed, long_every=1) for seed in SEEDS]
        reach.runs += told
        said = np.mean(told, axis=0)
        reach.probes += list(zip(points, said, strict=True))
        x, y = np.vstack([x, points]), np.vstack([y, said])
    made = surrogate.fit(fit.targets, x, y, executors.count_jobs(fit.jobs))
    return _told(fit, active, reach, made.mean, own, pairs, confirmed)


def _suspects(reach: Attainable, own: Columns) -> list[Columns]:
    """Pairs of targets that were matched alone and not together, furthest apart first."""
    matched = [k for k in own if reach.status((k,)) == MATCHED]
    if len(matched) > MOST_TARGETS:
        return []
    found: list[tuple[float, Columns]] = [(reach.best(pair)[0], pair) for pair in combinations(matched, 2)]
    return [pair for apart, pair in sorted(found, reverse=True) if apart > CUT][:MOST_PAIRS]


def _nearest(
    active: Priors, emulated: Emulated, errors: Errors, columns: Columns, pool: np.ndarray, mean: np.ndarray
) -> np.ndarray:
    """(D,) the point where the emulators bring targets nearest, searched from the best of a pool (N, D) with its
    emulated mean (N, K); of several such, the one most believed before."""
    wide = errors.total(np.zeros(len(errors.wanted)))

    def near(said: np.ndarray) -> np.ndarray:
        pull: np.ndarray = -PULL * (((said - errors.wanted) / wide)[:, columns] ** 2).sum(axis=1)
        return pull

    best = np.argsort(-(near(mean) + active.log_density(pool)), kind="stable")[:STARTS]
    return posterior.peak(active, lambda x: near(emulated(x)), pool[best])


# ------------------------------------------------------------------------------------------------ told


def _told(
    fit: Fit,
    active: Priors,
    reach: Attainable,
    emulated: Emulated,
    own: Columns,
    pairs: Sequence[Columns],
    confirmed: Confirmed,
) -> Verdict:
    targets, errors = fit.targets, reach.errors
    alone = {k: reach.status((k,)) for k in own}
    rows = []
    for k in own:
        distance, which = reach.best((k,))
        target = targets[k]
        at, said = reach.probes[which]
        ends = [] if alone[k] == MATCHED else _ends(active, emulated, errors, (k,), at)
        rows.append(OwnFigure(target.name, target.value, target.value - 1.96 * target.se, target.value + 1.96 * target.se,
                              target.unit, alone[k], distance, float(said[k]), reach.nearest_run((k,)), ends))  # fmt: skip
    conflicts = []
    for one, two in pairs:
        status = reach.status((one, two))
        if alone[one] == alone[two] == MATCHED and status != MATCHED:
            distance, which = reach.best((one, two))
            at, said = reach.probes[which]
            conflicts.append(Conflict(targets[one].name, targets[two].name, status, distance, float(said[one]), float(said[two]),
                                      _ends(active, emulated, errors, (one, two), at)))  # fmt: skip
    together, which = reach.best(reach.everything)
    stand = len(confirmed.draws)
    status = reach.status(reach.everything)
    fitted = np.array([[confirmed.fitted.model[name] for name in fit.question.names]])
    values, distance = active.values(reach.probes[which][0])[0], together
    if (near := float(reach.distance(fitted, reach.everything)[0])) < together:
        values, distance = confirmed.fitted.values, near
    if distance <= CUT:
        status = MATCHED
    elif stand:
        status = OPEN
    beside = reach.status(own) if len(own) < len(targets) else status
    failed = sum(int((~np.isfinite(said)).all(axis=1).sum()) for said in reach.runs)
    return Verdict(status, CUT, stand, sum(map(len, reach.runs)), len(active.names), rows, conflicts, beside,
                   Nearest(fit.base | values, distance), reach.nearest_run(reach.everything), failed)  # fmt: skip


def _ends(active: Priors, emulated: Emulated, errors: Errors, columns: Columns, x: np.ndarray) -> list[End]:
    """Parameters at an end of their range at x (D,) that would have to go beyond it to bring targets nearer."""
    wide = errors.total(np.zeros(len(errors.wanted)))

    def far(points: np.ndarray) -> np.ndarray:
        distance: np.ndarray = np.sqrt(
            ((((emulated(points) - errors.wanted) / wide)[:, columns]) ** 2).sum(axis=1)
        )
        return distance

    step = 0.02 * np.eye(len(x))
    both = np.clip(np.vstack([x + step, x - step]), 0.0, 1.0)
    at = far(both)
    slope = (at[: len(x)] - at[len(x) :]) / (both[: len(x)] - both[len(x) :]).diagonal()
    outward = np.where(x <= END, -1.0, np.where(x >= 1 - END, 1.0, 0.0))
    gain = -0.1 * slope * outward
    order = [d for d in np.argsort(-gain, kind="stable")[:MOST_ENDS] if gain[d] > HELPS]
    return [End(active.names[d], _meaning(active.names[d]), "lowest" if outward[d] < 0 else "highest",
                float(active.low[d] if outward[d] < 0 else active.high[d]), float(gain[d])) for d in order]  # fmt: skip


def _meaning(name: str) -> str:
    entry = ledger().get(name)
    return entry.meaning if entry else ""
