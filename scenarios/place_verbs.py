"""Verbs on places: what is known of them, and whether a folder can be used."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Option

from scenarios.door import put, show, show_facts, show_verdict, verb
from scenarios.options import JsonO, SampleO, SeedO

app = typer.Typer(help="Places: list, show, check.", no_args_is_help=True)


@app.command("list")
@verb
def place_list(as_json: JsonO = False) -> None:
    """The shipped places."""
    from model.place import list_places

    rows = list_places()
    if as_json:
        return put({"places": rows})
    from scenarios.tables import facts_table

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
    from model.place import Place, describe

    place = Place.load(name)
    facts = describe(place)
    if people:
        from model.synthesis.people import people_report

        facts |= people_report(place, seed, sample or 1.0)
    show_facts(facts, as_json)


@app.command("check")
@verb
def place_check(
    name: Annotated[str, typer.Argument(help="A place or a folder.")], as_json: JsonO = False
) -> None:
    """A clear verdict on a place folder."""
    from model.place import check

    show_verdict(name, check(name), as_json)
