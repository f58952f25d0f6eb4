"""A result folder read back: what was run, its effects, its weekly outcomes, its place."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.errors import Fault, InputError
from model.limits import WEEKS_A_YEAR
from model.outcomes.strata import FEWEST
from scenarios.findings.findings import Findings, of_tables
from scenarios.provenance import checks
from scenarios.results.effects import VERSUS
from viz import words
from viz.report import behind

EFFECT_COLUMNS = (
    "scenario",
    "baseline",
    "outcome",
    "group",
    "level",
    "horizon_weeks",
    "baseline_value",
    "scenario_value",
    "difference",
    "ci_low",
    "ci_high",
    "replicates",
)
KEPT_GROUPS = ("all", "zone", "imd_quintile")
"""Groups whose weekly outcomes the report draws; the rest it reads from the effects."""


@dataclass(frozen=True)
class Effect:
    """One outcome under a plan against its baseline. `low` to `high` is the 95% range of the difference over paired runs, of
    chance and of doubt about the numbers together; `chance_*` and `doubt_*` are each alone."""

    outcome: str
    group: str
    level: str
    horizon_weeks: int
    baseline: float
    scenario: float
    difference: float
    low: float = math.nan
    high: float = math.nan
    replicates: int = 1
    doubt_low: float = math.nan
    doubt_high: float = math.nan
    chance_low: float = math.nan
    chance_high: float = math.nan

    @property
    def ranged(self) -> bool:
        """Whether there is a range at all (there is none after a single run)."""
        return not (math.isnan(self.low) or math.isnan(self.high))

    @property
    def told(self) -> bool:
        """Whether the effect can be told from no effect: its range leaves zero out."""
        return self.ranged and (self.low > 0 or self.high < 0)

    @property
    def nothing(self) -> bool:
        """Whether every run came out exactly as without the plan."""
        return self.difference == 0 and (not self.ranged or self.low == self.high == 0)


@dataclass(frozen=True)
class ScenarioResult:
    """One scenario as the report names it."""

    name: str
    title: str
    description: str = ""
    interventions: list[dict[str, Any]] = field(default_factory=list)
    barriers: list[dict[str, Any]] = field(default_factory=list)
    price_year: int | None = None
    baseline: str = "baseline"
    digest: str = ""


@dataclass
class Results:
    """Everything the report reads. `effects` is keyed by (scenario, outcome, group, level, horizon)."""

    directory: Path
    manifest: dict[str, Any]
    effects: dict[tuple[str, str, str, str, int], Effect]
    weekly: pd.DataFrame | None
    place: dict[str, Any]
    drivers: dict[str, Any]
    baseline: ScenarioResult
    plans: list[ScenarioResult]
    frame: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(EFFECT_COLUMNS)))
    versus: pd.DataFrame | None = None

    @cached_property
    def findings(self) -> Findings:
        """Every plan at every time, in order, and which can be told apart: as the terminal and `--json` tell it."""
        return of_tables(self.frame, self.versus, self.manifest)

    @property
    def against(self) -> str:
        """What plans are compared with, as it stands in a sentence: today's plans, or a plan by its name."""
        return self.findings.against

    @property
    def sets(self) -> int:
        """Sets of parameters that the runs are shared out among."""
        return self.findings.sets

    @cached_property
    def horizons(self) -> list[int]:
        """Horizons in weeks, ascending."""
        return sorted(
            {key[4] for key in self.effects if key[1] == "inactive"} or {key[4] for key in self.effects}
        )

    @property
    def end(self) -> int:
        """The last horizon, in weeks."""
        return self.horizons[-1] if self.horizons else int(self.manifest.get("weeks") or 0)

    @property
    def adults(self) -> float:
        """Real adults of the place; nan when the manifest does not say."""
        return float(self.manifest.get("adults") or math.nan)

    @cached_property
    def _behind(self) -> dict[tuple[str, str], float]:
        residents = int(self.manifest.get("residents") or 0)
        return behind.sizes(self.directory / "weekly.parquet", self.baseline.name, residents)

    def simulated(self, group: str, level: str) -> float:
        """Residents of a level simulated in a run; nan where the folder cannot tell."""
        return self._behind.get((group, level), math.nan)

    def few(self, group: str, level: str) -> bool:
        """Whether so few residents of a level are known to be simulated that nothing may be told of them."""
        return self.simulated(group, level) < FEWEST

    @property
    def place_title(self) -> str:
        """The name of the place for people."""
        about = {**self.place, **(self.manifest.get("place") or {})}
        return words.plain(about.get("title") or about.get("name") or "this place")

    def effect(
        self,
        plan: ScenarioResult,
        outcome: str,
        group: str = "all",
        level: str = "all",
        horizon: int | None = None,
    ) -> Effect | None:
        """One effect at a horizon (default: the last), or None when the folder does not hold it."""
        return self.effects.get((plan.name, outcome, group, level, horizon or self.end))

    def while_delivered(self, plan: ScenarioResult, group: str, level: str) -> Effect | None:
        """The effect on the share inactive of a group while the plan is delivered; over the last year where it is not known."""
        return self._delivered.get((plan.name, group, level)) or self.effect(plan, "inactive", group, level)

    @cached_property
    def _delivered(self) -> dict[tuple[str, str, str], Effect]:
        return {
            (key[0], key[2], key[3]): effect
            for key, effect in self.effects.items()
            if key[1] == "effect_during"
        }

    def levels(self, group: str, outcome: str = "inactive") -> list[str]:
        """Levels of an attribute with a finite value for some plan, in the order in which they are shown."""
        found = {
            key[3]
            for key, effect in self.effects.items()
            if key[1] == outcome and key[2] == group and math.isfinite(effect.scenario)
        }
        known = [level for level in words.LEVELS.get(group, {}) if level in found]
        return known + sorted(found - set(known))

    @cached_property
    def _tables(self) -> dict[tuple[str, str, str], pd.DataFrame]:
        if self.weekly is None:
            return {}
        parts = self.weekly.groupby(["scenario", "group", "outcome"], observed=True, sort=False)
        return {(str(s), str(g), str(o)): part for (s, g, o), part in parts}

    def series(self, scenario: str, outcome: str, group: str = "all", level: str = "all") -> pd.DataFrame:
        """Weekly values: rows are weeks, columns are replicates. Empty when not recorded."""
        part = self._tables.get((scenario, group, outcome))
        if part is None:
            return pd.DataFrame()
        part = part[part["level"].astype(str) == level]
        return part.pivot_table(index="week", columns="replicate", values="value", observed=True)

    def zones(self, scenario: str, outcome: str = "inactive", last_weeks: int = WEEKS_A_YEAR) -> pd.DataFrame:
        """Means over the last weeks: rows are zones, columns are replicates. Empty when not recorded."""
        part = self._tables.get((scenario, "zone", outcome))
        if part is None or part.empty:
            return pd.DataFrame()
        part = part[part["week"] > part["week"].max() - last_weeks]
        part = part.assign(level=part["level"].astype(str))
        table: pd.DataFrame = part.pivot_table(
            index="level", columns="replicate", values="value", observed=True
        )
        return table


