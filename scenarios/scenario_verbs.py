"""Verbs on scenarios: the library, and files of your own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from scenarios.door import put, show, show_verdict, verb
from scenarios.options import JsonO

app = typer.Typer(help="Scenarios: list, show, check, new, schema.", no_args_is_help=True)


@app.command("list")
@verb
def scenario_list(as_json: JsonO = False) -> None:
    """The library."""
    from scenarios.load import list_scenarios

    rows = list_scenarios()
    if as_json:
        return put({"scenarios": rows})
    from scenarios.tables import library_table

    show(library_table(rows))


@app.command("show")
@verb
def scenario_show(
    name: Annotated[str, typer.Argument(help="A scenario or a path.")], as_json: JsonO = False
) -> None:
    """A scenario as written."""
    from scenarios.load import show as text_of
    from scenarios.schema import Scenario

    text = text_of(name)
    put(
        {"name": name, "text": text, "scenario": Scenario.load(name).model_dump(mode="json")}
    ) if as_json else print(text)


@app.command("check")
@verb
def scenario_check(
    name: Annotated[str, typer.Argument(help="A scenario or a path.")], as_json: JsonO = False
) -> None:
    """A clear verdict on a scenario file."""
    from scenarios.load import check

    show_verdict(name, check(name), as_json)


@app.command("new")
@verb
def scenario_new(
    name: Annotated[str, typer.Argument(help="Its name: small letters, digits, '_' and '-'.")],
    path: Annotated[Path | None, Option("--path", help="Where to write it. Usual: NAME.yaml here.")] = None,
    as_json: JsonO = False,
) -> None:
    """Write a commented scenario to start from."""
    from scenarios.load import new

    made = Path(new(name, path or Path(f"{name}.yaml")) or path or f"{name}.yaml")
    put({"path": str(made)}) if as_json else print(
        f"Written: {made}. Check it with: run.py scenario check {made}"
    )


@app.command("schema")
@verb
def scenario_schema(as_json: JsonO = False) -> None:
    """JSON Schema of scenario files, for editors."""
    from scenarios.load import schema

    put(schema())
