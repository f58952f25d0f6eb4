"""Community champions: local people who tell others, start groups and bring on organisers."""

from __future__ import annotations

from typing import ClassVar, Literal

from model.interventions.base import Intervention, Price, figure

SETUP_PER_CHAMPION = 250.0
"""GBP to find and train one champion (judgement; 100 to 1,000)."""
WEEKLY_PER_CHAMPION = {"peer": 12.0, "professional": 120.0}
"""GBP a week. Peer: expenses and a share of a coordinator, about 3,000 for each who becomes active over four years
(S169); professional: some paid hours (judgement)."""


class CommunityChampions(Intervention):
    """People trained to get others going. They work by news along their own ties, and by groups and organisers."""

    title: ClassVar[str] = "Community champions"

    type: Literal["community_champions"] = "community_champions"
    """Local people who get others going."""
    champions: int = figure(40, 1, 5000, "people", source="your choice")
    """People trained at full size."""
    seeding: Literal["random", "popular", "clustered", "least_active", "connected_place"] = "random"
    """Whom it looks for: random = anybody who is asked; popular = most close ties; clustered = friends together;
    least_active = those who move least; connected_place = people who go where most others go."""
    leaders: Literal["peer", "professional"] = "peer"
    """peer = people like those around them, who bring on others; professional = paid staff, who tell but start and
    organise nothing that would last."""
    active_share: float = figure(
        0.38, 0, 1, "share", source="1,500 active of 3,966 trained (S170)", quality="measured"
    )
    """Share of the trained who become active."""
    stays: float = figure(
        0.67, 0, 1, "share/year", source="a third of volunteers stop each year (S178)", quality="measured"
    )
    """Share still active after a year."""
    tells_per_week: float = figure(
        0.5, 0, 1, "people/week", source="5.8 people reached a champion (S173); guess", quality="guess"
    )
    """Ties whom an active champion tells of places nearby in a week, at most one."""
    starts_per_year: float = figure(
        0.5, 0, 10, "groups/year", source="0.5 new groups a 100 trained (S171) to 2.8 an organiser-year (S168)",
        quality="derived",
    )  # fmt: skip
    """Groups that an active champion tries to start in a year."""
    brings_on: float = figure(
        2.0, 0, 20, "times", source="organisers who develop others (S164, S189); guess", quality="guess"
    )
    """How many times as often, besides, members of groups that champions start are asked to help organise."""

    def usual_price(self) -> Price:
        """Training, then support of each champion, GBP."""
        return Price(
            SETUP_PER_CHAMPION * self.champions, WEEKLY_PER_CHAMPION[self.leaders] * self.champions, 0.0
        )
