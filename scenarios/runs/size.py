"""How large a run is: its share of residents, its weeks, and how often it is repeated."""

from __future__ import annotations

from model.errors import Fault, InputError
from model.limits import LEAST_SEED, MOST_REPLICATES, MOST_WEEKS_OF_A_RUN, WEEKS_A_YEAR

DEFAULT_SAMPLE = 0.1
"""Share of residents simulated unless asked otherwise: plans are told apart well, and a laptop is done in minutes."""


def span(years: float | None, weeks: int | None) -> int | None:
    """Weeks to run from `--years` or `--weeks`; None leaves it to the scenarios."""
    if years is not None and weeks is not None:
        raise InputError(
            Fault("give years or weeks, not both", key="years", found=f"{years} and {weeks} weeks")
        )
    if years is None:
        return weeks
    if not 0 < years <= 60:
        raise InputError(
            Fault("must be a length of time", key="years", found=repr(years), allowed="above 0 to 60")
        )
    return max(1, round(years * WEEKS_A_YEAR))


def check(*, sample: float, seed: int, weeks: int | None, replicates: int = 1) -> None:
    """Raise InputError with every fault of a size that cannot be run."""
    faults = []
    if not 0 < sample <= 1:
        faults.append(
            Fault("must be a share of residents", key="sample", found=repr(sample), allowed="above 0 to 1")
        )
    if not 1 <= replicates <= MOST_REPLICATES:
        faults.append(Fault("is not a fit number of runs", key="replicates", found=repr(replicates),
                            allowed=f"1 to {MOST_REPLICATES:,}"))  # fmt: skip
    if seed < LEAST_SEED:
        faults.append(
            Fault(
                "must be a positive whole number",
                key="seed",
                found=repr(seed),
                allowed=f"{LEAST_SEED} or more",
            )
        )
    if weeks is not None and not 1 <= weeks <= MOST_WEEKS_OF_A_RUN:
        faults.append(
            Fault(
                "is not a fit length", key="weeks", found=repr(weeks), allowed=f"1 to {MOST_WEEKS_OF_A_RUN:,}"
            )
        )
    if faults:
        raise InputError(faults)
