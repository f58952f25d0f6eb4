"""The whole town's effect from many runs of a sample and a few of everybody, by multilevel Monte Carlo.

A sample is cheap and may stray from the whole town; the whole town is dear. The mean over all runs of the sample, plus the
mean difference of a few runs of the whole town from runs of the sample with the same numbers, strays nowhere and costs
little. Most of what makes results uncertain is doubt about the numbers, which many runs of a sample average out and which
cancels in that difference.

It is worked out as plain means: with R runs of the sample and n of the whole town, the n runs of the sample that have one
beside them stand with S + (R / n) (W - S), so that every estimator of means, ranges and ratios holds as it is.
Source: Giles 2008, Operations Research 56:607-617.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from model.errors import Fault, InputError
from model.outcomes import levels
from model.outcomes.summary import Key
from scenarios.runs.design import Design

FEWEST = 4
"""Runs of the whole town, at the least."""
EACH = 2
"""One for so many sets of parameters."""


class Kept(Protocol):
    """One run, read: people, and every value of a window."""

    @property
    def adults(self) -> float:
        """Adults of the town."""

    @property
    def people(self) -> Mapping[tuple[str, str], float]:
        """Adults by group and level."""

    def values(self, window: levels.Window, last: bool) -> dict[Key, float]:
        """Every value of one window; `last`: with those known only at the end."""


@dataclass(frozen=True)
class Telescoped:
    """A run of the sample with one of the whole town beside it: small + factor (whole - small)."""

    small: Kept
    whole: Kept
    factor: float

    @property
    def adults(self) -> float:
        """Adults of the whole town."""
        return self.whole.adults

    @property
    def people(self) -> Mapping[tuple[str, str], float]:
        """Adults by group and level, of the sample: what ranges rest on."""
        return self.small.people

    def values(self, window: levels.Window, last: bool) -> dict[Key, float]:
        """Every value of one window; what only one of the two has counts as none in the other."""
        small, whole = self.small.values(window, last), self.whole.values(window, last)
        return {
            key: _lifted(small.get(key, 0.0), whole.get(key, 0.0), self.factor) for key in {**small, **whole}
        }


def _lifted(small: float, whole: float, factor: float) -> float:
    return small + factor * (whole - small)


def beside(replicates: int, sets: int) -> list[int]:
    """Which of the replicates have a run of the whole town beside them: spread evenly, in one set of every two.

    Raises InputError when there are too few replicates to tell.
    """
    count = max(FEWEST, -(-sets // EACH))
    if replicates < count:
        raise InputError(Fault("is too few for the whole town's effect", key="replicates", found=str(replicates),
                               allowed=f"{count} or more with --whole"))  # fmt: skip
    each = replicates // sets
    if sets >= count:
        return [row * sets // count * each for row in range(count)]
    return [row * replicates // count for row in range(count)]


def check(whole: bool, sample: float, precision: float | None) -> None:
    """Raise InputError where the whole town's effect cannot be asked for."""
    if not whole:
        return
    if precision is not None:
        raise InputError(Fault("does not go with the whole town's effect", key="precision", found=f"{precision:g}",
                               hint="Leave out --precision or --whole."))  # fmt: skip
    if sample >= 1:
        raise InputError(Fault("everybody is simulated already", key="whole", found="--sample 1", hint="Leave out --whole."))  # fmt: skip


def chosen(upper: Design, replicates: Sequence[int]) -> Design:
    """Of a plan in which everybody is simulated, the runs with these numbers alone."""
    jobs = tuple(job for job in upper.jobs if job.replicate in set(replicates))
    return replace(upper, jobs=jobs, replicates=len(replicates))


def lifted(small: Mapping[int, list[Any]], whole: Mapping[int, list[Any]]) -> list[list[Any]]:
    """The runs of one town by replicate, arms in order: those with a run of the whole town beside them telescoped."""
    factor = len(small) / len(whole)
    return [[Telescoped(mine, theirs, factor) for mine, theirs in zip(arms, whole[number], strict=True)]
            if number in whole else arms for number, arms in small.items()]  # fmt: skip


def cost_note(lower: Design, upper: Design, seconds: tuple[float, float]) -> dict[str, Any]:
    """What a manifest says: runs of each kind, seconds they took, and their work against that of the whole town alone."""
    share = lower.jobs[0].town.sample
    runs = len({job.replicate for job in upper.jobs})
    return {"replicates": runs, "seconds": round(seconds[1], 2), "seconds_of_sample": round(seconds[0], 2),
            "work": round((lower.replicates * share + runs) / lower.replicates, 3)}  # fmt: skip


def sentence(manifest: Mapping[str, Any]) -> str:
    """What readers are told."""
    found = manifest["whole"]
    return (
        f"Effects are those of the whole town: {manifest['replicates']} runs of {manifest['sample']:.3g} of the residents, and "
        f"{found['replicates']} of everybody by which what a sample strays is taken out. That is {found['work']:.0%} of the work "
        f"of as many runs of everybody. Weekly courses are those of the sample."
    )
