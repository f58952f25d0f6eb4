"""Joining: people take up, wait for, leave and complete programmes."""

from __future__ import annotations

from model.state import State


def step(state: State) -> None:
    """Let every programme recruit, and let members go."""
    for programme in state.programmes:
        programme.recruit(state)
