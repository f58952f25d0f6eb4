"""A quick stand-in for the engine in tests of batches, and one that goes wrong in every way a run can."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "contract"))

from fake_town import FakeTown

SWEEP = {"name": "test", "scenario": "walk_and_talk", "design": {"method": "grid"}, "weeks": 8, "sample": 0.02,
         "vary": {"interventions.0.groups": [1, 2, 3, 4]}, "replicates": 3}  # fmt: skip


class QuickTown(FakeTown):
    """The fake town with the groups of a real walking scheme as its push."""

    pause = 0.0

    def fork(self, interventions: list) -> FakeTown:
        return type(self)(self.job, min(0.02 * sum(one.groups for one in interventions), 0.9))

    def record(self):
        time.sleep(self.pause)
        return super().record()


class SlowTown(QuickTown):
    """The same, slow enough to be killed while it runs."""

    pause = 0.04


class LongTown(QuickTown):
    """The same, with runs of about two seconds."""

    pause = 1.0


def open_quick(job) -> QuickTown:
    """A town at once."""
    return QuickTown(job)


def open_slow(job) -> SlowTown:
    """A town to be killed in."""
    return SlowTown(job)


open_slow.stands_for = open_quick  # it gives the same, only later


def open_long(job) -> LongTown:
    """A town to be timed in."""
    return LongTown(job)


@dataclass(frozen=True)
class Poison:
    """An opener under which some runs go wrong: `kinds` says how, by run id."""

    kinds: dict[str, str] = field(default_factory=dict, hash=False)
    stands_for = staticmethod(open_quick)

    def __call__(self, job) -> QuickTown:
        kind = self.kinds.get(job.id)
        if kind == "raised":
            raise RuntimeError("a planted fault")
        if kind == "hung":
            time.sleep(3600)
        if kind == "died":
            os.kill(os.getpid(), signal.SIGKILL)
        if kind == "out_of_memory":
            hoard = []
            while True:
                hoard.append(np.ones(20_000_000))
        return NanTown(job) if kind == "not_finite" else QuickTown(job)


class NanTown(QuickTown):
    """A town whose costs are not a number."""

    def record(self):
        record = super().record()
        return (
            record
            if not record.flows
            else type(record)(**{**vars(record), "flows": {"cost": np.full(self.weeks, np.nan)}})
        )
