"""The bench: which measurements are made, each in a process of its own, and what they come to together."""

from __future__ import annotations

import itertools
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from calibration.benchmark.measurement import (
    CountyMeasured,
    DroppedMeasured,
    Measurement,
    ReferenceMeasured,
    StartMeasured,
    TownMeasured,
)
from calibration.benchmark.result import Asked, BenchResult, Exponents, Lap, Measured, Starts
from model.errors import Fault, InputError

ROOT = Path(__file__).parents[2]
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 2_200_000)
QUICK_SIZES = (1_000, 10_000, 100_000)
TIES = ((4.0, 6.0), (8.0, 12.0))
"""Strong and weak ties of a resident on average: ten in all, then twice as many."""
LINEAR_FROM = 10_000
"""Residents from which growth is judged; smaller towns fit a cache."""
Progress = Callable[..., None]
M = TypeVar("M", bound=Measurement)


@dataclass(frozen=True)
class BenchDesign:
    """What to measure. `full` also grows to 2,200,000 residents, runs the county for ten years and drops towns."""

    residents: int = 200_000
    weeks: int = 26
    threads: int = 2
    full: bool = False

    def __post_init__(self) -> None:
        faults = [
            Fault("is out of range", key=name, found=str(value), allowed=f"{low:,} to {high:,}")
            for name, value, low, high in (
                ("residents", self.residents, 100, 3_000_000),
                ("weeks", self.weeks, 1, 5_000),
                ("threads", self.threads, 1, 256),
            )
            if not low <= value <= high
        ]
        if faults:
            raise InputError(faults)

    @property
    def sizes(self) -> list[int]:
        """Towns of the growth curve besides the main one."""
        return list(SIZES) if self.full else [size for size in QUICK_SIZES if size < self.residents]

    @property
    def measurements(self) -> int:
        """How many are made before the starts: main, with programmes, reference, growth, ties, and of a full bench two."""
        return 3 + len(self.sizes) + len(TIES) + 2 * self.full

    def weeks_of(self, residents: int) -> int:
        """Weeks for a town of the growth curve: short where it is large."""
        return max(1, min(self.weeks * 8, (20_000_000 if self.full else 4_000_000) // residents))


def bench(plan: BenchDesign, progress: Progress | None = None) -> BenchResult:
    """Measure everything in one run. Raises InputError (nonsense in the plan), RuntimeError (a measurement failed)."""
    from calibration.benchmark import machine

    began = time.perf_counter()
    threads = sorted({1, plan.threads})
    tied = min(plan.residents, 20_000)
    steps, number = plan.measurements + 1, itertools.count()

    def take(kind: type[M], **asked: object) -> M:
        if progress is not None:
            progress(next(number), steps)
        return probe(kind, asked)

    main = take(TownMeasured, residents=plan.residents, weeks=plan.weeks, threads=threads, roofline=True,
                numpy_choice=True)  # fmt: skip
    with_plans = take(
        TownMeasured, residents=plan.residents, weeks=plan.weeks, threads=threads, repeats=1, plans=True
    )
    reference = take(ReferenceMeasured, residents=min(plan.residents, 1_000),
                     weeks=min(plan.weeks, 26 if plan.full else 6))  # fmt: skip
    growth = [
        take(TownMeasured, residents=size, weeks=plan.weeks_of(size), threads=threads) for size in plan.sizes
    ]
    ties = [take(TownMeasured, residents=tied, weeks=plan.weeks_of(tied), threads=[1], strong=strong, weak=weak)
            for strong, weak in TIES]  # fmt: skip
    county = take(CountyMeasured, years=10.0, threads=plan.threads) if plan.full else None
    dropped = take(DroppedMeasured) if plan.full else None
    start = _starts(min(plan.residents, 10_000), min(plan.weeks * 2, 52))
    if progress is not None:
        progress(steps, steps)
    growth = sorted([*growth, main], key=lambda town: town.residents)
    many, slow = str(plan.threads), reference.rate
    measured = Measured(
        residents=main.residents, weeks=plan.weeks, threads=plan.threads, build_seconds=main.build_seconds,
        resident_weeks_per_second=main.rates[many], reference_resident_weeks_per_second=slow,
        ratio=main.rates["1"] / slow if slow else None,
        bytes_per_resident=main.bytes_of_columns + main.bytes_of_ties,
        one_core_resident_weeks_per_second=main.rates["1"], full=plan.full, machine=machine.describe(), main=main,
        with_plans=with_plans, reference=reference, growth=growth, exponents=exponents(growth, many), ties=ties,
        start=start, county=county, dropped=dropped,
    )  # fmt: skip
    return BenchResult.of(measured, judge(measured), time.perf_counter() - began)


def probe(kind: type[M], asked: Mapping[str, object], cache: Path | None = None) -> M:
    """One measurement in a process of its own; `cache` keeps its compiled code apart. Raises RuntimeError."""
    environment = {**os.environ, **({"NUMBA_CACHE_DIR": str(cache)} if cache else {})}
    wanted = {"what": kind.what, **asked}
    done = subprocess.run([sys.executable, "-m", "calibration.benchmark.probe", json.dumps(wanted)], cwd=ROOT,
                          env=environment, capture_output=True, encoding="utf-8", errors="replace")  # fmt: skip
    if done.returncode:
        raise RuntimeError(
            f"the measurement {wanted} failed: {(done.stderr.strip() or 'killed').splitlines()[-1]}"
        )
    return kind.from_dict(json.loads(done.stdout))


def _starts(residents: int, weeks: int) -> Starts:
    """Cold and warm start (whole process, best of two warm ones), and the door's help."""
    asked = {"residents": residents, "weeks": weeks}
    with tempfile.TemporaryDirectory(prefix="everystep-bench-", ignore_cleanup_errors=True) as folder:
        laps = []
        for _ in range(3):
            begun = time.perf_counter()
            started = probe(StartMeasured, asked, Path(folder))
            laps.append(Lap(**vars(started), whole_seconds=time.perf_counter() - begun))
    help_laps = []
    for _ in range(3):
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, str(ROOT / "run.py"), "--help"], capture_output=True, check=True, cwd=ROOT
        )
        help_laps.append(time.perf_counter() - begun)
    return Starts(laps[0], min(laps[1:], key=lambda lap: lap.whole_seconds), min(help_laps))


