"""Writes a result folder like that of a real comparison, from formulas: the truth of each plan is known.

Run it by hand to look at a report: `python -m tests.viz.fake_results DIR`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from markupsafe import Markup
from scipy import stats

from model import rng
from model.population.columns import ASSET_KINDS, ATTRIBUTES
from scenarios.results.effects import versus
from scenarios.statistics.estimates import ratio
from viz.report.figures import dots, panel, trends


def undrawn(patch: pytest.MonkeyPatch) -> None:
    """Let reports have the words of their charts without the charts, which take most of the time."""

    def words(key: str, title: str, text: str, size_pt: Any, draw: Any) -> Markup:
        return panel.opening(key, title, text, "0 0 1 1") + Markup("</svg>")

    for module in (dots, trends):
        patch.setattr(module, "panel", words)


@dataclass(frozen=True)
class Truth:
    """What a plan does once in full swing: change of the share inactive by fifth, reach by fifth, cost."""

    name: str
    title: str
    by_fifth: tuple[float, float, float, float, float]
    reach: tuple[float, float, float, float, float] = (0.0, 0.0, 0.0, 0.0, 0.0)
    cost: float = 0.0
    lasts: float = 0.45
    description: str = ""
    type: str = "none"


NARROWS = Truth(
    "walk_and_talk",
    "Walk and talk",
    (-0.021, -0.014, -0.008, -0.006, -0.004),
    (0.061, 0.044, 0.030, 0.024, 0.020),
    212_400,
    0.5,
    "Led walks from community centres in the most deprived fifth, led by local people.",
    "walking_scheme",
)
WIDENS = Truth(
    "better_park",
    "A better park",
    (-0.001, -0.002, -0.004, -0.006, -0.008),
    cost=240_000,
    lasts=1.0,
    description="Three parks improved: step-free paths, lighting and upkeep.",
    type="asset_investment",
)
NULL = Truth(
    "social_prescribing",
    "Social prescribing",
    (-0.0003, -0.0002, 0.0, 0.0, 0.0),
    (0.012, 0.010, 0.006, 0.005, 0.004),
    160_600,
    0.2,
    "Two link workers in general practice refer people onward to groups.",
    "social_prescribing",
)
HARMFUL = Truth(
    "fees_rise",
    "Fees rise by a third",
    (0.011, 0.007, 0.004, 0.002, 0.001),
    cost=-90_000,
    lasts=1.0,
    description="Leisure centres charge a third more.",
    type="asset_investment",
)
NONE = Truth(
    "none", "Nothing new", (0.0, 0.0, 0.0, 0.0, 0.0), description="An intervention that does nothing."
)
TOGETHER = Truth(
    "together",
    "Together",
    (-0.024, -0.016, -0.010, -0.007, -0.005),
    (0.071, 0.053, 0.036, 0.029, 0.024),
    371_000,
    0.5,
    "Led walks and link workers at once.",
    "walking_scheme",
)
FAIR = Truth(
    "fair_share",
    "Fair share",
    (-0.017, -0.014, -0.010, -0.007, -0.004),
    (0.050, 0.043, 0.033, 0.025, 0.019),
    214_000,
    0.5,
    "A walking scheme whose places are shared out in proportion to need.",
    "walking_scheme",
)
ALL = (NARROWS, NULL, WIDENS, TOGETHER, FAIR, NONE)

TODAY = (0.335, 0.285, 0.25, 0.225, 0.195)
SHARES = {
    "imd_quintile": (0.22, 0.21, 0.2, 0.19, 0.18),
    "disability": (0.79, 0.12, 0.09),
    "condition": (0.75, 0.25),
    "age_band": (0.28, 0.32, 0.16, 0.13, 0.08, 0.03),
    "sex": (0.51, 0.49),
    "ethnicity": (0.92, 0.03, 0.02, 0.02, 0.01),
    "car": (0.2, 0.42, 0.38),
}
RATES = {
    "disability": (0.21, 0.36, 0.52),
    "condition": (0.205, 0.41),
    "age_band": (0.2, 0.22, 0.26, 0.28, 0.4, 0.6),
    "sex": (0.27, 0.24),
    "ethnicity": (0.25, 0.31, 0.3, 0.22, 0.32),
    "car": (0.37, 0.25, 0.2),
}
ADULTS = 92_600
CENTRE = (446_500.0, 341_000.0)


def noise(shape: tuple[int, ...], purpose: str, seed: int = 1) -> np.ndarray:
    """Standard normals of a purpose, by the project's own source of chance."""
    count = int(np.prod(shape))
    return rng.gaussian(rng.key(seed, 0, purpose), np.arange(count)).reshape(shape)


