"""How long batches take and what they keep, worked out from the speed of one core: the table of docs/cluster.md.

    core-seconds of a run = residents × (weeks / SPEED + BUILD) + KEEP,  weeks = 104 of warm-up + 2 × 52 × years

python -m calibration.benchmark.sizes                      print it
python -m calibration.benchmark.sizes --write docs         bring docs/cluster.md up to date
python -m calibration.benchmark.sizes --speed 2.5e6        with the speed of your own core
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from model.limits import WEEKS_A_YEAR

SPEED = 4.8e6
"""Resident-weeks a second of one core, programmes among them (docs/performance.md, Speed: 5.0 to 6.5 million)."""
BUILD = 5e-6
"""Seconds to build a town, a resident (docs/performance.md, Growth)."""
KEEP = 0.05
"""Seconds to begin a run and to keep its result."""
BYTES, BEFORE = 700, 0.35e9
"""Memory of a process: bytes a resident, and bytes before the first (docs/performance.md, Memory)."""
DISK = 10e3
"""Bytes of one run in the store."""
WARM_UP = 104

PAGE, MARK, END = "cluster.md", "<!-- computed: sizes -->\n", "<!-- end of computed -->"


@dataclass(frozen=True)
class Question:
    """A batch: adults simulated in one run, runs, years of each."""

    name: str
    adults: int
    runs: int
    years: float = 5


QUESTIONS = (
    Question("Sobol' of an emulator, 400 points × 3, Erewash, 5%, three years", 4_600, 1_200, 3),
    Question("Sobol' directly, 512 × 18 points × 2, Erewash, 5%", 4_600, 18_432),
    Question("ten thousand draws × 4, Erewash, 5%", 4_600, 40_000),
    Question("ten thousand draws × 4, Erewash, everybody", 93_000, 40_000),
    Question("a county of 650,000 adults, everybody, 20 replicates", 650_000, 20),
    Question("England, 45 million adults in 300 districts, 20 replicates", 150_000, 6_000),
)


def core_seconds(asked: Question, speed: float = SPEED) -> float:
    """Seconds that one core would need for all runs."""
    weeks = WARM_UP + 2 * WEEKS_A_YEAR * asked.years
    return asked.runs * (asked.adults * (weeks / speed + BUILD) + KEEP)


def table(speed: float = SPEED) -> str:
    """Every question in Markdown; no more cores help than there are runs."""
    lines = ["| question | adults a run | runs | core-hours | 2 cores | 100 cores | memory a process | disk |",
             "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]  # fmt: skip
    for asked in QUESTIONS:
        work = core_seconds(asked, speed)
        memory, disk = (BEFORE + BYTES * asked.adults) / 1e9, DISK * asked.runs / 1e6
        lines.append(f"| {asked.name} | {asked.adults:,} | {asked.runs:,} | {work / 3600:,.1f} | {_time(work / 2)} "
                     f"| {_time(work / min(100, asked.runs))} | {memory:.1f} GB | {disk:,.1f} MB |")  # fmt: skip
    return "\n".join(lines) + "\n"


def _time(seconds: float) -> str:
    for size, name in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {name}" if seconds < 10 * size else f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} s"


def write(docs: Path, speed: float = SPEED) -> Path:
    """Put the table between the marks of the page on clusters."""
    page = docs / PAGE
    before, mark, rest = page.read_text(encoding="utf-8").partition(MARK)
    assert mark, f"{page} has no mark"
    page.write_text(
        before + MARK + table(speed) + END + rest.partition(END)[2], encoding="utf-8", newline="\n"
    )
    return page


def main() -> None:
    """Run as a script."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--speed", type=float, default=SPEED, help="resident-weeks a second of one core")
    parser.add_argument("--write", type=Path, help="the folder of documents")
    asked = parser.parse_args()
    print(table(asked.speed) if asked.write is None else f"Written: {write(asked.write, asked.speed)}")


if __name__ == "__main__":
    main()
