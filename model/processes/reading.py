"""Reading: levels at the end of the week, and the record of it."""

from __future__ import annotations

from model.arguments import columns_of
from model.kernels.reading import ReadPeople, read_levels
from model.outcomes.recorder import FLOWS
from model.processes import movement
from model.state import State


def step(state: State) -> None:
    """Read everybody's level; after the warm-up, write the week down."""
    people = columns_of(ReadPeople, state.people)
    state.chunks.run(read_levels, state.clock % 4, state.definition == "ohid", people)
    if not state.warming:
        flows = {**dict.fromkeys(FLOWS, 0.0), **movement.stocks(state)}
        for programme in state.programmes:
            served = programme.served(state)
            for name, value in programme.flows(state).items():
                flows[name] += value
            state.recorder.delivery.take(
                state.week, state.assets.n, programme.label, served, programme.spent_now
            )
        state.recorder.measure(state)
        state.recorder.take(state.week, state.people, state.counted, state.chunks, flows, state.assets.visits)
