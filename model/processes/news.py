"""News: places and programmes become known along ties."""

from __future__ import annotations

from model.arguments import columns_of, settings_of
from model.kernels.news import NewsPeople, NewsPlaces, NewsSettings, news
from model.kernels.slots import Network
from model.processes import repertoire
from model.state import State


def step(state: State) -> None:
    """Pass on, notice and forget places; let programmes be heard of."""
    settings = settings_of(NewsSettings, state.parameters)
    seen = (state if state.seen is None else state.seen).people.destination
    people = columns_of(NewsPeople, state.people, cell_row=state.cell_row, used_by_ties=seen)
    places = columns_of(NewsPlaces, state.candidates, nearness=state.nearness, open=state.assets.now["open"])
    ties = columns_of(Network, state.ties)
    before = repertoire.known(state)
    state.chunks.run(news, settings, state.keys["news"], state.clock, people, places, ties)
    repertoire.learn(state, before)
    for programme in state.programmes:
        programme.hear(state)
