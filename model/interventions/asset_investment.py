"""Investment in places: new ones, or old ones put in order, made step-free, opened longer, made cheaper."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from pydantic import Field, model_validator

from model.columns import ASSET_KINDS
from model.interventions.base import Intervention, Price, figure
from model.interventions.targeting import Settings

if TYPE_CHECKING:
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


class Point(Settings):
    """A point on the British National Grid, metres."""

    easting: float = Field(ge=0, le=700_000, json_schema_extra={"unit": "m"})
    """Metres east."""
    northing: float = Field(ge=0, le=1_300_000, json_schema_extra={"unit": "m"})
    """Metres north."""


class AssetInvestment(Intervention):
    """Investment in places: it works through nearness, upkeep, welcome, access, hours, room and price."""

    title: ClassVar[str] = "Investment in places"
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

    @property
    def number(self) -> int:
        """How many places."""
        return self.count or len(self.at) or 1

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
