"""A campaign: posters, radio and social media that tell people of places and programmes.

Posters, radio and social media. Each week some of the people it is for take notice, those with know-how a little more
often; they come to know the nearest place of each kind and the programmes they could join, and gain a little motivation
that fades again. It works through news. Usual price: £15,000 to make it, and £400 a week for each hundredth of the
people reached a week.

*Expect:* a campaign by itself moves almost nobody, because hearing is not doing; beside a programme with room a few more
come, and rather the better-off. Led walks that invite people themselves gain little from it.

*What is known and what is guessed:* its reach and its `lift` are guesses. Three studies of mass media found more people
walking enough (relative risk 1.53, 1.25 to 1.87, I053), and campaigns claim far more of themselves (I052); the model
does not reproduce that, since its `lift` is set low on purpose. Raise it if you believe them.

```yaml
schema_version: 1
name: Tell everyone
interventions:
  - type: campaign
    when: {start_week: 26, weeks: 52}
    reach_per_week: 0.05
    about: both
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

import model
from model.delivery.ahead import Doubt, Offer
from model.delivery.membership import Membership
from model.delivery.programme import Programme, full_weeks, peak, real_people
from model.delivery.settings import Intervention, Price, figure
from model.delivery.telling import make_known, tell_of_programmes

if TYPE_CHECKING:
    from model.state import State


class Campaign(Intervention):
    """Mass media. It works by news, and hardly by itself: hearing is not doing."""

    title: ClassVar[str] = "Campaign"
    example: ClassVar[str] = """\
reach_per_week: 0.02          # share of people who take notice in a week
about: both                   # places | programmes | both
"""
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


# ------------------------------------------------------------------------------------------------ delivery


class CampaignProgramme(Programme, delivers=Campaign):
    """Mass media. Acts through news of places and programmes, and a little motivation."""

    settings: Campaign

    def offer(self, state: State, weeks: int) -> Offer:
        s = self.settings
        reached = s.reach_per_week * real_people(state, self.meant(state))
        return Offer("people who take notice in a week", "reach_per_week", reached * peak(s, weeks),
                     chance=reached * full_weeks(s, weeks))  # fmt: skip

    def doubts(self, state: State, weeks: int) -> list[Doubt]:
        with_places = any(isinstance(one, Membership) for one in state.programmes)
        if self.settings.about != "programmes" or with_places:
            return []
        return [Doubt("about", "tells of the plan's programmes, and it has none that people can join", False,
                      "programmes", "places, both")]  # fmt: skip

    def prepare(self, state: State) -> None:
        self.key = state.key(f"programme/{self.label}")
        self.work_out(state)

    def work_out(self, state: State) -> None:
        s, people = self.settings, state.people
        self.chance = np.where(
            self.meant(state), s.reach_per_week * np.exp(s.knowhow_effect * people.knowhow), 0.0
        )

    def hear(self, state: State) -> None:
        s, people = self.settings, state.people
        strength = s.when.strength(state.week)
        if strength <= 0:
            return
        notice = model.rng.uniform(self.key, people.id, state.clock) < self.chance * strength
        rows = np.flatnonzero(notice & s.who.levels[people.level])
        people.motivation[rows] += np.float32(s.lift)
        if s.about != "programmes":
            make_known(state, rows, 1)
        if s.about != "places":
            tell_of_programmes(state, rows)
