"""The network experiments on a town's own people, ties and rules: what does its network carry that one of chance does not?

Friendships are swapped pair by pair: everybody stays who they are and where, keeps those at home and as many friends, but
friends of friends are friends no longer. A behaviour that spreads by asking, and a plan in the running town, are read in both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numba import njit
from scipy import stats

from calibration.validation.pattern import Row
from model import kernels, rng
from model.arguments import columns_of
from model.interventions import WalkingScheme
from model.kernels.groups import AskedPeople, Offer, accepts
from model.kernels.persuasion import COMPLEX, SIMPLE
from model.kernels.slots import Network, tied
from model.limits import INACTIVE_BELOW, WEEKS_A_YEAR
from model.parameters import Parameters
from model.population.people import People
from model.population.ties import Ties
from model.processes.founding import settings as joining
from model.processes.persuasion import settings as persuasion_of
from model.town.town import Neighbourhood

PLACE, SAMPLE, TOWNS = "england", 0.05, 12
"""Where, with what share of its residents, and how many towns, each with chance of its own."""
SWAPS = 20
"""Tries to swap, a friendship."""
BEHAVIOURS = 10
"""Behaviours a town, each from other people."""
MANY = 20
"""People from whom one starts that does not start from one alone."""
CARRIED = 54.0
"""Per cent of a town that a behaviour is to reach over its own ties, as in the experiment (N018)."""
WHO = (
    "uptake_female",
    "uptake_older",
    "uptake_knowhow",
    "uptake_limited",
    "uptake_motivation",
    "uptake_friend",
)
"""What makes a behaviour more attractive to some than to others."""
HARD = 8.0
"""Logits of a reinforcement without which hardly anybody joins."""
SETTLE, YEARS = WEEKS_A_YEAR, 3
"""Weeks in which a town gets used to its ties before the plan, and years of the plan."""


def town_of(seed: int, sample: float = SAMPLE, **numbers: Any) -> Neighbourhood:
    """A warmed-up town whose ties stay as they are."""
    parameters = Parameters.default().with_values({"ties": "fixed", **numbers})
    return Neighbourhood(PLACE, seed=seed, sample=sample, parameters=parameters).warm_up()


def swapped(ties: Ties, people: People, seed: int) -> Ties:
    """The same ties with friendships swapped at random until next to nothing is left of who was friends with whom."""
    mixed = ties.copy()
    first, second = mixed.strong_pairs()
    friends = people.household[first] != people.household[second]
    first, second = first[friends], second[friends]
    tries, key = np.arange(SWAPS * len(first)), rng.key(2010, seed, "swaps")
    one, other = ((rng.uniform(key, tries, slot=slot) * len(first)).astype(np.int64) for slot in (0, 1))
    _swap(mixed.strong, mixed.strong_degree, people.household, first, second, one, other)
    return mixed


@njit(cache=True)
def _swap(strong, degree, household, first, second, one, other):
    """Let friendships i-j and k-m become i-m and k-j, where neither is a tie yet or within one home."""
    for a, b in zip(one, other):  # noqa: B905 - numba knows no strict
        i, j, k, m = first[a], second[a], first[b], second[b]
        if i in (k, m) or j in (k, m) or household[i] == household[m] or household[k] == household[j]:
            continue
        if tied(strong, degree, i, m) or tied(strong, degree, k, j):
            continue
        for who, old, new in ((i, j, m), (j, i, k), (k, m, j), (m, k, i)):
            for slot in range(degree[who]):
                if strong[who, slot] == old:
                    strong[who, slot] = new
                    break
        second[a], second[b] = m, j


@njit(cache=True)
def _ask(offer, settings, persuasion, key, people, ties):
    """Let everybody who has joined ask all ties until nobody joins any more; fills `people.group`.

    What somebody would say to so many who have joined is settled, so in which order they are asked does not matter.
    """
    group, strong, degree = people.group, ties.strong, ties.strong_degree
    more = True
    while more:
        more = False
        for i in range(group.shape[0]):
            if group[i] >= 0:
                continue
            for slot in range(degree[i]):
                if group[strong[i, slot]] >= 0:
                    if accepts(i, offer, True, settings, persuasion, key, people, ties):
                        group[i] = 0
                        more = True
                    break


@dataclass(frozen=True)
class Behaviour:
    """What spreads. uptake: its attraction, logits (`group_uptake`); mode: of contagion; starters: people from whom it starts,
    each with everybody tied to them; alike: everybody finds it as attractive, as on paper, and only thresholds differ."""

    uptake: float
    mode: int = COMPLEX
    starters: int = 1
    alike: bool = False
    reinforced: float | None = None
    """Logits of reinforcement from none to full (`uptake_reinforced`); None = as in the town."""
    number: int = 0
    """Which of several: others start with others, and are liked by others."""


def reached(town: Neighbourhood, ties: Ties, what: Behaviour) -> float:
    """Per cent of those who are not among the first whom a behaviour reaches over `ties` when people decide as people of the
    town who are asked into a group do, wherever they live."""
    state, n = town.state, town.state.people.n
    drawn = rng.uniform(state.key("first"), state.people.id, slot=what.number)
    tied_to = ties.strong[(starters := np.argsort(drawn)[: what.starters])]
    group = np.full(n, -1, dtype=state.people.group.dtype)
    group[starters] = group[tied_to[tied_to >= 0]] = 0
    first = int((group == 0).sum())
    people = AskedPeople._make(columns_of(AskedPeople, state.people))._replace(group=group)
    nothing: dict[str, Any] = dict.fromkeys(WHO, 0.0)
    settings = joining(state)._replace(group_uptake=what.uptake, uptake_distance=0.0)
    if what.reinforced is not None:
        settings = settings._replace(uptake_reinforced=what.reinforced)
    if what.alike:
        settings = settings._replace(**nothing)
    persuasion = persuasion_of(state.parameters)._replace(mode=what.mode)
    _ask(Offer(0, 2, 0.0, 0.0, what.number, 0), settings, persuasion, state.keys["group_uptake"], people,
         Network._make(columns_of(Network, ties)))  # fmt: skip
    return float(100.0 * ((group == 0).sum() - first) / (n - first))


def spread(
    towns: list[Neighbourhood], ties: list[Ties], what: Behaviour, number: int = BEHAVIOURS
) -> np.ndarray:
    """(towns,) mean reach of so many behaviours over the `ties` of each."""
    return np.array([np.mean([reached(town, one, replace(what, number=k)) for k in range(number)])
                     for town, one in zip(towns, ties, strict=True)])  # fmt: skip


def attraction(towns: list[Neighbourhood], what: Behaviour, target: float = CARRIED) -> Behaviour:
    """The behaviour as attractive as it must be to reach `target` per cent over the towns' own ties, by bisection."""
    low, high = -8.0, 2.0
    own = [town.state.ties for town in towns]
    for _ in range(10):
        what = replace(what, uptake=0.5 * (low + high))
        far = spread(towns, own, what, 4).mean()
        low, high = (what.uptake, high) if far < target else (low, what.uptake)
    return what


