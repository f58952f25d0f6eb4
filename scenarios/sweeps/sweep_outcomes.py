"""Any outcome of a sweep, of any group, over any stretch of weeks: scenario less baseline, run by run.

What runs keep is read as it stands; what plans do over time, people moved and contrasts between segments are worked out
from it, replicate by replicate, as `scenarios/results/effects.py` does for comparisons.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from model.errors import Fault, InputError, nearest
from model.limits import WEEKS_A_YEAR
from model.outcomes import catalogue, levels
from model.population.columns import ASSET_KINDS, ATTRIBUTES
from scenarios.results import chasm, over_time
from scenarios.results.effects import PRICES
from scenarios.sweeps.sweep_file import read_window
from scenarios.sweeps.sweep_plan import SweepDesign

AT_TIMES = ("during", *(f"after_{gap}" for gap in over_time.AFTER))
EFFECTS = {f"effect_{name}": name for name in AT_TIMES}
PERSISTENCE = {f"persistence_{gap}": f"after_{gap}" for gap in over_time.AFTER}
MOVED = {f"people_moved_{name}": name for name in AT_TIMES}
SO_FAR = {average: gap for gap, average in over_time.AVERAGES.items()}
SO_FAR["person_years_moved"] = "inactive"
CHASMS = {f"chasm_{name}": name for name in chasm.MEASURES}

KEYS = ["point", "scenario", "horizon_weeks", "window_weeks"]


class Sweep(Protocol):
    """A sweep in its folder, as far as it is read here (scenarios/sweeps/sweep.py)."""

    folder: Path
    plan: SweepDesign

    def _read(self, name: str, partial: bool, filters: Any = None) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Asked:
    """An outcome, of whom, and over which weeks (first, last; last not included); without them, at the end of the run."""

    outcome: str = "inactive"
    group: str = "all"
    level: str = "all"
    window: tuple[int, int] | None = None

    def __str__(self) -> str:
        whom = "" if self.group == "all" else f" of {self.group} {self.level}"
        return self.outcome + whom + (f", weeks {self.window[0]} to {self.window[1]}" if self.window else "")

    @property
    def slug(self) -> str:
        """A name for files."""
        parts = [self.outcome]
        if self.group != "all":
            parts += [self.group, "".join(sign if sign.isalnum() else "_" for sign in self.level)]
        return "_".join([*parts, *(f"weeks_{first}_{last}" for first, last in filter(None, [self.window]))])


def names() -> tuple[str, ...]:
    """Outcomes that may be asked for, in the catalogue's order."""
    return catalogue.names(where=lambda one: one.swept)


def asked(outcome: str, group: str | None = None, window: str | None = None) -> Asked:
    """From words as typed: `inactive`, `imd_quintile=1`, `26:78`. Raises InputError with the nearest right name."""
    if outcome not in (every := names()):
        why = "is not told in a sweep" if catalogue.get(outcome) else "unknown outcome"
        raise InputError(
            Fault(why, key="outcome", found=outcome, allowed=", ".join(every), hint=nearest(outcome, every))
        )
    whom = (
        _group(outcome, group)
        if group
        else ("asset_kind", "park")
        if catalogue.known(outcome).groups == "kinds"
        else ("all", "all")
    )
    weeks = read_window(window) if window else None
    weekly = (*catalogue.names("level"), *catalogue.in_files("gap"), *catalogue.names("flow", "measured"))
    if weeks and outcome not in weekly:
        allowed = ", ".join(weekly)
        raise InputError(Fault("has weeks of its own, or is known at the end alone", key="window", found=f"{outcome}, {window}",
                               allowed=f"without --window, or one of {allowed}"))  # fmt: skip
    return Asked(outcome, *whom, weeks)


