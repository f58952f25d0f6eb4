"""What the targets say about each parameter: posterior beside prior, pairs that trade off, what is prior-driven."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.fitting.result import Learnt, Trade
from calibration.priors import Priors

PRIOR_DRIVEN, TRADE = 0.8, 0.6
"""Above this ratio of spreads the targets have said little; pairs correlated beyond this cannot be told apart."""


def label(ratio: float) -> str:
    """In a word."""
    return "prior-driven" if ratio > PRIOR_DRIVEN else "well identified" if ratio < 0.4 else "identified"


def table(priors: Priors, x: np.ndarray, seen: list[str]) -> pd.DataFrame:
    """A row a parameter: name, mean, low and high (95%) of the posterior, ratio of spreads, label; x: (N, D).

    Parameters that are not `seen` by the fit were drawn from their prior: prior-driven by construction.
    """
    real = priors.low + x * priors.width
    low, high = np.quantile(real, [0.025, 0.975], axis=0)
    ratio = np.where([name in seen for name in priors.names], x.std(axis=0, ddof=1) / priors.spread, 1.0)
    return pd.DataFrame({"name": priors.names, "mean": real.mean(axis=0), "low": low, "high": high, "ratio": ratio,
                         "label": [label(one) for one in ratio]})  # fmt: skip


def trades(priors: Priors, x: np.ndarray) -> pd.DataFrame:
    """Pairs that trade off, strongest first: one, two, correlation in the posterior."""
    if len(priors.names) < 2:
        return pd.DataFrame(columns=["one", "two", "r"])
    r: np.ndarray = np.corrcoef(x.T)
    strong = np.triu(np.abs(r), 1)
    pairs = [
        (priors.names[i], priors.names[j], float(r[i, j])) for i, j in np.argwhere(strong > TRADE).tolist()
    ]
    pairs.sort(key=lambda pair: -abs(pair[2]))
    return pd.DataFrame.from_records(pairs, columns=["one", "two", "r"])


def learnt(rows: pd.DataFrame) -> list[Learnt]:
    """The rows of `table`."""
    return [
        Learnt(*row)
        for row in rows[["name", "mean", "low", "high", "ratio", "label"]].itertuples(index=False)
    ]


def traded(rows: pd.DataFrame) -> list[Trade]:
    """The rows of `trades`."""
    return [Trade(*row) for row in rows[["one", "two", "r"]].itertuples(index=False)]
