"""What the result rests on: assumptions, limits, and how to make it again."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

from model import ensemble
from model.limits import INACTIVE_BELOW
from model.parameters import Entry, ledger
from scenarios.files.parameter_sets import in_words, influence
from scenarios.provenance import program
from scenarios.statistics.precision import runs_needed
from viz import words
from viz.report import citation, sentences, verdicts
from viz.report.page import Cell, Fold, Section, Table, Text
from viz.report.results import Results

QUALITY = {
    "measured": "measured",
    "derived": "worked out",
    "recalled": "quoted from memory",
    "judgement": "judged",
    "guess": "guessed",
    "fitted": "fitted to data",
    "definition": "by definition",
}
DEFINITIONS = {
    "sport_england": f"Inactive is fewer than {INACTIVE_BELOW} minutes a week of moderate activity (vigorous minutes "
    "count double), among people aged 16 and over, gardening not counted: Sport England's headline measure.",
    "ohid": f"Inactive is fewer than {INACTIVE_BELOW} minutes a week of moderate activity (vigorous minutes count double), "
    "among people aged 19 and over, gardening counted: the measure of the Office for Health Improvement and "
    "Disparities.",
}

FOLDERS = re.compile(r"(?<!\S)(?:[A-Za-z]:)?[^\s:]*[/\\](?=[^\s/\\]+\.ya?ml:)")
"""Folders before the name of a scenario file: nothing for a paper."""


def assumptions(results: Results) -> Section:
    """Every parameter that was changed, and the ledger behind all others."""
    entries = known_ledger()
    changed = (results.manifest.get("parameters") or {}).get("changed") or {}
    parts: list[Any] = []
    if changed:
        rows = []
        for name, value in changed.items():
            entry = entries.get(name)
            usual = _value(entry.value) if entry else "–"
            rows.append(
                [
                    Cell(words.humanise(name), "name"),
                    Cell(_value(value)),
                    Cell(usual),
                    Cell(entry.meaning if entry else "", "text"),
                ]
            )
        parts.append(
            Table("Assumptions changed for this run", ["Assumption", "Here", "Usual", "Meaning"], rows)
        )
    beyond = _beyond((results.manifest.get("parameters") or {}).get("beyond") or [], changed, entries)
    if entries:
        counts = {q: sum(e.quality == q for e in entries.values()) for q in QUALITY}
        mix = words.listing([f"{n} {QUALITY[q]}" for q, n in counts.items() if n])
        table = ledger_table(list(entries.values()))
        lead = [
            f"The model has {len(entries)} numbers: {mix}. Each has its source and the range thought "
            f"possible."
        ]
        parts.append(Fold(f"All {len(entries)} assumptions: value, range, source, quality", [table]))
    else:
        lead = []
    opening = (
        "One or more assumptions were changed for this run."
        if changed
        else "No assumption was changed: all have their usual values."
    )
    return Section("assumptions", "What it assumes", [opening, *beyond, *lead], parts)


def _beyond(names: list[str], values: dict[str, Any], entries: dict[str, Entry]) -> list[str]:
    """What lies outside its range, as was asked for by name."""
    told = [
        f"{words.humanise(name)} ({_value(values.get(name))}; thought possible: {entries[name].allowed})"
        for name in names if name in entries
    ]  # fmt: skip
    if not told:
        return []
    return [f"Beyond what is thought possible, as was asked: {words.listing(told)}. This is an experiment on the model and "
            "says nothing of what would happen in a place."]  # fmt: skip


def known_ledger() -> dict[str, Entry]:
    """The ledger's entries by name; none when it cannot be read, so that a report is made all the same."""
    try:
        return ledger()
    except ValueError:
        return {}


def _value(value: Any) -> str:
    return f"{value:g}".replace("-", words.MINUS) if isinstance(value, int | float) else words.plain(value)


