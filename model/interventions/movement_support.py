"""Support for a movement: small grants for groups that people run themselves, with or without strings.

Help for groups that people start and run themselves: small grants by lot, somebody who coaches organisers, an offer that
brings founders forward, and if you like an event that stirs people up. Nobody is enrolled. It works through how many
groups begin, and through the energy and organisers of those that are there. With `strings: heavy` the same money is
commissioned, with targets and reports: coaching stops, and while the grant lasts the group loses autonomy, and with it
energy and reach. Usual price: £350 a week for a coordinator, and the grants.

*Expect:* slow growth. A grant needs a group to go to: in a small area there may be fewer groups without one than grants
planned; a grant that finds no group is not paid. Many groups begin around an event and many of them end.

*What is known and what is guessed:* the size of a grant is measured (S194, S199), and about a quarter of groups began
against a threat (S144). **No controlled effect of a grant on whether a group survives was found**; nor of strings, of
coaching, or of an offer on the number of new groups. All four are guesses with wide ranges: vary them before you
conclude anything, and read a difference between `none` and `heavy` as what the model supposes, not as a finding. The key
`who` says whose groups (by their founder) may have a grant, and who is brought forward to start one; `who.level` is
refused, as only active people start groups and those they start are for anybody.

```yaml
schema_version: 1
name: A movement of our own
interventions:
  - type: movement_support
    where: {imd_quintile: [1, 2]}
    when: {start_week: 26, weeks: 104, ramp_weeks: 13}
    grants_per_year: 54
    strings: none
    trigger_week: 34
```
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

import model
from model.delivery.ahead import Doubt, Offer, Spread
from model.delivery.programme import Programme, full_weeks, real_people, whole_places
from model.delivery.settings import Intervention, Price, Size, figure
from model.limits import MEAN_WEEKS_A_YEAR
from model.outcomes.delivery import Served
from model.outcomes.record import UNIT

if TYPE_CHECKING:
    from model.state import State


WEEKLY_COORDINATION = 350.0
"""GBP a week for somebody who makes small grants and coaches organisers: about half a post (judgement)."""


class MovementSupport(Intervention):
    """Grants, coaching and an occasion. It works by what people start and keep going: groups, organisers, energy."""

    title: ClassVar[str] = "Movement support"
    size: ClassVar[Size | None] = Size("grants_per_year", "grant a year", "grants a year")
    example: ClassVar[str] = """\
