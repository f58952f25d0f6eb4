"""Social prescribing: the practice refers, a link worker plans with the person, a group takes them in."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from model.interventions.base import Intervention, Price, figure

YEARLY_PER_LINK_WORKER = 40159.0
"""GBP a year for a full-time link worker: the most a primary care network is repaid, 34,113-40,159 (I037)."""
SETUP_PER_LINK_WORKER = 2000.0
"""GBP to recruit, train and equip one (judgement; 1,000 to 5,000)."""
WEEKS_PER_YEAR = 52


class SocialPrescribing(Intervention):
    """Link workers in general practice: they work by a plan with each person and the groups it leads to."""

    title: ClassVar[str] = "Social prescribing"

    type: Literal["social_prescribing"] = "social_prescribing"
    """Referral by the practice to a link worker, and onward to a group."""
    link_workers: float = figure(2.0, 0, 200, "full-time equivalents", source="your choice")
    """Link workers at full size."""
    caseload: int = figure(
        225, 1, 1000, "people a year for each", source="200-250 a year (I036)", quality="measured"
    )
    """People one full-time link worker sees in a year."""
    accept: float = figure(
        0.88, 0, 1, "share", source="12% of referrals refused, 10.6-22.2 (S084)", quality="measured"
    )
    """Share of people referred who accept."""
    engage: float = figure(
        0.76,
        0,
        1,
        "share",
        source="Ways to Wellness: 76% of the referred, 70-80 (S091); England's"
        " practices may do worse, 50-79 (I039)",
        quality="derived",
    )
    """Share of people referred and accepting who start on a plan."""
    sessions: int = figure(9, 1, 50, "meetings", source="6 to 12 contacts each (I036)", quality="measured")
    """Meetings with the link worker over the plan."""
    plan_weeks: int = figure(
        26,
        1,
        260,
        "weeks",
        source="6-12 contacts (I036) two to four weeks apart; the long "
        "programme at Newcastle kept people 21 months on average (S092)",
    )
    """Weeks a plan lasts."""
    onward: tuple[Literal["walking_group", "community"], ...] = Field(
        default=("walking_group", "community"), min_length=1, max_length=2, strict=False
    )
    """What plans lead on to: walking_group = a led walk with room; community = what is nearby."""
    referral: Literal["gp"] = "gp"
    """How people come: gp = through the practice, as 78% do (S090)."""

    def usual_price(self) -> Price:
        """Set-up and weekly cost by number of link workers, GBP."""
        weekly = YEARLY_PER_LINK_WORKER / WEEKS_PER_YEAR
        return Price(SETUP_PER_LINK_WORKER * self.link_workers, weekly * self.link_workers, 0.0)

    @property
    def places_per_week(self) -> float:
        """People who can start with a link worker in a week at full size."""
        return self.link_workers * self.caseload / WEEKS_PER_YEAR
