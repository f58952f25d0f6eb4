"""Sensitivity indices of any outputs, with intervals over the design and over chance together; SALib does the sums.

Outputs come as (points, replicates), whole and in order (calibration/statistics/outputs.py). Replicates share common random numbers between
points; what is analysed is their mean.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from calibration.statistics.outputs import checked, seed_share
from model import rng
from model.errors import Fault, InputError
from model.limits import LEAST_SEED

METHODS = ("morris", "sobol", "pawn")
BOOTSTRAPS = 300
LEVEL = 0.95
LEVELS_OF_MORRIS = 8
SLICES_OF_PAWN = 10
FEWEST = {"morris": 4, "sobol": 2, "pawn": 2}
"""Trajectories, base points or points at the least."""
PAWN_DRAWS = 60

WIDE = 0.1
"""Half-width of an index's interval beyond which it has not converged. Source: Sarrazin and others 2016 use 0.05."""
NOISY = 0.1
"""Share of the variance of the means that chance may leave."""


@dataclass(frozen=True)
class Design:
    """Points in the unit cube, (N, D), as a method wants them; `blocks`: rows that stand or fall together."""

    method: str
    names: list[str]
    unit: np.ndarray
    blocks: int
    second: bool = False
    levels: int | None = None
    """Levels of Morris' grid: every coordinate is one of 0, 1 / (levels - 1), ..., 1, and every step half of them."""

    @property
    def problem(self) -> dict[str, Any]:
        """The factors as SALib knows them."""
        return {"num_vars": len(self.names), "names": self.names, "bounds": [[0.0, 1.0]] * len(self.names)}


@dataclass
class Indices:
    """What a method found: `table` has a row a factor, `pairs` a row a pair of factors (Sobol' of second order)."""

    method: str
    table: pd.DataFrame
    seed_share: float
    converged: bool
    reasons: list[str]
    pairs: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["one", "two", "S2", "S2_low", "S2_high"])
    )
    levels: int | None = None
    """Levels of the grid, of Morris alone."""


def design(method: str, names: list[str], size: int, seed: int = 1, second: bool = False) -> Design:
    """The points of a method: `size` trajectories (Morris), base points (Sobol', a power of two) or points (PAWN)."""
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    _check_size(method, size, seed)
    if method == "morris":
        from SALib.sample.morris import sample

        unit = sample(problem, size, num_levels=LEVELS_OF_MORRIS, seed=seed)
    elif method == "sobol":
        from SALib.sample.sobol import sample

        unit = sample(problem, size, calc_second_order=second, scramble=True, seed=seed)
    else:
        from scenarios.sweeps.points import latin_hypercube

        unit = latin_hypercube(size, len(names), seed)
    return Design(
        method, names, np.asarray(unit), size, second, LEVELS_OF_MORRIS if method == "morris" else None
    )


def _check_size(method: str, size: int, seed: int) -> None:
    if method not in METHODS:
        raise InputError(Fault("unknown method", key="method", found=method, allowed=", ".join(METHODS)))
    if seed < LEAST_SEED:
        raise InputError(Fault("must be a positive whole number", key="seed", found=str(seed), allowed=f"{LEAST_SEED} or more",
                               hint="SALib takes 0 for no seed at all."))  # fmt: skip
    least = FEWEST[method]
    if size < least:
        raise InputError(Fault("too few points", key="points", found=str(size), allowed=f"{least} or more"))
    if method == "sobol" and size & (size - 1):
        near = 1 << max(1, round(float(np.log2(size))))
        raise InputError(
            Fault("Sobol' needs a power of two", key="points", found=str(size), hint=f"Take {near}.")
        )


def analyse(plan: Design, values: np.ndarray, seed: int = 1, at: np.ndarray | None = None) -> Indices:
    """Indices of outputs (N, R) or (N,), in design order; `at`: the points they are of, held against it.

    Raises InputError when outputs are missing, not finite, or belong to points in another order.
    """
    values = checked(values, len(plan.unit))
    if at is not None and (np.shape(at) != plan.unit.shape or not np.allclose(at, plan.unit)):
        raise InputError(Fault("outputs stand in another order than the design", key="outputs"))
    if plan.levels is not None:
        _check_levels(plan)
    share = seed_share(values)
    if is_flat(values):
        return replace(_flat(plan, share), levels=plan.levels)
    act = {"morris": _morris, "sobol": _sobol, "pawn": _pawn}[plan.method]
    found = act(plan, values, seed)
    found.seed_share, found.levels = share, plan.levels
    if share > NOISY:
        found.reasons.append(
            f"chance makes {share:.0%} of the variance of the means: more replicates are needed"
        )
    found.converged = not found.reasons
    return found


