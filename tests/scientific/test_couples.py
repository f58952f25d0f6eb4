"""Couples under `couples: alike`: a part of what inclines two is drawn for both, nobody's spread changes, and it lasts."""

from __future__ import annotations

import numpy as np
import pytest

from model import Neighbourhood
from model.parameters import Parameters
from model.population.columns import FIXED
from model.population.couples import LIKE_AGE, couples
from model.population.people import People
from model.processes.life import drift_sd, taste_sd

ALIKE = {"couples": "alike", "couple_alike": 0.5, "warm_up_weeks": 8, "taste_years": 4.0, "drift_years": 3.0}


def town_of(place, sample=0.05, **more) -> Neighbourhood:
    return Neighbourhood(place, seed=3, sample=sample, parameters=Parameters.default().with_values(more))


@pytest.fixture(scope="module")
def alike(erewash) -> Neighbourhood:
    """A town at its start; tests fork it."""
    return town_of(erewash, **ALIKE)


def pairs(town: Neighbourhood) -> np.ndarray:
    """(2, C) rows of the two of each couple."""
    couple = town.state.couple
    rows = np.flatnonzero(couple >= 0)
    return rows[np.argsort(couple[rows], kind="stable")].reshape(-1, 2).T


def likeness(values: np.ndarray, rows: np.ndarray) -> float:
    """Correlation between the two of a couple, whichever stands first."""
    one, two = values[rows[0]], values[rows[1]]
    return float(np.corrcoef(np.concatenate((one, two)), np.concatenate((two, one)))[0, 1])


def inclined(town: Neighbourhood) -> dict[str, np.ndarray]:
    """What couples have in common, each of standard deviation 1."""
    people, p = town.state.people, town.state.parameters
    lasting = p.propensity_sd * np.sqrt(1.0 - p.drift_share)
    spread = taste_sd(p)
    return {"propensity": people.propensity / lasting, "drift": people.drift / drift_sd(town.state),
            **{f"taste {k}": people.taste[k] / spread[k] for k in range(6)}}  # fmt: skip


def held(town: Neighbourhood, share: float) -> None:
    """Everybody as different as ever, and couples as alike as they are to be: within chance of some 1,500 couples."""
    rows = pairs(town)
    members = rows.ravel()
    assert rows.shape[1] > 1000
    for name, values in inclined(town).items():
        assert likeness(values, rows) == pytest.approx(share, abs=0.09), name
        assert values[members].std() == pytest.approx(1.0, abs=0.05), name
        assert values[members].mean() == pytest.approx(0.0, abs=0.08), name


def test_couples_are_the_two_oldest_of_a_household_when_of_like_age(alike):
    people, couple = alike.state.people, alike.state.couple
    one, two = pairs(alike)
    assert (people.household[one] == people.household[two]).all() and (
        couple[one] == people.household[one]
    ).all()
    assert np.abs(people.age[one].astype(int) - people.age[two]).max() <= LIKE_AGE
    youngest = np.minimum(people.age[one], people.age[two])
    for row, years in list(zip(one, youngest, strict=True))[:200]:
        others = (people.household == people.household[row]) & (couple < 0)
        assert (people.age[others] <= years).all()
    assert 0.5 < len(one) * 2 / people.n < 0.75


def test_nobody_else_is_drawn_otherwise(erewash, alike):
    dealt, single = town_of(erewash, **{**ALIKE, "couples": "as_dealt"}), alike.state.couple < 0
    for name, values in inclined(alike).items():
        assert np.array_equal(values[single], inclined(dealt)[name][single]), name
        assert not np.array_equal(values, inclined(dealt)[name]), name
    held(dealt, 0.0)
    assert np.array_equal(dealt.state.people.threshold, alike.state.people.threshold)


def test_likeness_stays_over_twenty_years_and_spreads_with_it(alike):
    town = alike.fork()
    held(town, 0.5)
    before = {name: values.copy() for name, values in inclined(town).items()}
    town.run(20 * 52)
    held(town, 0.5)
    rows = pairs(town).ravel()
    for name, values in inclined(town).items():
        again = float(np.corrcoef(before[name][rows], values[rows])[0, 1])
        lasts = {"propensity": 1.0, "drift": 0.0}.get(name, 0.5)
        assert again == pytest.approx(lasts, abs=0.09), (
            f"{name}: what is common lasts, what is one's own gives way"
        )


def test_who_is_a_couple_hangs_on_who_they_are_and_not_on_the_order_of_rows(alike):
    people = alike.state.people
    order = np.random.default_rng(1).permutation(people.n)
    mixed = People({column.name: getattr(people, column.name)[order] for column in FIXED})
    assert np.array_equal(couples(mixed), alike.state.couple[order])


def test_likeness_begun_in_mid_run_is_drawn_for_what_lasts_and_grows_into_the_rest(erewash):
    town = town_of(erewash, **{**ALIKE, "couples": "as_dealt"}).run(1)
    town.set_parameters(couples="alike")
    rows = pairs(town)
    assert likeness(inclined(town)["propensity"], rows) == pytest.approx(0.5, abs=0.08)
    assert likeness(inclined(town)["drift"], rows) == pytest.approx(0.0, abs=0.08)
