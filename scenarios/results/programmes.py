"""Where programmes meet people, how full they are and how long the queue is, by year: means over replicates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from model.outcomes.delivery import MEASURES
from scenarios.files import store
from scenarios.provenance import checks
from scenarios.runs.design import Job
from scenarios.runs.job import Result
from scenarios.statistics.means import Means, identity, numbered

if TYPE_CHECKING:
    from scenarios.results.costs import Costs

FILE = "places_used.csv"
COLUMNS = ("scenario", "intervention", "type", "name", "part", "year", "zone", "zone_name", "venue", "kind", "easting",
           "northing", *MEASURES)  # fmt: skip
"""One row a scenario, intervention, part, year and venue; the means are over the weeks of the year, the totals of it."""

DIGITS = 3


class Programmes(Means):
    """What every programme of every plan did where, from the runs of a batch."""

    part = "served"
    keys = ("programme", "part", "year", "venue", "kind", "zone", "easting", "northing")
    values = MEASURES

    def __init__(self) -> None:
        super().__init__()
        self._zones: dict[str, pd.DataFrame] = {}

    def add(self, job: Job, result: Result) -> None:
        super().add(job, result)
        for arm in job.arms:
            self._zones.setdefault(arm.name, job.town.place.zones)

    def frame(self) -> pd.DataFrame:
        """Every venue of every programme in every year: the columns of COLUMNS."""
        rows: list[dict[str, Any]] = []
        for scenario, arm in self.arms.items():
            named = identity(arm)
            zones = self._zone_names(scenario)
            for key, means in self.rows(scenario):
                found = dict(zip(self.keys, key, strict=True))
                told = dict(zip(self.values, np.round(means, DIGITS).tolist(), strict=True))
                rows.append({"scenario": scenario, **named[found["programme"]], **found, **told,
                             "zone_name": zones.get(found["zone"], "")})  # fmt: skip
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def described(self, spent: Costs | None = None) -> list[dict[str, Any]]:
        """One entry an intervention of a plan: its `zones` and `venues`, and by year whom it serves and what it costs.

        zones: those among which its places are spread, or where its people live; venues: where they meet.
        """
        frame, money = self.frame(), None if spent is None else spent.frame()
        told = []
        for scenario, arm in self.arms.items():
            names = self._zone_names(scenario)
            for number, (_, one) in numbered(arm).items():
                if one.inert:
                    continue
                here = frame[(frame["scenario"] == scenario) & (frame["intervention"] == number)]
                shares = None if not one.by_zone else one.zone_shares(self._zones[scenario])
                codes = (
                    [] if shares is None else self._zones[scenario]["code"].astype(str)[shares > 0].tolist()
                )
                told.append({
                    "scenario": scenario, "intervention": number, "type": one.type, "name": one.name or one.title,
                    "zones": [{"code": code, "name": names[code]} for code in codes],
                    "venues": venues(here), "by_year": by_year(here).to_dict("records"),
                    **({} if money is None else costs(money, scenario, number)),
                })  # fmt: skip
        return told

    def _zone_names(self, scenario: str) -> dict[str, str]:
        zones = self._zones[scenario]
        return dict(zip(zones["code"].astype(str), zones["name"].astype(str), strict=True))


def venues(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The venues of some rows of the table, each once."""
    columns = ["part", "venue", "kind", "zone", "zone_name", "easting", "northing"]
    here = frame.loc[frame["venue"].astype(str) != "", columns].drop_duplicates()
    return [dict(zip(columns, row, strict=True)) for row in here.itertuples(index=False)]


def by_year(frame: pd.DataFrame) -> pd.DataFrame:
    """Some rows of the table (COLUMNS) summed over venues: a row a scenario, intervention, part and year.

    A measure that a part does not have stays blank.
    """
    keys = ["scenario", "intervention", "type", "name", "part", "year"]
    summed = frame.groupby(keys, sort=False)[list(MEASURES)].sum(min_count=1).reset_index()
    return summed.drop(columns=["scenario", "intervention", "type", "name"]) if len(summed) else summed


def costs(frame: pd.DataFrame, scenario: str, number: int) -> dict[str, Any]:
    """What one intervention costs by part and year, and at which prices."""
    here = frame[(frame["scenario"] == scenario) & (frame["intervention"] == number)]
    if here.empty:
        return {"costs": []}
    return {"costs": here[["part", "year", "pounds"]].to_dict("records"),
            "price_year": int(here["price_year"].iloc[0]), "discounting": here["discounting"].iloc[0]}  # fmt: skip


def read(folder: str | Path) -> pd.DataFrame:
    """The table of a result folder (COLUMNS), text as text; empty where it has none."""
    path = checks.held(Path(folder), FILE)
    if not path.is_file():
        return pd.DataFrame(columns=list(COLUMNS))
    words = ("scenario", "type", "name", "part", "zone", "zone_name", "venue", "kind")
    frame = pd.read_csv(path, dtype=dict.fromkeys(words, str), keep_default_na=False, na_values={
        name: [""] for name in COLUMNS if name not in words})  # fmt: skip
    return frame


def of_folder(folder: str | Path) -> list[dict[str, Any]]:
    """What `described` told of a result folder: what `--json` prints under `programmes`."""
    programmes: list[dict[str, Any]] = store.read_json(Path(folder) / "summary.json").get("programmes", [])
    return programmes


__all__ = ["COLUMNS", "FILE", "Programmes", "by_year", "of_folder", "read", "venues"]
