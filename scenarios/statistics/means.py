"""Means over replicates of what runs tell in columns: one row a key, missing in a run = 0 there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from model.delivery.build import labels_of
from model.delivery.settings import Intervention
from scenarios.runs.design import Arm, Job
from scenarios.runs.job import Result

Key = tuple[Any, ...]
"""What a row is about: a value for each of `Means.keys`."""


class Means:
    """`part` of every record (`served`, `spent`), summed by `keys` over the replicates of each arm."""

    part = ""
    keys: Sequence[str] = ()
    values: Sequence[str] = ()

    def __init__(self) -> None:
        self.arms: dict[str, Arm] = {}
        self._runs: dict[str, set[int]] = {}
        self._sums: dict[str, dict[Key, np.ndarray]] = {}

    def add(self, job: Job, result: Result) -> None:
        """Take the runs of one job; another town's baseline of the same name changes nothing."""
        for arm, record in zip(job.arms, result.records, strict=True):
            runs = self._runs.setdefault(arm.name, set())
            if job.replicate in runs:
                continue
            runs.add(job.replicate)
            self.arms.setdefault(arm.name, arm)
            columns, sums = getattr(record, self.part), self._sums.setdefault(arm.name, {})
            if not columns:
                continue
            numbers = np.column_stack([columns[name] for name in self.values])
            keys = zip(*(map(_known, columns[name].tolist()) for name in self.keys), strict=True)
            for key, row in zip(keys, numbers, strict=True):
                sums[key] = sums[key] + row if key in sums else row

    def rows(self, name: str) -> Iterator[tuple[Key, list[float]]]:
        """Each key of one arm with its means, in the order of the plan's interventions, then of the keys."""
        order = {label: number for number, (label, _) in numbered(self.arms[name]).items()}
        sums, runs = self._sums[name], len(self._runs[name])
        for key in sorted(
            sums, key=lambda key: (order[key[0]], *map(str, key[1:2]), *key[2:3], *map(str, key[3:]))
        ):
            yield key, (sums[key] / runs).tolist()


def _known(value: Any) -> Any:
    """The value; None for a number that is none, which is equal to itself."""
    return None if value != value else value


def numbered(arm: Arm) -> dict[int, tuple[str, Intervention]]:
    """The interventions of a plan by their number in it, from 1: the label of the programme, and the settings."""
    acts = [one for one in arm.interventions_and_barriers if hasattr(one, "label")]
    labels = dict(zip(map(id, acts), labels_of(acts), strict=True))
    return {number: (labels[id(one)], one) for number, one in enumerate(arm.interventions, 1)
            if isinstance(one, Intervention)}  # fmt: skip


def identity(arm: Arm) -> dict[str, dict[str, object]]:
    """By the label of its programme, the columns that say which intervention of a plan is meant."""
    return {label: {"intervention": number, "type": one.type, "name": one.name or one.title}
            for number, (label, one) in numbered(arm).items()}  # fmt: skip
