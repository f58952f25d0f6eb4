"""Zero-shot: fitted to England alone, what the model says of each shipped district; the naive regression beside."""

from __future__ import annotations

import numpy as np

from calibration.measures import shares
from calibration.validation import naive
from calibration.validation.pattern import spread
from calibration.validation.result import District


def names() -> list[str]:
    """The shipped districts."""
    from model.place.place import list_places

    return [str(one["name"]) for one in list_places() if one["name"] != "england"]


def table(runs: dict[str, list[dict[str, float]]]) -> list[District]:
    """A row a district: percent inactive by both definitions with 95% ranges, and the regression's word with its own."""
    from model.place.place import list_places

    titles = {one["name"]: one["title"] for one in list_places()}
    rows = []
    for key, many in runs.items():
        kind, _, name = key.partition(":")
        if kind != "district" or not many:
            continue
        cells = np.mean([[one[f"cell_{k}"] for k in range(shares.CELLS)] for one in many], axis=0)
        sport, ohid = (
            spread(np.array([one[outcome] for one in many])) for outcome in ("inactive", "inactive_ohid")
        )
        low, high = np.quantile([one.of(cells) for one in naive.drawn()], [0.025, 0.975])
        rows.append(
            District(name, titles[name], *sport, *ohid, naive.fitted().of(cells), float(low), float(high))
        )
    return sorted(rows, key=lambda row: row.inactive)
