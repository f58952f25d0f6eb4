"""Chance is a function: known answers, no correlation between neighbours, purposes apart."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from model import rng

F = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("key", "counter", "words"),
    [
        (0, (0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        (0xFFFFFFFFFFFFFFFF, (F, F, F, F), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    ],
)
def test_philox_gives_the_published_answers(key, counter, words):
    assert tuple(int(word) for word in rng.philox(np.uint64(key), *counter)) == words


def test_third_known_answer_of_the_authors():
    key = np.uint64((0x299F31D0 << 32) | 0xA4093822)
    words = rng.philox(key, 0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344)
    assert [int(word) for word in words] == [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]


def test_uniforms_are_uniform_and_strictly_inside():
    u = rng.uniform(rng.key(1, 0, "a"), np.arange(200_000))
    assert u.min() > 0.0 and u.max() < 1.0
    assert stats.kstest(u, "uniform").pvalue > 1e-4


def test_normal_is_the_quantile_function():
    u = np.concatenate(
        [np.linspace(1e-9, 1e-3, 50), np.linspace(0.001, 0.999, 999), 1 - np.linspace(1e-9, 1e-3, 50)]
    )
    made = np.array([rng.normal(value) for value in u])
    assert np.max(np.abs(made - stats.norm.ppf(u)) / np.maximum(1, np.abs(made))) < 2e-9
    assert np.all(np.diff(np.array([rng.normal(value) for value in np.unique(u)])) > 0)


@pytest.mark.parametrize("changed", ["seed", "replicate", "purpose", "week", "slot"])
def test_every_part_of_the_address_makes_new_luck(changed):
    ids = np.arange(20_000)
    base = rng.uniform(rng.key(3, 0, "a"), ids, 5, 1)
    other = {
        "seed": lambda: rng.uniform(rng.key(4, 0, "a"), ids, 5, 1),
        "replicate": lambda: rng.uniform(rng.key(3, 1, "a"), ids, 5, 1),
        "purpose": lambda: rng.uniform(rng.key(3, 0, "b"), ids, 5, 1),
        "week": lambda: rng.uniform(rng.key(3, 0, "a"), ids, 6, 1),
        "slot": lambda: rng.uniform(rng.key(3, 0, "a"), ids, 5, 2),
    }[changed]()
    assert abs(np.corrcoef(base, other)[0, 1]) < 0.03


def test_neighbours_in_id_are_not_alike():
    u = rng.uniform(rng.key(3, 0, "a"), np.arange(50_001))
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 0.02


def test_a_draw_depends_on_the_id_and_not_on_its_position():
    ids = np.arange(1000)
    shuffled = ids[::-1].copy()
    assert np.array_equal(
        rng.uniform(rng.key(1, 0, "a"), ids), rng.uniform(rng.key(1, 0, "a"), shuffled)[::-1]
    )
