"""An intervention that does nothing: the check that doing nothing changes nothing.

A check, not a plan: an intervention that does nothing must change nothing, not even the luck of one resident. `python
run.py compare none` shows it.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from model.delivery.programme import Programme
from model.delivery.settings import Intervention, Price


class Nothing(Intervention):
    """Does nothing and costs nothing. Every difference it makes is a fault of ours."""

    title: ClassVar[str] = "Nothing"
    inert: ClassVar[bool] = True
    idle: ClassVar[tuple[str, ...]] = ("where", "who", "need")

    type: Literal["none"] = "none"
    """An intervention that does nothing."""

    def usual_price(self) -> Price:
        """Nothing."""
        return Price(0.0, 0.0, 0.0)


class NothingProgramme(Programme, delivers=Nothing):
    """Reaches nobody and changes nothing."""
