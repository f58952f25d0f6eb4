"""The door: reads words, calls one function a verb. `python run.py --help` lists the verbs."""

from __future__ import annotations

import cli.first  # noqa: F401  (says what is missing, where something is)

# isort: split

from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Option

from cli import place as place_verbs
from cli import scenario as scenario_verbs
from cli import store as store_verbs
from cli.door import OUR_FAULT, STOPPED, UNMATCHED, progress_bar, put, say, show, verb
from cli.options import (
    CAP,
    AgainstO,
    Backend,
    BackendO,
    ByO,
    CapO,
    DeadlineO,
    DefinitionO,
    Effort,
    EmulatorO,
    FactorsO,
    GroupO,
    JobsO,
    JsonO,
    KeepO,
    MaxSecondsO,
    Method,
    MostO,
    OutO,
    OverwriteO,
    ParametersO,
    PlaceO,
    PointsO,
    PrecisionO,
    QuietO,
    RankByO,
    ReplicatesO,
    ResumeO,
    RetryO,
    SampleO,
    SchedulerO,
    SeedO,
    VaryO,
    WeeksO,
    WholeO,
    WindowO,
    WindowsO,
    WithoutO,
    YearSampleO,
    YearsO,
)

app = typer.Typer(
    help="How a neighbourhood gets moving, and what helps. Without a verb: compare the shipped scenarios.",
    no_args_is_help=False, add_completion=False, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
app.add_typer(place_verbs.app, name="place")
app.add_typer(scenario_verbs.app, name="scenario")
app.add_typer(store_verbs.app, name="store")


@app.callback(invoke_without_command=True)
@verb
def demonstrate(
    context: typer.Context,
    sample: SampleO = None,
    years: YearsO = None,
    replicates: ReplicatesO = 8,
    jobs: JobsO = -1,
    out: OutO = None,
    as_json: JsonO = False,
    quiet: QuietO = False,
) -> None:
    """How a neighbourhood gets moving, and what helps. Without a verb: compare the shipped scenarios."""
    if context.invoked_subcommand is not None:
        return _no_options_before_a_verb(context)
    from scenarios.files.load import list_scenarios

    names = [str(one["name"]) for one in list_scenarios() if one["name"] != "baseline"]
    _compare(names, as_json, quiet, sample=sample, years=years, replicates=replicates, jobs=jobs,
             out=out or Path("results/demo"), resume=True, overwrite=out is None)  # fmt: skip


def _no_options_before_a_verb(context: typer.Context) -> None:
    """Options of the demonstration must not be swallowed by another verb."""
    for name in context.params:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            raise typer.BadParameter(
                f"stands before '{context.invoked_subcommand}'; put options after the verb"
            )


@app.command()
@verb
def simulate(
    scenario: Annotated[str, typer.Argument(help="A scenario of the library, or a path to a file.")],
    place: PlaceO = None,
    definition: DefinitionO = None,
    sample: SampleO = None,
    years: YearsO = None,
    weeks: WeeksO = None,
    seed: SeedO = 1,
    parameters: ParametersO = None,
    out: OutO = None,
    overwrite: OverwriteO = False,
    max_resident_weeks: CapO = CAP,
    as_json: JsonO = False,
    quiet: QuietO = False,
) -> None:
    """One run of a scenario: levels of activity by group, and the gaps."""
    from scenarios.simulate import simulate as run_once

    with progress_bar(scenario, quiet or as_json) as progress:
        told = run_once(scenario, place, sample, years, weeks, seed, definition and definition.value, out,
                        max_resident_weeks=max_resident_weeks, progress=progress, parameters=parameters,
                        warn=None if quiet else say, overwrite=overwrite)  # fmt: skip
    if as_json:
        return put(told)
    from cli import tables

    show(tables.levels_table(told), tables.gaps_table(told))
    if not quiet:
        say(
            f"{told['residents']:,} residents simulated for {told['weeks']} weeks in {told['seconds']:.1f} s."
        )
        say(
            f"Weekly outcomes: {out}/weekly.parquet" if out else "Weekly outcomes are written with --out DIR."
        )


@app.command()
@verb
def compare(
    scenarios: Annotated[list[str], typer.Argument(help="Scenarios of the library, or paths to files.")],
    baseline: Annotated[str, Option("--baseline", help="What they are compared with.")] = "baseline",
    place: PlaceO = None,
    definition: DefinitionO = None,
    sample: SampleO = None,
    years: YearsO = None,
    weeks: WeeksO = None,
    seed: SeedO = 1,
    replicates: ReplicatesO = 10,
    jobs: JobsO = -1,
    backend: BackendO = Backend.loky,
    scheduler: SchedulerO = None,
    out: OutO = None,
    resume: ResumeO = False,
    overwrite: OverwriteO = False,
    precision: PrecisionO = None,
    max_replicates: MostO = 400,
    parameters: ParametersO = None,
    spillover: Annotated[
        bool,
        Option(
            "--spillover", help="Tell apart what spreads from person to person (takes three times as long)."
        ),
    ] = False,
    rank_by: RankByO = None,
    against: AgainstO = None,
    by: ByO = None,
    whole: WholeO = False,
    max_resident_weeks: CapO = CAP,
    as_json: JsonO = False,
    quiet: QuietO = False,
) -> None:
    """Each scenario against a baseline over paired replicates: table, files, report."""
    aside = out is None and not overwrite
    if out is None:
        from scenarios.files.schema import slug

        out = Path("results") / ("compare" if len(scenarios) > 1 else slug(Path(scenarios[0]).stem))
    _compare(scenarios, as_json, quiet, baseline=baseline, place=place, sample=sample, years=years, weeks=weeks,
             definition=definition and definition.value, seed=seed, replicates=replicates, jobs=jobs,
             backend=backend.value, scheduler=scheduler, out=out, resume=resume, precision=precision,
             max_replicates=max_replicates, spillover=spillover, max_resident_weeks=max_resident_weeks,
             parameters=parameters, rank_by=rank_by and rank_by.value, against=against, by=by,
             overwrite=overwrite, aside=aside, whole=whole)  # fmt: skip


def _compare(
    scenarios: list[str], as_json: bool, quiet: bool, against: str | None = None, **options: Any
) -> None:
    from scenarios.comparison import check_against, resolve
    from scenarios.comparison import compare as run_pairs
    from scenarios.files import alike
    from scenarios.findings import sentences
    from scenarios.results.result_folder import notes
    from scenarios.runs.design import named_apart

    if against is not None:
        base = resolve(options.get("baseline", "baseline"))
        others = [pair for pair in map(resolve, scenarios) if pair[1] != base[1]]
        alike.check_several(others, against)
        against = check_against(against, {name: plan.name for name, plan in named_apart(others, base[0])})
    with progress_bar("Comparing", quiet or as_json) as progress:
        effects = run_pairs(
            scenarios, progress=progress, warn=None if quiet else say, against=against, **options
        )
    assert effects.directory is not None
    if not quiet and effects.directory.name != options["out"].name:
        say(f"{options['out']} holds other results and keeps them: these are in {effects.directory}.")
    if effects.already and not quiet:
        say("Finished before: nothing was run.")
    report_page = _report(effects.directory)
    found = effects.findings()
    if as_json:
        return put({**effects.as_dict(against), "report": str(report_page)})
    from cli import tables
    from scenarios.findings import sums, table
    from scenarios.results import chasm

    show(lambda width: table.plans_table(found, width))
    if against:
        show(lambda width: table.against_table(found, against, width))
    print("\n".join([sentences.headline(found), *sums.sentences(found), *sentences.supporting(found)]))
    if line := tables.baseline_line(effects.frame, effects.manifest, found.against):
        print(line)
    titles = {one["name"]: one["title"] for one in effects.manifest["scenarios"]}
    for name, over in chasm.of_frame(effects.frame, effects.manifest["weeks"]).items():
        print(chasm.line(titles.get(name, name), over))
    if not quiet:
        for note in notes(effects.manifest):
            say(note)
    print(f"Report: {report_page}")


@app.command()
@verb
def sweep(
    file: Annotated[Path, typer.Argument(help="A sweep file; docs/batches.md shows one.")],
    out: OutO = None,
    resume: ResumeO = False,
    retry: RetryO = False,
    keep: KeepO = None,
    windows: WindowsO = None,
    jobs: JobsO = -1,
    backend: BackendO = Backend.loky,
    scheduler: SchedulerO = None,
    max_seconds: MaxSecondsO = None,
    deadline: DeadlineO = None,
    max_resident_weeks: CapO = CAP,
    as_json: JsonO = False,
    quiet: QuietO = False,
) -> None:
    """A designed batch: scenarios at many points, on the same luck; kept run by run, taken up again with --resume."""
    from scenarios.sweeps.sweep import sweep as run_points
    from scenarios.sweeps.sweep_file import with_more

    with progress_bar(file.stem, quiet or as_json) as progress:
        done = run_points(with_more(file, keep, windows), out or Path("results") / file.stem, resume=resume, retry=retry, jobs=jobs,
                          backend=backend.value, scheduler=scheduler, max_seconds=max_seconds, progress=progress,
                          deadline_seconds=deadline, max_resident_weeks=max_resident_weeks,
                          warn=None if quiet else say)  # fmt: skip
    _end_of_batch(done, as_json)


def _end_of_batch(done: Any, as_json: bool) -> None:
    """Say how a batch ended, and end with the status that says so."""
    told = done.describe()
    if as_json:
        put(told)
    else:
        from cli.tables import batch_lines

        print("\n".join(batch_lines(told)))
    if not done.tally.finished or done.tally.failed:
        raise typer.Exit(OUR_FAULT if done.tally.finished else STOPPED)


@app.command()
@verb
def sensitivity(
    scenario: Annotated[str, typer.Argument(help="A scenario of the library, or a path to a file.")],
    method: Annotated[
        Method, Option("--method", help="morris screens, sobol shares out variance.")
    ] = Method.morris,
    outcome: Annotated[str, Option("--outcome", help="Which effect stands first: any outcome.")] = "inactive",
    group: GroupO = None,
    window: WindowO = None,
    factors: FactorsO = None,
    vary: VaryO = None,
    without: WithoutO = None,
    points: PointsO = None,
    emulator: EmulatorO = False,
    second_order: Annotated[
        bool, Option("--second-order", help="With sobol: pairs, too; twice the runs.")
    ] = False,
    replicates: ReplicatesO = 4,
    sample: SampleO = None,
    years: YearsO = None,
    weeks: WeeksO = None,
    place: PlaceO = None,
    seed: SeedO = 1,
    out: OutO = None,
    resume: ResumeO = False,
    retry: RetryO = False,
    jobs: JobsO = -1,
    backend: BackendO = Backend.loky,
    scheduler: SchedulerO = None,
    max_seconds: MaxSecondsO = None,
    deadline: DeadlineO = None,
    max_resident_weeks: CapO = CAP,
    as_json: JsonO = False,
    quiet: QuietO = False,
) -> None:
    """What the effect of a scenario hangs on: doubtful numbers and switches, each with its interval, and a page."""
    from calibration.analysis.sensitivity import Sensitivity, output_name, wanted_output
    from calibration.analysis.sensitivity import sensitivity as analyse
    from scenarios.files.schema import slug
    from viz.report.sensitivity import build, lines

    with progress_bar(scenario, quiet or as_json) as progress:
        folder = out or Path("results") / f"sensitivity_{slug(Path(scenario).stem)}"
        found = analyse(scenario, folder, method=method.value, outcome=outcome, group=group, window=window, factors=factors, vary=vary,
                        without=without, size=points, emulate=emulator, second=second_order, replicates=replicates, place=place,
                        sample=0.05 if sample is None else sample, years=years, weeks=weeks, seed=seed, resume=resume, retry=retry,
                        jobs=jobs, backend=backend.value, scheduler=scheduler, max_seconds=max_seconds,
                        deadline_seconds=deadline, max_resident_weeks=max_resident_weeks, progress=progress)  # fmt: skip
    if not isinstance(found, Sensitivity):
        return _end_of_batch(found, as_json)
    page = build(found.sweep.folder)
    told = found.describe(output_name(wanted_output(outcome, group, window))) | {"report": str(page)}
    put(told) if as_json else print("\n".join([*lines(told), f"Report: {page}"]))


@app.command()
@verb
def calibrate(
    out: OutO = None,
    effort: Annotated[
        Effort, Option("--effort", help="quick shows that all works; short is for rules that moved a little.")
    ] = Effort.full,
    targets: Annotated[
        Path | None, Option("--targets", help="Your own figures, a CSV file, in place of the national ones.")
    ] = None,
    place: Annotated[
        str | None, Option("--place", help="With --targets: the place of the figures, shipped or a folder.")
    ] = None,
    with_national: Annotated[
        bool, Option("--with-national", help="Your figures beside the national ones, not in their place.")
    ] = False,
    sample: YearSampleO = None,
    points: Annotated[
        int | None, Option("--points", help="Points of the first wave; usual: as --effort says.")
    ] = None,
    targets_template: Annotated[
        Path | None, Option("--targets-template", help="Only write a file of every figure that can be given.")
    ] = None,
    write: Annotated[
        bool, Option("--write", help="Ship it: the ensemble beside the ledger, fitted values in it.")
    ] = False,
    jobs: JobsO = -1,
    resume: ResumeO = False,
    max_seconds: MaxSecondsO = None,
    as_json: JsonO = False,
    quiet: QuietO = False,
) -> None:
    """Fit the model to national targets, or to your own of a place: sets of parameters, or why there are none."""
    from calibration.own.calibrate import calibrate as fit_own
    from calibration.own.calibrate import together

    if targets_template is not None:
        from calibration.own.columns import template

        path = str(template(targets_template))
        return (
            put({"template": path})
            if as_json
            else print(f"Template: {path}. Fill in rows; blank ones are passed over.")
        )
    together(targets, place, with_national, write)
    options: dict[str, Any] = {"effort": effort.value, "sample": sample, "points": points, "jobs": jobs,
                               "resume": resume, "max_seconds": max_seconds, "say": _silent if quiet else say}  # fmt: skip
    if targets is not None and place is not None:
        folder = out or Path("results") / f"calibration_{targets.stem}"
        with progress_bar("Calibrating", quiet or as_json) as progress:
            told = fit_own(targets, place, folder, with_national=with_national, progress=progress, **options)
        return _end_of_own(told, folder, as_json)
    from calibration.fitting import words
    from calibration.fitting.calibrate import calibrate as fit

    with progress_bar("Calibrating", quiet or as_json) as progress:
        told = fit(out or Path("results") / "calibration", progress=progress, **options)
    written: list[Path] = []
    if write:
        from datetime import date

        from calibration.fitting.ship import ship

        written = ship(told, date.today())
    shown = words.summary(told) | {"written": [str(path) for path in written]}
    put(shown) if as_json else print("\n".join(words.lines(told, written)))


def _silent(text: str) -> None:
    """Say nothing."""


def _end_of_own(told: dict[str, Any], folder: Path, as_json: bool) -> None:
    """Show a calibration of one's own; a place that was not matched ends with a status of its own."""
    from calibration.fitting import words
    from viz.report.calibration import build

    page = build(told, folder)
    files = {**told["files"], "page": str(page)}
    if as_json:
        put(
            words.summary(told)
            | {"verdict": told["verdict"], "held_out": told.get("held_out", []), "files": files}
        )
    else:
        print(
            "\n".join(
                [*words.own_lines(told), *(f"{name.capitalize()}: {path}" for name, path in files.items())]
            )
        )
    if told["verdict"]["status"] != "matched":
        raise typer.Exit(UNMATCHED)


@app.command()
@verb
def validate(
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
    as_json: JsonO = False,
    quiet: QuietO = False,
) -> None:
    """Hold the model against every pattern: target beside model with intervals, misses told; page and figures."""
    from calibration.validation.validate import lines
    from calibration.validation.validate import validate as judge
    from viz.report.validation import build

    folder = out or Path("results") / "validation"
    with progress_bar("Validating", quiet or as_json) as progress:
        told = judge(folder, draws=draws, quick=quick, places=places, jobs=jobs, max_seconds=max_seconds,
                     progress=progress)  # fmt: skip
    written = build(told, write or folder)
    shown = told | {"out": str(folder), "page": str(written[0])}
    put(shown) if as_json else print("\n".join([*lines(told), f"Page: {written[0]}"]))


@app.command()
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


@app.command()
@verb
def report(
    directory: Annotated[Path, typer.Argument(help="A result folder of compare.")],
    as_json: JsonO = False,
) -> None:
    """Build the report of a result folder, or build it again."""
    from scenarios.comparison import Effects

    if (directory / "sensitivity.json").is_file():
        from viz.report.sensitivity import build

        page = build(directory)
    else:
        Effects.load(directory)
        page = _report(directory)
    put({"report": str(page)}) if as_json else print(f"Report: {page}")


@app.command()
@verb
def rerun(
    directory: Annotated[Path, typer.Argument(help="A finished result folder, or a sweep's.")],
    out: OutO = None,
    jobs: JobsO = -1,
    as_json: JsonO = False,
    quiet: QuietO = False,
) -> None:
    """Run a finished folder again from its manifest: the same bytes, or what differs. Without --out nothing is kept."""
    from tempfile import TemporaryDirectory

    from scenarios.rerun import rerun as run_again

    with (
        TemporaryDirectory(prefix="everystep-") as temporary,
        progress_bar("Again", quiet or as_json) as progress,
    ):
        told = run_again(directory, out or Path(temporary) / "again", jobs=jobs, progress=progress)
    put(told.as_dict()) if as_json else print("\n".join(told.lines()))
    if not told.same:
        raise typer.Exit(OUR_FAULT)


def _report(directory: Path) -> Path:
    from viz.report.report import build

    return build(directory)


@app.command()
@verb
def view(
    place: PlaceO = None,
    sample: SampleO = None,
    seed: SeedO = 1,
    host: Annotated[
        str, Option("--host", help="Address to serve on; others can reach it unless it is loopback.")
    ] = "127.0.0.1",
    port: Annotated[int, Option("--port", min=1, max=65535, help="Port to serve on.")] = 8765,
    name: Annotated[list[str] | None, Option("--name", help="A further host name to answer to.")] = None,
    visitors: Annotated[int, Option("--visitors", min=1, max=500, help="Visitors at once.")] = 40,
    browser: Annotated[bool, Option("--browser/--no-browser", help="Open a browser.")] = True,
) -> None:
    """The live view in the browser: both plans side by side, week by week."""
    from viz.live.server.server import serve

    serve(host, port, place or "erewash", sample, seed, browser, tuple(name or ()), say, visitors)


@app.command()
@verb
def doctor(as_json: JsonO = False) -> None:
    """Check the installation; each fault comes with the command that mends it."""
    from cli import doctor as clinic

    checks = clinic.examine()
    put(clinic.as_dict(checks)) if as_json else print("\n".join(clinic.lines(checks)))
    if not all(check.ok for check in checks):
        raise typer.Exit(OUR_FAULT)


@app.command()
@verb
def bench(
    residents: Annotated[int, Option("--residents", help="Residents of the town measured.")] = 200_000,
    weeks: Annotated[int, Option("--weeks", help="Weeks of each lap.")] = 26,
    threads: Annotated[int, Option("--threads", help="Threads, measured beside one.")] = 2,
    full: Annotated[
        bool,
        Option("--full/--quick", help="Also 2,200,000 residents, ten years of all districts, 200 towns."),
    ] = False,
    write: Annotated[
        Path | None, Option("--write", help="The docs folder whose performance page to bring up to date.")
    ] = None,
    as_json: JsonO = False,
    quiet: QuietO = False,
) -> None:
    """Speed and memory, side by side with the plain reference of the same rules; --full takes a quarter of an hour."""
    from calibration.benchmark import page, words
    from calibration.benchmark.bench import Plan
    from calibration.benchmark.bench import bench as measure

    plan = Plan(residents, weeks, threads, full)
    if write is not None:
        page.check(write)
    with progress_bar("Measuring", quiet or as_json) as progress:
        told = measure(plan, progress)
    written = page.write(told, write) if write is not None else []
    if as_json:
        return put({**told, "written": [str(path) for path in written]})
    show(*(sheet.rich() for sheet in words.sheets(told)))
    print(words.conditions(told))
    for path in written:
        say(f"Written: {path}")


def main() -> None:
    """Run the door."""
    app()


if __name__ == "__main__":
    main()
