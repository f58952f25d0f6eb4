"""A calibration under way: what is asked, what each stage found, and the one door to the model."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from calibration.fitting import question as ask
from calibration.fitting import runs
from calibration.fitting.budget import Budget
from calibration.fitting.question import Question
from calibration.fitting.result import Wave
from calibration.fitting.runs import Ask
from calibration.priors import Priors
from calibration.targets import Target
from scenarios.files import store
from scenarios.runs import design

SEED = 101
SEEDS = (101, 102, 103, 104)
"""Of the runs that are fitted to, point by point in turn, so that no one town's luck is fitted."""
Say = Callable[[str], None]


@dataclass
class Fit:
    """A calibration under way: targets, priors, and what each stage found."""

    folder: Path
    budget: Budget
    jobs: int
    until: float | None
    say: Say
    progress: Any = None
    question: Question = field(default_factory=ask.national)
    waves: list[Wave] = field(default_factory=list)
    """What each wave told."""
    base: dict[str, float] = field(default_factory=dict)
    """Values of parameters that are not fitted: their prior means, once the screen has said which."""
    seen: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    """Points x (N, D) and the targets there (N, K), wave by wave."""

    @property
    def targets(self) -> list[Target]:
        """Those that are fitted to."""
        return self.question.targets

    @property
    def priors(self) -> Priors:
        """What is believed before."""
        return self.question.priors

    # Runs

    def values(self, changes: list[dict[str, float]], seed: int | None = None, sample: float | None = None,
               long_every: int | None = None) -> np.ndarray:  # fmt: skip
        """(N, K) the targets at points; nan where twenty years are not run. seed: of all; None = each of SEEDS in turn."""
        return runs.table_of(self.said(changes, seed, sample, long_every), self.question.names)

    def said(self, changes: list[dict[str, float]], seed: int | None = None, sample: float | None = None,
             long_every: int | None = None) -> list[dict[str, float]]:  # fmt: skip
        """All that is measured at points, by name: the one door to the model. `seed` as for `values`."""
        asks, rows = [], []
        long_every = long_every or self.budget.long_every
        for row, change in enumerate(changes):
            for name in self.question.measures:
                if name == "decades" and row % long_every:
                    continue
                share = self.budget.long_sample if name == "decades" else sample or self.budget.sample
                of = (
                    (self.question.place.digest, self.question.where)
                    if name == ask.TOWN and self.question.place
                    else ()
                )
                asks.append(
                    Ask.of(
                        name,
                        SEEDS[row % len(SEEDS)] if seed is None else seed,
                        share,
                        self.base | change,
                        *of,
                    )
                )
                rows.append(row)
        left = None if self.until is None else max(1.0, self.until - time.monotonic())
        found = runs.measure(self.folder, asks, jobs=self.jobs, max_seconds=left, progress=self.progress)
        joined: list[dict[str, float]] = [{} for _ in changes]
        for row, one, of_ask in zip(rows, found, asks, strict=True):
            suffix = self.question.suffix if of_ask.measure == ask.TOWN else ""
            joined[row] |= {name + suffix: value for name, value in (one or {}).items()}
        return joined

    def kept(self, name: str, priors: Priors, make: Callable[[], np.ndarray]) -> np.ndarray:
        """Points x (N, D) of a stage: from the folder when this very plan made them, else made now and kept."""
        path = self.folder / f"{name}.json"
        mark = design.digest(design.canonical([design.code_digest(), runs._measures(), self.question.identity,
                                               asdict(self.budget), priors.names, name]))  # fmt: skip
        told = store.read_json(path)
        if told.get("mark") != mark:
            told = {"mark": mark, "names": priors.names, "x": make().tolist()}
            store.write_bytes(path, json.dumps(told).encode())
        return np.array(told["x"])
