"""Community champions: local people who tell others, start groups and bring on organisers.

Local people are found and trained; some become active. An active champion tells a close tie now and then of places and
programmes nearby, and brings them along to the nearest group within 3 km that has room. Champions of the `peer` kind
also try to start groups with their own close ties, organise the group they are in, and bring on others; `professional`
ones only tell, and stop when the money ends, while peers go on until they tire. They work through ties, so whom you look
for (`seeding`) matters, and matters differently under each setting of the switch `contagion`. Usual price: £250 to find
and train one; £12 a week for each peer, £120 for each professional, trained or active.

*Expect:* training by itself starts almost no groups. Of 3,966 people trained in England 38% stayed in touch, and 20 new
groups came of it: half a group for a hundred trained (S170, S171). A champion of the model *tries* `starts_per_year`
times a year; an attempt needs a champion who is active (150 minutes a week) and in no group, and enough friends who
come, so most attempts come to nothing. Champions found among the least active therefore hardly start groups at all.

*What is known and what is guessed:* the shares who become active and stay are measured; how many people a champion tells
rests on what programmes say of themselves (5.8 people each, S173); how often champions bring on others is a guess. Hubs
did no better than random seeds in one large trial (S032, S033): try both. Looking for `popular` people supposes that
somebody could find out who they are.

```yaml
schema_version: 1
name: Forty champions
interventions:
  - type: community_champions
    where: {imd_quintile: [1, 2]}
    when: {start_week: 26, weeks: 104, ramp_weeks: 13}
    champions: 40
    seeding: clustered
```
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

import model
from model import processes
from model.delivery.ahead import Doubt, Offer
from model.delivery.programme import Programme, few_left, peak, real_people
from model.delivery.settings import Intervention, Price, Size, figure
from model.delivery.telling import make_known, tell_of_programmes
from model.limits import MEAN_WEEKS_A_YEAR
from model.outcomes.delivery import Served

if TYPE_CHECKING:
    from model.state import State


SETUP_PER_CHAMPION = 250.0
"""GBP to find and train one champion (judgement; 100 to 1,000)."""
WEEKLY_PER_CHAMPION = {"peer": 12.0, "professional": 120.0}
"""GBP a week. Peer: expenses and a share of a coordinator, about 3,000 for each who becomes active over four years
(S169); professional: some paid hours (judgement)."""


class CommunityChampions(Intervention):
    """People trained to get others going. They work by news along their own ties, and by groups and organisers."""

    title: ClassVar[str] = "Community champions"
    size: ClassVar[Size | None] = Size("champions", "champion", "champions")
    example: ClassVar[str] = """\
