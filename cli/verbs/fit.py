"""Verbs that hold the model against what is known: calibrate, validate."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Option

from cli.door import UNMATCHED, progress_bar, put, say, verb
from cli.groups import Output
from cli.options import Effort, JobsO, MaxSecondsO, OutO, ResumeO, YearSampleO

if TYPE_CHECKING:
    from calibration.fitting.result import FitResult


@dataclass(frozen=True)
class Own:
    """Figures of one's own, and their place."""

    targets: Annotated[
        Path | None, Option("--targets", help="Your own figures, a CSV file, in place of the national ones.")
    ] = None
    place: Annotated[
        str | None, Option("--place", help="With --targets: the place of the figures, shipped or a folder.")
    ] = None
    with_national: Annotated[
        bool, Option("--with-national", help="Your figures beside the national ones, not in their place.")
    ] = False


@dataclass(frozen=True)
class Size:
    """How much a calibration runs."""

    effort: Annotated[
        Effort, Option("--effort", help="quick shows that all works; short is for rules that moved a little.")
    ] = Effort.full
    sample: YearSampleO = None
    points: Annotated[
        int | None, Option("--points", help="Points of the first wave; usual: as --effort says.")
    ] = None


@verb
def calibrate(
    own: Own,
    size: Size,
    output: Output,
    out: OutO = None,
    targets_template: Annotated[
        Path | None, Option("--targets-template", help="Only write a file of every figure that can be given.")
    ] = None,
    write: Annotated[
        bool, Option("--write", help="Ship it: the ensemble beside the ledger, fitted values in it.")
    ] = False,
    jobs: JobsO = -1,
    resume: ResumeO = False,
    max_seconds: MaxSecondsO = None,
) -> None:
    """Fit the model to national targets, or to your own of a place: sets of parameters, or why there are none."""
    from calibration.own.calibrate import fit_own, together

    if targets_template is not None:
        return _template(targets_template, output.as_json)
    together(own.targets, own.place, own.with_national, write)
    options: dict[str, Any] = {"jobs": jobs, "resume": resume, "max_seconds": max_seconds,
                               "say": _silent if output.quiet else say}  # fmt: skip
    if own.targets is not None and own.place is not None:
        folder = out or Path("results") / f"calibration_{own.targets.stem}"
        with progress_bar("Calibrating", output.hidden) as progress:
            mine = fit_own(own.targets, own.place, folder, with_national=own.with_national, progress=progress,
                           **vars(size) | {"effort": size.effort.value}, **options)  # fmt: skip
        return _end_of_own(mine, folder, output.as_json)
    from calibration.fitting import words
    from calibration.fitting.budget import EFFORTS
    from calibration.fitting.calibrate import calibrate as fit

    budget = EFFORTS[size.effort.value].of(size.sample, size.points)
    with progress_bar("Calibrating", output.hidden) as progress:
        found = fit(out or Path("results") / "calibration", effort=budget, progress=progress, **options)
    written = _ship(found) if write else []
    shown = words.summary(found) | {"written": [str(path) for path in written]}
    put(shown) if output.as_json else print("\n".join(words.lines(found, written)))


def _template(path: Path, as_json: bool) -> None:
    from calibration.own.columns import template
    from model.files.names import refuse

    refuse(path, "targets-template")
    written = str(template(path))
    if as_json:
        return put({"template": written})
    print(f"Template: {written}. Fill in rows; blank ones are passed over.")


def _ship(found: FitResult) -> list[Path]:
    from datetime import date

    from calibration.fitting.ship import ship

    return ship(found, date.today())


def _silent(text: str) -> None:
    """Say nothing."""


def _end_of_own(found: FitResult, folder: Path, as_json: bool) -> None:
    """Show a calibration of one's own; a place that was not matched ends with a status of its own."""
    from calibration.fitting import words
    from viz.report.calibration import build

    page = build(found, folder)
    files = {**(found.files or {}), "page": str(page)}
    if as_json:
        put(
            words.summary(found)
            | {
                "verdict": asdict(found.judged),
                "held_out": [asdict(one) for one in found.held_out],
                "files": files,
            }
        )
    else:
        print(
            "\n".join(
                [*words.own_lines(found), *(f"{name.capitalize()}: {path}" for name, path in files.items())]
            )
        )
    if found.judged.status != "matched":
        raise typer.Exit(UNMATCHED)


@verb
def validate(
    output: Output,
    out: OutO = None,
    draws: Annotated[
        int | None,
        Option("--draws", min=2, max=200, help="Sets of the ensemble; usual: 40, or 10 with --quick."),
    ] = None,
    quick: Annotated[bool, Option("--quick", help="Small samples: a minute, wide intervals.")] = False,
    places: Annotated[bool, Option("--places/--no-places", help="Also the 17 districts.")] = True,
    write: Annotated[
        Path | None, Option("--write", help="The docs folder whose validation page to write.")
    ] = None,
    jobs: JobsO = -1,
    max_seconds: MaxSecondsO = None,
) -> None:
    """Hold the model against every pattern: target beside model with intervals, misses told; page and figures."""
    from calibration.validation.validate import lines
    from calibration.validation.validate import validate as judge
    from viz.report.validation import build

    folder = out or Path("results") / "validation"
    with progress_bar("Validating", output.hidden) as progress:
        found = judge(folder, draws=draws, quick=quick, places=places, jobs=jobs, max_seconds=max_seconds,
                      progress=progress)  # fmt: skip
    written = build(found, write or folder)
    shown = found.as_dict() | {"out": str(folder), "page": str(written[0])}
    put(shown) if output.as_json else print("\n".join([*lines(found), f"Page: {written[0]}"]))
