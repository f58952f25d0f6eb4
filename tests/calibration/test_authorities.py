"""Authorities made up of England's zones: their mean score is what was asked, and flat rates have no gradient."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.measures.authorities import MEAN_SCORES, by_authority, tilted

RNG = np.random.default_rng(1)
SCORE = RNG.gamma(1.9, 11.5, 4000)
WEIGHTS = RNG.uniform(0.5, 1.5, 4000)
ALL = np.ones(4000, dtype=bool)


def test_the_mean_score_is_the_one_asked_for_and_england_is_left_as_it_is():
    for mean in MEAN_SCORES.values():
        assert np.average(SCORE, weights=tilted(WEIGHTS, SCORE, mean)) == pytest.approx(mean, abs=1e-6)
    own = float(np.average(SCORE, weights=WEIGHTS))
    assert np.allclose(tilted(WEIGHTS, SCORE, own), WEIGHTS)
    with pytest.raises(ValueError, match="sign"):
        tilted(WEIGHTS, SCORE, SCORE.max() + 1)


def test_a_straight_line_over_zones_is_the_same_line_over_authorities():
    found = by_authority(WEIGHTS, SCORE, 0.10 + 0.004 * SCORE, ALL)
    assert found["authority_slope"] == pytest.approx(0.4)
    assert [found[f"inactive_authority_{fifth}"] for fifth in MEAN_SCORES] == pytest.approx(
        [10 + 0.4 * mean for mean in MEAN_SCORES.values()]
    )
    assert by_authority(WEIGHTS, SCORE, np.full(4000, 0.2), ALL)["authority_slope"] == pytest.approx(
        0.0, abs=1e-9
    )


def test_only_those_whom_the_survey_asks_are_counted():
    young = RNG.random(4000) < 0.5
    found = by_authority(WEIGHTS, SCORE, np.where(young, 1.0, 0.2), ~young)
    assert found["inactive_authority_3"] == pytest.approx(20.0)
