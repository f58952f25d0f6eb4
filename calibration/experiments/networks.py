"""Network experiments: Centola 2010 (clustered against random ties) and Centola and others 2018 (critical mass).

Everybody decides by the kernels of the town: `accepts` (joining a group when asked along, kernels/groups.py) and
`pressure` (kernels/persuasion.py). Only the network is the experiment's: a sheet in which
each is tied to the six around, or the same people with ties at random and the same six each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, get_type_hints

import numpy as np
from numba import njit

from calibration.experiments import own_network
from calibration.validation.pattern import Measured, Row, brings, within
from model import rng
from model.kernels.groups import GroupSettings, Offer, accepts
from model.kernels.persuasion import COMPLEX, SIMPLE, pressure
from model.parameters import Parameters
from model.processes.persuasion import settings as persuasion_of

PEOPLE = 128
"""People in each network, six ties each (Centola 2010: 98 to 144 people, 6 or 8 ties)."""
RUNS, BATCHES = 200, 10
DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
COMMITTED_GROUP = 24
"""People in a group of the second experiment (20 to 30)."""
OWN = (
    "**It does not show in a town.** By the town's rules a behaviour that starts in twenty places at once goes less far over the",
    "town's own ties than over friendships of chance, and that is no matter of who lives there: it is so where all like it alike.",
    "From one place it dies or takes most of the town over either, and which carries it further cannot be told. News goes further",
    "over ties of chance, as it should. Why: reinforcement as it was set by the experiment above (3.4 logits) leaves one in ten",
    "who join when a single friend asks. In a town of thousands these few carry a behaviour across, and two friends who are in are",
    "soon found anywhere. With a reinforcement of 8 logits, far beyond its range, the sign is there. The experiment's 128 people",
    "cannot tell the one from the other, so what is said of clustered seeding, or of ties within an estate against ties across",
    "it, is not borne out by this model of a town.",
    "",
    "In the running town it does not matter either: what led walks do differs by a tenth of a point or less, and may not at all.",
)
"""What the table of towns says, and why."""
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


class _Alike(NamedTuple):
    """Columns by which people join, alike but for `threshold` and whether they are in the `group`; all (n,)."""

    id: np.ndarray
    age: np.ndarray
    sex: np.ndarray
    disability: np.ndarray
    knowhow: np.ndarray
    household: np.ndarray
    x_m: np.ndarray
    y_m: np.ndarray
    motivation: np.ndarray
    threshold: np.ndarray
    group: np.ndarray


class _Ties(NamedTuple):
    strong: np.ndarray
    strong_degree: np.ndarray


@njit(cache=True)
def _spread(network, seed_person, settings, persuasion, key, threshold, most_rounds, size):
    """Rounds of asking: who joins asks all ties; `size` fills with how many have joined after each round."""
    n, ties = network.shape
    knows = _Ties(network, np.full(n, ties, np.uint8))
    ids = np.arange(n).astype(np.int32)
    group = np.full(n, -1, np.int32)
    nothing = np.zeros(n, np.float32)
    zero = np.zeros(n, np.uint8)
    people = _Alike(ids, zero, zero, zero, nothing, ids, nothing, nothing, nothing, threshold, group)
    offer = Offer(0, 2, 0.0, 0.0, 0, 0)
    group[seed_person] = 0
    for round_ in range(most_rounds):
        asked = group.copy()
        for i in range(n):
            if group[i] >= 0:
                continue
            for slot in range(ties):
                if group[network[i, slot]] >= 0:
                    if accepts(i, offer, True, settings, persuasion, key, people, knows):
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
    nothing = GroupSettings(*(kind(0) for kind in get_type_hints(GroupSettings).values()))
    novelty = p.threshold_new / p.threshold_mean
    return nothing._replace(group_uptake=uptake, uptake_reinforced=p.uptake_reinforced, novelty=novelty)


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


def tipped(
    share: float, parameters: Parameters | None = None, runs: int = RUNS, rounds: int = 60
) -> np.ndarray:
    """(runs,) whether more than half of the others take up what a committed `share` of a group uses."""
    p = parameters or Parameters.default()
    committed = round(share * COMMITTED_GROUP)
    found = np.zeros(runs, dtype=bool)
    for run in range(runs):
        draw = rng.gaussian(rng.key(2018, run, "threshold"), np.arange(COMMITTED_GROUP))
        threshold = (p.threshold_mean + p.threshold_sd * draw).astype(np.float32)
        found[run] = (
            _convention(committed, threshold, rng.key(2018, run, "meet"), persuasion_of(p), rounds) > 0.5
        )
    return found


def critical_mass(parameters: Parameters | None = None, runs: int = RUNS) -> np.ndarray:
    """(BATCHES,) the smallest committed share, in per cent, at which at least half of a batch of groups tip."""
    shares = np.arange(1, COMMITTED_GROUP // 2 + 1) / COMMITTED_GROUP
    by_share = np.array([in_batches(tipped(share, parameters, runs).astype(float)) for share in shares])
    smallest: np.ndarray = 100.0 * shares[np.argmax(by_share >= 0.5, axis=0)]
    return smallest


def in_batches(values: np.ndarray) -> np.ndarray:
    """(BATCHES,) means of runs, to tell chance by."""
    means: np.ndarray = values.reshape(BATCHES, -1).mean(axis=1)
    return means


@brings
def centola(measured: Measured) -> list[Row]:
    """P6 on the rules of the town: which ties carry a behaviour, which carry news, and when a minority tips a group."""
    uptake = attraction(0.54)
    reached = {(clustered, mode): in_batches(100.0 * diffuse(clustered, uptake, mode).reached)
               for clustered in (True, False) for mode in (COMPLEX, SIMPLE)}  # fmt: skip
    random_ties = within("P6", "spread over random ties where clustered ties carry 54%", "%", 28.0, 48.0,
                         reached[False, COMPLEX], "N018: 38%, range by judgement; sets uptake_reinforced", "fit")  # fmt: skip
    return [
        replace(random_ties, target=38.0),
        within("P6", "complex: clustered minus random ties", "points", 0.0, np.inf,
               reached[True, COMPLEX] - reached[False, COMPLEX], "N018: sign"),
        within("P6", "simple: random minus clustered ties", "points", 0.0, np.inf,
               reached[False, SIMPLE] - reached[True, SIMPLE], "N018: the reversal, sign"),
        replace(within("P6", "committed share that tips a group", "%", 10.0, 40.0, critical_mass(), "N020: about 25%"),
                target=25.0),
    ]  # fmt: skip


def _line(row: Row) -> str:
    """A row of a table of the page; small differences with a digit more."""
    digits = 0 if max(abs(row.model_low), abs(row.model_high)) >= 10 else 1
    words = {True: "holds", False: "**misses**", None: "cannot be told"}
    low, high = ("" if one is None else f"{one:.0f}" for one in (row.target_low, row.target_high))
    target = f"{'' if row.target is None else f'{row.target:.0f}'} ({low} to {high})" if low or high else "–"
    return (
        f"| {row.name}, {row.unit} | {target} | {row.model:.{digits}f} ({row.model_low:.{digits}f} to "
        f"{row.model_high:.{digits}f}) | {words[row.holds] if low or high else '–'} | {row.note} |"
    )


def page(rows: list[Row], in_towns: list[Row]) -> str:
    """The page in Markdown."""
    return "\n".join([
        "# Network experiments",
        "",
        "Two published experiments, done again with the functions by which people of a town decide: joining when asked along",
        "(`accepts`, `model/kernels/groups.py`) and pressure (`model/kernels/persuasion.py`). Only the networks are the",
        f"experiments'. Ranges are over {BATCHES} batches of {RUNS // BATCHES} runs.",
        "",
        "| pattern | target (range) | model (95%) | | source |",
        "|---|--:|--:|---|---|",
        *map(_line, rows),
        "",
        f"**Centola 2010.** {PEOPLE} people with six ties each, in a sheet of triangles or tied at random, one person and then",
        "everybody who joins asks all ties. How attractive the behaviour is, is set so that the clustered network reaches 54%",
        "as it did; how far it goes over random ties then follows from the weight of reinforcement (`uptake_reinforced`), which",
        "was set to bring it near 38%. So the first row is a fit of one number, not a test; the signs below it are tests. Runs",
        "differ far more than those of the experiment: here a behaviour often dies early or takes nearly everybody.",
        "",
        f"**Centola and others 2018.** Groups of {COMMITTED_GROUP}, of whom some use another convention whatever happens. The others go by",
        f"{SEEN} encounters and take it up when pressure on them passes one half. No number was fitted to this experiment. The",
        "town's wide thresholds let a smaller minority tip a group than the experiment's quarter.",
        "",
        "## On a town's own network",
        "",
        f"The same question in {own_network.TOWNS} towns ({own_network.PLACE}, a sample of {own_network.SAMPLE}), each with its own",
        "people, ties and rules, beside the same town with friendships swapped pair by pair. Everybody stays who they are and where,",
        "keeps those at home and as many friends. Of pairs of one's ties 26% are tied in a town, and 2% once swapped. Somebody starts,",
        "with everybody tied to them, and everybody who joins asks all ties. People decide as they do when asked into a group: by who",
        "they are, their motivation, a friend who is in, and pressure through their threshold. Attraction is set so that the town's",
        f"own ties carry {own_network.CARRIED:.0f}%. Ranges are 95% of chance between towns.",
        "",
        "| pattern | target (range) | model (95%) | | source |",
        "|---|--:|--:|---|---|",
        *map(_line, in_towns),
        "",
        *OWN,
        "",
        "Made by `python -m calibration.experiments.networks`.",
        "",
    ])  # fmt: skip


if __name__ == "__main__":
    text = page(centola(Measured({})), own_network.in_towns())
    (DOCS / "networks.md").write_text(text, encoding="utf-8", newline="\n")