def planned(town: Neighbourhood, ties: Ties) -> float:
    """Points fewer inactive for led walks, mean of the last year of `YEARS`, against the same town without them."""
    settled = town.fork()
    settled.state.ties = ties
    settled.run(SETTLE)
    plan = WalkingScheme(groups=400, invite_per_week=0.1, when={"weeks": YEARS * WEEKS_A_YEAR})
    without, walks = (_inactive(settled.fork(plans)) for plans in ([], [plan]))
    return without - walks


def _inactive(town: Neighbourhood) -> float:
    """Per cent inactive, mean of the last year."""
    town.run((YEARS - 1) * WEEKS_A_YEAR)
    weeks = []
    for _ in range(WEEKS_A_YEAR):
        town.step()
        weeks.append((town.state.people.recent.mean(axis=0) < INACTIVE_BELOW).mean())
    return 100.0 * float(np.mean(weeks))


def clustering(ties: Ties) -> float:
    """Share of pairs of ties who are tied, over people."""
    found: float = kernels.slots.clustering(ties.strong, ties.strong_degree)
    return found


def in_towns() -> list[Row]:
    """P6 in towns: for each behaviour, and for led walks, what their own ties carry beyond ties of chance, or the reverse."""
    towns = [town_of(seed) for seed in range(1, TOWNS + 1)]
    own = [town.state.ties for town in towns]
    mixed = [swapped(town.state.ties, town.state.people, seed) for seed, town in enumerate(towns, 1)]
    rows = []
    for kind in (Behaviour(0.0), Behaviour(0.0, starters=MANY), Behaviour(0.0, starters=MANY, alike=True),
                 Behaviour(0.0, reinforced=HARD), Behaviour(0.0, starters=MANY, reinforced=HARD),
                 Behaviour(0.0, SIMPLE), Behaviour(0.0, SIMPLE, starters=MANY)):  # fmt: skip
        what = attraction(towns[: TOWNS // 2], kind)
        more = spread(towns, own, what) - spread(towns, mixed, what)
        rows.append(_row(what, more if what.mode == COMPLEX else -more))
    effects = np.array([[planned(town, ties) for ties in (town.state.ties, other)]
                        for town, other in zip(towns, mixed, strict=True)])  # fmt: skip
    return [*rows, signed(f"led walks, points fewer inactive by {effects[:, 0].mean():.2f}: own minus swapped",
                          effects[:, 0] - effects[:, 1], "no sign is published")]  # fmt: skip


def _row(what: Behaviour, more: np.ndarray) -> Row:
    kind, pair = ("complex", "own minus swapped") if what.mode == COMPLEX else ("simple", "swapped minus own")
    start = "one person and all ties" if what.starters == 1 else f"{what.starters} people and all ties"
    people = ", all liking it alike" if what.alike else ""
    harder = f", reinforcement {what.reinforced:g} logits" if what.reinforced is not None else ""
    return signed(f"{kind}, from {start}{people}{harder}: {pair}", more, "N018: sign", least=0.0)


def signed(name: str, values: np.ndarray, note: str, least: float | None = None) -> Row:
    """A row of the mean of towns with its 95% range of chance; it holds, or misses, only where that is told from `least`."""
    mean = float(values.mean())
    half = float(stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    told = None if least is None or mean - half <= least <= mean + half else mean > least
    return Row(
        "P6", name, "mechanism", "points", None, least, None, mean, mean - half, mean + half, told, None, note
    )
