"""Zero-shot: fitted to England alone, what the model says of each shipped district; the naive regression beside."""

from __future__ import annotations

from typing import Any

import numpy as np

from calibration.measures import shares
from calibration.validation import naive
from calibration.validation.pattern import spread


def names() -> list[str]:
    """The shipped districts."""
    from model.place.place import list_places

    return [str(one["name"]) for one in list_places() if one["name"] != "england"]


def table(runs: dict[str, list[dict[str, float]]]) -> list[dict[str, Any]]:
    """A row a district: percent inactive by both definitions with 95% ranges, and the regression's word."""
    from model.place.place import list_places

    titles = {one["name"]: one["title"] for one in list_places()}
    rows = []
    for key, many in runs.items():
        kind, _, name = key.partition(":")
        if kind != "district" or not many:
            continue
        row: dict[str, Any] = {"place": name, "title": titles[name]}
        for outcome in ("inactive", "inactive_ohid"):
            row[outcome], row[f"{outcome}_low"], row[f"{outcome}_high"] = spread(
                np.array([one[outcome] for one in many])
            )
        cells = np.mean([[one[f"cell_{k}"] for k in range(shares.CELLS)] for one in many], axis=0)
        row["naive"] = naive.fitted().of(cells)
        rows.append(row)
    return sorted(rows, key=lambda row: row["inactive"])
