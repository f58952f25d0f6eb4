"""One pure unit of work: build the town of a job once, run each of its arms, hand back a record an arm."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from model.outcomes.record import Record
from scenarios.runs.design import Job

OpenTown = Callable[[Job], Any]


@dataclass
class Result:
    """What one job gave: a record for each arm in the job's order, and the seconds its town and its weeks took."""

    job_id: str
    records: list[Record]
    build_seconds: float
    run_seconds: float
    residents: int
    adults: float


def open_town(job: Job) -> Any:
    """The town of a job, not yet warmed up."""
    from model import Neighbourhood

    town = job.town
    return Neighbourhood(
        town.place,
        seed=job.seed,
        replicate=job.replicate,
        sample=town.sample,
        parameters=town.parameters,
        definition=town.definition,
        start=town.start,
        threads=job.threads,
        by=town.by,
    )


def run_job(
    job: Job, progress: Callable[[float], None] | None = None, opener: OpenTown = open_town
) -> Result:
    """Run every arm of a job. `progress` hears the share of the job done, 0 to 1."""
    began = time.perf_counter()
    town = opener(job)
    town.warm_up()
    built = time.perf_counter()
    records = []
    for number, arm in enumerate(job.arms):
        branch = town.fork(interventions=arm.interventions_and_barriers)
        branch.run(
            weeks=job.town.weeks, progress=_share_done(progress, number, len(job.arms), job.town.weeks)
        )
        record = branch.record()
        if job.spillover and number:
            record.flows |= unseen(town, job.arms[0], arm, job.town.weeks)
        records.append(record)
    weights = town.state.people.weight
    ended = time.perf_counter()
    adults = float(weights.sum(dtype="float64"))
    return Result(job.id, records, built - began, ended - built, len(weights), adults)


def unseen(town: Any, baseline: Any, arm: Any, weeks: int) -> dict[str, Any]:
    """Weekly outcomes of a plan when nobody sees what it changes in others: `inactive_unseen`, `minutes_unseen`.

    The plan is run beside today's plans with common random numbers; people in it are moved by what the others do there. What is
    missing against the plan as it is has spread from person to person (Hudgens and Halloran 2008, in one town).
    """
    today = town.fork(interventions=baseline.interventions_and_barriers)
    alone = town.fork(interventions=arm.interventions_and_barriers, seeing=today)
    for _ in range(weeks):
        alone.step()
        today.step()
    record = alone.record()
    row = record.index("all")
    return {"inactive_unseen": record.shares()[:, row, 0], "minutes_unseen": record.minutes_mean()[:, row]}


def _share_done(
    progress: Callable[[float], None] | None, number: int, arms: int, weeks: int
) -> Callable[[int], None] | None:
    if progress is None:
        return None
    return lambda week: progress((number + min(week / weeks, 1.0)) / arms)
