"""What a comparison found: every plan at every time with its range, the order of plans, and which can be told apart.

One function makes it from the tables of a result folder; terminal, `--json`, report and live view all read it, so that
they cannot differ. Each range is 95% and holds chance and, where several sets of parameters were run, doubt about the
numbers. A plan's rank is a span: from one more than the plans that surely do more, down past those that surely do
less. What cannot be told apart is not put in order by any sentence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from model.interventions import REGISTRY
from scenarios.findings.amounts import plain

Verdict = Literal["better", "worse", "unclear", "nothing", "single", "little"]


@dataclass(frozen=True)
class Measure:
    """Something plans are held by: outcome, words for one amount of it, unit, and whether more of it is better."""

    outcome: str
    words: str
    unit: Literal["people", "person-years", "points", "pounds"]
    more_is_better: bool = True


MEASURES: dict[str, Measure] = {
    "during": Measure("people_moved_during", "adults out of inactivity while it is delivered", "people"),
    "after_52": Measure("people_moved_after_52", "adults out of inactivity one year after", "people"),
    "after_104": Measure("people_moved_after_104", "adults out of inactivity two years after", "people"),
    "person_years": Measure("person_years_moved", "person-years out of inactivity", "person-years"),
    "at_end": Measure("people_moved", "adults out of inactivity at the end", "people"),
    "gap": Measure(
        "gap_deprivation_average", "the gap between the most and least deprived fifths", "points", False
    ),
    "cost": Measure("cost", "cost", "pounds", False),
    "cost_per_person_year": Measure("cost_per_person_year", "cost for each person-year", "pounds", False),
    "cost_per_person_moved": Measure(
        "cost_per_person_moved", "cost for each adult at the end", "pounds", False
    ),
}
"""By name, in the order in which they are shown."""

RANK_BY: dict[str, str] = {
    "person_years": "person_years",
    "during": "during",
    "after": "after_52",
    "gap": "gap",
    "cost": "cost_per_person_year",
}
"""What `--rank-by` may say, and the measure it goes by."""
FEWEST = 4
"""Paired runs below which no two plans are told apart: so few may agree by accident, since residents are counted whole."""
PLUS = " + "
"""Between the plans of a sum, as it stands in `versus` where plans are held against others put together."""
END = "at_end"
"""The measure that is left to rank by where a folder has no person-years, since an earlier version wrote it."""


@dataclass(frozen=True)
class Estimate:
    """One amount with its 95% ranges: `low`, `high` hold chance and doubt; `chance_*` chance alone, `doubt_*` doubt alone.

    horizon_weeks, window_weeks: up to which week it is read, and over how many.
    """

    measure: Measure
    value: float
    low: float
    high: float
    chance_low: float
    chance_high: float
    doubt_low: float
    doubt_high: float
    horizon_weeks: int
    window_weeks: int

    @property
    def ranged(self) -> bool:
        """Whether there is a range; there is none after a single run."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def significant(self) -> bool:
        """Whether it can be told from none: its range leaves zero out."""
        return self.ranged and (self.low > 0 or self.high < 0)

    @property
    def verdict(self) -> Verdict:
        """What may be said of it. little: told from none, but less than one person."""
        if self.value == 0 and (not self.ranged or self.low == self.high == 0):
            return "nothing"
        if not self.ranged:
            return "single"
        if not self.significant:
            return "unclear"
        if self.measure.unit in ("people", "person-years") and abs(self.value) < 1:
            return "little"
        return "better" if (self.value > 0) == self.measure.more_is_better else "worse"

    def as_dict(self) -> dict[str, Any]:
        """For JSON: plain numbers, None where not known."""
        names = ("value", "low", "high", "chance_low", "chance_high", "doubt_low", "doubt_high")
        told: dict[str, Any] = {name: _plain(getattr(self, name)) for name in names}
        return told | {"outcome": self.measure.outcome, "unit": self.measure.unit, "verdict": self.verdict,
                       "horizon_weeks": self.horizon_weeks, "window_weeks": self.window_weeks}  # fmt: skip


@dataclass(frozen=True)
class ScenarioFindings:
    """One plan: what is known of it by measure, when it is delivered, and between which ranks it stands."""

    name: str
    title: str
    estimates: Mapping[str, Estimate]
    start_week: int | None = None
    end_week: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None

    def get(self, measure: str) -> Estimate | None:
        """An estimate by the name of its measure; None where it is not known."""
        return self.estimates.get(measure)

    @property
    def price(self) -> Estimate | None:
        """Cost for each person-year; None unless people surely move out of inactivity and it costs something."""
        found = self.get("cost_per_person_year")
        years = self.get("person_years")
        if found is None or years is None or years.verdict != "better":
            return None
        return found if math.isfinite(found.value) and found.value > 0 else None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"scenario": self.name, "title": self.title, "start_week": self.start_week, "end_week": self.end_week,
                "rank_low": self.rank_low, "rank_high": self.rank_high,
                **{name: one.as_dict() for name, one in self.estimates.items()}}  # fmt: skip


