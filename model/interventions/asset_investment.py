"""Investment in places: new ones, or old ones put in order, made step-free, opened longer, made cheaper.

New places, or better ones: put in order, made step-free, opened longer, run by local people, made cheaper. It works
through what a place offers, to everyone who knows of it and can reach it. What each action does and costs unless you
say otherwise is a guess, to be replaced by local figures:

{actions}

*Expect:* small effects on a district. Places that are near already matter little to people whom price, health, know-how
or welcome hold back.

*What it leaves:* as things stand, new and step-free places stay as they were made, and all else is as before in the week
the money ends, what was put in order included. With `parameters: {leave_rule: one}` in a scenario what was built (`new`,
`improve`, `step_free`) stays, and its upkeep and welcome wear by `upkeep_wear` a year from then on; hours, prices and all
that staff keep up end with the money ([what changed](what-changed.md)).

```yaml
schema_version: 1
name: A pool within reach
interventions:
  - type: asset_investment
    action: cheaper
    kind: leisure_centre
    count: 2
    where: {imd_quintile: [1]}
    when: {start_week: 0, weeks: 104}
    price_change: -1
```
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

import numpy as np
import scipy
from pydantic import Field, model_validator

from model.delivery.ahead import Doubt, Offer, Spread
from model.delivery.programme import Programme
from model.delivery.settings import Intervention, Price, figure
from model.delivery.sites import whole
from model.delivery.targeting import Settings
from model.outcomes.delivery import YEAR, Served
from model.outcomes.record import UNIT
from model.population.assets import RANGES
from model.population.columns import ASSET_KINDS

if TYPE_CHECKING:
    import pandas as pd

    from model.place.place import Place
    from model.state import State

    AssetKind = str
else:
    AssetKind = Literal[ASSET_KINDS]


class Change(NamedTuple):
    """What an action does to one place, and what that usually costs.

    Gains add to scales of 0 to 1; capacity and price are shares of what they were. Money in GBP a place.
    """

    upkeep: float = 0.0
    welcome: float = 0.0
    opening: float = 0.0
    step_free: float = 0.0
    capacity: float = 0.0
    price: float = 0.0
    setup: float = 0.0
    per_week: float = 0.0


USUAL: dict[str, Change] = {
    "new": Change(setup=250_000, per_week=400),
    "improve": Change(upkeep=0.3, welcome=0.1, setup=75_000, per_week=230),
    "step_free": Change(step_free=1.0, welcome=0.1, setup=40_000, per_week=20),
    "longer_hours": Change(opening=0.15, per_week=350),
    "community_run": Change(upkeep=0.1, welcome=0.2, opening=0.1, setup=25_000, per_week=250),
    "cheaper": Change(price=-0.5, per_week=500),
}
"""What each action does and costs unless told otherwise: guesses, to be replaced by local figures.

Sizes stay small because evidence is mixed: 11 of 17 park renovations raised activity, by about 25% of what
was seen in the park (0-60; E020, E021); free leisure with outreach raised visits 1.64-fold, 1.43-1.89 (I056).
"""


DONE = {
    "new": "new",
    "improve": "better kept",
    "step_free": "step-free",
    "longer_hours": "open longer",
    "community_run": "run by the community",
    "cheaper": "cheaper",
}
"""Each action as names of plans say it."""


class Point(Settings):
    """A point on the British National Grid, metres."""

    easting: float = Field(ge=0, le=700_000, json_schema_extra={"unit": "m"})
    """Metres east."""
    northing: float = Field(ge=0, le=1_300_000, json_schema_extra={"unit": "m"})
    """Metres north."""


class AssetInvestment(Intervention):
    """Investment in places: it works through nearness, upkeep, welcome, access, hours, room and price."""

    title: ClassVar[str] = "Investment in places"
    example: ClassVar[str] = """\
