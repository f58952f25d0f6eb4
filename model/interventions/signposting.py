"""Signposting: a local finder online, and what people who are not online hear from others."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from model.interventions.base import Intervention, Price, figure

Share = Annotated[float, Field(ge=0, le=1)]


class Signposting(Intervention):
    """A finder of places and groups. It works by knowing: of places, programmes, and the nearest group with room."""

    title: ClassVar[str] = "Signposting"
    idle: ClassVar[tuple[str, ...]] = ("need",)

    type: Literal["signposting"] = "signposting"
    """A local finder of places and groups."""
    users_per_week: float = figure(
        0.001, 0, 0.5, "share/week", source="guess, 0.0002 to 0.01", quality="guess"
    )
    """Share of the people it is for who would look in a week, if they were online."""
    places: int = figure(3, 0, 10, "places", source="judgement")
    """Nearby places of each kind that a look makes known."""
    online: tuple[Share, Share, Share] = Field(
        (0.98, 0.9, 0.6), strict=False,
        json_schema_extra={"unit": "share", "source": "ONS internet users", "quality": "recalled"},
    )  # fmt: skip
    """Shares who are online: under 65, 65 to 74, 75 and over. The others hear from people who looked, as they hear of
    any place."""
    groups_within_km: float = figure(3.0, 0, 20, "km", source="judgement")
    """How far a group may meet from home to be shown. Being shown is not being asked along by a friend."""

    def usual_price(self) -> Price:
        """Building the finder and keeping it right, GBP."""
        return Price(10000.0, 200.0, 0.0)
