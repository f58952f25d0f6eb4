"""Social prescribing: the practice refers, a link worker plans with the person, a group takes them in.

Link workers in general practice. The practice refers; some people refuse, some never start; the others meet a link
worker nine times over some months, make a plan, come to know what is nearby, and about half are led on to a weekly group.
It works through motivation (meetings), knowledge of places, and company in the group. Usual price: £2,000 to recruit and
train each link worker, £40,159 a year for each.

*Expect:* people with a condition and with little money are reached first, so the disability gap moves most; a link
worker sees about 225 people a year, so numbers are small beside a district.

*What it leaves:* as things stand, plans that were begun go on when the money ends, and the groups they lead to are free,
have room for all and stay; the meetings of a plan of 26 weeks are over in week 18. With `parameters: {leave_rule: one}`
in a scenario the rule is the one for all: groups are paid for beside the link workers (`onward_groups` for each, £1,000 to
start one and £37.50 a week, besides the price above), take in as many as there are places, and end with the money
unless a member organises them; plans end with it, too; and meetings are spread over the whole plan
([what changed](what-changed.md)).

```yaml
schema_version: 1
name: Four link workers
interventions:
  - type: social_prescribing
    who: {condition: true, level: [inactive]}
    when: {start_week: 13, weeks: 156, ramp_weeks: 26}
    need: proportionate
    link_workers: 4
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

import model
from model import kernels
from model.delivery.ahead import Doubt, Offer, Spread
from model.delivery.membership import GO_ON, Membership
from model.delivery.programme import few_left, full_weeks, round_half_up, whole_places
from model.delivery.settings import Intervention, Price, Size, figure
from model.delivery.sites import meeting_places, nearest_site, sharing, whole
from model.delivery.telling import make_known
from model.limits import WEEKS_A_YEAR
from model.outcomes.delivery import Served
from model.population.status import COMPLETED, LEFT, MEMBER, NEVER, WAITING
from model.processes.joining import deprivation_risk

if TYPE_CHECKING:
    from model.parameters import Parameters
    from model.state import State


YEARLY_PER_LINK_WORKER = 40159.0
"""GBP a year for a full-time link worker: the most a primary care network is repaid, 34,113-40,159 (I037)."""
SETUP_PER_LINK_WORKER = 2000.0
"""GBP to recruit, train and equip one (judgement; 1,000 to 5,000)."""


class SocialPrescribing(Intervention):
    """Link workers in general practice: they work by a plan with each person and the groups it leads to."""

    title: ClassVar[str] = "Social prescribing"
    size: ClassVar[Size | None] = Size("link_workers", "link worker", "link workers")
    example: ClassVar[str] = """\
who: {condition: true, level: [inactive, fairly_active]}
link_workers: 2.5             # full-time equivalents
"""

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
        weekly = YEARLY_PER_LINK_WORKER / WEEKS_A_YEAR
        return Price(SETUP_PER_LINK_WORKER * self.link_workers, weekly * self.link_workers, 0.0)

    def paid_groups(self, p: Parameters) -> int:
        """Groups that are paid for beside the link workers, to lead people on to; none by the types' own rules."""
        if p.leave_rule != "one" or "community" not in self.onward or not self.link_workers:
            return 0
        return max(round_half_up(p.onward_groups * self.link_workers), 1)

    def price_under(self, parameters: Parameters) -> Price:
        """Link workers, and the groups paid for beside them, GBP."""
        groups, price = self.paid_groups(parameters), self.price
        setup, per_week = groups * parameters.onward_setup, groups * parameters.onward_week
        return Price(price.setup + setup, price.per_week + per_week, price.per_participant)

    @property
    def places_per_week(self) -> float:
        """People who can start with a link worker in a week at full size."""
        return self.link_workers * self.caseload / WEEKS_A_YEAR


# ------------------------------------------------------------------------------------------------ delivery


GROUP_MINUTES = 60.0
"""Length of a session of the group a plan leads on to; as a led walk's."""


