"""Residents as Mesa's agents: each a light view of one row of the columns, made when somebody asks."""

from __future__ import annotations

from typing import Any, Protocol

import mesa
import numpy as np

from model.errors import Fault, InputError, nearest
from model.population.columns import KINDS, RESIDENT, Column
from model.state import State

FIXED_NUMBER = "residents cannot be {}: a town's residents are rows of its columns, made when it is built"


class Town(Protocol):
    """A town whose residents are looked at (model/town/town.py)."""

    state: State

    def cell_at(self, flat: int) -> Any: ...

    def resident(self, row: int) -> Resident: ...


class Resident(mesa.Agent):
    """One resident: reads and writes one row of the columns, so nothing is kept twice. Views of one row are equal."""

    def __init__(self, model: Town, row: int) -> None:
        # Mesa's own constructor would count and keep every agent for ever; a view needs neither.
        self.model = model
        self.row = row
        self.unique_id = int(model.state.people.id[row])
        self.pos = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Resident) and self.row == other.row and self.model.state is other.model.state

    def __hash__(self) -> int:
        return hash(self.unique_id)

    def __getattr__(self, name: str) -> Any:
        column = RESIDENT.get(name)
        if column is None:
            hint = nearest(name, [*RESIDENT, "friends", "home_cell", "cell"])
            raise AttributeError(f"a resident has no {name!r}. {hint or ''}".rstrip())
        value = getattr(self.model.state.people, name)[..., self.row]
        if column.levels:
            return column.levels[int(value)]
        return value.item() if np.ndim(value) == 0 else dict(zip(KINDS, value.tolist(), strict=False))

    def __setattr__(self, name: str, value: Any) -> None:
        column = RESIDENT.get(name)
        if column is None:
            object.__setattr__(self, name, value)
            return
        getattr(self.model.state.people, name)[..., self.row] = _fitting(column, value)

    @property
    def home_cell(self) -> Any:
        """The Mesa cell of home."""
        return self.model.cell_at(int(self.model.state.people.cell[self.row]))

    @property
    def cell(self) -> Any:
        """The Mesa cell where this resident mostly was this week: a place, or home."""
        state = self.model.state
        place = int(state.people.place[self.row])
        return self.model.cell_at(int(state.people.cell[self.row] if place < 0 else state.assets.cell[place]))

    @property
    def friends(self) -> list[Resident]:
        """Strong ties."""
        ties = self.model.state.ties
        return [
            self.model.resident(int(row)) for row in ties.strong[self.row, : ties.strong_degree[self.row]]
        ]

    def remove(self) -> None:
        raise InputError(Fault(FIXED_NUMBER.format("removed"), key="remove",
                               hint="Select others: town.agents.select(...)."))  # fmt: skip

    @classmethod
    def create_agents(cls, *arguments: Any, **named: Any) -> Any:
        raise InputError(Fault(FIXED_NUMBER.format("added"), key="create_agents"))

    def __repr__(self) -> str:
        return f"Resident({self.unique_id}, {self.age}, {self.sex}, {self.level})"


def _fitting(column: Column, value: Any) -> Any:
    """`value` as the column holds it: a level by name, a number in its bounds, numbers of kinds as a dictionary."""
    if column.levels and isinstance(value, str):
        if value not in column.levels:
            raise InputError(Fault("unknown level", key=column.name, found=value, allowed=", ".join(column.levels),
                                   hint=nearest(value, column.levels)))  # fmt: skip
        return column.levels.index(value)
    if isinstance(value, dict):
        if column.width != len(KINDS) or set(value) != set(KINDS):
            raise InputError(Fault("takes a number for each kind of activity", key=column.name,
                                   found=", ".join(map(str, value)), allowed=", ".join(KINDS)))  # fmt: skip
        value = [value[kind] for kind in KINDS]
    low, high = _bounds(column)
    numbers = np.asarray(value, dtype=np.float64)
    if not ((numbers >= low) & (numbers <= high)).all():
        raise InputError(
            Fault("out of bounds", key=column.name, found=str(value), allowed=f"{low:g} to {high:g}")
        )
    return value


def _bounds(column: Column) -> tuple[float, float]:
    """The least and the largest value, as declared, else as its type can hold."""
    kind = np.dtype(column.dtype)
    held = np.iinfo(kind) if kind.kind in "iu" else np.finfo(kind)
    return (
        float(held.min if column.low is None else column.low),
        float(held.max if column.high is None else column.high),
    )
