"""A few truths planted in the model itself: three parameters, small towns, other luck for the truth than for the fit."""

from __future__ import annotations

import numpy as np
import pytest

from calibration import priors, targets
from calibration.measures.year import year_and_trial
from calibration.statistics import posterior, surrogate
from calibration.statistics.history import Errors
from model import rng
from model.parameters import Parameters
from scenarios.sweeps.points import latin_hypercube

FREE = ["level_base", "disability_effect", "knowhow_effect"]
NAMES = ("inactive", "fairly_active", "inactive_condition", "inactive_no_condition", "inactive_most_deprived",
         "inactive_least_deprived", "inactive_knowhow_low", "inactive_knowhow_high")  # fmt: skip
SAMPLE, POINTS, TRUTHS = 0.05, 36, 6


@pytest.mark.slow
def test_truths_planted_in_the_model_come_back():
    chosen = priors.read().only(FREE)
    base = Parameters.default().with_values({"warm_up_weeks": 30})
    these = [target for target in targets.read() if target.name in NAMES]

    def said(x: np.ndarray, seeds: list[int]) -> np.ndarray:
        found = [year_and_trial(base.with_values(values), seed, SAMPLE)
                 for values, seed in zip(chosen.values(x), seeds, strict=True)]  # fmt: skip
        return np.array([[one[target.name] for target in these] for one in found])

    middle = 0.5 + 0.7 * (latin_hypercube(POINTS, len(FREE), 4) - 0.5)
    x = chosen.at(middle)
    made = surrogate.fit(these, x, said(x, [1] * POINTS), jobs=1)
    where = 0.25 + 0.5 * latin_hypercube(TRUTHS, len(FREE), 8)
    truth = chosen.at(where)
    seeds = list(range(20, 20 + TRUTHS))
    chance = said(np.repeat(chosen.at(np.full((1, 3), 0.5)), 6, axis=0), list(range(40, 46))).std(
        axis=0, ddof=1
    )
    told = said(truth, seeds)
    inside = 0
    for row in range(TRUTHS):
        noise = rng.gaussian(rng.key(9, row, "survey"), np.arange(len(these)))
        wanted = told[row] + noise * [target.sd for target in these]
        errors = Errors(wanted, np.array([target.sd for target in these]), np.sqrt(2) * chance)
        found = posterior.draw(chosen, posterior.robust(made.predict, errors), 200, row + 1)
        low, high = np.quantile(found.x, [0.05, 0.95], axis=0)
        inside += int(((low <= truth[row]) & (truth[row] <= high)).sum())
    assert inside >= 13, f"{inside} of {TRUTHS * len(FREE)} in intervals of 90%"  # fewer: once in a hundred
