"""The calibrator calibrated: planted truths come back as often as intervals promise, planted faults are flagged."""

from __future__ import annotations

import numpy as np
import pytest
import standin

from calibration.fitting import confirm, identify, screen
from calibration.priors import Priors
from calibration.statistics import history, surrogate
from calibration.statistics.history import Errors
from calibration.targets import Target


@pytest.fixture(scope="module")
def trained() -> standin.Trained:
    return standin.Trained.on()


def test_emulators_pass_their_gate(trained):
    assert trained.made.doubted == []


def test_an_emulator_of_noise_does_not_pass():
    x = standin.PRIORS.at(standin.latin_hypercube(60, 4, 3))
    made = surrogate.fit(standin.targets(np.full(6, 20.0))[:1], x, 50 + 5 * standin.noise("x", 60, 1), jobs=1)
    assert made.doubted == ["t0"]


@pytest.mark.slow
def test_a_few_planted_truths_come_back(trained):
    share, count = standin.coverage(trained, 8)
    assert 0.75 <= share <= 1.0, f"{share:.0%} of {count}"  # 32 intervals of 90%: below 75% in one of 200


@pytest.mark.slow
def test_planted_truths_come_back_as_often_as_promised(trained):
    share, count = standin.coverage(trained, 120)
    assert count >= 100 and 0.84 <= share <= 0.96, f"{share:.1%} of {count}"


@pytest.mark.slow
def test_a_planted_misspecification_is_flagged(trained):
    for number, wanted in enumerate(standin.truths(5)[1]):
        sound, matched = trained.fit(wanted)
        assert not matched.flagged and 0 < matched.share < 1, number
        judged = judge(trained, sound, wanted)
        assert judged.inside == 6, number
    broken = wanted.copy()
    broken[3] = 100 - broken[3]  # a share that follows from two others says the opposite
    bad, matched = trained.fit(broken)
    assert matched.flagged
    assert judge(trained, bad, broken).inside < 6


def judge(trained, found, wanted):
    """What confirmation says of a posterior, with the emulators in the place of the model."""
    errors = Errors.of(standin.targets(wanted), trained.errors_chance)
    return confirm.judge(standin.targets(wanted), trained.made.predict(found.x)[0], errors)


def test_the_posterior_of_a_straight_model_is_the_one_in_closed_form():
    slopes = standin.noise("slopes", 3, 5) * 3
    priors = Priors(standin.PRIORS.all[:3])
    these = [Target(f"t{k}", 0.0, 0.5, 0.0, "points", "fit", "", "", "", "", "") for k in range(5)]
    errors = Errors.of(these, np.zeros(5))

    def straight(x: np.ndarray):
        return (x - 0.5) @ slopes, np.zeros((len(x), 5))

    from calibration.statistics import posterior

    found = posterior.draw(priors, posterior.gaussian(straight, errors), 1500, 3)
    precision = np.diag(1 / priors.sd**2) + slopes @ slopes.T / 0.25
    mean = np.linalg.solve(precision, priors.mean / priors.sd**2 + slopes @ (0.5 * slopes.sum(axis=0)) / 0.25)
    sd = np.sqrt(np.diag(np.linalg.inv(precision)))
    assert np.abs(found.x.mean(axis=0) - mean) == pytest.approx(0, abs=0.15 * sd.max())
    assert found.x.std(axis=0) == pytest.approx(sd, rel=0.15)


def test_what_the_targets_do_not_see_is_called_prior_driven():
    x = standin.PRIORS.at(standin.latin_hypercube(400, 4, 9))
    x[:, 0] = 0.5 + 0.02 * standin.noise("tight", 400)
    x[:, 3] = x[:, 2]
    told = identify.table(standin.PRIORS, x, ["level", "slope", "pull"]).set_index("name")
    assert told.loc["level", "label"] == "well identified"
    assert told.loc["slope", "label"] == told.loc["spread", "label"] == "prior-driven"
    (pair,) = identify.trades(standin.PRIORS, x).to_dict("records")
    assert (pair["one"], pair["two"]) == ("slope", "pull") and pair["r"] == pytest.approx(1.0)


def test_the_screen_freezes_what_moves_nothing():
    priors = Priors(standin.PRIORS.all[:3])
    plan, x = screen.design(priors, 6)
    values = np.stack([40 * x[:, 0], 0.001 * x[:, 1] + 0 * x[:, 2]], axis=1)
    these = [Target(name, 0.0, 1.0, 0.0, "points", "fit", "", "", "", "", "") for name in ("big", "small")]
    found = screen.screen(plan, these, values, 10)
    assert found.active == ["level"] and found.on["level"] == "big" and found.rank["level"] == 1


def test_a_target_that_cannot_be_met_does_not_drag_the_rest():
    from calibration.statistics import posterior

    priors = Priors([standin.Prior("level", 0.0, 50.0, -30.0, 30.0, "wide")])
    wanted = np.array([0.0, 0.3, -0.2, 0.1, 12.0])
    errors = Errors(wanted, np.ones(5), np.zeros(5))

    def same(x: np.ndarray):
        return np.repeat(priors.low + x * priors.width, 5, axis=1), np.zeros((len(x), 5))

    means = [float((priors.low + posterior.draw(priors, kind(same, errors), 800, 2).x * priors.width).mean())
             for kind in (posterior.gaussian, posterior.robust)]  # fmt: skip
    assert means[0] == pytest.approx(wanted.mean(), abs=0.15)
    assert abs(means[1]) < 0.8


def test_history_matching_by_hand():
    errors = Errors(np.array([0.0, 0.0, 0.0]), np.ones(3), np.zeros(3))
    mean, sd = np.array([[3.0, 1.0, 9.0], [9.0, 9.0, 9.0]]), np.zeros((2, 3))
    assert history.worst(history.implausibility(mean, sd, errors), 1).tolist() == [3.0, 9.0]