action: improve               # new | improve | step_free | longer_hours | community_run | cheaper
kind: park
count: 2                      # or list points: at: [{easting: 446500, northing: 341800}]
"""
    idle: ClassVar[tuple[str, ...]] = ("who",)

    type: Literal["asset_investment"] = "asset_investment"
    """New places, or better ones."""
    action: Literal["new", "improve", "step_free", "longer_hours", "community_run", "cheaper"] = "improve"
    """What is done: new = built where there was none; improve = put in order and kept so;
    step_free = made easy to use for everyone; longer_hours = open longer; community_run = run by local
    people; cheaper = a lower price."""
    kind: AssetKind = "park"
    """The kind of place."""
    count: int | None = figure(None, 1, 200, "places")
    """How many places; left out: as many as `at` lists, else one."""
    at: tuple[Point, ...] = Field(default=(), max_length=200, strict=False)
    """Where: points on the British National Grid. The nearest place of the kind is meant, or for `new` the
    point itself. Left out: placed in the chosen zones by need."""
    upkeep_gain: float | None = figure(
        None, 0, 1, "on a scale of 0-1", source="guess (E020, E021)", quality="guess"
    )
    """How much better kept; left out: as usual for the action."""
    welcome_gain: float | None = figure(None, 0, 1, "on a scale of 0-1", source="guess", quality="guess")
    """How much more welcome people feel; left out: as usual for the action."""
    opening_gain: float | None = figure(
        None, 0, 1, "share of the waking week", source="guess", quality="guess"
    )
    """How much longer it is open; left out: as usual for the action."""
    capacity_gain: float | None = figure(
        None, 0, 10, "share of today's room", source="guess", quality="guess"
    )
    """How much more room it has; left out: as usual for the action."""
    price_change: float | None = figure(
        None,
        -1,
        5,
        "share of today's price",
        source="guess; free leisure raised visits 1.64 times (I056)",
        quality="guess",
    )
    """Change of the price of a visit; -1 = free. Left out: as usual for the action."""
    construction_weeks: int = figure(0, 0, 260, "weeks", source="your choice")
    """Weeks of work after the start before people can use what was made."""

    @model_validator(mode="after")
    def _counts_agree(self) -> AssetInvestment:
        if self.at and self.count not in (None, len(self.at)):
            raise ValueError(f"count is {self.count} but `at` lists {len(self.at)} points; leave one out")
        return self

    def in_words(self) -> str:
        """What is done to which places: `better kept: park (2)`."""
        kind = self.kind.replace("_", " ").replace("gp ", "GP ")
        number = "all" if self.count is None and not self.at else f"{self.number}"
        return f"{DONE[self.action]}: {kind} ({number})"

    @classmethod
    def tables(cls) -> dict[str, tuple[list[str], list[list[str]]]]:
        """What each action does and costs unless told otherwise."""
        rows = []
        for action, change in USUAL.items():
            told = change._asdict()
            gains = [f"{name.replace('_', '-')} {told[name]:+g}"
                     for name in ("upkeep", "welcome", "opening", "step_free") if told[name]]  # fmt: skip
            gains += [f"{name} {told[name]:+.0%}" for name in ("capacity", "price") if told[name]]
            does = ", ".join(gains) or "a place where there was none"
            rows.append([f"`{action}`", does, f"£{change.setup:,.0f}", f"£{change.per_week:,.0f}"])
        return {"actions": (["action", "does, to one place", "set-up", "per week"], rows)}

    @property
    def number(self) -> int:
        """How many places."""
        return self.count or len(self.at) or 1

    @property
    def by_zone(self) -> bool:
        """Points say themselves where."""
        return not self.at

    @property
    def unused(self) -> list[str]:
        """Anyone may use a place; points say themselves where."""
        given = [key for key in ("where", "need") if self.at and key in self.model_fields_set]
        return [*super().unused, *given]

    @property
    def change(self) -> Change:
        """What is done to each place: as written, else as usual for the action."""
        own = {
            "upkeep": self.upkeep_gain,
            "welcome": self.welcome_gain,
            "opening": self.opening_gain,
            "capacity": self.capacity_gain,
            "price": self.price_change,
        }
        given = {name: value for name, value in own.items() if value is not None}
        return USUAL[self.action]._replace(**given)

    def usual_price(self) -> Price:
        """Set-up and weekly cost by action and number of places, GBP."""
        usual = USUAL[self.action]
        return Price(usual.setup * self.number, usual.per_week * self.number, 0.0)


# ------------------------------------------------------------------------------------------------ delivery


NEW = {"capacity_week": 3000.0, "price": 0.0, "step_free": 1.0, "welcome": 0.7, "upkeep": 0.8, "opening": 0.8}
"""What a new place offers where the place's own assets of the kind tell nothing (guess)."""