def _shape(weeks: int, truth: Truth, start: int, delivery: int) -> np.ndarray:
    """How much of the full effect stands in each week: ramp up, deliver, fade to what lasts."""
    week = np.arange(weeks)
    up = np.clip((week - start) / 39, 0, 1)
    after = np.clip(week - start - delivery, 0, None)
    return up * (truth.lasts + (1 - truth.lasts) * np.exp(-after / 26))


def _inactive(
    truth: Truth | None, weeks: int, replicates: int, spread: float
) -> dict[tuple[str, str], np.ndarray]:
    """(replicates, weeks) share inactive of every stratum but zones."""
    start, delivery = _delivery(weeks)
    season = 0.012 * np.cos(2 * np.pi * (np.arange(weeks) - 3) / 52)
    swing = season + 0.004 * noise((replicates, 1), "luck") + 0.0008 * noise((replicates, weeks), "weeks")
    shape = np.zeros(weeks) if truth is None else _shape(weeks, truth, start, delivery)
    full = np.zeros(5) if truth is None else np.asarray(truth.by_fifth)
    out: dict[tuple[str, str], np.ndarray] = {}
    mean = float(np.dot(SHARES["imd_quintile"], full))
    jitter = 0.0 if truth is None or not full.any() else spread
    for group, shares in SHARES.items():
        if group == "imd_quintile":
            rates, changes = TODAY, full
        else:
            rates = RATES[group]
            changes = mean * np.asarray(rates) / float(np.dot(rates, shares))
        for level, rate, change in zip(ATTRIBUTES[group], rates, changes, strict=True):
            name = "" if truth is None else truth.name
            own = jitter * noise((replicates, 1), f"{name}/{group}/{level}") * (0.3 + 0.7 * (shape > 0))
            out[group, level] = rate + swing * (rate / 0.26) + change * shape + own * (shape > 0)
    fifths = [out["imd_quintile", str(k)] for k in range(1, 6)]
    out["all", "all"] = np.tensordot(SHARES["imd_quintile"], fifths, axes=1)
    return out


