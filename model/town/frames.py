"""Residents and their ties as data frames, and as a networkx graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from model.limits import MEAN_WEEKS_A_YEAR
from model.population.columns import KINDS, RESIDENT
from model.state import State

BRIEF = (
    "age",
    "sex",
    "ethnicity",
    "disability",
    "imd_quintile",
    "household",
    "level",
    "minutes_mean",
    "x_m",
    "y_m",
)
"""What each node of the graph carries."""


def residents(state: State) -> pd.DataFrame:
    """One row a resident by identity (index `id`), in the order of rows; every column of model/population/columns.py.

    Levels are categories by name, the zone is its code, and a column with a number for each kind of activity becomes
    one for each, as `minutes_gym`.
    """
    columns: dict[str, Any] = {}
    for name, column in RESIDENT.items():
        values = getattr(state.people, name)
        if name == "zone":
            codes = [str(code) for code in state.place.zones["code"]]
            columns[name] = pd.Categorical.from_codes(values.astype(np.int64), categories=pd.Index(codes))
        elif column.levels:
            columns[name] = pd.Categorical.from_codes(
                values.astype(np.int64), categories=pd.Index(column.levels)
            )
        elif column.width == 1:
            columns[name] = values.copy()
        else:
            ends = KINDS if column.width == len(KINDS) else range(1, column.width + 1)
            columns |= {f"{name}_{end}": one.copy() for end, one in zip(ends, values, strict=True)}
    return pd.DataFrame(columns).set_index("id")


def ties(state: State) -> pd.DataFrame:
    """One row a tie, each once: `one` and `other` (identities), `strength` (strong or weak), `household` (bool),
    `trust` (0-1, of `one` in this week; nan of a weak tie), `distance_m` between homes."""
    people, own = state.people, state.ties
    row, slot = np.nonzero(own.strong >= 0)
    once = row < own.strong[row, slot]
    row, slot = row[once], slot[once]
    one, other = own.weak_pairs()
    # A weak tie that has become strong is told once.
    still = ~(own.strong[one] == other[:, None]).any(axis=1)
    one, other = one[still], other[still]
    first, second = np.concatenate([row, one]), np.concatenate([own.strong[row, slot], other])
    strong = np.arange(len(first)) < len(row)
    trust = np.full(len(first), np.nan)
    p = state.parameters
    if len(own.trust):
        years = (state.clock - own.contact[row, slot].astype(np.int64)) / MEAN_WEEKS_A_YEAR
        trust[strong] = p.trust_rest + (own.trust[row, slot] - p.trust_rest) * (1.0 - p.trust_return) ** years
    return pd.DataFrame({
        "one": people.id[first], "other": people.id[second],
        "strength": pd.Categorical(np.where(strong, "strong", "weak"), categories=["strong", "weak"]),
        "household": people.household[first] == people.household[second],
        "trust": trust,
        "distance_m": np.hypot(people.x_m[first] - people.x_m[second], people.y_m[first] - people.y_m[second]),
    })  # fmt: skip


def graph(state: State, weak: bool = False) -> Any:
    """An undirected networkx Graph: nodes are identities with `BRIEF`, edges strong ties (and `weak` ones) with
    `strength`, `household`, `trust` and `distance_m`."""
    import networkx

    edges = ties(state)
    if not weak:
        edges = edges[edges["strength"] == "strong"]
    nodes = residents(state)[list(BRIEF)]
    made = networkx.Graph()
    made.add_nodes_from(zip(nodes.index.tolist(), nodes.to_dict("records"), strict=True))
    more = edges[["strength", "household", "trust", "distance_m"]].to_dict("records")
    made.add_edges_from(zip(edges["one"].tolist(), edges["other"].tolist(), more, strict=True))
    return made
