"""Who starts when the partner moves: read as the panel study read it, and likeness is not taken for influence unseen."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from calibration.measures import shares
from calibration.measures.couples import APART, of_age, partner_starts

ACTIVE, IDLE = 200.0, 10.0


def couples_of(ages: list[tuple[int, int]]) -> SimpleNamespace:
    """Wife and husband of so many couples, wives first."""
    n = len(ages)
    age = np.array([pair[0] for pair in ages] + [pair[1] for pair in ages], np.uint8)
    same = np.zeros(2 * n, np.uint8)
    return SimpleNamespace(
        age=age, sex=np.repeat([0, 1], n).astype(np.uint8), household=np.tile(np.arange(n), 2), age_band=same,
        imd_quintile=same + 1, condition=same,
    )  # fmt: skip


def years_of(wives: list[tuple[float, float]], husbands: list[tuple[float, float]]) -> np.ndarray:
    """(7, n) minutes: all as in the first year, the last apart."""
    first = [one for one, _ in (*wives, *husbands)]
    return np.array([first] * APART + [[last for _, last in (*wives, *husbands)]])


def test_of_men_who_start_those_of_active_wives_are_held_against_those_of_wives_who_are_not():
    wives = [(ACTIVE, ACTIVE)] * 8 + [(IDLE, IDLE)] * 8
    husbands = [(IDLE, ACTIVE)] * 4 + [(IDLE, IDLE)] * 4 + [(IDLE, ACTIVE)] * 2 + [(IDLE, IDLE)] * 6
    people, minutes = couples_of([(50, 52)] * 16), years_of(wives, husbands)
    assert partner_starts(people, minutes, np.ones(32)) == {
        "partner_starts_odds_ratio": pytest.approx((4 / 4) / (2 / 6))
    }


def test_men_who_were_active_wives_who_changed_and_other_ages_are_left_out():
    wives = [(ACTIVE, ACTIVE)] * 4 + [(IDLE, IDLE)] * 4
    husbands = [(IDLE, ACTIVE)] * 2 + [(IDLE, IDLE)] * 2 + [(IDLE, ACTIVE)] * 1 + [(IDLE, IDLE)] * 3
    aside = [((IDLE, ACTIVE), (IDLE, ACTIVE))] * 5 + [((ACTIVE, ACTIVE), (ACTIVE, ACTIVE))] * 5
    young = [((IDLE, IDLE), (IDLE, ACTIVE))] * 5
    people = couples_of([(50, 52)] * 18 + [(40, 45)] * 5)
    assert of_age(people).shape == (2, 18)
    minutes = years_of(wives + [w for w, _ in aside + young], husbands + [h for _, h in aside + young])
    found = partner_starts(people, minutes, np.ones(46))["partner_starts_odds_ratio"]
    assert found == pytest.approx((2 / 2) / (1 / 3))


def test_nothing_is_told_of_fewer_years_than_the_study_has():
    people = couples_of([(50, 52)] * 3)
    assert partner_starts(people, np.full((APART, 6), IDLE), np.ones(6)) == {"partner_starts_odds_ratio": 1.0}


def test_no_two_strata_of_couples_are_taken_for_one():
    """Columns are of one byte: six bands of age in hundreds would run over."""
    bands, fifths, conditions = (
        one.ravel().astype(np.uint8) for one in np.meshgrid(range(6), range(1, 6), range(2))
    )
    people = SimpleNamespace(age_band=bands, imd_quintile=fifths, condition=conditions)
    rows = np.arange(len(bands))
    assert len(set(shares.couples_strata(people, rows, rows).tolist())) == len(rows)