def read(directory: Path) -> Results:
    """Read a result folder. Raises InputError when it is none."""
    directory = Path(directory)
    manifest = _json(directory / "manifest.json", compulsory=True)
    effects = _effects(directory)
    baselines = dict(zip(effects["scenario"].astype(str), effects["baseline"].astype(str), strict=True))
    baseline_name = str(manifest.get("baseline") or "baseline")
    plans = [
        _plan(raw, baselines.get(str(raw.get("name")), baseline_name))
        for raw in _scenarios(manifest, baselines)
    ]
    base = [plan for plan in plans if plan.name == baseline_name]
    return Results(
        directory=directory,
        manifest=manifest,
        effects=dict(_keyed(effects)),
        weekly=_weekly(directory / "weekly.parquet"),
        place=_json(directory / "place.json"),
        drivers=_json(directory / "sensitivity.json"),
        baseline=base[0] if base else ScenarioResult(baseline_name, "Today's plans", baseline=baseline_name),
        plans=[plan for plan in plans if plan.name != baseline_name],
        frame=effects,
        versus=checks.read_versus(directory, VERSUS),
    )


def _json(path: Path, compulsory: bool = False) -> dict[str, Any]:
    try:
        found = json.loads(checks.held(path.parent, path.name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        if not compulsory:
            return {}
        raise InputError(
            Fault(
                "this is not a result folder",
                str(path.parent),
                found=f"no {path.name}",
                allowed="a folder that `compare` has written",
            )
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(Fault("cannot be read", str(path), found=str(error).splitlines()[0])) from None
    if not isinstance(found, dict):
        raise InputError(Fault("must hold one object", str(path), found=type(found).__name__))
    return found


def _table(path: Path, **options: Any) -> pd.DataFrame:
    try:
        checks.held(path.parent, path.name)
        return pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path, **options)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(Fault("cannot be read", str(path), found=str(error).splitlines()[0])) from None


def _effects(directory: Path) -> pd.DataFrame:
    """The effects; an empty table when there was nothing to compare."""
    path = next((p for p in (directory / "effects.parquet", directory / "effects.csv") if p.exists()), None)
    if path is None:
        return pd.DataFrame(columns=list(EFFECT_COLUMNS))
    frame = _table(path)
    missing = [name for name in EFFECT_COLUMNS if name not in frame.columns]
    if missing:
        raise InputError(
            Fault(
                "columns are missing", str(path), found=", ".join(missing), allowed=", ".join(EFFECT_COLUMNS)
            )
        )
    return frame


def _weekly(path: Path) -> pd.DataFrame | None:
    if not path.exists():
        return None
    names = ["scenario", "replicate", "week", "date", "group", "level", "outcome", "value"]
    return _table(path, columns=names, filters=[("group", "in", list(KEPT_GROUPS))])


def _scenarios(manifest: dict[str, Any], names: Iterable[str]) -> list[dict[str, Any]]:
    """The manifest's scenarios; those that only the effects know are added by name."""
    listed = [raw for raw in manifest.get("scenarios") or [] if isinstance(raw, dict) and raw.get("name")]
    known = {str(raw["name"]) for raw in listed}
    return listed + [{"name": name} for name in dict.fromkeys(names) if name not in known]


def _plan(raw: dict[str, Any], baseline: str) -> ScenarioResult:
    name = str(raw["name"])
    year = raw.get("cost_price_year")
    return ScenarioResult(
        name=name,
        title=words.plain(raw.get("title") or words.humanise(name)),
        description=words.plain(raw.get("description") or ""),
        interventions=[one for one in raw.get("interventions") or [] if isinstance(one, dict)],
        barriers=[one for one in raw.get("barriers") or [] if isinstance(one, dict)],
        price_year=int(year) if isinstance(year, int | float) else None,
        baseline=baseline,
        digest=str(raw.get("digest") or ""),
    )


def _keyed(frame: pd.DataFrame) -> Iterable[tuple[tuple[str, str, str, str, int], Effect]]:
    numbers = {
        name: pd.to_numeric(frame[name], errors="coerce").to_numpy(np.float64)
        for name in (
            "horizon_weeks",
            "baseline_value",
            "scenario_value",
            "difference",
            "ci_low",
            "ci_high",
            "replicates",
        )
    }

    def numbers_of(name: str, otherwise: str = "") -> np.ndarray:
        name = name if name in frame else otherwise
        return (
            pd.to_numeric(frame[name], errors="coerce").to_numpy(np.float64)
            if name
            else np.full(len(frame), np.nan)
        )

    doubts = [numbers_of("doubt_low"), numbers_of("doubt_high")]
    both = [numbers_of("range_low", "ci_low"), numbers_of("range_high", "ci_high")]
    text = {name: frame[name].astype(str).to_numpy() for name in ("scenario", "outcome", "group", "level")}
    for row in range(len(frame)):
        horizon, *values = (float(column[row]) for column in numbers.values())
        if math.isnan(horizon):
            continue
        name, outcome, group, level = (str(column[row]) for column in text.values())
        runs = int(values[5]) if math.isfinite(values[5]) else 1
        key = (name, outcome, group, level, int(horizon))
        base, plan, change, *chance = values[:5]
        low, high, *doubt = (float(ends[row]) for ends in (*both, *doubts))
        yield (
            key,
            Effect(outcome, group, level, int(horizon), base, plan, change, low, high, runs, *doubt, *chance),
        )