def ledger_table(entries: list[Entry]) -> Table:
    """Entries of the ledger with value, range, meaning, source and quality."""
    rows = []
    unseen = set(ensemble.prior_driven())
    for entry in entries:
        low_high = (
            ", ".join(entry.choices) if entry.choices else f"{_value(entry.low)} to {_value(entry.high)}"
        )
        rows.append(
            [
                Cell(words.humanise(entry.name), "name"),
                Cell(f"{_value(entry.value)} {entry.unit}".strip()),
                Cell(low_high),
                Cell(entry.meaning, "text"),
                Cell(entry.source, "text"),
                Cell(
                    QUALITY.get(entry.quality, entry.quality)
                    + (", prior-driven" if entry.name in unseen else ""),
                    "text",
                ),
            ]
        )
    head = ["Assumption", "Value", "Range", "Meaning", "Source", "Quality"]
    return Table("Assumptions of the model", head, rows)


def warnings(results: Results) -> list[str]:
    """What the plans would hardly do, as was found before the run, and what to mind about the place; each once."""
    titles = {plan.name: plan.title for plan in (results.baseline, *results.plans)}
    said: dict[str, list[str]] = {}
    for one in results.manifest.get("warnings") or []:
        found = one if isinstance(one, dict) else {"text": one}
        text = FOLDERS.sub("", words.plain(found.get("text") or found.get("message") or ""))
        name = str(found.get("scenario") or "")
        said.setdefault(text, []).extend([sentences.quoted(titles.get(name, name))] if name else [])
    told = [
        f"{words.listing(list(dict.fromkeys(whose)))}: {text}" if whose else text
        for text, whose in said.items()
        if text
    ]
    about = (results.manifest.get("place") or {}).get("warnings") or []
    return told + [f"About the place: {words.plain(one)}" for one in dict.fromkeys(map(str, about)) if one]


def limits(results: Results) -> Section:
    """What the report cannot say, in words people understand."""
    manifest = results.manifest
    points = [
        "This is a what-if, not a forecast. It works out what would follow if people behaved as the "
        "assumptions say; "
        "it does not say what will happen. Use it to compare plans, and to ask better questions, not to "
        "promise a number.",
        DEFINITIONS.get(
            str(manifest.get("definition")), "The definition of inactive is not recorded in this folder."
        ),
        _sample(results),
        _chance(results),
        _held(results),
        *influence(manifest.get("parameters") or {}),
        "Activity is what people would report in a survey, not what a device would measure.",
        *_place(results),
        *warnings(results),
    ]
    lead = ["Read this before you quote a figure."]
    return Section("limits", "What it cannot tell", lead, [Text([p for p in points if p], "points")])


def _held(results: Results) -> str:
    """What the ranges hold, and what not."""
    if results.sets > 1:
        return (
            f"The ranges hold chance and, over {in_words(results.manifest.get('parameters') or {})}, doubt about the "
            "model's numbers. Doubt about its rules, and numbers that are not varied, are not in them."
        )
    return (
        "The ranges show chance only: what differs from run to run with the same assumptions. They do not show how wrong "
        "the assumptions may be."
    )


def _sample(results: Results) -> str:
    sample, residents = results.manifest.get("sample"), results.manifest.get("residents")
    who = f"{words.number(float(residents))} " if isinstance(residents, int | float) else ""
    if not isinstance(sample, int | float):
        return ""
    if sample >= 1:
        return (
            f"All {who}residents are simulated; the people are invented so that each neighbourhood's "
            f"totals hold."
        )
    return (
        f"A sample of {words.percent(sample, 0 if sample >= 0.01 else 1)} of the residents stands for all "
        f"of them; the people "
        "are invented so that each neighbourhood's totals hold."
    )


def _chance(results: Results) -> str:
    runs = int(results.manifest.get("replicates") or 1)
    plan = verdicts.featured_plan(results)
    effect = results.effect(plan, "inactive") if plan else None
    if runs < 2 or effect is None or not effect.ranged:
        return "Each plan was run once, so nothing here can be told from none: run at least 8 replicates."
    half = (effect.chance_high - effect.chance_low) / 2
    more = runs_needed(runs)
    if half == 0:
        return f"Each plan was run {runs} times, paired with {results.against} on the same luck; no run differed."
    return (
        f"Each plan was run {runs} times, paired with {results.against} on the same luck. That leaves chance of ±"
        f"{words.size(half)} points around the effect of {sentences.quoted(plan.title if plan else '')} on "
        f"inactivity; "
        f"a range half as wide needs {more} runs."
    )