def exponents(growth: list[TownMeasured], threads: str) -> Exponents | None:
    """How time grows with residents, as a power: of a week, on one core and on all, and of building; None with fewer
    than two large towns."""
    large = [town for town in growth if town.residents >= LINEAR_FROM * 0.99]
    if len(large) < 2:
        return None
    sizes = [math.log(town.residents) for town in large]
    week, week_one_core = (
        [math.log(town.residents / town.rates[number]) for town in large] for number in (threads, "1")
    )
    build = [math.log(town.build_seconds) for town in large]
    return Exponents(_slope(sizes, week), _slope(sizes, week_one_core), _slope(sizes, build))


def _slope(x: list[float], y: list[float]) -> float:
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True)) / sum(
        (a - middle_x) ** 2 for a in x
    )


def judge(told: Measured) -> list[Asked]:
    """What was asked of the product, what was measured, and whether it holds; only what this run measured."""
    start, county, dropped = told.start, told.county, told.dropped
    roof = told.main.roofs[str(told.threads)]
    rows: list[tuple[str, float | None, float, float, str]] = [
        ("Times the reference's speed, on one core", told.ratio, 100, math.inf, "times"),
        ("Resident-weeks a second", told.resident_weeks_per_second, 10e6, math.inf, "a second"),
        ("Roofline over what is reached", roof.ceiling / told.resident_weeks_per_second, 0, 2, "times"),
        ("First result of a year of 10,000, compiled before", start.warm.whole_seconds, 0, 3, "s"),
        ("The same, nothing compiled before", start.cold.whole_seconds, 0, 25, "s"),
        ("`run.py --help`", start.help_seconds, 0, 0.3, "s"),
    ]
    if told.full and told.exponents:
        rows += [
            (
                "Growth of time with residents, as a power, on one core",
                told.exponents.week_one_core,
                0.95,
                1.1,
                "",
            ),
            (f"The same on {told.threads} cores", told.exponents.week, 0.95, 1.1, ""),
        ]
    if county:
        rows += [
            ("All 17 districts, ten years, all told", county.whole_seconds, 0, 180, "s"),
            ("Building them", county.made_seconds, 0, 60, "s"),
            ("Their peak of memory", county.peak_bytes / 1e9, 0, 4, "GB"),
        ]  # fmt: skip
    if dropped:
        rows.append(
            ("Kept of each town made and dropped", dropped.bytes_kept_a_town / 1e3, -math.inf, 50, "kB")
        )
    return [Asked(what, value, None if math.isinf(low) else low, None if math.isinf(high) else high, unit,
                  low <= value <= high)
            for what, value, low, high, unit in rows if value is not None]  # fmt: skip
