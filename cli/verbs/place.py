"""Verbs on places: what is known of them, and whether a folder can be used."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Option

from cli.door import WRONG_INPUT, put, say, show, verb
from cli.options import JsonO, SampleO, SeedO

app = typer.Typer(help="Places: list, show, check.", no_args_is_help=True)


@app.command("list")
@verb
def place_list(as_json: JsonO = False) -> None:
    """The shipped places."""
    from model.place.place import list_places

    rows = list_places()
    if as_json:
        return put({"places": rows})
    from cli.tables import facts_table

    show(
        facts_table(
            [{key: row[key] for key in ("name", "title", "zones", "residents", "area_km2")} for row in rows]
        )
    )


@app.command("show")
@verb
def place_show(
    name: Annotated[str, typer.Argument(help="A place or a folder.")],
    people: Annotated[
        bool, Option("--people", help="Make its residents and ties and report on them.")
    ] = False,
    sample: SampleO = None,
    seed: SeedO = 1,
    as_json: JsonO = False,
) -> None:
    """What is known of a place, where it comes from, and what was filled in; with --people, its residents and ties."""
    from model.place.place import Place, describe

    place = Place.load(name)
    facts = describe(place)
    if people:
        from model.synthesis.people import people_report

        facts |= people_report(place, seed, sample or 1.0)
    if as_json:
        return put(facts)
    from cli.place_lines import place_lines

    print("\n".join(place_lines(facts)))


@app.command("check")
@verb
def place_check(
    name: Annotated[str, typer.Argument(help="A place or a folder.")], as_json: JsonO = False
) -> None:
    """A clear verdict on a place folder: columns used, not used and filled, what is doubtful, what is wrong."""
    from model.place.place import examine

    found = examine(name)
    faults, warnings = found["errors"], found["warnings"]
    if as_json:
        put(
            found
            | {"warnings": [one.as_dict() for one in warnings], "errors": [one.as_dict() for one in faults]}
        )
    else:
        from cli.place_lines import verdict_lines

        (say if faults else print)("\n".join(verdict_lines(name, found)))
    for warning in [] if as_json else warnings:
        say(f"warning: {warning}")
    for fault in faults:
        say(f"error: {fault}")
    if faults:
        raise typer.Exit(WRONG_INPUT)
