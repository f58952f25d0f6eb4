"""What every intervention says: where, for whom, when, how its places are spread, its cost, its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field, field_validator, model_validator
from pydantic.config import JsonDict

from model.delivery.targeting import Settings, Text, Where, Who, national_fifths
from model.limits import WEEKS_A_YEAR

if TYPE_CHECKING:
    import pandas as pd

    from model.parameters import Parameters


INACTIVE_BY_FIFTH = (0.335, 0.301, 0.268, 0.234, 0.200)
"""Share of adults inactive by national fifth of deprivation, most deprived first: the yardstick of need.

Source: Active Lives 2023/24 (A069, A070) for the two ends; a straight line between (derived).
"""


def figure(
    default: Any,
    low: float,
    high: float,
    unit: str = "",
    *,
    source: str = "judgement",
    quality: str = "judgement",
) -> Any:
    """A number of an intervention with range, unit, source and quality, all carried into the JSON Schema."""
    notes: JsonDict = {
        key: text for key, text in (("unit", unit), ("source", source), ("quality", quality)) if text
    }
    return Field(default, ge=low, le=high, json_schema_extra=notes)


class When(Settings):
    """The weeks of delivery, counted from the start of the scenario: week 0 is its first week."""

    start_week: int = Field(default=0, ge=0, le=1559, json_schema_extra={"unit": "week"})
    """First week of delivery."""
    weeks: int | None = Field(default=None, ge=1, le=1560, json_schema_extra={"unit": "weeks"})
    """Weeks of delivery; left out: to the end."""
    ramp_weeks: int = Field(default=0, ge=0, le=520, json_schema_extra={"unit": "weeks"})
    """Weeks over which delivery grows evenly from nothing to full size."""

    @model_validator(mode="after")
    def _ramp_fits(self) -> When:
        if self.weeks is not None and self.ramp_weeks > self.weeks:
            raise ValueError(f"ramp_weeks ({self.ramp_weeks}) is longer than weeks ({self.weeks})")
        return self

    @property
    def end_week(self) -> int | None:
        """The first week after delivery, or None when it goes on to the end."""
        return None if self.weeks is None else self.start_week + self.weeks

    def strength(self, week: int) -> float:
        """The share of full size delivered in `week`: 0 outside delivery, 1 once the ramp is over."""
        if week < self.start_week or (self.end_week is not None and week >= self.end_week):
            return 0.0
        return min(1.0, (week - self.start_week + 1) / (self.ramp_weeks + 1))

    def delivered(self, week: int) -> float:
        """Weeks of delivery at full size up to `week`, that week included: the sum of its strengths."""
        end = week if self.end_week is None else min(week, self.end_week - 1)
        weeks, ramp = max(end - self.start_week + 1, 0), self.ramp_weeks
        growing = min(weeks, ramp)
        return growing * (growing + 1) / (2.0 * (ramp + 1)) + (weeks - growing)


class Price(NamedTuple):
    """Money in GBP: once at the start, each week of full delivery, and for each person who joins."""

    setup: float
    per_week: float
    per_participant: float


class Cost(Settings):
    """What the whole programme costs, GBP; what is left out is the usual price of its type and size."""

    setup: float | None = Field(default=None, ge=0, le=1e10, json_schema_extra={"unit": "GBP"})
    """Once, at the start."""
    per_week: float | None = Field(default=None, ge=0, le=1e8, json_schema_extra={"unit": "GBP/week"})
    """Each week of delivery at full size."""
    per_participant: float | None = Field(
        default=None, ge=0, le=1e6, json_schema_extra={"unit": "GBP/person"}
    )
    """For each person who joins."""
    price_year: int = Field(default=2024, ge=2000, le=2050, json_schema_extra={"unit": "year"})
    """The year whose prices these are."""


class Size(NamedTuple):
    """The setting that says how much of it there is, and what that is of, one and many."""

    key: str
    one: str
    many: str


class Intervention(Settings):
    """The settings every intervention has. A type adds its own, `usual_price()` from its size, and who delivers it.

    The docstring of its module is its page in docs/interventions.md.
    """

    type: str
    name: Text | None = None
    """A name of your own, for tables and figures."""
    where: Where = Where()
    """The zones it works in; left out: the whole place."""
    who: Who = Who()
    """The people it is for; left out: every adult."""
    when: When = When()
    """When it is delivered; left out: from the first week to the end."""
    need: Literal["universal", "targeted", "proportionate"] = "universal"
    """How its places are spread over the chosen zones: universal = by residents; proportionate = by inactive
    residents, so that more deprived zones get more for their size; targeted = all to the most deprived fifth
    found among them."""
    cost: Cost = Cost()
    """What it costs; left out: the usual price of its type and size."""
    evidence: tuple[str, ...] = Field(default=(), max_length=50, strict=False)
    """Where its numbers come from: publications, reports, local knowledge."""

    title: ClassVar[str] = ""
    """The type in plain words, for tables and figures."""
    asks_level: ClassVar[bool] = True
    """Whether `who.level` means anything to this type; where not, it is refused."""

    idle: ClassVar[tuple[str, ...]] = ()
    """Settings of every intervention that mean nothing to this type."""
    inert: ClassVar[bool] = False
    """Whether it is a check that does nothing: nobody is asked whom it is for, and no menu offers it."""
    size: ClassVar[Size | None] = None
    """What its size is, for names of plans; None where there is no one number."""
    example: ClassVar[str] = ""
    """Its settings as a new scenario file shows them: lines of YAML, with notes."""
    delivery: ClassVar[Any]
    """The programme that delivers it, which says so itself: `class Walks(Programme, delivers=WalkingScheme)`."""

    @field_validator("who")
    @classmethod
    def _level_is_asked(cls, who: Who) -> Who:
        if who.level is not None and not cls.asks_level:
            raise ValueError(f"{cls.title} asks nobody's level: leave level out")
        return who

    @property
    def label(self) -> str:
        """What names its chance, and its place in the order of a scenario's plans."""
        return self.name or self.type

    def usual_price(self) -> Price:
        """What a programme of this size usually costs, GBP. Each type says so."""
        raise NotImplementedError(f"{type(self).__name__} has no usual_price()")

    def in_words(self) -> str:
        """What is done, by its size: `12 walking groups`."""
        if self.size is None:
            return self.title.lower()
        number = getattr(self, self.size.key)
        return f"{number:,g} {self.size.one if number == 1 else self.size.many}"

    @classmethod
    def tables(cls) -> dict[str, tuple[list[str], list[list[str]]]]:
        """Tables of its page besides that of its settings: head and rows by the name that stands for each in braces."""
        return {}

    @property
    def price(self) -> Price:
        """What it costs, GBP: as written, else as usual for the size."""
        given = (self.cost.setup, self.cost.per_week, self.cost.per_participant)
        pairs = zip(given, self.usual_price(), strict=True)
        return Price(*(usual if own is None else own for own, usual in pairs))

    def price_under(self, parameters: Parameters) -> Price:
        """The same with what the numbers of the model add; a type says so whose groups are paid for by them."""
        return self.price

    def planned_cost(self, weeks: int, parameters: Parameters | None = None) -> float:
        """Money planned for a scenario of `weeks` weeks, GBP, before any cost per participant."""
        if self.when.start_week >= weeks:
            return 0.0
        price = self.price if parameters is None else self.price_under(parameters)
        last = weeks if self.when.end_week is None else min(weeks, self.when.end_week)
        delivered = sum(self.when.strength(week) for week in range(self.when.start_week, last))
        return price.setup + price.per_week * delivered

    def cost_by_year(self, weeks: int, parameters: Parameters | None = None) -> list[float]:
        """`planned_cost`, GBP, in each year of 52 weeks; the last may be shorter."""
        last = weeks if self.when.end_week is None else min(weeks, self.when.end_week)
        years = [0.0] * -(-weeks // WEEKS_A_YEAR)
        price = self.price if parameters is None else self.price_under(parameters)
        for week in range(self.when.start_week, last):
            setup = price.setup if week == self.when.start_week else 0.0
            years[week // WEEKS_A_YEAR] += setup + price.per_week * self.when.strength(week)
        return years

    @property
    def unused(self) -> list[str]:
        """Settings that were given and mean nothing here."""
        usual = type(self).model_fields
        return [key for key in self.idle if getattr(self, key) != usual[key].default]

    @property
    def by_zone(self) -> bool:
        """Whether its places are spread over zones; no when it says itself where each stands."""
        return True

    def zone_shares(self, zones: pd.DataFrame) -> np.ndarray:
        """How the programme's places are spread over zones: shares `(zones,)` that sum to 1.

        Raises InputError when `where` asks for what the place does not have.
        """
        chosen = self.where.zone_mask(zones)
        fifths = national_fifths(zones)
        if self.need == "targeted":
            chosen = chosen & (fifths == fifths[chosen].min())
        weight = zones["residents"].to_numpy(float) * chosen
        if self.need == "proportionate":
            weight = weight * np.array(INACTIVE_BY_FIFTH)[fifths - 1]
        # Zones without residents can still be chosen (a park, an estate not yet built): spread evenly then.
        shares: np.ndarray = weight / weight.sum() if weight.sum() > 0 else chosen / chosen.sum()
        return shares
