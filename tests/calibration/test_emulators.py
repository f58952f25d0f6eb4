"""What an emulator says of its own error: widened to what points unseen show, and judged by points that had no say in it."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.statistics import emulator

FAR = np.abs(np.random.default_rng(2).standard_normal(2000))
FOLD = np.arange(2000) % 10


def test_errors_that_are_right_are_left_as_they_are():
    coverage, widening = emulator.held(FAR, FOLD)
    assert coverage == pytest.approx(0.95, abs=0.015) and widening == pytest.approx(1.0, abs=0.05)


def test_errors_half_as_wide_as_they_should_be_are_doubled():
    coverage, widening = emulator.held(2 * FAR, FOLD)
    assert coverage == pytest.approx(0.95, abs=0.015) and widening == pytest.approx(2.0, rel=0.06)


def test_errors_too_wide_are_never_narrowed():
    assert emulator.held(FAR / 3, FOLD) == (1.0, 1.0)


def test_a_tenth_that_is_missed_alone_is_not_hidden_by_its_own_widening():
    far = np.where(FOLD == 3, 20.0, 0.5)
    coverage, widening = emulator.held(far, FOLD)
    assert coverage == pytest.approx(0.9) and widening > 5


def test_the_error_that_it_states_is_the_widened_one():
    rng = np.random.default_rng(3)
    unit = rng.uniform(size=(60, 3))
    made = emulator.fit(unit, np.sin(9 * unit[:, :1]) + 0.3 * rng.standard_normal((60, 1)))
    _, usual = made.predict_with_sd(unit[:5])
    made.widening *= 2
    _, doubled = made.predict_with_sd(unit[:5])
    assert doubled == pytest.approx(2 * usual)
