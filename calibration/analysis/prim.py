"""PRIM, the patient rule induction method: a box peeled a little at a time, with what each step costs and gains.

From all points on, the edge is cut off that raises the share of cases most for each point lost, a twentieth of the
points or so at a time (patience); every box on the way has its coverage, density and mass. The box that chance would
least give is then pasted (edges moved out again where that loses no density), and conditions that it does not need fall.
Sources: Friedman and Fisher 1999; Bryant and Lempert 2010; Kwakkel and Jaxa-Rozen 2016 (gain for each point lost, which
is fair to switches, whose edges are whole settings).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.analysis.boxes import Box, Meaning, box_of, least, likelihood

PATIENCE = 0.05
"""Share of a box's points cut off in a step."""
NEEDED = 0.05
"""A condition falls when, without it, so dense a box is as likely as this or more (binomial)."""


@dataclass(frozen=True)
class Edges:
    """A box as its lower and upper ends (K,), and the points in it (N,)."""

    low: np.ndarray
    high: np.ndarray
    inside: np.ndarray

    def limits(self) -> dict[int, tuple[float, float]]:
        """Ends by column, where there are any."""
        cut = np.isfinite(self.low) | np.isfinite(self.high)
        return {
            int(column): (float(self.low[column]), float(self.high[column])) for column in np.flatnonzero(cut)
        }


@dataclass(frozen=True)
class Prim:
    """The boxes peeled one after the other, from all points on; the one to take; and the points in it (N,)."""

    trajectory: list[Box]
    best: Box
    inside: np.ndarray


def prim(columns: np.ndarray, cases: np.ndarray, meaning: Meaning) -> Prim:
    """Peel, choose, paste, and let go of what is not needed. columns: (N, K); cases: (N,) bool, some of each."""
    boxes = peel(columns, cases)
    chosen = boxes[int(np.argmax([surprise(edges.inside, cases) for edges in boxes]))]
    chosen = needed(columns, cases, paste(columns, cases, chosen))
    trajectory = [box_of(edges.limits(), edges.inside, cases, meaning) for edges in boxes]
    return Prim(trajectory, box_of(chosen.limits(), chosen.inside, cases, meaning), chosen.inside)


def surprise(inside: np.ndarray, cases: np.ndarray) -> float:
    """Log likelihood of one share of cases inside a box and one outside, above that of one share; 0 if not denser."""
    points, hits, every, total = inside.sum(), cases[inside].sum(), len(cases), cases.sum()
    if hits * every <= total * points:
        return 0.0
    apart = likelihood(points, hits) + likelihood(every - points, total - hits)
    return float(apart - likelihood(every, total))


def peel(columns: np.ndarray, cases: np.ndarray) -> list[Edges]:
    """Every box on the way, all points first."""
    width = columns.shape[1]
    here = Edges(np.full(width, -np.inf), np.full(width, np.inf), np.ones(len(cases), bool))
    found, fewest = [here], least(len(cases))
    while not cases[here.inside].all() and (step := _cut(columns, cases, here, fewest)) is not None:
        here = step
        found.append(here)
    return found


def _cut(columns: np.ndarray, cases: np.ndarray, box: Edges, fewest: int) -> Edges | None:
    """The box with the best edge cut off; None when none can be cut."""
    x, y = columns[box.inside], cases[box.inside].astype(float)
    count, best, chosen = len(y), -np.inf, None
    for upper in (False, True):
        ends, keep = _kept(-x if upper else x)
        left = keep.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            gain = np.where(
                (left >= fewest) & (left < count), (y @ keep / left - y.mean()) / (count - left), -np.inf
            )
        column = int(np.argmax(gain)) if gain.size else 0
        if gain.size and gain[column] > best:
            best, chosen = gain[column], (column, -ends[column] if upper else ends[column], upper)
    if chosen is None:
        return None
    column, end, upper = chosen
    low, high = box.low.copy(), box.high.copy()
    (high if upper else low)[column] = end
    return Edges(low, high, box.inside & (columns[:, column] <= end if upper else columns[:, column] >= end))


def _kept(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each column, where its lower edge would be cut, between two values, and which points (n, K) would stay."""
    ordered = np.sort(x, axis=0)
    step = ordered[min(len(x) - 1, max(1, int(PATIENCE * len(x))))]
    above = np.where(x > ordered[0], x, np.inf).min(axis=0)
    first = np.where(step > ordered[0], step, above)
    keep = x >= first
    before = np.where(keep, -np.inf, x).max(axis=0)
    with np.errstate(invalid="ignore"):
        return (first + before) / 2, keep


def paste(columns: np.ndarray, cases: np.ndarray, box: Edges) -> Edges:
    """The box with its edges moved out while that loses no density."""
    while True:
        density, best = cases[box.inside].mean(), None
        for column, upper in [(column, upper) for column in box.limits() for upper in (False, True)]:
            wider = _moved(columns, box, column, upper)
            if wider is None or cases[wider.inside].mean() < density:
                continue
            if best is None or wider.inside.sum() > best.inside.sum():
                best = wider
        if best is None:
            return box
        box = best


def _moved(columns: np.ndarray, box: Edges, column: int, upper: bool) -> Edges | None:
    """The box with one edge moved out by a step's worth of points; None when it takes in none."""
    end = (box.high if upper else box.low)[column]
    if not np.isfinite(end):
        return None
    others = _inside(columns, box, without=column)
    values = columns[:, column] if upper else -columns[:, column]
    end, other = (end, box.low[column]) if upper else (-end, -box.high[column])
    beyond = np.sort(values[others & (values > end)])
    if not len(beyond):
        return None
    number = min(len(beyond), max(1, int(PATIENCE * box.inside.sum()))) - 1
    rest = beyond[beyond > beyond[number]]
    new = (beyond[number] + rest[0]) / 2 if len(rest) else np.inf
    low, high = box.low.copy(), box.high.copy()
    (high if upper else low)[column] = new if upper else -new
    return Edges(low, high, others & (values <= new) & (values >= other))


def needed(columns: np.ndarray, cases: np.ndarray, box: Edges) -> Edges:
    """The box without conditions that do nothing for its density."""
    from scipy.stats import binom

    while limits := box.limits():
        without = {column: _inside(columns, box, without=column) for column in limits}
        points, hits = box.inside.sum(), cases[box.inside].sum()
        chance = {
            column: float(binom.sf(hits - 1, points, cases[inside].mean()))
            for column, inside in without.items()
        }
        weakest = max(chance, key=lambda column: chance[column])
        if chance[weakest] <= NEEDED:
            return box
        low, high = box.low.copy(), box.high.copy()
        low[weakest], high[weakest] = -np.inf, np.inf
        box = Edges(low, high, without[weakest])
    return box


def _inside(columns: np.ndarray, box: Edges, without: int) -> np.ndarray:
    """(N,) points within all ends but those of one column."""
    keep = np.arange(columns.shape[1]) != without
    x = columns[:, keep]
    inside: np.ndarray = ((x >= box.low[keep]) & (x <= box.high[keep])).all(axis=1)
    return inside