class SocialPrescribingProgramme(Membership, delivers=SocialPrescribing):
    """Link workers. Acts through motivation (meetings), knowing of places, and company in a group (experience)."""

    settings: SocialPrescribing

    def zones(self, state: State) -> np.ndarray:
        return self.settings.zone_shares(state.place.zones) > 0

    def offer(self, state: State, weeks: int) -> Offer:
        s, run = self.settings, range(weeks)
        seen = s.places_per_week * full_weeks(s, weeks)
        return Offer("people referred to link workers over the run", "link_workers", seen,
                     lambda sample: sum(self.capacity(week, sample) for week in run), room=True)  # fmt: skip

    def capacity(self, week: int, sample: float) -> int:
        """Residents who can be referred in a week of the scenario, at a share simulated."""
        return whole_places(self.settings.places_per_week * sample, self.settings.when, week)

    def spread(self, state: State, weeks: int) -> Spread:
        shares = self.settings.zone_shares(state.place.zones)
        return Spread(shares * self.offer(state, weeks).town, int((shares > 0).sum()), by_lot=True)

    def doubts(self, state: State, weeks: int) -> list[Doubt]:
        s = self.settings
        if not s.accept * s.engage:
            return [
                Doubt(key, "nobody who is referred starts on a plan", False, "0")
                for key in ("accept", "engage")
                if not getattr(s, key)
            ]
        referred = sum(self.capacity(week, state.sample) for week in range(weeks))
        return few_left("link_workers", "referred people who start on a plan", s.accept * s.engage, referred)

    def afterwards(self, state: State) -> str:
        if state.parameters.leave_rule == "by_type":
            return (
                "plans that were begun go on, and so do the groups they lead to, free and with room for all"
            )
        return f"plans that were begun end unfinished; {GO_ON}" if "community" in self.settings.onward else (
            "plans that were begun end unfinished")  # fmt: skip

    def prepare(self, state: State) -> None:
        people, n = state.people, state.people.n
        self.start_membership(state)
        self.group = np.zeros(n, np.uint8)
        self.group_since = np.zeros(n, np.int32)
        self.listed = np.zeros(n, np.uint8)
        self.led_on = np.zeros(0, np.int64)
        self.found = np.zeros(n, np.float64)
        self.lots = {
            name: model.rng.uniform(state.key(f"programme/{self.label}/{name}"), people.id).astype(np.float32)
            for name in ("accept", "engage", "onward")
        }
        self.work_out(state)

    def work_out(self, state: State) -> None:
        s, p, people = self.settings, state.parameters, state.people
        zones = state.place.zones
        shares = s.zone_shares(zones)
        self.eligible = self.meant(state).astype(np.uint8)
        self.one_rule, groups = p.leave_rule == "one", s.paid_groups(p)
        self.site_asset, of_site = meeting_places(
            state, whole(shares, groups) if groups else (shares > 0).astype(float), "community_centre"
        )
        self.site, _ = nearest_site(state, self.site_asset)
        self.site_groups = of_site if groups else np.zeros(len(of_site), np.int64)
        # Members come only some weeks, so a group of twelve has more on its books.
        self.books = self.site_groups * (p.onward_size / p.attendance)
        self.pool = np.zeros(len(of_site), np.int64)
        if groups:
            x_m, y_m = state.assets.x_m[self.site_asset], state.assets.y_m[self.site_asset]
            self.pool = sharing(x_m, y_m, self.site_groups, float(self.books.sum()) * state.sample)
        self.risk = deprivation_risk(people.imd_quintile, p)
        # Referral: people with a condition come more often, people with little money are referred more.
        odds = p.referral_poor ** (1.0 - people.means)
        spread = shares / np.maximum(zones["residents"].to_numpy(float), 1.0)
        need = spread[people.zone] / max(spread.max(), 1e-12)
        visits = p.gp_visit * np.where(people.condition > 0, p.gp_visit_condition, 1.0)
        if p.uptake_rule == "by_group":
            visits = visits * np.where(people.sex == 0, p.gp_visit_women, 1.0)
        self.rate = np.minimum(1.0, visits * odds)
        self.turn = np.maximum(need, 1e-9)
        self.meeting_gap = max(1, s.plan_weeks // s.sessions)

    def attend(self, state: State) -> None:
        """Members of the group that a plan led to turn up, for as long as they stay and, by the one rule, it is paid."""
        if self.group.any() and self._goes_on(state):
            self.turn_up(state, self._in_group(), 1, GROUP_MINUTES)

    def recruit(self, state: State) -> None:
        strength = self.settings.when.strength(state.week)
        if not self._goes_on(state):
            self.close(state)
            return
        self._leave_groups(state)
        self._plans(state)
        if self.one_rule:
            self._take_in(state, strength)
        if strength > 0:
            self._refer(state)

    def served(self, state: State) -> list[Served]:
        """People with a link worker, who meet nowhere in particular; and the groups that plans led to, by venue.

        Room is what link workers have once plans fill it: people who can start in a week, times weeks of a plan. Groups
        have room only by the one rule.
        """
        s, strength = self.settings, self.settings.when.strength(state.week)
        plan = {
            **self.stocks(state), "joined": self.joined_now, "completed": self.completed_now,
            "room": s.places_per_week * s.plan_weeks * strength,
        }  # fmt: skip
        group = {
            "members": self.at_sites(state, np.flatnonzero(self.group)),
            "joined": self.at_sites(state, self.led_on),
        }
        if self.one_rule:
            group["waiting"] = self.at_sites(state, np.flatnonzero(self.listed))
            group |= {"room": self.books * strength, "groups": self.site_groups * (strength > 0)}
        return [Served("plan", np.array([-1]), plan), Served("group", self.site_asset, group)]

    def close(self, state: State) -> None:
        """When money ends plans end unfinished, and groups go on by themselves or end."""
        p = state.parameters
        size = max(round(p.onward_size / p.attendance), 2)
        self.go_on_alone(state, np.flatnonzero(self.group), self.group_since, size, 1.0)
        self.led_on = np.zeros(0, np.int64)
        self.group[:], self.listed[:] = 0, 0
        self.status[self.status == MEMBER] = LEFT

    def _goes_on(self, state: State) -> bool:
        """Whether plans and groups go on this week: without an end by the type's own rule, by the one rule while paid."""
        return not self.one_rule or self.settings.when.strength(state.week) > 0

    def _refer(self, state: State) -> None:
        s, people = self.settings, state.people
        patients = kernels.joining.Patients(self.rate, self.eligible, self.status, s.who.levels)
        state.chunks.run(
            kernels.joining.contacts, self.key, state.clock, people.id, people.level, patients, self.found
        )
        places = self.capacity(state.week, state.sample)
        rows = np.flatnonzero(self.found < 1.5)
        # A lot weighted by need: the smallest are referred while link workers have room.
        lots = -np.log(self.found[rows]) / self.turn[rows]
        if places < len(rows):
            first = lots <= np.partition(lots, places)[places]
            rows, lots = rows[first], lots[first]
        rows = rows[np.lexsort((people.id[rows], lots))][:places]
        refused = self.lots["accept"][rows] >= s.accept
        absent = self.lots["engage"][rows] >= s.engage
        self.status[rows[refused | absent]] = LEFT
        self.enrol(state, rows[~(refused | absent)])

    def _plans(self, state: State) -> None:
        """Meetings, what they make known, the way on to a group, and the end of plans."""
        s, p, people = self.settings, state.parameters, state.people
        rows = np.flatnonzero(self.status == MEMBER)
        self.led_on = rows[:0]
        if len(rows) == 0:
            return
        tenure = state.clock - self.since[rows]
        met, first = self._meetings(tenure)
        people.motivation[rows[met > 0]] += np.float32(p.plan_gain) * met[met > 0].astype(np.float32)
        make_known(state, rows[tenure == 1], int(p.plan_places))
        onward = rows[first & (self.lots["onward"][rows] < p.onward_share)]
        if "walking_group" in s.onward:
            for programme in state.programmes:
                onward = onward[~programme.introduce(state, onward)]
        if "community" in s.onward:
            (self.listed if self.one_rule else self.group)[onward] = 1
            self.group_since[onward] = state.clock
            self.led_on = onward
        ended = rows[tenure >= s.plan_weeks]
        self.complete(state, ended)
        self.status[ended] = COMPLETED

    def _meetings(self, tenure: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Meetings this week by weeks since the plan began, and whether the first is among them: both (people,)."""
        s = self.settings
        if self.one_rule:
            before, now = (np.minimum(weeks, s.plan_weeks) * s.sessions // s.plan_weeks
                           for weeks in (tenure - 1, tenure))  # fmt: skip
            return now - before, (before == 0) & (now > 0)
        meeting = (tenure % self.meeting_gap == 0) & (tenure // self.meeting_gap <= s.sessions)
        return meeting.astype(np.int64), tenure == self.meeting_gap

    def _take_in(self, state: State, strength: float) -> None:
        """Groups take in from their lists while they have places."""
        places = whole(self.books, float(self.books.sum()) * state.sample * strength)
        rows = self.first_in_line(state, self.listed > 0, self.group > 0, self.group_since, places)
        self.group[rows], self.listed[rows], self.group_since[rows] = 1, 0, state.clock
        self.led_on = rows

    def _leave_groups(self, state: State) -> None:
        """People drop out of the group a plan led to, and off the list for it, as they do from any."""
        if self.group.any() or self.listed.any():
            status = self._in_group()
            status[self.listed > 0] = WAITING
            self.lose(state, status, self.group_since)
            self.group[status == LEFT] = 0
            self.listed[status == LEFT] = 0

    def _in_group(self) -> np.ndarray:
        """(n,) status in the group that a plan led to, apart from the status of the plan."""
        return np.where(self.group == 1, MEMBER, NEVER).astype(np.uint8)
