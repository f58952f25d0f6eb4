"""A barrier at work: some residents meet more or less of a quantity, from its first week to its last."""

from __future__ import annotations

import numpy as np

from model.interventions.barrier import Barrier
from model.programmes.ahead import Doubt
from model.programmes.base import Programme
from model.state import State


class BarrierChange(Programme):
    """Adds to what its people meet, and to nothing else: no chance, no members, no cost."""

    settings: Barrier  # type: ignore[assignment]
    FIXED = ("where", "who")

    def doubts(self, state: State, weeks: int) -> list[Doubt]:
        if self.settings.change:
            return []
        return [Doubt("change", "changes nothing", False, "0")]

    def prepare(self, state: State) -> None:
        self._meant = self.meant(state)
        self._rows: np.ndarray | None = None

    def contribute(self, state: State) -> None:
        s = self.settings
        amount = s.change * s.when.strength(state.week)
        if not amount:
            return
        if self._rows is None:
            # The group is chosen once: whoever it moves must not fall out of it.
            self._rows = np.flatnonzero(self._meant & s.who.levels[state.people.level])
        state.quantities.meet(s.quantity, amount, self._rows)

    def flows(self, state: State) -> dict[str, float]:
        return {"joined": 0.0, "completed": 0.0, "cost": 0.0, **self.stocks(state)}
