"""From plans to the programmes that deliver them, each under a label of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from model.delivery.barrier import Barrier
from model.delivery.programme import Programme
from model.delivery.settings import Intervention


def labels_of(
    interventions: Sequence[Intervention | Barrier], running: Sequence[Programme] = ()
) -> list[str]:
    """The label of the programme of each, in their order: its name or type, and which of that it is, counted on from
    those `running`."""
    seen: Counter[str] = Counter()
    for programme in running:  # by their numbers: one that was called off leaves a gap
        label, _, number = programme.label.rpartition("#")
        seen[label] = max(seen[label], int(number))
    labels = []
    for settings in interventions:
        label = settings.label
        seen[label] += 1
        labels.append(f"{label}#{seen[label]}")
    return labels


def programmes_for(
    interventions: Sequence[Intervention | Barrier], running: Sequence[Programme] = ()
) -> list[Programme]:
    """A programme for each intervention; two of one type are told apart by their names, else by their number.

    They stand in the order of their labels, so that the order in which a scenario lists them cannot matter.
    """
    made = [
        settings.delivery(settings, label)
        for settings, label in zip(interventions, labels_of(interventions, running), strict=True)
    ]
    return sorted(made, key=lambda programme: programme.label)
