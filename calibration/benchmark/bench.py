"""The bench: which measurements are made, each in a process of its own, and what they come to together."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.errors import Fault, InputError

ROOT = Path(__file__).parents[2]
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 2_200_000)
QUICK_SIZES = (1_000, 10_000, 100_000)
TIES = ((4.0, 6.0), (8.0, 12.0))
"""Strong and weak ties of a resident on average: ten in all, then twice as many."""
LINEAR_FROM = 10_000
"""Residents from which growth is judged; smaller towns fit a cache."""
Progress = Callable[..., None]


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

    def weeks_of(self, residents: int) -> int:
        """Weeks for a town of the growth curve: short where it is large."""
        return max(1, min(self.weeks * 8, (20_000_000 if self.full else 4_000_000) // residents))


def bench(plan: BenchDesign, progress: Progress | None = None) -> dict[str, Any]:
    """Measure everything in one run. Raises InputError (nonsense in the plan), RuntimeError (a measurement failed)."""
    began = time.perf_counter()
    threads = sorted({1, plan.threads})
    tied = min(plan.residents, 20_000)
    todo: list[tuple[str, dict[str, Any]]] = [
        ("main", {"what": "town", "residents": plan.residents, "weeks": plan.weeks, "threads": threads,
                  "roofline": True, "numpy_choice": True}),
        ("plans", {"what": "town", "residents": plan.residents, "weeks": plan.weeks, "threads": threads,
                   "repeats": 1, "plans": True}),
        ("reference", {"what": "reference", "residents": min(plan.residents, 1_000),
                       "weeks": min(plan.weeks, 26 if plan.full else 6)}),
        *(("growth", {"what": "town", "residents": size, "weeks": plan.weeks_of(size), "threads": threads})
          for size in plan.sizes),
        *(("ties", {"what": "town", "residents": tied, "weeks": plan.weeks_of(tied), "threads": [1],
                    "strong": strong, "weak": weak}) for strong, weak in TIES),
    ]  # fmt: skip
    if plan.full:
        todo += [
            ("county", {"what": "county", "years": 10.0, "threads": plan.threads}),
            ("dropped", {"what": "dropped"}),
        ]
    found: dict[str, list[dict[str, Any]]] = {}
    steps = len(todo) + 1
    for number, (name, asked) in enumerate(todo):
        if progress is not None:
            progress(number, steps)
        found.setdefault(name, []).append(probe(asked))
    starts = _starts(min(plan.residents, 10_000), min(plan.weeks * 2, 52))
    if progress is not None:
        progress(steps, steps)
    return _together(plan, found, starts) | {"seconds": time.perf_counter() - began}


def probe(asked: dict[str, Any], cache: Path | None = None) -> dict[str, Any]:
    """One measurement in a process of its own; `cache` keeps its compiled code apart. Raises RuntimeError."""
    environment = {**os.environ, **({"NUMBA_CACHE_DIR": str(cache)} if cache else {})}
    done = subprocess.run([sys.executable, "-m", "calibration.benchmark.probe", json.dumps(asked)], cwd=ROOT,
                          env=environment, capture_output=True, text=True)  # fmt: skip
    if done.returncode:
        raise RuntimeError(
            f"the measurement {asked} failed: {(done.stderr.strip() or 'killed').splitlines()[-1]}"
        )
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _starts(residents: int, weeks: int) -> dict[str, Any]:
    """Cold and warm start (whole process, best of two warm ones), and the door's help."""
    asked = {"what": "start", "residents": residents, "weeks": weeks}
    with tempfile.TemporaryDirectory(prefix="everystep-bench-") as folder:
        laps = []
        for _ in range(3):
            begun = time.perf_counter()
            told = probe(asked, Path(folder))
            laps.append({**told, "whole_seconds": time.perf_counter() - begun})
    help_laps = []
    for _ in range(3):
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, str(ROOT / "run.py"), "--help"], capture_output=True, check=True, cwd=ROOT
        )
        help_laps.append(time.perf_counter() - begun)
    return {"cold": laps[0], "warm": min(laps[1:], key=lambda lap: lap["whole_seconds"]),
            "help_seconds": min(help_laps)}  # fmt: skip