@dataclass(frozen=True)
class Findings:
    """A comparison: `plans` in order by `rank_by`; `versus` by (plan, other plan, outcome)."""

    plans: tuple[ScenarioFindings, ...]
    rank_by: str
    place: str
    weeks: int
    adults: float
    replicates: int
    sets: int
    baseline: str
    baseline_title: str
    versus: Mapping[tuple[str, str, str], Estimate] = field(default_factory=dict)
    asked: str = ""
    """What plans were to be ranked by; another than `rank_by` where that is known of none."""

    @property
    def measure(self) -> str:
        """The name of the measure that plans are ranked by."""
        return RANK_BY.get(self.rank_by, END)

    @property
    def against(self) -> str:
        """What plans are compared with, as it stands in a sentence."""
        return "today's plans" if self.baseline == "baseline" else f"“{self.baseline_title}”"

    @property
    def helping(self) -> list[ScenarioFindings]:
        """Plans that surely do good by the measure; by cost, those that a price can be given for."""
        if self.rank_by == "cost":
            return [plan for plan in self.plans if plan.price]
        return [plan for plan in self.plans if (one := plan.get(self.measure)) and one.verdict == "better"]

    @property
    def leaders(self) -> list[ScenarioFindings]:
        """Plans that surely do good and that no other of them surely beats."""
        helping = self.helping
        return [plan for plan in helping if not any(self.beats(other, plan) for other in helping)]

    @property
    def winner(self) -> ScenarioFindings | None:
        """The one plan that surely does more than every other; the only plan, if it surely does good."""
        first = [plan for plan in self.helping if plan.rank_high == 1]
        return first[0] if first else None

    def difference(self, one: str, two: str, measure: str) -> Estimate | None:
        """By how much more of a measure one plan has than another, over paired runs; None where it is not known."""
        outcome = MEASURES[measure].outcome
        if found := self.versus.get((one, two, outcome)):
            return found
        if turned := self.versus.get((two, one, outcome)):
            return _turned(turned)
        return None

    @property
    def sums(self) -> list[tuple[ScenarioFindings, str]]:
        """Plans, each with a sum of other plans that it was held against, as its label in `versus`."""
        known = {plan.name: plan for plan in self.plans}
        pairs = dict.fromkeys((one, two) for one, two, _ in self.versus if PLUS in two and one in known)
        return [(known[one], two) for one, two in pairs]

    def beats(self, one: ScenarioFindings, two: ScenarioFindings, measure: str | None = None) -> bool:
        """Whether a plan surely does better than another by a measure. Prices: their ranges do not meet."""
        if self.replicates < FEWEST:
            return False
        name = measure or self.measure
        better = MEASURES[name].more_is_better
        if MEASURES[name].unit == "pounds":
            mine, other = (
                plan.price if name == "cost_per_person_year" else plan.get(name) for plan in (one, two)
            )
            return bool(mine and other and mine.ranged and other.ranged and mine.high < other.low)
        found = self.difference(one.name, two.name, name)
        return bool(found and found.significant and (found.value > 0) == better)

    def as_dict(self) -> dict[str, Any]:
        """For JSON and summary.json."""
        winner = self.winner
        return {
            "by": self.rank_by, "measure": MEASURES[self.measure].outcome, "weeks": self.weeks,
            "adults": _plain(self.adults), "replicates": self.replicates, "sets": self.sets,
            "range": "chance and doubt about the numbers" if self.sets > 1 else "chance",
            "winner": winner.name if winner else None,
            "plans": [plan.as_dict() for plan in self.plans],
            "versus": [{"scenario": one, "against": two, "outcome": outcome, "difference": _plain(found.value),
                        "low": _plain(found.low), "high": _plain(found.high), "apart": found.significant}
                       for (one, two, outcome), found in self.versus.items()],
        }  # fmt: skip


