"""Network experiments: Centola 2010 (clustered against random ties) and Centola and others 2018 (critical mass).

Everybody decides by the kernels of the town: `accepts` (joining a group when asked along, kernels/groups.py) and
`pressure` (kernels/persuasion.py). Only the network is the experiment's: a sheet in which
each is tied to the six around, or the same people with ties at random and the same six each.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit

from model import rng
from model.kernels.groups import GroupSettings, accepts
from model.kernels.persuasion import COMPLEX, NONE, SIMPLE, pressure
from model.parameters import Parameters
from model.processes.persuasion import settings_of as persuasion_of

PEOPLE = 128
"""People in each network, six ties each (Centola 2010: 98 to 144 people, 6 or 8 ties)."""
RUNS = 200
COMMITTED_GROUP = 24
"""People in a group of the second experiment (20 to 30)."""
SEEN = 12
"""Encounters that people of the second experiment go by: the model's slots for strong ties."""


@dataclass(frozen=True)
class Spread:
    """How far a behaviour went in each run: shares of people, (runs,), and rounds until half of that, (runs,)."""

    reached: np.ndarray
    half_time: np.ndarray


def lattice(width: int = 16, height: int = 8) -> np.ndarray:
    """(people, 6) int32: a sheet of triangles without an edge, six ties each, clustering 0.4."""
    steps = ((-1, 0), (1, 0), (0, -1), (0, 1), (1, -1), (-1, 1))
    return np.array([[((x + dx) % width) + width * ((y + dy) % height) for dx, dy in steps]
                     for y in range(height) for x in range(width)], dtype=np.int32)  # fmt: skip


def at_random(network: np.ndarray, seed: int) -> np.ndarray:
    """The same people with as many ties each, swapped pair by pair until nothing of the sheet is left."""
    pairs = [(i, int(j)) for i, row in enumerate(network) for j in row if i < j]
    known = set(pairs)
    tries = np.arange(20 * len(pairs))
    key = rng.key(2010, seed, "swaps")
    for a, b in zip(
        *((rng.uniform(key, tries, slot=slot) * len(pairs)).astype(int) for slot in (0, 1)), strict=True
    ):
        (i, j), (k, m) = pairs[a], pairs[b]
        new = tuple(sorted((i, m))), tuple(sorted((k, j)))
        if len({i, j, k, m}) < 4 or new[0] in known or new[1] in known:
            continue
        known -= {pairs[a], pairs[b]}
        known |= set(new)
        pairs[a], pairs[b] = new
    rows: list[list[int]] = [[] for _ in network]
    for i, j in sorted(pairs):
        rows[i].append(j)
        rows[j].append(i)
    return np.array(rows, dtype=np.int32)


@njit(cache=True)
def _spread(network, seed_person, settings, persuasion, key, threshold, most_rounds, size):
    """Rounds of asking: who joins asks all ties; `size` fills with how many have joined after each round."""
    n, ties = network.shape
    degree = np.full(n, ties, np.uint8)
    ids = np.arange(n).astype(np.int32)
    household = ids
    group = np.full(n, -1, np.int32)
    nothing = np.zeros(n, np.float32)
    zero = np.zeros(n, np.uint8)
    group[seed_person] = 0
    for round_ in range(most_rounds):
        asked = group.copy()
        for i in range(n):
            if group[i] >= 0:
                continue
            for slot in range(ties):
                if group[network[i, slot]] >= 0:
                    if accepts(i, 0, True, 2, 0.0, 0.0, 0, 0, settings, persuasion, key, ids, zero, zero, zero,
                               nothing, household, nothing, nothing, nothing, threshold, group, network, degree):  # fmt: skip
                        asked[i] = 0
                    break
        group[:] = asked
        size[round_] = (group >= 0).sum()
    return size


def diffuse(clustered: bool, uptake: float, mode: int = COMPLEX, parameters: Parameters | None = None,
            runs: int = RUNS) -> Spread:  # fmt: skip
    """Spread from one person and those ties who are tied to each other, `runs` times, by the town's own numbers.

    uptake: logit of joining when one tie asks, the attraction of this behaviour (the one number the town does not fix).
    """
    p = parameters or Parameters.default()
    settings = _settings(p, uptake)
    persuasion = persuasion_of(p)._replace(mode=mode)
    reached, half = np.empty(runs), np.empty(runs)
    network = lattice()
    for run in range(runs):
        ties = network if clustered else at_random(network, run)
        ids = np.arange(PEOPLE)
        draw = rng.gaussian(rng.key(2010, run, "threshold"), ids)
        threshold = (p.threshold_mean + p.threshold_sd * draw).astype(np.float32)
        size = np.zeros(60)
        _spread(ties, run % PEOPLE, settings, persuasion, rng.key(2010, run, "uptake"), threshold, 60, size)
        reached[run] = size[-1] / PEOPLE
        half[run] = float(np.argmax(size >= size[-1] / 2.0) + 1)
    return Spread(reached, half)


def _settings(p: Parameters, uptake: float) -> GroupSettings:
    """The town's rules of joining, for people alike who live together: only attraction and ties count."""
    return GroupSettings(
        0.0, 1.0, uptake, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, p.uptake_reinforced, p.threshold_new / p.threshold_mean,
        0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 10.0, 0.0, 0.0, 12.0, 0.0, 0.0, 0, 0.0,
    )  # fmt: skip


def attraction(target: float, parameters: Parameters | None = None) -> float:
    """The uptake at which the clustered network reaches `target` on average, by bisection."""
    low, high = -6.0, 2.0
    for _ in range(14):
        middle = 0.5 * (low + high)
        if diffuse(True, middle, parameters=parameters, runs=60).reached.mean() < target:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@njit(cache=True)
def _convention(committed, thresholds, key, settings, rounds):
    """Share of the others who use the new convention after `rounds` rounds of meeting 12 of the group at random."""
    n = thresholds.shape[0]
    uses = np.zeros(n, np.uint8)
    uses[:committed] = 1
    for week in range(rounds):
        now = uses.copy()
        for i in range(committed, n):
            active = 0
            for slot in range(SEEN):
                word, _, _, _ = rng.philox(key, i, 0, week, slot)
                other = np.int64(rng.unit(word) * (n - 1))
                active += uses[other if other < i else other + 1]
            now[i] = pressure(active, SEEN, np.float64(thresholds[i]), settings) > 0.5
        uses[:] = now
    return uses[committed:].mean()


def tipping(share: float, parameters: Parameters | None = None, runs: int = RUNS, rounds: int = 60) -> float:
    """Share of groups in which more than half of the others take up what a committed `share` uses."""
    p = parameters or Parameters.default()
    committed = round(share * COMMITTED_GROUP)
    tipped = 0
    for run in range(runs):
        draw = rng.gaussian(rng.key(2018, run, "threshold"), np.arange(COMMITTED_GROUP))
        threshold = (p.threshold_mean + p.threshold_sd * draw).astype(np.float32)
        tipped += (
            _convention(committed, threshold, rng.key(2018, run, "meet"), persuasion_of(p), rounds) > 0.5
        )
    return tipped / runs


def critical_mass(parameters: Parameters | None = None, runs: int = RUNS) -> float:
    """The smallest committed share at which at least half of the groups tip; nan when none up to half does."""
    for committed in range(1, COMMITTED_GROUP // 2 + 1):
        if tipping(committed / COMMITTED_GROUP, parameters, runs) >= 0.5:
            return committed / COMMITTED_GROUP
    return math.nan


__all__ = ["NONE", "SIMPLE", "attraction", "critical_mass", "diffuse", "lattice", "tipping"]
