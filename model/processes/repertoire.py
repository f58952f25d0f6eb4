"""Repertoire: which kinds people do at all, under the switch `repertoire: hurdle`; every act leaves at once where it is off."""

from __future__ import annotations

import numpy as np

from model import rng
from model.arguments import columns_of, settings_of
from model.kernels.life import Deciding, RepertoirePeople, RepertoireSettings, decide
from model.machine.parallel import call
from model.population.columns import KINDS
from model.state import State

IN_THE_OPEN = (0, 2)
"""Kinds that fear keeps people from: walking for leisure and cycling."""
LIVE, NEWS, COMPANY = 0, 6, 12
"""First slot of what is drawn for each kind in a week: in the course of life, on news, in company."""


def on(state: State) -> bool:
    """Whether there are repertoires at all."""
    return state.parameters.repertoire == "hurdle"


def _decide(state: State, rows: np.ndarray, kind: int, deciding: Deciding) -> None:
    """Let `rows` think over one kind."""
    if rows.size == 0:
        return
    p = state.parameters
    settings = settings_of(
        RepertoireSettings, p, level=p.level_base + getattr(p, f"kind_{KINDS[kind]}"),
        often=getattr(p, f"repertoire_{KINDS[kind]}"), unsafe=(1.0 - 0.5 * p.dark_fear) * (kind in IN_THE_OPEN),
    )  # fmt: skip
    call(decide, rows, kind, settings, deciding, columns_of(RepertoirePeople, state.people))


def start(state: State) -> None:
    """Give everybody the mix of the long run; no habit of what is left out."""
    people, key = state.people, state.key("start/repertoire")
    people.repertoire[:] = 0
    if not on(state):
        return
    everybody = np.arange(people.n)
    for kind in range(len(KINDS)):
        _decide(state, everybody, kind, Deciding(1.0, 1.0, key, 0, kind))
        people.habit[kind][(people.repertoire >> kind) & 1 == 0] = 0.0


def live(state: State, rows: np.ndarray, kinds: np.ndarray) -> None:
    """Let `rows` decide anew, each the kind (0-5) in `kinds`, as their taste for it gives way."""
    if not on(state):
        return
    for kind in np.unique(kinds):
        deciding = Deciding(1.0, 1.0, state.keys["repertoire"], state.clock, LIVE + int(kind))
        _decide(state, rows[kinds == kind], int(kind), deciding)


def known(state: State) -> np.ndarray | None:
    """(n,) the places known as they are now, to hold against later; None where that is of no use."""
    return state.people.knows.copy() if on(state) else None


def learn(state: State, before: np.ndarray | None) -> None:
    """Let people think over kinds of which they know of more places than in `before`, (n,); where one was only forgotten,
    the other way."""
    if before is None:
        return
    knows, first = state.people.knows, state.candidates.first
    rows = np.flatnonzero(knows != before)
    more, less = knows[rows] & ~before[rows], before[rows] & ~knows[rows]
    often = state.parameters.repertoire_news
    for kind in range(5):
        slots = np.uint32((1 << int(first[kind + 1])) - (1 << int(first[kind])))
        heard, forgot = (more & slots) > 0, (less & slots) > 0
        key, slot = state.keys["repertoire"], NEWS + kind
        _decide(state, rows[heard], kind, Deciding(often, 0.0, key, state.clock, slot))
        _decide(state, rows[forgot & ~heard], kind, Deciding(0.0, often, key, state.clock, slot))


def hear(state: State, rows: np.ndarray, kind: int) -> None:
    """Let `rows` think over a kind, as they hear of a programme for it."""
    often = state.parameters.repertoire_news
    _decide(state, rows, kind, Deciding(often, 0.0, state.keys["repertoire"], state.clock, NEWS + kind))


def accompany(state: State) -> None:
    """Bring a kind in, now and then, for people who had sessions of it in company this week."""
    if not on(state):
        return
    people = state.people
    rows = np.flatnonzero(people.group_sessions > 0)
    for kind in np.unique(people.group_kind[rows]):
        here = rows[people.group_kind[rows] == kind]
        u = rng.uniform(state.keys["repertoire"], people.id[here], state.clock, COMPANY + int(kind))
        people.repertoire[here[u < state.parameters.repertoire_company]] |= np.uint8(1 << kind)