def _place(results: Results) -> list[str]:
    about = {**results.place, **(results.manifest.get("place") or {})}
    out = []
    if about.get("synthetic"):
        out.append(
            f"The geography of {results.place_title} is synthetic: neighbourhoods were generated from the "
            f"district's "
            "published figures, so no shape on the map is a real neighbourhood."
        )
    assets = [a for a in results.place.get("assets") or [] if isinstance(a, dict)]
    made = sum(bool(a.get("synthetic")) for a in assets)
    if made:
        kinds = sorted(
            {
                words.humanise(a.get("kind", "")).lower().replace("gp ", "GP ")
                for a in assets
                if a.get("synthetic")
            }
        )
        count = (
            f"{words.number(made)} of {words.number(len(assets))}"
            if made < len(assets)
            else f"All {words.number(made)}"
        )
        out.append(
            f"{count} places to be active in are synthetic, put where "
            f"need and national counts suggest: {words.listing(kinds)}."
        )
    return out


def reproduce(results: Results) -> Section:
    """The command, seeds, versions and digests that make the same numbers again."""
    manifest = results.manifest
    command = words.plain(manifest.get("command") or "")
    command = f"python {command}" if command.startswith("run.py ") else command
    runs = int(manifest.get("replicates") or 1)
    facts: list[tuple[str, str]] = [
        (
            "Everystep",
            f"{manifest.get('everystep_version', '–')} (commit {program.commit_words(manifest)})",
        ),
        ("Made", str(manifest.get("created") or "–")),
        ("Seed", f"{manifest.get('seed', '–')}, replicates 0 to {runs - 1}"),
        ("Place", f"{results.place_title}: {words.listing(_sources(results)) or 'sources not recorded'}"),
        ("Licence of the place's data", str((manifest.get("place") or {}).get("licence") or "not recorded")),
        ("Time taken", _duration(manifest.get("seconds"))),
        ("Parameters, fingerprint", str((manifest.get("parameters") or {}).get("digest") or "–")),
        ("Packages", ", ".join(f"{k} {v}" for k, v in (manifest.get("packages") or {}).items()) or "–"),
    ]
    facts += [
        (f"Scenario {plan.title}, fingerprint", plan.digest)
        for plan in (results.baseline, *results.plans)
        if plan.digest
    ]
    facts += _outside(manifest)
    rows = [[Cell(words.plain(name), "name"), Cell(words.plain(value), "text")] for name, value in facts]
    parts: list[Any] = [Text([command], "command")] if command else []
    parts.append(Table("What was run", ["What", "Which"], rows))
    return Section(
        "reproduce",
        "How to make it again",
        ["The same command with the same version gives the same numbers."],
        parts,
    )


_OUTSIDE = (("plugins", "Type of intervention"), ("outcomes", "Outcome"), ("acts", "Act of the week"))


def _outside(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """What came from outside the project, with its file and fingerprint."""
    return [
        (f"{kind} from outside, {name}",
         ", ".join(filter(None, [one.get("meaning"), Path(str(one["file"])).name if one.get("file") else "",
                                 one.get("digest")])))
        for key, kind in _OUTSIDE for name, one in manifest.get(key, {}).items()
    ]  # fmt: skip


def cite(results: Results) -> Section:
    """How to cite the program, this result, and the data of the place."""
    sources = _sources(results)
    data = [f"Data of the place: {'; '.join(sources).rstrip('.')}."] if sources else []
    licence = (results.manifest.get("place") or {}).get("licence")
    data += [f"Their licence: {words.plain(licence).rstrip('.')}."] if licence else []
    lead = "Cite the version and the commit: another version may give other numbers."
    parts: list[Any] = [
        Text([citation.sentence(results)], "command"),
        Text(data),
        Fold("For a reference manager (BibTeX)", [Text([citation.bibtex(results)], "command")]),
    ]
    return Section("cite", "How to cite it", [lead], parts)


def _sources(results: Results) -> list[str]:
    about = {**results.place, **(results.manifest.get("place") or {})}
    sources = about.get("sources") or []
    return [words.plain(s) for s in sources] if isinstance(sources, list) else [words.plain(sources)]


def _duration(seconds: Any) -> str:
    if not isinstance(seconds, int | float) or not math.isfinite(seconds):
        return "–"
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"
