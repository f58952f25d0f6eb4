"""Support for a movement: small grants for groups that people run themselves, with or without strings."""

from __future__ import annotations

from typing import ClassVar, Literal

from model.interventions.base import Intervention, Price, figure
from model.parameters import WEEKS_A_YEAR

WEEKLY_COORDINATION = 350.0
"""GBP a week for somebody who makes small grants and coaches organisers: about half a post (judgement)."""


class MovementSupport(Intervention):
    """Grants, coaching and an occasion. It works by what people start and keep going: groups, organisers, energy."""

    title: ClassVar[str] = "Movement support"
    asks_level: ClassVar[bool] = False

    type: Literal["movement_support"] = "movement_support"
    """Support for groups that people run themselves."""
    grants_per_year: int = figure(40, 0, 5000, "grants/year", source="your choice")
    """Grants made in a year at full size, to groups in the zones it works in, by lot weighted by `need`."""
    grant: int = figure(
        1500,
        50,
        50000,
        "GBP",
        source="1,515 a project, 250 to 2,500 (S194); 2,300 (S199)",
        quality="measured",
    )
    """Money of one grant."""
    grant_weeks: int = figure(52, 4, 260, "weeks", source="judgement")
    """Weeks for which a grant helps."""
    strings: Literal["none", "heavy"] = "none"
    """none = trust and a short form; heavy = the same money commissioned, with targets and reports, which take a
    group's autonomy and with it energy and reach."""
    spur: float = figure(
        4.0,
        0,
        50,
        "times",
        source="guess: an offer of money and help to start brings people forward",
        quality="guess",
    )
    """How many times likelier, besides, somebody it is for is to start a group while it is on offer."""
    coaching: float = figure(
        1.0,
        0,
        10,
        "times",
        source="guess: organisers who are coached develop others (S189, S164)",
        quality="guess",
    )
    """How many times as often, besides, organisers bring on others while it is on offer. None under heavy strings."""
    trigger_week: int | None = figure(None, 0, 1559, "week")
    """Week of an event that stirs people up, if any: a threat, a celebration, a first walk by torchlight."""
    trigger_weeks: int = figure(
        6, 1, 52, "weeks", source="judgement; turnout after a crisis halves in 1.5 months (S113)"
    )
    """Weeks for which it stirs people up."""
    trigger_spur: float = figure(
        25.0, 0, 500, "times", source="25% of groups began against a threat (S144); guess", quality="guess"
    )
    """How many times likelier, besides, people are to start a group in those weeks."""

    def usual_price(self) -> Price:
        """A coordinator, and the grants spread over the weeks, GBP."""
        return Price(0.0, WEEKLY_COORDINATION + self.grants_a_week, 0.0)

    @property
    def grants_a_week(self) -> float:
        """Money planned for grants in a week at full size, GBP; those that find no group are not paid."""
        return self.grants_per_year * self.grant / WEEKS_A_YEAR