def _together(
    plan: BenchDesign, found: dict[str, list[dict[str, Any]]], starts: dict[str, Any]
) -> dict[str, Any]:
    """All measurements as one object, with the contract's keys first."""
    from calibration.benchmark import machine

    main, reference = found["main"][0], found["reference"][0]
    many = str(plan.threads)
    growth = sorted([*found.get("growth", []), main], key=lambda town: town["residents"])
    slow = reference.get("rate")
    told: dict[str, Any] = {
        "residents": main["residents"], "weeks": plan.weeks, "threads": plan.threads,
        "build_seconds": main["build_seconds"], "resident_weeks_per_second": main["rates"][many],
        "reference_resident_weeks_per_second": slow, "ratio": main["rates"]["1"] / slow if slow else None,
        "bytes_per_resident": main["bytes_of_columns"] + main["bytes_of_ties"],
        "one_core_resident_weeks_per_second": main["rates"]["1"], "full": plan.full, "machine": machine.describe(),
        "main": main, "with_plans": found["plans"][0], "reference": reference,
        "growth": growth, "exponents": exponents(growth, many), "ties": found["ties"], "start": starts,
        "county": found.get("county", [None])[0], "dropped": found.get("dropped", [None])[0],
    }  # fmt: skip
    return told | {"asked": judge(told)}


def exponents(growth: list[dict[str, Any]], threads: str) -> dict[str, float] | None:
    """How time grows with residents, as a power: of a week, on one core and on all, and of building; None with fewer
    than two large towns."""
    large = [town for town in growth if town["residents"] >= LINEAR_FROM * 0.99]
    if len(large) < 2:
        return None
    sizes = [math.log(town["residents"]) for town in large]
    times = {"week": [town["residents"] / town["rates"][threads] for town in large],
             "week_one_core": [town["residents"] / town["rates"]["1"] for town in large],
             "build": [town["build_seconds"] for town in large]}  # fmt: skip
    return {name: _slope(sizes, [math.log(value) for value in values]) for name, values in times.items()}


def _slope(x: list[float], y: list[float]) -> float:
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True)) / sum(
        (a - middle_x) ** 2 for a in x
    )


def judge(told: dict[str, Any]) -> list[dict[str, Any]]:
    """What was asked of the product, what was measured, and whether it holds; only what this run measured."""
    start, county, dropped = told["start"], told["county"], told["dropped"]
    roof = told["main"]["roofline"][str(told["threads"])]
    rows: list[tuple[str, float | None, float, float, str]] = [
        ("Times the reference's speed, on one core", told["ratio"], 100, math.inf, "times"),
        ("Resident-weeks a second", told["resident_weeks_per_second"], 10e6, math.inf, "a second"),
        ("Roofline over what is reached", roof["ceiling"] / told["resident_weeks_per_second"], 0, 2, "times"),
        ("First result of a year of 10,000, compiled before", start["warm"]["whole_seconds"], 0, 3, "s"),
        ("The same, nothing compiled before", start["cold"]["whole_seconds"], 0, 25, "s"),
        ("`run.py --help`", start["help_seconds"], 0, 0.3, "s"),
    ]
    if told["full"] and told["exponents"]:
        rows += [
            (
                "Growth of time with residents, as a power, on one core",
                told["exponents"]["week_one_core"],
                0.95,
                1.1,
                "",
            ),
            (f"The same on {told['threads']} cores", told["exponents"]["week"], 0.95, 1.1, ""),
        ]
    if county:
        whole = county["place_seconds"] + county["build_seconds"]
        rows += [
            ("All 17 districts, ten years, all told", whole + county["warm_up_seconds"] + county["run_seconds"], 0, 180,
             "s"),
            ("Building them", whole, 0, 60, "s"),
            ("Their peak of memory", county["peak_bytes"] / 1e9, 0, 4, "GB"),
        ]  # fmt: skip
    if dropped:
        rows.append(
            ("Kept of each town made and dropped", dropped["bytes_kept_a_town"] / 1e3, -math.inf, 50, "kB")
        )
    return [{"what": what, "found": value, "low": None if math.isinf(low) else low,
             "high": None if math.isinf(high) else high, "unit": unit, "holds": low <= value <= high}
            for what, value, low, high, unit in rows if value is not None]  # fmt: skip
