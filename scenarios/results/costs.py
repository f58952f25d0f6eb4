"""What plans cost, by part and year: money as spent, at the prices of a stated year, nothing discounted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from scenarios.provenance import checks
from scenarios.statistics.means import Means, identity, numbered

FILE = "costs.csv"
COLUMNS = ("scenario", "intervention", "type", "name", "part", "year", "pounds", "price_year", "discounting")
NOT_DISCOUNTED = "not discounted"

PARTS = {
    "setup": "Setting up",
    "per_week": "Running, by the week",
    "per_participant": "For each who joins",
    "grants_not_paid": "Grants that found no group",
}
"""The parts of a cost in words. The last is below 0: planned by the week, and not paid."""


class Costs(Means):
    """What every programme of every plan costs, from the runs of a batch."""

    part = "spent"
    keys = ("programme", "part", "year")
    values = ("pounds",)

    def frame(self) -> pd.DataFrame:
        """Pounds by scenario, intervention, part and year (COLUMNS); parts and years without any are left out."""
        rows: list[dict[str, Any]] = []
        for scenario, arm in self.arms.items():
            named = identity(arm)
            years = {label: one.cost.price_year for label, one in numbered(arm).values()}
            for (label, part, year), (pounds,) in self.rows(scenario):
                rows.append({"scenario": scenario, **named[label], "part": part, "year": year,
                             "pounds": round(pounds, 2), "price_year": years[label],
                             "discounting": NOT_DISCOUNTED})  # fmt: skip
        return pd.DataFrame(rows, columns=list(COLUMNS))


def of_folder(folder: str | Path) -> pd.DataFrame:
    """The table of a result folder (COLUMNS); empty where it has none."""
    path = checks.held(Path(folder), FILE)
    return pd.read_csv(path) if path.is_file() else pd.DataFrame(columns=list(COLUMNS))


def by_year(frame: pd.DataFrame, scenario: str) -> pd.DataFrame:
    """One plan's pounds: rows are parts in words, in the order of PARTS; columns are years, then `total`."""
    here = frame[frame["scenario"] == scenario]
    table = here.pivot_table(index="part", columns="year", values="pounds", aggfunc="sum", fill_value=0.0)
    table = table.reindex([part for part in PARTS if part in table.index]).rename(index=PARTS)
    return table.assign(total=table.sum(axis=1))


def prices(frame: pd.DataFrame) -> str:
    """The sentence that goes with any of these amounts."""
    years = sorted({int(year) for year in frame["price_year"]})
    at = f" at {' and '.join(map(str, years))} prices" if years else ""
    return f"Pounds{at}, {NOT_DISCOUNTED}: a pound in a later year counts as much as one in the first."
