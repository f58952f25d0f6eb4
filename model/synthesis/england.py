"""England by national IMD fifth: what stands in where a place does not say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import yaml

from model.parameters import Parameters
from model.place.columns import FILLABLE, SCHOOLING, WHOLES
from model.place.files import PLACES, SAFE_YAML

RANKS = 33_755
"""Zones of England in the Indices of Deprivation 2025."""
KNOWHOW = "knowhow_of_zone"
"""Column of what qualifications and occupation tell of know-how: a national standard score."""
Filled = list[tuple[str, str]]


@dataclass(frozen=True)
class England:
    """`by_fifth`: column -> five figures, most deprived first; `score_at_rank`: at equal steps of rank; `over_zones`: column
    -> the share in the middle zone at each census, the spread of logits, and the sign of what is better."""

    by_fifth: dict[str, np.ndarray]
    score_at_rank: np.ndarray
    over_zones: dict[str, dict[str, Any]]

    def score(self, rank: np.ndarray) -> np.ndarray:
        """IMD 2025 score of a national rank."""
        steps = np.linspace(0, RANKS, len(self.score_at_rank))
        score: np.ndarray = np.interp(rank, steps, self.score_at_rank)
        return score

    def rank(self, score: np.ndarray) -> np.ndarray:
        """National rank of an IMD score."""
        steps = np.linspace(0, RANKS, len(self.score_at_rank))
        rank: np.ndarray = np.interp(-np.asarray(score), -self.score_at_rank, steps).clip(1, RANKS)
        return rank

    def standing(self, column: str, share: np.ndarray, census: int) -> np.ndarray:
        """National standard score of a zone's share, higher = better, at most 3 either way; nan where blank."""
        told = self.over_zones[column]
        middle, held = told[f"middle_{census}"], np.clip(np.asarray(share, dtype=float), 1e-3, 1 - 1e-3)
        away = np.log(held / (1 - held)) - np.log(middle / (1 - middle))
        score: np.ndarray = np.clip(told["sign"] * away / told["spread"], -3, 3)
        return score

    def of(self, column: str, decile: np.ndarray) -> np.ndarray:
        """The figure of each zone's fifth."""
        figure: np.ndarray = self.by_fifth[column][(np.asarray(decile, dtype=int) - 1) // 2]
        return figure


@cache
def england() -> England:
    """The figures in scenarios/places/england.yaml, each with its source there."""
    content = yaml.load((PLACES / "england.yaml").read_text(encoding="utf-8"), Loader=SAFE_YAML)
    figures = {name: np.array(entry["values"], dtype=float) for name, entry in content["by_fifth"].items()}
    return England(figures, np.array(content["imd_score_at_rank"], dtype=float), content["over_zones"])


def complete(
    zones: pd.DataFrame, areas: np.ndarray | None, parameters: Parameters, ranked: int = RANKS
) -> tuple[pd.DataFrame, Filled]:
    """Zones with every canonical column, and what was filled in and how.

    `areas` are the areas of the zones' shapes, km2, when shapes are known; `ranked` zones of England have a rank in
    the zones' Indices of Deprivation. The user's own columns are kept.
    """
    filled: Filled = []
    zones = zones.copy()
    _deprivation(zones, ranked, filled)
    _area(zones, areas, parameters, filled)
    dense = zones["residents"] / zones["area_km2"] >= parameters.place_urban_threshold
    _fill(zones, "urban", dense.astype(float), "residents per km2", filled)
    if "name" not in zones:
        zones["name"] = zones["code"]
    decile = zones["imd_decile"].to_numpy()
    for group in WHOLES:
        _fill_whole(zones, group, decile, filled)
    for name in FILLABLE:
        if not any(name in group for group in WHOLES):
            _fill(
                zones, name, england().of(name, decile), "England's figure for the zone's IMD fifth", filled
            )
    zones["share_households_one_car"] = np.minimum(zones["share_households_one_car"],
                                                   1 - zones["share_households_no_car"])  # fmt: skip
    _schooling(zones, 2021 if ranked == RANKS else 2011, filled)
    for name in ("residents", "imd_decile", "imd_rank", "urban"):
        zones[name] = zones[name].round().astype(np.int64)
    return zones.reset_index(drop=True), filled


def _fill(zones: pd.DataFrame, name: str, values: np.ndarray | pd.Series, how: str, filled: Filled) -> None:
    """Fill the blanks of one column and report it."""
    given = zones[name].to_numpy(dtype=float) if name in zones else np.full(len(zones), np.nan)
    blank = np.isnan(given)
    if blank.any():
        filled.append((name, how if blank.all() else f"{how} ({int(blank.sum())} of {len(zones)} zones)"))
    zones[name] = np.where(blank, np.asarray(values, dtype=float), given)


def _deprivation(zones: pd.DataFrame, ranked: int, filled: Filled) -> None:
    """Decile, rank and score, each from whichever of the others is given."""
    older = RANKS / ranked  # 1 for the Indices of 2025
    for name in ("imd_decile", "imd_rank", "imd_score"):
        if name not in zones:
            zones[name] = np.nan
    score = england().rank(zones["imd_score"].to_numpy(dtype=float)) / older
    middle = (zones["imd_decile"] - 0.5) * ranked / 10
    rank = np.where(zones["imd_score"].notna() & zones["imd_decile"].isna(), score, middle)
    known = zones["imd_decile"].isna() & zones["imd_rank"].isna()
    _fill(zones, "imd_rank", rank, "the score" if known.all() else "the middle of the decile", filled)
    _fill(zones, "imd_decile", np.ceil(zones["imd_rank"] * 10 / ranked).clip(1, 10), "the rank", filled)
    _fill(
        zones,
        "imd_score",
        england().score(zones["imd_rank"].to_numpy() * older),
        "England's score at that rank",
        filled,
    )


def _schooling(zones: pd.DataFrame, census: int, filled: Filled) -> None:
    """Where zones tell of qualifications or occupation, `knowhow_of_zone`: their mean standard score, nan where none is told. A column of noughts tells nothing."""
    zones.drop(columns=KNOWHOW, errors="ignore", inplace=True)  # it is made here, of what the place gives
    given = [name for name in SCHOOLING if name in zones and (zones[name] > 0).any()]
    if not given:
        return
    scores = np.array([england().standing(name, zones[name].to_numpy(), census) for name in given])
    told = ~np.isnan(scores)
    mean = np.where(told, scores, 0.0).sum(axis=0) / np.maximum(told.sum(axis=0), 1)
    zones[KNOWHOW] = np.where(told.any(axis=0), mean, np.nan)
    number = int(told.any(axis=0).sum())
    some = "" if number == len(zones) else f" ({number} of {len(zones)} zones)"
    filled.append((KNOWHOW, f"{', '.join(given)}, in place of decile_education{some}"))


def _area(zones: pd.DataFrame, areas: np.ndarray | None, parameters: Parameters, filled: Filled) -> None:
    """Areas from the shapes; without shapes from residents at the density of built-up land."""
    if areas is not None:
        _fill(zones, "area_km2", np.maximum(areas, 1e-4), "the zone's shape", filled)
    built = (zones["residents"] / parameters.place_urban_density).clip(lower=0.05)
    _fill(zones, "area_km2", built, "residents at the density of built-up land", filled)


def _fill_whole(zones: pd.DataFrame, group: tuple[str, ...], decile: np.ndarray, filled: Filled) -> None:
    """Fill shares of one whole: what the given ones leave is split as in England's fifth; rows add to one."""
    nothing = np.full(len(zones), np.nan)
    given = np.column_stack(
        [zones[name].to_numpy(dtype=float) if name in zones else nothing for name in group]
    )
    blank = np.isnan(given)
    expected = np.column_stack([england().of(name, decile) for name in group])
    left = (1 - np.where(blank, 0, given).sum(axis=1)).clip(min=0)
    weight = np.where(blank, expected, 0)
    split = weight / np.maximum(weight.sum(axis=1), 1e-12)[:, None] * left[:, None]
    values = np.where(blank, split, given)
    values /= values.sum(axis=1, keepdims=True)
    for k, name in enumerate(group):
        count = int(blank[:, k].sum())
        if count:
            how = "England's figure for the zone's IMD fifth"
            filled.append((name, how if count == len(zones) else f"{how} ({count} of {len(zones)} zones)"))
        zones[name] = values[:, k]
