"""Towns altered in known ways: the same people in another order, twice over, without ties, with a stranger."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from model import Neighbourhood, Place
from model.parameters import Parameters
from model.population.columns import DYNAMIC, FIXED
from model.population.people import People
from model.population.ties import Ties, no_ties
from model.synthesis.people import synthesise
from model.town import start

Alteration = Callable[[People, Ties], tuple[People, Ties]]


def build(place: Place, alteration: Alteration, **settings) -> Neighbourhood:
    """A town whose synthesised people and ties are altered before anything else happens."""

    def altered(
        place: Place, seed: int, sample: float = 1.0, parameters: Parameters | None = None, replicate: int = 0
    ) -> tuple[People, Ties]:
        return alteration(*synthesise(place, seed, sample, parameters, replicate))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(start, "synthesise", altered)
        return Neighbourhood(place, **settings)


def rows_of(people: People, rows: np.ndarray, **changes: np.ndarray) -> People:
    """The people in some rows, in that order, with some columns changed."""
    fixed = {column.name: getattr(people, column.name)[rows] for column in FIXED}
    return People({**fixed, **changes})


def permuted(order: np.ndarray) -> Alteration:
    """Everybody stored in another order; each keeps the order of their own ties."""

    def alter(people: People, ties: Ties) -> tuple[People, Ties]:
        place_of = np.empty(people.n, np.int32)
        place_of[order] = np.arange(people.n, dtype=np.int32)
        strong = ties.strong[order]
        strong = np.where(strong >= 0, place_of[strong], -1).astype(np.int32)
        weak = [place_of[ties.weak[ties.weak_start[row] : ties.weak_start[row + 1]]] for row in order]
        begin = np.concatenate([[0], np.cumsum([len(own) for own in weak])]).astype(np.int64)
        return rows_of(people, order), Ties(
            np.ascontiguousarray(strong),
            ties.strong_degree[order],
            begin,
            np.concatenate(weak).astype(np.int32),
        )

    return alter


def doubled(people: People, ties: Ties) -> tuple[People, Ties]:
    """Two towns in one: everybody twice, the same identity and so the same luck, ties within each half."""
    n = people.n
    strong = np.where(ties.strong >= 0, ties.strong + n, -1)
    return rows_of(people, np.tile(np.arange(n), 2)), Ties(
        np.concatenate([ties.strong, strong]).astype(np.int32),
        np.tile(ties.strong_degree, 2),
        np.concatenate([ties.weak_start, ties.weak_start[1:] + len(ties.weak)]),
        np.concatenate([ties.weak, ties.weak + n]).astype(np.int32),
    )


def with_a_stranger(people: People, ties: Ties) -> tuple[People, Ties]:
    """One more resident without ties, who stands for nobody and so crowds no place."""
    rows = np.append(np.arange(people.n), 0)
    identity = np.append(people.id, people.id.max() + 1000)
    weight = np.append(people.weight, 0.0)
    return rows_of(people, rows, id=identity, weight=weight), Ties(
        np.concatenate([ties.strong, np.full((1, ties.strong.shape[1]), -1, np.int32)]),
        np.append(ties.strong_degree, np.uint8(0)).astype(np.uint8),
        np.append(ties.weak_start, ties.weak_start[-1]),
        ties.weak,
    )


def untied(people: People, ties: Ties) -> tuple[People, Ties]:
    """Strangers all."""
    return people, no_ties(people.n)


def alone(people: People, ties: Ties) -> tuple[People, Ties]:
    """One resident."""
    return rows_of(people, np.array([0])), no_ties(1)


def unequal(left: Neighbourhood, right: Neighbourhood, rows: int | None = None) -> list[str]:
    """The weekly columns in which two towns differ by any bit, people matched by identity (first `rows` of them)."""
    a, b = left.state.people, right.state.people
    first, second = np.argsort(a.id, kind="stable")[:rows], np.argsort(b.id, kind="stable")[:rows]
    return [
        column.name
        for column in DYNAMIC
        if getattr(a, column.name)[..., first].tobytes() != getattr(b, column.name)[..., second].tobytes()
    ]
