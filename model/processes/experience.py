"""Experience: habit, fitness and motivation follow the week."""

from __future__ import annotations

from model.kernels.experience import ExperienceSettings, experience
from model.state import State


def step(state: State) -> None:
    """Move habit, fitness and motivation of everybody by what this week was like."""
    p, people = state.parameters, state.people
    settings = ExperienceSettings(*(float(getattr(p, name)) for name in ExperienceSettings._fields))
    state.chunks.run(
        experience, settings, people.sessions, people.minutes, people.group_sessions, people.group_kind,
        people.destination, state.assets.load, people.habit, people.fitness, people.motivation,
    )  # fmt: skip
