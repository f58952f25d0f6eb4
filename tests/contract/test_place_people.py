"""`place show --people`: margins hold, and there are no hubs by accident."""

from __future__ import annotations

from model.synthesis.people import people_report


def test_residents_hold_the_margins_and_ties_are_plausible(erewash):
    report = people_report(erewash, seed=5, sample=0.2)
    assert max(report["margins_largest_gap"].values()) <= 1.01
    ties = report["ties"]
    assert 7.5 < ties["strong_mean"] < 8.5 and ties["strong_max"] <= 12 and ties["weak_max"] <= 20
    assert 0.12 < ties["clustering"] < 0.45
    assert 0.35 < ties["age_correlation"] < 0.65
    assert ties["friends_distance_median_m"] < 2000
