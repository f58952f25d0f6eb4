"""Verbs on the run stores of sweeps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from cli.door import OUR_FAULT, put, show, verb
from cli.options import JsonO, PartialO

app = typer.Typer(help="Run stores of sweeps: check, list, export.", no_args_is_help=True)


@app.command("check")
@verb
def store_check(
    folder: Annotated[Path, typer.Argument(help="The folder of a sweep.")], as_json: JsonO = False
) -> None:
    """Whether every kept run is whole and every planned one accounted for; changes nothing."""
    from scenarios.sweeps import inventory

    told = inventory.check(folder)
    put(told) if as_json else print("\n".join(inventory.check_lines(told)))
    if not told["sound"]:
        raise typer.Exit(OUR_FAULT)


@app.command("list")
@verb
def store_list(
    folder: Annotated[Path, typer.Argument(help="A folder of result folders.")] = Path("results"),
    as_json: JsonO = False,
) -> None:
    """Sweeps under a folder, and how far each has come."""
    from cli.tables import facts_table
    from scenarios.sweeps import inventory

    rows = inventory.sweeps(folder)
    put({"sweeps": rows}) if as_json else show(facts_table(rows))


@app.command("export")
@verb
def store_export(
    folder: Annotated[Path, typer.Argument(help="The folder of a sweep.")],
    to: Annotated[Path, Option("--to", help="The file to write: .parquet or .csv.")],
    partial: PartialO = False,
    as_json: JsonO = False,
) -> None:
    """Every run, the varied fields as columns, in one tidy file for R, DuckDB or a spreadsheet."""
    from scenarios.sweeps import inventory

    told = inventory.export(folder, to, partial)
    put(told) if as_json else print(f"Written: {told['path']}, {told['rows']:,} rows of {told['runs']:,} of "
                                    f"{told['planned']:,} runs.")  # fmt: skip