def _check_levels(plan: Design) -> None:
    """Raise InputError when points of Morris lie on no such grid, or steps are not half of it, in one factor at a time."""
    assert plan.levels is not None
    at = plan.unit * (plan.levels - 1)
    steps = np.diff(np.rint(at).reshape(plan.blocks, len(plan.names) + 1, -1), axis=1)
    half = plan.levels // 2
    sound = np.isin(np.abs(steps), (0, half)).all() and ((steps != 0).sum(axis=2) == 1).all()
    if not sound or np.abs(at - np.rint(at)).max() > 1e-9:
        raise InputError(Fault("is no design of Morris on its levels", key="levels", found=str(plan.levels),
                               allowed="points on the grid, each step half of it in one factor"))  # fmt: skip


# ------------------------------------------------------------------------------------------------ methods


def _sobol(plan: Design, values: np.ndarray, seed: int) -> Indices:
    from SALib.analyze import sobol

    width = len(plan.names)
    step = 2 * width + 2 if plan.second else width + 2
    blocks = values.reshape(plan.blocks, step, -1)

    def both(mean: np.ndarray) -> np.ndarray:
        """(2, D) first and total indices of blocks (B, step)."""
        flat = mean.ravel()
        a, b, ab, _ = sobol.separate_output_values(
            (flat - flat.mean()) / flat.std(), width, len(mean), plan.second
        )
        return np.array(
            [[sobol.first_order(a, ab[:, k], b), sobol.total_order(a, ab[:, k], b)] for k in range(width)]
        ).T.reshape(2, width)

    best = both(blocks.mean(axis=2))
    drawn = _drawn(both, blocks, seed)
    low, high = _ends(drawn, best)
    table = pd.DataFrame({"name": plan.names, "S1": best[0], "S1_low": low[0], "S1_high": high[0],
                          "S1_conf": (high - low)[0] / 2, "ST": best[1], "ST_low": low[1], "ST_high": high[1],
                          "ST_conf": (high - low)[1] / 2})  # fmt: skip
    found = Indices("sobol", table, 0.0, True, _doubts(table, "ST"))
    if plan.second:
        found.pairs = _pairs(plan, blocks, seed)
    return found


def _pairs(plan: Design, blocks: np.ndarray, seed: int) -> pd.DataFrame:
    from SALib.analyze import sobol

    width = len(plan.names)
    upper = [(j, k) for j in range(width) for k in range(j + 1, width)]

    def second(mean: np.ndarray) -> np.ndarray:
        flat = mean.ravel()
        a, b, ab, ba = sobol.separate_output_values((flat - flat.mean()) / flat.std(), width, len(mean), True)
        return np.array(
            [np.ravel(sobol.second_order(a, ab[:, j], ab[:, k], ba[:, j], b))[0] for j, k in upper]
        )

    best = second(blocks.mean(axis=2))
    low, high = _ends(_drawn(second, blocks, seed, 100), best)
    names = [(plan.names[j], plan.names[k]) for j, k in upper]
    return pd.DataFrame({"one": [one for one, _ in names], "two": [two for _, two in names],
                         "S2": best, "S2_low": low, "S2_high": high})  # fmt: skip


