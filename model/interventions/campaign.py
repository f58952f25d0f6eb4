"""A campaign: posters, radio and social media that tell people of places and programmes."""

from __future__ import annotations

from typing import ClassVar, Literal

from model.interventions.base import Intervention, Price, figure


class Campaign(Intervention):
    """Mass media. It works by news, and hardly by itself: hearing is not doing."""

    title: ClassVar[str] = "Campaign"
    idle: ClassVar[tuple[str, ...]] = ("need",)

    type: Literal["campaign"] = "campaign"
    """Mass media about moving."""
    reach_per_week: float = figure(0.02, 0, 1, "share/week", source="guess, 0.005 to 0.2", quality="guess")
    """Share of the people it is for who take notice in a week."""
    about: Literal["places", "programmes", "both"] = "both"
    """What it tells of: a place nearby for each kind of activity, the plan's programmes, or both."""
    lift: float = figure(
        0.005, 0, 0.1, "logit", source="mass media alone moves almost nobody; guess", quality="guess"
    )
    """Motivation gained in a week of taking notice; it fades like any other."""
    knowhow_effect: float = figure(
        0.2, 0, 1, "logit per SD", source="better-off people notice more; judgement"
    )
    """How much likelier people with know-how are to take notice."""

    def usual_price(self) -> Price:
        """Making it, and media by the reach asked for, GBP."""
        return Price(15000.0, 40000.0 * self.reach_per_week, 0.0)
