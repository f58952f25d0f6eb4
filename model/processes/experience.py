"""Experience: habit, fitness and motivation follow the week."""

from __future__ import annotations

from model.arguments import columns_of, settings_of
from model.kernels.experience import ExperiencePeople, ExperienceSettings, experience
from model.state import State


def step(state: State) -> None:
    """Move habit, fitness and motivation of everybody by what this week was like."""
    settings = settings_of(ExperienceSettings, state.parameters)
    state.chunks.run(experience, settings, columns_of(ExperiencePeople, state.people), state.assets.load)