champions: 40
seeding: random               # random | popular | clustered | least_active | connected_place
"""

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


# ------------------------------------------------------------------------------------------------ delivery


NEARBY_KM = 3.0
"""How far a group may meet to which a champion brings somebody (judgement)."""


class CommunityChampionsProgramme(Programme, delivers=CommunityChampions):
    """Champions. Acts through news along their own ties, the founding of groups and the organising of others."""

    settings: CommunityChampions

    def zones(self, state: State) -> np.ndarray:
        return self.settings.zone_shares(state.place.zones) > 0

    def offer(self, state: State, weeks: int) -> Offer:
        full = peak(self.settings, weeks)
        return Offer("champions trained", "champions", self.settings.champions * full,
                     lambda sample: self.wanted(sample, full), room=True)  # fmt: skip

    def doubts(self, state: State, weeks: int) -> list[Doubt]:
        s = self.settings
        if not s.active_share:
            return [
                Doubt("active_share", "champions are trained, and none of them becomes active", False, "0")
            ]
        return few_left("active_share", "trained champions who become active", s.active_share,
                        self.wanted(state.sample, peak(s, weeks)))  # fmt: skip

    def wanted(self, sample: float, strength: float) -> int:
        """Champions, in residents, at a share simulated and a strength of delivery."""
        return round(self.settings.champions * strength * sample + 1e-9)

    def prepare(self, state: State) -> None:
        people = state.people
        self.key = state.key(f"programme/{self.label}")
        self.active = np.zeros(people.n, dtype=bool)
        self.trained = np.zeros(people.n, dtype=bool)
        self.told = np.zeros(people.n, dtype=bool)
        self.work_out(state)

    def work_out(self, state: State) -> None:
        self.eligible = self.meant(state)

    def strength(self, state: State) -> Hashable:
        # Who is active changes with people who stop; that they stop at the end is their own choice too.
        return tuple(np.flatnonzero(self.active).tolist())

    def contribute(self, state: State) -> None:
        s, p = self.settings, state.parameters
        if not self.active.any() or s.leaders == "professional":
            return
        rows = np.flatnonzero(self.active)
        state.quantities.add("founding", 1000.0 * s.starts_per_year / p.group_found, rows)
        state.quantities.add("organising", s.brings_on, rows)

    def hear(self, state: State) -> None:
        """Active champions tell a strong tie of the nearest places and programmes, and bring them to a group nearby."""
        s, people, ties = self.settings, state.people, state.ties
        rows = state.in_order(np.flatnonzero(self.active & (ties.strong_degree > 0)))
        if not len(rows):
            return
        often = model.rng.uniform(self.key, people.id[rows], state.clock, 0) < s.tells_per_week
        rows = rows[often]
        pick = (
            model.rng.uniform(self.key, people.id[rows], state.clock, 1) * ties.strong_degree[rows]
        ).astype(np.int64)
        told = np.unique(ties.strong[rows, pick]).astype(np.int64)
        make_known(state, told, 1)
        tell_of_programmes(state, told)
        for row in state.in_order(told):
            processes.founding.show_group(state, int(row), NEARBY_KM, known=True)
        self.joined_now += real_people(state, told[~self.told[told]])
        self.told[told] = True

    def recruit(self, state: State) -> None:
        """Champions stop, and new ones are looked for while the programme runs."""
        s, people = self.settings, state.people
        rows = np.flatnonzero(self.active)
        if len(rows):
            leaves = 1.0 - s.stays ** (1.0 / MEAN_WEEKS_A_YEAR)
            self.active[rows[model.rng.uniform(self.key, people.id[rows], state.clock, 2) < leaves]] = False
        strength = s.when.strength(state.week)
        if strength > 0:
            wanted = self.wanted(state.sample, strength) - int(self.trained.sum())
            if wanted > 0:
                self.train(state, wanted)
        elif s.leaders == "professional":
            self.active[:] = False  # paid hours end with the money

    def train(self, state: State, wanted: int) -> None:
        """Train `wanted` more people by the rule of seeding; some become active, and organise the group they are in."""
        people = state.people
        asked = self.eligible & self.settings.who.levels[people.level]
        pool = np.flatnonzero(asked & ~self.trained & (people.ill == 0))
        lots = model.rng.uniform(state.key(f"programme/{self.label}/seeding"), people.id)
        found = _SEEDING[self.settings.seeding](state, pool, lots, wanted)
        self.trained[found] = True
        takes = model.rng.uniform(state.key(f"programme/{self.label}/takes"), people.id[found])
        ready = found[takes < self.settings.active_share]
        self.active[ready] = True
        if self.settings.leaders == "peer":
            for row in state.in_order(ready):
                processes.founding.show_group(state, int(row), NEARBY_KM, known=True)
            # Whoever is in a group helps to organise it.
            state.people.organiser[ready[people.group[ready] >= 0]] = 1

    def served(self, state: State) -> list[Served]:
        """Active champions against those paid for, and people told for the first time; no venue."""
        s = self.settings
        room = s.champions * s.when.strength(state.week)
        told = {"members": real_people(state, self.active), "joined": self.joined_now, "room": room}
        return [Served("champion", np.array([-1]), told)]

    def ever_joined(self, state: State) -> np.ndarray:
        return self.trained | self.told

    def stocks(self, state: State) -> dict[str, float]:
        return {"members": real_people(state, self.active), "waiting": 0.0}


def _least(pool: np.ndarray, lots: np.ndarray, wanted: int, *by: np.ndarray) -> np.ndarray:
    """The first `wanted` of `pool` in rising order of `by` (n,), then of lots."""
    order = np.lexsort((lots[pool], *(values[pool] for values in reversed(by))))
    return pool[order[:wanted]]


def _clustered(state: State, pool: np.ndarray, lots: np.ndarray, wanted: int) -> np.ndarray:
    """Somebody by lot and all their strong ties in the pool, then somebody else."""
    ties, inside = state.ties, np.zeros(state.people.n, dtype=bool)
    inside[pool] = True
    found: list[int] = []
    for row in _least(pool, lots, len(pool)):
        for one in (row, *ties.strong[row, : ties.strong_degree[row]]):
            if inside[one] and len(found) < wanted:
                inside[one] = False
                found.append(int(one))
        if len(found) >= wanted:
            break
    return np.array(found, dtype=np.int64)


def _connected(state: State, pool: np.ndarray, lots: np.ndarray, wanted: int) -> np.ndarray:
    """People whose week was mostly spent where most people went."""
    place = state.people.place
    visits = np.append(state.assets.visits, 0)  # the last stands for around home
    return _least(pool, lots, wanted, -visits[place])


_SEEDING = {
    "random": lambda state, pool, lots, wanted: _least(pool, lots, wanted),
    "popular": lambda state, pool, lots, wanted: _least(
        pool, lots, wanted, -state.ties.strong_degree.astype(int)
    ),
    "least_active": lambda state, pool, lots, wanted: _least(pool, lots, wanted, state.people.minutes_mean),
    "clustered": _clustered,
    "connected_place": _connected,
}