def _group(outcome: str, written: str) -> tuple[str, str]:
    group, sign, level = written.partition("=")
    known: dict[str, tuple[str, ...]] = {"all": ("all",), **ATTRIBUTES}
    if catalogue.known(outcome).groups == "kinds":
        known = {"asset_kind": tuple(ASSET_KINDS)}
    elif catalogue.known(outcome).groups not in ("groups", "zones"):
        known = {"all": ("all",)}
    zones = catalogue.known(outcome).groups == "zones"
    if group == "zone" and sign and zones:
        return group, level  # places have zones of their own
    if group == "zone" and zones:
        raise InputError(Fault("needs a level, as in zone=Stapleford", key="group", found=written))
    if group not in known and group in ("all", "zone", "asset_kind", *ATTRIBUTES):
        raise InputError(
            Fault(f"{outcome} is not told by this group", key="group", found=group, allowed=", ".join(known))
        )
    if group not in known:
        hint = nearest(group, ("all", "zone", *ATTRIBUTES))
        raise InputError(
            Fault("unknown group", key="group", found=group, allowed=", ".join(known), hint=hint)
        )
    if group == "all" and not sign:
        level = "all"
    if level not in known[group]:
        raise InputError(Fault("unknown level" if sign else "needs a level, as in group=level", key="group", found=written,
                               allowed=", ".join(f"{group}={one}" for one in known[group]),
                               hint=nearest(level, known[group]) if level else None))  # fmt: skip
    return group, level


# ------------------------------------------------------------------------------------------------ differences


def differences(done: Sweep, what: Asked, partial: bool = False) -> pd.DataFrame:
    """Scenario less baseline: a row a point, replicate and scenario. Raises InputError when it is not known everywhere."""
    name = what.outcome
    if what.window is not None:
        read_window(":".join(str(week) for week in what.window))
    if name in PRICES:
        raise InputError(Fault("has no value where nobody is moved", key="outcome", found=name,
                               hint=f"Take cost and {PRICES[name]}."))  # fmt: skip
    if name in CHASMS:
        return _crossing(done, name, partial)
    if name in EFFECTS or name in PERSISTENCE or name in MOVED:
        time = {**EFFECTS, **PERSISTENCE, **MOVED}[name]
        frame = _read(done, Asked("inactive", what.group, what.level), partial)
        found = _paired(done, frame, times_of(done, time, partial))
        _known_everywhere(done, found, name, partial)
        return _times_people(done, found, partial) if name in MOVED else found
    if name == "people_moved":
        return _times_people(done, differences(done, Asked(), partial), partial)
    frame = _read(done, Asked(SO_FAR.get(name, name), what.group, what.level), partial)
    end = frame.groupby("point")["horizon_weeks"].transform("max").to_numpy()
    width = np.minimum(levels.LONG, end) if name not in SO_FAR else end
    if what.window is not None:
        first, last = what.window
        end, width = np.full_like(end, last), np.full_like(end, last - first)
    at = frame[(frame["horizon_weeks"] == end) & (frame["window_weeks"] == width)]
    if at.empty:
        raise InputError(Fault("these weeks were not kept", key="window", found=f"{what}",
                               hint="Ask for them when the sweep is run: windows: ['26:78'] in its file, or --window."))  # fmt: skip
    names = [scenario for scenario, _ in done.plan.scenarios]
    windows = at[["point", "horizon_weeks", "window_weeks"]].drop_duplicates()
    found = _paired(
        done,
        at,
        windows.merge(pd.DataFrame({"scenario": names}), how="cross"),
        catalogue.known(name).kept == "flow",
    )
    if name != "person_years_moved":
        return found
    years = found["point"].map(windows.set_index("point")["window_weeks"]) / WEEKS_A_YEAR
    return _scaled(_times_people(done, found, partial), years)


def _read(done: Sweep, what: Asked, partial: bool) -> pd.DataFrame:
    """The rows of one outcome of one level. Raises InputError when there are none."""
    filters = [("outcome", "==", what.outcome), ("group", "==", what.group), ("level", "==", what.level)]
    frame = done._read("runs.parquet", partial, filters=filters)
    if frame.empty:
        every = done._read(
            "runs.parquet", partial, filters=[("point", "==", 0), ("scenario", "!=", done.plan.baseline[0])]
        )
        known = every.loc[every["outcome"] == what.outcome, ["group", "level"]].astype(str)
        if known.empty:
            names = list(dict.fromkeys(every["outcome"].astype(str)))
            raise InputError(Fault("no such outcome in this sweep", key="outcome", found=what.outcome,
                                   allowed=", ".join(names), hint=nearest(what.outcome, names)))  # fmt: skip
        pairs = list(dict.fromkeys("=".join(pair) for pair in known.itertuples(index=False)))
        raise InputError(Fault("no such group in this sweep", key="group", found=f"{what.group}={what.level}",
                               allowed=", ".join(pairs[:60]), hint=nearest(f"{what.group}={what.level}", pairs)))  # fmt: skip
    return frame.astype({"scenario": str})


