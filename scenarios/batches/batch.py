"""What is left of a plan that was run: its jobs, and the result of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scenarios.batches.failures import BatchFailed
from scenarios.batches.runstore import RunStore
from scenarios.runs import parts as kept_parts
from scenarios.runs.design import Design, Job
from scenarios.runs.job import Result


@dataclass(frozen=True)
class Batch:
    """A plan and the folder that holds the result of each of its jobs."""

    plan: Design
    parts: Path

    def results(self) -> Iterator[tuple[Job, Result]]:
        """Every job with its result, in design order. Raises BatchFailed when one is missing or damaged."""
        tables = RunStore(self.parts).tables(job.id for job in self.plan.jobs)
        for job, (_, table) in zip(self.plan.jobs, tables, strict=True):
            if table is None:
                raise BatchFailed(f"the result of replicate {job.replicate} is missing or damaged")
            yield job, kept_parts.result(table)

    def first(self) -> Result:
        """The result of the first job. Raises BatchFailed when it is missing or damaged."""
        return next(self.results())[1]
