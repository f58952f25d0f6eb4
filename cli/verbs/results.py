"""Verbs on finished results: their report, and the same once more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.door import OUR_FAULT, progress_bar, put, verb
from cli.groups import Output, Outside
from cli.options import JobsO, JsonO, OutO


@verb
def report(
    directory: Annotated[Path, typer.Argument(help="A result folder of compare.")],
    outside: Outside,
    as_json: JsonO = False,
) -> None:
    """Build the report of a result folder, or build it again."""
    from scenarios.results.compared import Effects

    if (directory / "sensitivity.json").is_file():
        from viz.report.sensitivity import build

        page = build(directory)
    else:
        Effects.load(directory)
        page = write_report(directory)
    put({"report": str(page)}) if as_json else print(f"Report: {page}")


def write_report(directory: Path) -> Path:
    """Build the report of a comparison; the path of the page."""
    from viz.report.report import build

    return build(directory)


@verb
def rerun(
    directory: Annotated[Path, typer.Argument(help="A finished result folder, or a sweep's.")],
    output: Output,
    outside: Outside,
    out: OutO = None,
    jobs: JobsO = -1,
) -> None:
    """Run a finished folder again from its manifest: the same bytes, or what differs. Without --out nothing is kept."""
    from tempfile import TemporaryDirectory

    from scenarios.rerun import rerun as run_again

    with (
        TemporaryDirectory(prefix="everystep-", ignore_cleanup_errors=True) as temporary,
        progress_bar("Again", output.hidden) as progress,
    ):
        told = run_again(directory, out or Path(temporary) / "again", jobs=jobs, progress=progress)
    put(told.as_dict()) if output.as_json else print("\n".join(told.lines()))
    if not told.same:
        raise typer.Exit(OUR_FAULT)