LASTING = ("new", "step_free")
"""Actions whose work stands for good; the others last while they are paid for. So by this type's own rule."""
BUILT = (*LASTING, "improve")
"""By the one rule, actions that build something, which stays when the money ends, and wears."""
WEARS = ("upkeep", "welcome")
"""Of what was built, what wears; step-free ways and room stay whole, and hours and prices end with the money."""

NEAR_M = 3000.0
"""How near a place is told as somebody's, in metres from home; people beyond hardly come to know of it (judgement)."""


def metres_outside(place: Place, easting: float, northing: float) -> float:
    """How far a point lies outside the zones of a place, in metres; 0 within them."""
    rows, columns = np.nonzero(place.layers["zone"] >= 0)
    x, y = easting - place.origin_m[0], northing - place.origin_m[1]
    east = np.maximum(np.abs(x - (columns + 0.5) * place.cell_m) - place.cell_m / 2, 0.0)
    north = np.maximum(np.abs(y - (rows + 0.5) * place.cell_m) - place.cell_m / 2, 0.0)
    return float(np.hypot(east, north).min())


class AssetInvestmentProgramme(Programme, delivers=AssetInvestment):
    """Investment in places. Acts through the offer of each place; people must come to know of a new one."""

    settings: AssetInvestment
    FIXED = ("where", "need", "action", "kind", "count", "at", "construction_weeks")

    def zones(self, state: State) -> np.ndarray:
        return np.bincount(state.people.zone[self.meant(state)], minlength=len(state.place.zones)) > 0

    def meant(self, state: State) -> np.ndarray:
        """Whoever lives near enough: new places within `NEAR_M`, standing ones among those that people may come to know."""
        if self.settings.action == "new":
            tree = scipy.spatial.cKDTree(
                self._points(state) - np.asarray(state.place.origin_m, dtype=np.float64)
            )
            metres, _ = tree.query(np.column_stack([state.people.x_m, state.people.y_m]))
            near: np.ndarray = metres <= NEAR_M
            return near
        chosen = np.zeros(state.assets.n, dtype=bool)
        chosen[self._meant_places(state)] = True
        knowable: np.ndarray = state.candidates.rows_with(chosen)[state.cell_row].astype(bool)
        return knowable

    def offer(self, state: State, weeks: int) -> Offer:
        s = self.settings
        if s.action == "new":
            return Offer("new places", "count", float(s.number))
        return Offer("places changed", "count", float(len(self._meant_places(state))))

    def spread(self, state: State, weeks: int) -> Spread | None:
        if self.settings.at:
            return None
        shares = self.settings.zone_shares(state.place.zones)
        return Spread(whole(shares, self.settings.number), int((shares > 0).sum()))

    def doubts(self, state: State, weeks: int) -> list[Doubt]:
        return [*self._where_doubts(state), *self._standing_doubts(state), *self._use_doubts(state, weeks)]

    def _where_doubts(self, state: State) -> list[Doubt]:
        """Points outside the place: nobody lives there."""
        found, place = [], state.place
        for row, point in enumerate(self.settings.at):
            away = metres_outside(place, point.easting, point.northing)
            if away <= 0:
                continue
            swapped = metres_outside(place, point.northing, point.easting) <= 0
            lies = f"lies {away / 1000:,.1f} km outside {place.title}"
            west, south = place.origin_m
            spans = (
                f"eastings {west:,.0f} to {west + place.width * place.cell_m:,.0f}, "
                f"northings {south:,.0f} to {south + place.height * place.cell_m:,.0f}"
            )
            where = f"{point.easting:,.0f}, {point.northing:,.0f}"
            hint = "Are easting and northing swapped?" if swapped else None
            stops = away > NEAR_M
            lies += ", where none of its residents live" if stops else ""
            found.append(Doubt(f"at.{row}", lies, stops, where, spans, hint))
        return found

    def _standing_doubts(self, state: State) -> list[Doubt]:
        """Fewer places than are to be changed, and changes that change nothing."""
        s, place = self.settings, state.place
        if s.action == "new":
            return []
        kind, standing = s.kind.replace("_", " "), self._standing(state)
        if len(standing) == 0:
            kinds = ", ".join(
                ASSET_KINDS[k] for k in np.unique(state.assets.kind[state.assets.offer["open"] > 0])
            )
            return [Doubt("kind", f"no {kind} stands in {place.title}", True, s.kind, kinds)]
        if len(standing) < s.number:
            key = "at" if s.count is None else "count"
            return [Doubt(
                key, f"fewer stand in {place.title}: the others would be paid for and nothing be done for the money",
                True, f"{s.number} of the kind {s.kind}", f"at most {len(standing)}", self._price_of(len(standing)),
            )]  # fmt: skip
        found = []
        rows, assets = self._meant_places(state), state.assets
        if not any(
            np.any(np.clip(assets.offer[name][rows] + more, *RANGES[name]) != assets.offer[name][rows])
            for name, more in self._gains(state, rows)
        ):
            found.append(Doubt("action", f"changes nothing: each {kind} is so already", True, s.action))
        points = self._points(state) - np.asarray(place.origin_m, dtype=np.float64)
        for row in range(len(s.at)):
            away = np.hypot(assets.x_m[rows[row]] - points[row, 0], assets.y_m[rows[row]] - points[row, 1])
            if away > NEAR_M:
                name = assets.frame["name"].iloc[rows[row]]
                found.append(
                    Doubt(f"at.{row}", f"the nearest {kind}, {name}, is {away / 1000:,.1f} km away", False)
                )
        return found

    def _price_of(self, number: int) -> str:
        usual = USUAL[self.settings.action]
        prices = [f"£{usual.setup * number:,.0f} at the start"] * bool(usual.setup)
        prices += [f"£{usual.per_week * number:,.0f} a week"] * bool(usual.per_week)
        return f"Ask for {number}; usual price: {' and '.join(prices)}."

    def _use_doubts(self, state: State, weeks: int) -> list[Doubt]:
        """Work that is over too late."""
        s = self.settings
        opens, end = s.when.start_week + s.construction_weeks, s.when.end_week
        if s.when.start_week >= weeks:
            return []
        if end is not None and opens >= end and s.action not in self._lasting(state):
            return [Doubt("construction_weeks", f"the work is done in week {opens}, when delivery is over: nobody can use it",
                          True, str(s.construction_weeks), f"less than {s.when.weeks}")]  # fmt: skip
        if opens >= weeks:
            return [Doubt("construction_weeks", f"the work is done in week {opens}, after the end of the run, week {weeks}: "
                          "nobody can use it yet", True, str(s.construction_weeks),
                          hint="Run longer, or begin sooner.")]  # fmt: skip
        return []

    def afterwards(self, state: State) -> str:
        if self.settings.action not in self._lasting(state):
            return "all is as before"
        if not self._one_rule(state):
            return "what was made stands as it is"
        return f"what was built stays, and wears by {state.parameters.upkeep_wear:.0%} a year; longer hours and prices end"

    def new_assets(self, state: State) -> pd.DataFrame | None:
        """Places this programme will open, as rows like those of `Place.assets`; None when it opens none."""
        import pandas as pd

        s = self.settings
        if s.action != "new":
            return None
        place = state.place
        points = self._points(state)
        x, y = points[:, 0] - place.origin_m[0], points[:, 1] - place.origin_m[1]
        column = np.clip((x // place.cell_m).astype(int), 0, place.width - 1)
        row = np.clip((y // place.cell_m).astype(int), 0, place.height - 1)
        like = place.assets[place.assets["kind"] == s.kind]
        offer = {name: float(like[name].median()) if len(like) else value for name, value in NEW.items()}
        offer["step_free"], offer["upkeep"] = 1.0, max(offer["upkeep"], NEW["upkeep"])
        names = [f"{self.label} {number}" for number in range(1, len(points) + 1)]
        return pd.DataFrame({
            "kind": s.kind, "name": names, "easting": points[:, 0], "northing": points[:, 1], "x_m": x, "y_m": y,
            "cell": row * place.width + column, "lit": 1, "synthetic": True, "source": "scenario", **offer,
        })  # fmt: skip

    def prepare(self, state: State) -> None:
        s, assets = self.settings, state.assets
        if s.action == "new":
            of_kind = assets.kind == ASSET_KINDS.index(s.kind)
            names = assets.frame["name"].astype(str).str.startswith(f"{self.label} ").to_numpy()
            found = np.flatnonzero(of_kind & names & (assets.frame["source"] == "scenario").to_numpy())
            self.rows = found[
                -len(self._points(state)) :
            ]  # the last: a plan left behind may have had the name
        else:
            self.rows = self._meant_places(state)

    def strength(self, state: State) -> Hashable:
        """1 while what was made can be used: after the work, and (unless it stands for good) until the end.

        By the one rule with the whole years since its money ended: what is built stays, and wears year by year.
        """
        s = self.settings
        years = self._years_unpaid(state)
        if state.week < s.when.start_week + s.construction_weeks:
            return 0.0
        if years is not None and s.action not in self._lasting(state):
            return 0.0
        return (1.0, -1 if years is None else years) if self._one_rule(state) else 1.0

    @staticmethod
    def _one_rule(state: State) -> bool:
        return state.parameters.leave_rule == "one"

    def _lasting(self, state: State) -> tuple[str, ...]:
        """Actions of which something stays when the money ends."""
        return BUILT if self._one_rule(state) else LASTING

    def _years_unpaid(self, state: State) -> int | None:
        """Whole years since the money ended; None while it is there."""
        end = self.settings.when.end_week
        return None if end is None or state.week < end else (state.week - end) // YEAR

    def _left(self, state: State) -> float | None:
        """By the one rule, the share of what was built that has not worn off; None while money keeps it whole."""
        years = self._years_unpaid(state)
        if years is None or not self._one_rule(state):
            return None
        return float((1.0 - state.parameters.upkeep_wear) ** years)

    def contribute(self, state: State) -> None:
        if not self.strength(state):
            return
        left = self._left(state)
        for name, more in self._gains(state, self.rows):
            if left is None:
                state.quantities.add(name, more, self.rows)
            elif name not in ("opening", "price"):
                state.quantities.add(name, more * left if name in WEARS else more, self.rows)
        if self.settings.action == "new" and left is not None:
            state.quantities.add("upkeep", (left - 1.0) * state.assets.offer["upkeep"][self.rows], self.rows)
        if self.settings.action == "new":
            state.quantities.add("open", 1.0, self.rows)

    def _gains(self, state: State, rows: np.ndarray) -> Iterator[tuple[str, Any]]:
        """What is added to what the places `rows` offer: names, with one number or one a place."""
        change = self.settings.change
        for name in ("upkeep", "welcome", "opening", "step_free"):
            if getattr(change, name):
                yield name, getattr(change, name)
        for name in ("capacity", "price"):
            if getattr(change, name):
                yield name, getattr(change, name) * state.assets.offer[name][rows]

    def served(self, state: State) -> list[Served]:
        """Visits to the places improved or made, and their room for visits in a week, while that can be used."""
        if not self.strength(state) or not len(self.rows):
            return []
        visits = state.assets.visits[self.rows] / UNIT
        room = state.assets.now["capacity"][self.rows] * state.assets.now["open"][self.rows]
        return [Served("place", self.rows, {"visits": visits, "room": room})]

    def _points(self, state: State) -> np.ndarray:
        """(places, 2) easting and northing: as written, else the middles of the chosen zones, by need."""
        s, zones = self.settings, state.place.zones
        if s.at:
            return np.array([[point.easting, point.northing] for point in s.at], dtype=np.float64)
        counts = whole(s.zone_shares(zones), s.number)
        return np.repeat(zones[["easting", "northing"]].to_numpy(np.float64), counts, axis=0)

    def _standing(self, state: State) -> np.ndarray:
        """Rows of the open places of the kind."""
        of_kind = state.assets.kind == ASSET_KINDS.index(self.settings.kind)
        return np.flatnonzero(of_kind & (state.assets.offer["open"] > 0))

    def _meant_places(self, state: State) -> np.ndarray:
        """The standing places meant: nearest to each point in turn, none twice."""
        rows = self._standing(state)
        origin = np.asarray(state.place.origin_m, dtype=np.float64)
        assets = state.assets
        taken: list[int] = []
        for point in self._points(state) - origin:
            left = np.setdiff1d(rows, taken)
            if len(left) == 0:
                break
            away = (assets.x_m[left] - point[0]) ** 2 + (assets.y_m[left] - point[1]) ** 2
            taken.append(int(left[np.argmin(away)]))
        return np.array(taken, dtype=np.int64)
