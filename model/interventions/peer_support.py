"""Peer support: small groups of people in the same situation who get going together."""

from __future__ import annotations

from typing import ClassVar, Literal

from model.interventions.base import Intervention, Price, figure

SETUP_PER_GROUP = 800.0
"""GBP to find and prepare the peers who lead a group (judgement; 300 to 2,000)."""
WEEKLY_PER_GROUP = {"peer": 30.0, "professional": 75.0}
"""GBP a meeting: room, tea, expenses, and a share of a coordinator; paid hours besides when staff lead (judgement)."""


class PeerSupport(Intervention):
    """Small groups of people alike. They work by company, by staying in, and by what carries on afterwards."""

    title: ClassVar[str] = "Peer support"

    type: Literal["peer_support"] = "peer_support"
    """Small groups of people in the same situation."""
    groups: int = figure(20, 1, 500, "groups", source="your choice")
    """Groups at full size."""
    group_size: int = figure(8, 2, 30, "people", source="judgement; core teams are 3 to 8 (S191)")
    """Places at each meeting."""
    minutes: int = figure(45, 10, 240, "minutes", source="judgement")
    """Minutes of moving together at a meeting, once a week."""
    leaders: Literal["peer", "professional"] = "peer"
    """Who leads. Both do equally well while it lasts (S071-S073); groups that peers lead carry on more often."""
    length_weeks: int | None = figure(None, 1, 1560, "weeks")
    """Weeks a person may stay; left out: as long as they like."""
    invite_per_week: float = figure(0.01, 0, 1, "share/week", source="guess, 0.001 to 0.05", quality="guess")
    """Share of the people it is for who hear of it in a week from the scheme itself."""
    start: Literal["community_centre", "park", "path"] = "community_centre"
    """The kind of place where groups meet."""
    similar_age: bool = True
    """Each group is for people of about one age, which keeps more of them coming (d = 0.51, S069)."""
    buddies: float = figure(
        0.8, 0.4, 1, "ratio", source="similar others raise attendance (S069), support alone may not (S030); guess",
        quality="guess",
    )  # fmt: skip
    """Risk of leaving with a buddy who asks after you, against without."""

    walks_per_week: ClassVar[int] = 1

    def usual_price(self) -> Price:
        """Set-up and weekly cost by number of groups, GBP."""
        return Price(SETUP_PER_GROUP * self.groups, WEEKLY_PER_GROUP[self.leaders] * self.groups, 0.0)
