"""How much room a sweep takes on the disk, told before anything runs."""

from __future__ import annotations

from model.limits import WEEKS_A_YEAR
from model.outcomes import levels
from model.outcomes.levels import OUTCOMES
from scenarios.runs.run_tables import ZONE_STEP
from scenarios.sweeps.sweep_plan import SweepDesign

BYTES_A_RUN = 60_000
"""Room that an arm of a run takes, bytes: as it is kept, and in the tables."""
BYTES_A_WEEK = 600
"""Of an arm, with `weekly`, by groups."""
BYTES_A_ZONE = 2
"""Of one outcome of one zone at one time: values pack badly, their names well."""
BYTES_OF_EVENTS = 5_000
"""Of an arm in a year, with `events`."""
COPIES = 2
"""In the store of runs, and in a table."""


def bytes_of(plan: SweepDesign) -> float:
    """Bytes of all runs, somewhat more rather than less."""
    return sum(_of_point(plan, point) for point in range(len(plan.points)))


def words(plan: SweepDesign) -> str:
    """What is kept besides and the room it takes, in a sentence; empty when nothing is."""
    if not plan.file.keep:
        return ""
    runs = sum(map(len, plan.runs))
    return (f"Keeping {', '.join(plan.file.keep)} of {runs:,} runs: about {bytes_of(plan) / 1e6:,.0f} MB on the disk in "
            "all.")  # fmt: skip


def _of_point(plan: SweepDesign, point: int) -> float:
    arms = len(plan.runs[point]) * (1 + len(plan.scenarios))
    each, keep = float(BYTES_A_RUN), plan.file.keep
    weeks, zones = plan.spans[point]
    if "weekly" in keep:
        each += COPIES * BYTES_A_WEEK * weeks
        each += COPIES * BYTES_A_ZONE * len(OUTCOMES) * zones * weeks / ZONE_STEP if "zones" in keep else 0.0
    if "zones" in keep:
        windows = 2 * len(levels.windows(weeks)) + len(plan.file.windows)
        each += COPIES * BYTES_A_ZONE * len(OUTCOMES) * zones * windows
    if "events" in keep:
        each += COPIES * BYTES_OF_EVENTS * weeks / WEEKS_A_YEAR
    return arms * each
