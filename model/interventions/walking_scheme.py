"""Led walks: groups that meet every week at a place nearby and walk together.

Led walks that meet every week at a place nearby. People hear of them from leaflets, posters and each other, join if
they would, come about every other week, and drift off or stay. It works through the walk itself, the habit it leaves,
and the motivation that good company gives. Usual price: £1,000 to start a group, £37.50 a walk led by local people
(`peer`), £75 by paid staff (`professional`).

*Expect:* women and people over 55 come most; the most deprived come less and leave sooner; word of mouth is slow. When
the money ends most groups end, and habit and motivation fade over months; a group goes on by itself where one of its
members volunteers to organise it, which is likelier where peers led ([the model](ODD.md#712-movement-groups-and-organisers)).

```yaml
schema_version: 1
name: Walks for over 55s
interventions:
  - type: walking_scheme
    where: {imd_quintile: [1, 2]}
    who: {age: {min: 55}, level: [inactive, fairly_active]}
    when: {start_week: 26, weeks: 104, ramp_weeks: 13}
    groups: 12
    leaders: peer
    similar_age: true
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from model.delivery.ahead import Doubt, Offer, Spread
from model.delivery.membership import GO_ON, Membership, lasting_uptake
from model.delivery.programme import peak
from model.delivery.settings import Intervention, Price, Size, figure
from model.delivery.sites import meeting_places, nearest_site, sharing, whole
from model.outcomes.delivery import Served
from model.population.status import LEFT, MEMBER, NEVER, WAITING
from model.processes.joining import deprivation_risk

if TYPE_CHECKING:
    from model.state import State


SETUP_PER_GROUP = 1000.0
"""GBP to start a group: training leaders, checking routes, leaflets (judgement; 300 to 3,000)."""
WEEKLY_PER_WALK = {"peer": 37.5, "professional": 75.0}
"""GBP a walk. Peer: expenses, insurance and a share of a coordinator: 1,950 a year for the 44 people on the
books of one walk, 44 each (Walking for Health: 60 a walker, 30-150; I008, S044). Professional: paid hours
besides (judgement)."""


class WalkingScheme(Intervention):
    """Led walks: people hear of them, join, come, drift off or stay. They work by company and by habit."""

    title: ClassVar[str] = "Walking scheme"
    size: ClassVar[Size | None] = Size("groups", "walking group", "walking groups")
    example: ClassVar[str] = """\
