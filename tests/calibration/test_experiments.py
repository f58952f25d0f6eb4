"""The published network experiments on the rules of the town: signs that must hold, and limits."""

from __future__ import annotations

import numpy as np

from calibration.experiments.networks import at_random, attraction, diffuse, lattice, tipped
from model.kernels.persuasion import COMPLEX, NONE, SIMPLE
from model.parameters import Parameters


def clustering(network: np.ndarray) -> float:
    """Share of pairs of ties who are tied."""
    ties = [set(row.tolist()) for row in network]
    closed = [other in ties[one] for row in network for one in row for other in row if one != other]
    return float(np.mean(closed))


def test_networks_have_the_same_degree_and_differ_in_clustering():
    sheet = lattice()
    mixed = at_random(sheet, 1)
    for network in (sheet, mixed):
        assert network.shape == (128, 6)
        assert all(len(set(row)) == 6 and i not in row for i, row in enumerate(network.tolist()))
        assert all(i in network[j] for i, row in enumerate(network) for j in row)
    assert clustering(sheet) == 0.4 and clustering(mixed) < 0.1


def test_clustered_ties_carry_behaviour_and_random_ties_carry_news():
    uptake = attraction(0.54)
    far = {(clustered, mode): diffuse(clustered, uptake, mode, runs=100).reached.mean()
           for clustered in (True, False) for mode in (COMPLEX, SIMPLE, NONE)}  # fmt: skip
    assert far[True, COMPLEX] > far[False, COMPLEX]
    assert far[False, SIMPLE] > far[True, SIMPLE]
    assert far[True, COMPLEX] > far[True, NONE], "without reinforcement it goes less far"


def test_nobody_joins_what_nobody_wants_and_everybody_what_all_want():
    assert diffuse(True, -40.0, NONE, runs=5).reached.max() == 1 / 128
    assert diffuse(False, 40.0, NONE, runs=5).reached.min() == 1.0


def test_a_minority_tips_a_group_only_when_it_is_large_enough():
    assert not tipped(0.0, runs=30).any()
    assert tipped(0.5, runs=30).mean() > 0.9
    stubborn = Parameters.default().with_values({"threshold_mean": 0.6, "threshold_sd": 0.05})
    assert tipped(0.25, stubborn, runs=30).mean() < tipped(0.25, runs=30).mean()
