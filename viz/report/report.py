"""The report of a result folder: one HTML page that needs no network and says how sure it is."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from model.files import moving
from model.outcomes import catalogue
from scenarios.findings import sentences as findings_words
from viz import words
from viz.report import figure_data, sentences, verdicts
from viz.report.page import Fold, Section
from viz.report.results import Results, read

TEMPLATES = Path(__file__).parent / "templates"


def build(directory: Path) -> Path:
    """Write `report.html` into a result folder, and the data of its figures into `data/`; return the page's path.

    The page appears whole or not at all.

    Raises InputError when the folder is not a result folder or a file in it cannot be read.
    """
    directory = Path(directory)
    results = read(directory)
    with catalogue.remembered(results.manifest.get("outcomes", {})):
        page, files = _made(results)
    figure_data.write(directory, files)
    target = directory / "report.html"
    handle, name = tempfile.mkstemp(prefix=".report-", suffix=".tmp", dir=directory)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(page)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(name, 0o644)
        moving.replace(name, target)
    except BaseException:
        moving.remove(name)
        raise
    return target


def render(results: Results) -> str:
    """The page as text."""
    return _made(results)[0]


def _made(results: Results) -> tuple[str, dict[str, str]]:
    """The page, and the CSV files of its figures by name."""
    from viz.report.figures.maps import atlas
    from viz.report.sections import (
        change,
        crossed,
        doubt,
        money,
        movement,
        people,
        plans,
        programmes,
        trust,
    )

    sections = [
        plans.section(results),
        plans.described(results),
        people.benefits(results),
        change.trends(results),
        change.maps(results),
        people.reach(results),
        movement.section(results),
        people.places(results),
        programmes.section(results),
        crossed.section(results),
        money.section(results),
        money.drivers(results),
        doubt.section(results),
        trust.assumptions(results),
        trust.limits(results),
        trust.reproduce(results),
        trust.cite(results),
    ]
    linked, files = figure_data.linked(_on_paper(section) for section in sections if section)
    shapes = atlas(results.place)
    shown = verdicts.featured_plan(results)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))
    page = environment.get_template("report.html.j2").render(
        style=style,
        place=results.place_title,
        headline=sentences.headline(results),
        second=_second(results),
        warnings=trust.warnings(results),
        beside=plans.side_by_side(results),
        cards=plans.key_figures(results),
        shown=shown.title if shown else "",
        several=len(results.plans) > 1,
        sections=linked,
        definitions=shapes.definitions() if shapes else "",
        made=_day(results.manifest.get("created")),
        runs=int(results.manifest.get("replicates") or 1),
        version=words.plain(results.manifest.get("everystep_version") or ""),
        facts=_facts(results),
    )
    return page, files


def _on_paper(section: Section) -> Section:
    """A section whose folds stand open on paper when it is the one that compares the plans: nothing can be opened there."""
    if section.key != "plans":
        return section
    parts = [replace(part, printed=True) if isinstance(part, Fold) else part for part in section.parts]
    return replace(section, parts=parts)


def _second(results: Results) -> str:
    """What follows the headline: what is traded, and what the plan that surely does most, or the only one, does to the gap."""
    best = verdicts.best_plan(results)
    parts = [
        *findings_words.supporting(results.findings),
        sentences.gap_sentence(results, best) if best else "",
    ]
    return " ".join(part for part in parts if part)


def _facts(results: Results) -> list[str]:
    """A line of facts about the run under the answer."""
    manifest = results.manifest
    runs = int(manifest.get("replicates") or 1)
    out = [results.place_title]
    if results.adults == results.adults:
        out.append(f"{words.number(results.adults)} adults")
    out.append(words.span(int(manifest.get("weeks") or results.end)))
    out.append(f"{runs} paired run{'s' if runs > 1 else ''} of each plan")
    return out


def _day(created: Any) -> str:
    """A day as people write it; empty when not recorded."""
    try:
        when = datetime.fromisoformat(str(created))
    except ValueError:
        return ""
    return f"{when.day} {when:%B %Y}"
