"""Where programmes meet people, how full they are and how long the queue is, by year."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd
from markupsafe import Markup

from scenarios.results import programmes
from viz import theme, words
from viz.report import sentences, verdicts
from viz.report.figures.maps import Atlas, Paint, atlas, zone_map
from viz.report.page import Cell, Figure, Fold, Section, Table, Text
from viz.report.results import Results, ScenarioResult

PARTS = {
    "group": "groups",
    "plan": "people with a link worker",
    "champion": "champions",
    "grant": "groups with a grant",
    "finder": "people who look",
    "place": "visits in a week",
}
"""What a part of a programme counts, in words."""

SERVED = "#b5d3e8"
LARGEST = 9.0
"""Radius of the dot of the venue with most people; the area of dots goes with people."""

MOST_VENUES = 40
"""Venues shown in a table; the file holds them all."""


def section(results: Results) -> Section | None:
    """Venues on a map, and members, people waiting and room by year, for every plan that has any."""
    used = programmes.read(results.directory)
    told = programmes.of_folder(results.directory)
    shown, shapes = verdicts.featured_plan(results), atlas(results.place)
    found = {plan.name: _of_plan(plan, used, told, shapes) for plan in results.plans}
    if shown is None or not any(found.values()):
        return None
    parts: list[Any] = list(found[shown.name])
    parts += [
        Fold(f"Where {sentences.quoted(plan.title)} meets people", list(found[plan.name]))
        for plan in results.plans
        if plan != shown and found[plan.name]
    ]
    runs = int(results.manifest.get("replicates") or 1)
    lead = (
        "Real people, on average over the weeks of a year"
        + (f" and over {runs} runs" if runs > 1 else "")
        + ". "
        "Room of a group is people on its books, more than come on one day; of link workers, plans at a time; of a "
        "place, visits in a week. A part can be a little over "
        "full where few residents are simulated. Every venue and year is in places_used.csv."
    )
    return Section("programmes", "Where programmes meet people, and how full they are", [lead], parts)


def _of_plan(
    plan: ScenarioResult, used: pd.DataFrame, told: list[dict[str, Any]], shapes: Atlas | None
) -> list[Any]:
    here = used[used["scenario"] == plan.name]
    if here.empty:
        return []
    names = _names(here)
    parts: list[Any] = [Text([line for key in names if (line := _queue(here, key, names[key]))], "points")]
    zones = {zone["code"] for one in told if one["scenario"] == plan.name for zone in one.get("zones", ())}
    venues = here[here["venue"] != ""]
    table = _years(plan, here, names)
    if shapes is not None and len(venues):
        parts.append(Figure(f"Venues of {sentences.quoted(plan.title)}", [_map(plan, venues, zones, shapes)], table,
                            "A dot is a venue, the larger the more people (or visits) in its fullest year.",
                            [(SERVED, "its places are for people here"), (theme.EMPTY, "elsewhere")],
                            "below"))  # fmt: skip
        parts.append(Fold("Every venue", [_venues(plan, venues, names)]))
    else:
        parts.append(table)
    return [part for part in parts if not isinstance(part, Text) or part.lines]


def _names(here: pd.DataFrame) -> dict[tuple[int, str], str]:
    """Each part of each intervention by a name of its own."""
    found: dict[tuple[int, str], str] = {}
    keys = here[["intervention", "name", "part"]].drop_duplicates()
    twice = keys.drop_duplicates(["intervention", "name"])["name"].value_counts()
    for number, name, part in keys.itertuples(index=False):
        own = f"{name} {number}" if twice[name] > 1 else name
        found[int(number), part] = f"{words.plain(own)} ({PARTS.get(part, part)})"
    return found


def _of(here: pd.DataFrame, key: tuple[int, str]) -> pd.DataFrame:
    """One part of one intervention, a row a year."""
    return programmes.by_year(here[(here["intervention"] == key[0]) & (here["part"] == key[1])])


def _queue(here: pd.DataFrame, key: tuple[int, str], name: str) -> str:
    """What to know of a part with room: how full it gets, and how many wait."""
    years: Any = _of(here, key)
    people = years["members"].fillna(years["visits"])
    if not (years["room"] > 0).any() or not people.notna().any():
        return ""
    best: Any = (people / years["room"].where(years["room"] > 0)).idxmax()
    row: Any = years.loc[best]
    most = float(people[best])
    visits = not math.isfinite(row["members"])
    amount = (
        f"{_count(most)} visits, room for {_count(row['room'])}"
        if visits
        else f"{_count(most)} for {_count(row['room'])} places"
    )
    said = f"{name}: fullest in year {int(row['year'])}, {amount}"
    said += f" ({words.percent(most / row['room'], 0)})"
    longest: Any = years.loc[years["waiting"].fillna(0.0).idxmax()]
    if longest["waiting"] >= 1:
        return f"{said}; most wait in year {int(longest['year'])}, {_count(longest['waiting'])} people."
    return f"{said}; nobody waits." if years["waiting"].notna().any() else f"{said}."


def _years(plan: ScenarioResult, here: pd.DataFrame, names: dict[tuple[int, str], str]) -> Table:
    rows = []
    for key, name in names.items():
        for row in _rows(_of(here, key)):
            rows.append([
                Cell(f"{name}, year {row.year}", "name"), *_filled(row), Cell(_count(row.joined)),
                Cell(_count(row.completed)),
            ])  # fmt: skip
    head = ["Programme and year", "People (or visits)", "Waiting", "Room", "How full", "Joined", "Completed"]
    return Table(f"How full {sentences.quoted(plan.title)} is, by year", head, rows)


def _venues(plan: ScenarioResult, venues: pd.DataFrame, names: dict[tuple[int, str], str]) -> Table:
    best = _fullest(venues)
    rows = [
        [
            Cell(words.plain(row.venue), "name"),
            Cell(words.humanise(row.kind), "text"),
            Cell(words.plain(row.zone_name), "text"),
            Cell(names[int(row.intervention), row.part], "text"),
            Cell(str(row.year)),
            *_filled(row),
        ]
        for row in _rows(best.head(MOST_VENUES))
    ]
    head = [
        "Venue",
        "Kind",
        "Neighbourhood",
        "Programme",
        "Year",
        "People (or visits)",
        "Waiting",
        "Room",
        "How full",
    ]
    more = f"; {MOST_VENUES} of {len(best)}, the rest in places_used.csv" if len(best) > MOST_VENUES else ""
    return Table(f"Venues of {sentences.quoted(plan.title)} in their fullest year{more}", head, rows)


def _fullest(venues: pd.DataFrame) -> pd.DataFrame:
    """Each venue of each part in its year with most people, most first."""
    size = venues["members"].fillna(venues["visits"]).fillna(0.0)
    ordered = venues.assign(size=size).sort_values("size", ascending=False, kind="stable")
    return ordered.drop_duplicates(["intervention", "part", "venue", "kind", "easting", "northing"])


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows, each with the columns as its attributes."""
    yield from frame.itertuples(index=False)


