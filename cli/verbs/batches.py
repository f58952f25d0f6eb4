"""Verbs that run many points: sweeps, and what an effect hangs on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Option

from cli.door import OUR_FAULT, STOPPED, progress_bar, put, say, verb
from cli.groups import Batch, Design, Factors, Output, Outside, Processes, Question, Town
from cli.options import GroupO, JsonO, KeepO, WindowO, WindowsO


@verb
def sweep(
    file: Annotated[Path, typer.Argument(help="A sweep file; docs/batches.md shows one.")],
    batch: Batch,
    processes: Processes,
    output: Output,
    outside: Outside,
    keep: KeepO = None,
    windows: WindowsO = None,
) -> None:
    """A designed batch: scenarios at many points, with common random numbers; kept run by run, taken up again with --resume."""
    from scenarios.sweeps.sweep import sweep as run_points
    from scenarios.sweeps.sweep_file import with_more

    with progress_bar(file.stem, output.hidden) as progress:
        done = run_points(with_more(file, keep, windows), batch.out or Path("results") / file.stem, progress=progress,
                          warn=None if output.quiet else say, **_ends(batch), **vars(processes))  # fmt: skip
    _end(done, output.as_json)


def _ends(batch: Batch) -> dict[str, Any]:
    """When a batch ends, as the engine of batches takes it."""
    return {"resume": batch.resume, "retry": batch.retry, "max_seconds": batch.max_seconds,
            "deadline_seconds": batch.deadline}  # fmt: skip


def _end(done: Any, as_json: bool) -> None:
    """Say how a batch ended, and end with the status that says so."""
    told = done.describe()
    if as_json:
        put(told)
    else:
        from cli.tables import batch_lines

        print("\n".join(batch_lines(told)))
    if not done.tally.finished or done.tally.failed:
        raise typer.Exit(OUR_FAULT if done.tally.finished else STOPPED)


@verb
def sensitivity(
    scenario: Annotated[str, typer.Argument(help="A scenario of the library, or a path to a file.")],
    design: Design,
    question: Question,
    factors: Factors,
    town: Town,
    batch: Batch,
    processes: Processes,
    output: Output,
    outside: Outside,
) -> None:
    """What the effect of a scenario hangs on: doubtful numbers and switches, each with its interval, and a page."""
    from calibration.analysis.sensitivity import Sensitivity, output_name, wanted_output
    from calibration.analysis.sensitivity import sensitivity as analyse
    from scenarios.files.schema import slug
    from viz.report.sensitivity import build, lines

    asked = vars(town) | {"sample": 0.05 if town.sample is None else town.sample}
    with progress_bar(scenario, output.hidden) as progress:
        folder = batch.out or Path("results") / f"sensitivity_{slug(Path(scenario).stem)}"
        found = analyse(scenario, folder, method=design.method.value, size=design.points, emulate=design.emulator,
                        second=design.second_order, replicates=design.replicates, progress=progress,
                        **vars(question), **vars(factors), **asked, **_ends(batch), **vars(processes))  # fmt: skip
    if not isinstance(found, Sensitivity):
        return _end(found, output.as_json)
    page = build(found.sweep.folder)
    told = found.result(output_name(wanted_output(**vars(question))))
    put(told.as_dict() | {"report": str(page)}) if output.as_json else print(
        "\n".join([*lines(told), f"Report: {page}"])
    )


@verb
def discover(
    directory: Annotated[Path, typer.Argument(help="The folder of a finished sweep.")],
    scenario: Annotated[
        str | None, Option("--scenario", help="Which plan. Usual: the first of the sweep.")
    ] = None,
    against: Annotated[
        str | None, Option("--against", help="Another plan of the sweep. Usual: the baseline.")
    ] = None,
    outcome: Annotated[str, Option("--outcome", help="In what: any outcome of the sweep.")] = "inactive",
    when: Annotated[
        str, Option("--when", help="beats (is better in it), widens or narrows (a gap), raises or lowers.")
    ] = "beats",
    group: GroupO = None,
    window: WindowO = None,
    threshold: Annotated[
        float,
        Option(
            "--threshold", help="By more than this, in the outcome's unit as in files; 0.005 = half a point."
        ),
    ] = 0.0,
    as_json: JsonO = False,
) -> None:
    """Under which conditions one plan beats another, or widens a gap: in words, tables and a figure, or not at all."""
    from calibration.analysis.discovery import discover as look
    from scenarios.sweeps.sweep import Sweep
    from scenarios.sweeps.sweep_outcomes import asked
    from viz.report.figures.discovery import save

    found = look(Sweep.load(directory), scenario, against, outcome, when, group=group, window=window,
                 threshold=threshold)  # fmt: skip
    edge = f"_by_{threshold:g}" if threshold else ""
    files = save(found, directory, f"discovery_{asked(outcome, group, window).slug}_{when}{edge}")
    told = found.describe() | {"figure": files[0], "files": files[1:]}
    put(told) if as_json else print(
        "\n".join([*told["words"], f"Figure: {files[0]}", f"Tables: {', '.join(files[1:])}"])
    )