def _morris(plan: Design, values: np.ndarray, seed: int) -> Indices:
    width = len(plan.names)
    x = plan.unit.reshape(plan.blocks, width + 1, width)
    blocks = values.reshape(plan.blocks, width + 1, -1)
    moved = np.diff(x, axis=1)
    factor = np.abs(moved).argmax(axis=2)
    step = np.take_along_axis(moved, factor[:, :, None], axis=2)[:, :, 0]
    order = np.argsort(factor, axis=1)

    def elementary(mean: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """(B, D) elementary effects of trajectories."""
        return np.take_along_axis(np.diff(mean, axis=1) / step[rows], order[rows], axis=1)

    def three(mean: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
        effects = elementary(mean, np.arange(plan.blocks) if rows is None else rows)
        return np.stack([np.abs(effects).mean(axis=0), effects.mean(axis=0), effects.std(axis=0, ddof=1)])

    best = _salib_morris(plan, values.mean(axis=1))
    low, high = _ends(_drawn(three, blocks, seed, rows=True), np.stack(list(best.values())))
    low[0] = np.maximum(low[0], 0.0)
    table = pd.DataFrame({"name": plan.names, **best, "mu_star_low": low[0], "mu_star_high": high[0],
                          "mu_star_conf": (high - low)[0] / 2})  # fmt: skip
    top = float(table["mu_star"].max())
    reasons = _dummy_doubt(table, "mu_star")
    if (table["mu_star_conf"] > 0.25 * top).any():
        reasons.append(
            "intervals of mu* are wider than a quarter of the largest: more trajectories are needed"
        )
    return Indices("morris", table, 0.0, True, reasons)


def _salib_morris(plan: Design, mean: np.ndarray) -> dict[str, np.ndarray]:
    from SALib.analyze import morris

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = morris.analyze(
            plan.problem, plan.unit, mean, num_levels=LEVELS_OF_MORRIS, num_resamples=2, seed=1
        )
    return {name: np.asarray(told[name], dtype=float) for name in ("mu_star", "mu", "sigma")}


def _pawn(plan: Design, values: np.ndarray, seed: int) -> Indices:
    from SALib.analyze import pawn

    def medians(mean: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
        x = plan.unit if rows is None else plan.unit[rows]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            told = pawn.analyze(plan.problem, x, mean.ravel(), S=SLICES_OF_PAWN, seed=1)
        return np.stack([np.asarray(told["median"], float), np.asarray(told["maximum"], float)])

    blocks = values[:, None, :]
    best = medians(values.mean(axis=1))
    low, high = _ends(_drawn(medians, blocks, seed, PAWN_DRAWS, rows=True), best)
    low, high = np.maximum(low, 0.0), np.minimum(high, 1.0)
    table = pd.DataFrame({"name": plan.names, "PAWN": best[0], "PAWN_low": low[0], "PAWN_high": high[0],
                          "PAWN_conf": (high - low)[0] / 2, "PAWN_max": best[1]})  # fmt: skip
    reasons = []
    if DUMMY in plan.names:
        floor = float(table.loc[table["name"] == DUMMY, "PAWN"].iloc[0])
        if floor > WIDE:
            reasons.append(f"the dummy, which does nothing, reads {floor:.2f}: more points are needed")
    return Indices("pawn", table, 0.0, True, reasons)


DUMMY = "dummy"


FLAT = "the output is the same at every point: no index can be told"


def is_flat(values: np.ndarray) -> bool:
    """Whether outputs (N, R) are the same at every point, but for the last digits of sums."""
    means = values.mean(axis=1)
    return bool(np.ptp(means) <= 1e-9 * np.abs(means).max())


def _flat(plan: Design, share: float) -> Indices:
    """Indices of an output that nothing moves: zero, every one, and nothing has converged."""
    own = {
        "sobol": ("S1", "S1_conf", "ST", "ST_conf"),
        "morris": ("mu_star", "mu_star_conf", "sigma"),
        "pawn": ("PAWN",),
    }
    table = pd.DataFrame({"name": plan.names} | dict.fromkeys(own[plan.method], 0.0))
    return Indices(plan.method, table, share, False, [FLAT])


def _drawn(
    act: Callable[..., np.ndarray], blocks: np.ndarray, seed: int, times: int = BOOTSTRAPS, rows: bool = False
) -> np.ndarray:
    """`act` of blocks (B, step, R) drawn anew, with their replicates: (times, ...)."""
    count, _, replicates = blocks.shape
    found = []
    for draw in range(times):
        chosen = (rng.uniform(rng.key(seed, draw, "bootstrap rows"), np.arange(count)) * count).astype(int)
        picked = (
            rng.uniform(rng.key(seed, draw, "bootstrap luck"), np.arange(replicates)) * replicates
        ).astype(int)
        mean = blocks[chosen][:, :, picked].mean(axis=2)
        if np.ptp(mean) > 0:
            found.append(act(mean, chosen) if rows else act(mean))
    return np.array(found)


def _ends(drawn: np.ndarray, best: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The interval of indices `best` from those of samples drawn anew, (times, ...).

    Indices that are sizes read higher in a sample drawn anew, which holds some points twice, so that the estimate could
    lie below its own interval. So the draws' own middle is set on the estimate, which is always inside.
    """
    low, middle, high = np.quantile(drawn, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2], axis=0)
    return best - (middle - low), best + (high - middle)


def _doubts(table: pd.DataFrame, column: str) -> list[str]:
    reasons = _dummy_doubt(table, column)
    wide = table.loc[table[f"{column}_conf"] > WIDE, "name"].tolist()
    if wide:
        reasons.append(
            f"the interval of {column} is wider than ±{WIDE} for {', '.join(wide)}: more points are needed"
        )
    return reasons


def _dummy_doubt(table: pd.DataFrame, column: str) -> list[str]:
    dummy = table[table["name"] == DUMMY]
    if len(dummy) and float(dummy[f"{column}_low"].iloc[0]) > 1e-9:
        return ["the interval of the dummy, which does nothing, does not hold 0"]
    return []
