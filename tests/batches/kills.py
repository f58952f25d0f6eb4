"""A sweep under fire: workers and the coordinator are killed at random, and the tables come out the same, byte for byte.

python tests/batches/kills.py                      1,000 runs, 200 kills of workers, 20 of the coordinator
python tests/batches/kills.py --runs 60 --workers 6 --coordinators 2
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from towns import SWEEP, open_slow  # noqa: E402 (a script finds its neighbours first)

from model import rng  # noqa: E402
from scenarios.batches import attempts  # noqa: E402
from scenarios.batches.runstore import RunStore  # noqa: E402
from scenarios.sweeps.sweep import Sweep, sweep  # noqa: E402

SAME = ("runs.parquet", "effects.parquet", "points.parquet", "jobs.parquet")


def coordinate(folder: Path, runs: int, apart: bool = True) -> None:
    """What a coordinator process does: begin, or go on."""
    spec = SWEEP | {
        "vary": {"interventions.0.groups": list(range(1, 6))},
        "replicates": runs // 5,
        "weeks": 6,
    }
    sweep(
        spec, folder, resume=True, jobs=2 if apart else 1, opener=open_slow, deadline_seconds=60, apart=apart
    )


def start(folder: Path, runs: int) -> subprocess.Popen:
    """A coordinator in a process of its own."""
    command = [sys.executable, str(Path(__file__)), "--coordinate", str(folder), "--runs", str(runs)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finished(folder: Path) -> int:
    """Results that stand, loose or packed."""
    return len(RunStore(folder).ids())


def victims(folder: Path) -> list[int]:
    """Processes that hold a run."""
    found = []
    for path in sorted((folder / "attempts").glob("*.log")):
        try:
            if attempts.is_under_way(path):
                found.append(int(json.loads(path.read_text().partition("\n")[0])["pid"]))
        except (OSError, ValueError, KeyError):
            continue
    return found


def disturb(folder: Path, runs: int, workers: int, coordinators: int) -> dict[str, float]:
    """Run a sweep, killing as often as asked, paced by what is finished; how often each was killed."""
    kills = sorted([((k + 1) * runs * 0.95 / (workers + 1), "worker") for k in range(workers)]
                   + [((k + 1) * runs * 0.95 / (coordinators + 1), "coordinator") for k in range(coordinators)])  # fmt: skip
    done = {"worker": 0, "coordinator": 0}
    key, draw = rng.key(1, 0, "kills"), 0
    process = start(folder, runs)
    while kills:
        if process.poll() is not None:
            raise AssertionError(f"ended early: {process.stderr.read().decode()[-2000:]}")
        now = finished(folder)
        if now < kills[0][0]:
            time.sleep(0.005)
            continue
        what, draw = kills[0][1], draw + 1
        if what == "coordinator":
            process.send_signal(signal.SIGKILL)
            process.wait()
            process = start(folder, runs)
        else:
            there = victims(folder)
            if not there:
                time.sleep(0.002)
                continue
            try:
                os.kill(there[int(rng.uniform(key, [draw])[0] * len(there))], signal.SIGKILL)
            except ProcessLookupError:
                continue
        kills.pop(0)
        done[what] += 1
    _, said = process.communicate(timeout=600)
    assert process.returncode == 0, said.decode()[-2000:]
    return done


def show(runs: int, workers: int, coordinators: int, folder: Path) -> dict[str, object]:
    """Both sweeps, and what they must have in common. Raises AssertionError."""
    began = time.perf_counter()
    quiet, fire = folder / "quiet", folder / "fire"
    coordinate(quiet, runs, apart=runs > 100)
    calm = time.perf_counter() - began
    done = disturb(fire, runs, workers, coordinators)
    assert (done["worker"], done["coordinator"]) == (workers, coordinators)
    one, two = Sweep.load(quiet), Sweep.load(fire)
    assert one.tally.ok == two.tally.ok == two.tally.planned == runs, "nothing lost"
    keys = ["point", "replicate", "scenario", "horizon_weeks", "window_weeks", "group", "level", "outcome"]
    assert not two.runs().duplicated(keys).any(), "nothing twice"
    for name in SAME:
        assert (quiet / name).read_bytes() == (fire / name).read_bytes(), name
    return {"runs": runs, "worker_kills": workers, "coordinator_kills": coordinators, "undisturbed_seconds": round(calm, 1),
            "seconds": round(time.perf_counter() - began - calm, 1), "lost": 0, "twice": 0, "bytes_equal": True}  # fmt: skip


def main() -> None:
    """Run as a script."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=200)
    parser.add_argument("--coordinators", type=int, default=20)
    parser.add_argument("--coordinate", type=Path)
    options = parser.parse_args()
    if options.coordinate:
        coordinate(options.coordinate, options.runs)
    else:
        with tempfile.TemporaryDirectory(prefix="everystep-kills-") as folder:
            print(
                json.dumps(show(options.runs, options.workers, options.coordinators, Path(folder)), indent=2)
            )


if __name__ == "__main__":
    main()
