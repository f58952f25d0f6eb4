"""News: places and programmes become known along ties."""

from __future__ import annotations

from model.kernels.news import NewsSettings, news
from model.state import State


def settings(state: State) -> NewsSettings:
    """The weekly chances of news."""
    p = state.parameters
    return NewsSettings(*(float(getattr(p, name)) for name in NewsSettings._fields))


def step(state: State) -> None:
    """Pass on, notice and forget places; let programmes be heard of."""
    people, ties, reach = state.people, state.ties, state.reach
    seen = people if state.seen is None else state.seen.people
    state.chunks.run(
        news, settings(state), state.keys["news"], state.clock, people.id, state.cell_row, reach.asset,
        state.nearness, reach.first, ties.strong, ties.strong_degree, ties.weak_start, ties.weak,
        state.assets.now["open"], seen.destination, people.destination,
        people.knows,
    )  # fmt: skip
    for programme in state.programmes:
        programme.hear(state)
