"""How deprived the people of a zone are, and how well its streets are kept, by domains of the Indices of Deprivation."""

from __future__ import annotations

import numpy as np
import pandas as pd

ABOUT_PEOPLE = {"decile_income": 22.5, "decile_employment": 22.5, "decile_education": 13.5, "decile_health": 13.5,
                "decile_crime": 9.3}  # fmt: skip
"""Domains that are about people, with what each weighs in the index as a whole, percent (Indices of Deprivation 2025)."""
SPREAD = 1.08
"""How much wider tenths spread than the weighted mean of five (1,335 zones of Derbyshire and Nottinghamshire, all tenths of
England alike)."""


def deprivation_tenth(zones: pd.DataFrame, index: str) -> np.ndarray:
    """(zones,) float64 national tenth of deprivation, 1 = most.

    index: `imd`, of the index as a whole; `people`, of its domains about people, where tenths need not be whole.
    """
    if index == "imd":
        whole: np.ndarray = zones["imd_decile"].to_numpy(dtype=np.float64)
        return whole
    weighted = sum(weight * zones[name].to_numpy(dtype=np.float64) for name, weight in ABOUT_PEOPLE.items())
    mean = weighted / sum(ABOUT_PEOPLE.values())
    tenth: np.ndarray = np.clip(5.5 + SPREAD * (mean - 5.5), 1.0, 10.0)
    return tenth


def kept_outdoors(zones: pd.DataFrame, outdoors_of_environment: float, outdoors_weight: float) -> np.ndarray:
    """(zones,) upkeep of streets, 0-1, from what stands outdoors and from crime.

    outdoors_of_environment: share of the environment domain that is outdoors, for zones that give no tenth of what stands
    outdoors by itself. outdoors_weight: what it weighs beside crime.
    """
    environment = zones["decile_environment"].to_numpy(dtype=np.float64)
    outdoors = 5.5 + outdoors_of_environment * (environment - 5.5)
    if "decile_outdoors" in zones:
        given = zones["decile_outdoors"].to_numpy(dtype=np.float64)
        outdoors = np.where(np.isnan(given), outdoors, given)
    crime = zones["decile_crime"].to_numpy(dtype=np.float64)
    upkeep: np.ndarray = (outdoors_weight * outdoors + (1.0 - outdoors_weight) * crime - 0.5) / 10.0
    return upkeep
