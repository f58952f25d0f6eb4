"""“Run it properly”: a paired batch in a process of its own, so that it can be stopped and cannot harm the page.

`python -m viz.live.towns.batch REQUEST.json` runs one and prints its progress, a JSON object a line; `Batch` watches it.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.files import moving
from model.machine import system
from model.outcomes import catalogue
from scenarios.files import plugins
from viz.live import course
from viz.live.builder import beside
from viz.live.builder.sharing import to_text
from viz.live.towns.towns import Setup
from viz.live.view import outcomes

if TYPE_CHECKING:
    from viz.report.results import Results, ScenarioResult

ROOT = Path(__file__).resolve().parents[3]
REPLICATES = (5, 10, 20, 40)


class Batch:
    """One batch of one visitor. `tell` hears `{"phase", "share", ...}` from a thread of its own."""

    def __init__(self, tell: Callable[[dict[str, Any]], None], slots: threading.Semaphore) -> None:
        self._tell, self._slots = tell, slots
        self.folder: Path | None = None
        self._process: subprocess.Popen[str] | None = None
        self._stopped = threading.Event()

    def start(self, setup: Setup, replicates: int, jobs: int, quiet: bool = False) -> None:
        """Begin; returns at once. A quiet one steps back behind everything else on the machine."""
        self.folder = Path(tempfile.mkdtemp(prefix="everystep-view-"))
        request = {
            "scenario": str(self.folder / "plan.yaml"),
            "place": setup.place,
            "sample": setup.sample,
            "seed": setup.seed,
            "replicates": replicates,
            "jobs": jobs,
            "quiet": quiet,
            "out": str(self.folder / "results"),
            "plugins": plugins.files(),
        }
        (self.folder / "plan.yaml").write_text(to_text(setup.scenario), encoding="utf-8", newline="\n")
        if setup.against is not None:
            request["baseline"] = str(self.folder / "beside.yaml")
            (self.folder / "beside.yaml").write_text(to_text(setup.against), encoding="utf-8", newline="\n")
        (self.folder / "request.json").write_text(json.dumps(request), encoding="utf-8", newline="\n")
        threading.Thread(target=self._watch, args=(replicates,), name="everystep-batch", daemon=True).start()

    @property
    def results(self) -> Path:
        """The result folder."""
        assert self.folder is not None
        return self.folder / "results"

    def stop(self) -> None:
        """End it and throw its files away."""
        self._stopped.set()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
        if (
            self.folder is not None
        ):  # what its processes still have open goes when they have ended, in `_watch`
            shutil.rmtree(self.folder, ignore_errors=True)

    def _watch(self, replicates: int) -> None:
        self._tell({"phase": "queued", "share": 0.0, "replicates": replicates})
        while not self._slots.acquire(timeout=0.5):
            if self._stopped.is_set():
                return
        try:
            if not self._stopped.is_set():
                self._run(replicates)
        finally:
            self._slots.release()
            if self._stopped.is_set() and self.folder is not None:
                moving.remove_folder(self.folder)

    def _run(self, replicates: int) -> None:
        assert self.folder is not None
        command = [sys.executable, "-m", "viz.live.towns.batch", str(self.folder / "request.json")]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
        )
        told: dict[str, Any] = {}
        last = -math.inf
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told = json.loads(line)
            if self._stopped.is_set():
                break
            # The page is drawn anew for each: one a second is enough, and the batch must not wait for it.
            if told.get("phase") == "running" and time.monotonic() - last > 1.0:
                last = time.monotonic()
                self._tell({**told, "replicates": replicates})
        self._process.wait()
        if self._stopped.is_set():
            return
        if self._process.returncode == 0 and told.get("phase") == "done":
            self._tell({"phase": "done", "share": 1.0, "replicates": replicates})
        else:
            faults = told.get("faults") or ["The batch stopped before its end."]
            self._tell({"phase": "failed", "share": 0.0, "replicates": replicates, "faults": faults})


def main(request: Path) -> int:
    """Run one batch as asked by a file."""
    from model.errors import InputError
    from model.place.place import Place
    from scenarios.comparison import compare
    from viz.report.report import build

    asked = json.loads(request.read_text(encoding="utf-8"))

    if asked["quiet"]:
        system.step_back()

    def tell(**told: Any) -> None:
        print(json.dumps(told), flush=True)

    # A visitor who leaves must not leave work behind: without its parent this process ends.
    parent_lives = system.lives(os.getppid())

    def progress(done: float, total: int) -> None:
        if not parent_lives():
            os._exit(1)
        tell(phase="running", share=round(done / max(total, 1), 4))

    try:
        plugins.confirm(asked["plugins"])
        effects = compare(
            [asked["scenario"]],
            replicates=asked["replicates"],
            place=Place.load(asked["place"]),
            sample=asked["sample"],
            seed=asked["seed"],
            jobs=asked["jobs"],
            baseline=asked.get("baseline", "baseline"),
            out=asked["out"],
            progress=progress,
        )
        assert effects.directory is not None
        if not asked["quiet"]:  # few read the report of a batch that they have not asked for
            build(effects.directory)
    except InputError as error:
        tell(phase="failed", faults=[str(fault) for fault in error.faults])
        return 2
    tell(phase="done")
    return 0


def read(results: Path, setup: Setup) -> dict[str, Any]:
    """What the page shows of a finished batch: its course, a sentence, a table with ranges, ribbons over the weeks.

    The words are those of the command line, made from the same findings.
    """
    from scenarios.findings import sentences as told_by
    from viz.report import sentences
    from viz.report.results import read as read_results

    told = read_results(results)
    # A plan may have been given another name since.
    told.plans[0] = plan = replace(told.plans[0], title=setup.scenario.name)
    found = told.findings
    (first,) = (replace(one, title=plan.title) for one in found.plans)
    found = replace(found, plans=(first,))
    bands = {
        outcome: _bands(told.series(told.baseline.name, outcome), told.series(plan.name, outcome), scale)
        for outcome in outcomes()
        for scale in (100.0 if catalogue.known(outcome).scale == "share" else 1.0,)
    }
    made = {
        "course": course.marked(told_by.course_sentence(first) or told_by.plan_sentence(found, first)),
        "second": f"Against {found.against}, over {found.replicates} runs. {told_by.kind_of_range(found)} "
        "The maps show one run.",
        "sentence": told_by.headline(found),
        "gap": sentences.gap_sentence(told, plan),
        "table": {
            "caption": f"Mean of {found.replicates} paired runs, 95% range from chance in the model",
            "head": ["Outcome", "Today’s plans", "Your plan", "Change", "95% range"],
            "rows": _rows(told, plan),
        },
    }
    ribbons = {outcome: band for outcome, band in bands.items() if band}
    return {**beside.said(made, setup.against), "ribbons": ribbons}


def _rows(told: Results, plan: ScenarioResult) -> list[list[str]]:
    from scenarios.findings.amounts import two_shares
    from viz import words

    rows = []
    full = words.outcomes()
    for outcome in full:
        effect = told.effect(plan, outcome)
        if effect is None:
            continue
        both = (effect.baseline, effect.scenario)
        apart = two_shares(*both) if catalogue.known(outcome).scale == "share" else None
        span = f"{words.change_text(outcome, effect.low)} to {words.change_text(outcome, effect.high)}"
        rows.append(
            [
                full[outcome],
                *(apart or (words.value_text(outcome, value) for value in both)),
                words.change_text(outcome, effect.difference),
                span if effect.ranged else "–",
            ]
        )
    return rows


def _bands(today: Any, plan: Any, scale: float) -> dict[str, Any]:
    """95% ranges of the mean of each arm and of the paired change, week by week; empty when nothing was recorded."""
    from viz.ranges import mean_range, paired

    if not len(today) or not len(plan):
        return {}

    def band(series: Any) -> tuple[Any, Any]:
        _, low, high = mean_range(series.to_numpy() * scale)
        return low, high

    made: dict[str, Any] = {"today": band(today), "plan": band(plan), "change": band(paired(plan, today))}
    weeks = [int(week) + 1 for week in plan.index]
    return {"weeks": weeks, **made, "all": [*made["today"], *made["plan"]]}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
