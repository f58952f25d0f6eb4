"""Whether a combination is more than its parts: plans held against the sum of other plans of the same comparison.

A plan whose interventions are those of two or more others, put together, is recognised. An intervention is the same
where every setting is but its size and its price, which may both be larger or smaller by one factor: half of a plan then
stands in the sum with half its effect, as if effects grew in proportion to size. In tables a sum is written
`walk_and_talk + better_park`, with shares `0.5 walk_and_talk + 0.5 social_prescribing`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from model.errors import Fault, InputError, nearest
from model.outcomes import catalogue
from scenarios.findings.findings import PLUS
from scenarios.runs.design import Arm, canonical
from scenarios.statistics.estimates import estimate

VERSUS = (
    "scenario",
    "against",
    "outcome",
    "difference",
    "ci_low",
    "ci_high",
    "range_low",
    "range_high",
    "replicates",
)
"""Columns of the table of plans against each other: by how much the first does more than the second."""
SIZES = ("groups", "link_workers", "champions", "grants_per_year", "count")
"""Settings that say how much of an intervention there is."""
ASIDE = ("name", "evidence", "cost", *SIZES)
"""Settings by which two interventions may differ and still be the same, but for their size."""
NEAR = 0.01
"""By which share sizes and prices may be off one factor: they are written in whole pounds and people."""

Measures = Mapping[str, Mapping[str, np.ndarray]]


@dataclass(frozen=True)
class Sum:
    """Plans added up, each so many times. whole: the plan that is held against them; None: every other plan."""

    parts: tuple[tuple[str, float], ...]
    whole: str | None = None

    @property
    def label(self) -> str:
        """How the sum is written in tables."""
        return PLUS.join(name if times == 1 else f"{times:g} {name}" for name, times in self.parts)

    @property
    def names(self) -> tuple[str, ...]:
        """The plans in it."""
        return tuple(name for name, _ in self.parts)


def versus(
    measures: Measures,
    sets: int = 1,
    sums: Sequence[Sum] = (),
    spans: Mapping[str, Mapping[str, Any]] | None = None,
    stray: float = 0.0,
) -> pd.DataFrame:
    """Every pair of plans, then plans and sums: by how much more of each measure the first has, over paired runs.

    measures: by plan and outcome (R,), set after set of parameters. spans: the weeks over which an outcome of a plan
    is read; one that is read over other weeks in a part than in the whole does not add up, and is left out. stray: the
    share of an effect by which a sample's may be off, of each plan for itself.
    """
    rows = [(one, two, outcome, measures[one][outcome], measures[two][outcome])
            for one, two in combinations(measures, 2)
            for outcome in measures[one] if outcome in measures[two]]  # fmt: skip
    for one, added in _held(sums, list(measures)):
        every = [one, *added.names]
        for outcome in measures[one]:
            if _adds_up(outcome, every, measures, spans or {}):
                total = np.sum([times * measures[name][outcome] for name, times in added.parts], axis=0)
                rows.append((one, added.label, outcome, measures[one][outcome], total))
    told = [(one, two, outcome, *_ends(mine - theirs, sets, stray * _off(mine, theirs)), len(mine))
            for one, two, outcome, mine, theirs in rows]  # fmt: skip
    return pd.DataFrame(told, columns=list(VERSUS))


def _off(mine: np.ndarray, theirs: np.ndarray) -> float:
    """What both may be off by, together: the size of what runs change at all."""
    return math.hypot(*(one.mean() for one in (mine, theirs) if np.ptp(one) > 0), 0.0)


def _ends(values: np.ndarray, sets: int, stray: float) -> tuple[float, ...]:
    found = estimate(values[:, None], sets, stray=stray)
    return tuple(
        float(each[0]) for each in (found.mean, found.low, found.high, found.range_low, found.range_high)
    )


def _held(sums: Sequence[Sum], plans: Sequence[str]) -> Iterator[tuple[str, Sum]]:
    """Each plan with a sum that it is held against, once."""
    seen = set()
    for added in sums:
        for one in plans if added.whole is None else [added.whole]:
            if one not in added.names and (one, added.label) not in seen:
                seen.add((one, added.label))
                yield one, added


def _adds_up(
    outcome: str, plans: Sequence[str], measures: Measures, spans: Mapping[str, Mapping[str, Any]]
) -> bool:
    """Whether an outcome of some plans may be added: a difference, known of each, over the same weeks."""
    if catalogue.known(outcome).unit == "ratio" or outcome.startswith("cost_per_"):
        return False
    if not all(outcome in measures[plan] for plan in plans):
        return False
    return all(spans.get(plan, {}).get(outcome) == spans.get(plans[0], {}).get(outcome) for plan in plans)


def recognised(arms: Sequence[Arm]) -> list[Sum]:
    """Every plan of one town, the baseline first, that is others of them put together."""
    taken = _counted(arms[0]) if arms else []
    own = {arm.name: _without(_counted(arm), taken) for arm in arms[1:]}
    return [Sum(parts, whole) for whole, acts in own.items() for parts in _covers(whole, acts, own)]


@dataclass(frozen=True)
class _Act:
    """One intervention or barrier: its settings but for size and price, and those amounts."""

    kind: str
    amounts: tuple[float, ...]

    def times(self, other: _Act) -> float | None:
        """How many times `other` this is; None where it is something else."""
        pairs = [(mine, its) for mine, its in zip(self.amounts, other.amounts, strict=False) if mine or its]
        if self.kind != other.kind or len(self.amounts) != len(other.amounts):
            return None
        if any(not mine or not its for mine, its in pairs):
            return None
        found = pairs[0][0] / pairs[0][1] if pairs else 1.0
        same = all(abs(mine / its / found - 1) <= NEAR for mine, its in pairs)
        return found if same else None


def _counted(arm: Arm) -> list[_Act]:
    return [_act(one) for one in arm.interventions_and_barriers]


def _act(one: Any) -> _Act:
    told = one.model_dump(mode="json") if hasattr(one, "model_dump") else vars(one)
    price: Any = getattr(one, "price", None)
    if not hasattr(price, "per_week"):  # a barrier, or no intervention of ours
        return _Act(canonical(told), ())
    sizes = [float(told[name]) for name in SIZES if told.get(name) is not None]
    kind = {name: value for name, value in told.items() if name not in ASIDE}
    each = (one.cost.price_year, price.per_participant)
    return _Act(canonical([kind, each]), (*sizes, price.setup, price.per_week))


def _without(acts: list[_Act], taken: list[_Act]) -> list[_Act]:
    """The acts of a plan that its baseline has not."""
    left = list(acts)
    for one in taken:
        if one in left:
            left.remove(one)
    return left


def _covers(
    whole: str, acts: list[_Act], own: Mapping[str, list[_Act]]
) -> Iterator[tuple[tuple[str, float], ...]]:
    """Sets of other plans whose acts are together those of `whole`, each once."""
    fitting = {name: found for name, theirs in own.items() if name != whole
               and theirs and len(theirs) < len(acts) and (found := _placed(theirs, acts))}  # fmt: skip

    def go(names: list[str], left: frozenset[int]) -> Iterator[tuple[tuple[str, float], ...]]:
        if not left:
            yield ()
            return
        for number, name in enumerate(names):
            places, times = fitting[name]
            if places <= left:
                for rest in go(names[number + 1 :], left - places):
                    yield ((name, times), *rest)

    yield from go(list(fitting), frozenset(range(len(acts))))


def _placed(theirs: list[_Act], acts: list[_Act]) -> tuple[frozenset[int], float] | None:
    """Which acts of a whole are those of a part, and how many times the part; None where they are not all there."""
    places: list[int] = []
    factors: list[float] = []
    for one in theirs:
        for number, act in enumerate(acts):
            times = act.times(one) if number not in places else None
            if times is not None and all(abs(times / factor - 1) <= NEAR for factor in factors):
                places.append(number)
                factors.append(times)
                break
        else:
            return None
    return frozenset(places), round(factors[0], 2)


def check_against(wanted: str, plans: Mapping[str, str]) -> str:
    """The name of a plan among those compared (name: title), or the label of a sum of them, asked for by names or titles.

    Raises InputError when it is none.
    """
    if (found := _named(wanted, plans)) is not None:
        return found
    parts = _split(wanted, plans)
    if parts is None:
        raise InputError(_unknown(wanted, plans))
    added = Sum(parts)
    twice = len(set(added.names)) < len(parts)
    if twice or not set(plans) - set(added.names):
        message = "adds a plan up twice" if twice else "leaves no other plan to hold against that sum"
        raise InputError(Fault(message, key="against", found=wanted, allowed=", ".join(plans)))
    return added.label


def asked(label: str | None) -> list[Sum]:
    """The sum of a label that `check_against` gave; none of a plan's name."""
    pieces = (label or "").split(PLUS)
    if len(pieces) < 2:
        return []
    return [Sum(tuple((name, float(times or 1)) for times, name in (_times(piece) for piece in pieces)))]


