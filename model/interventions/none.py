"""An intervention that does nothing: the check that doing nothing changes nothing."""

from __future__ import annotations

from typing import ClassVar, Literal

from model.interventions.base import Intervention


class Nothing(Intervention):
    """Does nothing and costs nothing. Every difference it makes is a fault of ours."""

    title: ClassVar[str] = "Nothing"
    idle: ClassVar[tuple[str, ...]] = ("where", "who", "need")

    type: Literal["none"] = "none"
    """An intervention that does nothing."""
