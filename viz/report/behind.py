"""How many simulated residents stand behind each level of an attribute, read back from the weekly shares.

The share of everybody is the mean of the shares of the levels, weighted by how many people each has. Over the weeks of a run
that leaves one set of sizes, found by least squares.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

FEWEST_JOINING = 3.0
"""Simulated residents of a level that must be expected to join, before it is said that nobody or few of them do."""

RUNS = 4
"""Replicates that are read; sizes hardly differ between them."""


def sizes(path: Path, scenario: str, residents: int) -> dict[tuple[str, str], float]:
    """(group, level) -> simulated residents in a run, mean over runs; without groups that cannot be read back.

    path: `weekly.parquet`; scenario: whose shares are read; residents: simulated in all.
    """
    names = ["replicate", "week", "group", "level", "outcome", "value"]
    kept = [("scenario", "==", scenario), ("outcome", "in", ["inactive", "active"]), ("replicate", "<", RUNS)]
    if residents <= 0 or not path.exists():
        return {}
    try:
        frame = pd.read_parquet(path, columns=names, filters=[*kept, ("group", "!=", "zone")])
    except (OSError, ValueError, KeyError):
        return {}
    at = ["replicate", "outcome", "week"]
    everybody = frame[frame["group"] == "all"].set_index(at)["value"].rename("everybody")
    found: dict[tuple[str, str], float] = {}
    for group, part in frame[frame["group"] != "all"].groupby("group", observed=True):
        table = part.pivot_table(index=at, columns="level", values="value", observed=True)
        levels = [str(level) for level in table]
        both = table.set_axis(levels, axis=1).join(everybody).dropna()
        runs = [_solved(rows, residents) for _, rows in both.groupby("replicate", observed=True)]
        known = [run for run in runs if run is not None]
        if known and len(known) == len(runs):
            found |= {
                (str(group), level): float(x) for level, x in zip(levels, np.mean(known, axis=0), strict=True)
            }
    return found


def _solved(both: pd.DataFrame, residents: int) -> np.ndarray | None:
    """(levels,) simulated residents, from rows of weekly shares (weeks, levels and everybody); None where many sizes would
    fit the shares as well, or none does: shares are kept to a sixteenth of a resident."""
    from scipy.optimize import nnls

    levels, whole = both.iloc[:, :-1].to_numpy(np.float64), both.iloc[:, -1].to_numpy(np.float64)
    weeks, count = levels.shape
    if weeks <= count:
        return None
    firm = 1e3
    shares, _ = nnls(np.vstack([levels, np.full(count, firm)]), np.append(whole, firm))
    misfit = float(np.sqrt(np.mean((levels @ shares - whole) ** 2)))
    if misfit > 0.25 / residents:
        return None
    error = max(misfit, 1 / 16 / residents) * np.sqrt(
        np.diag(np.linalg.pinv(levels.T @ levels, hermitian=True))
    )
    found: np.ndarray = residents * shares
    firmly = np.linalg.matrix_rank(levels) == count and bool((residents * error <= 2 + 0.1 * found).all())
    return found if firmly else None
