"""Verbs that run scenarios: once, or against a baseline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.door import progress_bar, put, say, show, verb
from cli.groups import Folder, Output, Outside, Processes, Reading, Runs, Town
from cli.options import CAP, CapO, DefinitionO, OutO, OverwriteO, ParametersO
from cli.verbs.results import write_report


@verb
def simulate(
    scenario: Annotated[str, typer.Argument(help="A scenario of the library, or a path to a file.")],
    town: Town,
    output: Output,
    outside: Outside,
    definition: DefinitionO = None,
    parameters: ParametersO = None,
    out: OutO = None,
    overwrite: OverwriteO = False,
    max_resident_weeks: CapO = CAP,
) -> None:
    """One run of a scenario: levels of activity by group, and the gaps."""
    from cli import tables
    from scenarios.simulate import simulate as run_once

    with progress_bar(scenario, output.hidden) as progress:
        told = run_once(scenario, **vars(town), definition=definition and definition.value, out=out,
                        max_resident_weeks=max_resident_weeks, progress=progress, parameters=parameters,
                        warn=None if output.quiet else say, overwrite=overwrite)  # fmt: skip
    if output.as_json:
        return put(told)
    show(tables.levels_table(told), tables.gaps_table(told))
    if output.quiet:
        return
    say(f"{told['residents']:,} residents simulated for {told['weeks']} weeks in {told['seconds']:.1f} s.")
    say(f"Weekly outcomes: {out}/weekly.parquet" if out else "Weekly outcomes are written with --out DIR.")


@verb
def compare(
    scenarios: Annotated[list[str], typer.Argument(help="Scenarios of the library, or paths to files.")],
    town: Town,
    runs: Runs,
    reading: Reading,
    processes: Processes,
    folder: Folder,
    output: Output,
    outside: Outside,
    definition: DefinitionO = None,
) -> None:
    """Each scenario against a baseline over paired replicates: table, files, report."""
    from scenarios.files.schema import slug

    out = folder.out
    if out is None:
        out = Path("results") / ("compare" if len(scenarios) > 1 else slug(Path(scenarios[0]).stem))
    aside = folder.out is None and not folder.overwrite
    tell(scenarios, output, definition=definition and definition.value, aside=aside,
         **vars(town) | vars(runs) | vars(reading) | vars(processes) | vars(folder) | {"out": out})  # fmt: skip


def tell(scenarios: list[str], output: Output, against: str | None = None, **options: Any) -> None:
    """Compare, write the report and print what was found; options: those of `scenarios.compare`."""
    from scenarios.comparison import compare as run_pairs
    from scenarios.files import alike
    from scenarios.results.added_up import check_against
    from scenarios.runs.design import named_apart
    from scenarios.runs.question import resolve

    if against is not None:
        base = resolve(options.get("baseline", "baseline"))
        others = [pair for pair in map(resolve, scenarios) if pair[1] != base[1]]
        alike.check_several(others, against)
        against = check_against(against, {name: plan.name for name, plan in named_apart(others, base[0])})
    with progress_bar("Comparing", output.hidden) as progress:
        effects = run_pairs(
            scenarios, progress=progress, warn=None if output.quiet else say, against=against, **options
        )
    assert effects.directory is not None
    if not output.quiet and effects.directory.name != options["out"].name:
        say(f"{options['out']} holds other results and keeps them: these are in {effects.directory}.")
    if effects.already and not output.quiet:
        say("Finished before: nothing was run.")
    page = write_report(effects.directory)
    if output.as_json:
        return put({**effects.as_dict(against), "report": str(page)})
    _print(effects, against, output.quiet)
    print(f"Report: {page}")


def _print(effects: Any, against: str | None, quiet: bool) -> None:
    """What a comparison found, for people."""
    from cli import tables
    from scenarios.findings import sentences, sums, table
    from scenarios.results import chasm
    from scenarios.results.result_folder import notes

    found = effects.findings()
    show(lambda width: table.plans_table(found, width))
    if against:
        show(lambda width: table.against_table(found, against, width))
    print("\n".join([sentences.headline(found), *sums.sentences(found), *sentences.supporting(found)]))
    if line := tables.baseline_line(effects.frame, effects.manifest, found.against):
        print(line)
    titles = {one["name"]: one["title"] for one in effects.manifest["scenarios"]}
    for name, over in chasm.of_frame(effects.frame, effects.manifest["weeks"]).items():
        print(chasm.line(titles.get(name, name), over))
    for note in [] if quiet else notes(effects.manifest):
        say(note)