def of_tables(
    effects: pd.DataFrame,
    versus: pd.DataFrame | None,
    manifest: Mapping[str, Any],
    rank_by: str | None = None,
) -> Findings:
    """The findings of a result folder. rank_by: what orders plans; None takes what the manifest says."""
    weeks = int(manifest.get("weeks") or 0)
    everybody = effects[(effects["group"] == "all") & (effects["level"] == "all")]
    by_outcome = {one.outcome: one for one in MEASURES.values()}
    names = {one.outcome: name for name, one in MEASURES.items()}
    rows: dict[str, dict[str, Estimate]] = {}
    for row in everybody.to_dict("records"):
        found = rows.setdefault(str(row["scenario"]), {})
        measure = by_outcome.get(str(row["outcome"]))
        if str(row["outcome"]) == "inactive" and int(row["horizon_weeks"]) == weeks:
            found.setdefault(END, _moved(row, float(manifest.get("adults") or math.nan)))
        at_its_time = "_during" in str(row["outcome"]) or "_after_" in str(row["outcome"])
        if measure is not None and (at_its_time or int(row["horizon_weeks"]) == weeks):
            found[names[measure.outcome]] = _estimate(measure, row)
    known = {str(raw.get("name")): raw for raw in manifest.get("scenarios") or [] if isinstance(raw, dict)}
    plans = [_plan(name, known.get(name, {}), found) for name, found in rows.items()]
    base = str(manifest.get("baseline") or "baseline")
    by = rank_by or str(manifest.get("rank_by") or "person_years")
    asked, by = by, next((one for one in (by, "person_years") if _known_by(one, plans)), END)
    raw = Findings(
        tuple(plans), by,
        plain((manifest.get("place") or {}).get("title") or "this place"), weeks,
        float(manifest.get("adults") or math.nan), int(manifest.get("replicates") or 1),
        int((manifest.get("parameters") or {}).get("sets") or 1), base,
        plain(known.get(base, {}).get("title") or base), _pairs(versus, by_outcome), asked,
    )  # fmt: skip
    return replace(raw, plans=tuple(_in_order(raw)))


def _known_by(rank_by: str, plans: Iterable[ScenarioFindings]) -> bool:
    """Whether what `rank_by` goes by is known of any plan; by cost, whether any plan costs something."""
    found = [plan.get(RANK_BY[rank_by]) for plan in plans if rank_by in RANK_BY]
    return any(one is not None and (math.isfinite(one.value) or rank_by == "cost") for one in found)


def _plan(name: str, raw: Mapping[str, Any], estimates: Mapping[str, Estimate]) -> ScenarioFindings:
    ordered = {measure: estimates[measure] for measure in MEASURES if measure in estimates}
    starts, ends = [], []
    for one in raw.get("interventions") or []:
        when = one.get("when") or {} if isinstance(one, dict) and not REGISTRY.inert(one) else None
        if when is not None:
            starts.append(int(when.get("start_week") or 0))
            ends.append(starts[-1] + int(when["weeks"]) if when.get("weeks") is not None else None)
    end = None if None in ends else max((one for one in ends if one is not None), default=None)
    return ScenarioFindings(name, plain(raw.get("title") or name), ordered, min(starts, default=None), end)


def _in_order(findings: Findings) -> Iterable[ScenarioFindings]:
    """Plans by the measure, each with its span of ranks; those of which it is not known come last, without a rank."""
    name = findings.measure
    sign = -1 if MEASURES[name].more_is_better else 1

    def known(plan: ScenarioFindings) -> Estimate | None:
        found = plan.price if name == "cost_per_person_year" else plan.get(name)
        return found if found is not None and math.isfinite(found.value) else None

    ranked = [plan for plan in findings.plans if known(plan)]
    for plan in sorted(ranked, key=lambda plan: sign * known(plan).value):  # type: ignore[union-attr]
        others = [other for other in ranked if other.name != plan.name]
        above = sum(findings.beats(other, plan) for other in others)
        below = sum(findings.beats(plan, other) for other in others)
        yield replace(plan, rank_low=1 + above, rank_high=len(ranked) - below)
    yield from (plan for plan in findings.plans if not known(plan))


def _estimate(measure: Measure, row: Mapping[Any, Any]) -> Estimate:
    def at(name: str, otherwise: float = math.nan) -> float:
        value = row.get(name, otherwise)
        return otherwise if value is None else float(value)

    low, high = at("ci_low"), at("ci_high")
    return Estimate(measure, at("difference"), at("range_low", low), at("range_high", high), low, high,
                    at("doubt_low"), at("doubt_high"), int(at("horizon_weeks", 0)), int(at("window_weeks", 0)))  # fmt: skip


def _moved(row: Mapping[Any, Any], adults: float) -> Estimate:
    """People moved, from the row of the share inactive."""
    return _turned(_scaled(_estimate(MEASURES[END], row), adults))


def _scaled(one: Estimate, by: float) -> Estimate:
    names = ("value", "low", "high", "chance_low", "chance_high", "doubt_low", "doubt_high")
    return replace(one, **{name: getattr(one, name) * by for name in names})


def _pairs(versus: pd.DataFrame | None, known: Mapping[str, Measure]) -> dict[tuple[str, str, str], Estimate]:
    if versus is None:
        return {}
    return {
        (str(row["scenario"]), str(row["against"]), str(row["outcome"])): _estimate(
            known[row["outcome"]], row
        )
        for row in versus.to_dict("records")
        if row["outcome"] in known
    }


def _turned(one: Estimate) -> Estimate:
    return replace(one, value=-one.value, low=-one.high, high=-one.low, chance_low=-one.chance_high,
                   chance_high=-one.chance_low, doubt_low=-one.doubt_high, doubt_high=-one.doubt_low)  # fmt: skip


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None
