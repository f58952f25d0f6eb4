"""Repertoire: which kinds people do at all, under the switch `repertoire: hurdle`; every act leaves at once where it is off."""

from __future__ import annotations

import numpy as np

from model.arguments import columns_of
from model.kernels.life import AccompaniedPeople, Deciding, RepertoirePeople, RepertoireSettings, decide
from model.kernels.life import accompany as bring_in
from model.kernels.life import learn as think_of_places
from model.machine.parallel import call
from model.parameters import Parameters
from model.population.columns import KINDS
from model.state import State

IN_THE_OPEN = (0, 2)
"""Kinds that fear keeps people from: walking for leisure and cycling."""
LIVE, NEWS, COMPANY = 0, 6, 12
"""First slot of what is drawn for each kind in a week: in the course of life, on news, in company."""


def on(state: State) -> bool:
    """Whether there are repertoires at all."""
    return state.parameters.repertoire == "hurdle"


def _settings(p: Parameters) -> RepertoireSettings:
    """Made once for each set of numbers."""
    if RepertoireSettings not in p.settings:
        level = np.array([p.level_base + getattr(p, f"kind_{kind}") for kind in KINDS])
        often = np.array([getattr(p, f"repertoire_{kind}") for kind in KINDS])
        outdoors = np.array([kind in IN_THE_OPEN for kind in range(len(KINDS))])
        p.settings[RepertoireSettings] = RepertoireSettings(
            p.repertoire_slope, level, often, (1.0 - 0.5 * p.dark_fear) * outdoors
        )
    made: RepertoireSettings = p.settings[RepertoireSettings]
    return made


def _people(state: State) -> tuple[np.ndarray, ...]:
    return columns_of(RepertoirePeople, state.people)


def _occasion(state: State, slot: int, takes_up: float = 1.0, gives_up: float = 1.0) -> Deciding:
    return Deciding(takes_up, gives_up, state.keys["repertoire"], state.clock, slot)


def start(state: State) -> None:
    """Give everybody the mix of the long run; no habit of what is left out."""
    people = state.people
    people.repertoire[:] = 0
    if not on(state):
        return
    occasion = Deciding(1.0, 1.0, state.key("start/repertoire"), 0, 0)
    for kind in range(len(KINDS)):
        call(
            decide,
            np.arange(people.n),
            np.full(people.n, kind),
            _settings(state.parameters),
            occasion,
            _people(state),
        )
        people.habit[kind][(people.repertoire >> kind) & 1 == 0] = 0.0


def live(state: State, rows: np.ndarray, kinds: np.ndarray) -> None:
    """Let `rows` decide anew, each the kind (0-5) in `kinds`, as their taste for it gives way."""
    if on(state):
        kinds = kinds.astype(np.int64)
        call(decide, rows, kinds, _settings(state.parameters), _occasion(state, LIVE), _people(state))


def known(state: State) -> np.ndarray | None:
    """(n,) the places known as they are now, to hold against later; None where that is of no use."""
    return state.people.knows.copy() if on(state) else None


def learn(state: State, before: np.ndarray | None) -> None:
    """Let people think over kinds of which they know of more places than in `before`, (n,); where one was only forgotten,
    the other way."""
    if before is not None:
        often = state.parameters.repertoire_news
        state.chunks.run(think_of_places, before, state.people.knows, state.candidates.first, _settings(state.parameters),
                         _occasion(state, NEWS, often, often), _people(state))  # fmt: skip


def hear(state: State, rows: np.ndarray, kind: int) -> None:
    """Let `rows` think over a kind, as they hear of a programme for it."""
    occasion = _occasion(state, NEWS, state.parameters.repertoire_news, 0.0)
    call(decide, rows, np.full(rows.size, kind), _settings(state.parameters), occasion, _people(state))


def accompany(state: State) -> None:
    """Bring a kind in, now and then, for people who had sessions of it in company this week."""
    if on(state):
        people = columns_of(AccompaniedPeople, state.people)
        state.chunks.run(
            bring_in,
            state.parameters.repertoire_company,
            state.keys["repertoire"],
            state.clock,
            COMPANY,
            people,
        )
