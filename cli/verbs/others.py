"""Verbs beside results: the live view, the doctor, the tests, the bench."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from cli.door import OUR_FAULT, progress_bar, put, say, show, verb
from cli.groups import Outside
from cli.options import JsonO, PlaceO, QuietO, SampleO, SeedO
from cli.ready import ROOT

TESTS = ("-m", "not slow", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")
"""How pytest runs them: three processes keep two cores busy, each with files of its own."""


@verb
def view(
    outside: Outside,
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


@verb
def doctor(
    as_json: JsonO = False,
    mend: Annotated[bool, Option("--mend", help="Mend what can be mended, then look again.")] = False,
) -> None:
    """Check the installation; each fault comes with the command that mends it."""
    from cli import doctor as clinic

    checks = clinic.examine()
    if mend:
        checks = clinic.mend(checks, say)
    put(clinic.as_dict(checks)) if as_json else print("\n".join(clinic.lines(checks)))
    if not all(check.ok for check in checks):
        raise typer.Exit(OUR_FAULT)


@verb
def setup(
    extras: Annotated[
        list[str] | None, typer.Argument(help="Extra packages: dev, docs, cluster, offline and others.")
    ] = None,
) -> None:
    """Make .venv beside the program, with all that it needs; every other verb does so the first time."""
    from cli import environment

    try:
        environment.set_up(list(extras or []))
    except environment.CannotSetUp as error:
        say(f"error: {error}")
        raise typer.Exit(OUR_FAULT) from None


@verb
def test(
    what: Annotated[
        list[str] | None, typer.Argument(help="Files of tests, or words for pytest. Usual: all but the slow.")
    ] = None,
) -> None:
    """Test that all is well: six or seven minutes on two cores."""
    from model.town.prepared import prepare

    if not (ROOT / "tests").is_dir():
        say("error: the tests are not here: they come with the project, not with the installed package")
        raise typer.Exit(OUR_FAULT)
    with progress_bar("Testing", hidden=False):
        prepare()  # once, not by each process of the tests
    # Python may keep what it read of each file, or each of some hundred processes would read all of them anew.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "pytest", *TESTS, *(what or [])]
    raise typer.Exit(subprocess.call(command, cwd=ROOT, env=environment))


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
    from calibration.benchmark.bench import BenchDesign
    from calibration.benchmark.bench import bench as measure

    plan = BenchDesign(residents, weeks, threads, full)
    if write is not None:
        page.check(write)
    with progress_bar("Measuring", quiet or as_json) as progress:
        told = measure(plan, progress)
    written = page.write(told, write) if write is not None else []
    if as_json:
        return put({**told.as_dict(), "written": [str(path) for path in written]})
    show(*(sheet.rich() for sheet in words.sheets(told)))
    print(words.conditions(told))
    for path in written:
        say(f"Written: {path}")
