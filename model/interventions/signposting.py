"""Signposting: a local finder online, and what people who are not online hear from others.

A local finder online. Who is online and looks comes to know some nearby places of each kind and the programmes they
could join, and is shown the nearest group with room; they join it if they would when a stranger asked. People who are
not online hear from those who looked, as they hear of any place. It works through knowing. Usual price: £10,000 to
build it, £200 a week to keep it right.

*Expect:* many looks and few who join: being shown a group is not being asked along by a friend. Older people look less.

*What is known and what is guessed:* the shares online are from national statistics, recalled; how many look is a guess.
No controlled effect of a finder was looked at.

```yaml
schema_version: 1
name: What is on near you
interventions:
  - type: signposting
    when: {start_week: 26}
    users_per_week: 0.002
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

import model
from model import processes
from model.delivery.ahead import Offer
from model.delivery.programme import Programme, full_weeks, peak, real_people
from model.delivery.settings import Intervention, Price, figure
from model.delivery.telling import make_known, tell_of_programmes
from model.outcomes.delivery import Served
from model.outcomes.record import UNIT

if TYPE_CHECKING:
    from model.state import State


Share = Annotated[float, Field(ge=0, le=1)]


class Signposting(Intervention):
    """A finder of places and groups. It works by knowing: of places, programmes, and the nearest group with room."""

    title: ClassVar[str] = "Signposting"
    example: ClassVar[str] = """\
users_per_week: 0.001         # share of people who look in a week
"""
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


# ------------------------------------------------------------------------------------------------ delivery


class SignpostingProgramme(Programme, delivers=Signposting):
    """A finder. Acts through knowing of places and programmes, and by showing groups that would take people in."""

    settings: Signposting

    def offer(self, state: State, weeks: int) -> Offer:
        s, meant = self.settings, self.meant(state)
        online = float(state.weight[meant] @ self.online(state)[meant]) / UNIT
        looks = s.users_per_week * online
        return Offer("people who look in a week", "users_per_week", looks * peak(s, weeks),
                     chance=looks * full_weeks(s, weeks))  # fmt: skip

    def online(self, state: State) -> np.ndarray:
        """(n,) chance of being online, by age."""
        age = state.people.age
        chance: np.ndarray = np.array(self.settings.online)[(age >= 65).astype(int) + (age >= 75)]
        return chance

    def prepare(self, state: State) -> None:
        self.key = state.key(f"programme/{self.label}")
        self.looked = np.zeros(state.people.n, dtype=bool)
        self.work_out(state)

    def work_out(self, state: State) -> None:
        people = state.people
        online = model.rng.uniform(state.key(f"programme/{self.label}/online"), people.id) < self.online(
            state
        )
        self.users = self.meant(state) & online

    def hear(self, state: State) -> None:
        s, people = self.settings, state.people
        strength = s.when.strength(state.week)
        if strength <= 0:
            return
        looks = model.rng.uniform(self.key, people.id, state.clock) < s.users_per_week * strength
        rows = np.flatnonzero(looks & self.users & s.who.levels[people.level])
        make_known(state, rows, s.places)
        tell_of_programmes(state, rows)
        self.joined_now += real_people(state, rows[~self.looked[rows]])
        self.looked[rows] = True
        for row in state.in_order(rows):
            processes.founding.show_group(state, int(row), s.groups_within_km)

    def served(self, state: State) -> list[Served]:
        """People who looked for the first time; no venue."""
        return [Served("finder", np.array([-1]), {"joined": self.joined_now})]

    def ever_joined(self, state: State) -> np.ndarray:
        return self.looked