def _summaries(inactive: dict[tuple[str, str], np.ndarray], truth: Truth | None) -> dict[str, np.ndarray]:
    """Whole-place outcomes, each (replicates, weeks)."""
    most, least = inactive["imd_quintile", "1"], inactive["imd_quintile", "5"]
    yes, no = inactive["condition", "yes"], inactive["condition", "no"]
    weeks = most.shape[1]
    ramp = np.clip((np.arange(weeks) - weeks // 6) / (weeks / 2), 0, 1) * np.ones_like(most)
    reach = 0.0 if truth is None else float(np.dot(truth.reach, SHARES["imd_quintile"]))
    sii = (most - least) * 1.22
    mean = inactive["all", "all"]
    return {
        "gap_deprivation_difference": most - least,
        "gap_deprivation_ratio": most / least,
        "gap_disability_difference": yes - no,
        "gap_disability_ratio": yes / no,
        "sii": sii,
        "rii": (mean + sii / 2) / (mean - sii / 2),
        "joined": ramp * reach * ADULTS,
        "completed": ramp * reach * ADULTS * 0.6,
        "members": np.sin(np.pi * ramp) * reach * ADULTS,
        "waiting": 0.1 * ramp,
        "cost": ramp * (0.0 if truth is None else truth.cost),
    }


def _weekly(
    name: str, truth: Truth | None, weeks: int, replicates: int, zones: pd.DataFrame, spread: float
) -> pd.DataFrame:
    inactive = _inactive(truth, weeks, replicates, spread)
    cells: list[tuple[str, str, str, np.ndarray, np.ndarray]] = []
    every = np.arange(weeks)
    for (group, level), values in inactive.items():
        cells.append((group, level, "inactive", every, values))
        cells.append((group, level, "fairly_active", every, np.full_like(values, 0.115)))
        cells.append((group, level, "active", every, 0.885 - values))
        cells.append((group, level, "minutes_mean", every, 400 - 600 * values))
    cells += [
        ("all", "all", outcome, every, values) for outcome, values in _summaries(inactive, truth).items()
    ]
    fourth = every[3::4]
    luck = name if truth and any(truth.by_fifth) else "baseline"
    for row, zone in zones.iterrows():
        fifth = inactive["imd_quintile", str(zone["imd_quintile"])][:, fourth]
        own = 0.02 * float(noise((1,), f"zone{row}")[0]) + 0.006 * noise(fifth.shape, f"zone{row}/{luck}")
        cells.append(("zone", str(zone["code"]), "inactive", fourth, fifth + own))
    start = np.datetime64("2026-01-05")
    frames = []
    for group, level, outcome, at, values in cells:
        runs = values.shape[0]
        frames.append(
            pd.DataFrame(
                {
                    "scenario": name,
                    "replicate": np.repeat(np.arange(runs), len(at)),
                    "seed": 1,
                    "week": np.tile(at, runs),
                    "group": group,
                    "level": level,
                    "outcome": outcome,
                    "value": values.ravel(),
                }
            )
        )
    frame = pd.concat(frames, ignore_index=True)
    frame["date"] = start + frame["week"].to_numpy() * np.timedelta64(7, "D")
    return frame


def _interval(paired: np.ndarray) -> tuple[float, float]:
    if len(paired) < 2:
        return np.nan, np.nan
    half = stats.t.ppf(0.975, len(paired) - 1) * paired.std(ddof=1) / np.sqrt(len(paired))
    return paired.mean() - half, paired.mean() + half


def _effects(weekly: pd.DataFrame, truths: tuple[Truth, ...], weeks: int, replicates: int) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    horizons = [h for h in (12, 26, 52, 104, 156, 208) if h < weeks] + [weeks]
    plain = weekly[weekly["group"] != "zone"]
    for horizon in horizons:
        window = min(52 if horizon == weeks else 4, horizon)
        part = plain[(plain["week"] < horizon) & (plain["week"] >= horizon - window)]
        keys = ["scenario", "outcome", "group", "level", "replicate"]
        means = part.groupby(keys, observed=True)["value"].mean().unstack("replicate")
        base = means.loc["baseline"]
        for truth in truths:
            for (outcome, group, level), values in means.loc[truth.name].iterrows():
                before = base.loc[(outcome, group, level)].to_numpy()
                low, high = _interval(values.to_numpy() - before)
                rows.append(
                    _row(
                        truth,
                        outcome,
                        group,
                        level,
                        horizon,
                        before.mean(),
                        values.mean(),
                        low,
                        high,
                        replicates,
                    )
                )
    for truth in truths:
        rows += _extras(truth, rows, weeks, replicates)
        rows += _over_time(truth, _measures(weekly, truth, weeks), weeks, replicates)
    return pd.DataFrame(rows)


def _delivery(weeks: int) -> tuple[int, int]:
    """First week and number of weeks of every plan."""
    return min(26, weeks // 6), min(104, weeks // 2)


def _measures(weekly: pd.DataFrame, truth: Truth, weeks: int) -> dict[str, np.ndarray]:
    """(replicates,) of what plans are told apart by, in the order of `versus`."""

    def change(outcome: str) -> np.ndarray:
        part = weekly[(weekly["group"] == "all") & (weekly["outcome"] == outcome)]
        wide = part.pivot_table(
            index=["scenario", "replicate"], columns="week", values="value", observed=True
        )
        return (wide.loc[truth.name] - wide.loc["baseline"]).to_numpy()

    fall, (start, length) = -change("inactive") * ADULTS, _delivery(weeks)
    end = start + length
    found = {
        "people_moved": fall[:, max(0, weeks - 52) :].mean(axis=1),
        "person_years_moved": fall.sum(axis=1) / 52,
        "gap_deprivation_average": change("gap_deprivation_difference").mean(axis=1),
        "cost": change("cost")[:, -1],
        "people_moved_during": fall[:, start:end].mean(axis=1),
    }
    found |= {f"people_moved_after_{gap}": fall[:, end + gap - 4 : end + gap].mean(axis=1)
              for gap in (52, 104) if end + gap <= weeks}  # fmt: skip
    return found


def _over_time(
    truth: Truth, measures: dict[str, np.ndarray], weeks: int, replicates: int
) -> list[dict[str, Any]]:
    """People moved, person-years, gaps and prices, by the estimators of real results."""
    start, length = _delivery(weeks)
    out = []
    for outcome, values in measures.items():
        if outcome != "cost":
            low, high = _interval(values)
            horizon = start + length if outcome.endswith("during") else weeks
            out.append(_row(truth, outcome, "all", "all", horizon, 0.0, values.mean(), low, high, replicates))
    price, low, high = ratio(measures["cost"], measures["person_years_moved"])
    row = _row(truth, "cost_per_person_year", "all", "all", weeks, 0.0, price, low, high, replicates)
    return [*out, {**row, "baseline_value": np.nan}]


def _versus(weekly: pd.DataFrame, truths: tuple[Truth, ...], weeks: int) -> pd.DataFrame:
    return versus({truth.name: _measures(weekly, truth, weeks) for truth in truths})


def _row(
    truth: Truth,
    outcome: str,
    group: str,
    level: str,
    horizon: int,
    before: float,
    after: float,
    low: float,
    high: float,
    replicates: int,
) -> dict[str, Any]:
    return {
        "scenario": truth.name,
        "baseline": "baseline",
        "outcome": outcome,
        "group": group,
        "level": level,
        "horizon_weeks": horizon,
        "baseline_value": before,
        "scenario_value": after,
        "difference": after - before,
        "ci_low": low,
        "ci_high": high,
        "replicates": replicates,
    }


def _extras(truth: Truth, rows: list[dict[str, Any]], weeks: int, replicates: int) -> list[dict[str, Any]]:
    """Reach, cost per person moved and use of assets at the end."""
    out = []
    if any(truth.reach):
        shares = {("all", "all"): float(np.dot(truth.reach, SHARES["imd_quintile"]))}
        shares |= {("imd_quintile", str(k + 1)): value for k, value in enumerate(truth.reach)}
        tilt = {"disability": (1.0, 1.2, 0.6), "age_band": (0.3, 0.7, 1.6, 2.1, 1.4, 0.4), "sex": (1.4, 0.6)}
        for group, factors in tilt.items():
            shares |= {
                (group, level): shares["all", "all"] * f
                for level, f in zip(ATTRIBUTES[group], factors, strict=True)
            }
        out += [
            _row(truth, "reach", group, level, weeks, 0.0, v, v * 0.95, v * 1.05, replicates)
            for (group, level), v in shares.items()
        ]
    main = next(
        r
        for r in rows
        if r["scenario"] == truth.name
        and r["outcome"] == "inactive"
        and r["group"] == "all"
        and r["horizon_weeks"] == weeks
    )
    told = main["ci_high"] < 0 and truth.cost > 0
    per, low, high = (
        truth.cost / (-main[key] * ADULTS) if told else np.nan for key in ("difference", "ci_low", "ci_high")
    )
    out.append(
        {
            **_row(truth, "cost_per_person_moved", "all", "all", weeks, 0.0, per, low, high, replicates),
            "baseline_value": np.nan,
        }
    )
    for k, kind in enumerate(ASSET_KINDS):
        before = 900.0 * (len(ASSET_KINDS) - k)
        gain = (
            0.06 if (kind, truth.name) == ("park", "better_park") else 0.02 * any(truth.reach) * (k % 3 == 1)
        )
        low, high = before * gain * 0.8, before * gain * 1.2
        out.append(
            _row(
                truth,
                "asset_use",
                "asset_kind",
                kind,
                weeks,
                before,
                before * (1 + gain),
                low,
                high,
                replicates,
            )
        )
    return out


def _zones(count: int) -> pd.DataFrame:
    """Zones of a slightly bent grid, the most deprived in the middle; the last has too few people."""
    side = int(np.ceil(np.sqrt(count)))
    rows = []
    corner = noise((side + 1, side + 1, 2), "corners") * 110
    for k in range(count):
        i, j = divmod(k, side)
        ring = [
            [
                float(CENTRE[0] + 900 * (b - side / 2) + corner[a, b, 0]),
                float(CENTRE[1] + 900 * (a - side / 2) + corner[a, b, 1]),
            ]
            for a, b in ((i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j), (i, j))
        ]
        away = np.hypot(i - side / 2, j - side / 2) / (side / 2) + 0.25 * float(noise((1,), f"imd{k}")[0])
        rows.append(
            {
                "code": f"E0100{k:04d}",
                "name": f"Erewash {k:03d}",
                "easting": ring[0][0] + 450,
                "northing": ring[0][1] + 450,
                "imd_quintile": int(np.clip(1 + 4 * away, 1, 5)),
                "adults": 12 if k == count - 1 else 1250 + k,
                "rings": [ring],
            }
        )
    return pd.DataFrame(rows)


def write(
    directory: Path,
    truths: tuple[Truth, ...] = ALL,
    weeks: int = 260,
    replicates: int = 8,
    zones: int = 73,
    spread: float = 0.002,
    changed: dict[str, Any] | None = None,
) -> Path:
    """Write a whole result folder and return it."""
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    table = _zones(zones)
    weekly = pd.concat(
        [_weekly("baseline", None, weeks, replicates, table, spread)]
        + [_weekly(t.name, t, weeks, replicates, table, spread) for t in truths],
        ignore_index=True,
    )
    effects = _effects(weekly, truths, weeks, replicates)
    for name in ("scenario", "group", "level", "outcome"):
        weekly[name] = weekly[name].astype("category")
    weekly.to_parquet(directory / "weekly.parquet")
    effects.to_parquet(directory / "effects.parquet")
    effects.to_csv(directory / "effects.csv", index=False)
    _versus(weekly, truths, weeks).to_csv(directory / "versus.csv", index=False)
    about = {
        "name": "erewash",
        "title": "Erewash",
        "synthetic": True,
        "licence": "Open Government Licence v3.0",
        "sources": ["ONS Census 2021", "MHCLG Indices of Deprivation 2025"],
    }
    assets = [
        {
            "kind": kind,
            "name": f"{kind} {k}",
            "easting": CENTRE[0] + 300 * k,
            "northing": CENTRE[1] - 250 * k,
            "synthetic": k % 2 == 0,
        }
        for k, kind in enumerate(ASSET_KINDS)
    ]
    place = {**about, "cell_m": 250.0, "zones": table.to_dict("records"), "assets": assets}
    when = {"start_week": _delivery(weeks)[0], "weeks": _delivery(weeks)[1], "ramp_weeks": 13}
    scenarios = [
        {
            "name": "baseline",
            "title": "Today's plans",
            "description": "What goes on now.",
            "digest": "b0",
            "interventions": [],
            "cost_price_year": 2025,
        }
    ]
    scenarios += [
        {
            "name": t.name,
            "title": t.title,
            "description": t.description,
            "digest": f"d{k}",
            "interventions": [
                {
                    "type": t.type,
                    "where": {"imd_quintile": [1]},
                    "who": {"age": {"min": 40}},
                    "when": when,
                    "groups": 12,
                }
            ],
            "cost_price_year": 2025,
        }
        for k, t in enumerate(truths)
    ]
    manifest = {
        "everystep_version": "0.1.0",
        "commit": "ae44143",
        "created": "2026-11-22T10:00:00+00:00",
        "command": f"python run.py compare {' '.join(t.name for t in truths)} --replicates {replicates}",
        "place": about,
        "definition": "sport_england",
        "sample": 1.0,
        "seed": 1,
        "replicates": replicates,
        "years": weeks / 52,
        "weeks": weeks,
        "scenarios": scenarios,
        "baseline": "baseline",
        "parameters": {"changed": changed or {}, "digest": "0123abcd"},
        "packages": {"numpy": np.__version__, "pandas": pd.__version__},
        "seconds": 412.3,
        "residents": 112_900,
        "adults": ADULTS,
    }
    (directory / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    (directory / "place.json").write_text(json.dumps(place), encoding="utf-8")
    (directory / "summary.json").write_text("{}", encoding="utf-8")
    return directory


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
