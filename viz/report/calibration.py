"""The page of a calibration of one's own, in its own folder: the verdict, figures beside the model, what was learnt."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import matplotlib

from calibration.fitting import verdict_words
from calibration.fitting.result import FitResult, HeldOut, Predicted
from calibration.fitting.verdict import MATCHED
from calibration.fitting.verdict_result import OwnFigure
from calibration.validation.pattern import Row
from scenarios.files import store
from viz import theme
from viz.report.figures import validation as pictures

PAGE, FIGURES, PARAMETERS = "calibration.md", "calibration_figures.png", "calibration_parameters.png"


def build(found: FitResult, folder: Path) -> Path:
    """Write the page and its pictures into a result folder; the page's path."""
    style: Any = theme.settings() | {"figure.facecolor": theme.PAPER, "savefig.facecolor": theme.PAPER}
    with matplotlib.rc_context(style):
        for name, figure in (
            (FIGURES, pictures.patterns(_rows(found))),
            (PARAMETERS, pictures.identified(found.parameters)),
        ):
            buffer = io.BytesIO()
            figure.savefig(buffer, format="png", dpi=130, metadata={"Software": None})
            store.write_bytes(folder / name, buffer.getvalue())
    parts = [*_head(found), *_figures(found), *_learnt(found), *_next(found), *_how(found)]
    store.write_bytes(folder / PAGE, ("\n".join(parts) + "\n").encode())
    return folder / PAGE


def _rows(found: FitResult) -> list[Row]:
    """Figures as the picture of patterns takes them; each with 95% of the sets that were drawn."""
    rows: list[tuple[str, str, Predicted | HeldOut]] = [("fit", "fit", row) for row in found.predictive]
    rows += [("held_out", "held out", row) for row in found.held_out]
    return [Row(short, _name(row), role, "", row.wanted, row.wanted - 1.96 * row.sd, row.wanted + 1.96 * row.sd,
                row.model, row.model_low, row.model_high, row.inside)
            for role, short, row in rows]  # fmt: skip


def _head(found: FitResult) -> list[str]:
    title, verdict = found.own.title, found.judged
    fitted = f"{len(found.own.own)} figures of its own"
    fitted += f", beside {found.targets.fit - len(found.own.own)} of England" if found.own.national else ""
    lines = [f"# {title}: can it be matched?", "", f"**{verdict_words.headline(verdict, title)}**", "",
             f"The model was fitted to {fitted}.", ""]  # fmt: skip
    reasons = verdict_words.why(verdict)
    if reasons:
        lines += [
            "## Why not" if verdict.status != MATCHED else "## In doubt",
            "",
            *(f"- {one}" for one in reasons),
            "",
        ]
    return lines


def _figures(found: FitResult) -> list[str]:
    lines = [
        "## Figures",
        "",
        "| figure | wanted (95%) | nearest that the model came | errors away | |",
        "|---|--:|--:|--:|---|",
    ]
    for row in found.judged.targets:
        lines.append(f"| {_name(row)}, {row.unit} | {_n(row.wanted)} ({_n(row.low)} to {_n(row.high)}) | "
                     f"{_n(row.reached)} | {row.distance:.1f} | {row.status} |")  # fmt: skip
    lines += ["", "Each alone: the nearest that any set of parameters brought it, whatever became of the others. Errors count the "
              "figure's own, what is granted to the model, and chance; within "
              f"{found.judged.cut:g} a figure is matched.", "", "| figure | wanted | sets drawn by the fit (95%) |", "|---|--:|--:|"]  # fmt: skip
    drawn: list[tuple[str, Predicted | HeldOut]] = [("", one) for one in found.predictive]
    drawn += [(" (held out, never fitted)", one) for one in found.held_out]
    for held, one in drawn:
        lines.append(
            f"| {_name(one)}{held} | {_n(one.wanted)} | {_n(one.model)} ({_n(one.model_low)} to {_n(one.model_high)}) |"
        )
    return [*lines, "", f"![Every figure, in half-widths of its interval]({FIGURES})", ""]


def _learnt(found: FitResult) -> list[str]:
    lines = [
        "## What the figures taught",
        "",
        "| parameter | after the fit (95%) | SD after / before | |",
        "|---|--:|--:|---|",
    ]
    for row in sorted(found.parameters, key=lambda row: row.ratio):
        lines.append(
            f"| `{row.name}` | {row.mean:.3g} ({row.low:.3g} to {row.high:.3g}) | {row.ratio:.2f} | {row.label} |"
        )
    lines += ["", f"![Spread of each parameter after the fit against before]({PARAMETERS})", ""]
    pairs = "; ".join(f"`{one.one}` and `{one.two}` ({one.r:+.2f})" for one in found.trades)
    return [*lines, *([f"Pairs that trade off: {pairs}.", ""] if pairs else [])]


def _next(found: FitResult) -> list[str]:
    place, files = found.own.place, found.files or {}
    if "sets" in files:
        return ["## Use it", "", "```console",
                f"python run.py compare walk_and_talk --place {place} --parameters {files['sets']}", "```", "",
                "`best.yaml` holds the one nearest set.", ""]  # fmt: skip
    if "best" in files:
        return ["## Use it", "", "```console",
                f"python run.py compare walk_and_talk --place {place} --parameters {files['best']}", "```", "",
                "One set only: results carry no doubt about the parameters.", ""]  # fmt: skip
    return ["## What to do", "",
            "Look at the figures named above first: unit, group, year, who was asked. Widen an interval where the survey was small "
            "or not of a random sample. What then stays out of reach is a finding about the model. `nearest.yaml` holds the set "
            "that came nearest; it does not match the place, and comparisons made with it are not of this place.", ""]  # fmt: skip


def _how(found: FitResult) -> list[str]:
    budget, waves = found.budget, found.waves
    left = ", ".join(f"{wave.not_ruled_out:.1%}" for wave in waves)
    start = "the priors of the national calibration" if found.own.national else "the shipped values"
    rest = "at their prior means" if found.own.national else "as shipped"
    return ["## How", "",
            f"Morris' screen over {len(found.screen.strength)} parameters left {found.judged.parameters}, searched over "
            f"their ranges from {start}; the rest stand {rest}. {found.points} points in {len(waves)} waves, "
            f"a year of {budget.sample:g} of residents at each; of the prior, {left} was not ruled out after each wave. "
            f"{found.draws_tried} draws were run again under other luck, and {len(found.draws)} stand. The verdict rests on runs "
            f"of the model, never on emulators alone; {found.judged.failed} of them failed, and count as no match.", ""]  # fmt: skip


def _name(row: Predicted | HeldOut | OwnFigure) -> str:
    return row.target.replace("_", " ")


def _n(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 5 else f"{value:.2f}"
