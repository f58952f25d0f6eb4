"""Joining: people take up, wait for, leave and complete programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.reference.town import ReferenceTown


def act(town: ReferenceTown) -> None:
    """Let every programme take people in, and let members go."""
    for programme in town.programmes:
        programme.recruit()