where: {imd_quintile: [1, 2]}
groups: 10
leaders: peer                 # peer | professional
"""

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


# ------------------------------------------------------------------------------------------------ delivery


class WalkingSchemeProgramme(Membership, delivers=WalkingScheme):
    """Led walks. Acts through news, company on walks (experience, habit) and the walk itself."""

    settings: WalkingScheme

    def prepare(self, state: State) -> None:
        self.start_membership(state)
        self.work_out(state)

    def work_out(self, state: State) -> None:
        s, p, people = self.settings, state.parameters, state.people
        self.eligible = self.meant(state).astype(np.uint8)
        self.site_asset, self.books = self.groups(state)
        self.site, distance_km = nearest_site(state, self.site_asset)
        self.site_groups = np.rint(self.books * p.attendance / s.group_size)
        x_m, y_m = state.assets.x_m[self.site_asset], state.assets.y_m[self.site_asset]
        number = self.site_groups.astype(np.int64)
        self.pool = sharing(x_m, y_m, number, float(self.books.sum()) * state.sample)
        self.lasting = lasting_uptake(people, p, distance_km, s.leaders == "peer")
        alike = p.drop_alike if s.similar_age else 1.0
        self.risk = (deprivation_risk(people.imd_quintile, p) * alike).astype(np.float32)

    def groups(self, state: State) -> tuple[np.ndarray, np.ndarray]:
        """Where groups meet, and the places on the books there: both (sites,)."""
        s = self.settings
        zone_groups = whole(s.zone_shares(state.place.zones), s.groups)
        sites, site_groups = meeting_places(state, zone_groups, s.start)
        # Members come only some weeks, so a group of twelve has more on its books.
        return sites, site_groups * (s.group_size / state.parameters.attendance)

    def capacity(self, books: np.ndarray, sample: float, strength: float) -> np.ndarray:
        """(sites,) places in residents, at a share simulated and a strength of delivery."""
        return whole(books.astype(np.float64), float(books.sum()) * sample * strength)

    def offer(self, state: State, weeks: int) -> Offer:
        books, full = self.groups(state)[1], peak(self.settings, weeks)
        return Offer("places on the books of its groups", "groups", float(books.sum()) * full,
                     lambda sample: int(self.capacity(books, sample, full).sum()), room=True)  # fmt: skip

    def spread(self, state: State, weeks: int) -> Spread:
        s, shares = self.settings, self.settings.zone_shares(state.place.zones)
        books = s.group_size / state.parameters.attendance * peak(s, weeks)
        return Spread(whole(shares, s.groups) * books, int((shares > 0).sum()))

    def doubts(self, state: State, weeks: int) -> list[Doubt]:
        if self.settings.invite_per_week:
            return []
        return [Doubt("invite_per_week", "nobody hears of it from the scheme itself; unless another plan tells of "
                      "it, nobody joins", False, "0")]  # fmt: skip

    def afterwards(self, state: State) -> str:
        return GO_ON

    def hear(self, state: State) -> None:
        strength = self.settings.when.strength(state.week)
        if strength > 0:
            self.spread_word(state, self.settings.invite_per_week * strength)

    def attend(self, state: State) -> None:
        if self.settings.when.strength(state.week) > 0:
            self.turn_up(state, self.status, self.settings.walks_per_week, float(self.settings.minutes))

    def recruit(self, state: State) -> None:
        strength = self.settings.when.strength(state.week)
        if strength <= 0:
            self.close(state)
            return
        self.lose(state, self.status, self.since)
        length = self.settings.length_weeks
        self.finish(state, length or int(state.parameters.complete_weeks), leaves=length is not None)
        self.list_wanting(state, self.lasting)
        self.admit(state, self.capacity(self.books, state.sample, strength))

    def served(self, state: State) -> list[Served]:
        """Members and people waiting at each venue, and the places its groups have on their books."""
        strength = self.settings.when.strength(state.week)
        rows = [np.flatnonzero(self.status == status) for status in (MEMBER, WAITING)]
        rows += [np.concatenate([*told, []]).astype(np.int64) for told in (self.newcomers, self.completers)]
        names = ("members", "waiting", "joined", "completed")
        told = {name: self.at_sites(state, here) for name, here in zip(names, rows, strict=True)}
        room, groups = self.books * strength, self.site_groups * (strength > 0)
        return [Served("group", self.site_asset, {**told, "room": room, "groups": groups})]

    def introduce(self, state: State, rows: np.ndarray) -> np.ndarray:
        """Put people whom somebody brings along on the list; returns which of `rows` it takes, (rows,) bool."""
        running = self.settings.when.strength(state.week) > 0
        taken: np.ndarray = (self.eligible[rows] == 1) & (self.status[rows] == NEVER) & running
        self.aware[rows[taken]] = 1
        self.status[rows[taken]] = WAITING
        self.asked[rows[taken]] = state.clock
        return taken

    def close(self, state: State) -> None:
        """When money ends, groups go on by themselves where members volunteer to organise them; the others end."""
        s, p = self.settings, state.parameters
        size = max(round(s.group_size / p.attendance), 2)
        share = 1.0 if s.leaders == "peer" else float(p.carry_on_professional)
        self.go_on_alone(state, np.flatnonzero(self.status == MEMBER), self.since, size, share)
        self.status[(self.status == WAITING) | (self.status == MEMBER)] = LEFT
