"""What may be asked of a comparison, of one run, of a batch: every option declared once, with its usual value."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from scenarios.batches import capacity
from scenarios.batches.runner import Progress
from scenarios.files.parameter_sets import Sets
from scenarios.preflight.preflight import Warn
from scenarios.runs.job import OpenTown, open_town
from scenarios.runs.size import DEFAULT_SAMPLE
from scenarios.statistics import precision as narrow


@dataclass(frozen=True, kw_only=True)
class TownOptions:
    """Which town is run, and for how long."""

    place: Any = None
    """A name, a path or a `Place`, above what scenarios say; likewise `years` or `weeks` and `definition`."""
    sample: float | None = None
    """Share of residents simulated, above 0 to 1; usual: 0.1."""
    years: float | None = None
    weeks: int | None = None
    seed: int = 1
    definition: str | None = None
    parameters: str | Path | Sets | None = None
    """ensemble (sets that agree with the national targets, two replicates each, so that doubt about the numbers is told
    apart from chance; usual from an even six replicates on), fitted, or a file (scenarios/files/parameter_sets.py)."""
    out: str | Path | None = None
    """A folder to write."""
    overwrite: bool = False
    """Results of another question that lie in `out` may go."""
    max_resident_weeks: float = capacity.MAX_RESIDENT_WEEKS
    """Refuse more work than this."""
    progress: Progress | None = None
    opener: OpenTown = open_town
    """Opens the town of a job."""
    warn: Warn | None = None
    """Is told what plans would hardly do, before anything runs."""

    @property
    def share(self) -> float:
        """Share of residents simulated."""
        return DEFAULT_SAMPLE if self.sample is None else self.sample


@dataclass(frozen=True, kw_only=True)
class RunOptions(TownOptions):
    """One run of one scenario."""

    threads: int = 1


@dataclass(frozen=True, kw_only=True)
class ComparisonOptions(TownOptions):
    """Scenarios against a baseline."""

    baseline: Any = "baseline"
    """A `Scenario`, a library name or a path."""
    jobs: int = -1
    """Processes, -1 = every core."""
    backend: str = "loky"
    scheduler: str | None = None
    resume: bool = False
    """Go on after a stop: finished replicates are kept in `out`."""
    aside: bool = False
    """Results of another question in `out` stay, and these go to OUT_2, OUT_3, ..."""
    precision: float | None = None
    """Run more replicates, up to `max_replicates`, until the 95% interval of the effect on the share inactive is so many
    points wide or less (scenarios/statistics/precision.py)."""
    max_replicates: int = narrow.MOST
    spillover: bool = False
    """Run each plan once more without what spreads from person to person, for `effect_direct` and `effect_spillover`."""
    rank_by: str | None = None
    """What orders plans wherever they are told (`Effects.findings`); it changes no number."""
    by: Sequence[str] | str | None = None
    """Attributes to cross, so that effects on, say, disabled women over 65 are told (scenarios/results/crossed.py)."""
    against: str | None = None
    """A sum of plans ("A+B", by names or titles) that every other plan is held against too (`Effects.against`)."""
    whole: bool = False
    """Run a few replicates of the whole town too, and tell its effects (scenarios/statistics/multilevel.py)."""


@dataclass(frozen=True, kw_only=True)
class BatchOptions:
    """How a batch of many points is run."""

    resume: bool = False
    """Run only what is missing of a folder that holds runs already."""
    retry: bool = False
    """With `resume`: what had been set aside, too."""
    jobs: int = -1
    backend: str = "loky"
    scheduler: str | None = None
    max_seconds: float | None = None
    """Stop then, keeping what is finished."""
    deadline_seconds: float | None = None
    """What one run may take; usual: minutes."""
    memory_bytes: float | None = None
    """What one run may take; usual: this machine's memory shared out among its processes."""
    max_resident_weeks: float = capacity.MAX_RESIDENT_WEEKS
    progress: Callable[..., None] | None = None
    at: Sequence[Any] | None = None
    """Points of one's own design (scenarios/sweeps/points.py)."""
    opener: OpenTown = open_town
    apart: bool = True
    """False: in this process, where a crash is a crash."""
    warn: Warn | None = None
    """Is told what points would hardly do, before anything runs."""


Options = TypeVar("Options")
Answer = TypeVar("Answer")


def takes(kind: type[Options]) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """A function whose last parameter is an object of `kind` takes its fields as keywords instead, and says so to `help`.

    The object may be given as well, as `asked=`. Raises TypeError for a keyword that is no field.
    """

    def of(function: Callable[..., Answer]) -> Callable[..., Answer]:
        *own, last = inspect.signature(function).parameters.values()
        named = {one.name for one in own}

        @functools.wraps(function)
        def taking(*words: Any, **options: Any) -> Answer:
            mine = {name: options.pop(name) for name in list(options) if name in named}
            asked = options.pop("asked", None)
            if asked is None:
                try:
                    asked = kind(**options)
                except TypeError as error:
                    raise TypeError(
                        str(error).replace(f"{kind.__name__}.__init__", function.__name__)
                    ) from None
            return function(*words, **mine, **{last.name: asked})

        each = [inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=one.default, annotation=one.type)
                for one in fields(kind)]  # type: ignore[arg-type]  # fmt: skip
        taking.__signature__ = inspect.Signature([*own, *each])  # type: ignore[attr-defined]
        return taking

    return of