grants_per_year: 40
strings: none                 # none | heavy
"""
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
        return self.grants_per_year * self.grant / MEAN_WEEKS_A_YEAR


# ------------------------------------------------------------------------------------------------ delivery


class MovementSupportProgramme(Programme, delivers=MovementSupport):
    """Small grants. Acts through energy (grants), autonomy (strings), founding and organising; never on minutes."""

    settings: MovementSupport

    def zones(self, state: State) -> np.ndarray:
        return self.settings.zone_shares(state.place.zones) > 0

    def offer(self, state: State, weeks: int) -> Offer:
        s, run = self.settings, range(weeks)
        town = s.grants_per_year / MEAN_WEEKS_A_YEAR * full_weeks(s, weeks)
        return Offer("grants over the run", "grants_per_year", town,
                     lambda sample: sum(self.grants(week, sample) for week in run))  # fmt: skip

    def grants(self, week: int, sample: float) -> int:
        """Whole grants in a week of the scenario, at a share simulated."""
        return whole_places(
            self.settings.grants_per_year / MEAN_WEEKS_A_YEAR * sample, self.settings.when, week
        )

    def spread(self, state: State, weeks: int) -> Spread:
        shares = self.settings.zone_shares(state.place.zones)
        return Spread(shares * self.offer(state, weeks).town, int((shares > 0).sum()), by_lot=True)

    def doubts(self, state: State, weeks: int) -> list[Doubt]:
        s = self.settings
        if s.trigger_week is None or s.trigger_week < weeks:
            return []
        return [Doubt("trigger_week", f"stirs nobody: the run ends before week {weeks}", False,
                      str(s.trigger_week), f"0 to {weeks - 1}")]  # fmt: skip

    def prepare(self, state: State) -> None:
        self.key = state.key(f"programme/{self.label}")
        self.reached = np.zeros(state.people.n, dtype=bool)
        self.granted: set[int] = set()
        self.newly = self.newly_at = np.zeros(0, np.int64)
        self.found = 1.0
        """Share of this week's grants that find a group; in weeks without a whole one, whether one would."""
        self.work_out(state)

    def work_out(self, state: State) -> None:
        zones = state.place.zones
        spread = self.settings.zone_shares(zones) / np.maximum(zones["residents"].to_numpy(float), 1.0)
        self.eligible = self.meant(state)
        self.turn = np.maximum(spread / max(spread.max(), 1e-12), 1e-9)

    def stirred(self, state: State) -> bool:
        """Whether the event stirs people up this week."""
        start = self.settings.trigger_week
        return start is not None and start <= state.week < start + self.settings.trigger_weeks

    def strength(self, state: State) -> Hashable:
        return self.settings.when.strength(state.week), self.stirred(state)

    def contribute(self, state: State) -> None:
        s, strength = self.settings, self.settings.when.strength(state.week)
        if strength > 0 and s.spur:
            state.quantities.add("founding", s.spur * strength * self.eligible)
        if strength > 0 and s.coaching and s.strings == "none":
            state.quantities.add("organising", s.coaching * strength * self.eligible)
        if self.stirred(state):
            state.quantities.add("founding", s.trigger_spur * self.eligible)
            state.quantities.add("urgency", 1.0 * self.eligible)

    def recruit(self, state: State) -> None:
        """Make this week's grants; members of groups that had one have been reached."""
        s, groups, people = self.settings, state.groups, state.people
        strength = s.when.strength(state.week)
        self.found = 0.0
        self.newly = self.newly_at = np.zeros(0, np.int64)
        if strength > 0 and groups.n:
            self.make_grants(state, self.grants(state.week, state.sample))
        if self.granted:
            ours = np.isin(people.group, sorted(self.granted)) & ~self.reached
            self.reached |= ours
            self.joined_now += real_people(state, ours)
            self.newly = np.flatnonzero(ours)
            self.newly_at = groups.place[people.group[self.newly]]

    def make_grants(self, state: State, grants: int) -> None:
        """Give `grants` to groups alive, here and without a grant, by lot weighted by the need of the founder's zone."""
        s, groups, people = self.settings, state.groups, state.people
        founders = state.row_of(groups.founder)
        open_to = groups.alive & (groups.supported <= state.clock) & self.eligible[founders]
        rows = np.flatnonzero(open_to)
        self.found = min(len(rows) / max(grants, 1), 1.0)
        lots = (
            -np.log(model.rng.uniform(self.key, groups.founder[rows], state.clock))
            / self.turn[people.zone[founders[rows]]]
        )
        for number in rows[np.lexsort((rows, lots))][:grants]:
            groups.supported[number] = state.clock + s.grant_weeks
            groups.strings[number] = s.strings == "heavy"
            groups.tell(state.clock, "grant", int(number), 0)
            self.granted.add(int(number))

    def costs(self, state: State) -> dict[str, float]:
        """What was planned, less the grants that found no group: money not spent."""
        s, strength = self.settings, self.settings.when.strength(state.week)
        kept = (1.0 - self.found) * min(s.grants_a_week, s.price.per_week) * strength
        return {**super().costs(state), "grants_not_paid": -kept}

    def served(self, state: State) -> list[Served]:
        """Groups with a grant, and the people in them, where they meet."""
        groups, group = state.groups, state.people.group
        ours = np.array([number for number in sorted(self.granted) if groups.alive[number]], dtype=np.int64)
        inside = np.flatnonzero(np.isin(group, ours))
        asset = np.unique(np.concatenate([groups.place[ours], self.newly_at]))

        def there(places: np.ndarray, weight: np.ndarray) -> np.ndarray:
            return np.bincount(np.searchsorted(asset, places), weight, len(asset)) / UNIT

        return [
            Served("grant", asset, {
                "members": there(groups.place[group[inside]], state.weight[inside]),
                "joined": there(self.newly_at, state.weight[self.newly]),
                "groups": there(groups.place[ours], groups.weight[ours]),
            })
        ]  # fmt: skip

    def ever_joined(self, state: State) -> np.ndarray:
        return self.reached

    def stocks(self, state: State) -> dict[str, float]:
        ours = np.isin(state.people.group, sorted(self.granted))
        return {"members": real_people(state, ours), "waiting": 0.0}
