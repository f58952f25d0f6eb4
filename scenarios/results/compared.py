"""The effects of a comparison: its tables, what was found, the folder that holds them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from model.errors import Fault, InputError
from model.outcomes import catalogue
from scenarios.batches.batch import Batch
from scenarios.files import store
from scenarios.findings import findings, sentences, sums
from scenarios.findings.findings import Findings
from scenarios.provenance import checks, occupied
from scenarios.provenance.program import MARK
from scenarios.results import added_up, runs
from scenarios.results.added_up import VERSUS, check_against
from scenarios.results.result_folder import FILES, notes, write_folder


@dataclass
class Effects:
    """What scenarios change. `frame` is tidy: one row a scenario, outcome, group, level and horizon."""

    frame: pd.DataFrame
    manifest: dict[str, Any]
    directory: Path | None = None
    already: bool = False
    """They were finished before: nothing was run for them."""
    versus: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(VERSUS)))
    """Plans against each other over paired runs: one row a pair and measure."""
    _batch: Batch | None = None
    _kept: Any = field(default=None, repr=False)

    def table(self, outcomes: Sequence[str] | None = None, group: str = "all") -> pd.DataFrame:
        """The effects at the end of the run, small enough to read; `group` chooses another attribute. outcomes: those that
        the catalogue heads its tables with, and any of one's own."""
        outcomes = catalogue.headlines() if outcomes is None else outcomes
        frame = self.frame
        chosen = frame[(frame["group"] == group) & frame["outcome"].isin(list(outcomes))]
        chosen = chosen[chosen["horizon_weeks"] == self.manifest["weeks"]]
        order = {name: number for number, name in enumerate(outcomes)}
        scenarios = {name: number for number, name in enumerate(chosen["scenario"].unique())}
        ranked = chosen.sort_values(
            by=["scenario", "outcome"], kind="stable", key=lambda column: column.map(scenarios | order)
        )
        table: pd.DataFrame = ranked.drop(columns=["horizon_weeks", "window_weeks"]).reset_index(drop=True)
        return table

    def findings(self, rank_by: str | None = None) -> Findings:
        """What was found: every plan at every time, in order, and which can be told apart. rank_by: person_years (usual),
        during, after, gap or cost."""
        return findings.of_tables(self.frame, self.versus, self.manifest, rank_by)

    def against(self, name: str) -> pd.DataFrame:
        """Every plan against one of them, or against a sum ("A+B"), over paired runs: `VERSUS`, turned so that `against`
        is `name`. A sum is known where its plans make up another of them, or where `compare` was asked for it."""
        titles = {one["name"]: one["title"] for one in self.manifest["scenarios"]}
        name = check_against(
            name, {one: titles.get(one, one) for one in dict.fromkeys(self.frame["scenario"])}
        )
        mine = self.versus[self.versus["against"] == name]
        if added_up.asked(name) and mine.empty:
            raise InputError(Fault("was not worked out in these results", key="against", found=name,
                                   hint="Compare again with it, without --resume."))  # fmt: skip
        added = self.versus["against"].map(lambda one: bool(added_up.asked(one))).astype(bool)
        turned = self.versus[(self.versus["scenario"] == name) & ~added]
        swapped = {"scenario": "against", "against": "scenario"} | {
            f"{kind}_{one}": f"{kind}_{two}" for kind in ("ci", "range") for one, two in (("low", "high"), ("high", "low"))
        }  # fmt: skip
        ends = ["difference", "ci_low", "ci_high", "range_low", "range_high"]
        turned = turned.rename(columns=swapped)[list(VERSUS)]
        turned = turned.assign(**{end: -turned[end] for end in ends})
        return pd.concat([mine, turned], ignore_index=True)

    def as_dict(self, against: str | None = None) -> dict[str, Any]:
        """All that `compare --json` prints of them but the report. against: with each plan against this one."""
        folder, told = self.directory, self.findings()
        summary = store.read_json(checks.held(folder, "summary.json")) if folder is not None else {}
        return {"baseline": self.manifest["baseline"], "replicates": self.manifest["replicates"],
                "headline": sentences.headline(told), "ranking": told.as_dict(),
                "added_up": sums.sentences(told),
                "effects": self.frame.to_dict("records"), "out": str(folder) if folder is not None else None,
                "against": self.against(against).to_dict("records") if against else None,
                "notes": notes(self.manifest), "warnings": self.manifest.get("warnings", []),
                "programmes": summary.get("programmes"), "waves": summary.get("waves"),
                "chasm": summary.get("chasm"), "stopping": self.manifest.get("stopping")}  # fmt: skip

    def runs(self, group: str = "all") -> pd.DataFrame:
        """The runs behind the table: one row a scenario, replicate and outcome (and level of `group`), at the end of the
        run (scenarios/results/runs.py)."""
        return runs.of_effects(self, group)

    def plot(self, outcome: str = "inactive", group: str = "all") -> Any:
        """A matplotlib Figure of the effects on one outcome: each replicate, the mean and its 95% interval."""
        table = self.table([outcome], group)
        return runs.figure(self.runs(group), table, outcome, list(dict.fromkeys(self.frame["scenario"])))

    def save(self, directory: str | Path, overwrite: bool = False) -> Path:
        """Write the result folder (all but the report). overwrite: other results that lie there may go.

        Raises InputError when the folder is not fit.
        """
        out = store.claim(directory)
        occupied.check(out, self.manifest.get("question", ""), self.manifest["replicates"], overwrite)
        if self._batch is not None:
            write_folder(out, self._batch, self.frame, self.manifest, versus=self.versus)
        elif self.directory is not None and self.directory.resolve() != out:
            for name in (one for one in FILES if (self.directory / one).exists()):
                with store.whole(out / name) as draft:
                    shutil.copyfile(checks.held(self.directory, name), draft)
        return out

    @staticmethod
    def load(directory: str | Path) -> Effects:
        """The effects of a finished result folder. Raises InputError when it is none."""
        directory = Path(directory)
        manifest = store.read_json(directory / "manifest.json")
        if MARK not in manifest or not (directory / "effects.parquet").is_file():
            raise InputError(
                Fault("holds no finished results", file=str(directory), hint="Run compare with --out first.")
            )
        frame = pd.read_parquet(checks.held(directory, "effects.parquet"))
        return Effects(frame, manifest, directory, versus=checks.read_versus(directory, VERSUS))
