"""Slots: strong ties kept as rows in fixed slots; asking, tying and untying."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit


class Network(NamedTuple):
    """Who knows whom, read only; shapes as in `model.population.ties.Ties`."""

    strong: np.ndarray
    strong_degree: np.ndarray
    weak_start: np.ndarray
    weak: np.ndarray


class LivingTies(NamedTuple):
    """All of `model.population.ties.Ties`: who knows whom, and what changes it."""

    strong: np.ndarray
    strong_degree: np.ndarray
    weak_start: np.ndarray
    weak: np.ndarray
    trust: np.ndarray
    contact: np.ndarray
    room: np.ndarray
    met: np.ndarray
    hours: np.ndarray
    seen: np.ndarray


@njit(cache=True)
def tied(strong, degree, i, j):
    """Whether j is among the strong ties of i."""
    for slot in range(degree[i]):  # noqa: SIM110 - numba
        if strong[i, slot] == j:
            return True
    return False


@njit(cache=True)
def connect(strong, degree, i, j):
    """Tie i and j strongly; False when they are tied already, the same, or either has no free slot."""
    slots = strong.shape[1]
    if i == j or degree[i] >= slots or degree[j] >= slots or tied(strong, degree, i, j):
        return False
    strong[i, degree[i]] = j
    strong[j, degree[j]] = i
    degree[i] += 1
    degree[j] += 1
    return True


@njit(cache=True)
def drop(i, j, strong, degree, trust, contact):
    """Take j from the strong ties of i, if there. The others keep their order, trust and last contact."""
    last = degree[i] - 1
    found = False
    for slot in range(last + 1):
        found = found or strong[i, slot] == j
        if found and slot < last:
            strong[i, slot] = strong[i, slot + 1]
            trust[i, slot] = trust[i, slot + 1]
            contact[i, slot] = contact[i, slot + 1]
    if found:
        strong[i, last] = -1
        degree[i] = last


@njit(cache=True)
def clustering(strong, degree):
    """Mean local clustering: of the pairs of a resident's strong ties, the share who are tied."""
    total, counted = 0.0, 0
    for i in range(degree.shape[0]):
        d = degree[i]
        if d < 2:
            continue
        closed = 0
        for a in range(d):
            for b in range(a + 1, d):
                closed += tied(strong, degree, strong[i, a], strong[i, b])
        total += 2.0 * closed / (d * (d - 1.0))
        counted += 1
    return total / counted if counted else 0.0
