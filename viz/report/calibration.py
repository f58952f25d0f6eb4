"""The page of a calibration of one's own, in its own folder: the verdict, figures beside the model, what was learnt."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import matplotlib

from calibration.fitting import verdict_words
from calibration.fitting.verdict import MATCHED
from scenarios.files import store
from viz import theme
from viz.report.figures import validation as pictures

PAGE, FIGURES, PARAMETERS = "calibration.md", "calibration_figures.png", "calibration_parameters.png"


def build(told: dict[str, Any], folder: Path) -> Path:
    """Write the page and its pictures into a result folder; the page's path."""
    style: Any = theme.settings() | {"figure.facecolor": theme.PAPER, "savefig.facecolor": theme.PAPER}
    with matplotlib.rc_context(style):
        for name, figure in (
            (FIGURES, pictures.patterns(_rows(told))),
            (PARAMETERS, pictures.identified(told["parameters"])),
        ):
            buffer = io.BytesIO()
            figure.savefig(buffer, format="png", dpi=130, metadata={"Software": None})
            store.write_bytes(folder / name, buffer.getvalue())
    parts = [*_head(told), *_figures(told), *_learnt(told), *_next(told), *_how(told)]
    store.write_bytes(folder / PAGE, ("\n".join(parts) + "\n").encode())
    return folder / PAGE


def _rows(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Figures as the picture of patterns takes them; each with 95% of the sets that were drawn."""
    rows = [("fit", "fit", row) for row in told["predictive"]]
    rows += [("held_out", "held out", row) for row in told.get("held_out", [])]
    return [{"id": short, "name": _name(row), "role": role, "holds": row["inside"],
             "target_low": row["wanted"] - 1.96 * row["sd"], "target_high": row["wanted"] + 1.96 * row["sd"],
             "model": row["model"], "model_low": row["model_low"], "model_high": row["model_high"]}
            for role, short, row in rows]  # fmt: skip


def _head(told: dict[str, Any]) -> list[str]:
    title, verdict = told["targets"]["title"], told["verdict"]
    fitted = f"{len(told['targets']['own'])} figures of its own"
    fitted += (
        f", beside {told['targets']['fit'] - len(told['targets']['own'])} of England"
        if told["targets"]["national"]
        else ""
    )
    lines = [f"# {title}: can it be matched?", "", f"**{verdict_words.headline(verdict, title)}**", "",
             f"The model was fitted to {fitted}.", ""]  # fmt: skip
    reasons = verdict_words.why(verdict)
    if reasons:
        lines += [
            "## Why not" if verdict["status"] != MATCHED else "## In doubt",
            "",
            *(f"- {one}" for one in reasons),
            "",
        ]
    return lines


def _figures(told: dict[str, Any]) -> list[str]:
    lines = [
        "## Figures",
        "",
        "| figure | wanted (95%) | nearest that the model came | errors away | |",
        "|---|--:|--:|--:|---|",
    ]
    for row in told["verdict"]["targets"]:
        lines.append(f"| {_name(row)}, {row['unit']} | {_n(row['wanted'])} ({_n(row['low'])} to {_n(row['high'])}) | "
                     f"{_n(row['reached'])} | {row['distance']:.1f} | {row['status']} |")  # fmt: skip
    lines += ["", "Each alone: the nearest that any set of parameters brought it, whatever became of the others. Errors count the "
              "figure's own, what is granted to the model, and chance; within "
              f"{told['verdict']['cut']:g} a figure is matched.", "", "| figure | wanted | sets drawn by the fit (95%) |", "|---|--:|--:|"]  # fmt: skip
    for row in [*told["predictive"], *told.get("held_out", [])]:
        held = "" if row in told["predictive"] else " (held out, never fitted)"
        lines.append(
            f"| {_name(row)}{held} | {_n(row['wanted'])} | {_n(row['model'])} ({_n(row['model_low'])} to {_n(row['model_high'])}) |"
        )
    return [*lines, "", f"![Every figure, in half-widths of its interval]({FIGURES})", ""]


def _learnt(told: dict[str, Any]) -> list[str]:
    lines = [
        "## What the figures taught",
        "",
        "| parameter | after the fit (95%) | SD after / before | |",
        "|---|--:|--:|---|",
    ]
    for row in sorted(told["parameters"], key=lambda row: row["ratio"]):
        lines.append(
            f"| `{row['name']}` | {row['mean']:.3g} ({row['low']:.3g} to {row['high']:.3g}) | {row['ratio']:.2f} | {row['label']} |"
        )
    lines += ["", f"![Spread of each parameter after the fit against before]({PARAMETERS})", ""]
    pairs = "; ".join(f"`{one['one']}` and `{one['two']}` ({one['r']:+.2f})" for one in told["trades"])
    return [*lines, *([f"Pairs that trade off: {pairs}.", ""] if pairs else [])]


def _next(told: dict[str, Any]) -> list[str]:
    place, files = told["targets"]["place"], told["files"]
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


def _how(told: dict[str, Any]) -> list[str]:
    budget, waves = told["budget"], told["waves"]
    left = ", ".join(f"{wave['not_ruled_out']:.1%}" for wave in waves)
    start = "the priors of the national calibration" if told["targets"]["national"] else "the shipped values"
    rest = "at their prior means" if told["targets"]["national"] else "as shipped"
    return ["## How", "",
            f"Morris' screen over {len(told['screen']['strength'])} parameters left {told['verdict']['parameters']}, searched over "
            f"their ranges from {start}; the rest stand {rest}. {told['points']} points in {len(waves)} waves, "
            f"a year of {budget['sample']:g} of residents at each; of the prior, {left} was not ruled out after each wave. "
            f"{told['draws_tried']} draws were run again under other luck, and {len(told['draws'])} stand. The verdict rests on runs "
            f"of the model, never on emulators alone; {told['verdict']['failed']} of them failed, and count as no match.", ""]  # fmt: skip


def _name(row: dict[str, Any]) -> str:
    name: str = row["target"].replace("_", " ")
    return name


def _n(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 5 else f"{value:.2f}"
