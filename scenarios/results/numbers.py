"""The numbers behind a result: every parameter with value, range, source and quality, and what the fit taught of it."""

from __future__ import annotations

import pandas as pd

from model import ensemble
from model.parameters import Parameters, ledger

COLUMNS = ("name", "value", "unit", "low", "high", "quality", "fit_low", "fit_high", "fit_label", "rank", "meaning",
           "source")  # fmt: skip


def table(parameters: Parameters) -> pd.DataFrame:
    """One row a parameter (`COLUMNS`): `value` is that of these parameters; fit_*: its 95% range after the calibration, with a
    word; rank: place in the screen. Empty where nothing is known."""
    facts = ensemble.facts()
    learnt = {row["name"]: row for row in facts.get("parameters", [])}
    rank = facts.get("screen", {}).get("rank", {})
    rows = []
    for name, entry in ledger().items():
        fit = learnt.get(name, {})
        rows.append((name, getattr(parameters, name), entry.unit, entry.low, entry.high, entry.quality, fit.get("low"),
                     fit.get("high"), fit.get("label"), rank.get(name), entry.meaning, entry.source))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"value": object, "rank": "Int64"})
