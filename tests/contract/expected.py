"""What a result folder's CSV files hold, worked out apart from the product: values, ranges, ranks, who surely beats whom."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from scenarios.findings import amounts

OUTCOMES = {
    "person_years": "person_years_moved",
    "during": "people_moved_during",
    "after_52": "people_moved_after_52",
    "after_104": "people_moved_after_104",
    "at_end": "people_moved",
    "cost": "cost",
    "cost_per_person_year": "cost_per_person_year",
    "gap": "gap_deprivation_average",
}
RANKED = {"person_years": "person_years", "during": "during", "after": "after_52", "gap": "gap",
          "cost": "cost_per_person_year"}  # fmt: skip
WORDS = {
    "person_years": "person-years out of inactivity",
    "during": "adults out of inactivity while it is delivered",
    "after_52": "adults out of inactivity one year after",
    "at_end": "adults out of inactivity at the end",
    "gap": "the gap between the most and least deprived fifths",
    "cost_per_person_year": "cost for each person-year",
}


@dataclass(frozen=True)
class Range:
    """A value with the ends of its range; nan where it has none."""

    value: float
    low: float = math.nan
    high: float = math.nan

    @property
    def apart(self) -> bool:
        return self.low > 0 or self.high < 0


class Held:
    """The numbers of one folder, from effects.csv, versus.csv and the manifest."""

    def __init__(self, folder: Path, rank_by: str) -> None:
        effects, versus = pd.read_csv(folder / "effects.csv"), pd.read_csv(folder / "versus.csv")
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        self.weeks, self.runs = manifest["weeks"], manifest["replicates"]
        self.title = {one["name"]: one["title"] for one in manifest["scenarios"]}
        self.names = list(dict.fromkeys(effects["scenario"]))
        self.rows, self.pairs = len(effects), dict(_pairs(versus))
        self.runs = int(effects["replicates"].max())
        self._amounts = dict(_amounts(effects, self.weeks))
        wanted = RANKED[rank_by]
        known = any(self.of(name, wanted, kept=rank_by == "cost") for name in self.names)
        self.measure = wanted if known else "person_years"
        self.sign = -1 if self.measure in ("gap", "cost_per_person_year") else 1

    def of(self, name: str, measure: str, kept: bool = False) -> Range | None:
        """One amount; None where the files hold it not, or (unless `kept`) as no number."""
        found = self._amounts.get((name, OUTCOMES[measure]))
        return found if found is not None and (kept or math.isfinite(found.value)) else None

    def more(self, one: str, two: str, measure: str) -> Range | None:
        """By how much more of a measure one plan has than another."""
        if found := self.pairs.get((one, two, OUTCOMES[measure])):
            return found
        found = self.pairs.get((two, one, OUTCOMES[measure]))
        return Range(-found.value, -found.high, -found.low) if found else None

    def beats(self, one: str, two: str, measure: str) -> bool:
        """Whether one plan surely does better than another; never by fewer than four paired runs."""
        if self.runs < 4:
            return False
        if measure == "cost_per_person_year":
            mine, other = self.of(one, measure), self.of(two, measure)
            return mine is not None and other is not None and mine.high < other.low
        found = self.more(one, two, measure)
        return found is not None and (found.high < 0 if measure == "gap" else found.low > 0)

    @property
    def ranked(self) -> list[str]:
        """Plans of which the measure is known, best first."""
        known = [name for name in self.names if self.of(name, self.measure)]
        return sorted(known, key=lambda name: -self.sign * self.of(name, self.measure).value)

    @property
    def order(self) -> list[str]:
        """Every plan in order: those whose measure is not known come last."""
        return [*self.ranked, *(name for name in self.names if name not in self.ranked)]

    def rank(self, name: str) -> str:
        """The span of ranks of a plan."""
        if name not in self.ranked:
            return "–"
        others = [other for other in self.ranked if other != name]
        low = 1 + sum(self.beats(other, name, self.measure) for other in others)
        high = len(self.ranked) - sum(self.beats(name, other, self.measure) for other in others)
        return str(low) if low == high else f"{low}–{high}"

    @property
    def first(self) -> str | None:
        """The plan that surely does good and surely more than every other of which the measure is known."""
        for name in self.ranked:
            found = self.of(name, self.measure)
            good = (
                found.value > 0
                if self.measure == "cost_per_person_year"
                else self.sign * found.value > 0 and found.apart
            )
            if self.measure not in ("gap", "cost_per_person_year"):
                good = good and found.value >= 1
            if good and self.rank(name) == "1":
                return name
        return None

    def cell(self, name: str, measure: str) -> tuple[str, str]:
        """How an amount and its range are to be shown."""
        found = self.of(name, measure)
        if measure == "cost_per_person_year":
            if found is None:
                cost = self.of(name, "cost")
                return ("–" if cost is None or cost.value == 0 else "not told", "")
        elif found is None:
            return ("–", "")
        if measure == "cost":
            varies = found.high - found.low > 1
            digits = amounts.digits(found.low, found.high)
            ends = f"{amounts.rough_pounds(found.low, digits)} to {amounts.rough_pounds(found.high, digits)}"
            return amounts.pounds(found.value), ends if varies else ""
        if found.value == 0 and not (found.low < 0 or found.high > 0):
            return ("0", "")
        return self.text(found, measure)

    @staticmethod
    def text(found: Range, measure: str) -> tuple[str, str]:
        """An amount and its range in the unit of its measure."""
        digits = amounts.digits(found.low, found.high) if math.isfinite(found.low) else 2

        def end(value: float) -> str:
            if measure == "gap":
                return amounts.points_end(value)
            if measure == "cost_per_person_year":
                return amounts.rough_pounds(value, digits)
            return amounts.people_end(value, digits)

        if not math.isfinite(found.low):
            return end(found.value), ""
        low, high = end(found.low), end(found.high)
        least = f"under {'0.001' if measure == 'gap' else '1'}"
        if low == high == "0":
            return end(found.value), f"{least} either way" if found.low < 0 else least
        low = least if low == "0" and found.low > 0 else low
        return end(found.value), f"{low} to {high}"


def _amounts(effects: pd.DataFrame, weeks: int) -> Iterator[tuple[tuple[str, str], Range]]:
    """Of everybody: at the end of the run, or at a plan's own times."""
    for row in effects[effects["group"] == "all"].itertuples(index=False):
        if row.horizon_weeks == weeks or re.search("moved_(during|after)", row.outcome):
            yield (row.scenario, row.outcome), Range(row.difference, row.range_low, row.range_high)


def _pairs(versus: pd.DataFrame) -> Iterator[tuple[tuple[str, str, str], Range]]:
    for row in versus.itertuples(index=False):
        yield (
            (row.scenario, row.against, row.outcome),
            Range(row.difference, row.range_low, row.range_high),
        )
