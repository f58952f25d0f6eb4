"""The verb that makes a folder for machines without the internet."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from cli import ready
from cli.door import OUR_FAULT, progress_bar, put, say, verb
from cli.options import JsonO, QuietO


class System(StrEnum):
    """Which system of machines."""

    windows = "windows"
    macos = "macos"
    linux = "linux"


@verb
def bundle(
    out: Annotated[Path, Option("--out", help="The folder to make.")] = Path("build/bundle"),
    systems: Annotated[
        list[System] | None, Option("--system", help="A system it is for; again for more. Usual: all three.")
    ] = None,
    pythons: Annotated[
        list[str] | None,
        Option(
            "--python",
            help="A Python it is for, such as 3.12; again for more. Usual: the one that runs this.",
        ),
    ] = None,
    pages: Annotated[bool, Option("--pages/--no-pages", help="With the pages as a site.")] = True,
    overwrite: Annotated[bool, Option("--overwrite", help="A bundle that lies in --out may go.")] = False,
    as_json: JsonO = False,
    quiet: QuietO = False,
) -> None:
    """Make a folder that installs and runs on a machine that has never been online; a few minutes, with the network."""
    from cli.bundle import made
    from cli.bundle.fetch import CannotBundle

    wanted = _pythons(pythons or ["{}.{}".format(*sys.version_info[:2])])
    named = [one.value for one in dict.fromkeys(systems or System)]
    try:
        with progress_bar("Fetching packages", quiet or as_json) as progress:
            done = made.make(out, named, wanted, pages, overwrite, progress, say if not quiet else _nothing)
    except CannotBundle as error:
        if as_json:
            put({"errors": [{"message": str(error)}]})
        say(f"error: {error}")
        raise typer.Exit(OUR_FAULT) from None
    except KeyboardInterrupt:
        say(f"What was fetched is kept in {made.draft_of(out)}: the same command goes on.")
        raise
    put(done.as_dict()) if as_json else print("\n".join(made.lines(done)))


def _pythons(asked: list[str]) -> list[str]:
    """Pythons in order, each once. Raises InputError for one on which the program does not run."""
    from model.errors import Fault, InputError, nearest

    low, above = ready.PYTHONS
    known = [f"3.{minor}" for minor in range(low[1], above[1])]
    faults = [Fault("the program does not run on this Python", key="python", found=one, allowed=", ".join(known),
                    hint=nearest(one, known)) for one in asked if one not in known]  # fmt: skip
    if faults:
        raise InputError(faults)
    return sorted(set(asked), key=known.index)


def _nothing(_: str) -> None:
    """Say nothing."""
