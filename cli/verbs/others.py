"""Verbs beside results: the live view, the doctor, the bench."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from cli.door import OUR_FAULT, progress_bar, put, say, show, verb
from cli.groups import Outside
from cli.options import JsonO, PlaceO, QuietO, SampleO, SeedO


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
def doctor(as_json: JsonO = False) -> None:
    """Check the installation; each fault comes with the command that mends it."""
    from cli import doctor as clinic

    checks = clinic.examine()
    put(clinic.as_dict(checks)) if as_json else print("\n".join(clinic.lines(checks)))
    if not all(check.ok for check in checks):
        raise typer.Exit(OUR_FAULT)


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