def _filled(row: Any) -> list[Cell]:
    """People, waiting, room, and the share of it that is taken."""
    people = row.members if math.isfinite(row.members) else row.visits
    share = people / row.room if math.isfinite(row.room) and row.room > 0 else math.nan
    full = words.percent(share, 0) if math.isfinite(share) else "–"
    return [Cell(_count(people)), Cell(_count(row.waiting)), Cell(_count(row.room)), Cell(full)]


def _count(value: float) -> str:
    """A count of real people, to the digits that it has."""
    if not math.isfinite(value):
        return "–"
    return words.people(value) if value >= 1 else "under 1" if value > 0 else "0"


def _map(plan: ScenarioResult, venues: pd.DataFrame, zones: set[str], shapes: Atlas) -> Markup:
    best = _fullest(venues)
    most = max(best["size"].max(), 1e-9)
    dots = []
    for row in _rows(best):
        x, y = shapes.at(row.easting, row.northing)
        radius = 2.0 + (LARGEST - 2.0) * math.sqrt(row.size / most)
        label = f"{words.plain(row.venue)}: {_count(row.size)} in year {row.year}"
        dots.append(
            Markup('<circle cx="{}" cy="{}" r="{}" fill="{}" fill-opacity=".75" stroke="#fff"><title>{}</title></circle>')
            .format(f"{x:.1f}", f"{y:.1f}", f"{radius:.1f}", theme.PLAN, label)
        )  # fmt: skip
    colours = dict.fromkeys(zones, SERVED)
    labels = {
        code: "its places are for people here" if code in zones else "elsewhere" for code in shapes.shapes
    }
    text = f"{len(best)} venues; the largest is {words.plain(best.iloc[0]['venue'])} in {words.plain(best.iloc[0]['zone_name'])}."
    columns = ["intervention", "name", "part", "venue", "kind", "zone", "easting", "northing", "year", "size"]
    numbers = best[columns].rename(columns={"size": "people_or_visits"}).reset_index(drop=True)
    return zone_map(f"venues-{plan.name}", plan.title, f"Venues of {plan.title}", text, shapes,
                    Paint(colours, labels, over=Markup("").join(dots), behind=numbers))  # fmt: skip
