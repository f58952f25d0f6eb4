"""Led walks: groups that meet every week at a place nearby and walk together."""

from __future__ import annotations

from typing import ClassVar, Literal

from model.interventions.base import Intervention, Price, figure

SETUP_PER_GROUP = 1000.0
"""GBP to start a group: training leaders, checking routes, leaflets (judgement; 300 to 3,000)."""
WEEKLY_PER_WALK = {"peer": 37.5, "professional": 75.0}
"""GBP a walk. Peer: expenses, insurance and a share of a coordinator: 1,950 a year for the 44 people on the
books of one walk, 44 each (Walking for Health: 60 a walker, 30-150; I008, S044). Professional: paid hours
besides (judgement)."""


class WalkingScheme(Intervention):
    """Led walks: people hear of them, join, come, drift off or stay. They work by company and by habit."""

    title: ClassVar[str] = "Walking scheme"

    type: Literal["walking_scheme"] = "walking_scheme"
    """Led walks from places nearby."""
    groups: int = figure(
        10, 1, 500, "groups", source="your choice; England had about 3 a 100,000 people (S042)"
    )
    """Groups at full size."""
    group_size: int = figure(
        12, 2, 100, "people a walk", source="11 walkers a led walk (I006)", quality="derived"
    )
    """Places on each walk; about a quarter of the people on the books come in a week (S043)."""
    walks_per_week: int = figure(
        1, 1, 7, "walks/week", source="Walking for Health: weekly walks (S044)", quality="measured"
    )
    """Walks of each group in a week."""
    minutes: int = figure(60, 10, 240, "minutes", source="judgement: health walks last 30 to 90 minutes")
    """Length of a walk."""
    leaders: Literal["peer", "professional"] = "peer"
    """Who leads: peer = trained local people, like those who walk; professional = paid staff. Both do
    equally well (S071-S073); peers draw in people like themselves a little more easily."""
    length_weeks: int | None = figure(None, 1, 1560, "weeks")
    """Weeks a person may stay; left out: as long as they like."""
    invite_per_week: float = figure(0.01, 0, 1, "share/week", source="guess, 0.001 to 0.05", quality="guess")
    """Share of the people it is for who hear of it in a week from the scheme itself: leaflets, posters."""
    start: Literal["community_centre", "park", "path"] = "community_centre"
    """The kind of place where walks begin and end."""
    similar_age: bool = False
    """true: each group is for people of about one age, which keeps more of them coming (d = 0.51, S069)."""

    def usual_price(self) -> Price:
        """Set-up and weekly cost by number of groups and walks, GBP."""
        walks = self.groups * self.walks_per_week
        return Price(SETUP_PER_GROUP * self.groups, WEEKLY_PER_WALK[self.leaders] * walks, 0.0)

    @property
    def places_per_week(self) -> int:
        """Places on walks in a week at full size."""
        return self.groups * self.group_size * self.walks_per_week
