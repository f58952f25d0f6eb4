"""Every column of residents declared once: type, unit, bounds, meaning; and the names of levels.

Nothing else in the project spells the dtype of a column; attributes stand in model/population/attributes.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from model.limits import ACTIVE_FROM
from model.population.attributes import AGE_BANDS as AGE_BANDS
from model.population.attributes import ATTRIBUTES as ATTRIBUTES
from model.population.attributes import CATALOGUE
from model.population.attributes import DISABILITIES as DISABILITIES
from model.population.attributes import ETHNICITIES as ETHNICITIES
from model.population.attributes import SEXES as SEXES
from model.population.attributes import WORK as WORK

KINDS = ("walk_leisure", "walk_travel", "cycle", "gym", "sport", "home_garden")
"""Activity kinds, in the order of every array with one column a kind."""

ASSET_KINDS = (
    "park", "path", "waterside", "leisure_centre", "community_centre", "club", "local_centre",
    "school", "gp_practice", "library", "place_of_worship",
)  # fmt: skip

DESTINATIONS: dict[str, tuple[str, ...]] = {
    "walk_leisure": ("park", "path", "waterside"),
    "walk_travel": ("local_centre",),
    "cycle": ("path",),
    "gym": ("leisure_centre", "community_centre"),
    "sport": ("club", "leisure_centre", "school"),
    "home_garden": (),
}
"""Which kinds of asset serve which kind of activity."""

LEVELS = ("inactive", "fairly_active", "active")
AGE_BAND_FLOORS = (16, 35, 55, 65, 75, 85)
AGE_GROUPS = ("16-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-84", "85+")
"""The bands in which published tables give age; residents are drawn in these."""
AGE_GROUP_FLOORS = (16, 25, 35, 45, 55, 65, 75, 85)
MEMBERSHIP = ("never", "waiting", "member", "left", "completed")


@dataclass(frozen=True)
class Column:
    """One column: `width` values a resident of `dtype`, in `unit`, between `low` and `high` inclusive."""

    name: str
    dtype: Any
    meaning: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    width: int = 1
    levels: tuple[str, ...] = ()

    def shape(self, rows: int) -> tuple[int, ...]:
        """`(rows,)`, or `(width, rows)` when width > 1."""
        return (rows,) if self.width == 1 else (self.width, rows)

    def empty(self, rows: int) -> np.ndarray:
        """A zeroed array of this column."""
        return np.zeros(self.shape(rows), dtype=self.dtype)


_K = len(KINDS)

_FIXED = (
    Column("id", np.int32, "permanent identity; never a row position", low=0),
    Column("zone", np.int32, "row of the home zone", low=0),
    Column("cell", np.int32, "home cell, flat index row * width + column", low=0),
    Column("x_m", np.float32, "home, east of the grid's origin", "m"),
    Column("y_m", np.float32, "home, north of the grid's origin", "m"),
    Column("household", np.int32, "household identity", low=0),
    Column("household_size", np.uint8, "people of any age in the household", "people", 1, 20),
    Column("children", np.uint8, "a child under 16 lives in the household", low=0, high=1),
    Column("lone_parent", np.uint8, "the only adult in a household with a child", low=0, high=1),
    Column("cars", np.uint8, "cars or vans in the household, 2 = two or more", low=0, high=2,
           levels=ATTRIBUTES["car"]),
    Column("age", np.uint8, "age", "years", 16, 110),
    Column("age_band", np.uint8, "age band", low=0, high=5, levels=AGE_BANDS),
    Column("sex", np.uint8, "sex", low=0, high=1, levels=SEXES),
    Column("ethnicity", np.uint8, "ethnic group", low=0, high=4, levels=ETHNICITIES),
    Column("disability", np.uint8, "census: day-to-day activities limited", low=0, high=2, levels=DISABILITIES),
    Column("condition", np.uint8, "survey: limiting disability or long-term condition (wider than the census)",
           low=0, high=1, levels=("no", "yes")),
    Column("imd_decile", np.uint8, "national IMD decile of the home zone, 1 = most deprived", low=1, high=10),
    Column("imd_quintile", np.uint8, "national IMD quintile of the home zone, 1 = most deprived", low=1, high=5),
    Column("work", np.uint8, "work", low=0, high=5, levels=WORK),
    Column("carer", np.uint8, "gives 20 or more hours of unpaid care a week", low=0, high=1),
    Column("means", np.float32, "money to spend: national rank, 0 = least", "rank", 0, 1),
    Column("knowhow", np.float32, "capability tied to schooling and occupation, national standard score", "SD", -5, 5),
    Column("weight", np.float32, "people this resident stands for", "people", 0),
)  # fmt: skip

DYNAMIC = (
    Column("propensity", np.float32, "lasting propensity to move: fixed part", "logit"),
    Column("drift", np.float32, "slow part of the propensity", "logit"),
    Column("taste", np.float32, "taste for each kind, kept for years", "logit", width=_K),
    Column("new_taste", np.uint8, "kind whose taste changed this week, counted from 1; 0 = none", low=0, high=_K),
    Column("repertoire", np.uint8, "one bit for each kind that somebody does at all, under repertoire: hurdle", low=0,
           high=(1 << _K) - 1),
    Column("base", np.float32, "fixed part of each kind's utility", "logit", width=_K),
    Column("minutes_session", np.float32, "usual length of a session of each kind", "min", 0, width=_K),
    Column("unsafe", np.float32, "fear of crime around home, by daylight and in the dark together", "0-", 0),
    Column("threshold", np.float32, "share of active strong ties at which persuasion is half done", "share"),
    Column("segment", np.uint8, "place on the adoption curve, by the threshold", low=0, high=4,
           levels=ATTRIBUTES["segment"]),
    Column("motivation", np.float32, "motivation around its own long-run mean", "logit"),
    Column("fitness", np.float32, "fitness", "0-1", 0, 1),
    Column("ill", np.uint8, "ill or injured this week", low=0, high=1),
    Column("injured", np.uint8, "weeks left without the kind that an injury stops", "weeks", 0),
    Column("injured_kind", np.uint8, "kind that it stops", low=0, high=_K - 1),
    Column("habit", np.float32, "habit strength of each kind", "0-1", 0, 1, width=_K),
    Column("company", np.float32, "company in each kind, 1 = full", "0-1", 0, 1, width=_K),
    Column("access", np.float32, "opportunity of each kind from places known and reachable", "logit", width=_K),
    Column("destination", np.int32, "asset where each kind is done, -1 = around home", low=-1, width=_K),
    Column("knows", np.uint32, "one bit for each candidate place of the home cell", low=0),
    Column("sessions", np.uint8, "sessions of each kind this week", "sessions", 0, width=_K),
    Column("group_sessions", np.uint8, "programme and group sessions attended this week", "sessions", 0),
    Column("group_kind", np.uint8, "kind of activity of those sessions", low=0, high=_K - 1),
    Column("group_minutes", np.float32, "minutes of those sessions", "min", 0),
    Column("group_place", np.int32, "asset where those sessions were, -1 = none", low=-1),
    Column("group", np.int32, "group of one's own, -1 = none", low=-1),
    Column("group_since", np.int32, "week of the clock of joining it", low=0),
    Column("organiser", np.uint8, "helps to organise it", low=0, high=1),
    Column("came", np.uint8, "came to its session this week", low=0, high=1),
    Column("minutes", np.float32, "minutes of each kind this week", "min", 0, width=_K),
    Column("recent", np.float32, "minutes of each of the last four weeks, home and garden left out", "min", 0, width=4),
    Column("recent_garden", np.float32, "home and garden minutes of each of the last four weeks", "min", 0, width=4),
    Column("minutes_mean", np.float32, "four-week mean of counted minutes", "min/week", 0),
    Column("level", np.uint8, "activity level under the chosen definition", low=0, high=2, levels=LEVELS),
    Column("moving", np.uint8, f"seen as active by others: {ACTIVE_FROM} minutes or more, gardening left out", low=0, high=1),
    Column("place", np.int32, "asset where most of this week's sessions were, -1 = home", low=-1),
)  # fmt: skip
"""Columns that weeks change (or that start from chance)."""

_DECLARED = {column.name for column in (*_FIXED, *DYNAMIC)}
FIXED = (
    *_FIXED,
    *(
        Column(one.held_in, np.uint8, one.meaning or one.label, low=one.first, high=one.first + len(one.levels) - 1,
               levels=() if one.numbers else one.levels)
        for one in CATALOGUE if one.held_in not in _DECLARED
    ),
)  # fmt: skip
"""Columns set when the town is built and never changed by a week; of attributes that stand only in the catalogue, the last."""

RESIDENT: dict[str, Column] = {column.name: column for column in (*FIXED, *DYNAMIC)}
