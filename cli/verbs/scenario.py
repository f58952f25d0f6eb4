"""Verbs on scenarios: the library, and files of your own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from cli.door import WRONG_INPUT, put, say, show, verb
from cli.groups import Outside
from cli.options import DefinitionO, JsonO, PlaceO, SampleO, WeeksO, YearsO

if TYPE_CHECKING:
    from scenarios.preflight.preflight import Look

app = typer.Typer(help="Scenarios: list, show, check, new, schema.", no_args_is_help=True)


@app.command("list")
@verb
def scenario_list(outside: Outside, as_json: JsonO = False) -> None:
    """The library."""
    from scenarios.files.library import list_scenarios

    rows = list_scenarios()
    if as_json:
        return put({"scenarios": rows})
    from cli.tables import library_table

    show(library_table(rows))


@app.command("show")
@verb
def scenario_show(
    outside: Outside,
    name: Annotated[str, typer.Argument(help="A scenario or a path.")],
    as_json: JsonO = False,
) -> None:
    """A scenario as written."""
    from scenarios.files.library import show as text_of
    from scenarios.files.schema import Scenario

    text = text_of(name)
    put(
        {"name": name, "text": text, "scenario": Scenario.load(name).model_dump(mode="json")}
    ) if as_json else print(text)


@app.command("check")
@verb
def scenario_check(
    name: Annotated[str, typer.Argument(help="A scenario or a path.")],
    outside: Outside,
    place: PlaceO = None,
    sample: SampleO = None,
    years: YearsO = None,
    weeks: WeeksO = None,
    definition: DefinitionO = None,
    as_json: JsonO = False,
) -> None:
    """A clear verdict on a scenario: is it valid, whom would it reach, what would it offer and cost?"""
    from scenarios.preflight.look_ahead import check
    from scenarios.runs.size import DEFAULT_SAMPLE, span

    look = check(name, place=place, sample=DEFAULT_SAMPLE if sample is None else sample,
                 weeks=span(years, weeks), definition=definition and definition.value)  # fmt: skip
    show_look(name, look, as_json)


@app.command("new")
@verb
def scenario_new(
    name: Annotated[str, typer.Argument(help="Its name: small letters, digits, '_' and '-'.")],
    outside: Outside,
    path: Annotated[Path | None, Option("--path", help="Where to write it. Usual: NAME.yaml here.")] = None,
    as_json: JsonO = False,
) -> None:
    """Write a commented scenario to start from."""
    from scenarios.files.library import new

    made = Path(new(name, path or Path(f"{name}.yaml")) or path or f"{name}.yaml")
    put({"path": str(made)}) if as_json else print(
        f"Written: {made}. Check it with: run.py scenario check {made}"
    )


@app.command("schema")
@verb
def scenario_schema(
    outside: Outside,
    out: Annotated[Path | None, Option("--out", help="A file to write it to, for an editor.")] = None,
    as_json: JsonO = False,
) -> None:
    """JSON Schema of scenario files, for editors."""
    from scenarios.files.library import schema, schema_line, write_schema

    if out is None:
        return put(schema())
    write_schema(out)
    put({"path": str(out)}) if as_json else print(
        f"Written: {out}. An editor uses it where a scenario begins with: {schema_line(out)}"
    )


def show_look(name: str, look: Look, as_json: bool) -> None:
    """The verdict, then what is known beforehand."""
    from cli.look_words import lines

    if as_json:
        put(
            {"valid": not look.faults, "errors": [fault.as_dict() for fault in look.faults], **look.as_dict()}
        )
    else:
        for line in [*([] if look.faults else [f"{name} is valid."]), *lines(look)]:
            print(line)
    for fault in look.warnings:
        say(f"warning: {fault}")
    for fault in look.faults:
        say(f"error: {fault}")
    if look.faults:
        raise typer.Exit(WRONG_INPUT)
