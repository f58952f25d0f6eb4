"""Parts of a look ahead: how much of a plan's delivery is run, and to which zones what it offers goes."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.delivery.ahead import Spread
from model.delivery.settings import Intervention
from model.errors import Fault

MAIN_ZONES = 5


def cut_short(interventions: tuple[Intervention, ...], weeks: int) -> list[Fault]:
    """One warning for a plan whose delivery goes on beyond the weeks run; what starts after them is told elsewhere."""
    cut: dict[tuple[int, int], list[str]] = {}
    last = 0
    for row, one in enumerate(interventions):
        start, end = one.when.start_week, one.when.end_week
        if not one.inert and end is not None and start < weeks < end:
            cut.setdefault((weeks - start, end - start), []).append(f"interventions.{row}")
            last = max(last, end)
    if not cut:
        return []
    parts = [f"{run} of {whole} weeks are run" for run, whole in cut]
    if len(cut) > 1:
        parts = [f"{part} of {' and '.join(keys)}" for part, keys in zip(parts, cut.values(), strict=True)]
    return [Fault(f"delivery goes on beyond the end of this run: {', '.join(parts)}, and “while delivered” means those",
                  key=f"{next(iter(cut.values()))[0]}.when", found=f"a run of {weeks} weeks",
                  hint=f"Run {last} weeks or more.")]  # fmt: skip


def goes_to(spread: Spread, need: str, names: list[str]) -> dict[str, Any]:
    """Where a plan's places go, as `--json` tells it: zones with any of the `among` they are spread over, the main ones."""
    by_zone = spread.by_zone
    main = np.lexsort((np.arange(len(by_zone)), -by_zone))[:MAIN_ZONES]
    return {"need": need, "by_lot": spread.by_lot, "zones": int((by_zone > 0).sum()), "among": spread.among,
            "main": [{"zone": names[row], "number": round(float(by_zone[row]), 2)} for row in main if by_zone[row] > 0]}  # fmt: skip