def _paired(done: Sweep, frame: pd.DataFrame, windows: pd.DataFrame, fill: bool = False) -> pd.DataFrame:
    """Each scenario beside its baseline over the windows (KEYS); fill: a plan that has none of it has 0."""
    base, values = done.plan.baseline[0], ["replicate", "value"]
    left = frame.loc[frame["scenario"] == base, ["point", "horizon_weeks", "window_weeks", *values]]
    left = left.merge(windows, on=[key for key in KEYS if key != "scenario"])
    right = frame[[*KEYS, *values]].merge(windows, on=KEYS)
    if fill:
        grid = frame[["point", "replicate"]].drop_duplicates().merge(windows, on="point")
        right = grid.merge(right, on=[*KEYS, "replicate"], how="left").fillna({"value": 0.0})
    both = right.merge(left, on=[*KEYS, "replicate"], how="left", suffixes=("_scenario", "_baseline"))
    both = both.rename(columns={"value_scenario": "scenario_value", "value_baseline": "baseline_value"})
    # A baseline has no cost and nobody who joined.
    both["baseline_value"] = (
        both["baseline_value"].fillna(0.0) if left.empty or fill else both["baseline_value"]
    )
    both["difference"] = both["scenario_value"] - both["baseline_value"]
    return both[["point", "replicate", "scenario", "baseline_value", "scenario_value", "difference"]]


def times_of(done: Sweep, time: str, partial: bool = False) -> pd.DataFrame:
    """The weeks of each plan while it is delivered, or after: KEYS."""
    filters = [("outcome", "==", f"effect_{time}"), ("group", "==", "all")]
    return done._read("effects.parquet", partial, filters=filters)[KEYS].astype({"scenario": str})


def _known_everywhere(done: Sweep, found: pd.DataFrame, name: str, partial: bool) -> None:
    """Raise InputError when the runs end too early, or plans too late, at some points."""
    short = len(done.plan.points) - found["point"].nunique()
    if short and not (partial and len(found)):
        why = "the plan is not delivered within the weeks run" if name.endswith("during") else (
            "the plan goes on for good, or ends too late in the run")  # fmt: skip
        raise InputError(Fault(f"is not known everywhere: {why}", key="outcome", found=name,
                               allowed=f"an outcome known at all points; this one is missing at {short:,} of "
                               f"{len(done.plan.points):,}", hint="Run more weeks, or end the plan earlier."))  # fmt: skip


def _times_people(done: Sweep, found: pd.DataFrame, partial: bool) -> pd.DataFrame:
    """Adults moved out of inactivity, of falls in the share inactive."""
    people = _read(done, Asked("adults"), partial).drop_duplicates(["point", "replicate"])
    adults = (
        found[["point", "replicate"]].merge(people, on=["point", "replicate"], how="left")["value"].to_numpy()
    )
    moved = found.assign(
        scenario_value=-found["difference"], baseline_value=0.0, difference=-found["difference"]
    )
    return _scaled(moved, adults)


def _scaled(found: pd.DataFrame, by: Any) -> pd.DataFrame:
    return found.assign(
        **{name: found[name] * by for name in ("scenario_value", "baseline_value", "difference")}
    )


def _crossing(done: Sweep, name: str, partial: bool) -> pd.DataFrame:
    """The contrast of the chasm (scenarios/results/chasm.py), replicate by replicate."""
    of = {level: differences(done, Asked(CHASMS[name], "segment", level), partial)
          for level in (*chasm.EARLY, chasm.MAJORITY)}  # fmt: skip
    gains = {level: one["difference"].to_numpy() for level, one in of.items()}
    crossing = chasm.contrast(CHASMS[name], gains.__getitem__)
    return of[chasm.MAJORITY].assign(baseline_value=0.0, scenario_value=crossing, difference=crossing)