def _times(piece: str) -> tuple[str, str]:
    found = re.fullmatch(r"(\d*\.?\d+)\s+(.+)", piece.strip())
    return (found[1], found[2]) if found else ("", piece.strip())


def _named(wanted: str, plans: Mapping[str, str]) -> str | None:
    by_title = [name for name, title in plans.items() if title == wanted]
    if wanted in plans:
        return wanted
    return by_title[0] if len(by_title) == 1 else None


def _split(wanted: str, plans: Mapping[str, str]) -> tuple[tuple[str, float], ...] | None:
    """A sum of plans; titles may hold a plus themselves. None where some of it is no plan."""
    pieces = wanted.split("+")
    for count in range(len(pieces), 0, -1):
        first = "+".join(pieces[:count]).strip()
        name, times = _named(first, plans), ""
        if name is None:
            times, rest = _times(first)
            name = _named(rest, plans) if times and float(times) > 0 else None
        if name is None:
            continue
        if count == len(pieces):
            return ((name, float(times or 1)),)
        if (rest_of := _split("+".join(pieces[count:]), plans)) is not None:
            return ((name, float(times or 1)), *rest_of)
    return None


def _unknown(wanted: str, plans: Mapping[str, str]) -> Fault:
    """What is no plan: of a sum, the piece that is none."""
    for piece in wanted.split("+"):
        found = re.fullmatch(r"(-?\d*\.?\d+)\s+.+", piece.strip())
        if found and float(found[1]) <= 0:
            return Fault("a share of a plan must be above 0", key="against", found=found[1], allowed="as 0.5")
    pieces = [_times(piece)[1] for piece in wanted.split("+")]
    wrong = next((piece for piece in pieces if _named(piece, plans) is None), wanted)
    return Fault("is none of the plans compared", key="against", found=wrong, allowed=", ".join(plans),
                 hint=nearest(wrong, [*plans, *plans.values()]))  # fmt: skip
