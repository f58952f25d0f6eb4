"""Joining: people take up, wait for, leave and complete programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.reference.arithmetic import single

if TYPE_CHECKING:
    from model.reference.resident import Resident
    from model.reference.town import ReferenceTown


def act(town: ReferenceTown) -> None:
    """Let every programme take people in, and let members go."""
    for programme in town.programmes:
        programme.recruit()


def deprivation_risk(town: ReferenceTown, resident: Resident) -> float:
    """Risk of leaving: 1 in the least deprived fifth, `drop_deprived` in the most."""
    return single(1.0 + (town.parameters.drop_deprived - 1.0) * (5.0 - resident.imd_quintile) / 4.0)
