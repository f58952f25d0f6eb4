"""A calibration to one's own targets with the stand-in in the place of the model: every stage but the runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import standin

from calibration.fitting.budget import Budget
from calibration.fitting.calibrate import Calibration
from calibration.fitting.question import Question
from calibration.fitting.result import FitResult
from calibration.targets import Target

BUDGET = Budget(trajectories=4, most=4, per_parameter=9, later=(12,), draws=8, particles=60, long_every=1)
TRUTH = {"level": 0.4, "spread": 1.0, "slope": 0.5, "pull": 0.3}


@dataclass
class StandFit(Calibration):
    """The fit of targets t0 to t5 of the stand-in; chance is a little noise by seed."""

    def said(
        self, changes: list[dict[str, float]], seed: int = 101, sample: Any = None, long_every: Any = None
    ):
        values = np.array([[(TRUTH | one)[name] for name in standin.PRIORS.names] for one in changes])
        noise = standin.noise(f"seed {seed}", len(values), 6) * 0.1 * standin.SD
        told = standin.model(values) + noise
        return [{f"t{k}": float(value) for k, value in enumerate(row)} for row in told]


def truth() -> np.ndarray:
    """(6,) what the stand-in says at the truth."""
    return standin.model(np.array([list(TRUTH.values())]))[0]


def fitted(
    folder: Path,
    wanted: dict[int, float],
    held: dict[int, float] | None = None,
    beside: dict[int, float] | None = None,
) -> FitResult:
    """The calibration to some of the stand-in's outputs; beside: others as national targets."""
    folder.mkdir(parents=True)

    def these(some: dict[int, float], role: str) -> list[Target]:
        return [Target(f"t{k}", value, float(standin.SD[k]), 0.0, standin.UNITS[k], role, "", "", "", "", "")
                for k, value in some.items()]  # fmt: skip

    targets = these(wanted, "fit")
    place: Any = SimpleNamespace(digest="stand-in", title="Standing", name="standing")
    question = Question([*these(beside or {}, "fit"), *targets], standin.PRIORS, ("town",), "none", these(held or {}, "held_out"), place, "standing",
                        tuple(target.name for target in targets), national=beside is not None)  # fmt: skip
    return StandFit(folder, BUDGET, 1, None, lambda text: None, None, question).run()
