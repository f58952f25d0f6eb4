"""What a batch asks for and what this machine has: work, memory, room on the disk; too much is refused before it begins."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from model.errors import Fault, InputError
from model.machine import system
from scenarios.batches import executors
from scenarios.runs.design import Design

MAX_RESIDENT_WEEKS = 2e10
"""Work beyond which a batch is refused unless a higher cap is given: an hour or two on a good machine."""

BYTES_A_RESIDENT = 1000
"""Memory of one process, bytes a simulated resident: the town, one branch of it and its building."""

BYTES_A_WEEK = 4000
"""Room on the disk that a week of one arm takes, bytes: while a batch runs, and as tables."""


def estimate(plan: Design, jobs: int = 1) -> dict[str, float]:
    """What a plan will ask for: residents of the largest town, resident-weeks of all runs, bytes of memory."""
    towns = plan.towns
    residents = [float(town.place.zones["residents"].sum()) * town.sample for town, _ in towns]
    work = sum(n * town.weeks * len(arms) for n, (town, arms) in zip(residents, towns, strict=True))
    processes = min(executors.count_jobs(jobs), len(plan.jobs))
    weeks = sum(job.town.weeks * len(job.arms) for job in plan.jobs)
    return {"residents": max(residents), "resident_weeks": work * plan.replicates, "disk": weeks * BYTES_A_WEEK,
            "bytes": max(residents) * BYTES_A_RESIDENT * processes}  # fmt: skip


def check_cost(plan: Design, jobs: int = 1, cap: float = MAX_RESIDENT_WEEKS) -> None:
    """Refuse a plan beyond the cap of work or the memory of this machine. Raises InputError."""
    asked = estimate(plan, jobs)
    faults = []
    if asked["resident_weeks"] > cap:
        found = f"{asked['resident_weeks']:.3g} resident-weeks"
        hint = "Lower --sample, --replicates or --years, or raise --max-resident-weeks."
        faults.append(
            Fault("too much work", None, None, "max-resident-weeks", found, f"at most {cap:.3g}", hint)
        )
    if asked["bytes"] > memory_bytes():
        found, allowed = f"{asked['bytes'] / 1e9:.1f} GB needed", f"at most {memory_bytes() / 1e9:.1f} GB"
        faults.append(
            Fault("too little memory", None, None, "sample", found, allowed, "Lower --sample or --jobs.")
        )
    if faults:
        raise InputError(faults)


def check_room(folder: Path, wanted: float) -> None:
    """Raise InputError when the disk of a folder has less room than so many bytes and some for the rest."""
    wanted += 20e6
    if (free := shutil.disk_usage(folder).free) < wanted:
        raise InputError(Fault("too little room on the disk", key="out", found=f"{free / 1e6:,.0f} MB free for {folder}",
                               allowed=f"about {wanted / 1e6:,.0f} MB", hint="Make room, or choose another --out."))  # fmt: skip


def memory_bytes() -> float:
    """Memory that this process may use, bytes: what the machine has, or less in a container."""
    return min([system.machine_bytes(), *_memory_limits()])


def _memory_limits(root: Path = Path("/")) -> Iterator[float]:
    """Limits of memory on the groups of processes (cgroups) that this one is in, bytes."""
    try:
        groups = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in groups:
        _, kinds, path = line.split(":", 2)
        if kinds not in ("", "memory"):
            continue
        top = root / "sys/fs/cgroup" / kinds
        own = top / path.lstrip("/")
        for folder in [own, *own.parents]:
            with suppress(OSError, ValueError):
                name = "memory.limit_in_bytes" if kinds else "memory.max"
                yield float((folder / name).read_text(encoding="ascii"))  # "max" is no number: no limit
            if folder == top:
                break
