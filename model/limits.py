"""Thresholds of activity, lengths of a year, and the least and most that can be asked for: each stands here alone."""

from __future__ import annotations

INACTIVE_BELOW = 30
"""Minutes a week, mean of four weeks, below which somebody is inactive."""
ACTIVE_FROM = 150
"""Minutes a week, mean of four weeks, from which somebody is active."""

WEEKS_A_YEAR = 52
"""Weeks of a year in lengths of runs, horizons and costs."""
MEAN_WEEKS_A_YEAR = 52.18
"""Weeks by which numbers a year become numbers a week, and by which the season turns."""

MOST_YEARS_OF_A_PLAN = 30
"""Greatest length that a scenario or a sweep may have."""
MOST_WEEKS_OF_A_PLAN = MOST_YEARS_OF_A_PLAN * WEEKS_A_YEAR
MOST_WEEKS_OF_A_RUN = 60 * WEEKS_A_YEAR
"""Greatest length of one run, when it is asked for apart from a scenario's own."""
MOST_REPLICATES = 10_000
LEAST_SEED = 1
"""Least seed of comparisons and sweeps; one town by itself takes 0 too."""
