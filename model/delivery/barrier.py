"""A barrier put up or taken away: a named quantity that a group of people meets more or less of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from model.delivery.ahead import Doubt
from model.delivery.programme import Programme
from model.delivery.settings import When
from model.delivery.targeting import Settings, Text, Where, Who
from model.quantities import MET

if TYPE_CHECKING:
    from model.state import State

    Name = str
else:  # the names are spelled once, in quantities.py; a checker of types cannot see through them
    Name = Literal[tuple(MET)]


class Barrier(Settings):
    """“And if the streets felt safe for older women?”: what stands in some people's way, changed, at no cost."""

    quantity: Name
    """What is changed, as these people meet it."""
    change: float = Field(ge=-100, le=100)
    """Added to the quantity for these people; the sum stays within the quantity's bounds."""
    name: Text | None = None
    """A name of your own, for the page and the report."""
    where: Where = Where()
    """The zones in which these people live; left out: the whole place."""
    who: Who = Who()
    """The people meant, by levels as they are when it begins; left out: every adult."""
    when: When = When()
    """From when to when; left out: always."""
    evidence: tuple[str, ...] = Field(default=(), max_length=50, strict=False)
    """Where its numbers come from: publications, reports, local knowledge."""

    type: ClassVar[str] = "barrier"
    inert: ClassVar[bool] = False
    delivery: ClassVar[Any]
    """What changes it in a town: `BarrierChange` below."""

    @field_validator("change")
    @classmethod
    def _within(cls, change: float, info: ValidationInfo) -> float:
        met = MET.get(info.data.get("quantity", ""))
        if met is not None and abs(change) > met.most:
            allowed = f"a number from {-met.most:g} to {met.most:g} for {info.data['quantity']} ({met.unit})"
            raise PydanticCustomError("out_of_range", "is out of range", {"allowed": allowed})
        return change

    @property
    def title(self) -> str:
        """What is changed, in plain words."""
        return self.name or f"{'More' if self.change > 0 else 'Less'} of: {MET[self.quantity].meaning}"

    @property
    def label(self) -> str:
        """All that it says, so that the order of a scenario's barriers cannot matter."""
        return f"barrier {json.dumps(self.model_dump(mode='json'), sort_keys=True)}"


# ------------------------------------------------------------------------------------------------ delivery


class BarrierChange(Programme, delivers=Barrier):
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
