"""The page of a validation: docs/validation.md and its figures, made from what `run.py validate` found."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import matplotlib
import yaml
from matplotlib.figure import Figure

from calibration.fitting.result import Learnt
from calibration.statistics.surrogate import GOOD_COVERAGE, GOOD_Q2
from calibration.validation.pattern import Row
from calibration.validation.result import ValidationResult
from model import ensemble
from scenarios.files import store
from viz import theme
from viz.report.figures import validation as pictures

ROLE = {"fit": "Fitted to", "held_out": "Held out: never fitted to", "mechanism": "Mechanisms"}
PAGE = "validation.md"
LOOKED = Path(__file__).parents[2] / "calibration" / "looked.yaml"


def build(found: ValidationResult, docs: Path) -> list[Path]:
    """Write the page and its figures into a folder of documents; the files written."""
    images = docs / "images"
    images.mkdir(parents=True, exist_ok=True)
    facts = ensemble.facts() if found.source == "ensemble" else {}
    written = []
    style: Any = theme.settings() | {"figure.facecolor": theme.PAPER, "savefig.facecolor": theme.PAPER}
    with matplotlib.rc_context(style):
        for name, figure in _drawn(found, facts).items():
            buffer = io.BytesIO()
            figure.savefig(buffer, format="png", dpi=130, metadata={"Software": None})
            store.write_bytes(images / name, buffer.getvalue())
            written.append(images / name)
    text = "\n".join(
        [*_head(found), *_patterns(found), *_districts(found), *_learnt(facts), *_looked(), *_foot()]
    )
    store.write_bytes(docs / PAGE, (text + "\n").encode())
    return [docs / PAGE, *written]


def _drawn(found: ValidationResult, facts: dict[str, Any]) -> dict[str, Figure]:
    """Every figure by the name of its file."""
    drawn = {"validation_patterns.png": pictures.patterns(found.patterns)}
    if found.districts:
        drawn["validation_districts.png"] = pictures.districts(found.districts)
    if facts:
        drawn["validation_parameters.png"] = pictures.identified(_parameters(facts))
    return drawn


def _head(found: ValidationResult) -> list[str]:
    number = found.counts()
    good = ", ".join(f"{good} of {count} {role.replace('_', ' ')}" for role, (good, count) in number.items())
    alone = ", ".join(
        f"{good} of {count} {role.replace('_', ' ')}" for role, (good, count) in found.counts_alone().items()
    )
    what = f"{found.sets} sets of parameters of the shipped ensemble" if found.source == "ensemble" else \
        f"the fitted values under {found.sets} seeds"  # fmt: skip
    return [
        "# Validation",
        "",
        f"Every pattern the model should show, target beside model, whichever way it falls: {good} patterns hold. Made "
        f"by `python run.py validate --write docs` with {what}"
        + (", quickly, on small samples." if found.quick else "."),
        "",
        f"By the error of the published figure alone, no discrepancy granted: {alone} (column *alone*).",
        "",
        "A pattern holds when the mean of the model lies inside the target's 95% interval, which counts the error of the "
        "published figure and the discrepancy granted to the model before the fit (`calibration/targets.csv` gives both, "
        "with reasons). The model's range is over sets of parameters and luck together. *Naive* is a logistic regression "
        "on age, sex, condition and deprivation, fitted to the same national rates: where it does as well, the model "
        "shows no skill beyond it. Levels are people's own reports, as the surveys ask.",
        "",
        "Validation here is against levels, change and courses; **no effect of a place-based plan has been measured that "
        "the model could be held against**, and P7 (a lockdown-like shock) is not in the model.",
        "",
        "![Every pattern, in half-widths of its target's interval](images/validation_patterns.png)",
        "",
    ]


def _patterns(found: ValidationResult) -> list[str]:
    lines = []
    for role, title in ROLE.items():
        rows = found.of_role(role)
        lines += [
            f"## {title}",
            "",
            "| | pattern | target (95%) | model (95%) | naive | | alone | source |",
            "|---|---|--:|--:|--:|---|---|---|",
        ]
        lines += [_row(row) for row in rows] + [""]
        misses = [row.name for row in rows if not row.holds]
        lines += [f"Misses: {'; '.join(misses)}." if misses else "No misses.", ""]
    rows = [row for row in found.patterns if row.holds is None]
    lines += ["## The model's word alone", "",
              "Nothing is published for these: crossings that nobody fitted, change of persons, spread to others.", "",
              "| | what | model (95%) | naive | note |", "|---|---|--:|--:|---|"]  # fmt: skip
    lines += [
        f"| {row.id} | {row.name}, {row.unit} | {_range(row.model, row.model_low, row.model_high)} | {_n(row.naive)} | {row.note} |"
        for row in rows
    ]
    return [*lines, ""]


def _row(row: Row) -> str:
    low, high = row.target_low, row.target_high
    target = (
        f"{_n(low)} to {_n(high)}"
        if row.role == "mechanism"
        else f"{_n(row.target)} ({_n(low)} to {_n(high)})"
    )
    verdict = "holds" if row.holds else "**misses**"
    alone = {True: "holds", False: "misses", None: ""}[row.holds_alone]
    return (f"| {row.id} | {row.name}, {row.unit} | {target} | {_range(row.model, row.model_low, row.model_high)} | "
            f"{_n(row.naive)} | {verdict} | {alone} | {row.note} |")  # fmt: skip


def _range(middle: float, low: float, high: float) -> str:
    return f"{_n(middle)} ({_n(low)} to {_n(high)})"


def _n(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.1f}" if abs(value) >= 5 else f"{value:.2f}"


def _districts(found: ValidationResult) -> list[str]:
    rows = found.districts
    if not rows:
        return []
    lines = [
        "## Zero-shot: districts",
        "",
        "Fitted to England alone; no figure of any district was used. Percent of adults inactive, with 95% ranges over "
        "sets of parameters, and the naive regression applied to the same people, with its 95% range over the errors of "
        "what it is fitted to. A survey's rate for one district carries about 4 points of noise either way, more than "
        "most districts differ here.",
        "",
        *_better(found),
        "| district | Sport England | OHID | naive (Sport England) |",
        "|---|--:|--:|--:|",
    ]
    lines += [
        f"| {row.title} | {_range(row.inactive, row.inactive_low, row.inactive_high)} | "
        f"{_range(row.inactive_ohid, row.inactive_ohid_low, row.inactive_ohid_high)} | "
        f"{_range(row.naive, row.naive_low, row.naive_high)} |"
        for row in rows
    ]
    return [*lines, "", "![Predicted inactivity of every district](images/validation_districts.png)", ""]


def _better(found: ValidationResult) -> list[str]:
    """Which of the two is better, by the published rates that both can say."""
    told = found.beside_naive()
    if told is None:
        return []
    model, naive, count = told
    better = "the model is nearer" if model < naive else "the regression is nearer"
    return [
        f"Over the {count} published national rates that both can say, the model misses by {model:.1f} points and the "
        f"regression by {naive:.1f} (root mean square): {better}. For districts nothing is held here that could judge.",
        "",
    ]


def _parameters(facts: dict[str, Any]) -> list[Learnt]:
    """What the fit of the shipped ensemble taught about each parameter."""
    return [Learnt(**row) for row in facts["parameters"]]


def _learnt(facts: dict[str, Any]) -> list[str]:
    if not facts:
        return []
    lines = [
        "## What the targets taught",
        "",
        f"{facts['inside']} of {len(facts['predictive'])} fitted targets lie inside their 95% posterior predictive "
        f"intervals (made {facts['made']}; {facts['sets']} sets shipped of {facts['draws_tried']} tried on the model).",
        *(["", facts["note"]] if "note" in facts else []),
        "",
        "| parameter | after the fit (95%) | SD after / before | | rank in the screen |",
        "|---|--:|--:|---|--:|",
    ]
    rank = facts["screen"]["rank"]
    for row in sorted(_parameters(facts), key=lambda row: row.ratio):
        lines.append(f"| `{row.name}` | {row.mean:.3g} ({row.low:.3g} to {row.high:.3g}) | {row.ratio:.2f} | "
                     f"{row.label} | {rank.get(row.name, '')} |")  # fmt: skip
    lines += [
        "",
        "![Spread of each parameter after the fit against before](images/validation_parameters.png)",
        "",
    ]
    lines += [*_emulators(facts["waves"]), ""]
    pairs = facts["trades"]
    if pairs:
        told = "; ".join(f"`{one['one']}` and `{one['two']}` ({one['r']:+.2f})" for one in pairs)
        lines += [
            f"Pairs that trade off, which the targets cannot tell apart (correlation after the fit): {told}.",
            "",
        ]
    conflicts = facts["waves"][-1]["conflicts"] if facts["waves"] else {}
    if conflicts:
        told = ", ".join(f"{name.replace('_', ' ')} ({far:.1f} errors)" for name, far in conflicts.items())
        lines += [
            f"Targets that no parameters meet together with the rest, a finding about the model's form: {told}.",
            "",
        ]
    return lines


def _emulators(waves: list[dict[str, Any]]) -> list[str]:
    """Which emulators of the last wave did not pass, by name."""
    if not waves:
        return []
    table = waves[-1]["emulators"]
    failing = [one["target"].replace("_", " ") for one in table if not one["passes"]]
    if not failing:
        return [f"All {len(table)} emulators of the last wave pass: they predict {GOOD_Q2:.0%} of the variance at points "
                f"unseen, and hold {GOOD_COVERAGE:.0%} of those in their 95% intervals."]  # fmt: skip
    return [f"Of the {len(table)} emulators of the last wave {len(failing)} do not pass (to predict {GOOD_Q2:.0%} of the "
            f"variance at points unseen, and to hold {GOOD_COVERAGE:.0%} of those in their 95% intervals): "
            f"{', '.join(failing)}. Their error counts, so these targets weigh less."]  # fmt: skip


def _looked() -> list[str]:
    lines = ["## Chosen after looking", "",
             "Whoever fits a model looks at it. What was chosen after something had been seen, and what that was:", ""]  # fmt: skip
    for one in yaml.safe_load(LOOKED.read_text(encoding="utf-8")):
        lines.append(f"- {one['when']}: {one['what'].strip()}. Seen by then: {one['seen'].strip()}.")
    return [*lines, ""]


def _foot() -> list[str]:
    return [
        "How the calibrator itself was tested: planted truths come back as often as its intervals promise, and a planted "
        "fault is flagged (`tests/calibration/`).",
    ]
