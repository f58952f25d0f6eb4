"""Holding the fast model against the reference: every bit of every column, programme, place and count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import mesa
import numpy as np

from model import Neighbourhood
from model.population.columns import DYNAMIC
from model.population.groups import ORIGINS
from model.reference.resident import Resident
from model.reference.town import ReferenceTown


def twin(town: Neighbourhood) -> ReferenceTown:
    """The reference of a town that has not begun: same people, ties, place, parameters and seed."""
    state = town.state
    if state.clock or state.programmes:
        raise ValueError("a twin is made of a town before its first week, without programmes")
    return ReferenceTown(state.place, state.parameters, state.people, state.ties, (state.seed, state.replicate),
                         state.sample, state.definition, state.start)  # fmt: skip


def forget(reference: ReferenceTown) -> None:
    """Let a Mesa model with agents go: before 3.5 Mesa's table of numbers kept it for ever."""
    getattr(mesa.Agent, "_ids", {}).pop(reference, None)


def differences(town: Neighbourhood, reference: ReferenceTown) -> list[str]:
    """What is not the same to the last bit, in words; empty when all is."""
    return [*_of_residents(town, reference), *_of_ties(town, reference), *_of_town(town, reference), *_of_groups(town, reference),
            *_of_programmes(town, reference), *_of_week(town, reference)]  # fmt: skip


def _stored(resident: Resident, name: str) -> object:
    """A column's value of one resident as the fast model stores it."""
    value = getattr(resident, name)
    if name == "knows":
        return sum(1 << slot for slot in value)
    if name == "destination":
        return [-1 if asset is None else asset.row for asset in value]
    if name in ("place", "group_place"):
        return -1 if value is None else value.row
    if name == "group":
        return -1 if value is None else value.number
    return value


def _of_residents(town: Neighbourhood, reference: ReferenceTown) -> Iterator[str]:
    for column in DYNAMIC:
        fast = getattr(town.state.people, column.name)
        plain = np.array(
            [_stored(resident, column.name) for resident in reference.residents], dtype=column.dtype
        ).T
        yield from _unequal(f"{column.name} of residents", fast, plain)


def _of_ties(town: Neighbourhood, reference: ReferenceTown) -> Iterator[str]:
    ties = town.state.ties
    for row, resident in enumerate(reference.residents):
        own = [friend.row for friend in resident.friends]
        count = int(ties.strong_degree[row])
        met = [[-1 if one.person is None else one.person.row, one.hours, one.seen] for one in resident.met]
        pairs = {
            "friends": (ties.strong[row, :count].tolist(), own),
            "trust": (ties.trust[row, :count].tolist(), [bond.trust for bond in resident.bonds]),
            "contact": (ties.contact[row, :count].tolist(), [bond.contact for bond in resident.bonds]),
            "room": (int(ties.room[row]), resident.room),
            "met": (
                [
                    [int(ties.met[row, k]), float(ties.hours[row, k]), int(ties.seen[row, k])]
                    for k in range(4)
                ],
                met,
            ),
        }
        for name, (fast, plain) in pairs.items():
            if fast != plain:
                yield f"{name} of resident {row}: {fast} and {plain}"


def _of_town(town: Neighbourhood, reference: ReferenceTown) -> Iterator[str]:
    state, assets = town.state, reference.assets
    if state.mean_pressure != reference.mean_pressure:
        yield f"mean pressure: {state.mean_pressure!r} and {reference.mean_pressure!r}"
    yield from _unequal("load of assets", state.assets.load, np.array([asset.load for asset in assets]))
    yield from _unequal("visits of assets", state.assets.visits, np.array([asset.visits for asset in assets]))
    for name, values in state.assets.now.items():
        yield from _unequal(f"{name} of assets", values, np.array([asset.now[name] for asset in assets]))


def _of_groups(town: Neighbourhood, reference: ReferenceTown) -> Iterator[str]:
    groups, plain = town.state.groups, reference.groups
    told = {
        "founder": [group.founder.id for group in plain],
        "place": [group.place.row for group in plain],
        "origin": [ORIGINS.index(group.origin) for group in plain],
    }
    for column in fields(groups):
        if column.name != "events":
            fast = getattr(groups, column.name)
            values = told.get(column.name) or [getattr(group, column.name) for group in plain]
            yield from _unequal(f"{column.name} of groups", fast, np.array(values, dtype=fast.dtype))
    if groups.events != reference.events:
        yield f"events of groups: {groups.events} and {reference.events}"


def _of_programmes(town: Neighbourhood, reference: ReferenceTown) -> Iterator[str]:
    for fast, plain in zip(town.state.programmes, reference.programmes, strict=True):
        reached = np.array([plain.has_reached(resident) for resident in reference.residents])
        yield from _unequal(f"reach of {plain.label}", fast.ever_joined(town.state), reached)
        for name, values in plain.columns().items():
            stored = getattr(fast, name)
            yield from _unequal(f"{name} of {plain.label}", stored, np.array(values).astype(stored.dtype))


def _of_week(town: Neighbourhood, reference: ReferenceTown) -> Iterator[str]:
    recorder = town.state.recorder
    if not recorder.weeks or reference.week != recorder.weeks[-1] + 1:
        return
    counts = reference.counts
    levels = np.array([counts.levels.get(stratum, [0, 0, 0]) for stratum in recorder.strata.names])
    yield from _unequal("counts of strata", recorder.counts[-1], levels)
    minutes = np.array([counts.minutes.get(stratum, 0) for stratum in recorder.strata.names])
    yield from _unequal("minutes of strata", recorder.minutes[-1], minutes)
    yield from _unequal("minutes of kinds", recorder.kind_minutes[-1], np.array(counts.kind_minutes))
    for name, values in recorder.flows.items():
        if values[-1] != reference.flows[name]:
            yield f"{name}: {values[-1]!r} and {reference.flows[name]!r}"


def ever_joined(town: Neighbourhood, reference: ReferenceTown) -> list[str]:
    """Differences in who ever joined, as the record of a run tells it by stratum."""
    joined: dict[tuple[str, str], list[int]] = {}
    for resident in reference.residents:
        ever = any(programme.has_reached(resident) for programme in reference.programmes)
        for stratum in resident.strata:
            row = joined.setdefault(stratum, [0, 0])
            row[0] += resident.counted
            row[1] += resident.counted * ever
    told = town.record().reach
    return [f"reach of {stratum}: {share!r}" for stratum, share in told.items()
            if share != joined.get(stratum, [1, 0])[1] / max(joined.get(stratum, [1, 0])[0], 1)]  # fmt: skip


def _unequal(name: str, fast: np.ndarray, plain: np.ndarray) -> Iterator[str]:
    if fast.shape != plain.shape:
        yield f"{name}: shapes {fast.shape} and {plain.shape}"
    elif fast.dtype.kind == "f":
        same = fast.view(f"u{fast.itemsize}") == np.ascontiguousarray(plain, fast.dtype).view(
            f"u{fast.itemsize}"
        )
        same |= (fast == 0) & (plain == 0)  # a zero has two signs, which nothing can tell apart
        if not same.all():
            where = tuple(int(k) for k in np.argwhere(~same)[0])
            yield f"{name}: {int((~same).sum())} differ, first at {where}: {fast[where]!r} and {plain[where]!r}"
    elif not np.array_equal(fast, plain):
        where = tuple(int(k) for k in np.argwhere(fast != plain)[0])
        many = int((fast != plain).sum())
        yield f"{name}: {many} differ, first at {where}: {fast[where]!r} and {plain[where]!r}"


__all__ = ["differences", "ever_joined", "twin"]
